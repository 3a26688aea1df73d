/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-member.h"

G_BEGIN_DECLS

typedef enum
{
  TEMPO_ACTOR_GUEST,
  TEMPO_ACTOR_MEMBER,
  TEMPO_ACTOR_DESKTOP, /* the person at the host app: acts as owner, named "desktop" in the audit */
  TEMPO_ACTOR_CONSOLE, /* the command line of the host */
  TEMPO_ACTOR_SYSTEM,  /* timers, the player */
} TempoActorKind;

/* Who does something. Immutable boxed value, any thread. */
struct _TempoActor
{
  gatomicrefcount ref_count;
  TempoActorKind kind;
  char *id;      /* (owned) (nullable) guest token digest, or member id */
  char *name;    /* (owned) username, or the guest's wished name (nullable) */
  TempoRole role;
  gboolean super_admin;
  char *organization_id; /* (owned) (nullable) of a member */
  char *address; /* (owned) (nullable) for the audit log; never identity */
  char *agent;   /* (owned) (nullable) user agent, cut at 200 bytes */
};

GType tempo_actor_get_type (void);
/* @token_digest: (nullable) for a stranger, as the log names who was turned away. */
TempoActor *tempo_actor_new_guest (const char *token_digest, const char *name, const char *address, const char *agent);
TempoActor *tempo_actor_new_member (TempoMember *member, const char *address, const char *agent);
/* As the log spells it: "guest", "member", … */
const char *tempo_actor_kind_to_string (TempoActorKind kind);
/* desktop, console or system. */
TempoActor *tempo_actor_new_local (TempoActorKind kind);
TempoActor *tempo_actor_ref (TempoActor *self);
void tempo_actor_unref (TempoActor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoActor, tempo_actor_unref)

G_END_DECLS
