/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Tempo does by itself while nobody looks: copies, thinned; forgetting; a look at a file that was not closed. */
#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "fixture.h"

static char *
backup (Fixture *f,
        const char *org,
        GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tempo_host_backup_async (f->host, org, NULL, fixture_result_cb, &result);
  fixture_wait_result (&result);

  return tempo_host_backup_finish (f->host, result, error);
}

static char *
backup_folder (Fixture *f)
{
  return g_build_filename (f->folder, "organizations", f->org, "backups", NULL);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char **) a, *(const char **) b);
}

/* Names without the time of day, oldest first. */
static GPtrArray *
list_backups (Fixture *f)
{
  g_autofree char *path = backup_folder (f);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  return names;
}

static char *
join (GPtrArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%.10s", i > 0 ? " " : "", (char *) g_ptr_array_index (names, i));

  return g_string_free (text, FALSE);
}

/* At any time, also in the middle of an evening; the copy is whole and can be opened. */
static void
test_on_demand (void)
{
  Fixture f = { 0 };
  g_autofree char *id = NULL, *path = NULL, *again = NULL, *by_slug = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = NULL;
  guint level;

  fixture_set_up (&f, "{}");
  id = fixture_ask (&f, "ann", "s1");
  path = backup (&f, f.org, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (path, "2025-11-20T210000Z.db"));
  tempo_store_verify_file (path, f.org, &error);
  g_assert_no_error (error);
  g_assert_false (tempo_store_verify_file (path, "another house", NULL));

  /* In the same second it is the same copy; the slug is as good as the id. */
  again = backup (&f, f.org, &error);
  g_assert_cmpstr (again, ==, path);
  tempo_clock_advance (f.clock, G_TIME_SPAN_SECOND);
  by_slug = backup (&f, "acme-bar", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (by_slug, !=, path);
  /* Whoever was told a path finds the copy there for the day; of days gone by the newest is kept. */
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  tempo_clock_advance (f.clock, G_TIME_SPAN_DAY);
  g_free (backup (&f, f.org, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (by_slug, G_FILE_TEST_EXISTS));
  names = list_backups (&f);
  g_assert_cmpuint (names->len, ==, 2);
  {
    g_autofree char *text = fixture_health (&f, "backup", &level);

    g_assert_cmpuint (level, ==, TEMPO_HEALTH_GOOD);
  }
  fixture_tear_down (&f);
}

/* The pictures of that day stand beside the copy, and come back with it. */
static void
test_backup_media (void)
{
  Fixture f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *media = NULL, *logo = NULL, *path = NULL, *stem = NULL, *kept = NULL, *text = NULL;

  fixture_set_up (&f, NULL);
  media = g_build_filename (f.folder, "organizations", f.org, "media", NULL);
  logo = g_build_filename (media, "logo.png", NULL);
  g_mkdir_with_parents (media, 0700);
  g_assert_true (g_file_set_contents (logo, "picture", -1, NULL));
  path = backup (&f, f.org, &error);
  g_assert_no_error (error);
  stem = g_strndup (path, strlen (path) - strlen (".db"));
  kept = g_strconcat (stem, ".media/logo.png", NULL);
  g_assert_cmpint (g_unlink (logo), ==, 0);
  g_assert_true (g_file_get_contents (kept, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "picture");
  fixture_tear_down (&f);
}

static void
test_backup_refused (void)
{
  Fixture f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL, *text = NULL;
  guint level;

  fixture_set_up (&f, NULL);
  g_assert_null (backup (&f, "nobody", &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_NOT_FOUND);
  g_clear_error (&error);

  /* A file stands where the folder should be: told to who asked and on the health strip, and it heals. */
  folder = backup_folder (&f);
  fixture_remove (folder);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  g_assert_null (backup (&f, f.org, &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_STORAGE);
  g_clear_error (&error);
  text = fixture_health (&f, "backup", &level);
  g_assert_cmpuint (level, ==, TEMPO_HEALTH_WARNING);
  g_assert_cmpstr (text, !=, "");
  g_unlink (folder);
  g_mkdir (folder, 0700);
  g_free (backup (&f, f.org, &error));
  g_assert_no_error (error);
  g_clear_pointer (&text, g_free);
  text = fixture_health (&f, "backup", &level);
  g_assert_cmpuint (level, ==, TEMPO_HEALTH_GOOD);
  fixture_tear_down (&f);
}

static void
put_backup (const char *folder,
            gint64 at)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  g_autofree char *name = g_date_time_format (time, "%Y-%m-%dT%H%M%SZ.db");
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
}

/* Fourteen months of nights: seven days, four weeks, twelve months are what is left of them. */
static void
test_thinning (void)
{
  Fixture f = { 0 };
  g_autofree char *folder = NULL, *path = NULL, *left = NULL, *stranger = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = NULL;

  fixture_set_up (&f, NULL);
  folder = backup_folder (&f);
  g_mkdir_with_parents (folder, 0700);
  for (guint day = 1; day < 425; day++)
    put_backup (folder, FIXTURE_NOW - day * G_TIME_SPAN_DAY);
  /* What is not a backup of ours is not ours to remove. */
  stranger = g_build_filename (folder, "my-copy.db", NULL);
  g_assert_true (g_file_set_contents (stranger, "mine", -1, NULL));

  path = backup (&f, f.org, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (stranger, G_FILE_TEST_EXISTS));
  g_unlink (stranger);
  names = list_backups (&f);
  left = join (names);
  /* Months' last days from December; the Sundays of four weeks; the last seven days. */
  g_assert_cmpstr (left, ==,
                   "2024-12-31 2025-01-31 2025-02-28 2025-03-31 2025-04-30 2025-05-31 2025-06-30 "
                   "2025-07-31 2025-08-31 2025-09-30 2025-10-31 2025-11-02 2025-11-09 "
                   "2025-11-14 2025-11-15 2025-11-16 2025-11-17 2025-11-18 2025-11-19 2025-11-20");
  fixture_tear_down (&f);
}

/* One a day, at the first quiet minute; a restart makes no second one; a new day makes the next. */
static void
test_daily (void)
{
  Fixture f = { 0 };
  g_autoptr (GPtrArray) none = NULL, one = NULL, still = NULL, two = NULL;

  fixture_set_up (&f, "{}");
  fixture_tick (&f);
  none = list_backups (&f);
  g_assert_cmpuint (none->len, ==, 0);
  tempo_clock_advance (f.clock, 61 * G_TIME_SPAN_SECOND);
  fixture_tick (&f);
  one = list_backups (&f);
  g_assert_cmpuint (one->len, ==, 1);
  for (guint i = 0; i < 3; i++)
    {
      tempo_clock_advance (f.clock, 10 * G_TIME_SPAN_MINUTE);
      fixture_tick (&f);
    }
  fixture_restart (&f);
  tempo_clock_advance (f.clock, 2 * G_TIME_SPAN_MINUTE);
  fixture_tick (&f);
  still = list_backups (&f);
  g_assert_cmpuint (still->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (still, 0), ==, g_ptr_array_index (one, 0));
  tempo_clock_advance (f.clock, G_TIME_SPAN_DAY);
  fixture_tick (&f);
  two = list_backups (&f);
  g_assert_cmpuint (two->len, ==, 2);
  fixture_tear_down (&f);
}

/* A year and more of evenings, by the engine itself: never more than what the rule keeps. */
static void
test_a_long_time (void)
{
  Fixture f = { 0 };
  g_autoptr (GPtrArray) names = NULL;

  fixture_set_up (&f, NULL);
  for (guint week = 0; week < 60; week++)
    {
      tempo_clock_advance (f.clock, 7 * G_TIME_SPAN_DAY);
      fixture_tick (&f);
    }
  names = list_backups (&f);
  g_assert_cmpuint (names->len, <=, 7 + 4 + 12);
  g_assert_cmpuint (names->len, >=, 14);
  fixture_tear_down (&f);
}

/* The evening before the mistake comes back, and the file of the mistake stays beside it. */
static void
test_restore (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL, *copy = NULL, *path = NULL, *queue = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&f, "{\"approval\":false}");
  a = fixture_ask (&f, "ann", "s1");
  b = fixture_ask (&f, "max", "s2");
  copy = backup (&f, f.org, &error);
  g_assert_no_error (error);
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_EVENT_END)));
  path = g_build_filename (f.folder, "organizations", f.org, "tempo.db", NULL);
  fixture_stop (&f);

  g_assert_false (tempo_store_restore (path, copy, "another house", NULL));
  g_assert_true (tempo_store_restore (path, copy, f.org, &error));
  g_assert_no_error (error);
  fixture_start (&f);
  queue = fixture_queue (&f);
  g_assert_cmpstr (queue, ==, "s2");
  g_assert_cmpint (fixture_status (&f, a), ==, TEMPO_REQUEST_PLAYING);
  g_assert_cmpint (fixture_status (&f, b), ==, TEMPO_REQUEST_APPROVED);
  /* It goes on: numbers too. */
  {
    g_autoptr (TempoOutcome) outcome = fixture_ask_full (&f, "eva", "s3", &error);

    g_assert_no_error (error);
    g_assert_cmpstr (outcome->request->number, ==, "ACM-REQ-003");
  }
  fixture_tear_down (&f);
}

