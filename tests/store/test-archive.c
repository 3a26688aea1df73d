/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <string.h>

static char *
make_backup (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  char *to = g_build_filename (fixture->folder, "backup.db", NULL);

  tempo_store_backup (fixture->store, to, &error);
  g_assert_no_error (error);
  return to;
}

static guint
count_names (StoreFixture *fixture, const char *part)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name = NULL;
  guint count = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    count += strstr (name, part) != NULL;
  return count;
}

/* Overwrites the middle of a file. */
static void
damage (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpuint (length, >, 8192);
  memset (bytes + 4096, 0x5a, length - 4096);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
}

static void
test_backup_restore (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *backup = NULL;
  g_autofree char *tone = NULL;
  g_autofree char *late = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_add_setting (fixture->store, "tone", "amber");
  backup = make_backup (fixture);
  store_fixture_add_setting (fixture->store, "late", "yes");
  store_fixture_close (fixture);

  tempo_store_restore (fixture->path, backup, ACME, &error);
  g_assert_no_error (error);
  store_fixture_open (fixture);
  tone = store_fixture_get_setting (fixture->store, "tone");
  late = store_fixture_get_setting (fixture->store, "late");
  g_assert_cmpstr (tone, ==, "amber");
  g_assert_null (late);
  g_assert_cmpuint (count_names (fixture, ".before-restore-"), ==, 1);
  g_assert_cmpuint (count_names (fixture, ".restoring"), ==, 0);
  g_assert_cmpuint (count_names (fixture, ".partial"), ==, 0);
}

/* What was replaced can be put back. */
static void
test_restore_back (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *backup = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *late = NULL;
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;
  const char *name = NULL;

  backup = make_backup (fixture);
  store_fixture_add_setting (fixture->store, "late", "yes");
  store_fixture_close (fixture);
  g_assert_true (tempo_store_restore (fixture->path, backup, ACME, NULL));
  dir = g_dir_open (fixture->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (strstr (name, ".before-restore-") != NULL)
      kept = g_build_filename (fixture->folder, name, NULL);
  tempo_store_restore (fixture->path, kept, ACME, &error);
  g_assert_no_error (error);
  store_fixture_open (fixture);
  late = store_fixture_get_setting (fixture->store, "late");
  g_assert_cmpstr (late, ==, "yes");
}

static void
test_restore_refused (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *backup = NULL;
  g_autofree char *missing = g_build_filename (fixture->folder, "missing.db", NULL);
  g_autofree char *tone = NULL;
  g_autoptr (GError) busy = NULL;
  g_autoptr (GError) other = NULL;
  g_autoptr (GError) corrupt = NULL;
  g_autoptr (GError) none = NULL;

  store_fixture_add_setting (fixture->store, "tone", "amber");
  backup = make_backup (fixture);
  g_assert_false (tempo_store_restore (fixture->path, backup, ACME, &busy));
  g_assert_error (busy, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_BUSY);
  store_fixture_close (fixture);
  g_assert_false (tempo_store_restore (fixture->path, backup, BLUE, &other));
  g_assert_error (other, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND);
  g_assert_false (tempo_store_restore (fixture->path, missing, ACME, &none));
  g_assert_error (none, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND);
  damage (backup);
  g_assert_false (tempo_store_restore (fixture->path, backup, ACME, &corrupt));
  g_assert_error (corrupt, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
  g_assert_cmpuint (count_names (fixture, ".before-restore-"), ==, 0);
  g_assert_cmpuint (count_names (fixture, ".restoring"), ==, 0);
  store_fixture_open (fixture);
  tone = store_fixture_get_setting (fixture->store, "tone");
  g_assert_cmpstr (tone, ==, "amber");
}

/* A damaged store: restoring is what one does then, and what is left of it stays. */
static void
test_restore_over_damage (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *backup = NULL;
  g_autofree char *tone = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_add_setting (fixture->store, "tone", "amber");
  backup = make_backup (fixture);
  store_fixture_close (fixture);
  g_assert_true (g_file_set_contents (fixture->path, "this is no database", -1, NULL));
  g_assert_null (tempo_store_open (fixture->path, ACME, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT);
  g_assert_true (tempo_store_restore (fixture->path, backup, ACME, NULL));
  g_assert_cmpuint (count_names (fixture, ".before-restore-"), ==, 1);
  store_fixture_open (fixture);
  tone = store_fixture_get_setting (fixture->store, "tone");
  g_assert_cmpstr (tone, ==, "amber");
}

static void
test_backup_replaces (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *first = make_backup (fixture);
  g_autofree char *second = make_backup (fixture);
  g_autofree char *nowhere = g_build_filename (fixture->folder, "no", "such", "folder.db", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (tempo_store_verify_file (second, ACME, &error));
  g_assert_no_error (error);
  g_assert_false (tempo_store_backup (fixture->store, nowhere, &error));
  g_assert_nonnull (error);
}

typedef struct
{
  TempoStore *store;
  gint stop; /* (atomic) */
} Load;

static gpointer
load_thread (gpointer data)
{
  Load *load = data;

  for (guint i = 0; !g_atomic_int_get (&load->stop); i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i % 100);

      store_fixture_add_setting (load->store, key, "v");
    }
  return NULL;
}

static void
test_backup_under_load (StoreFixture *fixture, gconstpointer data)
{
  Load load = { fixture->store, 0 };
  GThread *thread = g_thread_new ("load", load_thread, &load);

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *backup = make_backup (fixture);

      g_assert_true (tempo_store_verify_file (backup, ACME, NULL));
    }
  g_atomic_int_set (&load.stop, 1);
  g_thread_join (thread);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  store_fixture_add ("/archive/backup-restore", test_backup_restore);
  store_fixture_add ("/archive/restore-back", test_restore_back);
  store_fixture_add ("/archive/restore-refused", test_restore_refused);
  store_fixture_add ("/archive/restore-over-damage", test_restore_over_damage);
  store_fixture_add ("/archive/backup-replaces", test_backup_replaces);
  store_fixture_add ("/archive/backup-under-load", test_backup_under_load);
  return g_test_run ();
}
