/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-licence-key.h"

#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static char *
normalize (const char *text)
{
  return tempo_licence_key_normalize (text, NULL);
}

/* Every key that is made is one, and no two are alike. */
static void
test_new (void)
{
  static const char *const codes[] = { "AC", "ACM", "ACME", "blue", "A1B2C3D4" };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *key = tempo_licence_key_new (codes[i % G_N_ELEMENTS (codes)], 2026);
      g_autofree char *again = normalize (key);

      g_assert_cmpstr (again, ==, key);
      g_assert_true (g_hash_table_add (seen, g_steal_pointer (&key)));
    }
}

/* One spelling, however it was typed. */
static void
test_spellings (void)
{
  g_autofree char *key = tempo_licence_key_new ("ACME", 2026);
  g_autofree char *lower = g_ascii_strdown (key, -1);
  g_autofree char *underscores = g_strdelimit (g_strdup (key), "-", '_');
  g_autofree char *blanks = g_strdup_printf ("  %s \n", key);
  g_autofree char *folded = g_strdup (key);
  const char *const spellings[] = { lower, underscores, blanks, folded };

  for (char *at = strrchr (folded, '-'); *at != '\0'; at++)
    *at = *at == '1' ? 'l' : *at == '0' ? 'o' : *at == 'V' ? 'u' : *at;
  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      g_autofree char *normal = normalize (spellings[i]);

      g_assert_cmpstr (normal, ==, key);
    }
}

static void
test_shapes (void)
{
  static const char *const others[] = {
    NULL, "", "TEMPO", "TEMPO-ACME-2026", "TEMPO-ACME-2026-", "TEMPO-ACME-2026-ABC", "TEMPO-ACME-1999-ABCDEFGHJK",
    "TEMPO-ACME-20266-ABCDEFGHJK", "TEMPO-A-2026-ABCDEFGHJK", "TEMPO-ACMEACMEX-2026-ABCDEFGHJK", "SLOWO-ACME-2026-ABCDEFGHJK",
    "TEMPO-ACME-2026-ABCDEFGHJK-X", "TEMPO-ACME-2026-ABC DEFGHJK", "TEMPO-AC\xc3\x9cME-2026-ABCDEFGHJK",
    "TEMPO-ACME-2026-ABCDEFGHJKMNPQ", "TEMPO--2026-ABCDEFGHJK", "TEMPO-ACME-2026-ABCDEFGH*K",
    "TEMPO-ACME-2026-ABCDEFGHJKABCDEFGHJKABCDEFGHJKABCDEFGHJK",
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *key = tempo_licence_key_normalize (others[i], &error);

      g_assert_null (key);
      g_assert_error (error, TEMPO_LICENCE_ERROR, TEMPO_LICENCE_ERROR_KEY_SHAPE);
    }
}

/* Every wrong character is seen, wherever it is. */
static void
test_typing (void)
{
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *key = tempo_licence_key_new ("ACME", 2026);
      gsize length = strlen (key);

      for (gsize at = strlen ("TEMPO-"); at < length; at++)
        for (gsize other = 0; other < strlen (alphabet) && key[at] != '-'; other++)
          {
            g_autofree char *wrong = g_strdup (key);
            g_autofree char *normal = NULL;

            wrong[at] = alphabet[other];
            normal = normalize (wrong);
            g_assert_true (normal == NULL || strcmp (normal, key) == 0);
          }
    }
}

/* Neighbours that changed places: all but a few in a thousand. */
static void
test_swaps (void)
{
  guint swaps = 0, seen = 0;

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *key = tempo_licence_key_new ("ACME", 2026);

      for (char *at = strrchr (key, '-') + 1; at[1] != '\0'; at++)
        {
          g_autofree char *normal = NULL;
          char first = at[0];

          if (at[0] == at[1])
            continue;
          at[0] = at[1];
          at[1] = first;
          swaps++;
          normal = normalize (key);
          seen += normal == NULL;
          at[1] = at[0];
          at[0] = first;
        }
    }
  g_assert_cmpuint (seen * 1000, >, swaps * 990);
}

/* The checks here were computed by another program, one that gives the M of ISO 7064's A12425GABC1234002. */
static void
test_known (void)
{
  static const char *const keys[] = {
    "TEMPO-ACME-2024-M9S346Q3D4", "TEMPO-BLUE-2026-25VT4F5V3M", "TEMPO-NO1-2030-7E3S3E28J4",
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *normal = normalize (keys[i]);

      g_assert_cmpstr (normal, ==, keys[i]);
    }
}

static void
test_digest (void)
{
  g_autofree char *key = tempo_licence_key_new ("ACME", 2026);
  g_autofree char *other = tempo_licence_key_new ("ACME", 2026);
  g_autofree char *digest = tempo_licence_key_digest (key);
  g_autofree char *again = tempo_licence_key_digest (key);
  g_autofree char *another = tempo_licence_key_digest (other);

  g_assert_cmpuint (strlen (digest), ==, 64);
  g_assert_cmpstr (digest, ==, again);
  g_assert_cmpstr (digest, !=, another);
  g_assert_true (g_str_has_suffix (key, tempo_licence_key_last_four (key)));
  g_assert_cmpuint (strlen (tempo_licence_key_last_four (key)), ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/access/licence-key/new", test_new);
  g_test_add_func ("/access/licence-key/spellings", test_spellings);
  g_test_add_func ("/access/licence-key/shapes", test_shapes);
  g_test_add_func ("/access/licence-key/typing", test_typing);
  g_test_add_func ("/access/licence-key/swaps", test_swaps);
  g_test_add_func ("/access/licence-key/known", test_known);
  g_test_add_func ("/access/licence-key/digest", test_digest);

  return g_test_run ();
}
