/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lan/tempo-room-feeds.h"

#include <string.h>

#include "base/tempo-clock.h"
#include "base/tempo-json.h"
#include "model/tempo-member.h"
#include "venue/tempo-people.h"

/* One room's listeners. The guests' ring is numbered by the room's revision, so
 * that a phone that was asleep goes on where it stopped. */
typedef struct
{
  TempoRoomFeeds *feeds; /* (unowned) */
  GObject *room;         /* (unowned) (nullable) when it went */
  char *room_id;         /* (owned) */
  char *organization_id; /* (owned) */
  TempoFeed *guests;     /* (owned) */
  TempoFeed *displays;   /* (owned) */
  GBytes *shown;         /* (owned) (nullable) what displays were sent last */
  guint watch_id;
} RoomFeed;

/* One organization's staff. Revisions belong to rooms, so this stream counts
 * for itself. */
typedef struct
{
  TempoFeed *feed; /* (owned) */
  guint64 next_id;
  GHashTable *sessions; /* (owned) session id to TempoClaims, of those who listen */
} StaffFeed;

struct _TempoRoomFeeds
{
  TempoHost *host;   /* (owned) */
  GHashTable *rooms; /* (owned) room id to RoomFeed */
  GHashTable *staff; /* (owned) organization id to StaffFeed */
};

static TempoRoom *
find_room (RoomFeed *feed)
{
  return tempo_host_find_any_room (feed->feeds->host, feed->organization_id, feed->room_id);
}

static void room_gone_cb (gpointer data, GObject *room);

static void
free_room_feed (gpointer data)
{
  RoomFeed *feed = data;
  TempoRoom *room = find_room (feed);

  tempo_feed_set_changed (feed->guests, NULL, NULL);
  tempo_feed_set_changed (feed->displays, NULL, NULL);
  if (room != NULL && feed->watch_id != 0)
    tempo_room_unwatch (room, feed->watch_id);
  if (feed->room != NULL)
    g_object_weak_unref (feed->room, room_gone_cb, feed);
  tempo_feed_close (feed->guests);
  tempo_feed_close (feed->displays);
  tempo_feed_unref (feed->guests);
  tempo_feed_unref (feed->displays);
  g_clear_pointer (&feed->shown, g_bytes_unref);
  g_clear_pointer (&feed->room_id, g_free);
  g_clear_pointer (&feed->organization_id, g_free);
  g_free (feed);
}

/* The organization was closed, to be restored or because the room went elsewhere. Who listens comes again and is told. */
static void
room_gone_cb (gpointer data, GObject *room)
{
  RoomFeed *feed = data;

  feed->room = NULL;
  feed->watch_id = 0;
  g_hash_table_remove (feed->feeds->rooms, feed->room_id);
}

static void
free_staff_feed (gpointer data)
{
  StaffFeed *feed = data;

  tempo_feed_close (feed->feed);
  tempo_feed_unref (feed->feed);
  g_hash_table_unref (feed->sessions);
  g_free (feed);
}

/* The views show how many phones and screens are there. */
static void
audience_changed_cb (TempoFeed *source, guint n_listeners, gpointer user_data)
{
  RoomFeed *feed = user_data;
  TempoRoom *room = find_room (feed);

  if (room != NULL)
    tempo_room_set_audience (room, tempo_feed_get_n_listeners (feed->guests),
                             tempo_feed_get_n_listeners (feed->displays));
}

static void
send_own_parts (RoomFeed *feed, TempoRoom *room, GPtrArray *touched)
{
  for (guint i = 0; touched != NULL && i < touched->len; i++)
    {
      const char *digest = g_ptr_array_index (touched, i);
      g_autoptr (GBytes) you = NULL;
      g_autoptr (GBytes) frame = NULL;

      if (!tempo_feed_has_key (feed->guests, digest))
        continue;
      you = tempo_room_get_you (room, digest);
      frame = tempo_feed_frame_bytes ("you", 0, you);
      tempo_feed_send_to (feed->guests, digest, frame);
    }
}

