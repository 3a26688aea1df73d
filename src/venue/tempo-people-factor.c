/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Second factors: codes of an authenticator, and the recovery codes for the day the phone is lost. */
#include "venue/tempo-people-private.h"

#include "access/tempo-totp.h"
#include "venue/tempo-host-private.h"

#define SETTING "requireSecondFactor"

static TempoFactor *
find_factor (TempoVenue *venue,
             const char *member_id)
{
  return g_hash_table_lookup (venue->people->factors, member_id);
}

static TempoMember *
find_own (TempoVenue *venue,
          TempoPeopleWork *work)
{
  TempoActor *actor = work->command->actor;

  return actor != NULL && actor->id != NULL ? g_hash_table_lookup (venue->members, actor->id) : NULL;
}

static gint64
get_seconds (TempoVenue *venue)
{
  return tempo_venue_now (venue) / G_USEC_PER_SEC;
}

static void
drop (TempoVenue *venue,
      const char *member_id)
{
  tempo_batch_add (tempo_venue_write (venue), "second-factor-delete", "s", member_id);
  tempo_batch_add (tempo_venue_write (venue), "recovery-code-delete", "s", member_id);
  tempo_people_forget_factor (venue->people, member_id);
}

gboolean
tempo_people_check_factor_begin (TempoVenue *venue,
                                 TempoPeopleWork *work,
                                 GError **error)
{
  TempoMember *own = find_own (venue, work);

  if (own == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "member", "no such member");
  if (tempo_people_has_factor (venue->host, own))
    return tempo_refuse (error, TEMPO_REFUSAL_CONFLICT, "secondFactor", "there is one already");

  return TRUE;
}

/* Begun again before it was proved, the older secret is of no use any more. */
void
tempo_people_apply_factor_begin (TempoVenue *venue,
                                 TempoPeopleWork *work)
{
  TempoMember *own = find_own (venue, work);
  TempoFactor *factor = g_new0 (TempoFactor, 1);

  drop (venue, own->id);
  factor->secret = tempo_totp_new_secret ();
  factor->recovery = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  tempo_batch_add (tempo_venue_write (venue), "second-factor-insert", "ssi", own->id, factor->secret, tempo_venue_now (venue));
  work->outcome->secret = g_strdup (factor->secret);
  work->outcome->uri = tempo_totp_make_uri (factor->secret, venue->organization->name, own->username);
  g_hash_table_replace (venue->people->factors, g_strdup (own->id), factor);
  tempo_people_log (venue, work->command->actor, "second_factor_begin", own->id, "off", "begun");
}

gboolean
tempo_people_check_factor_confirm (TempoVenue *venue,
                                   TempoPeopleWork *work,
                                   GError **error)
{
  TempoMember *own = find_own (venue, work);
  TempoFactor *factor = own != NULL ? find_factor (venue, own->id) : NULL;

  if (factor == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "secondFactor", "none was begun");
  if (factor->confirmed_at != 0)
    return tempo_refuse (error, TEMPO_REFUSAL_CONFLICT, "secondFactor", "it is confirmed already");
  if (!tempo_totp_verify (factor->secret, work->command->code, get_seconds (venue), factor->last_step, NULL))
    return tempo_refuse (error, TEMPO_REFUSAL_WRONG_CODE, "code", "not the code of this moment");

  return TRUE;
}

static void
write_factor (TempoVenue *venue,
              const char *member_id,
              TempoFactor *factor)
{
  tempo_batch_add (tempo_venue_write (venue), "second-factor-update", "sii", member_id, factor->confirmed_at, factor->last_step);
}

void
tempo_people_apply_factor_confirm (TempoVenue *venue,
                                   TempoPeopleWork *work)
{
  TempoMember *own = find_own (venue, work);
  TempoFactor *factor = find_factor (venue, own->id);

  tempo_totp_verify (factor->secret, work->command->code, get_seconds (venue), factor->last_step, &factor->last_step);
  factor->confirmed_at = tempo_venue_now (venue);
  write_factor (venue, own->id, factor);
  work->outcome->codes = g_new0 (char *, TEMPO_RECOVERY_CODES + 1);
  for (guint i = 0; i < TEMPO_RECOVERY_CODES; i++)
    {
      char *code = tempo_recovery_code_new ();
      g_autofree char *digest = tempo_recovery_code_digest (code);

      work->outcome->codes[i] = code;
      tempo_batch_add (tempo_venue_write (venue), "recovery-code-insert", "ss", own->id, digest);
      g_hash_table_add (factor->recovery, g_steal_pointer (&digest));
    }
  g_set_object (&work->outcome->member, own);
  tempo_people_log (venue, work->command->actor, "second_factor_on", own->id, "off", "on");
}

