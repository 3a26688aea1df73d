/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spotify-stand-in.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base/tempo-clock.h"
#include "base/tempo-json.h"

#define WINDOW_US (30 * G_TIME_SPAN_SECOND)

/* A code that was given to a browser. */
typedef struct
{
  char *user, *client, *redirect, *challenge; /* (owned) */
} Code;

/* What one client id asked. */
typedef struct
{
  GArray *calls;  /* (owned) (element gint64) wall us */
  gint64 blocked; /* wall us until which it was told to wait */
} Client;

struct _SpotifyStandIn
{
  TempoClock *clock;    /* (owned) */
  SoupServer *server;   /* (owned) */
  GSocketService *door;  /* (owned) */
  char *accounts_url;   /* (owned) */
  char *api_url;        /* (owned) */
  GHashTable *users;    /* (owned) */
  GHashTable *codes;    /* (owned) */
  GHashTable *clients;  /* (owned) */
  GHashTable *owners;   /* (owned) any token ever given → client id */
  GHashTable *moods;    /* (owned) user → mood */
  GHashTable *unmeant;  /* (owned) call that got its unmeant 401 */
  GPtrArray *hanging;   /* (owned) messages that are not answered */
  SpotifyStandInMood token_mood;
  guint limit, retry_after;
  gboolean quota;
  guint refusals, rude, calls, last;
  void (*hook) (gpointer data);
  gpointer hook_data;
};

static void
free_code (gpointer data)
{
  Code *code = data;

  g_free (code->user);
  g_free (code->client);
  g_free (code->redirect);
  g_free (code->challenge);
  g_free (code);
}

static void
free_client (gpointer data)
{
  g_array_unref (((Client *) data)->calls);
  g_free (data);
}

static void
free_user (gpointer data)
{
  SpotifyStandInUser *user = data;

  g_free (user->id);
  g_free (user->uri);
  g_free (user->refresh_token);
  g_ptr_array_unref (user->queue);
  g_hash_table_unref (user->access);
  g_free (user);
}

static gint64
now_us (SpotifyStandIn *self)
{
  return tempo_clock_now (self->clock);
}

SpotifyStandInUser *
spotify_stand_in_get_user (SpotifyStandIn *self, const char *id)
{
  SpotifyStandInUser *user = g_hash_table_lookup (self->users, id);

  if (user != NULL)
    return user;
  user = g_new0 (SpotifyStandInUser, 1);
  user->id = g_strdup (id);
  user->premium = user->allowed = user->rotates = user->device = user->supports_volume = TRUE;
  user->token_seconds = 3600;
  user->duration_ms = 180000;
  user->volume = 60;
  user->queue = g_ptr_array_new_with_free_func (g_free);
  user->access = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (self->users, g_strdup (id), user);

  return user;
}

/* Brings a player to the present: songs end, queued ones begin, nothing follows the last. */
static void
advance (SpotifyStandIn *self, SpotifyStandInUser *user)
{
  while (user->playing && user->uri != NULL)
    {
      gint64 left = (user->duration_ms - user->position_ms) * 1000;

      if (now_us (self) - user->as_of < left)
        break;
      user->as_of += left;
      user->position_ms = 0;
      if (user->queue->len > 0)
        {
          g_free (user->uri);
          user->uri = g_ptr_array_steal_index (user->queue, 0);
        }
      else
        {
          user->playing = FALSE;
        }
    }
}

static gint64
get_progress (SpotifyStandIn *self, SpotifyStandInUser *user)
{
  return user->position_ms + (user->playing ? (now_us (self) - user->as_of) / 1000 : 0);
}

static void
set_place (SpotifyStandIn *self, SpotifyStandInUser *user, gint64 position, gboolean playing)
{
  user->position_ms = position;
  user->as_of = now_us (self);
  user->playing = playing;
}

void
spotify_stand_in_play (SpotifyStandIn *self, SpotifyStandInUser *user, const char *track)
{
  g_free (user->uri);
  user->uri = g_strconcat ("spotify:track:", track, NULL);
  user->active = user->device = TRUE;
  set_place (self, user, 0, TRUE);
}

/* --- answers --- */

static void
answer (SoupServerMessage *message, guint status, const char *json)
{
  soup_server_message_set_status (message, status, NULL);
  if (json != NULL)
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, json, strlen (json));
}

