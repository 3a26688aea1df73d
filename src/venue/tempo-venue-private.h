/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "access/tempo-tier.h"
#include "base/tempo-clock.h"
#include "model/tempo-blocked.h"
#include "model/tempo-event.h"
#include "model/tempo-guest.h"
#include "model/tempo-member.h"
#include "model/tempo-organization.h"
#include "model/tempo-room-info.h"
#include "store/tempo-store.h"
#include "venue/tempo-command.h"
#include "venue/tempo-host.h"
#include "venue/tempo-loaded-private.h"
#include "venue/tempo-settings-private.h"
#include "venue/tempo-tally-private.h"
#include "venue/tempo-turn-private.h"

/* An open organization: its file, its people and its rooms. Engine thread only.
 *
 * Two states live side by side. The working state is what commands see and change at once; the shown
 * state of each room is what readers see, and follows only when the turn that holds the changes is
 * durable. One turn is on its way to the disk at a time; what is asked meanwhile gathers in the next. */

/* What belongs to people beside the members; see tempo-people-private.h. */
typedef struct _TempoPeople TempoPeople;

typedef struct
{
  char *id;      /* (owned) */
  char *room_id; /* (owned) */
  char *name;    /* (owned) "" for none */
} TempoDisplay;

typedef struct
{
  char *request_id; /* (owned) */
  gboolean merged;
} TempoAnswered;

struct _TempoVenue
{
  TempoHost *host;                 /* (unowned) */
  TempoOrganization *organization; /* (owned) as shown */
  TempoStore *store;               /* (owned) */
  GPtrArray *rooms;                /* (owned) (element TempoRoom) by age */
  GHashTable *members;             /* (owned) id → TempoMember */
  TempoPeople *people;             /* (owned) */
  GHashTable *guests;              /* (owned) id → TempoGuest, without counts */
  GHashTable *digests;             /* (owned) token digest → guest id */
  GHashTable *absent;              /* (owned) token digests known to belong to nobody */
  GHashTable *displays;            /* (owned) token digest → TempoDisplay */
  GHashTable *settings;            /* (owned) key → JSON text */
  TempoActor *connecting;          /* (owned) (nullable) who began to connect Spotify: the browser comes back without a name */
  TempoBlocked *blocked;           /* (owned) what is never played here */
  GHashTable *scheduled;           /* (owned) id → TempoEvent not yet started */
  GHashTable *answers;             /* (owned) "actor\nkey" → TempoAnswered */
  GHashTable *keyed;               /* (owned) actors whose stored answers are in memory */
  GPtrArray *lookups;              /* (owned) (element GTask) commands waiting for their actor */
  gint64 next_request;
  gint64 next_event;
  gint64 hidden_at; /* when the file last refused, 0 while it works */

  TempoLoaded *first_load; /* (owned) (nullable) between opening and entering */

  TempoTally *tally;      /* (owned) */
  gint64 tallied_at;      /* when it was written last */
  gint64 storage_bytes;   /* as last measured */

  TempoTurn *turn;  /* (owned) (nullable) gathers */
  TempoTurn *sent;  /* (owned) (nullable) on its way to the disk */
  GSource *flush;   /* (nullable) */
  struct _TempoBulk *bulk; /* (owned) (nullable) what is being done to a whole list: the turn waits for it */
  GQueue delayed;   /* (element GTask) (owned) commands that come after it */
  gboolean looking; /* a look-up of actors is under way */
  guint steps;      /* commands that wait for the registry */
  GPtrArray *unsettled; /* (owned) (element utf8) join codes of turns that failed, and those the registry could not settle */
  struct _TempoStep *step; /* (unowned) (nullable) of the command that is being handled */
  gboolean reloading;
  gboolean broken;  /* the file could not be read either: every command is refused until it can */
  gboolean closing;
  gboolean in_care; /* a worker exports, erases, restores … it */
  char *new_logo;   /* (owned) (nullable) being set: the one value the setting "logo" may get, "" removes */
  char *trouble;    /* (owned) (nullable) why the last commit failed */
  char *damage;     /* (owned) (nullable) what the check after an unclean stop found; stays until the file is replaced */
  gboolean backed_up; /* a backup was tried since the start */
  char *no_backup;  /* (owned) (nullable) why the last one failed */
};

/* Blocks: worker threads. Opens the file and reads what the engine keeps in memory. */
TempoVenue *tempo_venue_open (TempoHost *host, TempoOrganization *organization, GError **error);
/* Engine thread: makes the rooms live and continues what was playing. */
void tempo_venue_enter (TempoVenue *self);
void tempo_venue_free (TempoVenue *self);
/* Replaces the working state by @loaded (consumed), as the file has it. */
void tempo_venue_take (TempoVenue *self, TempoLoaded *loaded);

TempoRoom *tempo_venue_find_room (TempoVenue *self, const char *room);
TempoMember *tempo_venue_find_username (TempoVenue *self, const char *username);
gint64 tempo_venue_now (TempoVenue *self);
/* ACM-REQ-001, of the next number. (transfer full). */
char *tempo_venue_number_request (TempoVenue *self);
char *tempo_venue_number_event (TempoVenue *self);

/* Guests, whose rows belong to the organization, not to one room. */
TempoGuest *tempo_venue_find_guest (TempoVenue *self, const char *guest_id);
TempoGuest *tempo_venue_find_digest (TempoVenue *self, const char *token_digest);
/* The guest of @actor, made when new; its name and last visit are kept up to date. (transfer none). */
TempoGuest *tempo_venue_ensure_guest (TempoVenue *self, TempoActor *actor, const char *name);
/* A guest without a phone. (transfer none). */
TempoGuest *tempo_venue_add_named_guest (TempoVenue *self, const char *name);
/* Takes a changed copy and writes it. @guest: (transfer full). */
void tempo_venue_put_guest (TempoVenue *self, TempoGuest *guest);
/* Makes ready what the settings ask for: branding, what is never played. */
void tempo_venue_obey_settings (TempoVenue *self);

/* Does @task's command, answers after the commit. Engine thread. */
void tempo_venue_execute (TempoVenue *self, GTask *task);
/* By role, before anything is known of what it is done to. */
gboolean tempo_venue_may (TempoVenue *self, TempoActor *actor, TempoAction action);

/* tempo-venue-licence.c: what the licence allows. */
gboolean tempo_venue_allows (TempoVenue *self, TempoLimit limit, guint have, GError **error);
gboolean tempo_venue_set_licence (TempoVenue *self, TempoCommand *command, GError **error);
void tempo_venue_tell_licence (TempoVenue *self);
/* (nullable) a health code; @text: (out) static. */
const char *tempo_venue_get_licence_trouble (TempoVenue *self, const char **text);

/* The bulk is over, one way or the other: what waited for it is handled. */
void tempo_venue_handle_delayed (TempoVenue *self);
/* And the turn may leave. */
void tempo_venue_go_on (TempoVenue *self);

/* Once its actor is known and the registry has what it needs. */
void tempo_venue_handle (TempoVenue *self, GTask *task);

/* tempo-venue-actions.c */
gboolean tempo_venue_act (TempoVenue *self, TempoRoom *room, TempoCommand *command,
                          TempoOutcome *outcome, GError **error);
