/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open organization: its file, its people, its guests and its rooms. */
#include "venue/tempo-venue-private.h"

#include "base/tempo-id.h"
#include "venue/tempo-bulk-private.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-people-private.h"
#include "venue/tempo-room-private.h"
#include "venue/tempo-room-secrets-private.h"
#include "venue/tempo-usage-private.h"

/* A guest's last visit is worth a write only now and then. */
#define SEEN_US (5 * G_TIME_SPAN_MINUTE)

static void
free_display (gpointer data)
{
  g_autofree TempoDisplay *display = data;

  g_clear_pointer (&display->id, g_free);
  g_clear_pointer (&display->room_id, g_free);
  g_clear_pointer (&display->name, g_free);
}

static void
free_answered (gpointer data)
{
  g_autofree TempoAnswered *answered = data;

  g_clear_pointer (&answered->request_id, g_free);
}

static void
take_members (TempoVenue *self,
              TempoLoaded *loaded)
{
  TempoRegistry *registry = self->host->registry;

  g_hash_table_remove_all (self->members);
  for (guint i = 0; i < loaded->members->len; i++)
    {
      TempoMember *member = g_ptr_array_index (loaded->members, i);

      g_clear_pointer (&member->organization_id, g_free);
      member->organization_id = g_strdup (self->organization->id);
      member->super_admin = tempo_registry_is_super_admin (registry, self->organization->id, member->id);
      g_hash_table_insert (self->members, member->id, g_object_ref (member));
    }
}

/* Sessions are newer here than in the file, which hears of their use only now and then. */
static void
take_people (TempoVenue *self,
             TempoLoaded *loaded)
{
  TempoPeople *before = g_steal_pointer (&self->people);

  self->people = g_steal_pointer (&loaded->people);
  if (before == NULL)
    return;

  g_clear_pointer (&self->people->sessions, g_hash_table_unref);
  self->people->sessions = g_hash_table_ref (before->sessions);
  self->people->written_at = before->written_at;
  self->people->managed = before->managed;
  tempo_people_free (before);
}

static void
take_guests (TempoVenue *self,
             TempoLoaded *loaded)
{
  g_hash_table_remove_all (self->guests);
  g_hash_table_remove_all (self->digests);
  g_hash_table_remove_all (self->absent);
  for (guint i = 0; i < loaded->guests->len; i++)
    {
      TempoGuest *guest = g_ptr_array_index (loaded->guests, i);

      g_hash_table_insert (self->guests, guest->id, g_object_ref (guest));
      g_hash_table_insert (self->digests, g_strdup (guest->token_digest), g_strdup (guest->id));
    }
}

static void
take_displays (TempoVenue *self,
               TempoLoaded *loaded)
{
  g_hash_table_remove_all (self->displays);
  for (guint i = 0; i < loaded->displays->len; i++)
    {
      TempoLoadedDisplay *item = g_ptr_array_index (loaded->displays, i);
      TempoDisplay *display = g_new0 (TempoDisplay, 1);

      display->id = g_strdup (item->id);
      display->room_id = g_strdup (item->room_id);
      display->name = g_strdup (item->name);
      g_hash_table_insert (self->displays, g_strdup (item->digest), display);
    }
}

static void
take_scheduled (TempoVenue *self,
                TempoLoaded *loaded)
{
  g_hash_table_remove_all (self->scheduled);
  for (guint i = 0; i < loaded->scheduled->len; i++)
    {
      TempoEvent *event = g_ptr_array_index (loaded->scheduled, i);

      g_hash_table_insert (self->scheduled, event->id, g_object_ref (event));
    }
}

static TempoVenue *
make_venue (TempoHost *host,
            TempoOrganization *organization)
{
  TempoVenue *self = g_new0 (TempoVenue, 1);

  self->host = host;
  self->organization = g_object_ref (organization);
  self->tally = tempo_tally_new ();
  self->tallied_at = tempo_clock_now (host->clock);
  self->rooms = g_ptr_array_new_with_free_func (g_object_unref);
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->guests = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->digests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->absent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->displays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_display);
  self->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->scheduled = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_answered);
  self->keyed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->lookups = g_ptr_array_new_with_free_func (g_object_unref);
  self->unsettled = g_ptr_array_new_with_free_func (g_free);
  g_queue_init (&self->delayed);

  return self;
}

