/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the licence of an open organization allows, and how people are told. */
#include "venue/tempo-venue-private.h"

#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "model/tempo-room-view.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-room-private.h"
#include "venue/tempo-steps-private.h"

static void
judge (TempoVenue *self,
       TempoLicenceStanding *standing)
{
  tempo_licences_judge (self->host->licences, self->organization->id, tempo_venue_now (self), standing);
}

static guint
count_events (TempoVenue *self)
{
  guint count = 0;

  for (guint i = 0; i < self->rooms->len; i++)
    count += ((TempoRoom *) g_ptr_array_index (self->rooms, i))->event != NULL;

  return count;
}

static guint
count_used (TempoVenue *self,
            TempoLimit limit)
{
  guint most = 0;

  switch (limit)
    {
    case TEMPO_LIMIT_ROOMS:
      return self->rooms->len;
    case TEMPO_LIMIT_DISPLAYS:
      return g_hash_table_size (self->displays);
    case TEMPO_LIMIT_MEMBERS:
      return g_hash_table_size (self->members);
    case TEMPO_LIMIT_EVENTS:
      return count_events (self);
    case TEMPO_LIMIT_REQUESTS_PER_EVENT:
      for (guint i = 0; i < self->rooms->len; i++)
        most = MAX (most, g_hash_table_size (((TempoRoom *) g_ptr_array_index (self->rooms, i))->slots));
      return most;
    default:
      return 0;
    }
}

/**
 * tempo_venue_allows:
 * @self: an organization
 * @limit: what one more of is to be made
 * @have: how many there are
 * @error: TEMPO_REFUSAL_LICENCE
 *
 * Returns: %FALSE when the licence allows no more
 */
gboolean
tempo_venue_allows (TempoVenue *self,
                    TempoLimit limit,
                    guint have,
                    GError **error)
{
  TempoRefusalDetail detail = { 0 };
  TempoLicenceStanding standing;

  judge (self, &standing);
  if (have < standing.limits.of[limit])
    return TRUE;

  detail.count = standing.limits.of[limit];
  g_strlcpy (detail.subject, tempo_limit_to_string (limit), sizeof detail.subject);
  g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_LICENCE, &detail,
                                               "the %s tier allows %u %s", tempo_tier_to_string (standing.tier),
                                               detail.count, detail.subject));
  return FALSE;
}

/* A member of @patch: text, null or absent. */
static const char *
get_text (JsonObject *patch,
          const char *member,
          gsize max,
          GError **error)
{
  return patch != NULL ? tempo_json_get_string (patch, member, max, NULL, error) : NULL;
}

/* What may be told of a licence: the end of its key, and what it allows. (transfer full) (nullable). */
static char *
describe (TempoVenue *self,
          const TempoRegistryLicence *row)
{
  TempoLicenceStanding standing;

  if (row == NULL)
    return NULL;
  judge (self, &standing);

  return g_strdup_printf ("%s, %s", row->last_four, tempo_tier_to_string (standing.tier));
}

/**
 * tempo_venue_plan_licence:
 * @self: an organization
 * @command: patch with "key" or "document", neither to remove the licence
 * @step: (inout): what the registry is to keep
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_venue_plan_licence (TempoVenue *self,
                          TempoCommand *command,
                          TempoStep *step,
                          GError **error)
{
  g_autoptr (GError) failure = NULL;
  const char *key = get_text (command->patch, "key", TEMPO_LICENCE_KEY_MAX_LENGTH, &failure);
  const char *document = get_text (command->patch, "document", TEMPO_LICENCE_MAX_LENGTH, &failure);

  if (failure != NULL || (key != NULL && document != NULL))
    {
      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_INVALID, NULL, "%s", failure != NULL
                                                   ? failure->message : "either a key or a document is taken"));
      return FALSE;
    }
  if (key == NULL && document == NULL)
    return TRUE;
  step->licence = tempo_licences_read (self->host->licences, self->organization->id, key, document, tempo_venue_now (self), error);

  return step->licence != NULL;
}

/**
 * tempo_venue_take_licence:
 * @self: an organization
 * @step: what the registry keeps now
 */
void
tempo_venue_take_licence (TempoVenue *self,
                          TempoStep *step)
{
  TempoLicences *licences = self->host->licences;
  const char *id = self->organization->id;
  const TempoRegistryLicence *row;

  tempo_licences_find (licences, id, &row);
  step->before = describe (self, row);
  tempo_licences_take (licences, id, g_steal_pointer (&step->licence), tempo_venue_now (self));
  tempo_licences_find (licences, id, &row);
  step->after = describe (self, row);
  tempo_venue_tell_licence (self);
}

/**
 * tempo_venue_set_licence:
 * @self: an organization
 * @command: whose licence counts since a moment ago
 * @error: not used
 *
 * Returns: %TRUE
 */
gboolean
tempo_venue_set_licence (TempoVenue *self,
                         TempoCommand *command,
                         GError **error)
{
  tempo_venue_audit (self, &(TempoAudit) { command->actor, "licence", "licence", self->organization->id, self->step->before,
                                           self->step->after, NULL });

  return TRUE;
}

/**
 * tempo_venue_tell_licence:
 * @self: an organization whose licence stands differently now
 */
