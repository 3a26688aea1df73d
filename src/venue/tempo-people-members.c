/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members: made, changed, removed. Where rights shrink, older tokens are void and sessions end. */
#include "venue/tempo-people-private.h"

#include "base/tempo-clock.h"
#include "base/tempo-id.h"
#include "venue/tempo-host-private.h"

static void
write_member (TempoVenue *venue,
              TempoMember *member)
{
  tempo_batch_add (tempo_venue_write (venue), "member-update", "sssiii", member->id, member->password_hash,
                   tempo_role_to_string (member->role), (gint64) member->token_version, (gint64) member->active,
                   member->password_set_at);
  g_hash_table_replace (venue->members, member->id, g_object_ref (member));
}

static void
set_hash (TempoMember *member,
          const char *hash)
{
  g_clear_pointer (&member->password_hash, g_free);
  member->password_hash = g_strdup (hash);
}

/* Somebody must be left who may do everything, here and on the host. */
static gboolean
check_left (TempoVenue *venue,
            TempoMember *target,
            TempoRole role,
            GError **error)
{
  GHashTableIter iter;
  gpointer other;
  guint owners = 0;

  if (target->super_admin && role == TEMPO_ROLE_NONE)
    {
      guint admins = 0;

      for (guint i = 0; i < venue->host->venues->len; i++)
        {
          g_hash_table_iter_init (&iter, ((TempoVenue *) g_ptr_array_index (venue->host->venues, i))->members);
          while (g_hash_table_iter_next (&iter, NULL, &other))
            admins += ((TempoMember *) other)->super_admin && ((TempoMember *) other)->active;
        }
      if (admins <= 1)
        return tempo_refuse (error, TEMPO_REFUSAL_LAST_OWNER, "superAdmin", "the last one who runs this host");
    }
  if (target->role != TEMPO_ROLE_OWNER || !target->active || role == TEMPO_ROLE_OWNER)
    return TRUE;

  g_hash_table_iter_init (&iter, venue->members);
  while (g_hash_table_iter_next (&iter, NULL, &other))
    owners += ((TempoMember *) other)->role == TEMPO_ROLE_OWNER && ((TempoMember *) other)->active;
  if (owners <= 1)
    return tempo_refuse (error, TEMPO_REFUSAL_LAST_OWNER, "role", "the last owner");

  return TRUE;
}

static void
end_all (TempoVenue *venue,
         TempoPeopleWork *work,
         TempoMember *member)
{
  g_clear_pointer (&work->outcome->ended, g_strfreev);
  work->outcome->ended = tempo_sessions_end (venue, member->id, NULL, NULL);
}

gboolean
tempo_people_check_create (TempoVenue *venue,
                           TempoPeopleWork *work,
                           GError **error)
{
  TempoPeopleCommand *command = work->command;
  g_autofree char *username = tempo_people_clean_username (command->username);

  /* A token says which role, and who may give it was asked when it was made. */
  if (command->token == NULL && !tempo_people_may (venue, command->actor, "manage_members", command->role))
    return tempo_refuse (error, TEMPO_REFUSAL_FORBIDDEN, "role", "not allowed");
  if (!tempo_people_is_username (username))
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "username", "not a username");
  if (command->token == NULL && command->role == TEMPO_ROLE_NONE)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "role", "a role is needed");
  if (command->password == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_WEAK_PASSWORD, "password", "a password is needed");
  if (tempo_venue_find_username (venue, username) != NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_CONFLICT, "username", "the name is taken");
  if (g_hash_table_size (venue->members) >= TEMPO_MAX_MEMBERS)
    return tempo_refuse (error, TEMPO_REFUSAL_CONFLICT, "member", "too many members");

  return tempo_venue_allows (venue, TEMPO_LIMIT_MEMBERS, g_hash_table_size (venue->members), error);
}

TempoMember *
tempo_people_add_member (TempoVenue *venue,
                         TempoPeopleWork *work,
                         const char *username,
                         TempoRole role)
{
  g_autofree char *id = tempo_id_new (venue->host->clock);
  g_autofree char *name = tempo_people_clean_username (username);
  g_autoptr (TempoMember) member = tempo_member_new (id, name, role);

  g_clear_pointer (&member->organization_id, g_free);
  member->organization_id = g_strdup (venue->organization->id);
  member->created_at = tempo_venue_now (venue);
  member->password_set_at = member->created_at;
  set_hash (member, work->hash);
  tempo_batch_add (tempo_venue_write (venue), "member-insert", "ssssi", id, name, member->password_hash,
                   tempo_role_to_string (role), member->created_at);
  g_hash_table_replace (venue->members, member->id, g_object_ref (member));
  g_set_object (&work->outcome->member, member);

  return work->outcome->member;
}

void
tempo_people_log_made (TempoVenue *venue,
                       TempoActor *actor,
                       TempoMember *member)
{
  g_autofree char *after = g_strdup_printf ("%s, %s", member->username, tempo_role_to_string (member->role));

  tempo_people_log (venue, actor, "member_create", member->id, NULL, after);
}

void
tempo_people_apply_create (TempoVenue *venue,
                           TempoPeopleWork *work)
{
  TempoMember *member = tempo_people_add_member (venue, work, work->command->username, work->command->role);

  tempo_people_log_made (venue, work->command->actor, member);
}

