/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* Before the doors: what this computer can check by itself, and the proof that only a
 * phone can give. Main thread only; the checks run on a worker. */
#define TEMPO_TYPE_TEST_WINDOW (tempo_test_window_get_type ())
G_DECLARE_FINAL_TYPE (TempoTestWindow, tempo_test_window, TEMPO, TEST_WINDOW, AdwWindow)

/* (transfer none): GTK owns toplevels. Starts at once. */
TempoTestWindow *tempo_test_window_new (GtkWindow *parent, TempoDesk *desk);
/* Lines with a result. */
guint tempo_test_window_count (TempoTestWindow *self);

G_END_DECLS