static void
answer_error (SoupServerMessage *message, guint status, const char *text, const char *reason)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_begin_object (json, "error");
  tempo_json_int (json, "status", status);
  tempo_json_string (json, "message", text);
  if (reason != NULL)
    tempo_json_string (json, "reason", reason);
  tempo_json_end_object (json);
  tempo_json_end_object (json);
  answer (message, status, tempo_json_peek (json, NULL));
}

static void
write_track (SpotifyStandIn *self, SpotifyStandInUser *user, TempoJson *json, const char *key, const char *uri)
{
  const char *id = strrchr (uri, ':') + 1;
  g_autofree char *link = g_strconcat ("https://open.spotify.com/track/", id, NULL);
  g_autofree char *picture = g_strconcat (self->accounts_url, "/image/", id, NULL);

  tempo_json_begin_object (json, key);
  tempo_json_string (json, "id", id);
  tempo_json_string (json, "uri", uri);
  tempo_json_string (json, "type", "track");
  tempo_json_string (json, "name", id);
  tempo_json_int (json, "duration_ms", user->duration_ms);
  tempo_json_bool (json, "explicit", FALSE);
  tempo_json_bool (json, "is_local", FALSE);
  tempo_json_bool (json, "is_playable", TRUE);
  tempo_json_begin_array (json, "artists");
  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "name", "The Stand-ins");
  tempo_json_end_object (json);
  tempo_json_end_array (json);
  tempo_json_begin_object (json, "album");
  tempo_json_string (json, "name", "Nobody's Album");
  tempo_json_begin_array (json, "images");
  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "url", picture);
  tempo_json_int (json, "width", 300);
  tempo_json_int (json, "height", 300);
  tempo_json_end_object (json);
  tempo_json_end_array (json);
  tempo_json_end_object (json);
  tempo_json_begin_object (json, "external_urls");
  tempo_json_string (json, "spotify", link);
  tempo_json_end_object (json);
  tempo_json_end_object (json);
}

static void
write_device (SpotifyStandInUser *user, TempoJson *json, const char *key)
{
  tempo_json_begin_object (json, key);
  tempo_json_string (json, "id", "device-1");
  tempo_json_bool (json, "is_active", user->active);
  tempo_json_bool (json, "is_private_session", FALSE);
  tempo_json_bool (json, "is_restricted", user->restricted);
  tempo_json_string (json, "name", "Bar speaker");
  tempo_json_string (json, "type", "Speaker");
  tempo_json_int (json, "volume_percent", user->volume);
  tempo_json_bool (json, "supports_volume", user->supports_volume);
  tempo_json_end_object (json);
}

/* --- the Web API --- */

/* One call of it. */
typedef struct
{
  SpotifyStandIn *self;
  SoupServerMessage *message;
  SpotifyStandInUser *user;
  GHashTable *query;
} Call;

static const char *
get_query (Call *call, const char *name)
{
  return call->query != NULL ? g_hash_table_lookup (call->query, name) : NULL;
}

static void
get_me (Call *call)
{
  g_autofree char *text = g_strdup_printf ("{\"id\":\"%s\",\"account_id\":\"acc-%s\",\"display_name\":\"%s's account\",\"type\":\"user\"}", call->user->id,
                                           call->user->id, call->user->id);

  answer (call->message, 200, text);
}

static void
get_player (Call *call)
{
  SpotifyStandInUser *user = call->user;
  g_autoptr (TempoJson) json = tempo_json_new ();

  user->looks++;
  if (!user->device || !user->active || user->uri == NULL)
    {
      answer (call->message, 204, NULL);
      return;
    }
  tempo_json_begin_object (json, NULL);
  write_device (user, json, "device");
  tempo_json_string (json, "repeat_state", "off");
  tempo_json_bool (json, "shuffle_state", FALSE);
  tempo_json_null (json, "context");
  tempo_json_int (json, "timestamp", 1234567890);
  tempo_json_int (json, "progress_ms", get_progress (call->self, user));
  tempo_json_bool (json, "is_playing", user->playing);
  write_track (call->self, user, json, "item", user->uri);
  tempo_json_string (json, "currently_playing_type", "track");
  tempo_json_begin_object (json, "actions");
  tempo_json_end_object (json);
  tempo_json_end_object (json);
  answer (call->message, 200, tempo_json_peek (json, NULL));
}

static void
get_devices (Call *call)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "devices");
  if (call->user->device)
    write_device (call->user, json, NULL);
  tempo_json_end_array (json);
  tempo_json_end_object (json);
  answer (call->message, 200, tempo_json_peek (json, NULL));
}

