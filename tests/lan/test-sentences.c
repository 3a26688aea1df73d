/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "lan/tempo-sentences.h"
#include "lan/tempo-lan-private.h"
#include "lan/tempo-self-test.h"
#include "base/tempo-json.h"

/* 20:00 and 21:30 in the zone the test sets. */
#define EIGHT (G_GINT64_CONSTANT (1795291200) * G_USEC_PER_SEC)
#define HALF_PAST_NINE (EIGHT + G_GINT64_CONSTANT (5400) * G_USEC_PER_SEC)

static TempoCatalog *
load_catalog (void)
{
  g_autoptr (GError) error = NULL;
  TempoCatalog *catalog = tempo_catalog_new (NULL, NULL, &error);

  g_assert_no_error (error);
  return catalog;
}

/* A refusal without a sentence would reach a guest as "something went wrong". */
static void
test_every_refusal (void)
{
  g_autoptr (TempoCatalog) catalog = load_catalog ();

  for (int refusal = TEMPO_REFUSAL_INVALID; refusal <= TEMPO_REFUSAL_WEAK_PASSWORD; refusal++)
    {
      const char *code = tempo_refusal_code (refusal);
      g_autofree char *sentence = tempo_sentence_new (code, NULL, catalog, "en");

      g_test_message ("%s: %s", code, sentence);
      g_assert_true (tempo_sentence_exists (code));
      g_assert_cmpuint (tempo_refusal_status (refusal), >=, 400);
    }
}

/* What the router says by itself, before any engine is asked. */
static void
test_router (void)
{
  static const char *const codes[] = { "bad_path", "not_found", "method_not_allowed", "cross_origin", "wrong_type",
                                       "invalid_json", "forbidden", "too_large", "too_many_streams" };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_test_message ("%s", codes[i]);
      g_assert_true (tempo_sentence_exists (codes[i]));
    }
}

/* The voice: no exclamation marks, ends like a sentence, no field left open. */
static void
test_voice (void)
{
  static const char *const languages[] = { "en", "de", "es", "fr" };
  g_autoptr (TempoCatalog) catalog = load_catalog ();
  g_auto (GStrv) codes = tempo_sentence_list_codes ();
  const TempoRefusalDetail detail = { .until = HALF_PAST_NINE, .since = EIGHT, .count = 3 };
  const TempoRefusalDetail *const details[] = { NULL, &detail };

  for (guint i = 0; codes[i] != NULL; i++)
    for (guint l = 0; l < G_N_ELEMENTS (languages); l++)
      for (guint d = 0; d < G_N_ELEMENTS (details); d++)
        {
          g_autofree char *sentence =
            tempo_sentence_new (codes[i], details[d], catalog, languages[l]);

          g_assert_null (strchr (sentence, '!'));
          g_assert_null (strchr (sentence, '{'));
          g_assert_true (g_str_has_suffix (sentence, ".") || g_str_equal (codes[i], "left"));
        }
}

static void
test_fields (void)
{
  static const struct
  {
    const char *code;
    TempoRefusalDetail detail;
    const char *sentence;
  } rows[] = {
    { "played_recently",
      { .since = EIGHT, .until = HALF_PAST_NINE },
      "It played at 20:00. Try again after 21:30." },
    { "played_recently",
      { .until = HALF_PAST_NINE },
      "It played a little while ago. Choose another one." },
    { "limit",
      { .count = 1 },
      "You have 1 song waiting. The next one opens when yours has played." },
    { "limit",
      { .count = 3, .until = HALF_PAST_NINE },
      "You have 3 songs waiting. The next one opens when yours has played, at about 21:30." },
    { "not_started", { .until = HALF_PAST_NINE }, "It starts at 21:30. Come back then." },
    { "banned", { .until = G_MAXINT64 }, "You can't ask for songs here tonight." },
    { "no such code", { 0 }, "Something went wrong here. Try again in a moment." },
  };
  g_autoptr (TempoCatalog) catalog = load_catalog ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *sentence = tempo_sentence_new (rows[i].code, &rows[i].detail, catalog, "en");

      g_assert_cmpstr (sentence, ==, rows[i].sentence);
    }
}

static void
test_self_test (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("tempo-selftest-XXXXXX", &error);
  TempoSelfTestOptions options = { .data_dir = dir,
                                   .address = "127.0.0.1",
                                   .music_folder = "/no/such/folder" };
  g_autoptr (GPtrArray) checks = tempo_self_test_run (&options);
  g_autoptr (GBytes) report = tempo_self_test_to_json (checks);
  g_autoptr (JsonObject) object =
    tempo_json_parse (g_bytes_get_data (report, NULL), g_bytes_get_size (report), &error);
  gboolean storage = FALSE, music = FALSE;

  g_assert_no_error (error);
  for (guint i = 0; i < checks->len; i++)
    {
      TempoCheck *check = g_ptr_array_index (checks, i);

      storage |= g_str_equal (check->code, "storage") && check->level == TEMPO_CHECK_GOOD;
      music |= g_str_equal (check->code, "music") && check->level == TEMPO_CHECK_BAD
               && check->remedy != NULL;
    }
  g_assert_true (storage);
  g_assert_true (music);
  g_assert_cmpstr (json_object_get_string_member (object, "level"), ==, "bad");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "checks")), ==,
                    checks->len);
  g_assert_cmpint (g_rmdir (dir), ==, 0); /* nothing was left behind */
}

static void
test_self_test_finds_what_is_wrong (void)
{
  g_autoptr (GSocketListener) other = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (other, NULL, NULL);
  TempoSelfTestOptions options = { .data_dir = "/no/such/folder",
                                   .address = "127.0.0.1",
                                   .port = port };
  g_autoptr (GPtrArray) checks = tempo_self_test_run (&options);
  gboolean taken = FALSE, missing = FALSE;

  for (guint i = 0; i < checks->len; i++)
    {
      TempoCheck *check = g_ptr_array_index (checks, i);

      taken |= g_str_equal (check->code, "port") && check->level == TEMPO_CHECK_WARNING;
      missing |= g_str_equal (check->code, "storage") && check->level == TEMPO_CHECK_BAD;
    }
  g_assert_true (taken);
  g_assert_true (missing);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  tempo_lan_register_resources ();
  g_test_add_func ("/lan/sentences/every-refusal", test_every_refusal);
  g_test_add_func ("/lan/sentences/router", test_router);
  g_test_add_func ("/lan/sentences/voice", test_voice);
  g_test_add_func ("/lan/sentences/fields", test_fields);
  g_test_add_func ("/lan/self-test/report", test_self_test);
  g_test_add_func ("/lan/self-test/finds", test_self_test_finds_what_is_wrong);
  return g_test_run ();
}
