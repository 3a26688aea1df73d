/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

typedef struct
{
  Fixture *f;
  FixtureFunc func;
  gpointer data;
  gboolean done;
} Call;

static TempoSource *
make_fake (TempoRoom *room,
           const char *kind,
           gpointer user_data)
{
  Fixture *f = user_data;
  FakeSource *source = fake_source_new (kind);

  source->has_filler = f->filler;
  if (f->fakes == NULL)
    f->fakes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (f->fakes, g_strdup (kind), source);

  return TEMPO_SOURCE (source);
}

static gboolean
nudge_cb (gpointer data)
{
  g_main_context_wakeup (NULL);

  return G_SOURCE_CONTINUE;
}

void
fixture_turn (void)
{
  guint nudge = g_timeout_add (50, nudge_cb, NULL);

  g_main_context_iteration (NULL, TRUE);
  g_source_remove (nudge);
}

void
fixture_wait (gboolean *done)
{
  gint64 deadline = g_get_monotonic_time () + FIXTURE_PATIENCE_US;

  while (!g_atomic_int_get (done))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      fixture_turn ();
    }
}

void
fixture_result_cb (GObject *object,
                   GAsyncResult *result,
                   gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

GAsyncResult *
fixture_wait_result (GAsyncResult **result)
{
  gint64 deadline = g_get_monotonic_time () + FIXTURE_PATIENCE_US;

  while (*result == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      fixture_turn ();
    }

  return *result;
}

static gboolean
called_cb (gpointer data)
{
  Call *call = data;
  TempoRoom *room = call->f->room != NULL ? tempo_host_find_room (call->f->host, NULL, call->f->room) : NULL;

  call->func (call->f, room, call->data);
  g_atomic_int_set (&call->done, TRUE);
  g_main_context_wakeup (NULL);

  return G_SOURCE_REMOVE;
}

void
fixture_on_engine (Fixture *f,
                   FixtureFunc func,
                   gpointer data)
{
  Call call = { f, func, data, FALSE };

  g_main_context_invoke (f->host->context, called_cb, &call);
  fixture_wait (&call.done);
}

void
fixture_start (Fixture *f)
{
  TempoHostOptions options = { .data_dir = f->folder, .clock = f->clock, .music_folder = f->music_folder };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (f->music_folder != NULL)
    options.audio_sink = f->takes_time ? "fakesink sync=true" : "fakesink sync=false";
  f->host = tempo_host_new (&options);
  if (f->music_folder == NULL)
    tempo_host_set_source_factory (f->host, make_fake, f);
  tempo_host_start_async (f->host, NULL, fixture_result_cb, &result);
  fixture_wait_result (&result);
  tempo_host_start_finish (f->host, result, &error);
  g_assert_no_error (error);
}

/* A worker may hold the last task that names the engine for a moment longer. */
static void
wait_gone (Fixture *f)
{
  gint64 deadline = g_get_monotonic_time () + FIXTURE_PATIENCE_US;
  gboolean gone = FALSE;
  GWeakRef ref;

  g_weak_ref_init (&ref, f->host);
  g_clear_object (&f->host);
  while (!gone)
    {
      g_autoptr (GObject) host = g_weak_ref_get (&ref);

      gone = host == NULL;
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_thread_yield ();
    }
  g_weak_ref_clear (&ref);
}

void
fixture_stop (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  tempo_host_stop_async (f->host, fixture_result_cb, &result);
  fixture_wait_result (&result);
  tempo_host_stop_finish (f->host, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  wait_gone (f);
}

void
fixture_restart (Fixture *f)
{
  fixture_stop (f);
  fixture_start (f);
}

void
fixture_set_up (Fixture *f,
                const char *rules)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rooms = NULL;
  TempoCommand *command;

  f->folder = g_dir_make_tmp ("tempo-venue-XXXXXX", &error);
  g_assert_no_error (error);
  f->clock = tempo_clock_new_fixed (FIXTURE_NOW);
  f->desktop = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);
  fixture_start (f);

  tempo_host_create_organization_async (f->host, f->desktop, "Acme Bar", NULL, NULL, "olga", NULL, fixture_result_cb, &result);
  fixture_wait_result (&result);
  f->organization = tempo_host_create_organization_finish (f->host, result, &error);
  g_assert_no_error (error);
  f->org = f->organization->id;
  rooms = tempo_host_list_rooms (f->host, f->org);
  g_assert_cmpuint (rooms->len, ==, 1);
  f->room = g_strdup (((TempoRoomInfo *) g_ptr_array_index (rooms, 0))->id);

  if (rules == NULL)
    return;
  command = fixture_command (f, TEMPO_ACTION_EVENT_CREATE);
  command->name = g_strdup ("Friday");
  command->flag = TRUE;
  command->patch = tempo_json_parse (rules, strlen (rules), &error);
  g_assert_no_error (error);
  tempo_outcome_unref (fixture_do (f, command));
}

