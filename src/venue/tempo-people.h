/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"
#include "model/tempo-member.h"
#include "model/tempo-organization.h"
#include "venue/tempo-actor.h"

G_BEGIN_DECLS

/* The one door to everything about people: members, their invitations, second factors and sessions. Routes, panel
 * and command line build the same value; who may, what the log says and what is refused is decided once, behind it.
 * It is a door of its own, beside that of rooms, because people may come to be looked after by a central instance:
 * then it alone has to be shut (TEMPO_REFUSAL_MANAGED). */
typedef enum
{
  TEMPO_PEOPLE_CREATE,            /* username, password, role */
  TEMPO_PEOPLE_CHANGE,            /* member_id (or username); role, active, password: what is given */
  TEMPO_PEOPLE_REMOVE,            /* member_id (or username) */
  TEMPO_PEOPLE_INVITE,            /* role, note; outcome: token, target_id, until */
  TEMPO_PEOPLE_REVOKE_INVITATION, /* target_id: an invitation or a reset link */
  TEMPO_PEOPLE_RESET,             /* member_id (or username): a link for a new password; outcome: token, until */
  TEMPO_PEOPLE_ACCEPT,            /* token, username, password; no actor */
  TEMPO_PEOPLE_USE_RESET,         /* token, password; no actor */
  TEMPO_PEOPLE_CHANGE_OWN,        /* old_password, password: of the actor */
  TEMPO_PEOPLE_FACTOR_BEGIN,      /* of the actor; outcome: secret, uri */
  TEMPO_PEOPLE_FACTOR_CONFIRM,    /* code; outcome: codes */
  TEMPO_PEOPLE_FACTOR_DROP,       /* code, or old_password */
  TEMPO_PEOPLE_FACTOR_RESET,      /* member_id: of somebody who lost the phone */
  TEMPO_PEOPLE_END_SESSIONS,      /* member_id (NULL: the actor); session_id or all but keep_id */
  TEMPO_PEOPLE_N_ACTS
} TempoPeopleAct;

#define TEMPO_INVITATION_HOURS 72
#define TEMPO_INVITATION_MAX_NOTE 120
#define TEMPO_INVITATION_TOKEN_LENGTH 43 /* 256 bits as base64url */
#define TEMPO_MAX_MEMBERS 500
#define TEMPO_MAX_INVITATIONS 100 /* open at once */

/* Built by one caller, then given away; not changed afterwards. */
typedef struct
{
  gatomicrefcount ref_count;
  TempoPeopleAct act;
  TempoActor *actor;     /* (owned) (nullable) for the acts that a token vouches for */
  char *organization_id; /* (owned) (nullable) slug or id; found by the token otherwise */
  char *member_id;       /* (owned) (nullable) */
  char *target_id;       /* (owned) (nullable) */
  char *session_id;      /* (owned) (nullable) */
  char *keep_id;         /* (owned) (nullable) */
  char *username;        /* (owned) (nullable) */
  char *password;        /* (owned) (nullable) */
  char *old_password;    /* (owned) (nullable) */
  char *token;           /* (owned) (nullable) */
  char *code;            /* (owned) (nullable) */
  char *note;            /* (owned) (nullable) */
  char *address, *agent; /* (owned) (nullable) for the log, where a token stands for an actor */
  TempoRole role;        /* TEMPO_ROLE_NONE: not given */
  gboolean set_active, active;
} TempoPeopleCommand;

/* Other fields are set by the caller with g_strdup(). @actor, @organization_id: (nullable). (transfer full). */
TempoPeopleCommand *tempo_people_command_new (TempoPeopleAct act, TempoActor *actor, const char *organization_id);
TempoPeopleCommand *tempo_people_command_ref (TempoPeopleCommand *self);
void tempo_people_command_unref (TempoPeopleCommand *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoPeopleCommand, tempo_people_command_unref)

