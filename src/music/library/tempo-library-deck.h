/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The pipeline of a player. Everything here runs on the player's worker: the bus is
 * watched in its default context, and nothing of ours runs on streaming threads. */

typedef struct _TempoLibraryDeck TempoLibraryDeck;

typedef enum
{
  TEMPO_DECK_STARTED,  /* position, gap (-1: not after a song) */
  TEMPO_DECK_ENDED,
  TEMPO_DECK_FAILED,   /* error */
  TEMPO_DECK_JUMPED,   /* position */
  TEMPO_DECK_AT,       /* position, now and then */
  TEMPO_DECK_DEVICE,   /* error when there is none, NULL when there is */
} TempoDeckEvent;

/* @song: the number given to tempo_library_deck_play(). */
typedef void (*TempoDeckFunc) (TempoDeckEvent event, guint song, gint64 position_ms, gint64 gap_ms,
                               const GError *error, gpointer user_data);

TempoLibraryDeck *tempo_library_deck_new (const char *sink, TempoDeckFunc func, gpointer user_data);
void tempo_library_deck_free (TempoLibraryDeck *self);
/* Tries whether the output can be opened, now and until it can. */
void tempo_library_deck_probe (TempoLibraryDeck *self);
void tempo_library_deck_play (TempoLibraryDeck *self, guint song, const char *uri, const char *folder,
                              gint64 position_ms);
void tempo_library_deck_pause (TempoLibraryDeck *self);
void tempo_library_deck_resume (TempoLibraryDeck *self);
void tempo_library_deck_stop (TempoLibraryDeck *self);
void tempo_library_deck_seek (TempoLibraryDeck *self, gint64 position_ms);
void tempo_library_deck_set_volume (TempoLibraryDeck *self, double volume);

G_END_DECLS