void
fixture_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        fixture_remove (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

void
fixture_tear_down (Fixture *f)
{
  if (f->host != NULL)
    fixture_stop (f);
  fixture_remove (f->folder);
  g_clear_pointer (&f->folder, g_free);
  g_clear_pointer (&f->music_folder, g_free);
  g_clear_pointer (&f->room, g_free);
  g_clear_pointer (&f->fakes, g_hash_table_unref);
  g_clear_object (&f->organization);
  g_clear_pointer (&f->desktop, tempo_actor_unref);
  g_clear_object (&f->clock);
}

TempoCommand *
fixture_command (Fixture *f,
                 TempoAction action)
{
  return tempo_command_new (action, f->desktop, f->org, f->room);
}

TempoCommand *
fixture_guest_command (Fixture *f,
                       TempoAction action,
                       const char *guest)
{
  g_autoptr (TempoActor) actor = tempo_actor_new_guest (guest, NULL, "192.0.2.7", "test");

  return tempo_command_new (action, actor, f->org, f->room);
}

TempoOutcome *
fixture_run (Fixture *f,
             TempoCommand *command,
             GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tempo_host_execute_async (f->host, command, NULL, fixture_result_cb, &result);
  tempo_command_unref (command);
  fixture_wait_result (&result);

  return tempo_host_execute_finish (f->host, result, error);
}

TempoOutcome *
fixture_do (Fixture *f,
            TempoCommand *command)
{
  g_autoptr (GError) error = NULL;
  TempoOutcome *outcome = fixture_run (f, command, &error);

  g_assert_no_error (error);
  g_assert_nonnull (outcome);

  return outcome;
}

void
fixture_refuse (Fixture *f,
                TempoCommand *command,
                TempoRefusal refusal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = fixture_run (f, command, &error);

  g_assert_null (outcome);
  g_assert_error (error, TEMPO_REFUSAL, (int) refusal);
}

TempoOutcome *
fixture_ask_full (Fixture *f,
                  const char *guest,
                  const char *song,
                  GError **error)
{
  TempoCommand *command = fixture_guest_command (f, TEMPO_ACTION_SUBMIT, guest);

  command->song_id = g_strdup (song);

  return fixture_run (f, command, error);
}

char *
fixture_ask (Fixture *f,
             const char *guest,
             const char *song)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = fixture_ask_full (f, guest, song, &error);

  g_assert_no_error (error);

  return g_strdup (outcome->request->id);
}

void
fixture_act (Fixture *f,
             TempoAction action,
             const char *request_id)
{
  TempoCommand *command = fixture_command (f, action);
  g_autoptr (TempoOutcome) outcome = NULL;

  command->request_id = g_strdup (request_id);
  outcome = fixture_do (f, command);
}

void
fixture_vote (Fixture *f,
              const char *guest,
              const char *request_id)
{
  TempoCommand *command = fixture_guest_command (f, TEMPO_ACTION_VOTE, guest);
  g_autoptr (TempoOutcome) outcome = NULL;

  command->request_id = g_strdup (request_id);
  outcome = fixture_do (f, command);
}

static void
read_queue (Fixture *f,
            TempoRoom *room,
            gpointer data)
{
  GString *text = data;

  for (guint i = 0; i < room->shown_queue->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (room->shown_queue, i);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", request->song->id != NULL
                              ? request->song->id : request->song->title);
    }
}

char *
fixture_queue (Fixture *f)
{
  GString *text = g_string_new (NULL);

  fixture_settle (f);
  fixture_on_engine (f, read_queue, text);

  return g_string_free (text, FALSE);
}

