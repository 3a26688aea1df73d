/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <glib/gstdio.h>

#include "store/tempo-registry.h"

typedef struct
{
  char *folder;            /* (owned) */
  TempoRegistry *registry; /* (owned) */
} Fixture;

static void
open_registry (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->registry = tempo_registry_open (fixture->folder, &error);
  g_assert_no_error (error);
}

static void
reopen_registry (Fixture *fixture)
{
  tempo_registry_close (fixture->registry);
  g_assert_finalize_object (fixture->registry);
  open_registry (fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("tempo-registry-XXXXXX", &error);
  g_assert_no_error (error);
  open_registry (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->registry);
  store_fixture_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

/* It knows whose PIN it is and which addresses staff may use. */
static void
test_private (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "registry.db", NULL);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static TempoOrganization *
make_organization (const char *id, const char *slug, const char *code)
{
  TempoOrganization *organization = tempo_organization_new (id, slug, code, "Acme Entertainment");

  organization->created_at = 5;
  return organization;
}

static void
add (Fixture *fixture, const char *id, const char *slug, const char *code, gint64 created_at)
{
  g_autoptr (TempoOrganization) organization = make_organization (id, slug, code);
  g_autoptr (GError) error = NULL;

  organization->created_at = created_at;
  tempo_registry_add_organization (fixture->registry, organization, &error);
  g_assert_no_error (error);
}

static void
test_organizations (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { ACME, "acme", "ACM", "acm", "ACME" };
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (TempoOrganization) none = NULL;

  add (fixture, ACME, "acme", "ACM", 7);
  add (fixture, BLUE, "blue", "BLU", 3);
  for (guint run = 0; run < 2; run++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        {
          g_autoptr (TempoOrganization) found = tempo_registry_find_organization (fixture->registry, names[i]);

          g_assert_nonnull (found);
          g_assert_cmpstr (found->id, ==, ACME);
          g_assert_cmpstr (found->name, ==, "Acme Entertainment");
          g_assert_cmpstr (found->accent, ==, TEMPO_DEFAULT_ACCENT);
          g_assert_null (found->logo);
        }
      reopen_registry (fixture);
    }
  none = tempo_registry_find_organization (fixture->registry, "nobody");
  g_assert_null (none);
  list = tempo_registry_list_organizations (fixture->registry);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpstr (((TempoOrganization *) list->pdata[0])->id, ==, BLUE);
}

static void
test_unique (Fixture *fixture, gconstpointer data)
{
  static const struct { const char *id, *slug, *code; } taken[] = {
    { ACME, "other", "OTH" }, { BLUE, "acme", "OTH" }, { BLUE, "other", "ACM" },
  };

  add (fixture, ACME, "acme", "ACM", 1);
  for (gsize i = 0; i < G_N_ELEMENTS (taken); i++)
    {
      g_autoptr (TempoOrganization) organization = make_organization (taken[i].id, taken[i].slug, taken[i].code);
      g_autoptr (GPtrArray) list = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_false (tempo_registry_add_organization (fixture->registry, organization, &error));
      g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT);
      list = tempo_registry_list_organizations (fixture->registry);
      g_assert_cmpuint (list->len, ==, 1);
    }
}

static void
test_update (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TempoOrganization) changed = make_organization (ACME, "acme-bar", "ACM");
  g_autoptr (TempoOrganization) unknown = make_organization (BLUE, "blue", "BLU");
  g_autoptr (TempoOrganization) before = NULL;
  g_autoptr (TempoOrganization) after = NULL;
  g_autoptr (GError) error = NULL;

  add (fixture, ACME, "acme", "ACM", 1);
  before = tempo_registry_find_organization (fixture->registry, ACME);
  changed->active = FALSE;
  changed->welcome = g_strdup ("Hello");
  g_assert_true (tempo_registry_update_organization (fixture->registry, changed, NULL));
  g_assert_cmpstr (before->slug, ==, "acme");
  reopen_registry (fixture);
  after = tempo_registry_find_organization (fixture->registry, "acme-bar");
  g_assert_nonnull (after);
  g_assert_false (after->active);
  g_assert_cmpstr (after->welcome, ==, "Hello");
  g_assert_false (tempo_registry_update_organization (fixture->registry, unknown, &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_NOT_FOUND);
}

static void
test_super_admins (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add (fixture, ACME, "acme", "ACM", 1);
  g_assert_false (tempo_registry_has_super_admin (fixture->registry));
  g_assert_true (tempo_registry_add_super_admin (fixture->registry, ACME, "m1", NULL));
  g_assert_true (tempo_registry_add_super_admin (fixture->registry, ACME, "m1", NULL));
  reopen_registry (fixture);
  g_assert_true (tempo_registry_has_super_admin (fixture->registry));
  g_assert_true (tempo_registry_is_super_admin (fixture->registry, ACME, "m1"));
  g_assert_false (tempo_registry_is_super_admin (fixture->registry, ACME, "m2"));
  g_assert_false (tempo_registry_is_super_admin (fixture->registry, BLUE, "m1"));
  g_assert_false (tempo_registry_add_super_admin (fixture->registry, BLUE, "m1", &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT);
}

static void
test_settings (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *removed = NULL;

  g_assert_true (tempo_registry_set (fixture->registry, "port", "8000", NULL));
  g_assert_true (tempo_registry_set (fixture->registry, "port", "8001", NULL));
  g_assert_true (tempo_registry_set (fixture->registry, "gone", "x", NULL));
  first = tempo_registry_get (fixture->registry, "port");
  g_assert_cmpstr (first, ==, "8001");
  g_assert_true (tempo_registry_set (fixture->registry, "gone", NULL, NULL));
  reopen_registry (fixture);
  second = tempo_registry_get (fixture->registry, "port");
  g_assert_cmpstr (second, ==, "8001");
  removed = tempo_registry_get (fixture->registry, "gone");
  g_assert_null (removed);
}

static void
test_room_codes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *found = NULL;
  g_autofree char *none = NULL;
  g_autoptr (GError) error = NULL;

  add (fixture, ACME, "acme", "ACM", 1);
  add (fixture, BLUE, "blue", "BLU", 2);
  g_assert_true (tempo_registry_add_room_code (fixture->registry, "k7m2q", ACME, "r1", NULL));
  g_assert_false (tempo_registry_add_room_code (fixture->registry, "K7M2Q", BLUE, "r1", &error));
  g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT);
  reopen_registry (fixture);
  found = tempo_registry_find_room_code (fixture->registry, "K7m2q");
  g_assert_cmpstr (found, ==, ACME);
  none = tempo_registry_find_room_code (fixture->registry, "XXXXX");
  g_assert_null (none);
}

