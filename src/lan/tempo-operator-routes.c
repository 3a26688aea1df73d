/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/tempo-json.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-lan-private.h"
#include "model/tempo-event.h"
#include "store/tempo-store.h"

/* What the operator of an installation asks: all organizations at a glance, and how the program is. What takes a look
 * at the disk is done beside the engine. */

/* What only the disk knows of an organization. */
typedef struct
{
  char *folder; /* (owned) (nullable) while its file is open */
  gint64 bytes;
  gint64 backup; /* wall µs, 0 for none */
} OnDisk;

static void
free_on_disk (gpointer data)
{
  g_autofree OnDisk *self = data;

  g_clear_pointer (&self->folder, g_free);
}

#define MAX_DEPTH 6

/* Adds up a folder; links are not followed. */
static gint64
add_up (const char *path, guint depth)
{
  g_autoptr (GDir) dir = depth < MAX_DEPTH ? g_dir_open (path, 0, NULL) : NULL;
  gint64 bytes = 0;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      GStatBuf info;

      if (g_lstat (child, &info) != 0)
        continue;
      bytes += S_ISDIR (info.st_mode) ? add_up (child, depth + 1) : S_ISREG (info.st_mode) ? (gint64) info.st_size : 0;
    }
  return bytes;
}

static gint64
find_newest (const char *folder)
{
  g_autofree char *backups = g_build_filename (folder, "backups", NULL);
  g_autoptr (GDir) dir = g_dir_open (backups, 0, NULL);
  gint64 newest = 0;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (backups, name, NULL);
      GStatBuf info;

      if (g_str_has_suffix (name, ".db") && g_stat (path, &info) == 0)
        newest = MAX (newest, (gint64) info.st_mtime * G_USEC_PER_SEC);
    }
  return newest;
}

static void
look_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  GPtrArray *all = task_data;

  for (guint i = 0; i < all->len; i++)
    {
      OnDisk *disk = g_ptr_array_index (all, i);

      if (disk->folder == NULL)
        continue;
      disk->bytes = add_up (disk->folder, 0);
      disk->backup = find_newest (disk->folder);
    }
  g_task_return_boolean (task, TRUE);
}

/* {"licence":{…}} without the outer braces' name: the member's value alone. */
static void
write_licence (TempoHost *host, const char *id, TempoJson *json)
{
  g_autoptr (GBytes) bytes = tempo_host_describe_licence (host, id);
  gsize length = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  const gsize skip = strlen ("{\"licence\":");

  if (text != NULL && length > skip + 1 && g_str_has_prefix (text, "{\"licence\":"))
    tempo_json_raw (json, "licence", text + skip, length - skip - 1);
  else
    tempo_json_null (json, "licence");
}

static void
write_rooms (TempoHost *host, const char *id, TempoJson *json)
{
  g_autoptr (GPtrArray) rooms = tempo_host_get_rooms (host, id);
  guint listeners = 0, displays = 0, guests = 0;

  tempo_json_begin_array (json, "events");
  for (guint i = 0; i < rooms->len; i++)
    {
      g_autoptr (TempoRoomView) view = tempo_room_get_view (g_ptr_array_index (rooms, i));

      listeners += view->listeners;
      displays += view->displays;
      guests += view->guests->len;
      if (view->event == NULL)
        continue;
      tempo_json_begin_object (json, NULL);
      tempo_json_string (json, "room", view->room->name);
      tempo_json_string (json, "name", view->event->name);
      tempo_json_time (json, "startedAt", view->event->started_at);
      tempo_json_end_object (json);
    }
  tempo_json_end_array (json);
  tempo_json_int (json, "rooms", rooms->len);
  tempo_json_int (json, "guests", guests);
  tempo_json_int (json, "listeners", listeners);
  tempo_json_int (json, "displays", displays);
}

static void
write_organization (TempoHost *host, TempoOrganization *organization, OnDisk *disk, TempoJson *json)
{
  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "id", organization->id);
  tempo_json_string (json, "slug", organization->slug);
  tempo_json_string (json, "name", organization->name);
  tempo_json_bool (json, "active", organization->active);
  write_rooms (host, organization->id, json);
  if (disk->folder != NULL)
    tempo_json_int (json, "sizeBytes", disk->bytes);
  else
    tempo_json_null (json, "sizeBytes");
  tempo_json_time (json, "lastBackupAt", disk->backup);
  write_licence (host, organization->id, json);
  tempo_json_end_object (json);
}

typedef struct
{
  TempoExchange *exchange;  /* (owned) */
  GPtrArray *organizations; /* (owned) (element TempoOrganization) */
  char *next;               /* (owned) (nullable) where the page after begins */
} Listing;

#define MAX_LISTED 200

