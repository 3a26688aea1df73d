/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-order.h"
#include "model/tempo-request.h"
#include "model/tempo-room-info.h"
#include "model/tempo-room-view.h"
#include "venue/tempo-command.h"

G_BEGIN_DECLS

/* The panel's sentences, in one place so that the same thing is always said in
 * the same words. Pure functions of their arguments; any thread. Results are
 * translated; char * are (transfer full). */

/* "3:45", "1:02:03"; "" for an unknown length. */
char *tempo_words_length (gint64 ms);
/* "in about 14 minutes"; "" when unknown. */
char *tempo_words_eta (gint seconds);
/* "~14 min", for rows. */
char *tempo_words_eta_short (gint seconds);
/* "23:40" in local time. */
char *tempo_words_clock (gint64 wall_us);
/* Reads "23:30", "0.15" and "7" alike; FALSE for what is no time of day. */
gboolean tempo_words_read_clock (const char *text, int *hour, int *minute);
/* "just now", "4 min ago", from an hour on "at 21:12". */
char *tempo_words_ago (gint64 then, gint64 now);
/* "Today", "Yesterday", "Friday, 20 November", with the year where it is another; "" for no time. */
char *tempo_words_day (gint64 then, gint64 now);
const char *tempo_words_status (TempoRequestStatus status);
/* The ready reasons of the panel, in the order of the keys 1 to 5; NULL past the end. */
const char *tempo_words_reason_code (guint index);
/* (nullable) for an unknown code. */
const char *tempo_words_reason (const char *code);
/* "Open", "Votes only", "Closed". */
const char *tempo_words_switch (TempoSwitch value);
const char *tempo_words_switch_detail (TempoSwitch value);
char *tempo_words_place (TempoPlace place, guint turn, guint votes);
/* What happened, for the toast after a command; NULL when it shows by itself. */
char *tempo_words_done (TempoCommand *command, TempoOutcome *outcome);
/* Why a command came to nothing and what to do. */
char *tempo_words_refusal (const GError *error);
/* Why an organization cannot be opened. @code: a TempoStoreError, or -1 for unknown. */
char *tempo_words_unopened (int code);
/* Why a PIN did not do, with the wait when there is one. @now: wall us. */
char *tempo_words_pin_refusal (const GError *error, gint64 now);
/* A line of the health strip. */
const char *tempo_words_health_name (const char *code);
char *tempo_words_health (const TempoHealth *health);
/* The line that most needs a look, NULL when all is well. (transfer none) (nullable). */
const TempoHealth *tempo_words_worst_health (TempoRoomView *view);
/* The remedy's label, NULL when there is no button for it; @action: (out): what it activates. */
const char *tempo_words_health_remedy (const char *code, const char **action);
/* (nullable) both, for a word that is not known. */
const char *tempo_words_role (const char *role);
const char *tempo_words_tier (const char *tier);
const char *tempo_words_licence_state (const char *state);
const char *tempo_words_limit (const char *limit);
/* Title and artist as one line. */
char *tempo_words_song (TempoSong *song);

G_END_DECLS