static void
get_queue (Call *call)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_null (json, "currently_playing");
  tempo_json_begin_array (json, "queue");
  for (guint i = 0; i < call->user->queue->len; i++)
    write_track (call->self, call->user, json, NULL, g_ptr_array_index (call->user->queue, i));
  tempo_json_end_array (json);
  tempo_json_end_object (json);
  answer (call->message, 200, tempo_json_peek (json, NULL));
}

static void
get_search (Call *call)
{
  const char *words = get_query (call, "q");
  guint64 limit = g_ascii_strtoull (get_query (call, "limit") != NULL ? get_query (call, "limit") : "5", NULL, 10);
  g_autoptr (TempoJson) json = tempo_json_new ();

  call->user->searches++;
  if (words == NULL || limit > 10 || g_strcmp0 (get_query (call, "type"), "track") != 0)
    {
      answer_error (call->message, 400, "Invalid limit", NULL);
      return;
    }
  tempo_json_begin_object (json, NULL);
  tempo_json_begin_object (json, "tracks");
  tempo_json_begin_array (json, "items");
  for (guint i = 0; i < limit; i++)
    {
      g_autofree char *id = g_strdup_printf ("%s%u", words, i);
      g_autofree char *uri = NULL;

      g_strcanon (id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", '0');
      uri = g_strconcat ("spotify:track:", id, NULL);
      write_track (call->self, call->user, json, NULL, uri);
    }
  tempo_json_end_array (json);
  tempo_json_end_object (json);
  tempo_json_end_object (json);
  answer (call->message, 200, tempo_json_peek (json, NULL));
}

static void
get_playlists (Call *call)
{
  g_autofree char *text = g_strdup_printf (
    "{\"items\":[{\"id\":\"mine\",\"name\":\"Mine\",\"collaborative\":false,\"owner\":{\"id\":\"%s\"},\"items\":{\"total\":3}},"
    "{\"id\":\"theirs\",\"name\":\"Theirs\",\"collaborative\":false,\"owner\":{\"id\":\"somebody\"},\"items\":{\"total\":9}}],\"next\":null}",
    call->user->id);

  answer (call->message, 200, text);
}

static void
get_items (Call *call)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "items");
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *uri = g_strdup_printf ("spotify:track:filler%u", i);

      tempo_json_begin_object (json, NULL);
      write_track (call->self, call->user, json, i == 0 ? "track" : "item", uri);
      tempo_json_end_object (json);
    }
  tempo_json_end_array (json);
  tempo_json_null (json, "next");
  tempo_json_end_object (json);
  answer (call->message, 200, tempo_json_peek (json, NULL));
}

static JsonObject *
read_body (Call *call)
{
  SoupMessageBody *body = soup_server_message_get_request_body (call->message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);

  return tempo_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
}

static void
put_play (Call *call)
{
  SpotifyStandInUser *user = call->user;
  g_autoptr (JsonObject) body = read_body (call);
  JsonArray *uris = body != NULL && json_object_has_member (body, "uris") ? json_object_get_array_member (body, "uris") : NULL;

  if (uris != NULL && json_array_get_length (uris) > 0)
    {
      g_free (user->uri);
      user->uri = g_strdup (json_array_get_string_element (uris, 0));
      set_place (call->self, user, json_object_get_int_member_with_default (body, "position_ms", 0), TRUE);
    }
  else
    {
      set_place (call->self, user, get_progress (call->self, user), TRUE);
    }
  user->active = TRUE;
  answer (call->message, 204, NULL);
}

static void
put_pause (Call *call)
{
  if (!call->user->playing)
    {
      answer_error (call->message, 403, "Player command failed: Already paused", "ALREADY_PAUSED");
      return;
    }
  set_place (call->self, call->user, get_progress (call->self, call->user), FALSE);
  answer (call->message, 204, NULL);
}

static void
put_seek (Call *call)
{
  set_place (call->self, call->user, g_ascii_strtoll (get_query (call, "position_ms"), NULL, 10), call->user->playing);
  answer (call->message, 204, NULL);
}

static void
put_volume (Call *call)
{
  if (!call->user->supports_volume)
    {
      answer_error (call->message, 403, "Player command failed: Cannot control device volume", "VOLUME_CONTROL_DISALLOW");
      return;
    }
  call->user->volume = (int) g_ascii_strtoll (get_query (call, "volume_percent"), NULL, 10);
  answer (call->message, 204, NULL);
}