static void
set_forget_days (Fixture *f,
                 int days)
{
  TempoCommand *command = fixture_command (f, TEMPO_ACTION_SETTING);

  command->patch = json_object_new ();
  json_object_set_int_member (command->patch, "forgetGuestsDays", days);
  tempo_outcome_unref (fixture_do (f, command));
}

static void
ask_with_words (Fixture *f,
                const char *guest,
                const char *song,
                const char *name,
                const char *message)
{
  TempoCommand *command = fixture_guest_command (f, TEMPO_ACTION_SUBMIT, guest);

  command->song_id = g_strdup (song);
  command->name = g_strdup (name);
  command->message = g_strdup (message);
  tempo_outcome_unref (fixture_do (f, command));
}

#define WORDS "SELECT count(*) FROM base_request WHERE name <> '' OR message IS NOT NULL"
#define FACES "SELECT count(*) FROM base_guest WHERE token_digest NOT LIKE 'gone:%' OR name <> ''"

/* Days after the event: a day too early all is there, a day later nobody is. Songs and counts stay. */
static void
test_forget (gconstpointer data)
{
  int days = GPOINTER_TO_INT (data);
  Fixture f = { 0 };

  fixture_set_up (&f, "{}");
  if (days != 30)
    set_forget_days (&f, days);
  ask_with_words (&f, "ann", "s1", "Ann", "for Max");
  ask_with_words (&f, "max", "s2", "Max", NULL);
  fixture_check_sql (&f, WORDS, "2");
  fixture_check_sql (&f, FACES, "2");
  tempo_clock_advance (f.clock, G_TIME_SPAN_HOUR);
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_EVENT_END)));
  if (days > 0)
    {
      tempo_clock_advance (f.clock, (days - 1) * G_TIME_SPAN_DAY + G_TIME_SPAN_HOUR);
      fixture_tick (&f);
      fixture_check_sql (&f, WORDS, "2");
      tempo_clock_advance (f.clock, G_TIME_SPAN_DAY);
      fixture_tick (&f);
    }
  fixture_check_sql (&f, WORDS, "0");
  fixture_check_sql (&f, FACES, "0");
  fixture_check_sql (&f, "SELECT count(*) FROM base_request", "2");
  fixture_check_sql (&f, "SELECT count(*) FROM base_guest", "2");
  fixture_check_sql (&f, "SELECT group_concat(DISTINCT title) FROM base_request", "Title s1,Title s2");
  fixture_tear_down (&f);
}

