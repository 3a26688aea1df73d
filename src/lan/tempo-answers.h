/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lan/tempo-lan-private.h"

G_BEGIN_DECLS

/* Answers that all routes share: refusals in the reader's language, and
 * commands whose outcome becomes the answer. Engine thread. */

/* The problem document of @error, with Retry-After where waiting helps. Records a refused access of staff. */
void tempo_answer_error (TempoExchange *exchange, const GError *error);
/* The same for a code of ours without an error. @detail: (nullable) English, for developers. */
void tempo_answer_code (TempoExchange *exchange, guint status, const char *code, const char *detail);
/* 422 naming the member of the body. Takes @error. */
void tempo_answer_invalid (TempoExchange *exchange, GError *error);
/* A body of NULL or an empty object for calls that need nothing; NULL when it answered 400. (transfer full). */
JsonObject *tempo_answer_optional_json (TempoExchange *exchange);

/* Writes the answer of a finished run. @outcome is the last one. Must answer. */
typedef void (*TempoAnswerFunc) (TempoExchange *exchange, TempoOutcome *outcome);
/* Runs @commands one after another, stops at the first that is refused, else calls @answer. Takes @commands. */
void tempo_run_commands (TempoExchange *exchange, GPtrArray *commands, TempoAnswerFunc answer);
void tempo_run_command (TempoExchange *exchange, TempoCommand *command, TempoAnswerFunc answer);
/* A command of the visitor for the visit's organization and room. (transfer full). */
TempoCommand *tempo_make_command (TempoExchange *exchange, TempoAction action);
/* (transfer full), commands are freed with it. */
GPtrArray *tempo_make_commands (void);

/* {"request":…,"merged":…,"left":…,"canUndo":…} of an outcome, for guest or staff. */
void tempo_answer_request (TempoExchange *exchange, TempoOutcome *outcome);
void tempo_answer_empty (TempoExchange *exchange, TempoOutcome *outcome);
/* Reads a submission of guest or staff into @command. FALSE when it answered 422. */
gboolean tempo_submission_read (TempoExchange *exchange, JsonObject *body, TempoCommand *command);
/* What a command tells a guest who reads it as a sentence: "asked", "listed", "merged". */
const char *tempo_outcome_said (TempoOutcome *outcome);

G_END_DECLS
