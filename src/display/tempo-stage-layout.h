/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <graphene.h>

G_BEGIN_DECLS

/* Where everything stands on the projector, as a pure function of size and state:
 * no widget, no display, so that every shape of screen is a row in a test.
 * Order of importance in every shape: title, code, next. All numbers are pixels. */

typedef enum
{
  TEMPO_STAGE_PLAYING, /* now, next and the code */
  TEMPO_STAGE_IDLE,    /* the invitation, the code doubled */
  TEMPO_STAGE_CLOSED,  /* thanks in the code's place */
} TempoStageMode;

typedef struct
{
  TempoStageMode mode;
  gboolean wifi;    /* a Wi-Fi code stands before the guest code */
  gboolean swapped; /* the two halves have changed sides (burn-in) */
} TempoStageState;

typedef struct
{
  graphene_rect_t venue;   /* name, top */
  graphene_rect_t clock;
  graphene_rect_t artwork; /* always square, never cut */
  graphene_rect_t words;   /* title, artist, asked by, dedication */
  graphene_rect_t bar;     /* progress */
  graphene_rect_t next;    /* list of what comes */
  graphene_rect_t join;    /* sentence and address beside the codes */
  graphene_rect_t wifi;    /* white square with quiet zone; empty when there is none */
  graphene_rect_t code;    /* the guest code; empty when closed */
  graphene_rect_t ribbon;  /* last call, announcement, greeting */
  float title_size;        /* font sizes */
  float artist_size;
  float row_size;
  float small_size;
  guint rows;              /* how many of the next songs fit */
} TempoStageLayout;

/* Lays out @width × @height for @state. */
void tempo_stage_layout (float width, float height, const TempoStageState *state, TempoStageLayout *layout);

G_END_DECLS
