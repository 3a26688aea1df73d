/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "access/tempo-throttle.h"
#include "music/spotify/tempo-spotify-service.h"
#include "music/tempo-source.h"
#include "store/tempo-logbook.h"
#include "store/tempo-registry.h"
#include "venue/tempo-host.h"
#include "venue/tempo-licences-private.h"
#include "venue/tempo-venue-private.h"

/* How far the scan of a room's library is. */
typedef struct
{
  gboolean scanning;
  guint scanned, total, songs, broken;
} TempoScan;

/* Makes a source of a room. @kind: "library", "manual", "mpd" … (transfer full). */
typedef TempoSource *(*TempoSourceFactory) (TempoRoom *room, const char *kind, gpointer user_data);

typedef struct
{
  GObjectClass parent_class;
} TempoHostClass;

/* An organization whose file could not be opened. The others go on; it is tried again now and then. */
typedef struct
{
  TempoOrganization *organization; /* (owned) */
  char *reason;                    /* (owned) */
  int code;                        /* a TempoStoreError */
} TempoUnopened;

struct _TempoHost
{
  GObject parent_instance;

  char *data_dir;     /* (owned) */
  char *audio_sink;   /* (owned) (nullable) */
  char *music_folder; /* (owned) (nullable) */
  char *demo_folder;  /* (owned) (nullable) */
  gboolean demo;
  TempoClock *clock;     /* (owned) */
  TempoSecrets *secrets; /* (owned) (nullable) */
  TempoLogbook *logbook; /* (owned) any thread */
  TempoSourceFactory source_factory;
  gpointer source_factory_data;

  GThread *thread;
  GMainContext *context; /* (owned) */
  GMainLoop *loop;       /* (owned) */

  /* engine thread */
  TempoRegistry *registry;  /* (owned) (nullable) before start and after stop */
  GPtrArray *venues;        /* (owned) (element TempoVenue) */
  GHashTable *venues_by_name; /* (owned) id or slug → TempoVenue, none */
  GHashTable *rooms_by_id;  /* (owned) (element TempoRoom, none) */
  GHashTable *rooms_by_code;
  GPtrArray *health;        /* (owned) (element TempoHealth) told from outside */
  TempoLicences *licences;  /* (owned) */
  TempoThrottle *by_account, *by_address;
  char *address;            /* (owned) (nullable) base URL of the LAN server */
  GSource *tick;
  GTask *stop_task;         /* (owned) (nullable) */
  gint64 last_job_day;
  guint jobs;               /* workers under way */
  GQueue steps;             /* (owned) (element GTask) commands that wait for the registry */
  gboolean stepping;        /* one of them is being written */
  gboolean running, stopping;
  gboolean demo_fresh;      /* the demonstration was just installed */
  gint64 started_at;

  gint64 next_try;          /* when unopened organizations are tried again */
  gboolean trying;

  GMutex lock;              /* guards the directory, which any thread reads */
  GPtrArray *organizations; /* (element TempoOrganization) */
  GHashTable *room_infos;   /* organization id → GPtrArray of TempoRoomInfo */
  TempoSpotifyService *spotify; /* (owned) (nullable) engine thread; NULL: this installation has none */
  char *spotify_accounts_url, *spotify_api_url; /* (owned) (nullable) */
  GPtrArray *gates;         /* (owned) (nullable) (element TempoRegistryGate) as they were at the start */
  GHashTable *scans;        /* room id → TempoScan */
  GPtrArray *unopened;      /* (element TempoUnopened) */
};

/* tempo-host-unopened.c: what could not be opened. */
void tempo_unopened_free (gpointer data);
/* Any thread. */
void tempo_host_note_unopened (TempoHost *self, TempoOrganization *organization, const GError *error);
/* Engine thread: a worker tries again when it is time. */
void tempo_host_try_unopened (TempoHost *self);

