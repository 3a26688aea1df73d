/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way from the working state to the shown one. When a turn is sent, what it will make visible is
 * computed once, as differences; when it is durable, they are applied, and those who watch are told
 * with bytes serialized once. */
#include "venue/tempo-room-private.h"
#include "venue/tempo-usage-private.h"

#include "model/tempo-room-view.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-trash-private.h"
#include "venue/tempo-viewer-private.h"

/* A screen needs no more than its frames; a commit every millisecond must not cost a view each. */
#define VIEW_INTERVAL_MS 16

static void
free_shown_part (gpointer data)
{
  g_autofree TempoShownPart *part = data;

  g_clear_object (&part->guest);
  g_clear_pointer (&part->mine, g_ptr_array_unref);
  g_clear_pointer (&part->votes, g_hash_table_unref);
}

/**
 * tempo_room_make_shown_parts:
 *
 * Returns: (transfer full): an empty table of guests' parts as readers see them
 */
GHashTable *
tempo_room_make_shown_parts (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_shown_part);
}

static gpointer
ref_item (gconstpointer item,
          gpointer user_data)
{
  return g_object_ref ((gpointer) item);
}

static GPtrArray *
copy_list (GPtrArray *list)
{
  GPtrArray *copy = g_ptr_array_copy (list, ref_item, NULL);

  return copy;
}

static GPtrArray *
reverse_list (GPtrArray *list)
{
  GPtrArray *copy = g_ptr_array_new_full (list->len, g_object_unref);

  for (guint i = list->len; i > 0; i--)
    g_ptr_array_add (copy, g_object_ref (list->pdata[i - 1]));

  return copy;
}

/* Votes for what is over are of no use to anyone. */
static GHashTable *
copy_votes (TempoRoom *self,
            GHashTable *votes)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, votes);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      TempoSlot *slot = tempo_room_find_slot (self, id);

      if (slot == NULL || slot->request->ended_at != 0)
        continue;
      g_hash_table_add (copy, g_strdup (id));
    }

  return copy;
}

static TempoShownPart *
make_shown_part (TempoRoom *self,
                 TempoGuest *guest,
                 TempoPart *part)
{
  TempoShownPart *shown = g_new0 (TempoShownPart, 1);

  shown->guest = tempo_guest_copy (guest);
  shown->guest->asked = part->asked;
  shown->guest->served = part->served;
  shown->mine = copy_list (part->mine);
  shown->votes = copy_votes (self, part->votes);

  return shown;
}

static void
collect_parts (TempoRoom *self,
               TempoRoomChange *change)
{
  GHashTableIter iter;
  gpointer guest_id, shown;

  if (self->forget_parts)
    {
      g_hash_table_iter_init (&iter, self->shown_parts);
      while (g_hash_table_iter_next (&iter, NULL, &shown))
        g_ptr_array_add (change->touched, g_strdup (((TempoShownPart *) shown)->guest->token_digest));
    }

  g_hash_table_iter_init (&iter, self->touched);
  while (g_hash_table_iter_next (&iter, &guest_id, NULL))
    {
      TempoGuest *guest = tempo_venue_find_guest (self->venue, guest_id);
      TempoPart *part = tempo_room_find_part (self, guest_id);

      if (guest == NULL || part == NULL)
        continue;
      g_hash_table_insert (change->parts, g_strdup (guest_id), make_shown_part (self, guest, part));
      g_ptr_array_add (change->touched, g_strdup (guest->token_digest));
    }
}

static void
apply_delta (TempoDelta *delta,
             GPtrArray *list,
             GPtrArray **view_list)
{
  if (delta == NULL)
    return;

  tempo_delta_apply (delta, list);
  g_clear_pointer (view_list, g_ptr_array_unref);
}

static void
apply_parts (TempoRoom *self,
             TempoRoomChange *change)
{
  GPtrArray *old = g_ptr_array_new_with_free_func (free_shown_part);
  GHashTableIter iter;
  gpointer guest_id, part;

  if (change->forget_parts)
    {
      tempo_trash_table (self->shown_parts);
      self->shown_parts = tempo_room_make_shown_parts ();
    }

  g_hash_table_iter_init (&iter, change->parts);
  while (g_hash_table_iter_next (&iter, &guest_id, &part))
    {
      gpointer old_id, old_part;

      g_hash_table_iter_steal (&iter);
      if (g_hash_table_steal_extended (self->shown_parts, guest_id, &old_id, &old_part))
        {
          g_free (old_id);
          g_ptr_array_add (old, old_part);
        }
      g_hash_table_insert (self->shown_parts, guest_id, part);
    }
  /* Each holds the songs of its guest as they were. */
  tempo_trash_array (old);
  if (change->dirty & TEMPO_DIRTY_GUESTS)
    g_clear_pointer (&self->view_guests, g_ptr_array_unref);
}

