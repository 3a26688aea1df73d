/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Where music comes from. The engine owns the queue and hands over one song late;
 * the source says when it ended. All calls on the engine thread (the thread that
 * made the source); signals come there too. Nothing blocks.
 *
 * A song's id begins with the kind of its source and a colon ("mpd:…", "spotify:…"); only the library's have none. */

typedef enum
{
  TEMPO_SOURCE_SEARCH = 1 << 0,
  TEMPO_SOURCE_PLAY = 1 << 1,      /* plays what it is handed, emits "ended" */
  TEMPO_SOURCE_TRANSPORT = 1 << 2, /* pause, resume, seek */
  TEMPO_SOURCE_VOLUME = 1 << 3,
  TEMPO_SOURCE_FILLER = 1 << 4,
  TEMPO_SOURCE_ARTWORK = 1 << 5,
  TEMPO_SOURCE_NOW_PLAYING = 1 << 6, /* tells what sounds, also when somebody else put it on */
  TEMPO_SOURCE_HAND_OVER = 1 << 7,   /* takes the next song shortly before the end of this one */
  TEMPO_SOURCE_PLAYLISTS = 1 << 8,   /* lists playlists; filler may come from one */
  TEMPO_SOURCE_SEARCH_COSTS = 1 << 9, /* search only when a guest says so, never while typing */
} TempoSourceAbilities;

typedef enum
{
  TEMPO_SOURCE_READY,
  TEMPO_SOURCE_CONNECTING, /* or scanning for the first time */
  TEMPO_SOURCE_NEEDS_SIGN_IN,
  TEMPO_SOURCE_LIMITED,    /* asked too much; see until */
  TEMPO_SOURCE_NO_DEVICE,  /* nothing to sound on */
  TEMPO_SOURCE_GONE,       /* the folder, player or service is not there */
  TEMPO_SOURCE_REFUSED,    /* the service says no for good: the code tells why */
} TempoSourceHealth;

/* How a source is. @code is one of the words below, which screens turn into a sentence and a remedy:
 * "ready", "connecting", "idle", "disconnected", "needs_sign_in", "limited", "no_device", "unreachable", "gone",
 * "premium_required", "not_allowed", "restricted", "bad_password", "no_output". */
typedef struct
{
  TempoSourceHealth health;
  const char *code; /* static */
  const char *text; /* (transfer none) English, for logs; "" when ready; valid until control returns to the main loop */
  gint64 until;     /* wall us when it will be better by itself, 0 unknown */
} TempoSourceStatus;

/* What following a player costs, for the operator; nothing secret. */
typedef struct
{
  guint64 calls;          /* asked of the player or service since the start */
  guint64 failures;       /* of these, without the answer hoped for */
  gint64 gate_until;      /* wall us before which nothing is asked, 0 open */
  gint64 lag_us;          /* how late the last change there was seen here */
  const char *last_error; /* static: "" none so far, "timeout", "limited", "auth", "network", "protocol", "refused" */
} TempoSourceFigures;

/* What a host may ask of a source that plays; see tempo_source_command_async(). */
typedef enum
{
  TEMPO_SOURCE_PAUSE,
  TEMPO_SOURCE_RESUME,
  TEMPO_SOURCE_STOP,
  TEMPO_SOURCE_SEEK,       /* value: ms */
  TEMPO_SOURCE_SET_VOLUME, /* value: 0..1 on the cubic scale of sliders */
} TempoSourceCommand;

/* A list of songs that a source keeps. (element of tempo_source_list_playlists_finish()). */
typedef struct
{
  char *id;   /* (owned) */
  char *name; /* (owned) */
  guint songs;
} TempoPlaylist;
TempoPlaylist *tempo_playlist_new (const char *id, const char *name, guint songs);
void tempo_playlist_free (TempoPlaylist *self);

