/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* One field that finds songs, requests and guests (Ctrl+K), or only songs to put on
 * the list for a guest (Ctrl+N). Emits "chosen" (kind, id) for what the window shows:
 * "request" or "guest". Main thread only. */
#define TEMPO_TYPE_FINDER (tempo_finder_get_type ())
G_DECLARE_FINAL_TYPE (TempoFinder, tempo_finder, TEMPO, FINDER, AdwWindow)

/* (transfer none): GTK owns toplevels. */
TempoFinder *tempo_finder_new (GtkWindow *parent, TempoDesk *desk, gboolean songs_only);
/* What a test types. */
void tempo_finder_search (TempoFinder *self, const char *text);
/* Rows that are shown. */
guint tempo_finder_count (TempoFinder *self);
/* Chooses the row that is marked, as Enter does. */
void tempo_finder_activate (TempoFinder *self);

G_END_DECLS