static char *
dup_setting (TempoVenue *self,
             const char *key)
{
  return tempo_settings_dup_text (self->settings, TEMPO_SETTING_OF_ORGANIZATION, key);
}

static void
insert_guest (TempoVenue *self,
              TempoGuest *guest)
{
  gint64 now = tempo_venue_now (self);

  guest->first_seen_at = now;
  guest->last_seen_at = now;
  tempo_batch_add (tempo_venue_write (self), "guest-insert", "sssi", guest->id,
                   guest->token_digest, guest->name, now);
  g_hash_table_insert (self->guests, guest->id, guest);
  g_hash_table_insert (self->digests, g_strdup (guest->token_digest), g_strdup (guest->id));
  g_hash_table_remove (self->absent, guest->token_digest);
}

/* Names on this guest's later songs; those that wait keep theirs unless the guest renames itself. */
static TempoGuest *
refresh_guest (TempoVenue *self,
               TempoGuest *guest,
               const char *name)
{
  gboolean renamed = name != NULL && *name != '\0' && g_strcmp0 (guest->name, name) != 0;
  gint64 now = tempo_venue_now (self);
  TempoGuest *after;

  if (!renamed && now - guest->last_seen_at < SEEN_US)
    return guest;

  after = tempo_guest_copy (guest);
  after->last_seen_at = now;
  if (renamed)
    {
      g_clear_pointer (&after->name, g_free);
      after->name = g_strdup (name);
    }
  tempo_venue_put_guest (self, after);

  return after;
}

/* A code that was planned when Tempo died: its room is in the file, or never will be. What the registry cannot write now is
 * looked at the next time. */
static void
settle_codes (TempoRegistry *registry,
              const char *organization_id,
              TempoLoaded *loaded)
{
  g_autoptr (GPtrArray) codes = tempo_registry_list_planned_codes (registry, organization_id);

  for (guint i = 0; i < codes->len; i++)
    {
      gboolean there = FALSE;

      for (guint j = 0; j < loaded->rooms->len && !there; j++)
        there = g_str_equal (((TempoLoadedRoom *) loaded->rooms->pdata[j])->info->code, codes->pdata[i]);
      tempo_registry_settle_room_code (registry, codes->pdata[i], there, NULL);
    }
}

/**
 * tempo_venue_open:
 * @host: the engine
 * @organization: which one
 * @error: the store's
 *
 * Blocks: worker threads.
 *
 * Returns: (transfer full) (nullable): the organization with its rooms loaded but silent
 */
TempoVenue *
tempo_venue_open (TempoHost *host,
                  TempoOrganization *organization,
                  GError **error)
{
  g_autofree char *path = tempo_registry_get_store_path (host->registry, organization->id);
  g_autoptr (TempoStore) store = tempo_store_open (path, organization->id, error);
  gint64 now = tempo_clock_now (host->clock);
  TempoLoaded *loaded;
  TempoVenue *self;

  /* Also one that cannot be opened has something to say. */
  tempo_logbook_admit (host->logbook, organization->id);
  if (store == NULL)
    return NULL;

  loaded = tempo_store_read (store, tempo_loaded_read, &now, error);
  if (loaded == NULL)
    {
      tempo_store_close (store);
      return NULL;
    }

  settle_codes (host->registry, organization->id, loaded);
  self = make_venue (host, organization);
  self->store = g_steal_pointer (&store);
  self->first_load = loaded;

  return self;
}

/**
 * tempo_venue_enter:
 * @self: an organization that was opened
 *
 * Engine thread: makes the rooms live and continues what was playing.
 */
void
tempo_venue_enter (TempoVenue *self)
{
  gboolean quiet = TRUE;

  tempo_venue_take (self, g_steal_pointer (&self->first_load));

  for (guint i = 0; i < self->rooms->len; i++)
    {
      TempoRoom *room = g_ptr_array_index (self->rooms, i);

      tempo_room_prepare (room);
      tempo_room_publish (room);
      tempo_player_wake (room->player);
      quiet = quiet && room->event == NULL && room->now == NULL;
    }
  tempo_host_log (self->host, self->organization, G_LOG_LEVEL_INFO, "Open (rooms: %u)%s", self->rooms->len,
                  tempo_store_was_unclean (self->store) ? "; it was not closed in order before" : "");
  /* What was needed of it is in memory; whoever comes wakes it. */
  if (quiet && self->turn == NULL)
    tempo_store_rest (self->store);
}

