/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* The picture of the projector: draws one TempoRoomView. It keeps no time of its
 * own: whoever shows it tells the wall time, so that tests fix it. Main thread only. */

#define TEMPO_TYPE_STAGE (tempo_stage_get_type ())
G_DECLARE_FINAL_TYPE (TempoStage, tempo_stage, TEMPO, STAGE, GtkWidget)

TempoStage *tempo_stage_new (void);
/* @view: (nullable). */
void tempo_stage_set_view (TempoStage *self, TempoRoomView *view);
/* Wall time in microseconds that clock, progress and countdown show. */
void tempo_stage_set_now (TempoStage *self, gint64 now);
/* The picture of what plays, or NULL; its main colour becomes the glow. */
void tempo_stage_set_artwork (TempoStage *self, GdkTexture *artwork);
/* The sign of the house beside its name; (nullable). */
void tempo_stage_set_logo (TempoStage *self, GdkTexture *logo);
/* A sentence over the ribbon for as long as it is set; NULL takes it away. */
void tempo_stage_set_greeting (TempoStage *self, const char *greeting);
/* Changes sides, against burn-in. */
void tempo_stage_set_swapped (TempoStage *self, gboolean swapped);

G_END_DECLS