void
tempo_venue_tell_licence (TempoVenue *self)
{
  for (guint i = 0; i < self->rooms->len; i++)
    tempo_room_tell (g_ptr_array_index (self->rooms, i), TEMPO_DIRTY_HEALTH);
}

/**
 * tempo_venue_get_licence_trouble:
 * @self: an organization
 * @text: (out): English, static
 *
 * Returns: (nullable): the code of what people should do something about
 */
const char *
tempo_venue_get_licence_trouble (TempoVenue *self,
                                 const char **text)
{
  static const struct
  {
    TempoLicenceState state;
    const char *code, *text;
  } troubles[] = {
    { TEMPO_LICENCE_RENEW, "licence_renew", "the licence should be renewed soon" },
    { TEMPO_LICENCE_GRACE, "licence_grace", "the licence is over; all goes on for some days" },
    { TEMPO_LICENCE_RESTRICTED, "licence_over", "the licence is over" },
  };
  TempoLicenceStanding standing;

  judge (self, &standing);
  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++)
    if (standing.state == troubles[i].state)
      {
        *text = troubles[i].text;
        return troubles[i].code;
      }
  *text = "the clock of this computer is behind";

  return standing.clock_is_wrong ? "licence_clock" : NULL;
}

static void
write_counts (TempoVenue *self,
              TempoJson *json,
              const TempoLimits *limits)
{
  tempo_json_begin_object (json, "limits");
  for (guint i = 0; i < TEMPO_N_LIMITS; i++)
    if (limits->of[i] != TEMPO_UNLIMITED)
      tempo_json_int (json, tempo_limit_to_string (i), limits->of[i]);
    else
      tempo_json_null (json, tempo_limit_to_string (i));
  tempo_json_end_object (json);

  /* How many organizations there are beside it is nobody's business but the operator's. */
  tempo_json_begin_object (json, "used");
  for (guint i = TEMPO_LIMIT_ROOMS; i < TEMPO_N_LIMITS; i++)
    tempo_json_int (json, tempo_limit_to_string (i), count_used (self, i));
  tempo_json_end_object (json);
}

/**
 * tempo_host_describe_licence:
 * @self: a running engine
 * @organization_id: whose
 *
 * Engine thread.
 *
 * Returns: (transfer full) (nullable): {"licence":{…}} as staff see it; %NULL without such an organization
 */
GBytes *
tempo_host_describe_licence (TempoHost *self,
                             const char *organization_id)
{
  TempoVenue *venue = tempo_host_find_venue (self, organization_id);
  const TempoRegistryLicence *row;
  const TempoLicence *licence;
  TempoLicenceStanding standing;
  TempoJson *json;

  if (venue == NULL)
    return NULL;

  licence = tempo_licences_find (self->licences, venue->organization->id, &row);
  judge (venue, &standing);
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_begin_object (json, "licence");
  tempo_json_string (json, "tier", tempo_tier_to_string (standing.tier));
  tempo_json_string (json, "state", tempo_licence_state_to_string (standing.state));
  tempo_json_time (json, "until", standing.until * G_USEC_PER_SEC);
  tempo_json_bool (json, "clockIsWrong", standing.clock_is_wrong);
  tempo_json_string (json, "lastFour", row != NULL && *row->last_four != '\0' ? row->last_four : NULL);
  tempo_json_bool (json, "hasDocument", licence != NULL);
  tempo_json_string (json, "name", licence != NULL ? licence->organization_name : NULL);
  tempo_json_bool (json, "trial", licence != NULL && licence->trial);
  tempo_json_time (json, "startsAt", licence != NULL ? licence->starts_at * G_USEC_PER_SEC : 0);
  tempo_json_time (json, "endsAt", licence != NULL ? licence->ends_at * G_USEC_PER_SEC : 0);
  tempo_json_time (json, "renewUntil", licence != NULL ? licence->renew_until * G_USEC_PER_SEC : 0);
  write_counts (venue, json, &standing.limits);
  tempo_json_end_object (json);
  tempo_json_end_object (json);

  return tempo_json_finish (json);
}

/**
 * tempo_host_find_licence_key:
 * @self: a running engine
 * @key: as typed
 * @error: TEMPO_REFUSAL_INVALID for what is no key, TEMPO_REFUSAL_FORBIDDEN for one that opens nothing here
 *
 * Unknown, replaced and outdated keys are told apart by nobody. Engine thread.
 *
 * Returns: (transfer none) (nullable): the id of the organization whose valid licence it is
 */
const char *
tempo_host_find_licence_key (TempoHost *self,
                             const char *key,
                             GError **error)
{
  g_autoptr (GError) failure = NULL;
  const char *organization_id = tempo_licences_find_key (self->licences, key, &failure);
  TempoLicenceStanding standing = { .state = TEMPO_LICENCE_NONE };
  TempoRefusalDetail detail = { .subject = "licenseKey" };

  if (organization_id != NULL)
    tempo_licences_judge (self->licences, organization_id, tempo_clock_now (self->clock), &standing);
  switch (standing.state)
    {
    case TEMPO_LICENCE_VALID:
    case TEMPO_LICENCE_RENEW:
    case TEMPO_LICENCE_GRACE:
      return organization_id;
    default:
      break;
    }

  if (failure != NULL)
    g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_INVALID, &detail, "%s", failure->message));
  else
    g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_FORBIDDEN, &detail, "this key opens nothing here"));
  return NULL;
}
