/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-password.h"

#include <string.h>
#include <time.h>

#define COST 4 /* the least there is; 1 ms */
#define DEADLINE_US (60 * G_USEC_PER_SEC)

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *one = tempo_password_hash ("correct horse", COST, &error);
  g_autofree char *other = tempo_password_hash ("correct horse", COST, &error);

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (one, "$2b$04$"));
  g_assert_cmpstr (one, !=, other);
  g_assert_true (tempo_password_verify ("correct horse", one));
  g_assert_true (tempo_password_verify ("correct horse", other));
  g_assert_false (tempo_password_verify ("correct horsf", one));
  g_assert_false (tempo_password_verify ("correct hors", one));
  g_assert_false (tempo_password_verify ("", one));
}

/* A vector of bcrypt's own, so that hashes made elsewhere keep working. */
static void
test_known (void)
{
  g_assert_true (tempo_password_verify ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
  g_assert_true (tempo_password_verify ("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
  g_assert_false (tempo_password_verify ("U*V", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
}

static const struct
{
  const char *name;
  guint length;
  const char *filler;
  int code; /* -1: good */
} lengths[] = {
  { "short", 7, "a", TEMPO_ACCESS_ERROR_TOO_SHORT },
  { "just-long-enough", 8, "a", -1 },
  { "characters-count", 8, "ä", -1 },
  { "bytes-do-not", 4, "ä", TEMPO_ACCESS_ERROR_TOO_SHORT },
  { "just-short-enough", 72, "a", -1 },
  { "long", 73, "a", TEMPO_ACCESS_ERROR_TOO_LONG },
  { "bytes-are-cut", 37, "ä", TEMPO_ACCESS_ERROR_TOO_LONG },
};

static void
test_length (gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr (GString) password = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = NULL;

  for (guint i = 0; i < lengths[row].length; i++)
    g_string_append (password, lengths[row].filler);
  hash = tempo_password_hash (password->str, COST, &error);
  if (lengths[row].code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, TEMPO_ACCESS_ERROR, lengths[row].code);
  g_assert_cmpint (hash != NULL, ==, lengths[row].code < 0);
}

/* bcrypt would take the first 72 bytes for the whole. */
static void
test_not_cut (void)
{
  g_autofree char *password = g_strnfill (72, 'a');
  g_autofree char *longer = g_strnfill (73, 'a');
  g_autofree char *hash = tempo_password_hash (password, COST, NULL);

  g_assert_true (tempo_password_verify (password, hash));
  g_assert_false (tempo_password_verify (longer, hash));
}

/* What is no hash of ours lets nobody in. */
static void
test_wrong_hashes (void)
{
  const char *const hashes[] = {
    "", "*0", "*1", "x", "correct horse", "$2b$", "$2b$04$", "$1$abc$abcdefghijklmnopqrstuv",
    "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
    "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWW",
  };

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    g_assert_false (tempo_password_verify ("correct horse", hashes[i]));
}

/* The work of this thread in ns, whatever else the machine does. */
static gint64
get_work (void)
{
  struct timespec spent;

  g_assert_cmpint (clock_gettime (CLOCK_THREAD_CPUTIME_ID, &spent), ==, 0);

  return spent.tv_sec * G_GINT64_CONSTANT (1000000000) + spent.tv_nsec;
}

static gint64
measure_verify (const char *hash)
{
  gint64 before = get_work ();

  g_assert_false (tempo_password_verify ("wrong password", hash));

  return get_work () - before;
}

/* An unknown name is as much work as a wrong password; without the work it is a thousandth. */
static void
test_unknown_name (void)
{
  g_autofree char *hash = tempo_password_hash ("correct horse", 0, NULL);

  g_assert_true (g_str_has_prefix (hash, "$2b$12$"));
  g_assert_cmpint (measure_verify (NULL) * 4, >, measure_verify (hash));
}

static void
test_rehash (void)
{
  g_autofree char *weak = tempo_password_hash ("correct horse", COST, NULL);

  g_assert_true (tempo_password_needs_rehash (weak));
  g_assert_true (tempo_password_needs_rehash (""));
  g_assert_false (tempo_password_needs_rehash ("$2b$12$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
}

typedef struct
{
  guint pending;
  guint good;
  guint bad;
  guint busy;
  guint cancelled;
  char *hash;
} Tally;

static void
verified_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  Tally *tally = user_data;
  g_autoptr (GError) error = NULL;

  if (tempo_password_verify_finish (result, &error))
    tally->good++;
  else if (error == NULL)
    tally->bad++;
  else if (g_error_matches (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_BUSY))
    tally->busy++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tally->cancelled++;
  tally->pending--;
}

static void
hashed_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  Tally *tally = user_data;
  g_autoptr (GError) error = NULL;

  tally->hash = tempo_password_hash_finish (result, &error);
  g_assert_cmpint (tally->hash == NULL, ==, error != NULL);
  tally->pending--;
}

static void
wait_for (Tally *tally)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_US;

  while (tally->pending > 0)
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    }
}

static void
test_async (void)
{
  g_autofree char *hash = tempo_password_hash ("correct horse", COST, NULL);
  Tally tally = { .pending = 2 };

  tempo_password_verify_async ("correct horse", hash, NULL, verified_cb, &tally);
  tempo_password_verify_async ("wrong horse", hash, NULL, verified_cb, &tally);
  wait_for (&tally);
  g_assert_cmpuint (tally.good, ==, 1);
  g_assert_cmpuint (tally.bad, ==, 1);

  tally.pending = 2;
  tempo_password_hash_async ("short", NULL, hashed_cb, &tally);
  tempo_password_hash_async ("correct horse", NULL, hashed_cb, &tally);
  wait_for (&tally);
  g_assert_true (tempo_password_verify ("correct horse", tally.hash));
  g_free (tally.hash);
}

/* A hundred at once: the queue takes what it holds, the rest is told at once that
 * it is full, and each gets exactly one answer. */
static void
test_bound (void)
{
  g_autofree char *hash = tempo_password_hash ("correct horse", 9, NULL);
  Tally tally = { .pending = 100 };

  for (guint i = 0; i < 100; i++)
    tempo_password_verify_async ("correct horse", hash, NULL, verified_cb, &tally);
  wait_for (&tally);
  g_assert_cmpuint (tally.good + tally.busy, ==, 100);
  g_assert_cmpuint (tally.good, >=, 32);
  g_assert_cmpuint (tally.busy, >, 30);

  /* And there is room again. */
  tally = (Tally) { .pending = 1 };
  tempo_password_verify_async ("correct horse", hash, NULL, verified_cb, &tally);
  wait_for (&tally);
  g_assert_cmpuint (tally.good, ==, 1);
}

static void
test_cancelled (void)
{
  g_autofree char *hash = tempo_password_hash ("correct horse", COST, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Tally tally = { .pending = 1 };

  g_cancellable_cancel (cancellable);
  tempo_password_verify_async ("correct horse", hash, cancellable, verified_cb, &tally);
  wait_for (&tally);
  g_assert_cmpuint (tally.cancelled, ==, 1);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/access/password/round-trip", test_round_trip);
  g_test_add_func ("/access/password/known", test_known);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *path = g_strdup_printf ("/access/password/length/%s", lengths[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_length);
    }
  g_test_add_func ("/access/password/not-cut", test_not_cut);
  g_test_add_func ("/access/password/wrong-hashes", test_wrong_hashes);
  g_test_add_func ("/access/password/unknown-name", test_unknown_name);
  g_test_add_func ("/access/password/rehash", test_rehash);
  g_test_add_func ("/access/password/async", test_async);
  g_test_add_func ("/access/password/bound", test_bound);
  g_test_add_func ("/access/password/cancelled", test_cancelled);

  return g_test_run ();
}