typedef struct
{
  const char *id;
  TempoRequestStatus status;
} StatusOf;

static void
read_status (Fixture *f,
             TempoRoom *room,
             gpointer data)
{
  StatusOf *of = data;
  TempoRequest *request = tempo_room_find_request (room, of->id);

  g_assert_nonnull (request);
  of->status = request->status;
}

TempoRequestStatus
fixture_status (Fixture *f,
                const char *request_id)
{
  StatusOf of = { request_id, 0 };

  fixture_on_engine (f, read_status, &of);

  return of.status;
}

static void
read_sound (Fixture *f,
            TempoRoom *room,
            gpointer data)
{
  FakeSource *source = FAKE_SOURCE (tempo_room_get_source (room));
  TempoNowPlaying *now = room->shown_now;

  g_assert_true ((now == NULL) == (source->song == NULL) || source->abilities == 0);
  if (now != NULL && source->abilities != 0)
    g_assert_cmpstr (now->song->id, ==, source->song->id);
  g_string_append (data, now != NULL ? (now->song->id != NULL ? now->song->id : now->song->title) : "");
}

char *
fixture_sounds (Fixture *f)
{
  GString *text = g_string_new (NULL);

  fixture_settle (f);
  fixture_on_engine (f, read_sound, text);

  return g_string_free (text, FALSE);
}

static void
end_song (Fixture *f,
          TempoRoom *room,
          gpointer data)
{
  fake_source_end (FAKE_SOURCE (tempo_room_get_source (room)));
}

void
fixture_end_song (Fixture *f)
{
  fixture_on_engine (f, end_song, NULL);
  fixture_settle (f);
}

static void
fail_song (Fixture *f,
           TempoRoom *room,
           gpointer data)
{
  fake_source_fail (FAKE_SOURCE (tempo_room_get_source (room)), GPOINTER_TO_UINT (data));
}

void
fixture_fail_song (Fixture *f,
                   TempoSourceError code)
{
  fixture_on_engine (f, fail_song, GUINT_TO_POINTER (code));
  fixture_settle (f);
}

static void
tick (Fixture *f,
      TempoRoom *room,
      gpointer data)
{
  tempo_host_tick (f->host);
}

void
fixture_tick (Fixture *f)
{
  fixture_on_engine (f, tick, NULL);
  fixture_settle (f);
}

static void
look_busy (Fixture *f,
           TempoRoom *room,
           gpointer data)
{
  gboolean busy = f->host->jobs > 0;

  for (guint i = 0; i < f->host->venues->len; i++)
    busy = busy || tempo_venue_is_busy (g_ptr_array_index (f->host->venues, i));
  *(gboolean *) data = busy;
}

void
fixture_settle (Fixture *f)
{
  gint64 deadline = g_get_monotonic_time () + FIXTURE_PATIENCE_US;
  gboolean busy = TRUE;

  while (busy)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      fixture_on_engine (f, look_busy, &busy);
      if (busy)
        g_thread_yield ();
    }
}

typedef struct
{
  guint64 batches, commits;
} Counts;

static void
read_counts (Fixture *f,
             TempoRoom *room,
             gpointer data)
{
  Counts *counts = data;

  tempo_store_get_counts (tempo_host_get_store (f->host, f->org), &counts->batches, &counts->commits, NULL);
}

void
fixture_counts (Fixture *f,
                guint64 *batches,
                guint64 *commits)
{
  Counts counts = { 0 };

  fixture_on_engine (f, read_counts, &counts);
  if (batches != NULL)
    *batches = counts.batches;
  if (commits != NULL)
    *commits = counts.commits;
}

typedef struct
{
  const char *guest;
  JsonObject *object;
} StateOf;

static void
read_state (Fixture *f,
            TempoRoom *room,
            gpointer data)
{
  StateOf *of = data;
  g_autoptr (GBytes) bytes = tempo_room_get_state (room, of->guest);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  of->object = tempo_json_parse (text, length, &error);
  g_assert_no_error (error);
}

JsonObject *
fixture_state (Fixture *f,
               const char *guest)
{
  StateOf of = { guest, NULL };

  fixture_settle (f);
  fixture_on_engine (f, read_state, &of);

  return of.object;
}