/* To one device, which then is the active one; the song goes on, or as "play" says. */
static void
put_transfer (Call *call)
{
  g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (call->message));
  g_autoptr (JsonObject) json = tempo_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
  JsonArray *ids = json != NULL && json_object_has_member (json, "device_ids") ? json_object_get_array_member (json, "device_ids") : NULL;

  call->user->commands++;
  if (ids == NULL || json_array_get_length (ids) != 1)
    {
      answer_error (call->message, 400, "Exactly one device", NULL);
      return;
    }
  if (!call->user->device)
    {
      answer_error (call->message, 404, "Device not found", NULL);
      return;
    }
  call->user->transfers++;
  call->user->active = TRUE;
  answer (call->message, 204, NULL);
}

static void
post_queue (Call *call)
{
  g_ptr_array_add (call->user->queue, g_strdup (get_query (call, "uri")));
  answer (call->message, 204, NULL);
}

static void
post_next (Call *call)
{
  set_place (call->self, call->user, call->user->duration_ms, TRUE);
  advance (call->self, call->user);
  answer (call->message, 204, NULL);
}

static const struct
{
  const char *method, *path;
  void (*func) (Call *call);
  gboolean command;
} calls[] = {
  { "GET", "/v1/me", get_me, FALSE },
  { "GET", "/v1/me/player", get_player, FALSE },
  { "PUT", "/v1/me/player", put_transfer, FALSE },
  { "GET", "/v1/me/player/currently-playing", get_player, FALSE },
  { "GET", "/v1/me/player/devices", get_devices, FALSE },
  { "GET", "/v1/me/player/queue", get_queue, FALSE },
  { "GET", "/v1/search", get_search, FALSE },
  { "GET", "/v1/me/playlists", get_playlists, FALSE },
  { "GET", "/v1/playlists/mine/items", get_items, FALSE },
  { "PUT", "/v1/me/player/play", put_play, TRUE },
  { "PUT", "/v1/me/player/pause", put_pause, TRUE },
  { "PUT", "/v1/me/player/seek", put_seek, TRUE },
  { "PUT", "/v1/me/player/volume", put_volume, TRUE },
  { "POST", "/v1/me/player/queue", post_queue, TRUE },
  { "POST", "/v1/me/player/next", post_next, TRUE },
};

/* FALSE when it answered 429. Who comes before the time waits longer. */
static gboolean
may_call (SpotifyStandIn *self, SoupServerMessage *message, const char *client_id)
{
  Client *client = g_hash_table_lookup (self->clients, client_id);
  gint64 now = now_us (self);

  if (client == NULL)
    {
      client = g_new0 (Client, 1);
      client->calls = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_hash_table_insert (self->clients, g_strdup (client_id), client);
    }
  while (client->calls->len > 0 && g_array_index (client->calls, gint64, 0) <= now - WINDOW_US)
    g_array_remove_index (client->calls, 0);
  g_array_append_val (client->calls, now);
  if (now < client->blocked)
    {
      self->rude++;
      client->blocked += self->retry_after * G_TIME_SPAN_SECOND;
    }
  else if (self->limit == 0 || client->calls->len <= self->limit)
    {
      return TRUE;
    }
  else
    {
      client->blocked = now + self->retry_after * G_TIME_SPAN_SECOND;
    }

  self->refusals++;
  if (self->retry_after > 0)
    {
      g_autofree char *seconds = g_strdup_printf ("%" G_GINT64_FORMAT, (client->blocked - now) / G_TIME_SPAN_SECOND);

      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After", seconds);
    }
  answer_error (message, 429, "Too many requests", self->quota ? "QUOTA_EXCEEDED" : NULL);

  return FALSE;
}

static SpotifyStandInUser *
find_bearer (SpotifyStandIn *self, const char *token)
{
  GHashTableIter iter;
  gpointer user;

  g_hash_table_iter_init (&iter, self->users);
  while (token != NULL && g_hash_table_iter_next (&iter, NULL, &user))
    {
      gint64 *end = g_hash_table_lookup (((SpotifyStandInUser *) user)->access, token);

      if (end != NULL)
        return user;
    }

  return NULL;
}

