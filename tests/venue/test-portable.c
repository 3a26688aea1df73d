/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Care for whole organizations through the engine's door: exports, imports, erasing, restoring, rooms that move. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "store/tempo-files.h"
#include "venue/tempo-care.h"

#define NIGHT "{\"approval\":false,\"freeText\":true,\"messages\":true,\"perGuest\":0}"
#define CANARY "Hippopotamus amphibius"

static char *
care (Fixture *f, TempoCareOrder order, GError **error)
{
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;

  if (order.actor == NULL)
    order.actor = f->desktop;
  tempo_host_care_async (f->host, &order, fixture_result_cb, &result);
  done = fixture_wait_result (&result);
  return tempo_host_care_finish (f->host, done, error);
}

static char *
care_well (Fixture *f, TempoCareOrder order)
{
  g_autoptr (GError) error = NULL;
  char *text = care (f, order, &error);

  g_assert_no_error (error);
  return text;
}

static void
check_refused (Fixture *f, TempoCareOrder order, TempoRefusal refusal)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = care (f, order, &error);

  g_assert_null (text);
  g_assert_error (error, TEMPO_REFUSAL, (int) refusal);
}

static void
ask_with_words (Fixture *f, const char *guest, const char *song)
{
  TempoCommand *command = fixture_guest_command (f, TEMPO_ACTION_SUBMIT, guest);
  g_autoptr (TempoOutcome) outcome = NULL;

  command->song_id = g_strdup (song);
  command->name = g_strdup (CANARY);
  command->message = g_strdup ("from " CANARY);
  command->key = g_strdup (song);
  outcome = fixture_do (f, command);
}

static const char *
find_in (const char *folder, const char *text)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize length = 0;

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && find_in (path, text) != NULL)
        return find_in (path, text);
      if (g_file_test (path, G_FILE_TEST_IS_REGULAR) && g_file_get_contents (path, &bytes, &length, NULL)
          && g_strstr_len (bytes, (gssize) length, text) == NULL)
        for (gsize i = 0; i + strlen (text) <= length; i++)
          if (memcmp (bytes + i, text, strlen (text)) == 0)
            return g_intern_string (path);
      if (bytes != NULL && g_strstr_len (bytes, (gssize) length, text) != NULL)
        return g_intern_string (path);
    }
  return NULL;
}

static void
check_gone (Fixture *f, const char *text)
{
  if (find_in (f->folder, text) != NULL)
    g_error ("\"%s\" is still in %s", text, find_in (f->folder, text));
}

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  g_autofree char *archive = NULL, *before = NULL, *after = NULL, *report = NULL, *verified = NULL, *receipt = NULL;
  g_autofree char *org = NULL;
  static const char dump[] = "SELECT group_concat (id || number || title || name || ifnull (message, '') || hlc || origin) FROM base_request";

  fixture_set_up (f, NIGHT);
  ask_with_words (f, "g1", "s1");
  org = g_strdup (f->org);
  archive = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_EXPORT, .organization = org, .path = NULL });
  before = fixture_sql (f, org, dump);
  /* It is here already: all that clashes is told. */
  check_refused (f, (TempoCareOrder) { .kind = TEMPO_CARE_IMPORT, .path = archive }, TEMPO_REFUSAL_CONFLICT);
  report = g_build_filename (g_get_tmp_dir (), "tempo-moved-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (report));
  {
    g_autofree char *away = g_build_filename (report, "a.tar.gz", NULL);
    g_autofree char *told = NULL;
    g_autoptr (GPtrArray) left = NULL;

    g_assert_true (tempo_files_copy (archive, away, NULL));
    receipt = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_ERASE_ORGANIZATION, .organization = org });
    g_assert_nonnull (strstr (receipt, "\"kind\":\"organization\""));
    check_gone (f, CANARY);
    check_gone (f, "Acme");
    told = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_IMPORT, .path = away, .dry_run = TRUE });
    left = tempo_host_list_organizations (f->host);
    g_assert_cmpuint (left->len, ==, 0);
    g_clear_pointer (&told, g_free);
    told = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_IMPORT, .path = away });
  }
  after = fixture_sql (f, org, dump);
  g_assert_cmpstr (before, ==, after);
  verified = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_VERIFY_LOG, .organization = org });
  /* The night goes on where it was. */
  fixture_restart (f);
  tempo_files_remove_tree (report, NULL);
}