/**
 * tempo_venue_free:
 * @self: (transfer full): an organization whose turns are done
 *
 * Closes the file, unless somebody took that over.
 */
void
tempo_venue_free (TempoVenue *self)
{
  if (self->first_load == NULL)
    tempo_host_log (self->host, self->organization, G_LOG_LEVEL_INFO, "Closed");
  for (guint i = 0; i < self->rooms->len; i++)
    tempo_room_stop (g_ptr_array_index (self->rooms, i));
  if (self->flush != NULL)
    g_source_destroy (self->flush);
  g_clear_pointer (&self->flush, g_source_unref);
  tempo_bulk_cancel (self);
  g_queue_clear_full (&self->delayed, g_object_unref);
  g_clear_pointer (&self->turn, tempo_turn_free);
  g_clear_pointer (&self->first_load, tempo_loaded_free);
  if (self->store != NULL)
    {
      tempo_usage_close (self);
      tempo_store_close (self->store);
    }
  g_clear_object (&self->store);
  g_clear_pointer (&self->rooms, g_ptr_array_unref);
  g_clear_pointer (&self->members, g_hash_table_unref);
  g_clear_pointer (&self->people, tempo_people_free);
  g_clear_pointer (&self->guests, g_hash_table_unref);
  g_clear_pointer (&self->digests, g_hash_table_unref);
  g_clear_pointer (&self->absent, g_hash_table_unref);
  g_clear_pointer (&self->displays, g_hash_table_unref);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  g_clear_pointer (&self->connecting, tempo_actor_unref);
  g_clear_pointer (&self->blocked, tempo_blocked_free);
  g_clear_pointer (&self->scheduled, g_hash_table_unref);
  g_clear_pointer (&self->answers, g_hash_table_unref);
  g_clear_pointer (&self->keyed, g_hash_table_unref);
  g_clear_pointer (&self->lookups, g_ptr_array_unref);
  g_clear_pointer (&self->unsettled, g_ptr_array_unref);
  g_clear_pointer (&self->new_logo, g_free);
  g_clear_pointer (&self->trouble, g_free);
  g_clear_pointer (&self->damage, g_free);
  g_clear_pointer (&self->no_backup, g_free);
  g_clear_pointer (&self->tally, tempo_tally_free);
  g_clear_object (&self->organization);
  g_free (self);
}

static void
take_room (TempoVenue *self,
           TempoLoadedRoom *item)
{
  TempoRoom *room = tempo_venue_find_room (self, item->info->id);
  gboolean fresh = room == NULL;

  if (fresh)
    {
      room = tempo_room_new (self);
      g_ptr_array_add (self->rooms, room);
    }
  tempo_room_take (room, item);
  if (!fresh)
    {
      tempo_player_reconcile (room->player);
      return;
    }

  if (!item->info->active)
    return;
  tempo_player_set_up (room->player);
  tempo_room_load_secrets (room);
  /* The DJ's own music went on while Tempo was away; what Tempo plays itself stood still. */
  if (item->song != NULL && item->playing && !tempo_player_can (room->player, TEMPO_SOURCE_PLAY))
    item->position_ms += MAX (0, (tempo_venue_now (self) - item->as_of) / 1000);
  tempo_player_continue (room->player, item->song, item->playing_id, item->position_ms, item->playing);
}

/**
 * tempo_venue_take:
 * @self: an organization
 * @loaded: (transfer full): what the file says
 *
 * Replaces the working state; what is shown stays until the next publication.
 */
void
tempo_venue_take (TempoVenue *self,
                  TempoLoaded *loaded)
{
  take_members (self, loaded);
  take_people (self, loaded);
  take_guests (self, loaded);
  take_displays (self, loaded);
  take_scheduled (self, loaded);
  g_hash_table_remove_all (self->answers);
  g_hash_table_remove_all (self->keyed);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  self->settings = g_steal_pointer (&loaded->settings);
  self->next_request = loaded->next_request;
  self->next_event = loaded->next_event;
  tempo_venue_obey_settings (self);

  /* A room whose making failed was never shown to anyone. */
  for (guint i = self->rooms->len; i > 0; i--)
    if (((TempoRoom *) g_ptr_array_index (self->rooms, i - 1))->shown_info == NULL)
      g_ptr_array_remove_index (self->rooms, i - 1);
  for (guint i = 0; i < loaded->rooms->len; i++)
    take_room (self, g_ptr_array_index (loaded->rooms, i));
  loaded->settings = g_hash_table_new (NULL, NULL);
  tempo_loaded_free (loaded);
}

