/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was answered stays; what failed was never shown; many share one commit. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "fixture.h"
#include "venue/tempo-people.h"
#include "model/tempo-room-view.h"
#include "venue/tempo-monitor.h"

typedef struct
{
  guint waiting;
  guint done;
  guint refused;
  guint storage;
} Flood;

static void
flood_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  Flood *flood = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = tempo_host_execute_finish (TEMPO_HOST (object), result, &error);

  flood->waiting--;
  if (outcome != NULL)
    flood->done++;
  else if (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_STORAGE))
    flood->storage++;
  else
    flood->refused++;
}

static void
flood_with (Fixture *f,
            Flood *flood,
            guint n,
            const char *prefix)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *guest = g_strdup_printf ("%s%u", prefix, i % 20);
      g_autoptr (TempoCommand) command = fixture_guest_command (f, TEMPO_ACTION_SUBMIT, guest);

      command->song_id = g_strdup_printf ("s%s%u", prefix, i);
      flood->waiting++;
      tempo_host_execute_async (f->host, command, NULL, flood_cb, flood);
    }
}

static void
wait_flood (Flood *flood)
{
  gint64 deadline = g_get_monotonic_time () + FIXTURE_PATIENCE_US;

  while (flood->waiting > 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }
}

#define FREE_FOR_ALL "{\"perGuest\":0,\"maxQueue\":0}"

/* Many wishes, few commits. */
static void
test_group_commit (void)
{
  Fixture f = { 0 };
  Flood flood = { 0 };
  guint64 before, after;

  fixture_set_up (&f, FREE_FOR_ALL);
  fixture_counts (&f, NULL, &before);
  flood_with (&f, &flood, 500, "g");
  wait_flood (&flood);
  fixture_counts (&f, NULL, &after);
  g_assert_cmpuint (flood.done, ==, 500);
  g_assert_cmpuint (after - before, <, 100);
  fixture_tear_down (&f);
}

/* The same key gives the same answer: at once, while it is written, and after a restart. */
static void
test_idempotency (void)
{
  Fixture f = { 0 };
  g_autofree char *id = NULL;

  fixture_set_up (&f, "{}");
  for (guint i = 0; i < 3; i++)
    {
      TempoCommand *command = fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "ann");
      g_autoptr (TempoOutcome) outcome = NULL;

      command->song_id = g_strdup ("s1");
      command->key = g_strdup ("key-1");
      if (i == 2)
        fixture_restart (&f);
      outcome = fixture_do (&f, command);
      g_assert_cmpint (outcome->replayed, ==, i > 0);
      if (id == NULL)
        id = g_strdup (outcome->request->id);
      g_assert_cmpstr (outcome->request->id, ==, id);
    }
  {
    TempoCommand *command = fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "ann");

    command->song_id = g_strdup ("s2");
    command->key = g_strnfill (81, 'k');
    fixture_refuse (&f, command, TEMPO_REFUSAL_INVALID);
  }
  fixture_tear_down (&f);
}

/* Two of the same key in one turn are one wish. */
static void
test_idempotency_together (void)
{
  Fixture f = { 0 };
  Flood flood = { 0 };
  g_autoptr (JsonObject) state = NULL;

  fixture_set_up (&f, "{\"approval\":false}");
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (TempoCommand) command = fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "ann");

      command->song_id = g_strdup ("s1");
      command->key = g_strdup ("same");
      flood.waiting++;
      tempo_host_execute_async (f.host, command, NULL, flood_cb, &flood);
    }
  wait_flood (&flood);
  g_assert_cmpuint (flood.done, ==, 5);
  state = fixture_state (&f, "ann");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (state, "mine")), ==, 1);
  fixture_tear_down (&f);
}

static void
check_resumed (Fixture *f,
               TempoRoom *room,
               gpointer data)
{
  FakeSource *source = FAKE_SOURCE (tempo_room_get_source (room));

  g_assert_true (source->playing);
  g_assert_cmpint (source->position_ms, ==, GPOINTER_TO_INT (data));
}

static void
set_position (Fixture *f,
              TempoRoom *room,
              gpointer data)
{
  FAKE_SOURCE (tempo_room_get_source (room))->position_ms = GPOINTER_TO_INT (data);
}