/* tempo-host-log.c: a line for the console and for the logbook of @organization. Any thread. */
void tempo_host_log (TempoHost *self, TempoOrganization *organization, GLogLevelFlags level, const char *format, ...) G_GNUC_PRINTF (4, 5);
/* The file the newest lines of it are in. Any thread. (transfer full). */
char *tempo_host_dup_log_path (TempoHost *self, const char *organization_id);

/* TRUE on the engine thread. */
gboolean tempo_host_is_engine (TempoHost *self);
/* Runs @func on the engine thread, soon. Any thread. */
typedef void (*TempoEngineFunc) (TempoHost *self, GTask *task);
void tempo_host_invoke (TempoHost *self, GTask *task, TempoEngineFunc func);

TempoVenue *tempo_host_find_venue (TempoHost *self, const char *organization);
/* Takes a loaded organization into the engine. (transfer full). */
void tempo_host_add_venue (TempoHost *self, TempoVenue *venue);
void tempo_host_add_room (TempoHost *self, TempoRoom *room, const char *code);
/* Copies names of organizations and rooms to where other threads read them. */
void tempo_host_publish_directory (TempoHost *self);
/* Any thread; zeros for an unknown room. */
void tempo_host_get_scan (TempoHost *self, const char *room_id, TempoScan *scan);
/* Engine thread: what the library of a room just said. */
void tempo_host_set_scan (TempoHost *self, const char *room_id, const TempoScan *scan);
/* Engine thread. A setting of the installation in the log of each of its organizations: it concerns them all. @before, @after:
 * (nullable) JSON, "(secret)" for what no log has. */
void tempo_host_log_setting (TempoHost *self, TempoActor *actor, const char *key, const char *before, const char *after);
/* A venue's last turn is done: goes on with stopping. */
void tempo_host_venue_idle (TempoHost *self);

/* For tests: does everything that time asks for, as of the clock. Engine thread. */
void tempo_host_tick (TempoHost *self);
/* Before start. */
void tempo_host_set_source_factory (TempoHost *self, TempoSourceFactory factory, gpointer user_data);

/* tempo-host-sources.c: the real factory. */
TempoSource *tempo_host_make_source (TempoRoom *room, const char *kind, gpointer user_data);
/* What a source of @kind is made of: with another text, another source is needed. (transfer full). */
char *tempo_host_describe_source (TempoRoom *room, const char *kind);
/* (transfer full) (nullable): the playlist its filler comes from. */
char *tempo_host_get_filler_playlist (TempoRoom *room, const char *kind);
void tempo_host_set_source_options (TempoRoom *room, TempoSource *source);

/* tempo-jobs.c */
void tempo_jobs_tick (TempoHost *self);
void tempo_jobs_event_ended (TempoVenue *venue);
/* Looks for damage in a file that was not closed in order, beside everything else. */
void tempo_jobs_check (TempoHost *self, TempoVenue *venue);
/* How many days, weeks and months have a backup left. */
typedef struct
{
  guint days, weeks, months;
} TempoKeep;
/* Blocks. Makes a verified copy and thins the old ones. (transfer full) (nullable). */
char *tempo_jobs_backup (TempoStore *store, const char *folder, gint64 now, const TempoKeep *keep, GError **error);

/* tempo-demo.c: on the start worker, when nothing is there yet. Blocks. */
gboolean tempo_demo_install (TempoHost *self, GError **error);

/* tempo-founding.c: a new organization's registry entry and file. Blocks. (transfer full). */
TempoOrganization *tempo_accounts_install (TempoHost *self, TempoActor *actor, const char *name, const char *slug,
                                           const char *username,
                                           const char *password_hash, const char *music_folder, GError **error);

/* tempo-host-spotify.c */
/* On the start worker. Blocks. */
void tempo_host_load_gates (TempoHost *self);
/* Engine thread. */
void tempo_host_start_spotify (TempoHost *self);
void tempo_host_stop_spotify (TempoHost *self);
/* (transfer full) (nullable). */
TempoSource *tempo_host_make_spotify_source (TempoHost *self, const char *organization_id);
