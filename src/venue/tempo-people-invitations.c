/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links that are used once: one makes a member, one gives a member a new password. Whoever holds the link is trusted
 * with what it says, so it is 256 random bits, ends after three days and is kept as a digest. */
#include "venue/tempo-people-private.h"

#include "base/tempo-clock.h"
#include "base/tempo-id.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-room-private.h"

TempoVenue *
tempo_people_find_token (TempoHost *host,
                         const char *token,
                         TempoInvitation **found)
{
  g_autofree char *digest = tempo_people_link_digest (token);
  gint64 now = tempo_clock_now (host->clock);

  if (digest == NULL)
    return NULL;

  for (guint i = 0; i < host->venues->len; i++)
    {
      TempoVenue *venue = g_ptr_array_index (host->venues, i);
      GHashTableIter iter;
      gpointer value;

      g_hash_table_iter_init (&iter, venue->people->invitations);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        {
          TempoInvitation *invitation = value;

          if (!g_str_equal (invitation->digest, digest) || invitation->expires_at <= now)
            continue;
          if (found != NULL)
            *found = invitation;
          return venue;
        }
    }

  return NULL;
}

/* Those that ran out make room. */
static guint
count_open (TempoVenue *venue)
{
  gint64 now = tempo_venue_now (venue);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, venue->people->invitations);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((TempoInvitation *) value)->expires_at <= now)
      g_hash_table_iter_remove (&iter);

  return g_hash_table_size (venue->people->invitations);
}

static void
add_link (TempoVenue *venue,
          TempoPeopleWork *work,
          TempoRole role,
          const char *member_id)
{
  TempoInvitation *invitation = g_new0 (TempoInvitation, 1);
  TempoActor *actor = work->command->actor;
  g_autofree char *note = NULL;

  tempo_room_clean_text (work->command->note, TEMPO_INVITATION_MAX_NOTE, "note", &note, NULL);
  work->outcome->token = tempo_token_random (32);
  invitation->id = tempo_id_new (venue->host->clock);
  invitation->digest = tempo_token_digest (work->outcome->token);
  invitation->role = role;
  invitation->member_id = g_strdup (member_id);
  invitation->note = g_strdup (note != NULL ? note : "");
  invitation->created_by = g_strdup (actor->id != NULL ? actor->id : actor->name);
  invitation->created_at = tempo_venue_now (venue);
  invitation->expires_at = invitation->created_at + TEMPO_INVITATION_HOURS * G_TIME_SPAN_HOUR;
  tempo_batch_add (tempo_venue_write (venue), "invitation-insert", "sssssssii", invitation->id,
                   role != TEMPO_ROLE_NONE ? "invitation" : "reset", invitation->digest,
                   role != TEMPO_ROLE_NONE ? tempo_role_to_string (role) : NULL, member_id, invitation->note,
                   invitation->created_by, invitation->created_at, invitation->expires_at);
  work->outcome->target_id = g_strdup (invitation->id);
  work->outcome->until = invitation->expires_at;
  g_hash_table_insert (venue->people->invitations, invitation->id, invitation);
}

static void
end_link (TempoVenue *venue,
          const char *id,
          gboolean used)
{
  tempo_batch_add (tempo_venue_write (venue), "invitation-end", "sii", id, used ? tempo_venue_now (venue) : (gint64) 0,
                   used ? (gint64) 0 : tempo_venue_now (venue));
  g_hash_table_remove (venue->people->invitations, id);
}

/* What the link was good for goes into the log with it; @reason: (nullable) whose it was. */
static void
log_and_end (TempoVenue *venue,
             TempoActor *actor,
             const char *id,
             const char *reason)
{
  TempoInvitation *invitation = g_hash_table_lookup (venue->people->invitations, id);

  tempo_venue_audit (venue, &(TempoAudit) { actor, "invite_revoke", "invitation", id, invitation->role != TEMPO_ROLE_NONE
                                            ? tempo_role_to_string (invitation->role) : "password", NULL, reason });
  end_link (venue, id, FALSE);
}

