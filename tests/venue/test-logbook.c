/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes into the logbook of a house, and what never does: a neighbour's affairs, and what guests wrote. */
#include <glib/gstdio.h>

#include "fixture.h"
#include "store/tempo-files.h"
#include "venue/tempo-care.h"
#include "venue/tempo-people.h"

#define GUEST "Hippopotamus amphibius"

/* All of a house's lines; "" for none. */
static char *
read_logbook (Fixture *f,
              const char *org)
{
  g_autofree char *path = tempo_host_dup_log_path (f->host, org);
  char *text = NULL;

  tempo_logbook_flush (f->host->logbook);

  return g_file_get_contents (path, &text, NULL, NULL) ? text : g_strdup ("");
}

static void
expect (Fixture *f,
        const char *org,
        const char *words)
{
  g_autofree char *text = read_logbook (f, org);

  if (strstr (text, words) == NULL)
    g_error ("\"%s\" is not in:\n%s", words, text);
}

static void
expect_none (Fixture *f,
             const char *org,
             const char *words)
{
  g_autofree char *text = read_logbook (f, org);

  if (strstr (text, words) != NULL)
    g_error ("\"%s\" is in:\n%s", words, text);
}

static void
name_room (Fixture *f,
           const char *org,
           const char *room,
           const char *name)
{
  TempoCommand *command = tempo_command_new (TEMPO_ACTION_ROOM_EDIT, f->desktop, org, room);

  command->patch = json_object_new ();
  json_object_set_string_member (command->patch, "name", name);
  tempo_outcome_unref (fixture_do (f, command));
}

static void
guess (Fixture *f,
       const char *username,
       const char *organization,
       const char *password)
{
  TempoSignIn who = { .username = username, .password = password, .organization = organization, .address = "192.0.2.77" };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  tempo_people_sign_in_async (f->host, &who, fixture_result_cb, &result);
  fixture_wait_result (&result);
  g_assert_null (tempo_people_sign_in_finish (f->host, result, &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_UNAUTHENTICATED);
}

static void
back_up (Fixture *f,
         const char *org,
         gboolean works)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *path = NULL;

  tempo_host_backup_async (f->host, org, NULL, fixture_result_cb, &result);
  fixture_wait_result (&result);
  path = tempo_host_backup_finish (f->host, result, NULL);
  g_assert_cmpint (path != NULL, ==, works);
}

static void
lose_source (Fixture *f,
             TempoRoom *room,
             gpointer data)
{
  FakeSource *source = FAKE_SOURCE (tempo_player_get_source (room->player));

  fake_source_set_health (source, TEMPO_SOURCE_GONE);
  fake_source_set_health (source, TEMPO_SOURCE_READY);
}

static void
ask_with_words (Fixture *f)
{
  TempoCommand *command = fixture_guest_command (f, TEMPO_ACTION_SUBMIT, "g1");

  command->song_id = g_strdup ("s1");
  command->name = g_strdup (GUEST);
  command->message = g_strdup ("from " GUEST);
  tempo_outcome_unref (fixture_do (f, command));
}

