/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-registry.h"
#include "venue/tempo-venue-private.h"

/* What of a command is written to the registry before the command is handled. Either a join code or a licence. */
typedef struct _TempoStep
{
  char *organization_id; /* (owned) */
  char *room_id;         /* (owned) (nullable) who gets the code; NULL: it is about the licence */
  char *code;            /* (owned) (nullable) the code, chosen or found */
  TempoRegistryLicence *licence; /* (owned) (nullable) until it was taken; NULL removes it */
  char *before, *after;  /* (owned) (nullable) what the log says of the licence */
} TempoStep;

/* TRUE when the command waits for the registry or was answered. */
gboolean tempo_steps_begin (TempoVenue *self, TempoRoom *room, GTask *task);
TempoStep *tempo_steps_get (GTask *task);
/* The engine ends without them. */
void tempo_steps_abandon (TempoHost *host);

/* Who knows what is to be written, or refuses. */
gboolean tempo_venue_plan_room (TempoVenue *self, TempoCommand *command, TempoStep *step, GError **error);
gboolean tempo_venue_plan_licence (TempoVenue *self, TempoCommand *command, TempoStep *step, GError **error);
/* The registry has it: from now on it counts. */
void tempo_venue_take_licence (TempoVenue *self, TempoStep *step);
