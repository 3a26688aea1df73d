/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is signed in where. Each call of staff asks, so it is answered from memory; the file hears of a new session and
 * of an ended one at once, and of uses once a minute, all together. */
#include "venue/tempo-people-private.h"

#include "base/tempo-clock.h"
#include "base/tempo-id.h"
#include "base/tempo-json.h"
#include "venue/tempo-host-private.h"

#define WRITE_US G_TIME_SPAN_MINUTE
/* A row stays a while for "last here"; a session renewed for ever ends all the same. */
#define KEEP_US (90 * G_TIME_SPAN_DAY)
#define LONGEST_US (30 * G_TIME_SPAN_DAY)

static TempoSession *
find_session (TempoHost *host,
              TempoMember *member,
              const char *id)
{
  TempoVenue *venue = tempo_host_find_venue (host, member->organization_id);
  TempoSession *session = venue != NULL ? g_hash_table_lookup (venue->people->sessions, id) : NULL;

  return session != NULL && g_str_equal (session->member_id, member->id) ? session : NULL;
}

static gboolean
can_write (TempoVenue *venue)
{
  return !venue->reloading && !venue->broken && !venue->closing;
}

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  const TempoSession *one = *(TempoSession *const *) a, *other = *(TempoSession *const *) b;

  return (one->created_at < other->created_at) - (one->created_at > other->created_at);
}

