/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-link.h"

G_BEGIN_DECLS

/* The letters before the numbers of an organization's requests, while it is being named: proposed from the name until
 * somebody types others, and judged at once. "verdict" says what would come of them or why nothing, "good" whether they
 * will do. Hidden until there is a name. Main thread only. */
#define TEMPO_TYPE_LETTERS_ROW (tempo_letters_row_get_type ())
G_DECLARE_FINAL_TYPE (TempoLettersRow, tempo_letters_row, TEMPO, LETTERS_ROW, AdwEntryRow)

/* @link: (nullable) knows whose letters are taken. */
void tempo_letters_row_set_link (TempoLettersRow *self, TempoLink *link);
/* The organization is called @name so far; "" begins anew, with letters that follow the name. */
void tempo_letters_row_set_name (TempoLettersRow *self, const char *name);
/* What is typed, in upper case; the proposal where nothing is. (transfer full). */
char *tempo_letters_row_dup_letters (TempoLettersRow *self);
/* What the engine thought of them. The letters stay, to be put right. */
void tempo_letters_row_refuse (TempoLettersRow *self, const GError *error);
gboolean tempo_letters_row_get_good (TempoLettersRow *self);

G_END_DECLS
