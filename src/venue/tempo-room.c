/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A room's working state: where each request stands, what each guest has here, what sounds.
 * Everything that changes it goes through the few functions at the end, so that the lists, the
 * counts and the marks of what must be told never disagree. */
#include "venue/tempo-room-private.h"
#include "venue/tempo-trash-private.h"

#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "model/tempo-rules.h"

G_DEFINE_TYPE (TempoRoom, tempo_room, G_TYPE_OBJECT)

static void
free_slot (gpointer data)
{
  g_autofree TempoSlot *slot = data;

  g_clear_object (&slot->request);
  g_clear_pointer (&slot->song_key, g_free);
}

static void
free_part (gpointer data)
{
  g_autofree TempoPart *part = data;

  g_clear_pointer (&part->mine, g_ptr_array_unref);
  g_clear_pointer (&part->votes, g_hash_table_unref);
}

static gboolean
is_live (TempoRequestStatus status)
{
  return status == TEMPO_REQUEST_PENDING || status == TEMPO_REQUEST_APPROVED || status == TEMPO_REQUEST_PLAYING;
}

static gboolean
is_served (TempoRequestStatus status)
{
  return status == TEMPO_REQUEST_PLAYING || status == TEMPO_REQUEST_PLAYED;
}

/* The list a request of @status stands in; the playing one stands in none. */
static GPtrArray *
get_list (TempoRoom *self,
          TempoRequestStatus status)
{
  switch (status)
    {
    case TEMPO_REQUEST_PENDING:
      return self->inbox;
    case TEMPO_REQUEST_APPROVED:
      return self->queue;
    case TEMPO_REQUEST_PLAYING:
      return NULL;
    case TEMPO_REQUEST_PLAYED:
    case TEMPO_REQUEST_DECLINED:
    case TEMPO_REQUEST_WITHDRAWN:
    case TEMPO_REQUEST_EXPIRED:
    case TEMPO_REQUEST_FAILED:
      return self->history;
    default:
      g_return_val_if_reached (NULL);
    }
}

static TempoDirty
get_mark (TempoRoom *self,
          GPtrArray *list)
{
  if (list == self->inbox)
    return TEMPO_DIRTY_INBOX;
  if (list == self->queue)
    return TEMPO_DIRTY_QUEUE;

  return list == self->history ? TEMPO_DIRTY_HISTORY : TEMPO_DIRTY_NOW;
}

static gboolean
find_last (GPtrArray *list,
           gpointer item,
           guint *index)
{
  for (guint i = list->len; i > 0; i--)
    if (list->pdata[i - 1] == item)
      {
        *index = i - 1;
        return TRUE;
      }

  return FALSE;
}

/* The inbox is by age; one that returns to it finds its old place. */
static void
insert_by_age (GPtrArray *list,
               TempoRequest *request)
{
  guint i = list->len;

  while (i > 0)
    {
      TempoRequest *before = g_ptr_array_index (list, i - 1);

      if (before->created_at < request->created_at
          || (before->created_at == request->created_at && g_strcmp0 (before->id, request->id) < 0))
        break;
      i--;
    }
  g_ptr_array_insert (list, (int) i, g_object_ref (request));
}

static void
trim_history (TempoRoom *self)
{
  while (self->history->len > TEMPO_ROOM_MAX_HISTORY)
    {
      TempoRequest *oldest = g_ptr_array_index (self->history, 0);

      g_hash_table_remove (self->slots, oldest->id);
      g_ptr_array_remove_index (self->history, 0);
    }
}

static void
enter_list (TempoRoom *self,
            TempoRequest *request)
{
  GPtrArray *list = get_list (self, request->status);

  self->dirty |= get_mark (self, list);
  if (list == NULL)
    return;

  if (list == self->inbox)
    insert_by_age (list, request);
  else
    g_ptr_array_add (list, g_object_ref (request));

  if (list == self->queue)
    tempo_room_note_entered (self, request);
  if (list == self->history)
    trim_history (self);
}