/* A guest who was here yesterday is not forgotten for an old night; nor is a banned one, or the ban would be. */
static void
test_forget_spares (void)
{
  Fixture f = { 0 };
  g_autofree char *banned = NULL;
  TempoCommand *command;

  fixture_set_up (&f, "{}");
  set_forget_days (&f, 7);
  ask_with_words (&f, "ann", "s1", "Ann", "hello");
  ask_with_words (&f, "max", "s2", "Max", NULL);
  ask_with_words (&f, "bad", "s3", "Bad", NULL);
  banned = fixture_sql (&f, NULL, "SELECT id FROM base_guest WHERE name = 'Bad'");
  command = fixture_command (&f, TEMPO_ACTION_GUEST_BAN);
  command->guest_id = g_strdup (banned);
  command->number = G_MAXINT64;
  tempo_outcome_unref (fixture_do (&f, command));
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_EVENT_END)));

  tempo_clock_advance (f.clock, 6 * G_TIME_SPAN_DAY);
  command = fixture_command (&f, TEMPO_ACTION_EVENT_CREATE);
  command->flag = TRUE;
  tempo_outcome_unref (fixture_do (&f, command));
  ask_with_words (&f, "ann", "s4", NULL, NULL);
  tempo_clock_advance (f.clock, 3 * G_TIME_SPAN_DAY);
  fixture_tick (&f);
  fixture_check_sql (&f, "SELECT group_concat(name) FROM (SELECT name FROM base_guest WHERE name <> '' ORDER BY name)",
                     "Ann,Bad");
  /* Words of the old night are gone even of those who are known. */
  fixture_check_sql (&f, "SELECT group_concat(name) FROM base_request WHERE name <> ''", "Ann");
  fixture_refuse (&f, fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "bad"), TEMPO_REFUSAL_BANNED);
  fixture_tear_down (&f);
}