/* The same night goes on: song, place, queue, votes, own lists, numbers. */
static void
test_resume (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL, *c = NULL, *queue = NULL, *again = NULL, *sound = NULL;
  g_autoptr (JsonObject) state = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;

  fixture_set_up (&f, "{\"approval\":false}");
  a = fixture_ask (&f, "ann", "s1");
  b = fixture_ask (&f, "ann", "s2");
  c = fixture_ask (&f, "max", "s3");
  fixture_vote (&f, "eva", c);
  fixture_on_engine (&f, set_position, GINT_TO_POINTER (42000));
  tempo_clock_advance (f.clock, 6 * G_USEC_PER_SEC);
  fixture_tick (&f);
  queue = fixture_queue (&f);
  fixture_restart (&f);

  again = fixture_queue (&f);
  g_assert_cmpstr (again, ==, queue);
  sound = fixture_sounds (&f);
  g_assert_cmpstr (sound, ==, "s1");
  fixture_on_engine (&f, check_resumed, GINT_TO_POINTER (42000));
  state = fixture_state (&f, "ann");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (state, "mine")), ==, 2);
  g_clear_pointer (&state, json_object_unref);
  state = fixture_state (&f, "eva");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (state, "votes")), ==, 1);
  outcome = fixture_ask_full (&f, "eva", "s4", NULL);
  g_assert_cmpstr (outcome->request->number, ==, "ACM-REQ-004");
  fixture_tear_down (&f);
}

/* The child asks, tells what was answered, and dies without a farewell. */
static void
run_and_die (int out,
             const char *folder)
{
  Fixture f = { 0 };

  fixture_set_up (&f, "{\"approval\":false,\"perGuest\":0}");
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *song = g_strdup_printf ("s%u", i);
      g_autofree char *id = fixture_ask (&f, i % 2 == 0 ? "ann" : "max", song);
      g_autofree char *line = g_strdup_printf ("%s\n", id);

      if (write (out, line, strlen (line)) < 0)
        _exit (2);
    }
  {
    g_autofree char *line = g_strdup_printf ("%s %s\n", f.folder, f.room);

    if (write (out, line, strlen (line)) < 0)
      _exit (2);
  }
  kill (getpid (), SIGKILL);
}

static void
test_kill (void)
{
  Fixture f = { 0 };
  g_autoptr (GString) told = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) last = NULL;
  g_autofree char *sound = NULL, *queue = NULL;
  char buffer[512];
  int ends[2], status;
  gssize n;
  pid_t child;

  g_assert_cmpint (pipe (ends), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      close (ends[0]);
      run_and_die (ends[1], NULL);
      _exit (3);
    }
  close (ends[1]);
  while ((n = read (ends[0], buffer, sizeof buffer)) > 0)
    g_string_append_len (told, buffer, n);
  close (ends[0]);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));

  lines = g_strsplit (told->str, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 22);
  last = g_strsplit (lines[20], " ", 2);
  f.folder = g_strdup (last[0]);
  f.room = g_strdup (last[1]);
  f.clock = tempo_clock_new_fixed (FIXTURE_NOW + G_TIME_SPAN_MINUTE);
  f.desktop = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);
  fixture_start (&f);
  for (guint i = 0; i < 20; i++)
    g_assert_cmpint (fixture_status (&f, lines[i]), ==, i == 0
                     ? TEMPO_REQUEST_PLAYING : TEMPO_REQUEST_APPROVED);
  sound = fixture_sounds (&f);
  g_assert_cmpstr (sound, ==, "s0");
  queue = fixture_queue (&f);
  g_assert_true (g_str_has_prefix (queue, "s1 s2 s3 s4 s5"));
  fixture_tear_down (&f);
}

static TempoBatch *
make_poison (void)
{
  TempoBatch *batch = tempo_batch_new ();

  /* A room that is not there: the schema says no, and with it the whole turn. */
  tempo_batch_add (batch, "display-insert", "ssssi", "d", "no room", "", "digest", (gint64) 1);

  return batch;
}

static void
poison (Fixture *f,
        TempoRoom *room,
        gpointer data)
{
  g_autoptr (TempoBatch) batch = make_poison ();

  tempo_batch_append (tempo_venue_write (room->venue), batch);
}

/* In the same turn, so that they share its fate. */
static void
poison_and_ask (Fixture *f,
                TempoRoom *room,
                gpointer data)
{
  poison (f, room, NULL);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (TempoCommand) command = fixture_guest_command (f, TEMPO_ACTION_SUBMIT, "ann");

      command->song_id = g_strdup_printf ("s9%u", i);
      tempo_host_execute_async (f->host, command, NULL, flood_cb, data);
    }
}