static void
leave_list (TempoRoom *self,
            TempoRequest *request,
            TempoRequestStatus next)
{
  GPtrArray *list = get_list (self, request->status);
  guint index;

  self->dirty |= get_mark (self, list);
  if (list == NULL || !find_last (list, request, &index))
    return;

  g_ptr_array_remove_index (list, index);
  if (list != self->queue)
    return;

  tempo_room_note_left (self, request, next == TEMPO_REQUEST_PLAYING);
  if (g_strcmp0 (self->locked_id, request->id) == 0)
    g_clear_pointer (&self->locked_id, g_free);
}

static void
swap_in_list (TempoRoom *self,
              TempoRequest *before,
              TempoRequest *after)
{
  GPtrArray *list = get_list (self, after->status);
  guint index;

  self->dirty |= get_mark (self, list);
  if (list == NULL || !find_last (list, before, &index))
    return;

  list->pdata[index] = g_object_ref (after);
  if (list == self->queue)
    tempo_room_note_changed (self, before, after);
  g_object_unref (before);
}

/* Which request a second wish for the same song meets. */
static void
index_song (TempoRoom *self,
            TempoSlot *slot)
{
  const char *there;

  if (slot->song_key == NULL || *slot->song_key == '\0')
    return;

  if (is_live (slot->request->status))
    {
      g_hash_table_insert (self->live, g_strdup (slot->song_key), g_strdup (slot->request->id));
      return;
    }

  there = g_hash_table_lookup (self->live, slot->song_key);
  if (g_strcmp0 (there, slot->request->id) == 0)
    g_hash_table_remove (self->live, slot->song_key);
}

static void
swap_mine (TempoPart *part,
           TempoRequest *before,
           TempoRequest *after)
{
  guint index;

  if (!find_last (part->mine, before, &index))
    return;

  part->mine->pdata[index] = g_object_ref (after);
  g_object_unref (before);
}

static void
update_part (TempoRoom *self,
             TempoRequest *before,
             TempoRequest *after)
{
  TempoPart *part;

  if (after->guest_id == NULL)
    return;

  part = tempo_room_ensure_part (self, after->guest_id);
  if (before != NULL)
    {
      swap_mine (part, before, after);
    }
  else
    {
      g_ptr_array_add (part->mine, g_object_ref (after));
      if (part->mine->len > TEMPO_ROOM_MAX_MINE)
        g_ptr_array_remove_index (part->mine, 0);
      part->asked++;
    }

  if (before != NULL && is_served (before->status) && !is_served (after->status) && part->served > 0)
    part->served--;
  if (is_served (after->status) && (before == NULL || !is_served (before->status)))
    part->served++;

  tempo_room_touch_guest (self, after->guest_id);
}

static void
tempo_room_dispose (GObject *object)
{
  TempoRoom *self = (TempoRoom *) object;

  g_clear_pointer (&self->player, tempo_player_free);

  G_OBJECT_CLASS (tempo_room_parent_class)->dispose (object);
}

static void
clear_caches (TempoRoom *self)
{
  g_clear_pointer (&self->shared_state, g_bytes_unref);
  g_clear_pointer (&self->display_state, g_bytes_unref);
  g_clear_pointer (&self->staff_state, g_bytes_unref);
  g_clear_object (&self->view);
  g_clear_pointer (&self->view_queue, g_ptr_array_unref);
  g_clear_pointer (&self->view_inbox, g_ptr_array_unref);
  g_clear_pointer (&self->view_guests, g_ptr_array_unref);
}