/* TRUE when the mood answered, or will never. */
static gboolean
act_out (SpotifyStandIn *self, SoupServerMessage *message, SpotifyStandInMood mood, const char *what)
{
  g_autofree char *flood = NULL;

  switch (mood)
    {
    case SPOTIFY_STAND_IN_HANGS:
      soup_server_message_pause (message);
      g_ptr_array_add (self->hanging, g_object_ref (message));
      return TRUE;
    case SPOTIFY_STAND_IN_FAILS:
      answer_error (message, 503, "Service unavailable", NULL);
      return TRUE;
    case SPOTIFY_STAND_IN_GARBAGE:
      answer (message, 200, "<html>[[[");
      return TRUE;
    case SPOTIFY_STAND_IN_FLOODS:
      flood = g_strnfill (2 * 1024 * 1024, ' ');
      flood[0] = '{';
      flood[2 * 1024 * 1024 - 1] = '}';
      answer (message, 200, flood);
      return TRUE;
    case SPOTIFY_STAND_IN_UNMEANT:
      if (g_hash_table_remove (self->unmeant, what))
        return FALSE;
      g_hash_table_add (self->unmeant, g_strdup (what));
      answer_error (message, 401, "Access token missing", NULL);
      return TRUE;
    case SPOTIFY_STAND_IN_REFUSES:
      answer_error (message, 401, "Access token missing", NULL);
      return TRUE;
    case SPOTIFY_STAND_IN_WELL:
    default:
      return FALSE;
    }
}

static void
run_call (Call *call, const char *path)
{
  const char *method = soup_server_message_get_method (call->message);

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      if (!g_str_equal (calls[i].method, method) || !g_str_equal (calls[i].path, path))
        continue;
      if (calls[i].command)
        call->user->commands++;
      if (calls[i].command && !call->user->premium)
        answer_error (call->message, 403, "Player command failed: Premium required", "PREMIUM_REQUIRED");
      else if (calls[i].command && (!call->user->device || (!call->user->active && get_query (call, "device_id") == NULL)))
        answer_error (call->message, 404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE");
      else if (calls[i].command && call->user->restricted)
        answer_error (call->message, 403, "Player command failed: Restricted device", "DEVICE_NOT_CONTROLLABLE");
      else
        calls[i].func (call);
      return;
    }
  answer_error (call->message, 404, "Service not found", NULL);
}

static void
api_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  SpotifyStandIn *self = data;
  const char *header = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization");
  const char *token = header != NULL && g_str_has_prefix (header, "Bearer ") ? header + 7 : NULL;
  SpotifyStandInUser *user = find_bearer (self, token);
  const char *client = token != NULL ? g_hash_table_lookup (self->owners, token) : NULL;
  Call call = { self, message, user, query };
  gint64 *end;

  self->calls++;
  if (client != NULL && !may_call (self, message, client))
    return;
  if (user == NULL)
    {
      answer_error (message, 401, "Invalid access token", NULL);
      return;
    }
  user->calls++;
  if (act_out (self, message, GPOINTER_TO_UINT (g_hash_table_lookup (self->moods, user->id)), path))
    return;
  end = g_hash_table_lookup (user->access, token);
  if (*end <= now_us (self) || user->revoked)
    {
      user->dead_uses++;
      answer_error (message, 401, "The access token expired", NULL);
      return;
    }
  if (!user->allowed)
    {
      answer_error (message, 403, "User not registered in the Developer Dashboard", NULL);
      return;
    }
  advance (self, user);
  run_call (&call, path);
}

/* --- the accounts service --- */

static char *
make_token (SpotifyStandIn *self, const char *kind, const char *user)
{
  return g_strdup_printf ("CANARY-%s-%s-%u", kind, user, ++self->last);
}

/* A long night leaves a token every hour: those that ended long ago are not missed. */
static void
forget_tokens (SpotifyStandIn *self, SpotifyStandInUser *user)
{
  GHashTableIter iter;
  gpointer token, end;

  g_hash_table_iter_init (&iter, user->access);
  while (g_hash_table_iter_next (&iter, &token, &end))
    if (*(gint64 *) end < now_us (self) - 10 * G_TIME_SPAN_MINUTE)
      {
        g_hash_table_remove (self->owners, token);
        g_hash_table_iter_remove (&iter);
      }
}

static void
give_tokens (SpotifyStandIn *self, SoupServerMessage *message, SpotifyStandInUser *user, const char *client, gboolean with_refresh)
{
  g_autoptr (TempoJson) json = tempo_json_new ();
  char *access = make_token (self, "access", user->id);
  gint64 *end = g_new (gint64, 1);

  forget_tokens (self, user);
  *end = now_us (self) + user->token_seconds * G_TIME_SPAN_SECOND;
  g_hash_table_insert (self->owners, g_strdup (access), g_strdup (client));
  if (with_refresh)
    {
      g_free (user->refresh_token);
      user->refresh_token = make_token (self, "refresh", user->id);
    }
  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "access_token", access);
  tempo_json_string (json, "token_type", "Bearer");
  tempo_json_string (json, "scope", "user-read-playback-state");
  tempo_json_int (json, "expires_in", user->token_seconds);
  if (with_refresh)
    tempo_json_string (json, "refresh_token", user->refresh_token);
  tempo_json_end_object (json);
  g_hash_table_insert (user->access, access, end);
  answer (message, 200, tempo_json_peek (json, NULL));
  if (self->hook != NULL)
    self->hook (self->hook_data);
}

