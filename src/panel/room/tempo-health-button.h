/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* The health strip: how many phones, whether a display shows, and what is the matter;
 * behind it each line with its remedy as a button. Main thread only. */
#define TEMPO_TYPE_HEALTH_BUTTON (tempo_health_button_get_type ())
G_DECLARE_FINAL_TYPE (TempoHealthButton, tempo_health_button, TEMPO, HEALTH_BUTTON, AdwBin)

void tempo_health_button_set_desk (TempoHealthButton *self, TempoDesk *desk);
/* Narrow: the sign alone. */
void tempo_health_button_set_narrow (TempoHealthButton *self, gboolean narrow);

/* The sign of a level and the style class that colours it, the same wherever health is told. (transfer none). */
const char *tempo_health_icon_name (TempoHealthLevel level);
const char *tempo_health_style (TempoHealthLevel level);

G_END_DECLS