/* A commit that fails: everyone who waited is told, nothing was shown, the next one works. */
static void
test_commit_failure (void)
{
  Fixture f = { 0 };
  Flood flood = { 0 };
  g_autofree char *id = NULL, *queue = NULL, *after = NULL;
  g_autoptr (JsonObject) before_state = NULL, state = NULL;

  fixture_set_up (&f, "{\"approval\":false,\"perGuest\":0}");
  id = fixture_ask (&f, "ann", "s1");
  before_state = fixture_state (&f, NULL);

  flood.waiting = 5;
  fixture_on_engine (&f, poison_and_ask, &flood);
  fixture_settle (&f);
  g_assert_cmpuint (flood.waiting, ==, 0);
  g_assert_cmpuint (flood.storage, ==, 5);
  queue = fixture_queue (&f);
  g_assert_cmpstr (queue, ==, "");

  state = fixture_state (&f, NULL);
  after = fixture_ask (&f, "max", "s5");
  g_assert_cmpint (fixture_status (&f, after), ==, TEMPO_REQUEST_APPROVED);
  g_assert_cmpint (fixture_status (&f, id), ==, TEMPO_REQUEST_PLAYING);
  fixture_restart (&f);
  g_assert_cmpint (fixture_status (&f, after), ==, TEMPO_REQUEST_APPROVED);
  fixture_tear_down (&f);
}

/* The song that began while the commit failed still sounds, and is recorded later. */
static void
test_music_goes_on (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL, *sound = NULL;

  fixture_set_up (&f, "{\"approval\":false}");
  a = fixture_ask (&f, "ann", "s1");
  b = fixture_ask (&f, "max", "s2");
  fixture_on_engine (&f, poison, NULL);
  fixture_end_song (&f);
  fixture_tick (&f);
  sound = fixture_sounds (&f);
  g_assert_cmpstr (sound, ==, "s2");
  g_assert_cmpint (fixture_status (&f, b), ==, TEMPO_REQUEST_PLAYING);
  g_assert_cmpint (fixture_status (&f, a), ==, TEMPO_REQUEST_PLAYED);
  fixture_tear_down (&f);
}

static void
made_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
  g_main_context_wakeup (NULL);
}

static TempoOrganization *
make_organization (Fixture *f,
                   const char *name,
                   const char *slug,
                   const char *password,
                   GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tempo_host_create_organization_async (f->host, f->desktop, name, slug, NULL, "olga", password, made_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return tempo_host_create_organization_finish (f->host, result, error);
}

/* A house whose file is damaged or held by somebody else does not keep its neighbours shut, and comes back by itself. */
static void
test_unopened (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoOrganization) second = NULL;
  g_autoptr (GPtrArray) list = NULL, missing = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL, *away = NULL, *reason = NULL;
  gint64 deadline;

  fixture_set_up (&f, "{}");
  second = make_organization (&f, "Broken", NULL, NULL, &error);
  g_assert_no_error (error);
  fixture_stop (&f);
  path = g_build_filename (f.folder, "organizations", second->id, "tempo.db", NULL);
  away = g_strconcat (path, ".away", NULL);
  g_assert_cmpint (g_rename (path, away), ==, 0);
  g_assert_true (g_file_set_contents (path, "no database, however long one looks at it", -1, NULL));

  fixture_start (&f);
  list = tempo_host_list_organizations (f.host);
  g_assert_cmpuint (list->len, ==, 1);
  missing = tempo_host_list_unopened (f.host);
  g_assert_cmpuint (missing->len, ==, 1);
  reason = tempo_host_dup_unopened (f.host, "broken");
  g_assert_nonnull (reason);
  g_assert_null (tempo_host_dup_unopened (f.host, f.org));
  g_free (fixture_ask (&f, "ann", "s1"));

  g_assert_cmpint (g_rename (away, path), ==, 0);
  tempo_clock_advance (f.clock, 2 * G_TIME_SPAN_MINUTE);
  deadline = g_get_monotonic_time () + FIXTURE_PATIENCE_US;
  do
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      fixture_tick (&f);
      g_clear_pointer (&list, g_ptr_array_unref);
      list = tempo_host_list_organizations (f.host);
    }
  while (list->len < 2);
  g_assert_null (tempo_host_dup_unopened (f.host, "broken"));
  fixture_tear_down (&f);
}

