/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* What a locked window shows: the song, whether all is well, and where the PIN goes. Nothing on it changes anything.
 * Signal "unlocked" after the engine took the PIN. Main thread only. */
#define TEMPO_TYPE_LOCK_PAGE (tempo_lock_page_get_type ())
G_DECLARE_FINAL_TYPE (TempoLockPage, tempo_lock_page, TEMPO, LOCK_PAGE, AdwBin)

/* @desk: (nullable) lets go of it. */
void tempo_lock_page_set_desk (TempoLockPage *self, TempoDesk *desk);
/* Empties the entry and puts the keyboard into it. */
void tempo_lock_page_begin (TempoLockPage *self);

G_END_DECLS