TempoOrganization *
fixture_found (Fixture *f,
               const char *name,
               const char *slug,
               const char *username,
               const char *password,
               GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tempo_host_create_organization_async (f->host, f->desktop, name, slug, NULL, username, password,
                                        fixture_result_cb, &result);
  fixture_wait_result (&result);

  return tempo_host_create_organization_finish (f->host, result, error);
}

char *
fixture_sql (Fixture *f,
             const char *org,
             const char *sql)
{
  g_autofree char *path = g_build_filename (f->folder, "organizations", org != NULL ? org : f->org,
                                            "tempo.db", NULL);
  GString *text = g_string_new (NULL);
  sqlite3_stmt *rows = NULL;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  /* A file that goes to rest just now is locked until its journal is in it. */
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &rows, NULL), ==, SQLITE_OK);
  while (sqlite3_step (rows) == SQLITE_ROW)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "",
                            sqlite3_column_text (rows, 0) != NULL
                              ? (const char *) sqlite3_column_text (rows, 0) : "-");
  sqlite3_finalize (rows);
  sqlite3_close (db);

  return g_string_free (text, FALSE);
}

void
fixture_check_sql (Fixture *f,
                   const char *sql,
                   const char *expected)
{
  g_autofree char *text = NULL;

  fixture_settle (f);
  text = fixture_sql (f, NULL, sql);
  if (g_strcmp0 (text, expected) != 0)
    g_test_message ("%s", sql);
  g_assert_cmpstr (text, ==, expected);
}

typedef struct
{
  const char *code;
  guint level;
  char *text;
} HealthOf;

static void
read_health (Fixture *f,
             TempoRoom *room,
             gpointer data)
{
  HealthOf *of = data;
  g_autoptr (GPtrArray) list = tempo_room_list_health (room);

  for (guint i = 0; i < list->len; i++)
    {
      TempoHealth *line = g_ptr_array_index (list, i);

      if (!g_str_equal (line->code, of->code))
        continue;
      of->level = line->level;
      of->text = g_strdup (line->text);
    }
}

char *
fixture_health (Fixture *f,
                const char *code,
                guint *level)
{
  HealthOf of = { code, G_MAXUINT, NULL };

  fixture_on_engine (f, read_health, &of);
  if (level != NULL)
    *level = of.level;

  return of.text;
}

JsonObject *
fixture_json (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = tempo_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);

  return object;
}

void
fixture_rules (Fixture *f,
               const char *rules)
{
  TempoCommand *command = fixture_command (f, TEMPO_ACTION_EVENT_RULES);

  command->patch = fixture_json (rules);
  tempo_outcome_unref (fixture_do (f, command));
}

void
fixture_fill (Fixture *f,
              const char *status,
              guint songs,
              guint guests)
{
  g_autofree char *people = NULL, *requests = NULL, *said = NULL, *done = NULL;

  people = g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u)"
                            " INSERT INTO base_guest (tenant_id, id, token_digest, name, first_seen_at, last_seen_at, origin, hlc)"
                            " SELECT '%s', printf ('01900000-0000-7000-8000-%%012x', i), 'guest' || i, 'guest ' || i,"
                            " %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ", 'bench', 1 FROM n", guests,
                            f->org, FIXTURE_NOW, FIXTURE_NOW);
  requests = g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u)"
                              " INSERT INTO base_request (tenant_id, id, number, room_id, event_id, guest_id, status, song_id, title, artist,"
                              " song_key, votes, created_at, origin, hlc)"
                              " SELECT '%s', printf ('01900000-0000-7000-9000-%%012x', i), 'REQ-9-' || i, '%s', e.id,"
                              " printf ('01900000-0000-7000-8000-%%012x', 1 + i %% %u), '%s', 'f' || i, 'Song ' || i, 'Bench', 'song ' || i,"
                              " max (0, i %% 50 - 46), %" G_GINT64_FORMAT " + i, 'bench', 1 FROM n, base_event e WHERE e.state = 'active'",
                              songs, f->org, f->room, guests, status, FIXTURE_NOW - songs);
  fixture_settle (f);
  fixture_stop (f);
  said = fixture_sql (f, NULL, people);
  done = fixture_sql (f, NULL, requests);
  fixture_start (f);
  fixture_settle (f);
}