/* Displays get their whole state, but only when it is another one: votes and
 * the inbox change more often than what a wall shows. */
static void
send_to_displays (RoomFeed *feed, TempoRoom *room)
{
  GBytes *state;
  g_autoptr (GBytes) frame = NULL;

  if (tempo_feed_get_n_listeners (feed->displays) == 0)
    return;
  state = tempo_room_get_display_state (room);
  if (feed->shown != NULL && g_bytes_equal (feed->shown, state))
    return;
  g_clear_pointer (&feed->shown, g_bytes_unref);
  feed->shown = g_bytes_ref (state);
  frame = tempo_feed_frame_bytes ("display", 0, state);
  tempo_feed_publish (feed->displays, 0, frame);
}

static gboolean
is_session_good (TempoHost *host, const TempoClaims *session)
{
  gint64 now = tempo_clock_now (tempo_host_get_clock (host)) / G_USEC_PER_SEC;
  TempoMember *member = tempo_host_find_member (host, session->organization_id, session->subject);

  return member != NULL && member->active && member->token_version == session->version && session->expires_at > now
         && tempo_sessions_check (host, member, session->session_id);
}

/* A stream outlives the check that opened it, so it is made again before
 * anything is told: who was shown the door must not go on reading. */
static void
drop_void_sessions (TempoRoomFeeds *self, StaffFeed *staff)
{
  GHashTableIter iter;
  gpointer id, session;

  g_hash_table_iter_init (&iter, staff->sessions);
  while (g_hash_table_iter_next (&iter, &id, &session))
    {
      gboolean good = is_session_good (self->host, session);

      if (!good)
        tempo_feed_drop_key (staff->feed, id);
      if (!good || !tempo_feed_has_key (staff->feed, id))
        g_hash_table_iter_remove (&iter);
    }
}

static void
send_to_staff (RoomFeed *feed, GBytes *change)
{
  StaffFeed *staff = g_hash_table_lookup (feed->feeds->staff, feed->organization_id);
  g_autoptr (GBytes) frame = NULL;

  if (staff == NULL || change == NULL)
    return;
  drop_void_sessions (feed->feeds, staff);
  frame = tempo_feed_frame_bytes ("change", staff->next_id, change);
  tempo_feed_publish (staff->feed, staff->next_id++, frame);
}

static void
room_changed_cb (TempoRoom *room,
                 guint64 revision,
                 GBytes *change,
                 GBytes *staff,
                 GPtrArray *touched,
                 gpointer user_data)
{
  RoomFeed *feed = user_data;

  /* Closed: who looks on is shown the door, and what comes back finds nothing. */
  if (tempo_host_find_room (feed->feeds->host, feed->organization_id, feed->room_id) == NULL)
    {
      tempo_feed_close (feed->guests);
      tempo_feed_close (feed->displays);
    }
  if (change != NULL)
    {
      g_autoptr (GBytes) frame = tempo_feed_frame_bytes ("change", revision, change);

      tempo_feed_publish (feed->guests, revision, frame);
    }
  send_own_parts (feed, room, touched);
  send_to_displays (feed, room);
  send_to_staff (feed, staff);
}

static RoomFeed *
get_room_feed (TempoRoomFeeds *self, TempoRoom *room)
{
  const char *room_id = tempo_room_get_info (room)->id;
  RoomFeed *feed = g_hash_table_lookup (self->rooms, room_id);

  if (feed != NULL)
    return feed;
  feed = g_new0 (RoomFeed, 1);
  feed->feeds = self;
  feed->room_id = g_strdup (room_id);
  feed->organization_id = g_strdup (tempo_room_get_organization (room)->id);
  feed->guests = tempo_feed_new (NULL);
  feed->displays = tempo_feed_new (NULL);
  tempo_feed_set_changed (feed->guests, audience_changed_cb, feed);
  tempo_feed_set_changed (feed->displays, audience_changed_cb, feed);
  feed->watch_id = tempo_room_watch (room, room_changed_cb, feed);
  feed->room = G_OBJECT (room);
  g_object_weak_ref (feed->room, room_gone_cb, feed);
  g_hash_table_insert (self->rooms, feed->room_id, feed);
  return feed;
}

