/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/tempo-clock.h"
#include "base/tempo-json.h"
#include "fake-source.h"
#include "model/tempo-event.h"
#include "model/tempo-guest.h"
#include "model/tempo-refusal.h"
#include "model/tempo-room-view.h"
#include "model/tempo-rules.h"
#include "store/tempo-store.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-room-private.h"

/* An engine over a real file in a fresh folder, with a clock that stands still and a source without sound. */

/* Against waiting for ever, no more: where thirty want two processors, a second's work takes half a minute. */
#define FIXTURE_PATIENCE_US (120 * G_USEC_PER_SEC)
#define FIXTURE_NOW (G_GINT64_CONSTANT (1763672400) * G_USEC_PER_SEC) /* 2025-11-20 21:00 UTC */

typedef struct
{
  char *folder;
  TempoClock *clock;
  TempoHost *host;
  TempoOrganization *organization;
  char *org;  /* (unowned) its id */
  char *room; /* (owned) id of "Main" */
  TempoActor *desktop;
  gboolean filler;
  GHashTable *fakes;  /* (owned) (nullable) kind → FakeSource, none: the newest of each */
  char *music_folder; /* (owned) (nullable) set: the real library over it, played into nothing */
  gboolean takes_time; /* with it: songs last as long as they are */
} Fixture;

/* @rules: JSON, or NULL for no event at all. */
void fixture_set_up (Fixture *f, const char *rules);
void fixture_tear_down (Fixture *f);
/* Stops and starts the engine over the same folder. */
void fixture_restart (Fixture *f);
void fixture_start (Fixture *f);
void fixture_stop (Fixture *f);
/* Removes a folder and all in it. */
void fixture_remove (const char *folder);

/* Runs @func on the engine thread and waits. */
typedef void (*FixtureFunc) (Fixture *f, TempoRoom *room, gpointer data);
void fixture_on_engine (Fixture *f, FixtureFunc func, gpointer data);
/* One turn of the main context: until something happens in it, 50 ms at most. The deadline is the caller's. */
void fixture_turn (void);
/* Iterates until @done is TRUE; fails after 20 s. */
void fixture_wait (gboolean *done);

TempoCommand *fixture_guest_command (Fixture *f, TempoAction action, const char *guest);
TempoCommand *fixture_command (Fixture *f, TempoAction action);
/* Consumes @command, waits for the answer. */
TempoOutcome *fixture_run (Fixture *f, TempoCommand *command, GError **error);
/* The same, which must succeed. */
TempoOutcome *fixture_do (Fixture *f, TempoCommand *command);
/* The same, which must be refused. */
void fixture_refuse (Fixture *f, TempoCommand *command, TempoRefusal refusal);

/* Ask for a song; the id of the request. (transfer full). */
char *fixture_ask (Fixture *f, const char *guest, const char *song);
TempoOutcome *fixture_ask_full (Fixture *f, const char *guest, const char *song, GError **error);
/* One action on a request. */
void fixture_act (Fixture *f, TempoAction action, const char *request_id);
void fixture_vote (Fixture *f, const char *guest, const char *request_id);
/* "s1 s2 s3": the queue as shown. (transfer full). */
char *fixture_queue (Fixture *f);
/* Status of a request, in memory. */
TempoRequestStatus fixture_status (Fixture *f, const char *request_id);
/* The song that sounds: "s1", "" for none. (transfer full). */
char *fixture_sounds (Fixture *f);
void fixture_end_song (Fixture *f);
void fixture_fail_song (Fixture *f, TempoSourceError code);
void fixture_tick (Fixture *f);
/* Waits until nothing is on its way to the disk. */
void fixture_settle (Fixture *f);
/* One number from the file: the result of @statement-free checks by counting rows of a statement. */
void fixture_counts (Fixture *f, guint64 *batches, guint64 *commits);
/* (transfer full) the state document of a guest. */
JsonObject *fixture_state (Fixture *f, const char *guest);

/* A GAsyncReadyCallback that keeps the result in its GAsyncResult ** user data; and the wait for it. */
void fixture_result_cb (GObject *object, GAsyncResult *result, gpointer user_data);
GAsyncResult *fixture_wait_result (GAsyncResult **result);
/* Another organization on the same host. (transfer full) (nullable). */
TempoOrganization *fixture_found (Fixture *f, const char *name, const char *slug, const char *username,
                                  const char *password, GError **error);
/* What the file says, past every view and guard: the first column of all rows, "-" for NULL.
 * @org: (nullable) the fixture's own. (transfer full). */
char *fixture_sql (Fixture *f, const char *org, const char *sql);
void fixture_check_sql (Fixture *f, const char *sql, const char *expected);
/* The line of the health strip. @level: (out) (optional). (transfer full) (nullable). */
char *fixture_health (Fixture *f, const char *code, guint *level);
/* (transfer full). */
JsonObject *fixture_json (const char *text);
/* Wishes as guests would have left them, past the engine, for which so many would take minutes; then it is started anew.
 * Some have votes. @status: "pending", "approved". */
void fixture_fill (Fixture *f, const char *status, guint songs, guint guests);
/* Changes rules of the night. */
void fixture_rules (Fixture *f, const char *rules);
