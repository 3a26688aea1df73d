/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

typedef enum
{
  TEMPO_HEALTH_GOOD,
  TEMPO_HEALTH_WARNING,
  TEMPO_HEALTH_BAD,
} TempoHealthLevel;

/* One line of the health strip. @code is stable ("disk", "source", "store",
 * "address", "display", "backup"); @text English for logs, screens map the code. */
typedef struct
{
  const char *code;      /* static */
  TempoHealthLevel level;
  char *text;            /* (owned) what is the matter, "" when good */
} TempoHealth;
/* @code: static. @text: (nullable) "". (transfer full). */
TempoHealth *tempo_health_new (const char *code, TempoHealthLevel level, const char *text);
void tempo_health_free (TempoHealth *health);

/* Everything a screen of the host shows of one room, at one revision. The engine
 * makes a new one after each commit for those who watch; the parts are shared
 * between views. Immutable, any thread. */
struct _TempoRoomView
{
  GObject parent_instance;

  guint64 revision;
  TempoOrganization *organization; /* (owned) */
  TempoRoomInfo *room;             /* (owned) */
  TempoEvent *event;               /* (owned) (nullable) the active one */
  TempoNowPlaying *now_playing;    /* (owned) (nullable) */
  GPtrArray *queue;   /* (owned) (element TempoRequest) approved, in playing order; [0] is locked */
  GPtrArray *inbox;   /* (owned) (element TempoRequest) pending, oldest first */
  GPtrArray *history; /* (owned) (element TempoRequest) final states of this event, newest first, at most 1000 */
  GPtrArray *guests;  /* (owned) (element TempoGuest) seen in this event, newest first */
  GPtrArray *health;  /* (owned) (element TempoHealth) */
  GPtrArray *sources; /* (owned) (element TempoSourceState) in the order they are tried */
  char *join_url;     /* (owned) what the QR holds, http://192.168.1.20:8080/j/CODE */
  char *join_text;    /* (owned) the short address shown as text */
  char *undo_label;   /* (owned) (nullable) code of what undo would take back: "decline", "skip", … */
  gboolean wifi_shown; /* the host lets the display show the Wi-Fi code */
  guint listeners;    /* phones connected now */
  guint displays;     /* browser displays connected now */
  gboolean filler;    /* filler is on */
  char *filler_folder; /* (owned) (nullable) inside the music folder; NULL takes anything */
  TempoSong *up_next_filler; /* (owned) (nullable) */
};

#define TEMPO_TYPE_ROOM_VIEW (tempo_room_view_get_type ())
GType tempo_room_view_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoRoomView, g_object_unref)
#define TEMPO_ROOM_VIEW(o) (G_TYPE_CHECK_INSTANCE_CAST ((o), TEMPO_TYPE_ROOM_VIEW, TempoRoomView))

/* An unshared view with empty lists that own their elements; the engine fills it. (transfer full). */
TempoRoomView *tempo_room_view_new (void);
/* What an unknown length counts when waiting is estimated: a song of three and a half minutes. */
#define TEMPO_ASSUMED_SONG_SECONDS 210
/* Seconds until queue[@index] starts, at wall time @now; -1 when a length before it is unknown and nothing plays. */
gint tempo_room_view_eta (TempoRoomView *self, guint index, gint64 now);

G_END_DECLS