gboolean
tempo_people_check_invite (TempoVenue *venue,
                           TempoPeopleWork *work,
                           GError **error)
{
  TempoPeopleCommand *command = work->command;
  g_autofree char *note = NULL;

  if (command->role == TEMPO_ROLE_NONE)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "role", "a role is needed");
  if (!tempo_people_may (venue, command->actor, "manage_members", command->role))
    return tempo_refuse (error, TEMPO_REFUSAL_FORBIDDEN, "role", "not allowed");
  if (!tempo_room_clean_text (command->note, TEMPO_INVITATION_MAX_NOTE, "note", &note, error))
    return FALSE;
  if (count_open (venue) >= TEMPO_MAX_INVITATIONS)
    return tempo_refuse (error, TEMPO_REFUSAL_CONFLICT, "invitation", "too many open invitations");

  return TRUE;
}

void
tempo_people_apply_invite (TempoVenue *venue,
                           TempoPeopleWork *work)
{
  add_link (venue, work, work->command->role, NULL);
  tempo_venue_audit (venue, &(TempoAudit) { work->command->actor, "invite", "invitation", work->outcome->target_id, NULL,
                                            tempo_role_to_string (work->command->role), work->command->note });
}

static TempoRole
get_rank (TempoVenue *venue,
          TempoInvitation *invitation)
{
  TempoMember *member = invitation->member_id != NULL ? g_hash_table_lookup (venue->members, invitation->member_id) : NULL;

  return member != NULL ? member->role : invitation->role;
}

gboolean
tempo_people_check_revoke (TempoVenue *venue,
                           TempoPeopleWork *work,
                           GError **error)
{
  TempoInvitation *invitation = work->command->target_id != NULL
    ? g_hash_table_lookup (venue->people->invitations, work->command->target_id) : NULL;

  if (invitation == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "invitation", "no such open invitation");
  if (!tempo_people_may (venue, work->command->actor, "manage_members", get_rank (venue, invitation)))
    return tempo_refuse (error, TEMPO_REFUSAL_FORBIDDEN, "role", "not allowed");

  return TRUE;
}

void
tempo_people_apply_revoke (TempoVenue *venue,
                           TempoPeopleWork *work)
{
  work->outcome->target_id = g_strdup (work->command->target_id);
  log_and_end (venue, work->command->actor, work->outcome->target_id, NULL);
}

/* @member as it is from now on: gone, switched off or of a lower rank. */
void
tempo_people_revoke_by (TempoVenue *venue,
                        TempoActor *actor,
                        TempoMember *member)
{
  g_autoptr (GList) all = g_hash_table_get_values (venue->people->invitations);

  for (GList *item = all; item != NULL; item = item->next)
    {
      TempoInvitation *invitation = item->data;
      g_autofree char *id = g_strdup (invitation->id);
      gboolean of = g_strcmp0 (invitation->member_id, member->id) == 0 && !member->active;
      gboolean by = g_str_equal (invitation->created_by, member->id)
                    && (!member->active || get_rank (venue, invitation) > member->role || member->role < TEMPO_ROLE_ADMIN);

      if (!of && !by)
        continue;
      log_and_end (venue, actor, id, member->username);
    }
}

gboolean
tempo_people_check_reset (TempoVenue *venue,
                          TempoPeopleWork *work,
                          GError **error)
{
  TempoMember *target = tempo_people_find_target (venue, work->command);

  if (target == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "member", "no such member");
  if (!tempo_people_may (venue, work->command->actor, "manage_members", target->role))
    return tempo_refuse (error, TEMPO_REFUSAL_FORBIDDEN, "role", "not allowed");
  if (count_open (venue) >= TEMPO_MAX_INVITATIONS)
    return tempo_refuse (error, TEMPO_REFUSAL_CONFLICT, "invitation", "too many open links");

  return TRUE;
}

/* A new link takes the place of an older one that was not used. */
void
tempo_people_apply_reset (TempoVenue *venue,
                          TempoPeopleWork *work)
{
  TempoMember *target = tempo_people_find_target (venue, work->command);
  g_autofree char *until = NULL;
  g_autoptr (GList) all = g_hash_table_get_values (venue->people->invitations);

  for (GList *item = all; item != NULL; item = item->next)
    {
      TempoInvitation *invitation = item->data;
      g_autofree char *id = g_strdup (invitation->id);

      if (g_strcmp0 (invitation->member_id, target->id) == 0)
        log_and_end (venue, work->command->actor, id, target->username);
    }
  add_link (venue, work, TEMPO_ROLE_NONE, target->id);
  g_set_object (&work->outcome->member, target);
  until = tempo_time_format (work->outcome->until);
  tempo_people_log (venue, work->command->actor, "password_reset", target->id, NULL, until);
}