/* One of each kind happens in each of two houses. */
static void
test_two_houses (void)
{
  static const char *const own[] = { "Open (rooms: 1)", "is gone", "is ready", "No backup was made", "A backup was made: 2025-",
                                     "Refused a sign-in as ann at 192.0.2.77: wrong_password", "Closed", "heron" };
  Fixture f = { 0 };
  g_autoptr (TempoOrganization) blue = NULL;
  g_autoptr (GPtrArray) rooms = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *backups = NULL, *before = NULL;
  const char *secret = "my-password-typed-in-a-hurry";

  fixture_set_up (&f, "{\"approval\":false}");
  name_room (&f, f.org, f.room, "The heron");
  blue = fixture_found (&f, "Blue", "blue", "olga", "a long night at the tin heron", &error);
  g_assert_no_error (error);
  rooms = tempo_host_list_rooms (f.host, blue->id);
  name_room (&f, blue->id, ((TempoRoomInfo *) rooms->pdata[0])->id, "The bittern");
  ask_with_words (&f);

  before = read_logbook (&f, blue->id);
  fixture_on_engine (&f, lose_source, NULL);
  fixture_fail_song (&f, TEMPO_SOURCE_ERROR_UNPLAYABLE);
  backups = g_build_filename (f.folder, "organizations", f.org, "backups", NULL);
  tempo_files_remove_tree (backups, NULL);
  g_assert_true (g_file_set_contents (backups, "in the way", -1, NULL));
  back_up (&f, f.org, FALSE);
  {
    /* The neighbour's strip says nothing of it. */
    g_autofree char *text = fixture_health (&f, "backup", NULL);
    g_autofree char *after = read_logbook (&f, blue->id);

    g_assert_nonnull (text);
    g_assert_cmpstr (after, ==, before);
  }
  g_assert_cmpint (g_unlink (backups), ==, 0);
  back_up (&f, f.org, TRUE);
  {
    g_autoptr (TempoPeopleCommand) command = tempo_people_command_new (TEMPO_PEOPLE_CREATE, f.desktop, f.org);
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (TempoPeopleOutcome) outcome = NULL;

    command->username = g_strdup ("ann");
    command->password = g_strdup ("a long night at the tin heron");
    command->role = TEMPO_ROLE_MEMBER;
    tempo_people_execute_async (f.host, command, fixture_result_cb, &result);
    fixture_wait_result (&result);
    outcome = tempo_people_execute_finish (f.host, result, &error);
    g_assert_no_error (error);
  }
  guess (&f, "ann", f.org, secret);
  guess (&f, "olga", blue->id, secret);
  guess (&f, secret, NULL, secret);
  fixture_restart (&f);

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    expect (&f, f.org, own[i]);
  expect (&f, blue->id, "Refused a sign-in as olga at 192.0.2.77");
  expect (&f, blue->id, "Closed");
  for (guint i = 1; i < G_N_ELEMENTS (own) - 2; i++)
    expect_none (&f, blue->id, own[i]);
  expect_none (&f, blue->id, "heron");
  expect_none (&f, blue->id, f.org);
  expect_none (&f, f.org, "bittern");
  expect_none (&f, f.org, "olga");
  expect_none (&f, f.org, blue->id);
  expect_none (&f, f.org, GUEST);
  expect_none (&f, f.org, secret);
  expect_none (&f, blue->id, secret);
  fixture_tear_down (&f);
}

/* Most of all a house that cannot be opened has something to say; that the file is a neighbour's is not told with its name. */
static void
test_unopened (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoOrganization) blue = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL, *other = NULL, *bytes = NULL;
  gsize length;

  fixture_set_up (&f, NULL);
  blue = fixture_found (&f, "Blue", "blue", "olga", NULL, &error);
  g_assert_no_error (error);
  fixture_stop (&f);
  path = g_build_filename (f.folder, "organizations", f.org, "tempo.db", NULL);
  other = g_build_filename (f.folder, "organizations", blue->id, "tempo.db", NULL);
  g_assert_true (g_file_get_contents (other, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  fixture_start (&f);
  expect (&f, f.org, "notice The data cannot be opened: ");
  expect_none (&f, f.org, blue->id);
  expect_none (&f, blue->id, "cannot be opened");
  fixture_tear_down (&f);
}

static void
erase (Fixture *f,
       const char *org)
{
  TempoCareOrder order = { .kind = TEMPO_CARE_ERASE_ORGANIZATION, .actor = f->desktop, .organization = org };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *receipt = NULL;

  tempo_host_care_async (f->host, &order, fixture_result_cb, &result);
  fixture_wait_result (&result);
  receipt = tempo_host_care_finish (f->host, result, &error);
  g_assert_no_error (error);
}

/* It goes with the house, whatever is still said of it. */
static void
test_erased (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoOrganization) blue = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;

  fixture_set_up (&f, NULL);
  blue = fixture_found (&f, "Blue", "blue", "olga", NULL, &error);
  g_assert_no_error (error);
  expect (&f, blue->id, "Open (rooms: 1)");
  erase (&f, blue->id);
  folder = g_build_filename (f.folder, "organizations", blue->id, NULL);
  tempo_host_log (f.host, blue, G_LOG_LEVEL_INFO, "still here");
  tempo_logbook_flush (f.host->logbook);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  expect (&f, f.org, "Open (rooms: 1)");
  expect_none (&f, f.org, "still here");
  fixture_tear_down (&f);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/venue/logbook/two-houses", test_two_houses);
  g_test_add_func ("/venue/logbook/unopened", test_unopened);
  g_test_add_func ("/venue/logbook/erased", test_erased);

  return g_test_run ();
}