static void
answer_grant_error (SoupServerMessage *message, const char *code, const char *text)
{
  g_autofree char *json = g_strdup_printf ("{\"error\":\"%s\",\"error_description\":\"%s\"}", code, text);

  answer (message, 400, json);
}

static void
exchange_code (SpotifyStandIn *self, SoupServerMessage *message, GHashTable *form)
{
  const char *text = g_hash_table_lookup (form, "code");
  const char *verifier = g_hash_table_lookup (form, "code_verifier");
  Code *code = text != NULL ? g_hash_table_lookup (self->codes, text) : NULL;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autofree char *challenge = NULL;
  SpotifyStandInUser *user;

  if (code == NULL || verifier == NULL || strlen (verifier) < 43 || strlen (verifier) > 128
      || g_strcmp0 (g_hash_table_lookup (form, "redirect_uri"), code->redirect) != 0
      || g_strcmp0 (g_hash_table_lookup (form, "client_id"), code->client) != 0)
    {
      answer_grant_error (message, "invalid_grant", "Invalid authorization code");
      return;
    }
  g_checksum_update (sum, (const guchar *) verifier, -1);
  g_checksum_get_digest (sum, digest, &length);
  challenge = g_base64_encode (digest, length);
  g_strdelimit (challenge, "+", '-');
  g_strdelimit (challenge, "/", '_');
  challenge[strcspn (challenge, "=")] = '\0';
  if (!g_str_equal (challenge, code->challenge))
    {
      answer_grant_error (message, "invalid_grant", "code_verifier was incorrect");
      return;
    }
  user = spotify_stand_in_get_user (self, code->user);
  user->revoked = FALSE;
  give_tokens (self, message, user, code->client, TRUE);
  g_hash_table_remove (self->codes, text);
}

static void
refresh_token (SpotifyStandIn *self, SoupServerMessage *message, GHashTable *form)
{
  const char *token = g_hash_table_lookup (form, "refresh_token");
  GHashTableIter iter;
  gpointer user;

  g_hash_table_iter_init (&iter, self->users);
  while (g_hash_table_iter_next (&iter, NULL, &user))
    {
      SpotifyStandInUser *candidate = user;

      if (candidate->refresh_token == NULL || g_strcmp0 (candidate->refresh_token, token) != 0 || candidate->revoked)
        continue;
      candidate->refreshes++;
      give_tokens (self, message, candidate, g_hash_table_lookup (form, "client_id"), candidate->rotates);
      return;
    }
  answer_grant_error (message, "invalid_grant", "Refresh token revoked");
}

static void
token_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  SpotifyStandIn *self = data;
  g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GHashTable) form = soup_form_decode (text);
  const char *grant = g_hash_table_lookup (form, "grant_type");
  const char *client = g_hash_table_lookup (form, "client_id");

  self->calls++;
  if (client == NULL || !may_call (self, message, client) || act_out (self, message, self->token_mood, path))
    return;
  if (g_strcmp0 (grant, "authorization_code") == 0)
    exchange_code (self, message, form);
  else if (g_strcmp0 (grant, "refresh_token") == 0)
    refresh_token (self, message, form);
  else
    answer_grant_error (message, "unsupported_grant_type", "grant_type must be client_credentials, authorization_code or refresh_token");
}