/* What is before and after the page goes; each one left costs a look at the disk. (transfer full) (nullable): the cursor. */
static char *
cut_page (GPtrArray *all, const char *cursor, guint limit)
{
  guint first = 0;

  while (cursor != NULL && *cursor != '\0' && first < all->len
         && strcmp (((TempoOrganization *) g_ptr_array_index (all, first))->id, cursor) != 0)
    first++;
  /* The page after begins behind the last of the one before; of one that is gone there is none. */
  if (cursor != NULL && *cursor != '\0')
    first++;
  if (first > 0)
    g_ptr_array_remove_range (all, 0, MIN (first, all->len));
  if (all->len <= limit)
    return NULL;
  g_ptr_array_remove_range (all, limit, all->len - limit);
  return g_strdup (((TempoOrganization *) g_ptr_array_index (all, limit - 1))->id);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Listing *listing = user_data;
  g_autoptr (TempoExchange) exchange = listing->exchange;
  g_autoptr (GPtrArray) organizations = listing->organizations;
  g_autofree char *next = listing->next;
  GPtrArray *disks = g_task_get_task_data (G_TASK (result));
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "organizations");
  for (guint i = 0; i < organizations->len; i++)
    write_organization (TEMPO_HOST (source), g_ptr_array_index (organizations, i), g_ptr_array_index (disks, i), json);
  tempo_json_end_array (json);
  tempo_json_string (json, "next", next);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

static void
list_organizations (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  Listing *listing = g_new0 (Listing, 1);
  g_autoptr (GPtrArray) disks = g_ptr_array_new_with_free_func (free_on_disk);
  g_autoptr (GTask) task = NULL;

  listing->exchange = tempo_exchange_ref (exchange);
  listing->organizations = tempo_host_list_organizations (server->host);
  listing->next = cut_page (listing->organizations, tempo_exchange_get_query (exchange, "cursor"),
                            (guint) tempo_exchange_get_query_int (exchange, "limit", 1, MAX_LISTED, MAX_LISTED));
  for (guint i = 0; i < listing->organizations->len; i++)
    {
      TempoOrganization *organization = g_ptr_array_index (listing->organizations, i);
      TempoStore *store = tempo_host_get_store (server->host, organization->id);
      OnDisk *disk = g_new0 (OnDisk, 1);

      disk->folder = store != NULL ? g_path_get_dirname (tempo_store_get_path (store)) : NULL;
      g_ptr_array_add (disks, disk);
    }
  task = g_task_new (server->host, NULL, looked_cb, listing);
  g_task_set_source_tag (task, list_organizations);
  g_task_set_task_data (task, g_steal_pointer (&disks), (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, look_thread);
}

static void
write_health (TempoLanServer *server, TempoJson *json)
{
  static const char *const levels[] = { "good", "warning", "bad" };
  g_autoptr (GPtrArray) rooms = tempo_host_get_rooms (server->host, NULL);
  g_autoptr (GHashTable) said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  tempo_json_begin_array (json, "health");
  for (guint i = 0; i < rooms->len; i++)
    {
      g_autoptr (TempoRoomView) view = tempo_room_get_view (g_ptr_array_index (rooms, i));

      for (guint j = 0; view->health != NULL && j < view->health->len; j++)
        {
          TempoHealth *line = g_ptr_array_index (view->health, j);
          char *key = g_strdup_printf ("%s %s %s", line->code, line->text, view->organization->id);

          if (line->level == TEMPO_HEALTH_GOOD || !g_hash_table_add (said, key))
            continue;
          tempo_json_begin_object (json, NULL);
          tempo_json_string (json, "code", line->code);
          tempo_json_string (json, "level", levels[line->level]);
          tempo_json_string (json, "text", line->text);
          tempo_json_string (json, "organization", view->organization->name);
          tempo_json_string (json, "organizationId", view->organization->id);
          tempo_json_end_object (json);
        }
    }
  tempo_json_end_array (json);
}

static gint64
read_memory (void)
{
  g_autofree char *text = NULL;
  guint64 pages = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  pages = strchr (text, ' ') != NULL ? g_ascii_strtoull (strchr (text, ' '), NULL, 10) : 0;
  return (gint64) pages * sysconf (_SC_PAGESIZE);
}

static void
get_installation (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  g_autofree char *url = tempo_lan_server_get_url (server);
  g_autofree char *tls = tempo_lan_server_get_tls_url (server);
  g_autofree char *fingerprint = tempo_lan_server_get_fingerprint (server);
  TempoJson *json = tempo_json_new ();
  guint guests, displays, staff;

  tempo_room_feeds_count (server->feeds, &guests, &displays, &staff, NULL);
  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "version", TEMPO_VERSION);
  tempo_json_string (json, "url", url);
  tempo_json_string (json, "staffUrl", tls);
  tempo_json_string (json, "fingerprint", fingerprint);
  tempo_json_int (json, "guests", guests);
  tempo_json_int (json, "displays", displays);
  tempo_json_int (json, "staff", staff);
  tempo_json_int (json, "connections", tempo_listener_get_n_connections (server->listener));
  tempo_json_int (json, "turnedAway", (gint64) tempo_listener_get_n_turned_away (server->listener));
  tempo_json_int (json, "timedOut", (gint64) tempo_listener_get_n_timed_out (server->listener));
  tempo_json_int (json, "memoryBytes", read_memory ());
  write_health (server, json);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

static const TempoRoute routes[] = {
  { "GET", "/api/organizations", TEMPO_WHO (SUPER, 0), 0, 0, list_organizations },
  { "GET", "/api/installation", TEMPO_WHO (SUPER, 0), 0, 0, get_installation },
};

/* For the super admin only; nothing here can be changed.
 */
void
tempo_operator_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
