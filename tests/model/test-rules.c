/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-json.h"
#include "model/tempo-rules.h"
#include "model/tempo-song.h"

#include <string.h>

static TempoRules *
patch (TempoRules *base,
       const char *text,
       GError **error)
{
  g_autoptr (JsonObject) object = tempo_json_parse (text, strlen (text), NULL);

  g_assert_nonnull (object);

  return tempo_rules_patch (base, object, error);
}

#define DEFAULTS \
  "{\"approval\":true,\"perGuest\":3,\"perGuestWindowMinutes\":0,\"cooldownSeconds\":0,\"duplicates\":\"vote\"," \
  "\"noRepeatMinutes\":60,\"allowExplicit\":true,\"maxDurationSeconds\":0,\"maxQueue\":200,\"votes\":true,\"freeText\":false," \
  "\"messages\":true,\"order\":\"fair\",\"blocked\":[]}"
#define ALL_OTHERS \
  "{\"approval\":false,\"perGuest\":0,\"perGuestWindowMinutes\":30,\"cooldownSeconds\":45,\"duplicates\":\"refuse\"," \
  "\"noRepeatMinutes\":0,\"allowExplicit\":false,\"maxDurationSeconds\":600,\"maxQueue\":1,\"votes\":false,\"freeText\":true," \
  "\"messages\":false,\"order\":\"first\",\"blocked\":[\"ac/dc\"]}"

static const struct
{
  const char *name;
  const char *patch;
  const char *result; /* every rule */
} patches[] = {
  { "nothing", "{}", DEFAULTS },
  { "nulls", "{\"approval\":null,\"order\":null,\"blocked\":null,\"maxQueue\":null}", DEFAULTS },
  { "everything", ALL_OTHERS, ALL_OTHERS },
};

static void
test_patch (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoRules) rules = patch (NULL, patches[i].patch, &error);
  g_autoptr (TempoRules) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;

  g_assert_no_error (error);
  text = tempo_rules_to_text (rules);
  g_assert_cmpstr (text, ==, patches[i].result);

  again = tempo_rules_from_text (text, &error);
  g_assert_no_error (error);
  text_again = tempo_rules_to_text (again);
  g_assert_cmpstr (text_again, ==, text);
}

#define GROWS "\357\267\272\357\267\272\357\267\272"

static const struct
{
  const char *name;
  const char *patch;
  const char *member; /* what the message must name */
} wrong[] = {
  { "unknown", "{\"perguest\":1}", "\"perguest\"" },
  { "unknown-beside-known", "{\"votes\":true,\"colour\":1}", "\"colour\"" },
  { "flag-as-number", "{\"approval\":1}", "\"approval\"" },
  { "flag-as-text", "{\"votes\":\"yes\"}", "\"votes\"" },
  { "number-as-text", "{\"maxQueue\":\"5\"}", "\"maxQueue\"" },
  { "number-below", "{\"perGuest\":-1}", "\"perGuest\"" },
  { "number-above", "{\"perGuest\":1001}", "\"perGuest\"" },
  { "window-above", "{\"perGuestWindowMinutes\":10081}", "\"perGuestWindowMinutes\"" },
  { "cooldown-above", "{\"cooldownSeconds\":86401}", "\"cooldownSeconds\"" },
  { "repeat-above", "{\"noRepeatMinutes\":10081}", "\"noRepeatMinutes\"" },
  { "duration-above", "{\"maxDurationSeconds\":4294967297}", "\"maxDurationSeconds\"" },
  { "queue-above", "{\"maxQueue\":10001}", "\"maxQueue\"" },
  { "number-broken", "{\"maxQueue\":1.5}", "\"maxQueue\"" },
  { "word", "{\"order\":\"random\"}", "\"order\"" },
  { "word-as-number", "{\"duplicates\":0}", "\"duplicates\"" },
  { "long-word", "{\"order\":\"fairfairfairfairfair\"}", "\"order\"" },
  { "blocked-as-text", "{\"blocked\":\"rain\"}", "\"blocked\"" },
  { "blocked-number", "{\"blocked\":[\"rain\",5]}", "\"blocked\"" },
  { "blocked-null", "{\"blocked\":[null]}", "\"blocked\"" },
  { "blocked-nested", "{\"blocked\":[[\"rain\"]]}", "\"blocked\"" },
  /* Twelve letters that fold to eighteen each. */
  { "blocked-grows", "{\"blocked\":[\"" GROWS GROWS GROWS GROWS "\"]}", "\"blocked\"" },
};

