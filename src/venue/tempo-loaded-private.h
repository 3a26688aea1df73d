/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-store.h"
#include "model/tempo-request.h"

/* What the engine keeps in memory, as read from the file by a worker. */

typedef struct
{
  TempoRequest *request; /* (owned) */
  char *song_key;        /* (owned) */
  char *room_id;         /* (owned) */
} TempoLoadedRequest;

typedef struct
{
  TempoRoomInfo *info;  /* (owned) */
  gboolean wifi_shown;
  gboolean filler;
  char *music_folder;   /* (owned) (nullable) */
  char *filler_folder;  /* (owned) (nullable) */
  TempoEvent *event;    /* (owned) (nullable) */
  GPtrArray *requests;  /* (owned) (element TempoLoadedRequest) final ones first, each part by age */
  GPtrArray *votes;     /* (owned) (element utf8) guest id, request id, … */
  GHashTable *asked;    /* (owned) guest id → number */
  GHashTable *served;   /* (owned) guest id → number */
  GHashTable *plays;    /* (owned) song key → gint64* */
  GHashTable *settings; /* (owned) key → JSON text */
  TempoSong *song;      /* (owned) (nullable) what sounded */
  char *playing_id;     /* (owned) (nullable) its request */
  char *next_id;        /* (owned) (nullable) the request that was locked as the next */
  gint64 position_ms;
  gint64 as_of;
  gboolean playing;
} TempoLoadedRoom;

typedef struct
{
  char *id, *room_id, *name, *digest; /* (owned) */
} TempoLoadedDisplay;

typedef struct
{
  GPtrArray *rooms;       /* (owned) (element TempoLoadedRoom) */
  GPtrArray *guests;      /* (owned) (element TempoGuest) */
  GPtrArray *members;     /* (owned) (element TempoMember) */
  struct _TempoPeople *people; /* (owned) (nullable) once taken */
  GPtrArray *scheduled;   /* (owned) (element TempoEvent) */
  GPtrArray *displays;    /* (owned) (element TempoLoadedDisplay) */
  GHashTable *settings;   /* (owned) */
  gint64 next_request;
  gint64 next_event;
} TempoLoaded;

/* @now: the time, boxed in a gint64. A TempoReadFunc. */
gpointer tempo_loaded_read (TempoScope *scope, gpointer now, GError **error);
void tempo_loaded_free (TempoLoaded *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoLoaded, tempo_loaded_free)

/* Rows of the columns every request statement selects. (transfer full). */
TempoRequest *tempo_rows_to_request (TempoRows *rows, char **song_key);
TempoEvent *tempo_rows_to_event (TempoRows *rows);
TempoGuest *tempo_rows_to_guest (TempoRows *rows);

/* A song as the playback row keeps it, and what is locked behind it. (transfer full). */
char *tempo_song_to_text (TempoSong *song, const char *next_id);
TempoSong *tempo_song_from_text (const char *text, char **next_id);
