/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-now-playing.h"
#include "model/tempo-order.h"
#include "venue/tempo-delta-private.h"
#include "venue/tempo-player-private.h"
#include "venue/tempo-room.h"
#include "venue/tempo-settings-private.h"
#include "venue/tempo-venue-private.h"

#define TEMPO_ROOM_MAX_HISTORY 1000
#define TEMPO_ROOM_MAX_UNDO 20
#define TEMPO_ROOM_MAX_MINE 200
/* Nobody waits for what comes after that; nobody is told when, either. */
#define TEMPO_ROOM_MAX_ETA 500
#define TEMPO_UNKNOWN_SONG_MS (210 * 1000)

/* A request with the key its song has; the key costs more than all else of a submission, so it is made once. */
typedef struct
{
  TempoRequest *request; /* (owned) */
  char *song_key;        /* (owned) */
} TempoSlot;

/* A guest's part in the active event. */
typedef struct
{
  GPtrArray *mine;   /* (owned) (element TempoRequest) oldest first */
  GHashTable *votes; /* (owned) ids of requests voted for */
  guint asked;
  guint served;
  guint queued;      /* songs in the queue */
} TempoPart;

/* The same as readers see it. Immutable. */
typedef struct
{
  TempoGuest *guest;
  GPtrArray *mine;
  GHashTable *votes;
} TempoShownPart;

typedef enum
{
  TEMPO_DIRTY_QUEUE = 1 << 0,
  TEMPO_DIRTY_INBOX = 1 << 1,
  TEMPO_DIRTY_HISTORY = 1 << 2,
  TEMPO_DIRTY_ROOM = 1 << 3,
  TEMPO_DIRTY_EVENT = 1 << 4,
  TEMPO_DIRTY_NOW = 1 << 5,
  TEMPO_DIRTY_HEALTH = 1 << 6,
  TEMPO_DIRTY_ORGANIZATION = 1 << 7,
  TEMPO_DIRTY_UNDO = 1 << 8,
  TEMPO_DIRTY_GUESTS = 1 << 9,
  TEMPO_DIRTY_ALL = (1 << 10) - 1,
} TempoDirty;

/* What a commit will make visible, made when its turn is sent. */
typedef struct
{
  TempoDirty dirty;
  TempoDelta *queue;     /* (owned) (nullable) */
  TempoDelta *inbox;     /* (owned) (nullable) */
  GPtrArray *history;    /* (owned) (nullable) */
  TempoRoomInfo *info;   /* (owned) */
  TempoEvent *event;     /* (owned) (nullable) */
  TempoNowPlaying *now;  /* (owned) (nullable) */
  char *locked_id;       /* (owned) (nullable) */
  GHashTable *parts;     /* (owned) guest id → TempoShownPart */
  GPtrArray *touched;    /* (owned) (element utf8) digests */
  gboolean forget_parts; /* the event is another one */
  gboolean wifi_shown, filler;
  const char *undo_label;
} TempoRoomChange;

typedef struct
{
  TempoRoomChangeFunc func;
  gpointer user_data;
  guint id;
} TempoRoomWatch;

/* One act that can be taken back. */
typedef struct
{
  const char *label;    /* static */
  char *event_id;       /* (owned) */
  GPtrArray *requests;  /* (owned) (element TempoRequest) as they were */
  char *locked_id;      /* (owned) (nullable) */
  gint64 position_ms;   /* of a skipped song */
} TempoUndo;

typedef struct
{
  GObjectClass parent_class;
} TempoRoomClass;

struct _TempoRoom
{
  GObject parent_instance;

  TempoVenue *venue; /* (unowned) */

  /* working */
  TempoRoomInfo *info;     /* (owned) */
  gboolean wifi_shown, filler;
  char *music_folder;      /* (owned) (nullable) */
  char *filler_folder;     /* (owned) (nullable) */
  GHashTable *settings;    /* (owned) key → JSON text; read with tempo_settings_get_…() */
  char *mpd_password;      /* (owned) (nullable) from the keyring, never in the file */
  TempoEvent *event;       /* (owned) (nullable) */
  GHashTable *slots;       /* (owned) request id → TempoSlot */
  GHashTable *live;        /* (owned) song key → request id of what waits or plays */
  GHashTable *plays;       /* (owned) song key → gint64* when it last began */
  GHashTable *parts;       /* (owned) guest id → TempoPart */
  GPtrArray *queue;        /* (owned) (element TempoRequest) */
  GPtrArray *inbox;        /* (owned) (element TempoRequest) */
  GPtrArray *history;      /* (owned) (element TempoRequest) oldest first */
  TempoNowPlaying *now;    /* (owned) (nullable) */
  char *locked_id;         /* (owned) (nullable) */
  char *saved_lock;        /* (owned) (nullable) what the file knows of it */
  gboolean unsorted;       /* something below, or what is locked, is to be settled */
  gboolean resort;         /* everything is to be sorted */
  GHashTable *moved;       /* (owned) guests whose songs are to be placed anew; ids of songs without a guest */
  GArray *fresh;           /* (owned) (element TempoFresh) songs at the end of the queue that want a place */
  GQueue undo;             /* (element TempoUndo) newest first */
  TempoDirty dirty;
  GHashTable *touched;     /* (owned) guest ids */
  gboolean forget_parts;
  TempoPlayer *player;     /* (owned) */