static void
drop_caches (TempoRoom *self)
{
  g_clear_pointer (&self->shared_state, g_bytes_unref);
  g_clear_pointer (&self->display_state, g_bytes_unref);
  g_clear_pointer (&self->staff_state, g_bytes_unref);
  g_clear_object (&self->view);
}

/* Those who are told may stop watching, or start, while they are told. */
static void
tell_watchers (TempoRoom *self,
               TempoRoomChange *change)
{
  g_autoptr (GBytes) guests = NULL;
  g_autoptr (GBytes) staff = NULL;
  g_autoptr (GArray) watches = NULL;

  if (self->watches->len == 0)
    return;

  tempo_room_write_change (self, change, &guests, &staff);
  watches = g_array_copy (self->watches);
  for (guint i = 0; i < watches->len; i++)
    {
      TempoRoomWatch *watch = &g_array_index (watches, TempoRoomWatch, i);

      watch->func (self, self->revision, guests, staff, change->touched, watch->user_data);
    }
}

static gboolean
show_viewers_cb (gpointer user_data)
{
  TempoRoom *self = user_data;
  g_autoptr (TempoRoomView) view = tempo_room_get_view (self);

  g_clear_pointer (&self->view_source, g_source_unref);
  self->viewed_at = g_get_monotonic_time ();
  for (guint i = 0; i < self->viewers->len; i++)
    tempo_viewer_show (g_ptr_array_index (self->viewers, i), view);

  return G_SOURCE_REMOVE;
}

static TempoRoomChange *
make_change (TempoRoom *self)
{
  TempoRoomChange *change = g_new0 (TempoRoomChange, 1);

  change->parts = tempo_room_make_shown_parts ();
  change->touched = g_ptr_array_new_with_free_func (g_free);

  return change;
}

static int
compare_last_seen (gconstpointer a,
                   gconstpointer b)
{
  TempoGuest *one = *(TempoGuest **) a;
  TempoGuest *other = *(TempoGuest **) b;

  if (one->last_seen_at != other->last_seen_at)
    return one->last_seen_at > other->last_seen_at ? -1 : 1;

  return g_strcmp0 (one->id, other->id);
}

static GPtrArray *
list_guests (TempoRoom *self)
{
  GPtrArray *guests = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer part;

  g_hash_table_iter_init (&iter, self->shown_parts);
  while (g_hash_table_iter_next (&iter, NULL, &part))
    g_ptr_array_add (guests, g_object_ref (((TempoShownPart *) part)->guest));
  g_ptr_array_sort (guests, compare_last_seen);

  return guests;
}

/**
 * tempo_room_change_free:
 * @change: (transfer full): a change
 *
 * Frees it.
 */
void
tempo_room_change_free (TempoRoomChange *change)
{
  g_clear_pointer (&change->queue, tempo_delta_free);
  g_clear_pointer (&change->inbox, tempo_delta_free);
  g_clear_pointer (&change->history, g_ptr_array_unref);
  g_clear_object (&change->info);
  g_clear_object (&change->event);
  g_clear_object (&change->now);
  g_clear_pointer (&change->locked_id, g_free);
  g_clear_pointer (&change->parts, g_hash_table_unref);
  g_clear_pointer (&change->touched, g_ptr_array_unref);
  g_free (change);
}

/**
 * tempo_room_prepare:
 * @self: a room
 *
 * Its turn is being sent: notes what will be visible once it is durable.
 */
void
tempo_room_prepare (TempoRoom *self)
{
  TempoRoomChange *change;

  g_assert (self->pending == NULL);
  if (self->dirty == 0)
    return;

  tempo_player_review (self->player);

  tempo_room_sort (self);
  /* What guests were told comes next comes next after a power cut too. */
  if (self->now != NULL && g_strcmp0 (self->locked_id, self->saved_lock) != 0)
    tempo_player_save (self->player);
  change = make_change (self);
  change->dirty = self->dirty;
  change->queue = tempo_delta_new (self->shown_queue, self->queue);
  if (self->dirty & TEMPO_DIRTY_INBOX)
    change->inbox = tempo_delta_new (self->shown_inbox, self->inbox);
  if (self->dirty & TEMPO_DIRTY_HISTORY)
    change->history = reverse_list (self->history);
  change->info = g_object_ref (self->info);
  g_set_object (&change->event, self->event);
  g_set_object (&change->now, self->now);
  change->locked_id = g_strdup (self->locked_id);
  change->wifi_shown = self->wifi_shown;
  change->filler = self->filler;
  change->undo_label = self->undo.length > 0 ? ((TempoUndo *) g_queue_peek_head (&self->undo))->label : NULL;
  change->forget_parts = self->forget_parts;
  collect_parts (self, change);

  self->pending = change;
  self->dirty = 0;
  self->forget_parts = FALSE;
  g_hash_table_remove_all (self->touched);
}