typedef enum
{
  TEMPO_SOURCE_ERROR_NOT_ABLE,  /* the source lacks the ability: do not offer it */
  TEMPO_SOURCE_ERROR_NOT_FOUND, /* no such song or artwork */
  TEMPO_SOURCE_ERROR_UNPLAYABLE, /* this song cannot be played: mark it, go on with the next */
  TEMPO_SOURCE_ERROR_NO_DEVICE, /* nothing can be played now: keep the queue, tell the host */
  TEMPO_SOURCE_ERROR_GONE,      /* the source itself is away */
  TEMPO_SOURCE_ERROR_LIMITED,   /* asked too much for now: see the status for when it may be asked again */
} TempoSourceError;
#define TEMPO_SOURCE_ERROR (tempo_source_error_quark ())
GQuark tempo_source_error_quark (void);

#define TEMPO_TYPE_SOURCE (tempo_source_get_type ())
G_DECLARE_INTERFACE (TempoSource, tempo_source, TEMPO, SOURCE, GObject)

/* Signals:
 *  "ended" (void)                   the song handed over last came to its end
 *  "failed" (GError *error)         it could not be played (TEMPO_SOURCE_ERROR)
 *  "started" (void)                 it sounds now
 *  "position" (gint64 ms)           a jump: seek or resume; steady progress is not signalled
 *  "health-changed" (void)
 *  "catalogue-changed" (void)       songs came or went
 *  "playing-changed" (void)         tempo_source_dup_playing() has a new answer (NOW_PLAYING)
 *  "wants-next" (void)              HAND_OVER: now is the time for tempo_source_hand_over(); also shortly before the end
 *                                   of a song that somebody else put on
 *  "advanced" (void)                HAND_OVER: what was handed over sounds now; the one before came to its end
 *  "displaced" (void)               somebody else put something on: what Tempo had handed over is over,
 *                                   nothing of Tempo's sounds until the next play()
 */
struct _TempoSourceInterface
{
  GTypeInterface parent_iface;

  TempoSourceAbilities (*get_abilities) (TempoSource *self);
  TempoSourceHealth (*get_health) (TempoSource *self, const char **text);

