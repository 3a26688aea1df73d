/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-refusal.h"
#include "venue/tempo-people.h"
#include "venue/tempo-venue-private.h"

/* What is behind the door to people. Engine thread unless said otherwise. */

typedef struct
{
  char *secret;          /* (owned) */
  gint64 confirmed_at;   /* 0: shown, not yet proved */
  gint64 last_step;
  GHashTable *recovery;  /* (owned) digests of codes not yet used */
} TempoFactor;

typedef struct
{
  char *id;         /* (owned) */
  char *digest;     /* (owned) */
  char *member_id;  /* (owned) (nullable) a reset link's */
  char *created_by; /* (owned) */
  char *note;       /* (owned) */
  TempoRole role;   /* NONE: a reset link */
  gint64 created_at, expires_at;
} TempoInvitation;

typedef struct
{
  char *id;        /* (owned) */
  char *member_id; /* (owned) */
  char *address;   /* (owned) (nullable) */
  char *agent;     /* (owned) (nullable) */
  gint64 created_at, used_at, expires_at, ended_at;
  gboolean dirty;
} TempoSession;

/* Beside the members themselves, which are the venue's. */
struct _TempoPeople
{
  GHashTable *factors;     /* (owned) member id → TempoFactor */
  GHashTable *invitations; /* (owned) id → TempoInvitation, the open ones */
  GHashTable *sessions;    /* (owned) id → TempoSession */
  gint64 written_at;       /* when uses of sessions were last written */
  gboolean managed;        /* looked after by the central instance */
};

TempoPeople *tempo_people_new (void);
void tempo_people_free (TempoPeople *self);
/* A worker: reads all of it. */
gboolean tempo_people_load (TempoPeople *self, TempoScope *scope, GError **error);
void tempo_people_forget_factor (TempoPeople *self, const char *member_id);

/* One command under way. */
typedef struct
{
  TempoPeopleCommand *command; /* (owned) */
  char *hash;                  /* (owned) (nullable) of the new password */
  gboolean proved;             /* old_password was right */
  TempoPeopleOutcome *outcome; /* (owned) (nullable) once it was done */
} TempoPeopleWork;

/* Looks whether it may be done as things stand; asked before and after a password was hashed. */
typedef gboolean (*TempoPeopleCheck) (TempoVenue *venue, TempoPeopleWork *work, GError **error);
/* Changes memory, adds statements to the turn, completes the outcome. */
typedef void (*TempoPeopleApply) (TempoVenue *venue, TempoPeopleWork *work);
typedef struct
{
  const char *word;     /* of the permission table; NULL: of oneself, or vouched for by a token */
  gboolean local;       /* also where members are managed centrally */
  TempoPeopleCheck check;
  TempoPeopleApply apply;
} TempoPeopleHandler;

/* tempo-people-members.c */
gboolean tempo_people_check_create (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_create (TempoVenue *venue, TempoPeopleWork *work);
gboolean tempo_people_check_change (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_change (TempoVenue *venue, TempoPeopleWork *work);
gboolean tempo_people_check_remove (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_remove (TempoVenue *venue, TempoPeopleWork *work);
gboolean tempo_people_check_own (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_own (TempoVenue *venue, TempoPeopleWork *work);
/* Adds a member with the work's hash. (transfer none). */
TempoMember *tempo_people_add_member (TempoVenue *venue, TempoPeopleWork *work, const char *username, TempoRole role);
/* Takes the work's hash as the member's, ends sessions and tokens. */
void tempo_people_give_password (TempoVenue *venue, TempoPeopleWork *work, TempoMember *member, TempoActor *actor);
/* A new hash of the same password: nothing else changes. */
void tempo_people_rehash (TempoVenue *venue, const char *member_id, const char *of, const char *hash);

/* tempo-people-invitations.c */
gboolean tempo_people_check_invite (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_invite (TempoVenue *venue, TempoPeopleWork *work);
gboolean tempo_people_check_revoke (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_revoke (TempoVenue *venue, TempoPeopleWork *work);
gboolean tempo_people_check_reset (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_reset (TempoVenue *venue, TempoPeopleWork *work);
gboolean tempo_people_check_accept (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_accept (TempoVenue *venue, TempoPeopleWork *work);
gboolean tempo_people_check_use_reset (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_use_reset (TempoVenue *venue, TempoPeopleWork *work);
/* What a link for an invitation or a new password is found by: the digest of @token, NULL when no link holds such a
 * text. tempo-people-link.c. @token: (nullable) as the path had it. (transfer full) (nullable). Any thread. */
char *tempo_people_link_digest (const char *token);
/* The organization a token opens. @found: (out) (nullable). (transfer none) (nullable). */
TempoVenue *tempo_people_find_token (TempoHost *host, const char *token, TempoInvitation **found);
/* Takes back what somebody invited who may not do so any more. */
void tempo_people_revoke_by (TempoVenue *venue, TempoActor *actor, TempoMember *member);

/* tempo-people-factor.c */
gboolean tempo_people_check_factor_begin (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_factor_begin (TempoVenue *venue, TempoPeopleWork *work);
gboolean tempo_people_check_factor_confirm (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_factor_confirm (TempoVenue *venue, TempoPeopleWork *work);
gboolean tempo_people_check_factor_drop (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_factor_drop (TempoVenue *venue, TempoPeopleWork *work);
gboolean tempo_people_check_factor_reset (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_factor_reset (TempoVenue *venue, TempoPeopleWork *work);
/* Takes a time code or a recovery code, each once. Writes what was used. */
gboolean tempo_people_take_code (TempoVenue *venue, TempoMember *member, TempoActor *actor, const char *code);

/* tempo-sessions.c */
gboolean tempo_people_check_end_sessions (TempoVenue *venue, TempoPeopleWork *work, GError **error);
void tempo_people_apply_end_sessions (TempoVenue *venue, TempoPeopleWork *work);
/* Ends those of @member but @keep. (transfer full): their ids. */
GStrv tempo_sessions_end (TempoVenue *venue, const char *member_id, const char *session_id, const char *keep);
/* When the member was last here, 0 never. */
gint64 tempo_sessions_last_seen (TempoVenue *venue, const char *member_id);
/* Writes uses at most once a minute, forgets old ones. */
void tempo_sessions_tick (TempoVenue *venue);

/* tempo-people-lists.c */
GBytes *tempo_people_list_members (TempoVenue *venue);
GBytes *tempo_people_list_invitations (TempoVenue *venue);

/* What all of them share. */
void tempo_people_refuse_password (GTask *task, const GError *error);
/* Overwrites and frees. */
void tempo_people_clear_secret (char **text);
char *tempo_people_clean_username (const char *username);
gboolean tempo_people_is_username (const char *username);
/* May @actor do to people of @role what needs @word? */
gboolean tempo_people_may (TempoVenue *venue, TempoActor *actor, const char *word, TempoRole role);
/* The member a command is about. (transfer none) (nullable). */
TempoMember *tempo_people_find_target (TempoVenue *venue, TempoPeopleCommand *command);
/* A row of the log: "member_role" of @member. @before, @after: (nullable). */
void tempo_people_log_made (TempoVenue *venue, TempoActor *actor, TempoMember *member);
void tempo_people_log (TempoVenue *venue, TempoActor *actor, const char *action, const char *member_id,
                       const char *before, const char *after);