/**
 * tempo_room_publish:
 * @self: a room with a prepared change
 *
 * The turn is durable: shows the change and tells those who watch.
 */
void
tempo_room_publish (TempoRoom *self)
{
  TempoRoomChange *change = g_steal_pointer (&self->pending);
  gboolean names_changed = (change->dirty & TEMPO_DIRTY_ROOM) != 0;

  if (self->shown_info == NULL || !g_str_equal (self->shown_info->code, change->info->code))
    tempo_host_add_room (self->venue->host, self, change->info->code);

  apply_delta (change->queue, self->shown_queue, &self->view_queue);
  apply_delta (change->inbox, self->shown_inbox, &self->view_inbox);
  if (change->history != NULL)
    {
      g_clear_pointer (&self->shown_history, g_ptr_array_unref);
      self->shown_history = g_steal_pointer (&change->history);
    }
  g_set_object (&self->shown_info, change->info);
  g_set_object (&self->shown_event, change->event);
  g_set_object (&self->shown_now, change->now);
  g_clear_pointer (&self->shown_locked, g_free);
  self->shown_locked = g_steal_pointer (&change->locked_id);
  self->shown_wifi = change->wifi_shown;
  self->shown_filler = change->filler;
  self->shown_undo = change->undo_label;
  apply_parts (self, change);

  self->revision++;
  drop_caches (self);
  if (names_changed)
    tempo_host_publish_directory (self->venue->host);
  tell_watchers (self, change);
  tempo_room_show_viewers (self);
  tempo_room_change_free (change);
}

/**
 * tempo_room_drop_pending:
 * @self: a room
 *
 * The turn failed: what it would have shown never happened.
 */
void
tempo_room_drop_pending (TempoRoom *self)
{
  g_clear_pointer (&self->pending, tempo_room_change_free);
}

/**
 * tempo_room_tell:
 * @self: a room
 * @dirty: what changed
 *
 * For what is not in the file: health, address. It needs no commit.
 */
void
tempo_room_tell (TempoRoom *self,
                 TempoDirty dirty)
{
  TempoRoomChange *change;

  if (self->shown_info == NULL)
    return;

  change = make_change (self);
  change->dirty = dirty;
  self->revision++;
  drop_caches (self);
  tell_watchers (self, change);
  tempo_room_show_viewers (self);
  tempo_room_change_free (change);
}

/**
 * tempo_room_show_viewers:
 * @self: a room
 *
 * Gives screens a new view soon, unless none looks.
 */
void
tempo_room_show_viewers (TempoRoom *self)
{
  gint64 since;

  if (self->viewers->len == 0 || self->view_source != NULL || self->shown_info == NULL)
    return;

  since = (g_get_monotonic_time () - self->viewed_at) / 1000;
  self->view_source = since >= VIEW_INTERVAL_MS
    ? g_idle_source_new () : g_timeout_source_new ((guint) (VIEW_INTERVAL_MS - since));
  g_source_set_priority (self->view_source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->view_source, show_viewers_cb, self, NULL);
  g_source_attach (self->view_source, self->venue->host->context);
}

/**
 * tempo_room_set_audience:
 * @self: a room
 * @listeners: phones connected now
 * @displays: browser displays connected now
 *
 * Told by the LAN server; only screens of the host care.
 */
void
tempo_room_set_audience (TempoRoom *self,
                         guint listeners,
                         guint displays)
{
  if (self->listeners == listeners && self->displays == displays)
    return;

  self->listeners = listeners;
  tempo_tally_raise (self->venue->tally, "peakListeners", listeners);
  self->displays = displays;
  g_clear_object (&self->view);
  g_clear_pointer (&self->staff_state, g_bytes_unref);
  tempo_room_show_viewers (self);
}

/**
 * tempo_room_get_shown_part:
 * @self: a room
 * @token_digest: (nullable): of a cookie
 *
 * Returns: (transfer none) (nullable): what that guest has here, as shown
 */
TempoShownPart *
tempo_room_get_shown_part (TempoRoom *self,
                           const char *token_digest)
{
  const char *guest_id = token_digest != NULL ? g_hash_table_lookup (self->venue->digests, token_digest) : NULL;

  return guest_id != NULL ? g_hash_table_lookup (self->shown_parts, guest_id) : NULL;
}

/**
 * tempo_room_list_health:
 * @self: a room
 *
 * Returns: (transfer full) (element-type TempoHealth): the health strip
 */