static void
test_wrong (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;

  g_assert_null (patch (NULL, wrong[i].patch, &error));
  g_assert_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER);
  if (strstr (error->message, wrong[i].member) == NULL)
    g_error ("\"%s\" does not name %s", error->message, wrong[i].member);
}

/* A patch changes what it names and neither the rest nor the base. */
static void
test_base_kept (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoRules) base = patch (NULL, ALL_OTHERS, &error);
  g_autoptr (TempoRules) patched = patch (base, "{\"maxQueue\":7,\"blocked\":[]}", &error);
  g_autoptr (TempoRules) same = patch (base, "{}", &error);
  g_autofree char *text = tempo_rules_to_text (base);
  g_autofree char *same_text = tempo_rules_to_text (same);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, ALL_OTHERS);
  g_assert_cmpstr (same_text, ==, ALL_OTHERS);
  g_assert_cmpuint (patched->max_queue, ==, 7);
  g_assert_cmpuint (g_strv_length (patched->blocked), ==, 0);
  g_assert_cmpuint (patched->cooldown_seconds, ==, 45);
  g_assert_cmpint (patched->order, ==, TEMPO_ORDER_FIRST);
}

static void
test_blocked_limits (void)
{
  g_autoptr (GString) list = g_string_new ("{\"blocked\":[");
  g_autofree char *long_text = g_strnfill (TEMPO_SONG_MAX_TEXT + 1, 'a');
  g_autofree char *long_entry = g_strdup_printf ("{\"blocked\":[\"%s\"]}", long_text);
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoRules) full = NULL;
  g_autoptr (TempoRules) folded = patch (NULL, "{\"blocked\":[\"Rain\",\"RAIN\",\" räin \",\"\",\"  \",\"snow\"]}", &error);

  g_assert_cmpuint (g_strv_length (folded->blocked), ==, 2);
  g_assert_cmpstr (folded->blocked[0], ==, "rain");

  for (guint i = 0; i < TEMPO_RULES_MAX_BLOCKED; i++)
    g_string_append_printf (list, "%s\"w%u\"", i > 0 ? "," : "", i);
  g_string_append (list, "]}");
  full = patch (NULL, list->str, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (full->blocked), ==, TEMPO_RULES_MAX_BLOCKED);

  g_string_truncate (list, list->len - 2);
  g_string_append (list, ",\"more\"]}");
  g_assert_null (patch (NULL, list->str, &error));
  g_assert_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER);
  g_clear_error (&error);
  g_assert_null (patch (NULL, long_entry, &error));
  g_assert_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER);
}

static const struct
{
  const char *entry;
  const char *artist;
  const char *title;
  gboolean met;
} blocked[] = {
  { "rain", "Lanterns", "Rain", TRUE },
  { "rain", "Lanterns", "After the RÁIN, Sun", TRUE },
  { "rain", "Lanterns", "Terrain", FALSE },
  { "rain", "Lanterns", "Rainy", FALSE },
  { "lanterns", "The Lanterns", "Boats", TRUE },
  { "paper boats", "Lanterns", "Paper Boats (Live)", TRUE },
  { "paper boats", "Lanterns", "Paper-Boats", TRUE },
  { "paper boats", "Lanterns", "Boats, Paper", FALSE },
  { "paper boats", "Paper", "Boats", FALSE },
  { "ac/dc", "AC DC", "Boats", TRUE },
  { "don't", "Lanterns", "Dont Go", TRUE },
  { "sea songs", "Lanterns", "Boats", TRUE }, /* the album of all of them */
  { "!!!", "Lanterns", "Boats!!!", FALSE },
};