/* Two houses on one machine know nothing of each other. */
static void
test_two_organizations (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoOrganization) second = NULL, third = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rooms = NULL;
  g_autofree char *id = NULL;
  TempoCommand *command;

  fixture_set_up (&f, "{}");
  second = make_organization (&f, "Acme Bar", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second->slug, ==, "acme-bar-2");
  g_assert_cmpstr (second->code, !=, f.organization->code);
  third = make_organization (&f, "Other", "acme-bar", NULL, &error);
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_CONFLICT);

  id = fixture_ask (&f, "ann", "s1");
  command = tempo_command_new (TEMPO_ACTION_DECLINE, f.desktop, second->id, NULL);
  command->request_id = g_strdup (id);
  fixture_refuse (&f, command, TEMPO_REFUSAL_NOT_FOUND);
  command = tempo_command_new (TEMPO_ACTION_DECLINE, f.desktop, second->id, f.room);
  command->request_id = g_strdup (id);
  fixture_refuse (&f, command, TEMPO_REFUSAL_NOT_FOUND);
  rooms = tempo_host_list_rooms (f.host, second->id);
  g_assert_cmpuint (rooms->len, ==, 1);
  fixture_restart (&f);
  g_clear_pointer (&rooms, g_ptr_array_unref);
  rooms = tempo_host_list_organizations (f.host);
  g_assert_cmpuint (rooms->len, ==, 2);
  fixture_tear_down (&f);
}

static TempoMember *
sign_in (Fixture *f,
         const char *password,
         GError **error)
{
  TempoSignIn who = { .username = "Olga", .password = password, .organization = "blue", .address = "192.0.2.1" };
  g_autoptr (GAsyncResult) result = NULL;

  tempo_people_sign_in_async (f->host, &who, made_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return tempo_people_sign_in_finish (f->host, result, error);
}

static void
test_sign_in (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoOrganization) organization = NULL;
  g_autoptr (TempoMember) olga = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&f, NULL);
  g_assert_null (make_organization (&f, "Blue", "blue", "short", &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_WEAK_PASSWORD);
  g_clear_error (&error);
  organization = make_organization (&f, "Blue", "blue", "correct horse", &error);
  g_assert_no_error (error);
  olga = sign_in (&f, "correct horse", &error);
  g_assert_no_error (error);
  g_assert_cmpint (olga->role, ==, TEMPO_ROLE_OWNER);
  /* The owner of the first organization, not of this one. */
  g_assert_false (olga->super_admin);
  for (guint i = 0; i < 8 && !g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_RATE); i++)
    {
      g_clear_error (&error);
      g_assert_null (sign_in (&f, "wrong horse", &error));
    }
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_RATE);
  g_assert_cmpint (tempo_refusal_detail (error)->until, >, FIXTURE_NOW);
  fixture_tear_down (&f);
}

static void
viewed_cb (GObject *object,
           GParamSpec *pspec,
           gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* A screen sees the newest state, seldom more often than it can draw. */
static void
test_monitor (void)
{
  Fixture f = { 0 };
  Flood flood = { 0 };
  g_autoptr (TempoMonitor) monitor = NULL;
  guint views = 0;
  gint64 deadline;

  fixture_set_up (&f, FREE_FOR_ALL);
  monitor = tempo_monitor_new (f.host, f.org, f.room);
  g_signal_connect (monitor, "notify::view", G_CALLBACK (viewed_cb), &views);
  flood_with (&f, &flood, 400, "m");
  wait_flood (&flood);
  deadline = g_get_monotonic_time () + FIXTURE_PATIENCE_US;
  while (tempo_monitor_get_view (monitor) == NULL || tempo_monitor_get_view (monitor)->inbox->len < 400)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (views, <, 200);
  g_assert_cmpuint (tempo_monitor_get_view (monitor)->guests->len, ==, 20);
  g_clear_object (&monitor);
  fixture_tear_down (&f);
}

static void
list_backups (Fixture *f,
              guint *n)
{
  g_autofree char *path = g_build_filename (f->folder, "organizations", f->org, "backups", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  *n = 0;
  while (dir != NULL && g_dir_read_name (dir) != NULL)
    (*n)++;
}

/* Each day a verified copy, old ones thinned; guests of long ago are nobody. */
static void
test_jobs (void)
{
  Fixture f = { 0 };
  g_autofree char *id = NULL;
  guint n;

  fixture_set_up (&f, "{}");
  id = fixture_ask (&f, "ann", "s1");
  fixture_tick (&f);
  list_backups (&f, &n);
  g_assert_cmpuint (n, ==, 0);
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_EVENT_END)));
  for (guint day = 0; day < 20; day++)
    {
      tempo_clock_advance (f.clock, G_TIME_SPAN_DAY);
      fixture_tick (&f);
    }
  list_backups (&f, &n);
  g_assert_cmpuint (n, >=, 8);
  g_assert_cmpuint (n, <=, 12);
  tempo_clock_advance (f.clock, 20 * G_TIME_SPAN_DAY);
  fixture_tick (&f);
  {
    g_autofree char *path = g_build_filename (f.folder, "organizations", f.org, "tempo.db", NULL);
    g_autofree char *text = NULL;

    fixture_stop (&f);
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    fixture_start (&f);
  }
  {
    TempoCommand *command = fixture_command (&f, TEMPO_ACTION_EVENT_CREATE);
    g_autoptr (TempoOutcome) outcome = NULL;

    command->flag = TRUE;
    tempo_outcome_unref (fixture_do (&f, command));
    command = fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "ann");
    command->song_id = g_strdup ("s2");
    outcome = fixture_do (&f, command);
    g_assert_nonnull (outcome->guest);
    g_assert_cmpint (outcome->guest->first_seen_at, ==, tempo_clock_now (f.clock));
  }
  fixture_tear_down (&f);
}

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(GBytes **) user_data = tempo_host_list_finish (TEMPO_HOST (object), result, &error);
  g_assert_no_error (error);
  g_main_context_wakeup (NULL);
}

