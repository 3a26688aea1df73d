/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* The control panel: wide with a sidebar, narrow with a bar of tabs. What can be done
 * is in its "win." actions, whichever key, button or menu starts it. Main thread only. */
#define TEMPO_TYPE_WINDOW (tempo_window_get_type ())
G_DECLARE_FINAL_TYPE (TempoWindow, tempo_window, TEMPO, WINDOW, AdwApplicationWindow)

/* (transfer none): GTK owns toplevels. @application: (nullable). */
TempoWindow *tempo_window_new (GtkApplication *application, TempoDesk *desk);
TempoDesk *tempo_window_get_desk (TempoWindow *self);
/* The engine is on its way. */
void tempo_window_show_starting (TempoWindow *self);
/* It did not come; the window says why and offers another try. */
void tempo_window_show_failure (TempoWindow *self, const GError *error);
/* It is there: the room, or the first run when there is none yet. */
void tempo_window_show_ready (TempoWindow *self);
/* "tonight", "room", "history", "guests", "people", "display", "settings". */
void tempo_window_show_place (TempoWindow *self, const char *place);
const char *tempo_window_get_place (TempoWindow *self);
/* Goes to a request wherever it is: inbox, queue or history. */
void tempo_window_reveal_request (TempoWindow *self, const char *request_id);
gboolean tempo_window_get_narrow (TempoWindow *self);
/* Locked, it shows the song and where the PIN goes, and nothing that changes anything passes. */
void tempo_window_set_locked (TempoWindow *self, gboolean locked);
gboolean tempo_window_get_locked (TempoWindow *self);
/* Locks if nobody was there for long enough; the window asks by itself every few seconds. */
void tempo_window_check_idle (TempoWindow *self);

G_END_DECLS