gboolean
tempo_people_check_change (TempoVenue *venue,
                           TempoPeopleWork *work,
                           GError **error)
{
  TempoPeopleCommand *command = work->command;
  TempoMember *target = tempo_people_find_target (venue, command);
  TempoRole after;

  if (target == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "member", "no such member");
  if (!tempo_people_may (venue, command->actor, "manage_members", MAX (target->role, command->role)))
    return tempo_refuse (error, TEMPO_REFUSAL_FORBIDDEN, "role", "not allowed");
  if (command->role == TEMPO_ROLE_NONE && !command->set_active && command->password == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "member", "nothing to change");

  after = command->role != TEMPO_ROLE_NONE ? command->role : target->role;
  if (command->set_active && !command->active)
    after = TEMPO_ROLE_NONE;

  return check_left (venue, target, after, error);
}

/* Of a password the log holds when it was set, and nothing more. */
void
tempo_people_give_password (TempoVenue *venue,
                            TempoPeopleWork *work,
                            TempoMember *member,
                            TempoActor *actor)
{
  g_autoptr (TempoMember) after = tempo_member_copy (member);
  g_autofree char *before = member->password_set_at > 0 ? tempo_time_format (member->password_set_at) : NULL;
  g_autofree char *now = tempo_time_format (tempo_venue_now (venue));

  set_hash (after, work->hash);
  after->password_set_at = tempo_venue_now (venue);
  after->token_version++;
  write_member (venue, after);
  end_all (venue, work, after);
  tempo_people_log (venue, actor, "password_set", after->id, before, now);
  g_set_object (&work->outcome->member, after);
}

/* Each thing that changed is a line of its own in the log. */
void
tempo_people_apply_change (TempoVenue *venue,
                           TempoPeopleWork *work)
{
  TempoPeopleCommand *command = work->command;
  g_autoptr (TempoMember) before = g_object_ref (tempo_people_find_target (venue, command));
  g_autoptr (TempoMember) after = tempo_member_copy (before);
  gboolean shrinks;

  if (command->role != TEMPO_ROLE_NONE)
    after->role = command->role;
  if (command->set_active)
    after->active = command->active;
  shrinks = after->role < before->role || (before->active && !after->active);
  if (shrinks)
    after->token_version++;
  if (after->role != before->role)
    tempo_people_log (venue, command->actor, "member_role", after->id, tempo_role_to_string (before->role),
                      tempo_role_to_string (after->role));
  if (after->active != before->active)
    tempo_people_log (venue, command->actor, after->active ? "member_activate" : "member_deactivate", after->id,
                      before->active ? "active" : "inactive", after->active ? "active" : "inactive");

  write_member (venue, after);
  if (shrinks)
    {
      end_all (venue, work, after);
      tempo_people_revoke_by (venue, command->actor, after);
    }
  g_set_object (&work->outcome->member, after);
  if (work->hash != NULL)
    tempo_people_give_password (venue, work, after, command->actor);
}

gboolean
tempo_people_check_remove (TempoVenue *venue,
                           TempoPeopleWork *work,
                           GError **error)
{
  TempoMember *target = tempo_people_find_target (venue, work->command);

  if (target == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "member", "no such member");
  if (!tempo_people_may (venue, work->command->actor, "manage_members", target->role))
    return tempo_refuse (error, TEMPO_REFUSAL_FORBIDDEN, "role", "not allowed");

  return check_left (venue, target, TEMPO_ROLE_NONE, error);
}

/* The log keeps the name: the id alone would say nothing any more. */
void
tempo_people_apply_remove (TempoVenue *venue,
                           TempoPeopleWork *work)
{
  g_autoptr (TempoMember) gone = g_object_ref (tempo_people_find_target (venue, work->command));

  end_all (venue, work, gone);
  gone->active = FALSE;
  tempo_people_revoke_by (venue, work->command->actor, gone);
  tempo_people_forget_factor (venue->people, gone->id);
  tempo_batch_add (tempo_venue_write (venue), "member-delete", "s", gone->id);
  tempo_people_log (venue, work->command->actor, "member_remove", gone->id, gone->username, NULL);
  g_hash_table_remove (venue->members, gone->id);
  g_set_object (&work->outcome->member, gone);
}

gboolean
tempo_people_check_own (TempoVenue *venue,
                        TempoPeopleWork *work,
                        GError **error)
{
  TempoPeopleCommand *command = work->command;

  if (g_hash_table_lookup (venue->members, command->actor->id) == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, "member", "no such member");
  if (command->password == NULL || command->old_password == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "password", "the old and the new password are needed");

  return TRUE;
}

void
tempo_people_apply_own (TempoVenue *venue,
                        TempoPeopleWork *work)
{
  TempoMember *member = g_hash_table_lookup (venue->members, work->command->actor->id);

  tempo_people_give_password (venue, work, member, work->command->actor);
}

/* @of: the hash that was proved; a password that was changed meanwhile stays the new one. */
void
tempo_people_rehash (TempoVenue *venue,
                     const char *member_id,
                     const char *of,
                     const char *hash)
{
  TempoMember *member = g_hash_table_lookup (venue->members, member_id);
  g_autoptr (TempoMember) after = member != NULL ? tempo_member_copy (member) : NULL;

  if (after == NULL || g_strcmp0 (after->password_hash, of) != 0 || venue->people->managed || venue->reloading || venue->broken || venue->closing)
    return;

  set_hash (after, hash);
  write_member (venue, after);
}
