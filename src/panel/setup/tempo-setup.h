/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* The first run in three pages: name, music, ready. Emits "finished". Main thread only. */
#define TEMPO_TYPE_SETUP (tempo_setup_get_type ())
G_DECLARE_FINAL_TYPE (TempoSetup, tempo_setup, TEMPO, SETUP, GtkBox)

void tempo_setup_set_desk (TempoSetup *self, TempoDesk *desk);
/* Begins with the first page. */
void tempo_setup_start (TempoSetup *self);
/* "name", "music" or "ready". */
const char *tempo_setup_get_page (TempoSetup *self);

G_END_DECLS