/* "Forget me" while a song plays and others wait, in two rooms: nothing written later brings the words back. */
static void
test_forget_me (void)
{
  Fixture f = { 0 };
  g_autofree char *a = NULL, *b = NULL, *c = NULL, *bar = NULL;
  g_autoptr (TempoOutcome) outcome = NULL;
  TempoCommand *command;

  fixture_set_up (&f, "{}");
  command = fixture_command (&f, TEMPO_ACTION_ROOM_CREATE);
  command->name = g_strdup ("Bar");
  outcome = fixture_do (&f, command);
  bar = g_strdup (outcome->target_id);
  g_clear_pointer (&outcome, tempo_outcome_unref);
  command = tempo_command_new (TEMPO_ACTION_EVENT_CREATE, f.desktop, f.org, bar);
  command->flag = TRUE;
  tempo_outcome_unref (fixture_do (&f, command));

  ask_with_words (&f, "ann", "s1", "Ann", "for Max");
  a = fixture_sql (&f, NULL, "SELECT id FROM base_request WHERE title = 'Title s1'");
  fixture_act (&f, TEMPO_ACTION_APPROVE, a);
  ask_with_words (&f, "ann", "s2", "Ann", "and this");
  b = fixture_sql (&f, NULL, "SELECT id FROM base_request WHERE title = 'Title s2'");
  fixture_act (&f, TEMPO_ACTION_DECLINE, b);
  {
    g_autofree char *main_room = g_steal_pointer (&f.room);

    f.room = g_strdup (bar);
    ask_with_words (&f, "ann", "s3", "Ann", "at the bar");
    g_clear_pointer (&f.room, g_free);
    f.room = g_steal_pointer (&main_room);
  }
  c = fixture_sql (&f, NULL, "SELECT id FROM base_request WHERE title = 'Title s3'");
  fixture_check_sql (&f, WORDS, "3");

  outcome = fixture_do (&f, fixture_guest_command (&f, TEMPO_ACTION_FORGET_SELF, "ann"));
  g_assert_cmpuint (outcome->count, ==, 1);
  fixture_check_sql (&f, WORDS, "0");
  fixture_check_sql (&f, FACES, "0");
  g_clear_pointer (&outcome, tempo_outcome_unref);
  /* Everything that is written anew afterwards. */
  tempo_outcome_unref (fixture_do (&f, fixture_command (&f, TEMPO_ACTION_UNDO)));
  fixture_act (&f, TEMPO_ACTION_APPROVE, b);
  fixture_end_song (&f);
  fixture_end_song (&f);
  fixture_check_sql (&f, "SELECT status FROM base_request ORDER BY title", "played played withdrawn");
  fixture_check_sql (&f, WORDS, "0");
  fixture_tear_down (&f);
}

/* Answers to repeated calls are kept two days, no longer. */
static void
test_old_keys (void)
{
  Fixture f = { 0 };
  TempoCommand *command;

  fixture_set_up (&f, "{}");
  command = fixture_guest_command (&f, TEMPO_ACTION_SUBMIT, "ann");
  command->song_id = g_strdup ("s1");
  command->key = g_strdup ("once");
  tempo_outcome_unref (fixture_do (&f, command));
  tempo_clock_advance (f.clock, G_TIME_SPAN_DAY);
  fixture_tick (&f);
  fixture_check_sql (&f, "SELECT count(*) FROM base_idempotency", "1");
  tempo_clock_advance (f.clock, 2 * G_TIME_SPAN_DAY);
  fixture_tick (&f);
  fixture_check_sql (&f, "SELECT count(*) FROM base_idempotency", "0");
  fixture_tear_down (&f);
}

static char *
store_path (Fixture *f)
{
  return g_build_filename (f->folder, "organizations", f->org, "tempo.db", NULL);
}