/**
 * tempo_venue_find_room:
 * @self: an organization
 * @room: (nullable): id or join code
 *
 * Returns: (transfer none) (nullable): the room
 */
TempoRoom *
tempo_venue_find_room (TempoVenue *self,
                       const char *room)
{
  for (guint i = 0; room != NULL && i < self->rooms->len; i++)
    {
      TempoRoom *candidate = g_ptr_array_index (self->rooms, i);

      if (g_str_equal (candidate->info->id, room) || g_ascii_strcasecmp (candidate->info->code, room) == 0)
        return candidate;
    }

  return NULL;
}

/**
 * tempo_venue_find_username:
 * @self: an organization
 * @username: lower case
 *
 * Nobody signs in to a closed organization.
 *
 * Returns: (transfer none) (nullable): the member
 */
TempoMember *
tempo_venue_find_username (TempoVenue *self,
                           const char *username)
{
  GHashTableIter iter;
  gpointer member;

  g_hash_table_iter_init (&iter, self->members);
  while (self->organization->active && g_hash_table_iter_next (&iter, NULL, &member))
    if (g_strcmp0 (((TempoMember *) member)->username, username) == 0)
      return member;

  return NULL;
}

/**
 * tempo_venue_now:
 * @self: an organization
 *
 * Returns: wall time
 */
gint64
tempo_venue_now (TempoVenue *self)
{
  return tempo_clock_now (self->host->clock);
}

/**
 * tempo_venue_number_request:
 * @self: an organization
 *
 * Numbers are given in memory and saved once a turn: a lost turn gives them again, a durable one never.
 *
 * Returns: (transfer full): ACM-REQ-001
 */
char *
tempo_venue_number_request (TempoVenue *self)
{
  tempo_venue_write (self);
  self->turn->requests_numbered = TRUE;

  return g_strdup_printf ("%s-REQ-%03" G_GINT64_FORMAT, self->organization->code, self->next_request++);
}

/**
 * tempo_venue_number_event:
 * @self: an organization
 *
 * As tempo_venue_number_request().
 *
 * Returns: (transfer full): ACM-EVT-001
 */
char *
tempo_venue_number_event (TempoVenue *self)
{
  tempo_venue_write (self);
  self->turn->events_numbered = TRUE;

  return g_strdup_printf ("%s-EVT-%03" G_GINT64_FORMAT, self->organization->code, self->next_event++);
}

/**
 * tempo_venue_find_guest:
 * @self: an organization
 * @guest_id: (nullable): an id
 *
 * Returns: (transfer none) (nullable): the guest, if it was here since the start or in a running event
 */
TempoGuest *
tempo_venue_find_guest (TempoVenue *self,
                        const char *guest_id)
{
  return guest_id != NULL ? g_hash_table_lookup (self->guests, guest_id) : NULL;
}

/**
 * tempo_venue_find_digest:
 * @self: an organization
 * @token_digest: (nullable): of a cookie
 *
 * Returns: (transfer none) (nullable): the guest
 */
TempoGuest *
tempo_venue_find_digest (TempoVenue *self,
                         const char *token_digest)
{
  return token_digest != NULL ? tempo_venue_find_guest (self,
                                                        g_hash_table_lookup (self->digests,
                                                                             token_digest)) : NULL;
}

/**
 * tempo_venue_ensure_guest:
 * @self: an organization
 * @actor: a guest
 * @name: (nullable): how it wants to be called
 *
 * Whether the guest is new was found out before, by the look-up of actors.
 *
 * Returns: (transfer none): the guest, made when new
 */