/* Watches nothing yet: an installation with forty rooms pays for those that
 * somebody looks at.
 */
TempoRoomFeeds *
tempo_room_feeds_new (TempoHost *host)
{
  TempoRoomFeeds *self = g_new0 (TempoRoomFeeds, 1);

  self->host = g_object_ref (host);
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_room_feed);
  self->staff = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_staff_feed);
  return self;
}

/* The staff streams go first: a room that stops being watched must find
 * nobody to tell.
 */
void
tempo_room_feeds_free (TempoRoomFeeds *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->staff);
  g_hash_table_unref (self->rooms);
  g_clear_object (&self->host);
  g_free (self);
}

typedef struct
{
  TempoRoom *room;
  const char *token_digest;
} GuestFirst;

/* Who resumes has the room already and needs only what is theirs, because `you`
 * events are in no ring. */
static GBytes *
make_guest_first (TempoFeed *feed, gboolean resumed, gpointer user_data)
{
  GuestFirst *first = user_data;
  g_autoptr (GBytes) document = NULL;

  if (resumed)
    {
      document = tempo_room_get_you (first->room, first->token_digest);
      return tempo_feed_frame_bytes ("you", 0, document);
    }
  document = tempo_room_get_state (first->room, first->token_digest);
  return tempo_feed_frame_bytes ("state", tempo_room_get_revision (first->room), document);
}

/* The key of a stream is its guest, so that `you` finds all tabs of one phone.
 */
void
tempo_room_feeds_take_guest (TempoRoomFeeds *self,
                             TempoRoom *room,
                             const char *token_digest,
                             TempoExchange *exchange)
{
  RoomFeed *feed = get_room_feed (self, room);
  GuestFirst first = { room, token_digest };

  tempo_feed_take (feed->guests, exchange, token_digest, make_guest_first, &first);
}

static GBytes *
make_display_first (TempoFeed *feed, gboolean resumed, gpointer user_data)
{
  return tempo_feed_frame_bytes ("display", 0, tempo_room_get_display_state (user_data));
}

/* The key is the display, so that a revoked one goes dark at once.
 */
void
tempo_room_feeds_take_display (TempoRoomFeeds *self,
                               TempoRoom *room,
                               const char *display_id,
                               TempoExchange *exchange)
{
  tempo_feed_take (get_room_feed (self, room)->displays, exchange, display_id, make_display_first,
                   room);
}

typedef struct
{
  GPtrArray *rooms; /* (element TempoRoom, none) */
  guint64 id;
} StaffFirst;

static GBytes *
make_staff_first (TempoFeed *feed, gboolean resumed, gpointer user_data)
{
  StaffFirst *first = user_data;
  TempoJson *json;
  g_autoptr (GBytes) document = NULL;

  if (resumed)
    return NULL;
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "rooms");
  for (guint i = 0; i < first->rooms->len; i++)
    {
      gsize length;
      const char *room =
        g_bytes_get_data (tempo_room_get_staff_state (g_ptr_array_index (first->rooms, i)),
                          &length);

      tempo_json_raw (json, NULL, room, length);
    }
  tempo_json_end_array (json);
  tempo_json_end_object (json);
  document = tempo_json_finish (json);
  return tempo_feed_frame_bytes ("state", first->id, document);
}

static StaffFeed *
get_staff_feed (TempoRoomFeeds *self, const char *organization_id)
{
  StaffFeed *staff = g_hash_table_lookup (self->staff, organization_id);

  if (staff != NULL)
    return staff;
  staff = g_new0 (StaffFeed, 1);
  staff->feed = tempo_feed_new (NULL);
  staff->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) tempo_claims_free);
  /* Numbers of the run before must not be taken for ours by a client that resumes. */
  staff->next_id = g_get_real_time ();
  g_hash_table_insert (self->staff, g_strdup (organization_id), staff);
  return staff;
}

