/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "base/tempo-qr.h"

G_BEGIN_DECLS

/* Brushes of the projector's picture. Guests' text is only ever text: no markup. Main thread only. */

typedef enum
{
  TEMPO_INK_TEXT,
  TEMPO_INK_SOFT,
  TEMPO_INK_QUIET,
  TEMPO_INK_ACCENT,
} TempoInk;

typedef struct
{
  float size;        /* pixels */
  PangoWeight weight;
  TempoInk ink;
  PangoAlignment align;
  guint lines;       /* ellipsized past these; 0: one line */
  gboolean fit;      /* smaller, down to six tenths, before anything is cut off */
} TempoBrush;

/* Draws @text from the top of @area and returns the height it took. Empty text takes none. */
float tempo_paint_text (GtkSnapshot *snapshot, GtkWidget *widget, const graphene_rect_t *area, const char *text, const TempoBrush *brush, const GdkRGBA *accent);
/* The width that @text would take in one line. */
float tempo_paint_measure_text (GtkWidget *widget, const char *text, const TempoBrush *brush);
/* White square with quiet zone and the code's modules; whole pixels, so no module blurs. */
void tempo_paint_code (GtkSnapshot *snapshot, const graphene_rect_t *area, TempoQr *code);
/* The whole picture inside @area, never cut; a quiet record when there is none. */
void tempo_paint_picture (GtkSnapshot *snapshot, const graphene_rect_t *area, GdkTexture *picture);
void tempo_paint_artwork (GtkSnapshot *snapshot, const graphene_rect_t *area, GdkTexture *artwork, const GdkRGBA *accent);
/* A disk of the accent with a digit in it, in the middle of @area; @ringed sets it off from a white ground. */
void tempo_paint_number (GtkSnapshot *snapshot, GtkWidget *widget, const graphene_rect_t *area, guint number, gboolean ringed, const GdkRGBA *accent);
/* The metronome, for a house without a sign of its own. */
void tempo_paint_metronome (GtkSnapshot *snapshot, const graphene_rect_t *area, const GdkRGBA *accent);
/* A line as thin as one can be seen, along the top of @area. */
void tempo_paint_hairline (GtkSnapshot *snapshot, const graphene_rect_t *area);
/* @part: 0..1 done. */
void tempo_paint_bar (GtkSnapshot *snapshot, const graphene_rect_t *area, double part, const GdkRGBA *accent);
/* Night, with a glow of @colour around @centre. */
void tempo_paint_night (GtkSnapshot *snapshot, float width, float height, const graphene_point_t *centre, const GdkRGBA *colour);
/* A rounded panel behind the ribbon's words. */
void tempo_paint_panel (GtkSnapshot *snapshot, const graphene_rect_t *area, const GdkRGBA *colour);
/* The colour that stands for a picture: the mean of its pixels, weighted by how
 * colourful they are, so that a white frame does not make the room grey. */
void tempo_paint_main_colour (GdkTexture *texture, GdkRGBA *colour);

G_END_DECLS
