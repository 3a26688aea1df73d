/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-registry.h"
#include "venue/tempo-venue-private.h"

typedef enum
{
  TEMPO_STEP_CODE,
  TEMPO_STEP_LICENCE,
  TEMPO_STEP_KEEP,    /* a code whose room is in the file now */
  TEMPO_STEP_RELEASE, /* or will not come there */
} TempoStepKind;

/* What of a command is written to the registry before the command is handled, and what of its code afterwards. */
typedef struct _TempoStep
{
  TempoStepKind kind;
  char *organization_id; /* (owned) */
  char *room_id;         /* (owned) (nullable) who gets the code */
  char *code;            /* (owned) (nullable) the code, chosen or found */
  gboolean used;         /* the code, by a command that is in a turn */
  TempoRegistryLicence *licence; /* (owned) (nullable) until it was taken; NULL removes it */
  char *before, *after;  /* (owned) (nullable) what the log says of the licence */
} TempoStep;

/* TRUE when the command waits for the registry or was answered. */
gboolean tempo_steps_begin (TempoVenue *self, TempoRoom *room, GTask *task);
TempoStep *tempo_steps_get (GTask *task);
/* Its command was handled. @step: (nullable). */
void tempo_steps_end (TempoVenue *self, TempoStep *step);
/* The code of the command that is being handled, which goes into the turn. (transfer none). */
const char *tempo_steps_use_code (TempoVenue *self);
/* The registry hears what became of it. */
void tempo_steps_settle (TempoVenue *self, const char *code, gboolean keep);
/* The file was read: of codes whose turn failed it says what became of them. */
void tempo_steps_reconcile (TempoVenue *self);
/* The engine ends without them. */
void tempo_steps_abandon (TempoHost *host);

/* Who knows what is to be written, or refuses. */
gboolean tempo_venue_plan_room (TempoVenue *self, TempoCommand *command, TempoStep *step, GError **error);
gboolean tempo_venue_plan_licence (TempoVenue *self, TempoCommand *command, TempoStep *step, GError **error);
/* The registry has it: from now on it counts. */
void tempo_venue_take_licence (TempoVenue *self, TempoStep *step);