/* A planned code is taken like any other, until it is known whether its room came. */
static void
test_planned_codes (Fixture *fixture, gconstpointer data)
{
  static const struct { const char *code; gboolean keep; } cases[] = { { "HERON", TRUE }, { "CRANE", FALSE } };
  g_autoptr (GPtrArray) other = NULL;
  g_autoptr (GError) error = NULL;

  add (fixture, ACME, "acme", "ACM", 1);
  add (fixture, BLUE, "blue", "BLU", 2);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) planned = NULL, none = NULL;
      g_autofree char *found = NULL;

      g_assert_true (tempo_registry_plan_room_code (fixture->registry, cases[i].code, ACME, "r1", NULL));
      reopen_registry (fixture);
      g_assert_false (tempo_registry_plan_room_code (fixture->registry, cases[i].code, BLUE, "r2", &error));
      g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT);
      g_clear_error (&error);
      planned = tempo_registry_list_planned_codes (fixture->registry, ACME);
      g_assert_cmpuint (planned->len, ==, 1);
      g_assert_cmpstr (planned->pdata[0], ==, cases[i].code);
      g_assert_true (tempo_registry_settle_room_code (fixture->registry, cases[i].code, cases[i].keep, &error));
      /* What is settled stays so. */
      g_assert_true (tempo_registry_settle_room_code (fixture->registry, cases[i].code, FALSE, &error));
      reopen_registry (fixture);
      none = tempo_registry_list_planned_codes (fixture->registry, ACME);
      g_assert_cmpuint (none->len, ==, 0);
      found = tempo_registry_find_room_code (fixture->registry, cases[i].code);
      g_assert_cmpstr (found, ==, cases[i].keep ? ACME : NULL);
      g_assert_cmpint (tempo_registry_add_room_code (fixture->registry, cases[i].code, BLUE, "r2", NULL), ==, !cases[i].keep);
    }
  /* Those of a house go with it, and are nobody else's business. */
  g_assert_true (tempo_registry_plan_room_code (fixture->registry, "EGRET", ACME, "r3", NULL));
  other = tempo_registry_list_planned_codes (fixture->registry, BLUE);
  g_assert_cmpuint (other->len, ==, 0);
  g_assert_true (tempo_registry_remove_organization (fixture->registry, ACME, NULL, &error));
  g_assert_true (tempo_registry_plan_room_code (fixture->registry, "EGRET", BLUE, "r3", &error));
}

static void
test_folders (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = tempo_registry_get_store_path (fixture->registry, ACME);
  g_autofree char *folder = tempo_registry_get_folder (fixture->registry, ACME, "artwork");
  g_autofree char *expected = g_build_filename (fixture->folder, "organizations", ACME, "tempo.db", NULL);

  g_assert_cmpstr (path, ==, expected);
  g_assert_true (g_file_test (folder, G_FILE_TEST_IS_DIR));
  g_assert_cmpstr (tempo_registry_get_data_dir (fixture->registry), ==, fixture->folder);
}

static void
test_one_process (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) busy = NULL;
  g_autoptr (GError) closed = NULL;

  g_assert_null (tempo_registry_open (fixture->folder, &busy));
  g_assert_error (busy, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_BUSY);
  tempo_registry_close (fixture->registry);
  g_assert_false (tempo_registry_set (fixture->registry, "a", "b", &closed));
  g_assert_error (closed, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/registry/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("organizations", test_organizations);
  ADD ("unique", test_unique);
  ADD ("update", test_update);
  ADD ("super-admins", test_super_admins);
  ADD ("settings", test_settings);
  ADD ("room-codes", test_room_codes);
  ADD ("planned-codes", test_planned_codes);
  ADD ("folders", test_folders);
  ADD ("private", test_private);
  ADD ("one-process", test_one_process);
  return g_test_run ();
}