static void
tempo_room_finalize (GObject *object)
{
  TempoRoom *self = (TempoRoom *) object;

  clear_caches (self);
  g_clear_pointer (&self->join_key, g_free);
  g_clear_pointer (&self->join_json, g_free);
  g_clear_pointer (&self->pending, tempo_room_change_free);
  g_queue_clear_full (&self->undo, (GDestroyNotify) tempo_undo_free);
  g_clear_object (&self->info);
  g_clear_object (&self->event);
  g_clear_object (&self->now);
  g_clear_object (&self->shown_info);
  g_clear_object (&self->shown_event);
  g_clear_object (&self->shown_now);
  g_clear_pointer (&self->music_folder, g_free);
  g_clear_pointer (&self->filler_folder, g_free);
  g_clear_pointer (&self->mpd_password, g_free);
  g_clear_pointer (&self->slots, g_hash_table_unref);
  g_clear_pointer (&self->live, g_hash_table_unref);
  g_clear_pointer (&self->plays, g_hash_table_unref);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  g_clear_pointer (&self->parts, g_hash_table_unref);
  g_clear_pointer (&self->shown_parts, g_hash_table_unref);
  g_clear_pointer (&self->touched, g_hash_table_unref);
  g_clear_pointer (&self->moved, g_hash_table_unref);
  g_clear_pointer (&self->fresh, g_array_unref);
  g_clear_pointer (&self->queue, g_ptr_array_unref);
  g_clear_pointer (&self->inbox, g_ptr_array_unref);
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_clear_pointer (&self->shown_queue, g_ptr_array_unref);
  g_clear_pointer (&self->shown_inbox, g_ptr_array_unref);
  g_clear_pointer (&self->shown_history, g_ptr_array_unref);
  g_clear_pointer (&self->locked_id, g_free);
  g_clear_pointer (&self->saved_lock, g_free);
  g_clear_pointer (&self->shown_locked, g_free);
  g_clear_pointer (&self->watches, g_array_unref);
  g_clear_pointer (&self->viewers, g_ptr_array_unref);

  G_OBJECT_CLASS (tempo_room_parent_class)->finalize (object);
}

static void
tempo_room_class_init (TempoRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tempo_room_dispose;
  object_class->finalize = tempo_room_finalize;
}

/* What belongs to an event. */
static void
make_tables (TempoRoom *self)
{
  self->slots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_slot);
  self->live = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->parts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_part);
  self->queue = g_ptr_array_new_with_free_func (g_object_unref);
  self->inbox = g_ptr_array_new_with_free_func (g_object_unref);
  self->history = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
tempo_room_init (TempoRoom *self)
{
  make_tables (self);
  self->plays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->shown_parts = tempo_room_make_shown_parts ();
  self->touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->moved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->fresh = tempo_room_make_fresh ();
  self->shown_queue = g_ptr_array_new_with_free_func (g_object_unref);
  self->shown_inbox = g_ptr_array_new_with_free_func (g_object_unref);
  self->shown_history = g_ptr_array_new_with_free_func (g_object_unref);
  self->watches = g_array_new (FALSE, TRUE, sizeof (TempoRoomWatch));
  self->viewers = g_ptr_array_new ();
  g_queue_init (&self->undo);
}

/**
 * tempo_room_new:
 * @venue: its organization
 *
 * Returns: (transfer full): an empty room; tempo_room_take() fills it
 */
TempoRoom *
tempo_room_new (TempoVenue *venue)
{
  TempoRoom *self = g_object_new (TEMPO_TYPE_ROOM, NULL);

  self->venue = venue;
  /* Grows over restarts too, so that a phone never takes a new state for an old one. */
  self->revision = (guint64) (tempo_venue_now (venue) / 1000);
  self->player = tempo_player_new (self);

  return self;
}

static GPtrArray *
get_list_of (TempoRoom *self,
             const char *request_id)
{
  TempoSlot *slot = tempo_room_find_slot (self, request_id);

  return slot != NULL ? get_list (self, slot->request->status) : NULL;
}