static void
test_as_new (Fixture *f, gconstpointer data)
{
  g_autofree char *archive = NULL, *told = NULL, *verified = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) rooms = NULL;

  fixture_set_up (f, NIGHT);
  ask_with_words (f, "g1", "s1");
  archive = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_EXPORT, .organization = f->org });
  check_refused (f, (TempoCareOrder) { .kind = TEMPO_CARE_IMPORT, .path = archive, .as_new = TRUE, .slug = f->organization->slug },
                 TEMPO_REFUSAL_CONFLICT);
  told = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_IMPORT, .path = archive, .as_new = TRUE, .slug = "second" });
  g_assert_nonnull (strstr (told, "is taken here"));
  all = tempo_host_list_organizations (f->host);
  g_assert_cmpuint (all->len, ==, 2);
  verified = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_VERIFY_LOG, .organization = "second" });
  rooms = tempo_host_list_rooms (f->host, ((TempoOrganization *) all->pdata[1])->id);
  g_assert_cmpuint (rooms->len, ==, 1);
  fixture_restart (f);
}

static char *
find_id (Fixture *f, const char *slug)
{
  g_autoptr (GPtrArray) all = tempo_host_list_organizations (f->host);

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (((TempoOrganization *) all->pdata[i])->slug, slug))
      return g_strdup (((TempoOrganization *) all->pdata[i])->id);
  return NULL;
}

/* A room that was moved took what was imported along: importing again finds it there and adds only what is new. */
static void
test_single_after_move (Fixture *f, gconstpointer data)
{
  static const char first[] = "{\"requests\":[{\"id\":1,\"title\":\"One\"},{\"id\":2,\"title\":\"Two\"}]}";
  static const char more[] = "{\"requests\":[{\"id\":1,\"title\":\"One\"},{\"id\":2,\"title\":\"Two\"},{\"id\":3,\"title\":\"Three\"}]}";
  static const char titles[] = "SELECT title FROM base_request ORDER BY title";
  g_autofree char *from = NULL, *told = NULL, *moved = NULL, *again = NULL, *third = NULL, *back = NULL, *rows = NULL, *id = NULL;
  g_autoptr (GPtrArray) rooms = NULL;
  const char *code;

  fixture_set_up (f, NULL);
  from = g_build_filename (f->folder, "old.json", NULL);
  g_assert_true (g_file_set_contents (from, first, -1, NULL));
  told = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_TAKE_SINGLE, .path = from });
  g_assert_true (g_str_has_prefix (told, "2 requests"));
  id = find_id (f, "default");
  rooms = tempo_host_list_rooms (f->host, id);
  g_assert_cmpuint (rooms->len, ==, 1);
  code = ((TempoRoomInfo *) rooms->pdata[0])->code;
  moved = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_MOVE_ROOM, .target = code, .slug = f->org });
  {
    TempoCommand *command = tempo_command_new (TEMPO_ACTION_ROOM_CREATE, f->desktop, id, NULL);

    command->name = g_strdup ("Second");
    tempo_outcome_unref (fixture_do (f, command));
  }
  again = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_TAKE_SINGLE, .path = from });
  g_assert_true (g_str_has_prefix (again, "0 requests, 0 settings, 0 people, 2 were there"));
  g_assert_true (g_file_set_contents (from, more, -1, NULL));
  third = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_TAKE_SINGLE, .path = from });
  g_assert_true (g_str_has_prefix (third, "1 requests, 0 settings, 0 people, 2 were there"));
  /* Home again: nothing of it is there twice. */
  back = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_MOVE_ROOM, .target = code, .slug = "default" });
  g_clear_pointer (&again, g_free);
  again = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_TAKE_SINGLE, .path = from });
  g_assert_true (g_str_has_prefix (again, "0 requests, 0 settings, 0 people, 3 were there"));
  rows = fixture_sql (f, id, titles);
  g_assert_cmpstr (g_strstrip (rows), ==, "One Three Two");
}