static JsonObject *
list (Fixture *f,
      const char *name,
      const char *cursor,
      guint limit)
{
  g_autoptr (GBytes) bytes = NULL;
  JsonObject *object;
  gsize length;

  tempo_host_list_async (f->host, f->org, name, NULL, cursor, limit, NULL, listed_cb, &bytes);
  while (bytes == NULL)
    g_main_context_iteration (NULL, TRUE);
  object = tempo_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
  g_bytes_get_data (bytes, &length);
  g_assert_nonnull (object);

  return object;
}

/* Pages do not overlap and end. */
static void
test_lists (void)
{
  Fixture f = { 0 };
  g_autofree char *cursor = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint pages = 0;
  static const char *const others[] = { "events", "displays", "members", "settings" };

  fixture_set_up (&f, FREE_FOR_ALL);
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *song = g_strdup_printf ("s%u", i);
      g_autofree char *id = fixture_ask (&f, "ann", song);

      g_assert_nonnull (id);
    }
  do
    {
      g_autoptr (JsonObject) page = list (&f, "audit", cursor, 5);
      JsonArray *rows = json_object_get_array_member (page, "audit");

      for (guint i = 0; i < json_array_get_length (rows); i++)
        g_assert_true (g_hash_table_add (seen,
                                         GINT_TO_POINTER (json_object_get_int_member (json_array_get_object_element (rows, i), "seq"))));
      g_clear_pointer (&cursor, g_free);
      cursor = g_strdup (json_object_get_string_member_with_default (page, "next", NULL));
      g_assert_cmpuint (++pages, <, 10);
    }
  while (cursor != NULL);
  g_assert_cmpuint (g_hash_table_size (seen), >=, 14);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (JsonObject) page = list (&f, others[i], NULL, 5);

      g_assert_true (json_object_has_member (page, others[i]));
    }
  fixture_tear_down (&f);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* First: the fork must come before the first thread. */
  g_test_add_func ("/venue/durable/kill", test_kill);
  g_test_add_func ("/venue/durable/group-commit", test_group_commit);
  g_test_add_func ("/venue/durable/idempotency", test_idempotency);
  g_test_add_func ("/venue/durable/idempotency-together", test_idempotency_together);
  g_test_add_func ("/venue/durable/resume", test_resume);
  g_test_add_func ("/venue/durable/commit-failure", test_commit_failure);
  g_test_add_func ("/venue/durable/music-goes-on", test_music_goes_on);
  g_test_add_func ("/venue/durable/two-organizations", test_two_organizations);
  g_test_add_func ("/venue/durable/unopened", test_unopened);
  g_test_add_func ("/venue/durable/sign-in", test_sign_in);
  g_test_add_func ("/venue/durable/monitor", test_monitor);
  g_test_add_func ("/venue/durable/jobs", test_jobs);
  g_test_add_func ("/venue/durable/lists", test_lists);

  return g_test_run ();
}
