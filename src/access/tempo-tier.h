/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much of Tempo an organization may use. Without a licence it is TEMPO_TIER_COMMUNITY. */
typedef enum
{
  TEMPO_TIER_COMMUNITY,
  TEMPO_TIER_SMALL,
  TEMPO_TIER_MEDIUM,
  TEMPO_TIER_INSTITUTION,
  TEMPO_N_TIERS,
} TempoTier;
const char *tempo_tier_to_string (TempoTier tier);
gboolean tempo_tier_from_string (const char *text, TempoTier *tier);

/* What is counted. A limit bars what would be made next; it never takes away what is there. */
typedef enum
{
  TEMPO_LIMIT_ORGANIZATIONS,      /* on this installation */
  TEMPO_LIMIT_ROOMS,
  TEMPO_LIMIT_DISPLAYS,           /* not revoked, browser displays */
  TEMPO_LIMIT_MEMBERS,
  TEMPO_LIMIT_EVENTS,             /* active at once */
  TEMPO_LIMIT_REQUESTS_PER_EVENT,
  TEMPO_N_LIMITS,
} TempoLimit;
/* "organizations", "rooms", …, "requestsPerEvent": the member's name in licence documents and the API. */
const char *tempo_limit_to_string (TempoLimit limit);

#define TEMPO_UNLIMITED G_MAXUINT32

typedef struct
{
  guint32 of[TEMPO_N_LIMITS];
} TempoLimits;

/* What a tier gives when a licence does not say otherwise. */
const TempoLimits *tempo_tier_get_limits (TempoTier tier);

G_END_DECLS