  /* shown */
  TempoRoomChange *pending; /* (owned) (nullable) in the sent turn */
  guint64 revision;
  TempoRoomInfo *shown_info;
  TempoEvent *shown_event;
  TempoNowPlaying *shown_now;
  GPtrArray *shown_queue;
  GPtrArray *shown_inbox;
  GPtrArray *shown_history; /* newest first */
  GHashTable *shown_parts;  /* guest id → TempoShownPart */
  char *shown_locked;
  gboolean shown_wifi, shown_filler;
  const char *shown_undo;
  GBytes *shared_state;  /* caches of the shown state */
  GBytes *display_state;
  GBytes *staff_state;
  TempoRoomView *view;
  GPtrArray *view_queue, *view_inbox, *view_guests;

  GArray *watches; /* (owned) (element TempoRoomWatch) */
  guint next_watch;
  guint listeners, displays;
  GPtrArray *viewers; /* (owned) (element TempoViewer, none) */
  GSource *view_source;   /* (owned) (nullable) a view is due */
  gint64 viewed_at;
  char *join_key;         /* (owned) (nullable) what join_json was made of */
  char *join_json;        /* (owned) (nullable) the QR codes,
  which cost more than the rest of a display's state */
  gint64 shared_at;       /* when shared_state was made: its waiting times age */
};

#define TEMPO_TYPE_ROOM (tempo_room_get_type ())
GType tempo_room_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoRoom, g_object_unref)

TempoRoom *tempo_room_new (TempoVenue *venue);
/* Takes over what the file says (consumed). */
void tempo_room_take (TempoRoom *self, TempoLoadedRoom *loaded);
void tempo_room_stop (TempoRoom *self);

TempoSlot *tempo_room_find_slot (TempoRoom *self, const char *request_id);
TempoPart *tempo_room_find_part (TempoRoom *self, const char *guest_id);
/* Tells @source of the song with that id, or that picture, which the room kept from before. FALSE when there is none. */
gboolean tempo_room_recall (TempoRoom *self, TempoSource *source, const char *song_id, const char *artwork);
TempoPart *tempo_room_ensure_part (TempoRoom *self, const char *guest_id);
/* Puts a new request in its place (@request: transfer full). */
void tempo_room_add (TempoRoom *self, TempoRequest *request, const char *song_key);
/* Replaces a request by its changed copy (@request: transfer full), wherever it stands, and writes it. */
void tempo_room_change (TempoRoom *self, TempoRequest *request);
/* The same without writing: for what another statement writes. */
void tempo_room_replace (TempoRoom *self, TempoRequest *request);
void tempo_room_touch_guest (TempoRoom *self, const char *guest_id);
void tempo_room_mark (TempoRoom *self, TempoDirty dirty);
/* tempo-room-order.c */
GArray *tempo_room_make_fresh (void);
void tempo_room_note_entered (TempoRoom *self, TempoRequest *request);
void tempo_room_note_left (TempoRoom *self, TempoRequest *request, gboolean served);
void tempo_room_note_changed (TempoRoom *self, TempoRequest *before, TempoRequest *after);
/* The next sort looks at every song. */
void tempo_room_resort (TempoRoom *self);
/* @request_id (nullable) is next from now on. */
void tempo_room_lock (TempoRoom *self, const char *request_id);
void tempo_room_adopt (TempoRoom *self, TempoSlot *slot, TempoRequest *request);
/* Puts the working queue in order, and no more: which song is next is not settled. */
void tempo_room_arrange (TempoRoom *self);
/* Puts the working queue in order and settles which song is next. */
void tempo_room_sort (TempoRoom *self);
void tempo_room_set_now (TempoRoom *self, TempoNowPlaying *now);
/* The order of sources as the file has it: a JSON array. (transfer full). */
char *tempo_room_write_sources (TempoRoomInfo *info);
/* Writes the room's row. */
void tempo_room_write (TempoRoom *self);
void tempo_room_write_event (TempoRoom *self, TempoEvent *event);
/* Empties everything that belongs to an event. */
void tempo_room_forget_event (TempoRoom *self);
void tempo_room_note_play (TempoRoom *self, const char *song_key, gint64 at);
gboolean tempo_room_is_held (TempoRoom *self, TempoRequest *request);

