/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/tempo-json.h"
#include "model/tempo-room-view.h"
#include "venue/tempo-command.h"
#include "venue/tempo-people.h"

G_BEGIN_DECLS

/* The panel's line to the engine, as a seam: TempoHostLink is the real one, the
 * tests have a twin in memory. A link shows one room at a time in its property
 * "view" (NULL before a room was opened). Main thread only; nothing here waits. */
#define TEMPO_TYPE_LINK (tempo_link_get_type ())
G_DECLARE_DERIVABLE_TYPE (TempoLink, tempo_link, TEMPO, LINK, GObject)

typedef struct
{
  gboolean scanning;
  guint scanned;
  guint total;
  guint songs;
  guint broken;
} TempoLinkScan;

/* All finish functions of one shape share one signature each, so the interface
 * stays a page: what differs is what the task carries. */
struct _TempoLinkClass
{
  GObjectClass parent_class;

  void (*execute_async) (TempoLink *self, TempoCommand *command,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  TempoOutcome *(*execute_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  void (*search_async) (TempoLink *self, const char *query, guint limit,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  GPtrArray *(*search_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  void (*artwork_async) (TempoLink *self, const char *artwork,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  GBytes *(*artwork_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  void (*set_music_async) (TempoLink *self, const char *source, const char *folder,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*set_music_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  void (*list_async) (TempoLink *self, const char *list,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  GBytes *(*list_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  void (*set_logo_async) (TempoLink *self, GBytes *image, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*set_logo_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  void (*people_async) (TempoLink *self, TempoPeopleCommand *command, GAsyncReadyCallback callback, gpointer user_data);
  TempoPeopleOutcome *(*people_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  gboolean (*has_pin) (TempoLink *self);
  void (*check_pin_async) (TempoLink *self, const char *pin, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*check_pin_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  void (*set_pin_async) (TempoLink *self, const char *old, const char *pin, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*set_pin_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  void (*backup_async) (TempoLink *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  char *(*backup_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  void (*spotify_async) (TempoLink *self, const char *act, const char *client_id, GAsyncReadyCallback callback, gpointer user_data);
  GBytes *(*spotify_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  void (*create_venue_async) (TempoLink *self, const char *name, const char *code,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*create_venue_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  void (*update_organization_async) (TempoLink *self, const char *organization_id, const char *slug, int active,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*update_organization_finish) (TempoLink *self, GAsyncResult *result, GError **error);
  GPtrArray *(*list_organizations) (TempoLink *self);
  GPtrArray *(*list_unopened) (TempoLink *self);
  int (*get_unopened) (TempoLink *self, const char *organization_id);
  GPtrArray *(*list_rooms_of) (TempoLink *self, const char *organization_id);
  GPtrArray *(*list_rooms) (TempoLink *self);
  gboolean (*open_room) (TempoLink *self, const char *room_id);
  void (*get_scan) (TempoLink *self, TempoLinkScan *scan);
  gint64 (*get_now) (TempoLink *self);
  char *(*get_folder) (TempoLink *self, const char *which);
  gpointer (*get_monitor) (TempoLink *self);
};

/* (transfer none) (nullable). */
TempoRoomView *tempo_link_get_view (TempoLink *self);
/* For subclasses: @view is the newest; notifies. */
void tempo_link_take_view (TempoLink *self, TempoRoomView *view);

void tempo_link_execute_async (TempoLink *self, TempoCommand *command,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
TempoOutcome *tempo_link_execute_finish (TempoLink *self, GAsyncResult *result, GError **error);
void tempo_link_search_async (TempoLink *self, const char *query, guint limit,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* (element TempoSong) (transfer full). */
GPtrArray *tempo_link_search_finish (TempoLink *self, GAsyncResult *result, GError **error);
void tempo_link_artwork_async (TempoLink *self, const char *artwork,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes *tempo_link_artwork_finish (TempoLink *self, GAsyncResult *result, GError **error);
/* @source: "library" or "manual"; @folder: (nullable). */
void tempo_link_set_music_async (TempoLink *self, const char *source, const char *folder,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_link_set_music_finish (TempoLink *self, GAsyncResult *result, GError **error);
/* @list: "settings", "room-settings" (of the open room), "events", "displays" …; the answer is JSON text as the API has it. */
void tempo_link_list_async (TempoLink *self, const char *list,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes *tempo_link_list_finish (TempoLink *self, GAsyncResult *result, GError **error);
/* Takes an answer apart. @answer: (nullable). @member: (nullable) the object that is wanted, NULL for the whole. (transfer full)
 * (nullable) when it is not there. */
JsonObject *tempo_link_read (GBytes *answer, const char *member);
/* Ends tempo_link_list_async() for one object of the answer. (transfer full) (nullable) when it failed or has none. */
JsonObject *tempo_link_list_finish_object (TempoLink *self, GAsyncResult *result, const char *member);
/* @image: (nullable) a PNG or JPEG file; NULL removes the sign of the open organization. */
void tempo_link_set_logo_async (TempoLink *self, GBytes *image, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_link_set_logo_finish (TempoLink *self, GAsyncResult *result, GError **error);
/* Everything about people: members, invitations. */
void tempo_link_people_async (TempoLink *self, TempoPeopleCommand *command, GAsyncReadyCallback callback, gpointer user_data);
TempoPeopleOutcome *tempo_link_people_finish (TempoLink *self, GAsyncResult *result, GError **error);
/* Whether the desktop can be locked. */
gboolean tempo_link_has_pin (TempoLink *self);
void tempo_link_check_pin_async (TempoLink *self, const char *pin, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_link_check_pin_finish (TempoLink *self, GAsyncResult *result, GError **error);
/* @old: (nullable) the one in force, which is checked first; @pin: (nullable) NULL takes it away. */
void tempo_link_set_pin_async (TempoLink *self, const char *old, const char *pin, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_link_set_pin_finish (TempoLink *self, GAsyncResult *result, GError **error);
/* Property "locked": while it is set, nothing that changes anything gets through; whatever asked is refused. */
void tempo_link_set_locked (TempoLink *self, gboolean locked);
gboolean tempo_link_get_locked (TempoLink *self);
/* (transfer full): the path of the copy. */
void tempo_link_backup_async (TempoLink *self,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char *tempo_link_backup_finish (TempoLink *self, GAsyncResult *result, GError **error);
/* The Spotify account of the open organization. @act: "report", "sign-in" (with @client_id, or NULL for the one used
 * before; the person confirmed what the terms allow), "disconnect", "playlists" or "devices". The answer is JSON text as
 * the API has it. */
void tempo_link_spotify_async (TempoLink *self, const char *act, const char *client_id, GAsyncReadyCallback callback, gpointer user_data);
GBytes *tempo_link_spotify_finish (TempoLink *self, GAsyncResult *result, GError **error);
/* First run: makes the venue and opens its room. @code: (nullable) the letters before its numbers; from the name. */
void tempo_link_create_venue_async (TempoLink *self, const char *name, const char *code,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_link_create_venue_finish (TempoLink *self, GAsyncResult *result, GError **error);
/* Another name in addresses (@slug: nullable), closed or open (@active: 1, 0, or -1 for as it is). */
void tempo_link_update_organization_async (TempoLink *self, const char *organization_id, const char *slug, int active,
                                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_link_update_organization_finish (TempoLink *self, GAsyncResult *result, GError **error);
/* (element TempoOrganization) (transfer full): all of this computer, closed ones too. */
GPtrArray *tempo_link_list_organizations (TempoLink *self);
/* (element TempoOrganization) (transfer full): those whose file cannot be opened, so that they are missing above. */
GPtrArray *tempo_link_list_unopened (TempoLink *self);
/* The TempoStoreError it is for; -1 for one that is open. */
int tempo_link_get_unopened (TempoLink *self, const char *organization_id);
/* (element TempoRoomInfo) (transfer full): of one of them, closed ones too. */
GPtrArray *tempo_link_list_rooms_of (TempoLink *self, const char *organization_id);
/* (element TempoRoomInfo) (transfer full): open ones of all open venues on this computer. */
GPtrArray *tempo_link_list_rooms (TempoLink *self);
/* @room_id: (nullable): the first there is. FALSE when there is none. */
gboolean tempo_link_open_room (TempoLink *self, const char *room_id);
void tempo_link_get_scan (TempoLink *self, TempoLinkScan *scan);
/* Wall microseconds of the engine's clock. */
gint64 tempo_link_get_now (TempoLink *self);
/* @which: "data"; "backups" or "logs" (of the open organization). (transfer full) (nullable). */
char *tempo_link_get_folder (TempoLink *self, const char *which);
/* The TempoMonitor for the projector window; NULL for a twin. (transfer none) (nullable). */
gpointer tempo_link_get_monitor (TempoLink *self);

G_END_DECLS