/* (transfer full) (nullable): where the browser goes after the person chose. */
static char *
decide (SpotifyStandIn *self, GHashTable *query, const char *user, gboolean yes)
{
  const char *redirect = g_hash_table_lookup (query, "redirect_uri");
  const char *state = g_hash_table_lookup (query, "state");
  g_autofree char *tail = NULL;
  g_autofree char *name = NULL;
  Code *code;

  if (redirect == NULL || state == NULL || !g_str_has_prefix (redirect, "http://127.0.0.1:") || strchr (redirect, '-') != NULL
      || g_strcmp0 (g_hash_table_lookup (query, "response_type"), "code") != 0
      || g_strcmp0 (g_hash_table_lookup (query, "code_challenge_method"), "S256") != 0
      || g_hash_table_lookup (query, "code_challenge") == NULL || g_hash_table_lookup (query, "client_id") == NULL)
    return NULL;
  if (!yes)
    {
      tail = soup_form_encode ("error", "access_denied", "state", state, NULL);
      return g_strconcat (redirect, "?", tail, NULL);
    }
  code = g_new0 (Code, 1);
  code->user = g_strdup (user);
  code->client = g_strdup (g_hash_table_lookup (query, "client_id"));
  code->redirect = g_strdup (redirect);
  code->challenge = g_strdup (g_hash_table_lookup (query, "code_challenge"));
  name = make_token (self, "code", user);
  g_hash_table_insert (self->codes, g_strdup (name), code);
  tail = soup_form_encode ("code", name, "state", state, NULL);

  return g_strconcat (redirect, "?", tail, NULL);
}

/* A page with two buttons for a browser; the choice comes back here, "user" tells whose account it is. */
static void
authorize_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  SpotifyStandIn *self = data;
  const char *choice = query != NULL ? g_hash_table_lookup (query, "choice") : NULL;
  const char *user = query != NULL ? g_hash_table_lookup (query, "user") : NULL;
  const char *whole = g_uri_get_query (soup_server_message_get_uri (message));
  g_autofree char *redirect = query != NULL ? decide (self, query, user != NULL ? user : "ann", g_strcmp0 (choice, "no") != 0) : NULL;
  g_autofree char *page = NULL;

  if (redirect == NULL)
    {
      soup_server_message_set_status (message, 400, NULL);
      soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, "INVALID_CLIENT", 14);
      return;
    }
  if (choice != NULL)
    {
      soup_server_message_set_redirect (message, 303, redirect);
      return;
    }
  page = g_markup_printf_escaped ("<!doctype html><title>Sign in</title><a id=\"yes\" href=\"/authorize?%s&amp;choice=yes\">Agree</a> "
                                  "<a id=\"no\" href=\"/authorize?%s&amp;choice=no\">Cancel</a>",
                                  whole, whole);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "text/html", SOUP_MEMORY_COPY, page, strlen (page));
}

/* What a test in another program wants to go wrong: "/switch?user=ann&premium=0&mood=2". */
static void
switch_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  SpotifyStandIn *self = data;
  const char *name = query != NULL ? g_hash_table_lookup (query, "user") : NULL;
  SpotifyStandInUser *user = spotify_stand_in_get_user (self, name != NULL ? name : "ann");
  const struct
  {
    const char *name;
    gboolean *field;
  } switches[] = {
    { "premium", &user->premium }, { "allowed", &user->allowed }, { "revoked", &user->revoked }, { "device", &user->device },
    { "active", &user->active }, { "restricted", &user->restricted }, { "playing", &user->playing },
  };

  for (guint i = 0; query != NULL && i < G_N_ELEMENTS (switches); i++)
    if (g_hash_table_contains (query, switches[i].name))
      *switches[i].field = g_str_equal (g_hash_table_lookup (query, switches[i].name), "1");
  if (query != NULL && g_hash_table_contains (query, "mood"))
    spotify_stand_in_set_mood (self, user->id, (SpotifyStandInMood) g_ascii_strtoll (g_hash_table_lookup (query, "mood"), NULL, 10));
  /* The access tokens end too, so that the next call finds out. */
  if (query != NULL && g_hash_table_contains (query, "expire"))
    g_hash_table_remove_all (user->access);
  if (query != NULL && g_hash_table_contains (query, "limit"))
    spotify_stand_in_limit (self, 1, (guint) g_ascii_strtoll (g_hash_table_lookup (query, "limit"), NULL, 10), FALSE);
  soup_server_message_set_status (message, 204, NULL);
}

/* One pixel. */
static void
image_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  static const char pixel[] = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (pixel, &length);

  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "image/png", SOUP_MEMORY_COPY, (const char *) bytes, length);
}

char *
spotify_stand_in_consent (SpotifyStandIn *self, const char *authorize_url, const char *user, gboolean yes)
{
  g_autoptr (GUri) uri = g_uri_parse (authorize_url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GHashTable) query = soup_form_decode (g_uri_get_query (uri));

  return decide (self, query, user, yes);
}

void
spotify_stand_in_set_mood (SpotifyStandIn *self, const char *user, SpotifyStandInMood mood)
{
  g_hash_table_insert (self->moods, g_strdup (user), GUINT_TO_POINTER (mood));
}

