/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-clock.h"
#include "base/tempo-id.h"

#include <string.h>

#define MANY 20000
#define THREADS 4

static void
test_version (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (G_GINT64_CONSTANT (4102444800000000)); /* 2100-01-01 */
  g_autofree char *id = tempo_id_new (clock);

  g_assert_true (tempo_id_is_valid (id));
  /* 4102444800000 ms is 0x03bb2cc3d800. */
  g_assert_true (g_str_has_prefix (id, "03bb2cc3-d800-7"));
  g_assert_nonnull (strchr ("89ab", id[19]));
}

/* With a clock that stands still and one that goes back. */
static void
test_never_back (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_fixed (G_GINT64_CONSTANT (4102444900000000));
  g_autofree char *last = tempo_id_new (clock);

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *id = tempo_id_new (clock);

      g_assert_cmpstr (id, >, last);
      g_free (last);
      last = g_steal_pointer (&id);
      if (i % 1000 == 0)
        tempo_clock_advance (clock, -5000000);
    }
}

static gpointer
make_ids_thread (gpointer data)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < MANY / THREADS; i++)
    g_ptr_array_add (ids, tempo_id_new (data));

  return ids;
}

static void
test_threads (void)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_system ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GThread *threads[THREADS];

  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("ids", make_ids_thread, clock);
  for (guint i = 0; i < THREADS; i++)
    {
      g_autoptr (GPtrArray) ids = g_thread_join (threads[i]);

      for (guint j = 0; j < ids->len; j++)
        g_assert_true (g_hash_table_add (seen, g_strdup (g_ptr_array_index (ids, j))));
    }
}

static const struct
{
  const char *text;
  gboolean valid;
} ids[] = {
  { "01932b5c-7e7a-7c3d-8f00-0123456789ab", TRUE },
  { "00000000-0000-0000-0000-000000000000", TRUE },
  { "01932B5C-7E7A-7C3D-8F00-0123456789AB", FALSE },
  { "01932b5c-7e7a-7c3d-8f00-0123456789a", FALSE },
  { "01932b5c-7e7a-7c3d-8f00-0123456789abc", FALSE },
  { "01932b5c07e7a-7c3d-8f00-0123456789ab", FALSE },
  { "{1932b5c-7e7a-7c3d-8f00-0123456789ab", FALSE },
  { "01932b5g-7e7a-7c3d-8f00-0123456789ab", FALSE },
  { "", FALSE },
  { NULL, FALSE },
};

static void
test_valid (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_cmpint (tempo_id_is_valid (ids[i].text), ==, ids[i].valid);
}

static void
test_token (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize n = 16; n <= 64; n++)
    {
      char *token = tempo_token_random (n);

      g_assert_cmpuint (strlen (token), ==, (n * 4 + 2) / 3);
      g_assert_cmpuint (strspn (token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), ==, strlen (token));
      g_assert_true (g_hash_table_add (seen, token));
    }
}

static void
test_digest (void)
{
  g_autofree char *digest = tempo_token_digest ("abc");

  g_assert_cmpstr (digest, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* All thirty symbols come, none much more often than another, and no vowel. */
static void
test_code (void)
{
  guint counts[256] = { 0 };
  guint symbols = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *code = tempo_code_new (6);

      g_assert_cmpuint (strlen (code), ==, 6);
      g_assert_cmpuint (strcspn (code, "AEIOULaeiou"), ==, 6);
      for (guint j = 0; j < 6; j++)
        counts[(guchar) code[j]]++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      symbols += counts[i] > 0;
      /* 200 expected of each; ten deviations away never happens. */
      g_assert_true (counts[i] == 0 || (counts[i] > 60 && counts[i] < 340));
    }
  g_assert_cmpuint (symbols, ==, 30);
}

static const struct
{
  const char *name;
  const char *slug;
} slugs[] = {
  { "The Tin Heron", "the-tin-heron" },
  { "Café Zoë", "cafe-zoe" },
  { "  --Bar 42!! & Grill--  ", "bar-42-grill" },
  { "Joe's Place", "joes-place" },
  { "Größe", "grosse" },
  { "日本", "venue" },
  { "", "venue" },
  { NULL, "venue" },
  { "\xff\xfe", "venue" },
  { "API", "api-venue" },
  { "j", "j-venue" },
  { "abcdefghij abcdefghij abcdefghij abcdefghij abcdefghij", "abcdefghij-abcdefghij-abcdefghij-abcdefg" },
  { "abcdefghij abcdefghij abcdefghij abcdef abcdefghij", "abcdefghij-abcdefghij-abcdefghij-abcdef" },
};

static void
test_slug (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (slugs); i++)
    {
      g_autofree char *slug = tempo_slug_from_name (slugs[i].name);

      g_assert_cmpstr (slug, ==, slugs[i].slug);
      g_assert_true (tempo_slug_is_valid (slug));
    }
}

static void
test_no_slug (void)
{
  const char *const wrong[] = {
    "", "-", "-a", "a-", "a--b", "A", "a b", "a/b", "a%2fb", "..", "ä", "api", "d", "j", "assets", "healthz",
    "abcdefghij-abcdefghij-abcdefghij-abcdefghi", NULL,
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (tempo_slug_is_valid (wrong[i]));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/id/version", test_version);
  g_test_add_func ("/base/id/never-back", test_never_back);
  g_test_add_func ("/base/id/threads", test_threads);
  g_test_add_func ("/base/id/valid", test_valid);
  g_test_add_func ("/base/id/token", test_token);
  g_test_add_func ("/base/id/digest", test_digest);
  g_test_add_func ("/base/id/code", test_code);
  g_test_add_func ("/base/slug/from-name", test_slug);
  g_test_add_func ("/base/slug/refused", test_no_slug);

  return g_test_run ();
}