gboolean
tempo_people_take_code (TempoVenue *venue,
                        TempoMember *member,
                        TempoActor *actor,
                        const char *code)
{
  TempoFactor *factor = find_factor (venue, member->id);
  g_autofree char *digest = tempo_recovery_code_digest (code);

  if (factor == NULL || venue->reloading || venue->broken || venue->closing)
    return FALSE;
  if (digest != NULL)
    {
      char before[12], after[12];

      g_snprintf (before, sizeof before, "%u", g_hash_table_size (factor->recovery));
      if (!g_hash_table_remove (factor->recovery, digest))
        return FALSE;
      tempo_batch_add (tempo_venue_write (venue), "recovery-code-use", "ssi", member->id, digest, tempo_venue_now (venue));
      g_snprintf (after, sizeof after, "%u", g_hash_table_size (factor->recovery));
      tempo_people_log (venue, actor, "recovery_code_used", member->id, before, after);
      return TRUE;
    }
  if (!tempo_totp_verify (factor->secret, code, get_seconds (venue), factor->last_step, &factor->last_step))
    return FALSE;
  write_factor (venue, member->id, factor);

  return TRUE;
}

/* The password, or a code: whoever lost the phone still has the former. The code is looked at here and taken when it
 * counts. */
gboolean
tempo_people_check_factor_drop (TempoVenue *venue,
                                TempoPeopleWork *work,
                                GError **error)
{
  TempoPeopleCommand *command = work->command;
  TempoMember *own = find_own (venue, work);
  g_autofree char *key = NULL;

  if (own == NULL || find_factor (venue, own->id) == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "secondFactor", "there is none");
  if (command->old_password != NULL)
    return TRUE;
  if (tempo_people_take_code (venue, own, command->actor, command->code))
    return TRUE;

  key = g_strconcat ("own/", own->id, NULL);
  tempo_throttle_failed (venue->host->by_account, key);

  return tempo_refuse (error, TEMPO_REFUSAL_WRONG_CODE, "code", "not the code of this moment");
}

void
tempo_people_apply_factor_drop (TempoVenue *venue,
                                TempoPeopleWork *work)
{
  TempoMember *own = find_own (venue, work);

  tempo_people_log (venue, work->command->actor, "second_factor_off", own->id,
                    tempo_people_has_factor (venue->host, own) ? "on" : "begun", "off");
  drop (venue, own->id);
  g_set_object (&work->outcome->member, own);
}

gboolean
tempo_people_check_factor_reset (TempoVenue *venue,
                                 TempoPeopleWork *work,
                                 GError **error)
{
  TempoMember *target = tempo_people_find_target (venue, work->command);

  if (target == NULL || find_factor (venue, target->id) == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "member", "no such member, or no second factor");
  if (!tempo_people_may (venue, work->command->actor, "reset_factor", target->role))
    return tempo_refuse (error, TEMPO_REFUSAL_FORBIDDEN, "role", "not allowed");

  return TRUE;
}

/* Whoever signs in with the password alone from now on may be somebody else than those who are in. */
void
tempo_people_apply_factor_reset (TempoVenue *venue,
                                 TempoPeopleWork *work)
{
  TempoMember *target = tempo_people_find_target (venue, work->command);

  tempo_people_log (venue, work->command->actor, "second_factor_reset", target->id,
                    tempo_people_has_factor (venue->host, target) ? "on" : "begun", "off");
  drop (venue, target->id);
  work->outcome->ended = tempo_sessions_end (venue, target->id, NULL, NULL);
  g_set_object (&work->outcome->member, target);
}

/**
 * tempo_people_has_factor:
 * @host: a running engine
 * @member: somebody
 *
 * Engine thread.
 *
 * Returns: whether a second factor is set up and proved
 */
gboolean
tempo_people_has_factor (TempoHost *host,
                         TempoMember *member)
{
  TempoVenue *venue = tempo_host_find_venue (host, member->organization_id);
  TempoFactor *factor = venue != NULL ? find_factor (venue, member->id) : NULL;

  return factor != NULL && factor->confirmed_at != 0;
}

/**
 * tempo_people_needs_factor:
 * @host: a running engine
 * @member: somebody who signed in
 *
 * The house's setting requireSecondFactor: none, admins (and owners) or all. Engine thread.
 *
 * Returns: whether one must be set up before anything else
 */
gboolean
tempo_people_needs_factor (TempoHost *host,
                           TempoMember *member)
{
  TempoVenue *venue = tempo_host_find_venue (host, member->organization_id);
  const char *value = venue != NULL ? g_hash_table_lookup (venue->settings, SETTING) : NULL;
  gboolean asked;

  if (value == NULL)
    return FALSE;
  asked = g_str_equal (value, "\"all\"") || (g_str_equal (value, "\"admins\"") && member->role >= TEMPO_ROLE_ADMIN);

  return asked && !tempo_people_has_factor (host, member);
}
