/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* A daemon of one song and of any mood: it goes away in the middle of a word, comes back with another queue, keeps news to
 * itself. For what a real one does once in a thousand times. Every connection has a thread; all may be called from the test's. */

typedef struct
{
  GSocketService *service; /* (owned) */
  guint16 port;
  GMutex lock;
  GPtrArray *links; /* (owned) (element GSocketConnection) */
  GString *said;    /* (owned) what clients said, a line each */
  GCond ended;      /* a connection did */
  guint running;
  /* Set by the test, under the lock. */
  gboolean away;       /* who connects is hung up on */
  gboolean silent;     /* plays what it is told to, but does not show it */
  gboolean updating;
  const char *cut;     /* (nullable) hangs up when this is said, once */
  const char *refused; /* (nullable) says that there is no such song */
  /* What it shows. */
  gboolean playing;
  guint song;      /* id, 0: none */
  guint next;
  double elapsed;  /* s */
  guint last_id;   /* of the queue, which has all ids from 1 */
  guint theirs;    /* ids to this are songs of the house */
  guint news;      /* how often "player" was told */
} MpdStandIn;

/* The song it has lasts so long. */
#define MPD_STAND_IN_SECONDS 60

MpdStandIn *mpd_stand_in_new (void);
void mpd_stand_in_free (MpdStandIn *self);
/* Hangs up on all. */
void mpd_stand_in_hang_up (MpdStandIn *self);
/* It stops, and tells. */
void mpd_stand_in_stop (MpdStandIn *self);
/* How many of the lines that were said begin with @prefix. */
guint mpd_stand_in_count (MpdStandIn *self, const char *prefix);
/* Until there were @count such lines. */
void mpd_stand_in_wait (MpdStandIn *self, const char *prefix, guint count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MpdStandIn, mpd_stand_in_free)