static void
test_erase_guest (Fixture *f, gconstpointer data)
{
  g_autofree char *backup = NULL, *number = NULL, *receipt = NULL, *verified = NULL, *shown = NULL;
  g_autoptr (JsonObject) json = NULL;
  g_autoptr (JsonObject) state = NULL;

  fixture_set_up (f, NIGHT);
  ask_with_words (f, "g1", "s1");
  {
    GAsyncResult *result = NULL;
    g_autoptr (GAsyncResult) done = NULL;

    tempo_host_backup_async (f->host, f->org, NULL, fixture_result_cb, &result);
    done = fixture_wait_result (&result);
    backup = tempo_host_backup_finish (f->host, done, NULL);
  }
  g_assert_nonnull (find_in (f->folder, CANARY));
  number = fixture_sql (f, NULL, "SELECT number FROM base_request");
  check_refused (f, (TempoCareOrder) { .kind = TEMPO_CARE_ERASE_GUEST, .organization = f->org, .target = "nobody" }, TEMPO_REFUSAL_NOT_FOUND);
  receipt = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_ERASE_GUEST, .organization = f->org, .target = g_strstrip (number) });
  json = fixture_json (receipt);
  g_assert_cmpstr (json_object_get_string_member (json, "kind"), ==, "guest");
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (json, "erased"), "backupsRewritten"), ==, 1);
  check_gone (f, CANARY);
  verified = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_VERIFY_LOG, .organization = f->org });
  fixture_check_sql (f, "SELECT count (*) FROM base_receipt", "1");
  /* Nothing that tells the phone is left, nor a note of what to look for. */
  g_assert_cmpint (json_object_get_int_member (json, "textsOthersWroteToo"), ==, 0);
  fixture_check_sql (f, "SELECT count (*) FROM base_idempotency", "0");
  g_assert_null (find_in (f->folder, ".erasing-"));
  g_assert_true (tempo_store_verify_file (backup, f->org, NULL));
  /* The engine forgot as well: what it writes later does not bring the name back. */
  state = fixture_state (f, "g2");
  ask_with_words (f, "g2", "s2");
  fixture_settle (f);
  fixture_check_sql (f, "SELECT count (*) FROM base_request WHERE name = '" CANARY "'", "1");
}

static void
test_restore (Fixture *f, gconstpointer data)
{
  g_autofree char *backup = NULL, *told = NULL, *beside = NULL, *verified = NULL;
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GPtrArray) all = NULL;

  fixture_set_up (f, NIGHT);
  ask_with_words (f, "g1", "s1");
  tempo_host_backup_async (f->host, f->org, NULL, fixture_result_cb, &result);
  done = fixture_wait_result (&result);
  backup = tempo_host_backup_finish (f->host, done, NULL);
  ask_with_words (f, "g2", "s2");
  told = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_RESTORE, .organization = f->org, .path = backup });
  fixture_check_sql (f, "SELECT count (*) FROM base_request", "1");
  verified = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_VERIFY_LOG, .organization = f->org });
  beside = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_RESTORE, .organization = f->org, .path = backup, .as_new = TRUE, .slug = "then" });
  all = tempo_host_list_organizations (f->host);
  g_assert_cmpuint (all->len, ==, 2);
  check_refused (f, (TempoCareOrder) { .kind = TEMPO_CARE_RESTORE, .organization = f->org, .path = "/nowhere" }, TEMPO_REFUSAL_NOT_FOUND);
  fixture_check_sql (f, "SELECT count (*) FROM base_request", "1");
}