/* What came of it, known to be durable. */
typedef struct
{
  TempoMember *member;             /* (owned) (nullable) whom it was about, as it is now */
  TempoOrganization *organization; /* (owned) (nullable) */
  char *target_id;                 /* (owned) (nullable) */
  char *token;                     /* (owned) (nullable) told this once */
  char *secret;                    /* (owned) (nullable) */
  char *uri;                       /* (owned) (nullable) */
  GStrv codes;                     /* (owned) (nullable) told this once */
  GStrv ended;                     /* (owned) (nullable) sessions that are void now */
  gint64 until;
} TempoPeopleOutcome;
void tempo_people_outcome_free (TempoPeopleOutcome *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoPeopleOutcome, tempo_people_outcome_free)

/* Any thread; the answer comes after the commit. Errors: TEMPO_REFUSAL. */
void tempo_people_execute_async (TempoHost *host, TempoPeopleCommand *command, GAsyncReadyCallback callback, gpointer user_data);
TempoPeopleOutcome *tempo_people_execute_finish (TempoHost *host, GAsyncResult *result, GError **error);

/* What a link promises, before it is used. Engine thread. @role: (out) of an invitation, NONE for a reset link;
 * @username: (out) (transfer full) (nullable) whose password a reset link is for. FALSE: USED_UP or NOT_FOUND. */
gboolean tempo_people_peek (TempoHost *host, const char *token, TempoOrganization **organization, TempoRole *role,
                            char **username, GError **error);
/* Does the house ask @member for a second factor that is not set up yet? Engine thread. */
gboolean tempo_people_needs_factor (TempoHost *host, TempoMember *member);
/* Is one set up? Engine thread. */
gboolean tempo_people_has_factor (TempoHost *host, TempoMember *member);
/* {"id","username","role","active","secondFactor","passwordSet","lastSeenAt","createdAt"}. Engine thread. */
void tempo_people_write_member (TempoHost *host, TempoMember *member, TempoJson *json, const char *key);
/* Members are looked after elsewhere from now on, or not. Engine thread; kept by whoever links the organization. */
void tempo_people_set_managed (TempoHost *host, const char *organization_id, gboolean managed);

/* Signing in: the password in the bounded pool, dummy work for unknown names, slow-down per account and address, then
 * the second factor where there is one. Any thread. Refusals: unauthenticated, rate, second_factor_required, wrong_code. */
typedef struct
{
  const char *username;
  const char *password;
  const char *organization; /* (nullable) slug or id */
  const char *code;         /* (nullable) */
  const char *address;      /* (nullable) the peer's; NULL: this machine */
  const char *agent;        /* (nullable) for the log */
  gboolean local;           /* from this machine: never made to wait for what others got wrong */
} TempoSignIn;
void tempo_people_sign_in_async (TempoHost *host, const TempoSignIn *who, GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) */
TempoMember *tempo_people_sign_in_finish (TempoHost *host, GAsyncResult *result, GError **error);

/* Who is signed in where. In memory for the check of every call, written now and then. Engine thread. */
#define TEMPO_MAX_SESSIONS 20 /* of one member; the oldest ends for a new one */
/* Starts one. (transfer none): its id, the token's jti. */
const char *tempo_sessions_open (TempoHost *host, TempoMember *member, const char *address, const char *agent, gint64 expires_at);
/* Is it good? Notes that it was used. */
gboolean tempo_sessions_check (TempoHost *host, TempoMember *member, const char *session_id);
void tempo_sessions_renew (TempoHost *host, TempoMember *member, const char *session_id, gint64 expires_at);
/* "sessions":[{"id","createdAt","usedAt","expiresAt","address","agent","current"}] of one member, newest first. */
void tempo_sessions_write (TempoHost *host, TempoMember *member, const char *current, TempoJson *json);

/* The desktop's own lock: four to twelve digits, kept as a bcrypt hash among the installation's settings. Any thread. */
#define TEMPO_PIN_MIN 4
#define TEMPO_PIN_MAX 12
gboolean tempo_pin_is_valid (const char *pin);
gboolean tempo_pin_is_set (TempoHost *host);
/* @pin: (nullable) takes it away. */
void tempo_pin_set_async (TempoHost *host, TempoActor *actor, const char *pin, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_pin_set_finish (TempoHost *host, GAsyncResult *result, GError **error);
/* Refusals: wrong_code, rate with `until`. */
void tempo_pin_check_async (TempoHost *host, const char *pin, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_pin_check_finish (TempoHost *host, GAsyncResult *result, GError **error);

G_END_DECLS