static void
test_blocked (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (blocked); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"blocked\":[\"nothing\",\"%s\"]}", blocked[i].entry);
      g_autoptr (TempoRules) rules = patch (NULL, text, NULL);
      g_autoptr (TempoSong) song = tempo_song_new (NULL, blocked[i].title, blocked[i].artist);

      song->album = g_strdup ("Sea Songs");
      g_assert_cmpstr (tempo_rules_find_blocked (rules, song), ==, blocked[i].met ? blocked[i].entry : NULL);
    }
}

static void
test_text (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoRules) none = tempo_rules_from_text (NULL, &error);
  g_autoptr (TempoRules) empty = tempo_rules_from_text ("", &error);
  g_autofree char *text = tempo_rules_to_text (none);

  g_assert_no_error (error);
  g_assert_nonnull (empty);
  g_assert_cmpstr (text, ==, DEFAULTS);
  g_assert_null (tempo_rules_from_text ("[]", &error));
  g_assert_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_INVALID);
}

/* Rules from a database or a client that went wrong at random: either an error or
 * rules within their ranges, which are read back the same. */
static void
test_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  guint good = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *text = g_strdup (ALL_OTHERS);
      g_autoptr (GError) error = NULL;
      g_autoptr (TempoRules) rules = NULL;
      g_autoptr (TempoRules) again = NULL;
      g_autofree char *written = NULL;
      g_autofree char *rewritten = NULL;

      for (gint n = g_rand_int_range (rand, 1, 3); n > 0; n--)
        text[g_rand_int_range (rand, 0, (gint) strlen (text))] = (char) g_rand_int_range (rand, ' ', 127);
      rules = tempo_rules_from_text (text, &error);
      g_assert_cmpint (rules == NULL, ==, error != NULL);
      if (rules == NULL)
        continue;

      good++;
      g_assert_cmpuint (rules->per_guest, <=, 1000);
      g_assert_cmpuint (rules->max_queue, <=, 10000);
      g_assert_cmpuint (rules->cooldown_seconds, <=, 86400);
      written = tempo_rules_to_text (rules);
      again = tempo_rules_from_text (written, &error);
      g_assert_no_error (error);
      rewritten = tempo_rules_to_text (again);
      g_assert_cmpstr (written, ==, rewritten);
    }
  g_assert_cmpuint (good, >, 100);
}

static gpointer
use_rules_thread (gpointer data)
{
  for (guint i = 0; i < 10000; i++)
    {
      g_autoptr (TempoRules) mine = tempo_rules_ref (data);

      g_assert_cmpuint (mine->max_queue, ==, 200);
    }

  return NULL;
}

/* Immutable and counted atomically: threads share them without a lock. */
static void
test_threads (void)
{
  g_autoptr (TempoRules) rules = tempo_rules_new_default ();
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("rules", use_rules_thread, rules);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_true (g_atomic_ref_count_compare (&rules->ref_count, 1));
}

static void
test_words (void)
{
  TempoOrder order = TEMPO_ORDER_FAIR;

  g_assert_cmpstr (tempo_order_to_string (TEMPO_ORDER_VOTES), ==, "votes");
  g_assert_true (tempo_order_from_string ("first", &order));
  g_assert_cmpint (order, ==, TEMPO_ORDER_FIRST);
  g_assert_false (tempo_order_from_string ("First", &order));
  g_assert_false (tempo_order_from_string (NULL, &order));
  g_assert_cmpint (order, ==, TEMPO_ORDER_FIRST);
  g_assert_cmpstr (tempo_order_to_string ((TempoOrder) 99), ==, "");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (patches); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/rules/patch/%s", patches[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_patch);
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/rules/wrong/%s", wrong[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_wrong);
    }
  g_test_add_func ("/model/rules/base-kept", test_base_kept);
  g_test_add_func ("/model/rules/blocked-limits", test_blocked_limits);
  g_test_add_func ("/model/rules/blocked", test_blocked);
  g_test_add_func ("/model/rules/text", test_text);
  g_test_add_func ("/model/rules/mutations", test_mutations);
  g_test_add_func ("/model/rules/threads", test_threads);
  g_test_add_func ("/model/rules/words", test_words);

  return g_test_run ();
}
