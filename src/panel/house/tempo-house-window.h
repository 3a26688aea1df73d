/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* Rooms of the open organization, and the organizations of this computer: what they are called, what
 * opens them, whether they are open at all. Main thread only. */
#define TEMPO_TYPE_HOUSE_WINDOW (tempo_house_window_get_type ())
G_DECLARE_FINAL_TYPE (TempoHouseWindow, tempo_house_window, TEMPO, HOUSE_WINDOW, AdwPreferencesWindow)

/* @parent: (nullable). (transfer none): GTK owns toplevels. */
TempoHouseWindow *tempo_house_window_new (GtkWindow *parent, TempoDesk *desk);

G_END_DECLS