GPtrArray *
tempo_room_list_health (TempoRoom *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_health_free);
  GPtrArray *outside = self->venue->host->health;
  guint level = TEMPO_HEALTH_GOOD;
  const char *source = tempo_player_get_trouble (self->player, &level);
  const char *licence_text;
  const char *quota_text;
  const char *quota = tempo_usage_get_trouble (self->venue, &quota_text);
  const char *licence = tempo_venue_get_licence_trouble (self->venue, &licence_text);
  const char *store = self->venue->trouble != NULL ? self->venue->trouble : self->venue->damage;

  g_ptr_array_add (list, tempo_health_new ("source", level, source));
  if (tempo_player_has_fallen_back (self->player))
    g_ptr_array_add (list, tempo_health_new ("fallback", TEMPO_HEALTH_WARNING, "another source stands in for one that went away"));
  g_ptr_array_add (list, tempo_health_new ("store", store != NULL ? TEMPO_HEALTH_BAD : TEMPO_HEALTH_GOOD, store));
  if (self->venue->backed_up)
    g_ptr_array_add (list, tempo_health_new ("backup", self->venue->no_backup != NULL ? TEMPO_HEALTH_WARNING : TEMPO_HEALTH_GOOD,
                                             self->venue->no_backup));
  if (quota != NULL)
    g_ptr_array_add (list, tempo_health_new (quota, TEMPO_HEALTH_WARNING, quota_text));
  if (licence != NULL)
    g_ptr_array_add (list, tempo_health_new (licence, TEMPO_HEALTH_WARNING, licence_text));
  for (guint i = 0; i < outside->len; i++)
    {
      TempoHealth *line = g_ptr_array_index (outside, i);

      g_ptr_array_add (list, tempo_health_new (line->code, line->level, line->text));
    }

  return list;
}

/* http://192.168.1.20:8080/j/CODE, "" before the server listens. */
char *
tempo_room_make_join_url (TempoRoom *self)
{
  const char *address = self->venue->host->address;

  return address != NULL ? g_strdup_printf ("%s/j/%s", address, self->shown_info->code) : g_strdup ("");
}

/* What somebody types who cannot scan: the address alone while it leads to this room. */
char *
tempo_room_make_join_text (TempoRoom *self)
{
  const char *address = self->venue->host->address;
  const char *scheme = address != NULL ? strstr (address, "://") : NULL;

  if (address == NULL)
    return g_strdup ("");

  address = scheme != NULL ? scheme + 3 : address;
  if (g_hash_table_size (self->venue->host->rooms_by_id) == 1)
    return g_strdup (address);

  return g_strdup_printf ("%s/j/%s", address, self->shown_info->code);
}

/**
 * tempo_room_get_view:
 * @self: a room
 *
 * Returns: (transfer full): everything a screen of the host shows; made once a revision
 */
TempoRoomView *
tempo_room_get_view (TempoRoom *self)
{
  TempoRoomView *view;

  if (self->view != NULL)
    return g_object_ref (self->view);

  if (self->view_queue == NULL)
    self->view_queue = copy_list (self->shown_queue);
  if (self->view_inbox == NULL)
    self->view_inbox = copy_list (self->shown_inbox);
  if (self->view_guests == NULL)
    self->view_guests = list_guests (self);

  view = tempo_room_view_new ();
  g_clear_pointer (&view->queue, g_ptr_array_unref);
  g_clear_pointer (&view->inbox, g_ptr_array_unref);
  g_clear_pointer (&view->history, g_ptr_array_unref);
  g_clear_pointer (&view->guests, g_ptr_array_unref);
  g_clear_pointer (&view->health, g_ptr_array_unref);
  g_clear_pointer (&view->sources, g_ptr_array_unref);
  g_clear_pointer (&view->join_url, g_free);
  g_clear_pointer (&view->join_text, g_free);
  view->revision = self->revision;
  view->organization = g_object_ref (self->venue->organization);
  view->room = g_object_ref (self->shown_info);
  g_set_object (&view->event, self->shown_event);
  g_set_object (&view->now_playing, self->shown_now);
  view->queue = g_ptr_array_ref (self->view_queue);
  view->inbox = g_ptr_array_ref (self->view_inbox);
  view->history = g_ptr_array_ref (self->shown_history);
  view->guests = g_ptr_array_ref (self->view_guests);
  view->health = tempo_room_list_health (self);
  view->sources = tempo_player_list_states (self->player);
  view->join_url = tempo_room_make_join_url (self);
  view->join_text = tempo_room_make_join_text (self);
  view->undo_label = g_strdup (self->shown_undo);
  view->wifi_shown = self->shown_wifi;
  view->filler_folder = g_strdup (self->filler_folder);
  view->listeners = self->listeners;
  view->displays = self->displays;
  view->filler = self->shown_filler;
  view->up_next_filler = self->shown_filler && self->shown_queue->len == 0
    ? tempo_player_peek_filler (self->player) : NULL;
  self->view = view;

  return g_object_ref (view);
}