TempoGuest *
tempo_venue_ensure_guest (TempoVenue *self,
                          TempoActor *actor,
                          const char *name)
{
  TempoGuest *guest = tempo_venue_find_digest (self, actor->id);
  g_autofree char *friendly = NULL;
  g_autofree char *id = NULL;

  if (guest != NULL)
    return refresh_guest (self, guest, name);

  id = tempo_id_new (self->host->clock);
  friendly = name == NULL || *name == '\0' ? tempo_guest_make_name (id) : g_strdup (name);
  guest = tempo_guest_new (id, actor->id, friendly);
  insert_guest (self, guest);

  return guest;
}

/**
 * tempo_venue_add_named_guest:
 * @self: an organization
 * @name: what the host calls somebody without a phone
 *
 * The same name tonight is the same person, so that fair order holds for them too.
 *
 * Returns: (transfer none): the guest
 */
TempoGuest *
tempo_venue_add_named_guest (TempoVenue *self,
                             const char *name)
{
  GHashTableIter iter;
  gpointer found;
  g_autofree char *id = NULL;
  g_autofree char *digest = NULL;
  TempoGuest *guest;

  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, NULL, &found))
    {
      guest = found;
      if (g_str_has_prefix (guest->token_digest, "host:") && g_strcmp0 (guest->name, name) == 0)
        return guest;
    }

  id = tempo_id_new (self->host->clock);
  digest = g_strconcat ("host:", id, NULL);
  guest = tempo_guest_new (id, digest, name);
  insert_guest (self, guest);

  return guest;
}

/**
 * tempo_venue_put_guest:
 * @self: an organization
 * @guest: (transfer full): a changed copy
 *
 * Takes and writes it.
 */
void
tempo_venue_put_guest (TempoVenue *self,
                       TempoGuest *guest)
{
  TempoGuest *before = g_hash_table_lookup (self->guests, guest->id);

  if (before != NULL && g_strcmp0 (before->token_digest, guest->token_digest) != 0)
    g_hash_table_remove (self->digests, before->token_digest);
  g_hash_table_insert (self->digests, g_strdup (guest->token_digest), g_strdup (guest->id));
  tempo_batch_add (tempo_venue_write (self), "guest-update", "sssiiii", guest->id,
                   guest->token_digest, guest->name,
                   (gint64) guest->held, guest->muted_until, guest->banned_until, guest->last_seen_at);
  g_hash_table_replace (self->guests, guest->id, guest);
}

/* Branding is settings, which travel with the file; the registry knows only names. */
static void
brand (TempoVenue *self)
{
  TempoOrganization *after = tempo_organization_copy (self->organization);
  char *name = dup_setting (self, "name");

  g_clear_pointer (&after->accent, g_free);
  g_clear_pointer (&after->accent_dark, g_free);
  g_clear_pointer (&after->logo, g_free);
  g_clear_pointer (&after->welcome, g_free);
  g_clear_pointer (&after->contact, g_free);
  g_clear_pointer (&after->language, g_free);
  after->accent = dup_setting (self, "accent");
  after->accent_dark = dup_setting (self, "accentDark");
  after->logo = dup_setting (self, "logo");
  after->welcome = dup_setting (self, "welcome");
  after->contact = dup_setting (self, "contact");
  after->white_label = tempo_settings_get_flag (self->settings, TEMPO_SETTING_OF_ORGANIZATION, "whiteLabel");
  after->language = dup_setting (self, "displayLanguage");
  if (after->language == NULL)
    after->language = dup_setting (self, "language");
  if (name != NULL)
    {
      g_clear_pointer (&after->name, g_free);
      after->name = name;
    }
  g_clear_object (&self->organization);
  self->organization = after;
}

/**
 * tempo_venue_obey_settings:
 * @self: an organization
 *
 * Makes ready what its settings ask for: branding, and the lists of what is never played, which are
 * compared with every song.
 */
void
tempo_venue_obey_settings (TempoVenue *self)
{
  g_auto (GStrv) artists = tempo_settings_dup_list (self->settings, TEMPO_SETTING_OF_ORGANIZATION, "blockedArtists");
  g_auto (GStrv) titles = tempo_settings_dup_list (self->settings, TEMPO_SETTING_OF_ORGANIZATION, "blockedTitles");
  g_auto (GStrv) words = tempo_settings_dup_list (self->settings, TEMPO_SETTING_OF_ORGANIZATION, "blockedWords");

  g_clear_pointer (&self->blocked, tempo_blocked_free);
  self->blocked = tempo_blocked_new (artists, titles, words);
  brand (self);
}