void
spotify_stand_in_set_token_mood (SpotifyStandIn *self, SpotifyStandInMood mood)
{
  self->token_mood = mood;
}

void
spotify_stand_in_limit (SpotifyStandIn *self, guint limit, guint retry_after, gboolean quota)
{
  self->limit = limit;
  self->retry_after = retry_after;
  self->quota = quota;
}

guint
spotify_stand_in_get_refusals (SpotifyStandIn *self)
{
  return self->refusals;
}

guint
spotify_stand_in_get_rude (SpotifyStandIn *self)
{
  return self->rude;
}

guint
spotify_stand_in_get_calls (SpotifyStandIn *self)
{
  return self->calls;
}

void
spotify_stand_in_set_hook (SpotifyStandIn *self, void (*hook) (gpointer data), gpointer data)
{
  self->hook = hook;
  self->hook_data = data;
}

const char *
spotify_stand_in_get_accounts_url (SpotifyStandIn *self)
{
  return self->accounts_url;
}

const char *
spotify_stand_in_get_api_url (SpotifyStandIn *self)
{
  return self->api_url;
}

/* Handed over as Tempo's own server does it: libsoup 3.2 keeps a socket of every connection it accepts itself. */
static gboolean
incoming_cb (GSocketService *door, GSocketConnection *connection, GObject *source, gpointer data)
{
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  SpotifyStandIn *self = data;

  if (remote != NULL)
    soup_server_accept_iostream (self->server, G_IO_STREAM (connection), remote, remote, NULL);

  return TRUE;
}

static guint16
open_door (SpotifyStandIn *self)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->door = g_socket_service_new ();
  g_signal_connect (self->door, "incoming", G_CALLBACK (incoming_cb), self);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->door), any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound,
                                 &error);
  g_assert_no_error (error);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

static void
close_door (SpotifyStandIn *self)
{
  g_socket_service_stop (self->door);
  g_socket_listener_close (G_SOCKET_LISTENER (self->door));
  g_signal_handlers_disconnect_by_data (self->door, self);
  g_clear_object (&self->door);
}

SpotifyStandIn *
spotify_stand_in_new (TempoClock *clock)
{
  SpotifyStandIn *self = g_new0 (SpotifyStandIn, 1);

  self->clock = g_object_ref (clock);
  self->users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_user);
  self->codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_code);
  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_client);
  self->owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->moods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->unmeant = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->hanging = g_ptr_array_new_with_free_func (g_object_unref);
  self->server = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_handler (self->server, "/v1", api_cb, self, NULL);
  soup_server_add_handler (self->server, "/api/token", token_cb, self, NULL);
  soup_server_add_handler (self->server, "/authorize", authorize_cb, self, NULL);
  soup_server_add_handler (self->server, "/switch", switch_cb, self, NULL);
  soup_server_add_handler (self->server, "/image", image_cb, self, NULL);
  self->accounts_url = g_strdup_printf ("http://127.0.0.1:%u", open_door (self));
  self->api_url = g_strconcat (self->accounts_url, "/v1", NULL);

  return self;
}

void
spotify_stand_in_free (SpotifyStandIn *self)
{
  close_door (self);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->hanging, g_ptr_array_unref);
  g_clear_pointer (&self->users, g_hash_table_unref);
  g_clear_pointer (&self->codes, g_hash_table_unref);
  g_clear_pointer (&self->clients, g_hash_table_unref);
  g_clear_pointer (&self->owners, g_hash_table_unref);
  g_clear_pointer (&self->moods, g_hash_table_unref);
  g_clear_pointer (&self->unmeant, g_hash_table_unref);
  g_clear_pointer (&self->accounts_url, g_free);
  g_clear_pointer (&self->api_url, g_free);
  g_clear_object (&self->clock);
  g_free (self);
}

void
spotify_waiter_done (GObject *source, GAsyncResult *result, gpointer waiter)
{
  SpotifyWaiter *self = waiter;

  self->result = g_object_ref (result);
  self->done = TRUE;
}

static gboolean
late_cb (gpointer user_data)
{
  g_error ("waited too long");
  return G_SOURCE_REMOVE;
}

GAsyncResult *
spotify_waiter_wait (SpotifyWaiter *self)
{
  guint deadline = g_timeout_add_seconds (20, late_cb, NULL);

  while (!self->done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
  self->done = FALSE;

  return g_steal_pointer (&self->result);
}