static void
test_move (Fixture *f, gconstpointer data)
{
  g_autoptr (TempoOrganization) other = NULL;
  g_autofree char *code = NULL, *told = NULL, *rows = NULL;
  g_autoptr (GPtrArray) rooms = NULL;

  fixture_set_up (f, NIGHT);
  ask_with_words (f, "g1", "s1");
  other = fixture_found (f, "Blue", "blue", "bob", "correct horse", NULL);
  code = g_strstrip (fixture_sql (f, NULL, "SELECT code FROM base_room"));
  check_refused (f, (TempoCareOrder) { .kind = TEMPO_CARE_MOVE_ROOM, .target = code, .slug = "blue" }, TEMPO_REFUSAL_CONFLICT);
  {
    g_autoptr (TempoOutcome) ended = fixture_do (f, fixture_command (f, TEMPO_ACTION_EVENT_END));
  }
  check_refused (f, (TempoCareOrder) { .kind = TEMPO_CARE_MOVE_ROOM, .target = code, .slug = "nobody" }, TEMPO_REFUSAL_NOT_FOUND);
  told = care_well (f, (TempoCareOrder) { .kind = TEMPO_CARE_MOVE_ROOM, .target = code, .slug = "blue" });
  rooms = tempo_host_list_rooms (f->host, other->id);
  g_assert_cmpuint (rooms->len, ==, 2);
  fixture_check_sql (f, "SELECT (SELECT count (*) FROM base_room) + (SELECT count (*) FROM base_request) + (SELECT count (*) FROM base_guest)", "0");
  rows = fixture_sql (f, other->id, "SELECT (SELECT count (*) FROM base_event) || (SELECT count (*) FROM base_request) || (SELECT name FROM base_guest)");
  g_assert_cmpstr (g_strstrip (rows), ==, "11" CANARY);
  fixture_restart (f);
}

static void
test_rights (Fixture *f, gconstpointer data)
{
  static const struct { TempoRole role; TempoCareKind kind; gboolean may; } cases[] = {
    { TEMPO_ROLE_ADMIN, TEMPO_CARE_EXPORT, FALSE },
    { TEMPO_ROLE_OWNER, TEMPO_CARE_EXPORT, TRUE },
    { TEMPO_ROLE_OWNER, TEMPO_CARE_IMPORT, FALSE },
    { TEMPO_ROLE_OWNER, TEMPO_CARE_MOVE_ROOM, FALSE },
    { TEMPO_ROLE_OWNER, TEMPO_CARE_RESTORE, FALSE },
    { TEMPO_ROLE_ADMIN, TEMPO_CARE_ERASE_ORGANIZATION, FALSE },
    { TEMPO_ROLE_MEMBER, TEMPO_CARE_ERASE_GUEST, FALSE },
    { TEMPO_ROLE_MEMBER, TEMPO_CARE_VERIFY_LOG, FALSE },
    { TEMPO_ROLE_ADMIN, TEMPO_CARE_VERIFY_LOG, TRUE },
  };

  fixture_set_up (f, NIGHT);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TempoMember) member = tempo_member_new ("m", "eve", cases[i].role);
      g_autoptr (TempoActor) actor = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      g_clear_pointer (&member->organization_id, g_free);
      member->organization_id = g_strdup (f->org);
      actor = tempo_actor_new_member (member, NULL, NULL);
      text = care (f, (TempoCareOrder) { .kind = cases[i].kind, .actor = actor, .organization = f->org, .path = "/x", .target = "x" }, &error);
      g_assert_true (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_FORBIDDEN) != cases[i].may);
    }
}

#define add_test(path, function) g_test_add (path, Fixture, NULL, NULL, function, (void (*) (Fixture *, gconstpointer)) fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/portable/round-trip", test_round_trip);
  add_test ("/portable/as-new", test_as_new);
  add_test ("/portable/single-after-move", test_single_after_move);
  add_test ("/portable/erase-guest", test_erase_guest);
  add_test ("/portable/restore", test_restore);
  add_test ("/portable/move", test_move);
  add_test ("/portable/rights", test_rights);
  return g_test_run ();
}