/* As a power cut leaves it: the write-ahead log is still there. */
static void
leave_unclean (Fixture *f)
{
  g_autofree char *path = store_path (f);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *kept = g_strconcat (path, ".kept", NULL);
  g_autofree char *contents = NULL, *log = NULL;
  gsize length, log_length;

  fixture_settle (f);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_true (g_file_get_contents (wal, &log, &log_length, NULL));
  g_assert_cmpuint (log_length, >, 0);
  fixture_stop (f);
  g_assert_true (g_file_set_contents (path, contents, (gssize) length, NULL));
  g_assert_true (g_file_set_contents (wal, log, (gssize) log_length, NULL));
}

static void
test_unclean_but_whole (void)
{
  Fixture f = { 0 };
  g_autofree char *text = NULL;
  guint level;

  fixture_set_up (&f, "{}");
  g_free (fixture_ask (&f, "ann", "s1"));
  leave_unclean (&f);
  fixture_start (&f);
  fixture_settle (&f);
  text = fixture_health (&f, "store", &level);
  g_assert_cmpuint (level, ==, TEMPO_HEALTH_GOOD);
  g_assert_cmpstr (text, ==, "");
  fixture_check_sql (&f, "SELECT count(*) FROM base_request", "1");
  fixture_tear_down (&f);
}

/* Writes nonsense over the leaf of an index that the start does not need: only a check finds it. */
static void
damage (const char *path,
        guint page_size,
        guint page)
{
  g_autofree char *nonsense = g_malloc (page_size);
  int fd = open (path, O_WRONLY);

  memset (nonsense, 0x5a, page_size);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (pwrite (fd, nonsense, page_size, (off_t) (page - 1) * page_size), ==, page_size);
  close (fd);
}

/* A damaged file is said to be damaged, in every room, and goes on saying so; a sound stop asks for no check. */
static void
test_unclean_and_damaged (void)
{
  Fixture f = { 0 };
  g_autofree char *path = NULL, *page = NULL, *size = NULL, *text = NULL, *still = NULL;
  guint level;

  fixture_set_up (&f, "{}");
  /* An organization file with something in the log that nobody reads at the start. */
  page = fixture_sql (&f, NULL, "SELECT rootpage FROM sqlite_schema WHERE type = 'index'"
                                " AND tbl_name = 'base_display' LIMIT 1");
  size = fixture_sql (&f, NULL, "PRAGMA page_size");
  g_assert_cmpstr (page, !=, "");
  path = store_path (&f);
  fixture_restart (&f);
  g_free (fixture_ask (&f, "ann", "s1"));
  leave_unclean (&f);
  damage (path, (guint) atoi (size), (guint) atoi (page));
  fixture_start (&f);
  fixture_settle (&f);
  text = fixture_health (&f, "store", &level);
  g_assert_cmpuint (level, ==, TEMPO_HEALTH_BAD);
  g_assert_cmpstr (text, !=, "");
  /* A commit that works does not make the file whole. */
  g_free (fixture_ask (&f, "max", "s2"));
  still = fixture_health (&f, "store", &level);
  g_assert_cmpuint (level, ==, TEMPO_HEALTH_BAD);
  fixture_tear_down (&f);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/venue/care/on-demand", test_on_demand);
  g_test_add_func ("/venue/care/backup-media", test_backup_media);
  g_test_add_func ("/venue/care/backup-refused", test_backup_refused);
  g_test_add_func ("/venue/care/thinning", test_thinning);
  g_test_add_func ("/venue/care/daily", test_daily);
  g_test_add_func ("/venue/care/a-long-time", test_a_long_time);
  g_test_add_func ("/venue/care/restore", test_restore);
  g_test_add_data_func ("/venue/care/forget/at-the-end", GINT_TO_POINTER (0), test_forget);
  g_test_add_data_func ("/venue/care/forget/a-week", GINT_TO_POINTER (7), test_forget);
  g_test_add_data_func ("/venue/care/forget/by-default", GINT_TO_POINTER (30), test_forget);
  g_test_add_func ("/venue/care/forget/spares", test_forget_spares);
  g_test_add_func ("/venue/care/forget/me", test_forget_me);
  g_test_add_func ("/venue/care/old-keys", test_old_keys);
  g_test_add_func ("/venue/care/unclean/whole", test_unclean_but_whole);
  g_test_add_func ("/venue/care/unclean/damaged", test_unclean_and_damaged);

  return g_test_run ();
}
