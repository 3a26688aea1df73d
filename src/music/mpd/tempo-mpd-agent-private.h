/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/mpd/tempo-mpd-agent.h"
#include "music/mpd/tempo-mpd-link.h"
#include "music/tempo-worker.h"

G_BEGIN_DECLS

/* The way to the engine thread; outlives both ends. */
typedef struct
{
  GMainContext *engine; /* (owned) */
  TempoMpdNewsFunc func;
  gpointer user_data;
  gboolean closed; /* engine thread only */
} TempoMpdChannel;

/* A song of ours in the daemon's queue. */
typedef struct
{
  TempoSong *song; /* (owned) (nullable) with the uri it was added by */
  guint id;        /* 0: none */
} TempoMpdPlace;

struct _TempoMpdAgent
{
  TempoWorker *worker;     /* (owned) */
  TempoMpdOptions options; /* its texts (owned) */
  TempoMpdChannel *channel; /* (owned) */
  GCancellable *cancellable; /* (owned) */
  GMutex lock;             /* for the two links, between the worker and close() */
  TempoMpdLink *command;   /* (owned) (nullable) */
  TempoMpdLink *idle;      /* (owned) (nullable) */

  /* Worker only from here on. */
  GSource *watch; /* (owned) (nullable) of the idle link */
  GSource *timer; /* (owned) (nullable) */
  guint attempts;
  guint generation;
  TempoMpdPlace current;
  TempoMpdPlace next;
  gboolean begun;
  gboolean wanted;    /* "wants-next" was said */
  gboolean taken_back; /* while the daemon was away, which may have @next still */
  guint rehands;
  gint64 asked_at;    /* monotonic, of the last PLAY */
  TempoMpdLook look;  /* the last */
  gboolean lost;      /* the link was, and what the daemon has in hand is not settled since */
  TempoMpdLook before; /* the last before that */
  gint64 lost_at;     /* monotonic */
  gboolean has_output;
  guint64 calls;
  guint64 failures;
  TempoSourceHealth health;
};

/* Tells the source. @news is filled but for the figures and its texts and objects are taken over. */
void tempo_mpd_agent_tell (TempoMpdAgent *self, TempoMpdNews news);
void tempo_mpd_agent_tell_kind (TempoMpdAgent *self, TempoMpdNewsKind kind);
void tempo_mpd_agent_tell_health (TempoMpdAgent *self, TempoSourceHealth health, const char *code, const char *text);
/* What the last look saw. @song: (transfer full) (nullable). */
void tempo_mpd_agent_tell_playing (TempoMpdAgent *self, TempoSong *song);
/* FALSE, and the links are dropped when @error means that; takes @error. */
void tempo_mpd_agent_fault (TempoMpdAgent *self, GError *error);
/* Takes a look at the daemon and tells it; FALSE when the link is gone. */
gboolean tempo_mpd_agent_refresh (TempoMpdAgent *self);
/* Looks after the daemon and acts on what it does. @fresh: the song may have new words. */
void tempo_mpd_agent_look (TempoMpdAgent *self, gboolean fresh);

/* The hand: what is ours in the daemon's queue. Link is open. */
void tempo_mpd_agent_play (TempoMpdAgent *self, TempoMpdOrder *order);
gboolean tempo_mpd_agent_hand_over (TempoMpdAgent *self, TempoSong *song, GError **error);
void tempo_mpd_agent_take_back (TempoMpdAgent *self);
void tempo_mpd_agent_stop (TempoMpdAgent *self);
gboolean tempo_mpd_agent_seek (TempoMpdAgent *self, TempoMpdOrder *order, GError **error);
void tempo_mpd_agent_forget (TempoMpdAgent *self);
void tempo_mpd_agent_act (TempoMpdAgent *self, TempoMpdVerdict verdict);
void tempo_mpd_agent_keep_next (TempoMpdAgent *self);
gboolean tempo_mpd_agent_reconcile (TempoMpdAgent *self, const TempoMpdLook *before);
void tempo_mpd_agent_fail (TempoMpdAgent *self, TempoSourceError code, const char *text);

/* Answers that change nothing. Link is open. */
void tempo_mpd_agent_answer (TempoMpdAgent *self, TempoMpdOrder *order, GError **error);
GPtrArray *tempo_mpd_agent_sample (TempoMpdAgent *self, guint limit, GError **error);
/* The file of @song, from our own catalogue. (transfer full) (nullable). */
TempoSong *tempo_mpd_agent_resolve (TempoMpdAgent *self, TempoSong *song, GError **error);

G_END_DECLS