static TempoClaims *
copy_session (const TempoClaims *session)
{
  TempoClaims *copy = g_memdup2 (session, sizeof *session);

  copy->subject = g_strdup (session->subject);
  copy->organization_id = g_strdup (session->organization_id);
  copy->session_id = g_strdup (session->session_id);
  return copy;
}

/* Every room of the organization is watched from here on, also one that nobody
 * else looks at.
 */
void
tempo_room_feeds_take_staff (TempoRoomFeeds *self,
                             const char *organization_id,
                             const TempoClaims *session,
                             TempoExchange *exchange)
{
  g_autoptr (GPtrArray) rooms = tempo_host_get_rooms (self->host, organization_id);
  StaffFeed *staff = get_staff_feed (self, organization_id);
  StaffFirst first = { rooms, staff->next_id - 1 };
  TempoClaims *copy;

  for (guint i = 0; i < rooms->len; i++)
    get_room_feed (self, g_ptr_array_index (rooms, i));
  if (!tempo_feed_take (staff->feed, exchange, session->session_id, make_staff_first, &first))
    return;
  copy = copy_session (session);
  g_hash_table_replace (staff->sessions, copy->session_id, copy);
}

/* A room came: who looks on is given the whole anew, because a change can only
 * speak of rooms that the reader has.
 */
void
tempo_room_feeds_refresh_staff (TempoRoomFeeds *self, const char *organization_id)
{
  StaffFeed *staff = g_hash_table_lookup (self->staff, organization_id);
  g_autoptr (GPtrArray) rooms = NULL;
  g_autoptr (GBytes) frame = NULL;
  StaffFirst first;

  if (staff == NULL)
    return;
  rooms = tempo_host_get_rooms (self->host, organization_id);
  for (guint i = 0; i < rooms->len; i++)
    get_room_feed (self, g_ptr_array_index (rooms, i));
  first.rooms = rooms;
  first.id = staff->next_id++;
  frame = make_staff_first (staff->feed, FALSE, &first);
  tempo_feed_publish (staff->feed, first.id, frame);
}

/* A revoked token must not go on showing the room to whoever has the device.
 */
void
tempo_room_feeds_drop_display (TempoRoomFeeds *self, const char *display_id)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    tempo_feed_drop_key (((RoomFeed *) value)->displays, display_id);
}

/* A stream outlives the check that opened it, so the end of a session has to
 * end it.
 */
void
tempo_room_feeds_drop_session (TempoRoomFeeds *self, const char *session)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->staff);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    tempo_feed_drop_key (((StaffFeed *) value)->feed, session);
}

/* Sums over all rooms; a listener of two rooms counts twice, as it costs twice.
 */
void
tempo_room_feeds_count (
  TempoRoomFeeds *self, guint *guests, guint *displays, guint *staff, guint64 *dropped)
{
  GHashTableIter iter;
  gpointer value;
  guint n_guests = 0, n_displays = 0, n_staff = 0;
  guint64 n_dropped = 0;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      RoomFeed *feed = value;

      n_guests += tempo_feed_get_n_listeners (feed->guests);
      n_displays += tempo_feed_get_n_listeners (feed->displays);
      n_dropped +=
        tempo_feed_get_n_dropped (feed->guests) + tempo_feed_get_n_dropped (feed->displays);
    }
  g_hash_table_iter_init (&iter, self->staff);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n_staff += tempo_feed_get_n_listeners (((StaffFeed *) value)->feed);

  if (guests != NULL)
    *guests = n_guests;
  if (displays != NULL)
    *displays = n_displays;
  if (staff != NULL)
    *staff = n_staff;
  if (dropped != NULL)
    *dropped = n_dropped;
}