/* tempo-room-publish.c: the way from working to shown. */
/* guest id → TempoShownPart. (transfer full). */
GHashTable *tempo_room_make_shown_parts (void);
void tempo_room_prepare (TempoRoom *self);
void tempo_room_publish (TempoRoom *self);
void tempo_room_drop_pending (TempoRoom *self);
/* Something outside the data changed (health, address): told at once. */
void tempo_room_tell (TempoRoom *self, TempoDirty dirty);
/* Screens are given a new view soon. */
void tempo_room_show_viewers (TempoRoom *self);
char *tempo_room_make_join_url (TempoRoom *self);
char *tempo_room_make_join_text (TempoRoom *self);
void tempo_room_change_free (TempoRoomChange *change);
TempoShownPart *tempo_room_get_shown_part (TempoRoom *self, const char *token_digest);
/* Seconds until shown queue[@index] starts; -1 unknown. */
gint tempo_room_eta (TempoRoom *self, guint index);
/* (element TempoHealth) (transfer full). */
GPtrArray *tempo_room_list_health (TempoRoom *self);

/* tempo-room-json.c */
void tempo_room_write_change (TempoRoom *self, TempoRoomChange *change, GBytes **guests, GBytes **staff);

/* tempo-room-left.c: what a guest may still ask. */
typedef struct
{
  gboolean limited;
  guint requests;
  gint64 next_at; /* wall us, 0 unknown or now */
  gint64 cooldown_until;
} TempoLeft;
void tempo_room_compute_left (TempoRoom *self, TempoEvent *event, TempoGuest *guest,
                              GPtrArray *mine, TempoLeft *left);

/* Handlers: each checks first, and changes nothing when it refuses. */
typedef gboolean (*TempoRoomHandler) (TempoRoom *self, TempoCommand *command,
                                      TempoOutcome *outcome, GError **error);
gboolean tempo_room_submit (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_withdraw (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_vote (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_unvote (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_rename_self (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_forget_self (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_approve (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_decline (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_clear (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_move (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_pin (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_show_message (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome,
                                  GError **error);
gboolean tempo_room_mark_playing (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome,
                                  GError **error);
gboolean tempo_room_mark_played (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_undo (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_transport (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_choose_source (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome,
                                   GError **error);
gboolean tempo_room_switch (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_event_create (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome,
                                  GError **error);
gboolean tempo_room_event_start (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_event_end (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_event_rules (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_event_rename (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome,
                                  GError **error);
gboolean tempo_room_guest_act (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
/* Members for everything that is set for the room. */
void tempo_room_write_settings (TempoRoom *self, gboolean here, TempoJson *json);
gboolean tempo_room_new_code (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_set_active (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
gboolean tempo_room_edit (TempoRoom *self, TempoCommand *command, TempoOutcome *outcome, GError **error);
/* Renames a guest and the songs that wait. (transfer none). */
TempoGuest *tempo_room_rename_guest (TempoRoom *self, TempoGuest *guest, const char *name,
                                     TempoActor *actor, const char *action);
/* Time went on: last call, the player's position. */
void tempo_room_allow_words (TempoRoom *self, TempoActor *actor);
void tempo_room_tick (TempoRoom *self);
/* What the display says by the clock is anew as of now. TRUE when it changed. */
gboolean tempo_room_announce (TempoRoom *self);

/* Helpers the handlers share. */
TempoEvent *tempo_room_need_event (TempoRoom *self, GError **error);
TempoRequest *tempo_room_need_request (TempoRoom *self, TempoCommand *command, GError **error);
/* A final state for @request: copy, time, reason, row, audit. */
void tempo_room_finish (TempoRoom *self, TempoRequest *request, TempoRequestStatus status, TempoActor *actor,
                        const char *action, const char *reason_code, const char *reason_text);
/* A vote more or less, by its count. */
void tempo_room_audit_votes (TempoRoom *self, TempoActor *actor, const char *action, TempoRequest *before, TempoRequest *after);
void tempo_room_audit_request (TempoRoom *self, TempoActor *actor, const char *action,
                               TempoRequest *before, TempoRequest *after);
/* Trims, one line, at most @max characters. NULL for nothing; an error for too much. */
gboolean tempo_room_clean_text (const char *text, glong max, const char *subject, char **clean, GError **error);
/* The start of something that can be undone; items are added, then it is pushed. */
TempoUndo *tempo_undo_new (TempoRoom *self, const char *label);
void tempo_undo_add (TempoUndo *undo, TempoRequest *request);
void tempo_undo_free (TempoUndo *undo);
void tempo_room_push_undo (TempoRoom *self, TempoUndo *undo);
