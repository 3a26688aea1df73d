/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/tempo-member.h"
#include "model/tempo-organization.h"
#include "venue/tempo-command.h"

G_BEGIN_DECLS

/* The engine of one installation: its data folder, its engine thread, every open
 * organization. Made and dropped on any one thread; every function here may be
 * called from any thread unless it says "engine thread". Async callbacks come in
 * the caller's thread-default main context. */

#define TEMPO_TYPE_HOST (tempo_host_get_type ())
GType tempo_host_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoHost, g_object_unref)
#define TEMPO_HOST(o) (G_TYPE_CHECK_INSTANCE_CAST ((o), TEMPO_TYPE_HOST, TempoHost))

typedef struct
{
  const char *data_dir;    /* made when missing, 0700 */
  TempoClock *clock;       /* (nullable) the system's */
  TempoSecrets *secrets;   /* (nullable) in memory */
  const char *audio_sink;  /* (nullable) GStreamer description; NULL: the desktop's */
  const char *music_folder; /* (nullable) used by rooms of organizations that have no folder set */
  gboolean demo;           /* rooms without music play the demonstration tunes; an empty folder gets a house with a room */
  const char *licence_keys; /* (nullable) public keys of licences beside those of the build, for tests */
  const char *demo_folder; /* (nullable) where the demonstration tunes are */
  const char *spotify_accounts_url; /* (nullable) with the next one: where Spotify is; NULL: there is none */
  const char *spotify_api_url;
} TempoHostOptions;

TempoHost *tempo_host_new (const TempoHostOptions *options);
/* Starts the engine thread, takes the data folder's lock, opens what is there and continues active events.
 * Errors: TEMPO_STORE_ERROR (busy, newer schema, corrupt, full, read-only). */
