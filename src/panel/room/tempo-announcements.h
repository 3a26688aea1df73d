/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* What the display says by the clock: a row each, and a form for one more. Main thread only. */
#define TEMPO_TYPE_ANNOUNCEMENTS (tempo_announcements_get_type ())
G_DECLARE_FINAL_TYPE (TempoAnnouncements, tempo_announcements, TEMPO, ANNOUNCEMENTS, AdwPreferencesGroup)

/* @desk: (nullable) lets go of it. */
void tempo_announcements_set_desk (TempoAnnouncements *self, TempoDesk *desk);

G_END_DECLS
