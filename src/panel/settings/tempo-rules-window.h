/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* Every rule of tonight's event in plain words; a change holds at once. Main thread only. */
#define TEMPO_TYPE_RULES_WINDOW (tempo_rules_window_get_type ())
G_DECLARE_FINAL_TYPE (TempoRulesWindow, tempo_rules_window, TEMPO, RULES_WINDOW, AdwPreferencesWindow)

/* (transfer none): GTK owns toplevels. */
TempoRulesWindow *tempo_rules_window_new (GtkWindow *parent, TempoDesk *desk);

G_END_DECLS
