/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/tempo-request.h"
#include "model/tempo-room-info.h"
#include "venue/tempo-actor.h"

G_BEGIN_DECLS

/* A use case as a value. LAN routes, panel, display and command line all build
 * one and give it to tempo_host_execute_async(); permission (role, action), audit,
 * idempotency and durability are decided once, there. */
typedef enum
{
  TEMPO_ACTION_SUBMIT,        /* song_id or title+artist; name, message, key; staff: for a guest by name */
  TEMPO_ACTION_WITHDRAW,      /* request_id, own */
  TEMPO_ACTION_VOTE,          /* request_id */
  TEMPO_ACTION_UNVOTE,        /* request_id */
  TEMPO_ACTION_RENAME_SELF,   /* name */
  TEMPO_ACTION_FORGET_SELF,   /* the guest signs out: own waiting songs withdrawn, identity erased */
  TEMPO_ACTION_APPROVE,       /* request_id, or NULL for all pending */
  TEMPO_ACTION_DECLINE,       /* request_id, reason_code and/or text */
  TEMPO_ACTION_REMOVE,        /* request_id: from the queue, as declined */
  TEMPO_ACTION_CLEAR,         /* all of the queue */
  TEMPO_ACTION_MOVE,          /* request_id, position (1-based); pins it there */
  TEMPO_ACTION_PIN,           /* request_id, flag */
  TEMPO_ACTION_SHOW_MESSAGE,  /* request_id, flag */
  TEMPO_ACTION_MARK_PLAYING,  /* request_id: manual source; what played before is played */
  TEMPO_ACTION_MARK_PLAYED,   /* request_id (nullable: the playing one) */
  TEMPO_ACTION_UNDO,          /* the last decline, skip, remove, clear of this room */
  TEMPO_ACTION_PLAY,
  TEMPO_ACTION_PAUSE,
  TEMPO_ACTION_SKIP,
  TEMPO_ACTION_SEEK,          /* number = ms */
  TEMPO_ACTION_VOLUME,        /* level 0..1 */
  TEMPO_ACTION_FILLER,        /* flag */
  TEMPO_ACTION_SWITCH,        /* switch_state; number = wall us of last call, 0 none, with flag=TRUE: keep the switch, plan the time */
  TEMPO_ACTION_EVENT_CREATE,  /* name, rules (nullable), flag = start now */
  TEMPO_ACTION_EVENT_START,   /* event_id */
  TEMPO_ACTION_EVENT_END,     /* event_id (nullable: the active one) */
  TEMPO_ACTION_EVENT_RULES,   /* event_id (nullable: the active one), rules = members to change */
  TEMPO_ACTION_GUEST_HOLD,    /* guest_id, flag */
  TEMPO_ACTION_GUEST_MUTE,    /* guest_id, number = wall us until, 0 lifts, G_MAXINT64 until lifted */
  TEMPO_ACTION_GUEST_BAN,     /* as mute; waiting songs are declined */
  TEMPO_ACTION_GUEST_RENAME,  /* guest_id, name */
  TEMPO_ACTION_GUEST_CLEAR,   /* guest_id: all its waiting songs, as declined */
  TEMPO_ACTION_ROOM_CREATE,   /* name, patch: {"code"} (nullable) */
  TEMPO_ACTION_ROOM_EDIT,     /* patch: name, source, wifi…, announcement, wifiShown */
  TEMPO_ACTION_DISPLAY_CREATE, /* name; outcome.token once */
  TEMPO_ACTION_DISPLAY_REVOKE, /* target_id */
  TEMPO_ACTION_SETTING,       /* patch: {key: value} of the organization's settings */
  TEMPO_ACTION_EVENT_RENAME,  /* event_id, name */
  TEMPO_ACTION_LICENCE,       /* patch: {"key"} or {"document"}; neither removes the licence */
  TEMPO_ACTION_ROOM_CODE,     /* a new join code */
  TEMPO_ACTION_ROOM_ACTIVE,   /* flag: FALSE closes the room for good */
  TEMPO_ACTION_SOURCE,        /* name = kind of the source that is to have its turn, NULL the room's first */
  TEMPO_N_ACTIONS
} TempoAction;
/* "submit", "event_start" …: the word of the audit log and of the permission table. */
const char *tempo_action_to_string (TempoAction action);

/* Built by one caller, then given away; not changed afterwards. */
struct _TempoCommand
{
  gatomicrefcount ref_count;
  TempoAction action;
  TempoActor *actor;          /* (owned) */
  char *organization_id;      /* (owned) */
  char *room_id;              /* (owned) (nullable) for actions on the organization, and where request_id, event_id, guest_id or target_id tell the room */
  char *request_id;           /* (owned) (nullable) */
  char *event_id;             /* (owned) (nullable) */
  char *guest_id;             /* (owned) (nullable) */
  char *target_id;            /* (owned) (nullable) display … */
  char *song_id;              /* (owned) (nullable) */
  char *title;                /* (owned) (nullable) */
  char *artist;               /* (owned) (nullable) */
  char *name;                 /* (owned) (nullable) */
  char *message;              /* (owned) (nullable) */
  char *reason_code;          /* (owned) (nullable) "not_tonight", "played_enough", "not_here", "later", "other" */
  char *reason_text;          /* (owned) (nullable) */
  char *key;                  /* (owned) (nullable) Idempotency-Key, at most 80 bytes */
  JsonObject *patch;          /* (owned) (nullable) */
  guint position;
  gboolean flag;
  gint64 number;
  double level;
  TempoSwitch switch_state;
};

GType tempo_command_get_type (void);
/* @room_id: (nullable). Other fields are set by the caller with g_strdup() and friends. (transfer full). */
TempoCommand *tempo_command_new (TempoAction action, TempoActor *actor, const char *organization_id, const char *room_id);
TempoCommand *tempo_command_ref (TempoCommand *self);
void tempo_command_unref (TempoCommand *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoCommand, tempo_command_unref)

/* What came of a command, known to be durable. Immutable, any thread. */
struct _TempoOutcome
{
  gatomicrefcount ref_count;
  TempoRequest *request;  /* (owned) (nullable) the request concerned, as it is now */
  TempoEvent *event;      /* (owned) (nullable) */
  TempoGuest *guest;      /* (owned) (nullable) the guest who acted or was acted on */
  TempoRoomInfo *room;    /* (owned) (nullable) */
  char *token;            /* (owned) (nullable) a display token, shown this once */
  char *target_id;        /* (owned) (nullable) id of what was made */
  gboolean merged;        /* the wish became a vote for @request */
  gboolean replayed;      /* answered from the idempotency store */
  gboolean can_undo;
  guint position;         /* of @request in the queue, 0 when not in it */
  gint eta_seconds;       /* -1 unknown */
  guint count;            /* how many were changed by "all" actions */
};
GType tempo_outcome_get_type (void);
TempoOutcome *tempo_outcome_ref (TempoOutcome *self);
void tempo_outcome_unref (TempoOutcome *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoOutcome, tempo_outcome_unref)

G_END_DECLS
