/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who does something: a boxed value that travels with every command and ends in the audit log. */
#include "venue/tempo-actor.h"

#include <string.h>

#define MAX_AGENT 200

G_DEFINE_BOXED_TYPE (TempoActor, tempo_actor, tempo_actor_ref, tempo_actor_unref)

/* Cut at a character, never inside one: the log is UTF-8. */
static char *
cut_agent (const char *agent)
{
  g_autofree char *valid = NULL;
  const char *end;

  if (agent == NULL)
    return NULL;

  valid = g_utf8_make_valid (agent, strnlen (agent, MAX_AGENT));
  if (strlen (valid) <= MAX_AGENT)
    return g_steal_pointer (&valid);

  end = g_utf8_find_prev_char (valid, valid + MAX_AGENT + 1);
  return g_strndup (valid, end - valid);
}

static TempoActor *
make_actor (TempoActorKind kind,
            const char *id,
            const char *name,
            const char *address,
            const char *agent)
{
  TempoActor *self = g_new0 (TempoActor, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->address = g_strdup (address);
  self->agent = cut_agent (agent);

  return self;
}

/**
 * tempo_actor_new_guest:
 * @token_digest: (nullable): tempo_token_digest() of the guest's cookie; a stranger, who may do nothing, has none
 * @name: (nullable): the name the guest wishes
 * @address: (nullable): for the audit log only
 * @agent: (nullable): for the audit log only
 *
 * Returns: (transfer full): a guest, who may do what guests may do
 */
TempoActor *
tempo_actor_new_guest (const char *token_digest,
                       const char *name,
                       const char *address,
                       const char *agent)
{
  return make_actor (TEMPO_ACTOR_GUEST, token_digest, name, address, agent);
}

/**
 * tempo_actor_new_member:
 * @member: the signed-in person
 * @address: (nullable): for the audit log only
 * @agent: (nullable): for the audit log only
 *
 * Returns: (transfer full): a member with the role it has now
 */
TempoActor *
tempo_actor_new_member (TempoMember *member,
                        const char *address,
                        const char *agent)
{
  TempoActor *self;

  g_return_val_if_fail (member != NULL, NULL);

  self = make_actor (TEMPO_ACTOR_MEMBER, member->id, member->username, address, agent);
  self->role = member->role;
  self->super_admin = member->super_admin;
  self->organization_id = g_strdup (member->organization_id);

  return self;
}

/**
 * tempo_actor_new_local:
 * @kind: desktop, console or system
 *
 * Whoever sits at the machine owns the data folder anyway, so these act as owner.
 *
 * Returns: (transfer full): the actor
 */
TempoActor *
tempo_actor_new_local (TempoActorKind kind)
{
  static const char *const names[] = { [TEMPO_ACTOR_DESKTOP] = "desktop",
                                       [TEMPO_ACTOR_CONSOLE] = "console",
                                       [TEMPO_ACTOR_SYSTEM] = "system" };
  TempoActor *self;

  g_return_val_if_fail (kind >= TEMPO_ACTOR_DESKTOP && kind <= TEMPO_ACTOR_SYSTEM, NULL);

  self = make_actor (kind, NULL, names[kind], NULL, NULL);
  self->role = TEMPO_ROLE_OWNER;

  return self;
}

/**
 * tempo_actor_kind_to_string:
 * @kind: what somebody is here
 *
 * The words are stored in audit rows: a released one never changes.
 *
 * Returns: (transfer none): its word
 */
const char *
tempo_actor_kind_to_string (TempoActorKind kind)
{
  static const char *const kinds[] = { [TEMPO_ACTOR_GUEST] = "guest",
                                       [TEMPO_ACTOR_MEMBER] = "member",
                                       [TEMPO_ACTOR_DESKTOP] = "desktop",
                                       [TEMPO_ACTOR_CONSOLE] = "console",
                                       [TEMPO_ACTOR_SYSTEM] = "system" };

  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kinds), "");

  return kinds[kind];
}

/**
 * tempo_actor_ref:
 * @self: an actor
 *
 * Returns: (transfer full): @self
 */
TempoActor *
tempo_actor_ref (TempoActor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * tempo_actor_unref:
 * @self: (transfer full): an actor
 *
 * Frees it with the last reference.
 */
void
tempo_actor_unref (TempoActor *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->organization_id, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->agent, g_free);
  g_free (self);
}