/* Requests, guests' parts and votes as the file has them. */
static void
take_event (TempoRoom *self,
            TempoLoadedRoom *loaded)
{
  for (guint i = 0; i < loaded->requests->len; i++)
    {
      TempoLoadedRequest *item = g_ptr_array_index (loaded->requests, i);

      tempo_room_add (self, g_object_ref (item->request), item->song_key);
    }

  for (guint i = 0; i + 1 < loaded->votes->len; i += 2)
    {
      TempoPart *part = tempo_room_ensure_part (self, g_ptr_array_index (loaded->votes, i));

      g_hash_table_add (part->votes, g_strdup (g_ptr_array_index (loaded->votes, i + 1)));
    }
}

/**
 * tempo_room_take:
 * @self: a room
 * @loaded: what the file says of it; its hash tables are taken over
 *
 * Replaces the working state.
 */
void
tempo_room_take (TempoRoom *self,
                 TempoLoadedRoom *loaded)
{
  GHashTableIter iter;
  gpointer guest_id, part;

  tempo_room_forget_event (self);
  g_set_object (&self->info, loaded->info);
  g_set_object (&self->event, loaded->event);
  self->wifi_shown = loaded->wifi_shown;
  self->filler = loaded->filler;
  g_clear_pointer (&self->music_folder, g_free);
  g_clear_pointer (&self->filler_folder, g_free);
  self->music_folder = g_steal_pointer (&loaded->music_folder);
  self->filler_folder = g_steal_pointer (&loaded->filler_folder);
  g_clear_pointer (&self->plays, g_hash_table_unref);
  self->plays = g_steal_pointer (&loaded->plays);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  self->settings = g_steal_pointer (&loaded->settings);

  take_event (self, loaded);
  g_clear_pointer (&self->saved_lock, g_free);
  self->saved_lock = g_strdup (loaded->next_id);
  if (get_list_of (self, loaded->next_id) == self->queue)
    tempo_room_lock (self, loaded->next_id);
  g_hash_table_iter_init (&iter, self->parts);
  while (g_hash_table_iter_next (&iter, &guest_id, &part))
    {
      TempoPart *counts = part;

      counts->asked = GPOINTER_TO_UINT (g_hash_table_lookup (loaded->asked, guest_id));
      counts->served = GPOINTER_TO_UINT (g_hash_table_lookup (loaded->served, guest_id));
      tempo_room_touch_guest (self, guest_id);
    }
  tempo_room_resort (self);
  tempo_room_mark (self, TEMPO_DIRTY_ALL);
}

/**
 * tempo_room_stop:
 * @self: a room
 *
 * Silence; nobody is told anything any more.
 */
void
tempo_room_stop (TempoRoom *self)
{
  if (self->view_source != NULL)
    g_source_destroy (self->view_source);
  g_clear_pointer (&self->view_source, g_source_unref);
  g_clear_pointer (&self->player, tempo_player_free);
  g_array_set_size (self->watches, 0);
  g_ptr_array_set_size (self->viewers, 0);
}

/**
 * tempo_room_find_slot:
 * @self: a room
 * @request_id: (nullable): an id
 *
 * Returns: (transfer none) (nullable): the request's working state
 */
TempoSlot *
tempo_room_find_slot (TempoRoom *self,
                      const char *request_id)
{
  return request_id != NULL ? g_hash_table_lookup (self->slots, request_id) : NULL;
}

/**
 * tempo_room_find_part:
 * @self: a room
 * @guest_id: (nullable): an id
 *
 * Returns: (transfer none) (nullable): what the guest has here
 */
TempoPart *
tempo_room_find_part (TempoRoom *self,
                      const char *guest_id)
{
  return guest_id != NULL ? g_hash_table_lookup (self->parts, guest_id) : NULL;
}

/**
 * tempo_room_ensure_part:
 * @self: a room
 * @guest_id: an id
 *
 * Returns: (transfer none): what the guest has here, empty when it just came
 */