void tempo_host_start_async (TempoHost *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_host_start_finish (TempoHost *self, GAsyncResult *result, GError **error);
/* Finishes what was accepted, saves positions, closes files, ends the engine thread. */
void tempo_host_stop_async (TempoHost *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_host_stop_finish (TempoHost *self, GAsyncResult *result, GError **error);

/* The open file of an organization, for read-only work (statistics, export, audit check). Engine thread. (transfer none) (nullable). */
TempoStore *tempo_host_get_store (TempoHost *self, const char *organization_id);
/* The engine thread's context (thread-default there). The LAN server lives in it. (transfer none). */
GMainContext *tempo_host_get_context (TempoHost *self);
TempoClock *tempo_host_get_clock (TempoHost *self);
const char *tempo_host_get_data_dir (TempoHost *self);

/* The one door to every use case. Errors: TEMPO_REFUSAL. The answer comes after the commit. */
void tempo_host_execute_async (TempoHost *self, TempoCommand *command, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
TempoOutcome *tempo_host_execute_finish (TempoHost *self, GAsyncResult *result, GError **error);

/* Makes an organization with a room "Main" and its owner. @slug, @code: (nullable) from the name.
 * @password: (nullable) an owner who can only use the desktop. Refusals: conflict, invalid. (transfer full). */
void tempo_host_create_organization_async (TempoHost *self, TempoActor *actor, const char *name, const char *slug, const char *code, const char *username, const char *password,
                                           GAsyncReadyCallback callback, gpointer user_data);
TempoOrganization *tempo_host_create_organization_finish (TempoHost *self, GAsyncResult *result, GError **error);
/* Renames one, gives it another slug, closes it or opens it again. @actor: local or a super admin. @name, @slug: (nullable).
 * @active: 1, 0 or -1 for as it is. Refusals: forbidden, not_found, invalid, conflict, event_active. (transfer full). */
void tempo_host_update_organization_async (TempoHost *self, TempoActor *actor, const char *organization_id, const char *name, const char *slug, int active,
                                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
TempoOrganization *tempo_host_update_organization_finish (TempoHost *self, GAsyncResult *result, GError **error);
/* (element TempoOrganization) (transfer full). A snapshot. */
GPtrArray *tempo_host_list_organizations (TempoHost *self);
/* Why the file of an organization could not be opened, so that it is missing from the list above, or NULL. @organization_id: slug or id.
 * Any thread. (transfer full) (nullable). */
char *tempo_host_dup_unopened (TempoHost *self, const char *organization_id);
/* The same as a TempoStoreError, -1 when it is open. */
int tempo_host_get_unopened (TempoHost *self, const char *organization_id);
/* Which organization that is, by its slug or id, or by the code of one of its rooms; NULL when it is open, or there is none.
 * The second on the engine thread. (transfer full) (nullable). */
TempoOrganization *tempo_host_find_unopened (TempoHost *self, const char *organization);
TempoOrganization *tempo_host_find_unopened_room (TempoHost *self, const char *code);
/* Names of those organizations. (transfer full) (element TempoOrganization). */
GPtrArray *tempo_host_list_unopened (TempoHost *self);
/* What the organization is called now that was called @slug before. Engine thread. (transfer full) (nullable). */
char *tempo_host_dup_new_slug (TempoHost *self, const char *slug);
/* (element TempoRoomInfo) of an organization (transfer full). A snapshot; empty for an unknown id. */
GPtrArray *tempo_host_list_rooms (TempoHost *self, const char *organization_id);

/* Settings of the installation (registry): "port", "staff_over_http" … Reads come from memory, a write waits for one fsync.
 * @value: (nullable) removes. After start; any thread but the desktop's main one. (transfer full) (nullable). */
char *tempo_host_get_setting (TempoHost *self, const char *key);
gboolean tempo_host_set_setting (TempoHost *self, const char *key, const char *value, GError **error);
/* The same on the engine thread, which does not wait: the setting is read so from when it is durable. @callback: (nullable). */
void tempo_host_set_setting_async (TempoHost *self, const char *key, const char *value, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_host_set_setting_finish (TempoHost *self, GAsyncResult *result, GError **error);
/* The same by a person: in the log of every organization of the installation. */
gboolean tempo_host_change_setting (TempoHost *self, TempoActor *actor, const char *key, const char *value, GError **error);
/* One more call of the API for an organization, for the figures of the day. Engine thread. */
void tempo_host_count_call (TempoHost *self, const char *organization_id);
/* {"licence":{"tier","state","until","limits":{},"used":{},…}}. Engine thread. (transfer full) (nullable). */
GBytes *tempo_host_describe_licence (TempoHost *self, const char *organization_id);
/* Whose licence key it is. Engine thread. Refusals: invalid, forbidden. (transfer none) (nullable). */
const char *tempo_host_find_licence_key (TempoHost *self, const char *key, GError **error);
/* Where secrets live. (transfer none). */
TempoSecrets *tempo_host_get_secrets (TempoHost *self);

/* A consistent, verified copy of one organization's file under backups/; (transfer full) its path.
 * Daily ones are made by the engine itself and thinned to 7 days, 4 weeks, 12 months. */
void tempo_host_backup_async (TempoHost *self, const char *organization_id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char *tempo_host_backup_finish (TempoHost *self, GAsyncResult *result, GError **error);

/* The organization's sign on every screen. @image: (nullable) a PNG or JPEG file of at most 4 MiB; NULL removes it.
 * Refusals: forbidden, invalid, conflict, storage. Any thread. */
void tempo_host_set_logo_async (TempoHost *self, TempoActor *actor, const char *organization_id, GBytes *image,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_host_set_logo_finish (TempoHost *self, GAsyncResult *result, GError **error);
/* A picture the screens of @room show: a song's, or the sign of its organization. Engine thread. (transfer full);
 * @content_type: (out) (optional) (transfer none). */
void tempo_host_load_artwork_async (TempoHost *self, TempoRoom *room, const char *id, GAsyncReadyCallback callback, gpointer user_data);
GBytes *tempo_host_load_artwork_finish (TempoHost *self, GAsyncResult *result, const char **content_type, GError **error);

/* Something went wrong in a call for an organization: a line of its logbook, and of the console. @text: English, without what
 * came from outside. Engine thread. */
void tempo_host_log_fault (TempoHost *self, const char *organization_id, const char *text);

/* What the LAN server tells the engine for views, displays and the self-test. Engine thread. */
void tempo_host_set_address (TempoHost *self, const char *base_url);
void tempo_host_set_health (TempoHost *self, const char *code, guint level, const char *text);
const char *tempo_host_get_address (TempoHost *self);

G_END_DECLS
