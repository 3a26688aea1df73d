/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a licence is worth at a moment; nothing here reads a clock. */
#include "config.h"

#include "access/tempo-licence.h"

#define DAY_SECONDS G_GINT64_CONSTANT (86400)

static const char *const state_names[] = { "none", "pending", "valid", "renew", "grace", "restricted" };

/**
 * tempo_licence_state_to_string:
 * @state: how a licence stands
 *
 * Returns: its word
 */
const char *
tempo_licence_state_to_string (TempoLicenceState state)
{
  return state_names[(guint) state < G_N_ELEMENTS (state_names) ? state : TEMPO_LICENCE_NONE];
}

static void
set_state (TempoLicenceStanding *standing,
           TempoLicenceState state,
           gint64 until)
{
  standing->state = state;
  standing->until = until;
}

/**
 * tempo_licence_judge:
 * @self: (nullable): what was agreed
 * @now: seconds
 * @seen: the latest time ever known here, seconds
 * @standing: (out): how it stands
 *
 * The document's own end counts as the licence's: without renewal both lead into the grace.
 * A live event is nobody's business here: limits are asked when something new is made.
 */
void
tempo_licence_judge (const TempoLicence *self,
                     gint64 now,
                     gint64 seen,
                     TempoLicenceStanding *standing)
{
  gint64 time = MAX (now, seen);
  gint64 end, grace_end, renew_from;

  *standing = (TempoLicenceStanding) {
    .tier = TEMPO_TIER_COMMUNITY,
    .limits = *tempo_tier_get_limits (TEMPO_TIER_COMMUNITY),
    .clock_is_wrong = now < seen - DAY_SECONDS,
  };
  if (self == NULL)
    {
      set_state (standing, TEMPO_LICENCE_NONE, 0);
      return;
    }

  end = MIN (self->ends_at, self->renew_until);
  grace_end = end + self->grace_days * DAY_SECONDS;
  renew_from = MAX (self->starts_at, end - TEMPO_LICENCE_RENEW_DAYS * DAY_SECONDS);
  if (time < self->starts_at)
    set_state (standing, TEMPO_LICENCE_PENDING, self->starts_at);
  else if (time >= grace_end)
    set_state (standing, TEMPO_LICENCE_RESTRICTED, 0);
  else
    {
      standing->tier = self->tier;
      standing->limits = self->limits;
      if (time >= end)
        set_state (standing, TEMPO_LICENCE_GRACE, grace_end);
      else if (time >= renew_from)
        set_state (standing, TEMPO_LICENCE_RENEW, end);
      else
        set_state (standing, TEMPO_LICENCE_VALID, renew_from);
    }
}