TempoPart *
tempo_room_ensure_part (TempoRoom *self,
                        const char *guest_id)
{
  TempoPart *part = g_hash_table_lookup (self->parts, guest_id);

  if (part != NULL)
    return part;

  part = g_new0 (TempoPart, 1);
  part->mine = g_ptr_array_new_with_free_func (g_object_unref);
  part->votes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (self->parts, g_strdup (guest_id), part);

  return part;
}

/**
 * tempo_room_add:
 * @self: a room
 * @request: (transfer full): a new request
 * @song_key: its song's key
 *
 * Gives it its place.
 */
void
tempo_room_add (TempoRoom *self,
                TempoRequest *request,
                const char *song_key)
{
  TempoSlot *slot = g_new0 (TempoSlot, 1);

  slot->request = request;
  slot->song_key = g_strdup (song_key);
  g_hash_table_insert (self->slots, g_strdup (request->id), slot);
  index_song (self, slot);
  update_part (self, NULL, request);
  enter_list (self, request);
}

/**
 * tempo_room_adopt:
 * @self: a room
 * @slot: where a request is kept
 * @request: the same request but for its turn, already in the queue
 *
 * The order writes a song's turn by replacing it; everything else must hold the same object. Nobody is told of a turn.
 */
void
tempo_room_adopt (TempoRoom *self,
                  TempoSlot *slot,
                  TempoRequest *request)
{
  TempoPart *part = tempo_room_find_part (self, request->guest_id);

  if (part != NULL)
    swap_mine (part, slot->request, request);
  g_set_object (&slot->request, request);
}

/**
 * tempo_room_replace:
 * @self: a room
 * @request: (transfer full): a changed copy of one that is here
 *
 * Moves it to where its state belongs, without writing anything.
 */
void
tempo_room_replace (TempoRoom *self,
                    TempoRequest *request)
{
  g_autoptr (TempoRequest) after = request;
  g_autoptr (TempoRequest) before = NULL;
  TempoSlot *slot = g_hash_table_lookup (self->slots, after->id);

  g_return_if_fail (slot != NULL);

  before = slot->request;
  slot->request = g_object_ref (after);
  index_song (self, slot);
  update_part (self, before, after);
  if (get_list (self, before->status) == get_list (self, after->status))
    {
      swap_in_list (self, before, after);
    }
  else
    {
      leave_list (self, before, after->status);
      enter_list (self, after);
    }

  if (self->now != NULL && self->now->request == before)
    tempo_room_set_now (self, tempo_now_playing_new (self->now->song,
                                                     after->status == TEMPO_REQUEST_PLAYING
                                                       ? after : NULL,
                                                     self->now->position_ms, self->now->as_of,
                                                     self->now->playing));
}

/**
 * tempo_room_change:
 * @self: a room
 * @request: (transfer full): a changed copy of one that is here
 *
 * Moves it to where its state belongs and writes its row.
 */
void
tempo_room_change (TempoRoom *self,
                   TempoRequest *request)
{
  tempo_batch_add (tempo_venue_write (self->venue), "request-update", "ssssiiiiissiii", request->id,
                   tempo_request_status_to_string (request->status), request->name, request->message,
                   (gint64) request->message_shown, (gint64) request->pinned, request->rank,
                   (gint64) request->votes, (gint64) request->turn, request->reason_code, request->reason_text,
                   request->decided_at, request->started_at, request->ended_at);
  tempo_room_replace (self, request);
}

/**
 * tempo_room_touch_guest:
 * @self: a room
 * @guest_id: (nullable): an id
 *
 * Its own part changed: its phones will be told.
 */
void
tempo_room_touch_guest (TempoRoom *self,
                        const char *guest_id)
{
  if (guest_id == NULL)
    return;

  self->dirty |= TEMPO_DIRTY_GUESTS;
  if (!g_hash_table_contains (self->touched, guest_id))
    g_hash_table_add (self->touched, g_strdup (guest_id));
}

