/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/tempo-json.h"
#include "model/tempo-rules.h"
#include "model/tempo-song.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static TempoRules *
make_base (void)
{
  TempoRules *base = tempo_rules_new_default ();

  g_strfreev (base->blocked);
  base->blocked = g_strsplit ("macarena,summer hit", ",", -1);
  base->per_guest = 5;
  base->order = TEMPO_ORDER_VOTES;
  return base;
}

/* A song that is named like an entry of the blocked list is blocked. An entry without a word in it blocks nothing. */
static void
check_blocked (TempoRules *rules)
{
  for (guint i = 0; rules->blocked[i] != NULL; i++)
    {
      g_autoptr (TempoSong) song = tempo_song_new ("1", rules->blocked[i], "");
      const char *found = tempo_rules_find_blocked (rules, song);
      gboolean has_word = FALSE;

      g_assert_cmpstr (rules->blocked[i], !=, "");
      for (const char *p = rules->blocked[i]; *p != '\0'; p = g_utf8_next_char (p))
        has_word = has_word || g_unichar_isalnum (g_utf8_get_char (p)) || g_unichar_ismark (g_utf8_get_char (p));
      g_assert_true ((found != NULL) == has_word);
    }
}

/* Rules are within their ranges, and the database's text of them means the same rules. */
static void
check_rules (TempoRules *rules)
{
  g_autofree char *text = tempo_rules_to_text (rules);
  g_autofree char *again_text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoRules) again = tempo_rules_from_text (text, &error);

  g_assert_no_error (error);
  again_text = tempo_rules_to_text (again);
  g_assert_cmpstr (text, ==, again_text);
  g_assert_cmpuint (rules->per_guest, <=, 1000);
  g_assert_cmpuint (rules->max_queue, <=, 10000);
  g_assert_cmpuint (g_strv_length (rules->blocked), <=, TEMPO_RULES_MAX_BLOCKED);
  check_blocked (rules);
}

/* The text that the database kept, and the same text as a patch from a panel or a page. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoRules) kept = tempo_rules_from_text (text, &error);
  g_autoptr (JsonObject) object = tempo_json_parse ((const char *) data, size, NULL);

  g_assert_true ((kept != NULL) != (error != NULL));
  if (kept != NULL)
    check_rules (kept);
  if (object != NULL)
    {
      g_autoptr (TempoRules) base = make_base ();
      g_autofree char *before = tempo_rules_to_text (base);
      g_autofree char *after = NULL;
      g_autoptr (GError) patch_error = NULL;
      g_autoptr (TempoRules) patched = tempo_rules_patch (base, object, &patch_error);

      after = tempo_rules_to_text (base);
      g_assert_cmpstr (before, ==, after);
      g_assert_true ((patched != NULL) == (kept != NULL));
      if (patched != NULL)
        check_rules (patched);
      else
        g_assert_error (patch_error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER);
    }
  return 0;
}