/* (element TempoSession, none), newest first. */
static GPtrArray *
list_of (TempoVenue *venue,
         const char *member_id)
{
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer session;

  g_hash_table_iter_init (&iter, venue->people->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    if (g_str_equal (((TempoSession *) session)->member_id, member_id))
      g_ptr_array_add (list, session);
  g_ptr_array_sort (list, compare_newest_first);

  return list;
}

static void
forget (TempoVenue *venue,
        TempoSession *session)
{
  if (can_write (venue))
    tempo_batch_add (tempo_venue_write (venue), "session-delete", "s", session->id);
  g_hash_table_remove (venue->people->sessions, session->id);
}

/**
 * tempo_sessions_open:
 * @host: a running engine
 * @member: who signed in
 * @address: (nullable): from where, to be recognised in the list
 * @agent: (nullable): with what
 * @expires_at: wall time in microseconds
 *
 * A new id each time: what a thief had before the sign-in is not what is valid after it. Engine thread.
 *
 * Returns: (transfer none): the id, for the token
 */
const char *
tempo_sessions_open (TempoHost *host,
                     TempoMember *member,
                     const char *address,
                     const char *agent,
                     gint64 expires_at)
{
  TempoVenue *venue = tempo_host_find_venue (host, member->organization_id);
  g_autoptr (TempoActor) cut = tempo_actor_new_member (member, address, agent);
  g_autoptr (GPtrArray) others = NULL;
  TempoSession *session;

  g_return_val_if_fail (venue != NULL, NULL);

  others = list_of (venue, member->id);
  for (guint i = TEMPO_MAX_SESSIONS - 1; i < others->len; i++)
    forget (venue, g_ptr_array_index (others, i));

  session = g_new0 (TempoSession, 1);
  session->id = tempo_token_random (16);
  session->member_id = g_strdup (member->id);
  session->address = g_strdup (address);
  session->agent = g_strdup (cut->agent);
  session->created_at = session->used_at = tempo_venue_now (venue);
  session->expires_at = expires_at;
  if (can_write (venue))
    tempo_batch_add (tempo_venue_write (venue), "session-insert", "ssiiiss", session->id, session->member_id,
                     session->created_at, session->used_at, session->expires_at, session->address, session->agent);
  if (can_write (venue))
    {
      g_autofree char *until = tempo_time_format (expires_at);

      tempo_people_log (venue, cut, "sign_in", member->id, NULL, until);
    }
  g_hash_table_insert (venue->people->sessions, session->id, session);

  return session->id;
}

/**
 * tempo_sessions_check:
 * @host: a running engine
 * @member: whose token it is
 * @session_id: the token's jti
 *
 * Engine thread; nothing is written here.
 *
 * Returns: whether it was not ended
 */
gboolean
tempo_sessions_check (TempoHost *host,
                      TempoMember *member,
                      const char *session_id)
{
  TempoSession *session = find_session (host, member, session_id);
  gint64 now = tempo_clock_now (host->clock);

  if (session == NULL || session->ended_at != 0 || now - session->created_at > LONGEST_US)
    return FALSE;

  session->used_at = now;
  session->dirty = TRUE;

  return TRUE;
}

/**
 * tempo_sessions_renew:
 * @host: a running engine
 * @member: whose it is
 * @session_id: the token's jti
 * @expires_at: wall time in microseconds
 *
 * The token has a later end; the list says so. Engine thread.
 */
void
tempo_sessions_renew (TempoHost *host,
                      TempoMember *member,
                      const char *session_id,
                      gint64 expires_at)
{
  TempoSession *session = find_session (host, member, session_id);

  if (session != NULL)
    session->expires_at = MAX (session->expires_at, expires_at);
}

GStrv
tempo_sessions_end (TempoVenue *venue,
                    const char *member_id,
                    const char *session_id,
                    const char *keep)
{
  g_autoptr (GPtrArray) all = list_of (venue, member_id);
  g_autoptr (GStrvBuilder) ended = g_strv_builder_new ();

  for (guint i = 0; i < all->len; i++)
    {
      TempoSession *session = g_ptr_array_index (all, i);

      if (session->ended_at != 0 || (session_id != NULL && !g_str_equal (session->id, session_id))
          || g_strcmp0 (session->id, keep) == 0)
        continue;
      session->ended_at = tempo_venue_now (venue);
      session->dirty = FALSE;
      g_strv_builder_add (ended, session->id);
      if (can_write (venue))
        tempo_batch_add (tempo_venue_write (venue), "session-update", "siii", session->id, session->used_at,
                         session->expires_at, session->ended_at);
    }

  return g_strv_builder_end (ended);
}

gint64
tempo_sessions_last_seen (TempoVenue *venue,
                          const char *member_id)
{
  GHashTableIter iter;
  gpointer value;
  gint64 last = 0;

  g_hash_table_iter_init (&iter, venue->people->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (g_str_equal (((TempoSession *) value)->member_id, member_id))
      last = MAX (last, ((TempoSession *) value)->used_at);

  return last;
}

void
tempo_sessions_tick (TempoVenue *venue)
{
  TempoPeople *people = venue->people;
  gint64 now = tempo_venue_now (venue);
  g_autoptr (GList) all = NULL;

  if (!can_write (venue) || now - people->written_at < WRITE_US)
    return;

  people->written_at = now;
  all = g_hash_table_get_values (people->sessions);
  for (GList *item = all; item != NULL; item = item->next)
    {
      TempoSession *session = item->data;

      if (now - MAX (session->used_at, session->expires_at) > KEEP_US)
        {
          forget (venue, session);
        }
      else if (session->dirty)
        {
          session->dirty = FALSE;
          tempo_batch_add (tempo_venue_write (venue), "session-update", "siii", session->id, session->used_at,
                           session->expires_at, session->ended_at);
        }
    }
}

/**
 * tempo_sessions_write:
 * @host: a running engine
 * @member: whose
 * @current: (nullable): the one that asks
 * @json: where to
 *
 * Engine thread.
 */
void
tempo_sessions_write (TempoHost *host,
                      TempoMember *member,
                      const char *current,
                      TempoJson *json)
{
  TempoVenue *venue = tempo_host_find_venue (host, member->organization_id);
  g_autoptr (GPtrArray) all = list_of (venue, member->id);
  gint64 now = tempo_venue_now (venue);

  tempo_json_begin_array (json, "sessions");
  for (guint i = 0; i < all->len; i++)
    {
      TempoSession *session = g_ptr_array_index (all, i);

      if (session->ended_at != 0 || session->expires_at <= now)
        continue;
      tempo_json_begin_object (json, NULL);
      tempo_json_string (json, "id", session->id);
      tempo_json_time (json, "createdAt", session->created_at);
      tempo_json_time (json, "usedAt", session->used_at);
      tempo_json_time (json, "expiresAt", session->expires_at);
      tempo_json_string (json, "address", session->address);
      tempo_json_string (json, "agent", session->agent);
      tempo_json_bool (json, "current", g_strcmp0 (session->id, current) == 0);
      tempo_json_end_object (json);
    }
  tempo_json_end_array (json);
}

gboolean
tempo_people_check_end_sessions (TempoVenue *venue,
                                 TempoPeopleWork *work,
                                 GError **error)
{
  TempoPeopleCommand *command = work->command;
  TempoActor *actor = command->actor;
  const char *id = command->member_id != NULL ? command->member_id : actor->id;
  TempoMember *target = id != NULL ? g_hash_table_lookup (venue->members, id) : NULL;
  TempoSession *session = command->session_id != NULL
    ? g_hash_table_lookup (venue->people->sessions, command->session_id) : NULL;

  if (target == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "member", "no such member");
  if (g_strcmp0 (actor->id, target->id) != 0 && !tempo_people_may (venue, actor, "end_sessions", target->role))
    return tempo_refuse (error, TEMPO_REFUSAL_FORBIDDEN, "role", "not allowed");
  if (command->session_id != NULL && (session == NULL || session->ended_at != 0 || !g_str_equal (session->member_id, target->id)))
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "session", "no such session");

  return TRUE;
}

static guint
count_open (TempoVenue *venue,
            const char *member_id)
{
  g_autoptr (GPtrArray) all = list_of (venue, member_id);
  gint64 now = tempo_venue_now (venue);
  guint n = 0;

  for (guint i = 0; i < all->len; i++)
    n += ((TempoSession *) all->pdata[i])->ended_at == 0 && ((TempoSession *) all->pdata[i])->expires_at > now;

  return n;
}

void
tempo_people_apply_end_sessions (TempoVenue *venue,
                                 TempoPeopleWork *work)
{
  TempoPeopleCommand *command = work->command;
  const char *id = command->member_id != NULL ? command->member_id : command->actor->id;
  char before[12], after[12];
  guint open = count_open (venue, id);

  work->outcome->ended = tempo_sessions_end (venue, id, command->session_id, command->keep_id);
  g_set_object (&work->outcome->member, g_hash_table_lookup (venue->members, id));
  g_snprintf (before, sizeof before, "%u", open);
  g_snprintf (after, sizeof after, "%u", count_open (venue, id));
  tempo_people_log (venue, command->actor, "sessions_end", id, before, after);
}
