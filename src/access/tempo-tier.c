/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-tier.h"

static const char *const tier_names[TEMPO_N_TIERS] = { "community", "small", "medium", "institution" };

static const char *const limit_names[TEMPO_N_LIMITS] = {
  "organizations", "rooms", "displays", "members", "events", "requestsPerEvent",
};

/* A place with a few rooms and everybody who works there is to miss nothing in the community
 * tier; what is paid for is the size of a house. */
static const TempoLimits tier_limits[TEMPO_N_TIERS] = {
  [TEMPO_TIER_COMMUNITY] = { { 100, 10, 20, 25, 10, TEMPO_UNLIMITED } },
  [TEMPO_TIER_SMALL] = { { 100, 20, 50, 50, 20, TEMPO_UNLIMITED } },
  [TEMPO_TIER_MEDIUM] = { { 250, 100, 250, 250, 100, TEMPO_UNLIMITED } },
  [TEMPO_TIER_INSTITUTION] = { { TEMPO_UNLIMITED, TEMPO_UNLIMITED, TEMPO_UNLIMITED, TEMPO_UNLIMITED, TEMPO_UNLIMITED, TEMPO_UNLIMITED } },
};

/**
 * tempo_tier_to_string:
 * @tier: a tier
 *
 * Returns: its word; "community" for a number that is none
 */
const char *
tempo_tier_to_string (TempoTier tier)
{
  return tier_names[(guint) tier < TEMPO_N_TIERS ? tier : TEMPO_TIER_COMMUNITY];
}

/**
 * tempo_tier_from_string:
 * @text: (nullable): a word
 * @tier: (out): its tier; untouched when there is none
 *
 * Returns: %FALSE for a word that is no tier
 */
gboolean
tempo_tier_from_string (const char *text,
                        TempoTier *tier)
{
  for (guint i = 0; i < TEMPO_N_TIERS; i++)
    if (g_strcmp0 (text, tier_names[i]) == 0)
      {
        *tier = (TempoTier) i;
        return TRUE;
      }

  return FALSE;
}

/**
 * tempo_limit_to_string:
 * @limit: what is counted
 *
 * Returns: its name in documents and answers
 */
const char *
tempo_limit_to_string (TempoLimit limit)
{
  g_return_val_if_fail ((guint) limit < TEMPO_N_LIMITS, NULL);
  return limit_names[limit];
}

/**
 * tempo_tier_get_limits:
 * @tier: a tier
 *
 * Returns: (transfer none): its limits
 */
const TempoLimits *
tempo_tier_get_limits (TempoTier tier)
{
  return &tier_limits[(guint) tier < TEMPO_N_TIERS ? tier : TEMPO_TIER_COMMUNITY];
}