  void (*search_async) (TempoSource *self, const char *query, guint limit, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
  GPtrArray *(*search_finish) (TempoSource *self, GAsyncResult *result, GError **error);
  TempoSong *(*lookup) (TempoSource *self, const char *song_id);
  TempoSong *(*match) (TempoSource *self, const char *artist, const char *title);
  GPtrArray *(*suggest) (TempoSource *self, guint limit);

  void (*play) (TempoSource *self, TempoSong *song, gint64 position_ms);
  void (*pause) (TempoSource *self);
  void (*resume) (TempoSource *self);
  void (*stop) (TempoSource *self);
  void (*seek) (TempoSource *self, gint64 position_ms);
  gint64 (*get_position) (TempoSource *self);
  void (*set_volume) (TempoSource *self, double volume);

  TempoSong *(*next_filler) (TempoSource *self);
  void (*artwork_async) (TempoSource *self, const char *artwork, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data);
  GBytes *(*artwork_finish) (TempoSource *self, GAsyncResult *result, char **content_type, GError **error);
  void (*remember) (TempoSource *self, TempoSong *song);

  void (*get_status) (TempoSource *self, TempoSourceStatus *status);
  TempoNowPlaying *(*dup_playing) (TempoSource *self);
  gboolean (*hand_over) (TempoSource *self, TempoSong *song);
  gboolean (*take_back) (TempoSource *self);
  void (*command_async) (TempoSource *self, TempoSourceCommand command, double value, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*command_finish) (TempoSource *self, GAsyncResult *result, GError **error);
  void (*list_playlists_async) (TempoSource *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  GPtrArray *(*list_playlists_finish) (TempoSource *self, GAsyncResult *result, GError **error);
  void (*set_filler_playlist) (TempoSource *self, const char *playlist_id);
  gboolean (*get_figures) (TempoSource *self, TempoSourceFigures *figures);
  void (*set_watching) (TempoSource *self, gboolean watching);
};

TempoSourceAbilities tempo_source_get_abilities (TempoSource *self);
/* @text: (out) (optional) (transfer none) English sentence for logs, "" when ready. */
TempoSourceHealth tempo_source_get_health (TempoSource *self, const char **text);
/* The same with a code and a time. A source without a get_status() of its own is told by its health. */
void tempo_source_get_status (TempoSource *self, TempoSourceStatus *status);

/* At most @limit songs, best first; accent- and order-blind, every word a prefix.
 * (element TempoSong) (transfer full). */
void tempo_source_search_async (TempoSource *self, const char *query, guint limit, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *tempo_source_search_finish (TempoSource *self, GAsyncResult *result, GError **error);
/* The song of @song_id or NULL; from memory or one cached page, cheap enough for every submission. (transfer full). */
TempoSong *tempo_source_lookup (TempoSource *self, const char *song_id);
/* The catalogue's song that a typed wish means, by tempo_song_key(), or NULL. (transfer full). */
TempoSong *tempo_source_match (TempoSource *self, const char *artist, const char *title);
/* A few songs of the house for the empty search field. (element TempoSong) (transfer full). */
GPtrArray *tempo_source_suggest (TempoSource *self, guint limit);

/* Starts @song at @position_ms and forgets what played before; "started" or "failed" follows, later "ended". */
void tempo_source_play (TempoSource *self, TempoSong *song, gint64 position_ms);
void tempo_source_pause (TempoSource *self);
void tempo_source_resume (TempoSource *self);
void tempo_source_stop (TempoSource *self);
void tempo_source_seek (TempoSource *self, gint64 position_ms);
/* Milliseconds, 0 when nothing is loaded. */
gint64 tempo_source_get_position (TempoSource *self);
/* @volume 0..1 on the cubic scale of sliders. */
void tempo_source_set_volume (TempoSource *self, double volume);

/* What to play while nobody asked for anything; NULL when there is nothing. (transfer full) (nullable). */
TempoSong *tempo_source_next_filler (TempoSource *self);
/* The picture of an artwork id, at most 512 KiB, image/jpeg or image/png. (transfer full). */
void tempo_source_artwork_async (TempoSource *self, const char *artwork, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
GBytes *tempo_source_artwork_finish (TempoSource *self, GAsyncResult *result, char **content_type, GError **error);
/* @song came from a source of this kind once and was kept with a request: a source whose catalogue is in memory only then
 * knows it, and its picture, again. */
void tempo_source_remember (TempoSource *self, TempoSong *song);

/* What sounds, whoever put it on; its request is NULL. NULL when nothing is loaded. (transfer full) (nullable). */
TempoNowPlaying *tempo_source_dup_playing (TempoSource *self);
/* The song to follow the one that plays, in answer to "wants-next"; replaces what was handed over before if that can be
 * taken back. "advanced" follows when it begins. FALSE when it cannot be taken (then play() after "ended");
 * when the service refuses only afterwards, "ended" comes instead of "advanced". */
gboolean tempo_source_hand_over (TempoSource *self, TempoSong *song);
/* Takes back what was handed over and has not begun. FALSE when the source cannot: the song stays next. */
gboolean tempo_source_take_back (TempoSource *self);

/* A host's wish with an answer: done, or why not (TEMPO_SOURCE_ERROR). Sources in this process do it at once. */
void tempo_source_command_async (TempoSource *self, TempoSourceCommand command, double value, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_source_command_finish (TempoSource *self, GAsyncResult *result, GError **error);

/* (element TempoPlaylist) (transfer full), at most 200. */
void tempo_source_list_playlists_async (TempoSource *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *tempo_source_list_playlists_finish (TempoSource *self, GAsyncResult *result, GError **error);
/* Filler comes from @playlist_id from now on; NULL: as the source likes. */
void tempo_source_set_filler_playlist (TempoSource *self, const char *playlist_id);

/* FALSE for sources that follow nobody; @figures is then untouched. */
gboolean tempo_source_get_figures (TempoSource *self, TempoSourceFigures *figures);
/* Whether anybody wants to know what sounds: FALSE (as at first) without an event and while another source has its turn. A
 * source whose watching costs calls asks nothing then; it still answers play(), search and the like. */
void tempo_source_set_watching (TempoSource *self, gboolean watching);

G_END_DECLS
