/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/desk/tempo-spotify-line.h"

#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "music/spotify/tempo-spotify-reader.h"
#include "music/tempo-source.h"
#include "venue/tempo-host-spotify.h"

static void
end (GTask *task,
     TempoJson *json)
{
  tempo_json_end_object (json);
  g_task_return_pointer (task, tempo_json_finish (json), (GDestroyNotify) g_bytes_unref);
}

static TempoJson *
begin_object (void)
{
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  return json;
}

static void
report_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (TempoSpotifyReport) report = tempo_host_spotify_report_finish (TEMPO_HOST (object), result, &error);

  if (report == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, tempo_spotify_report_to_bytes (report), (GDestroyNotify) g_bytes_unref);
}

static void
signed_in_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autofree char *address = tempo_host_spotify_sign_in_finish (TEMPO_HOST (object), result, &error);
  TempoJson *json;

  if (address == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  json = begin_object ();
  tempo_json_string (json, "authorizeUrl", address);
  end (task, json);
}

static void
disconnected_cb (GObject *object,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!tempo_host_spotify_disconnect_finish (TEMPO_HOST (object), result, &error))
    g_task_return_error (task, error);
  else
    end (task, begin_object ());
}

static void
playlists_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) playlists = tempo_host_spotify_list_playlists_finish (TEMPO_HOST (object), result, &error);
  TempoJson *json;

  if (playlists == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  json = begin_object ();
  tempo_json_begin_array (json, "playlists");
  for (guint i = 0; i < playlists->len; i++)
    {
      TempoPlaylist *playlist = g_ptr_array_index (playlists, i);

      tempo_json_begin_object (json, NULL);
      tempo_json_string (json, "id", playlist->id);
      tempo_json_string (json, "name", playlist->name);
      tempo_json_end_object (json);
    }
  tempo_json_end_array (json);
  end (task, json);
}

/* Devices that cannot be asked by other apps, or have no name to be asked by, are no choice. */
static void
devices_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) devices = tempo_host_spotify_list_devices_finish (TEMPO_HOST (object), result, &error);
  TempoJson *json;

  if (devices == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  json = begin_object ();
  tempo_json_begin_array (json, "devices");
  for (guint i = 0; i < devices->len; i++)
    {
      TempoSpotifyDevice *device = g_ptr_array_index (devices, i);

      if (device->id == NULL || device->restricted)
        continue;
      tempo_json_begin_object (json, NULL);
      tempo_json_string (json, "id", device->id);
      tempo_json_string (json, "name", device->name);
      tempo_json_end_object (json);
    }
  tempo_json_end_array (json);
  end (task, json);
}

/* The browser comes back to the guests' door on this computer. 0: there is none. */
static guint16
find_port (TempoRoomView *view)
{
  g_autoptr (GUri) join = view != NULL && view->join_url != NULL ? g_uri_parse (view->join_url, G_URI_FLAGS_NONE, NULL) : NULL;

  if (join == NULL)
    return 0;
  return g_uri_get_port (join) > 0 ? (guint16) g_uri_get_port (join) : 80;
}

static void
sign_in (GTask *task,
         TempoHost *host,
         const char *organization_id,
         guint16 port,
         const char *client_id)
{
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);

  if (port == 0)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "there is no address to come back to");
      g_object_unref (task);
      return;
    }
  tempo_host_spotify_sign_in_async (host, actor, organization_id, client_id, TRUE, port, NULL, signed_in_cb, task);
}

/* Asks the engine; the answer comes in the main loop.
 */
void
tempo_spotify_line_ask_async (TempoHost *host,
                              const char *organization_id,
                              TempoRoomView *view,
                              const char *act,
                              const char *client_id,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = g_task_new (host, NULL, callback, user_data);
  g_autoptr (TempoActor) actor = NULL;

  g_task_set_source_tag (task, tempo_spotify_line_ask_async);
  if (!tempo_host_has_spotify (host))
    {
      g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_SOURCE, NULL, "this installation has no Spotify"));
      g_object_unref (task);
    }
  else if (g_str_equal (act, "sign-in"))
    {
      sign_in (task, host, organization_id, find_port (view), client_id);
    }
  else if (g_str_equal (act, "disconnect"))
    {
      actor = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);
      tempo_host_spotify_disconnect_async (host, actor, organization_id, NULL, disconnected_cb, task);
    }
  else if (g_str_equal (act, "playlists"))
    {
      tempo_host_spotify_list_playlists_async (host, organization_id, NULL, playlists_cb, task);
    }
  else if (g_str_equal (act, "devices"))
    {
      tempo_host_spotify_list_devices_async (host, organization_id, NULL, devices_cb, task);
    }
  else
    {
      tempo_host_spotify_report_async (host, organization_id, NULL, report_cb, task);
    }
}

/* Ends tempo_spotify_line_ask_async().
 */
GBytes *
tempo_spotify_line_ask_finish (GAsyncResult *result,
                               GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