gboolean
tempo_people_check_accept (TempoVenue *venue,
                           TempoPeopleWork *work,
                           GError **error)
{
  TempoInvitation *invitation = NULL;

  tempo_people_find_token (venue->host, work->command->token, &invitation);
  if (invitation == NULL || invitation->role == TEMPO_ROLE_NONE)
    return tempo_refuse (error, TEMPO_REFUSAL_USED_UP, "token", "not an invitation");

  return tempo_people_check_create (venue, work, error);
}

void
tempo_people_apply_accept (TempoVenue *venue,
                           TempoPeopleWork *work)
{
  TempoInvitation *invitation = NULL;
  g_autofree char *id = NULL;
  g_autoptr (TempoActor) actor = NULL;
  TempoMember *member;

  tempo_people_find_token (venue->host, work->command->token, &invitation);
  id = g_strdup (invitation->id);
  member = tempo_people_add_member (venue, work, work->command->username, invitation->role);
  end_link (venue, id, TRUE);
  actor = tempo_actor_new_member (member, work->command->address, work->command->agent);
  tempo_venue_audit (venue, &(TempoAudit) { actor, "invite_accept", "invitation", id, "open",
                                            member->username, NULL });
  tempo_people_log_made (venue, actor, member);
}

static TempoMember *
find_reset (TempoVenue *venue,
            TempoPeopleWork *work,
            TempoInvitation **invitation)
{
  tempo_people_find_token (venue->host, work->command->token, invitation);

  return *invitation != NULL && (*invitation)->member_id != NULL
    ? g_hash_table_lookup (venue->members, (*invitation)->member_id) : NULL;
}

gboolean
tempo_people_check_use_reset (TempoVenue *venue,
                              TempoPeopleWork *work,
                              GError **error)
{
  TempoInvitation *invitation = NULL;
  TempoMember *member = find_reset (venue, work, &invitation);

  if (member == NULL || !member->active)
    return tempo_refuse (error, TEMPO_REFUSAL_USED_UP, "token", "not a link for a new password");
  if (work->command->password == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_WEAK_PASSWORD, "password", "a password is needed");

  return TRUE;
}

void
tempo_people_apply_use_reset (TempoVenue *venue,
                              TempoPeopleWork *work)
{
  TempoInvitation *invitation = NULL;
  g_autoptr (TempoMember) member = g_object_ref (find_reset (venue, work, &invitation));
  g_autofree char *id = g_strdup (invitation->id);
  g_autoptr (TempoActor) actor = tempo_actor_new_member (member, work->command->address, work->command->agent);

  tempo_people_give_password (venue, work, member, actor);
  end_link (venue, id, TRUE);
}

/**
 * tempo_people_peek:
 * @host: a running engine
 * @token: what the link holds
 * @organization: (out) (transfer none): whose it is
 * @role: (out): of an invitation, TEMPO_ROLE_NONE for a reset link
 * @username: (out) (transfer full) (nullable): whose password it is about
 * @error: TEMPO_REFUSAL_USED_UP
 *
 * Engine thread.
 *
 * Returns: whether the link can be used
 */
gboolean
tempo_people_peek (TempoHost *host,
                   const char *token,
                   TempoOrganization **organization,
                   TempoRole *role,
                   char **username,
                   GError **error)
{
  TempoInvitation *invitation = NULL;
  TempoVenue *venue = tempo_people_find_token (host, token, &invitation);
  TempoMember *member = venue != NULL && invitation->member_id != NULL
    ? g_hash_table_lookup (venue->members, invitation->member_id) : NULL;

  if (venue == NULL || (invitation->member_id != NULL && member == NULL))
    return tempo_refuse (error, TEMPO_REFUSAL_USED_UP, "token", "no such link, or it was used");

  *organization = venue->organization;
  *role = invitation->role;
  *username = member != NULL ? g_strdup (member->username) : NULL;

  return TRUE;
}
