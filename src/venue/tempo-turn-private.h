/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-batch.h"
#include "venue/tempo-command.h"

/* What one commit holds: the statements, and who waits for them. */
typedef struct
{
  GTask *task;            /* (owned) */
  TempoOutcome *outcome;  /* (owned) */
  TempoRoom *room;        /* (owned) (nullable) */
  char *request_id;       /* (owned) (nullable) */
} TempoReply;

typedef struct
{
  TempoBatch *batch;   /* (owned) */
  GPtrArray *replies;  /* (owned) (element TempoReply) */
  GPtrArray *codes;    /* (owned) (element utf8) join codes that rooms get by it */
  gboolean requests_numbered, events_numbered;
} TempoTurn;

void tempo_turn_free (TempoTurn *self);

/* The statements of the gathering turn; it will be sent as soon as the writer is free. (transfer none). */
TempoBatch *tempo_venue_write (TempoVenue *self);
/* Answers @task when the gathering turn is durable. */
void tempo_venue_answer_later (TempoVenue *self, GTask *task, TempoOutcome *outcome,
                               TempoRoom *room, const char *request_id);
/* One audit row. Texts but @action: (nullable). @before, @after: what the action changed and nothing else, one word or
 * number, or a JSON object where it can be several things; NULL for what was not there, or is not any more. No secret,
 * no hash, no path of this machine's own. */
typedef struct
{
  TempoActor *actor;
  const char *action;
  const char *object_kind;
  const char *object_id;
  const char *before;
  const char *after;
  const char *reason;
} TempoAudit;
void tempo_venue_audit (TempoVenue *self, const TempoAudit *audit);
/* Of two JSON objects the members that are not the same in both. FALSE: there are none. (out) (transfer full). */
gboolean tempo_audit_keep_changed (const char *old, const char *new, char **before, char **after);
/* TRUE while something is on its way to the disk or wants to be. */
gboolean tempo_venue_is_busy (TempoVenue *self);
/* After a failed reload: tries again. */
void tempo_venue_retry (TempoVenue *self);