/**
 * tempo_room_mark:
 * @self: a room
 * @dirty: what changed
 *
 * The next commit tells of it.
 */
void
tempo_room_mark (TempoRoom *self,
                 TempoDirty dirty)
{
  self->dirty |= dirty;
}

/**
 * tempo_room_set_now:
 * @self: a room
 * @now: (transfer full) (nullable): what sounds
 *
 * The next song is locked from here on, or free again.
 */
void
tempo_room_set_now (TempoRoom *self,
                    TempoNowPlaying *now)
{
  g_clear_object (&self->now);
  self->now = now;
  self->unsorted = TRUE;
  tempo_room_mark (self, TEMPO_DIRTY_NOW);
}

char *
tempo_room_write_sources (TempoRoomInfo *info)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_array (json, NULL);
  for (guint i = 0; info->sources[i] != NULL; i++)
    tempo_json_string (json, NULL, info->sources[i]);
  tempo_json_end_array (json);

  return g_strdup (tempo_json_peek (json, NULL));
}

/**
 * tempo_room_write:
 * @self: a room
 *
 * Writes the room's row.
 */
void
tempo_room_write (TempoRoom *self)
{
  TempoRoomInfo *info = self->info;
  g_autofree char *sources = tempo_room_write_sources (info);

  tempo_batch_add (tempo_venue_write (self->venue), "room-update", "ssssdssiisisssi", info->id,
                   info->name, info->source,
                   tempo_switch_to_string (info->switch_state), info->volume, info->wifi_ssid,
                   info->wifi_password,
                   (gint64) info->wifi_hidden, (gint64) self->wifi_shown, info->announcement,
                   (gint64) self->filler,
                   self->music_folder, self->filler_folder, sources, (gint64) info->fallback_seconds);
  tempo_room_mark (self, TEMPO_DIRTY_ROOM);
}

/**
 * tempo_room_write_event:
 * @self: a room
 * @event: an event of it, changed
 *
 * Writes the event's row.
 */
void
tempo_room_write_event (TempoRoom *self,
                        TempoEvent *event)
{
  g_autofree char *rules = tempo_rules_to_text (event->rules);

  tempo_batch_add (tempo_venue_write (self->venue), "event-update", "ssssiiii", event->id, event->name,
                   tempo_event_state_to_string (event->state), rules, event->starts_at, event->started_at,
                   event->last_call_at, event->ended_at);
  tempo_room_mark (self, TEMPO_DIRTY_EVENT);
}

/**
 * tempo_room_forget_event:
 * @self: a room
 *
 * Empties everything that belongs to an event. The song that sounds goes on without its request.
 */
void
tempo_room_forget_event (TempoRoom *self)
{
  g_clear_object (&self->event);
  tempo_trash_array (self->queue);
  tempo_trash_array (self->inbox);
  tempo_trash_array (self->history);
  tempo_trash_table (self->slots);
  tempo_trash_table (self->live);
  tempo_trash_table (self->parts);
  make_tables (self);
  g_hash_table_remove_all (self->touched);
  g_queue_clear_full (&self->undo, (GDestroyNotify) tempo_undo_free);
  g_queue_init (&self->undo);
  g_clear_pointer (&self->locked_id, g_free);
  g_hash_table_remove_all (self->moved);
  g_array_set_size (self->fresh, 0);
  self->forget_parts = TRUE;
  tempo_room_mark (self, TEMPO_DIRTY_ALL);
}

/**
 * tempo_room_note_play:
 * @self: a room
 * @song_key: a song
 * @at: when it began
 *
 * For "no repeat within".
 */
void
tempo_room_note_play (TempoRoom *self,
                      const char *song_key,
                      gint64 at)
{
  gint64 *when;

  if (song_key == NULL || *song_key == '\0')
    return;

  when = g_new (gint64, 1);
  *when = at;
  g_hash_table_insert (self->plays, g_strdup (song_key), when);
}
