/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-refusal.h"

#include <string.h>

/* The codes are a contract with pages and clients: spelt out here a second time. */
static const struct
{
  TempoRefusal refusal;
  const char *code;
  guint status;
} codes[] = {
  { TEMPO_REFUSAL_INVALID, "invalid", 422 },
  { TEMPO_REFUSAL_NOT_FOUND, "not_found", 404 },
  { TEMPO_REFUSAL_UNAUTHENTICATED, "unauthenticated", 401 },
  { TEMPO_REFUSAL_FORBIDDEN, "forbidden", 403 },
  { TEMPO_REFUSAL_CONFLICT, "conflict", 409 },
  { TEMPO_REFUSAL_NOT_STARTED, "not_started", 409 },
  { TEMPO_REFUSAL_CLOSED, "closed", 409 },
  { TEMPO_REFUSAL_RESTRICTED, "restricted", 409 },
  { TEMPO_REFUSAL_LIMIT, "limit", 429 },
  { TEMPO_REFUSAL_COOLDOWN, "cooldown", 429 },
  { TEMPO_REFUSAL_DUPLICATE, "duplicate", 409 },
  { TEMPO_REFUSAL_PLAYED_RECENTLY, "played_recently", 409 },
  { TEMPO_REFUSAL_EXPLICIT, "explicit", 409 },
  { TEMPO_REFUSAL_BLOCKED, "blocked", 409 },
  { TEMPO_REFUSAL_TOO_LONG, "too_long", 409 },
  { TEMPO_REFUSAL_FULL, "full", 409 },
  { TEMPO_REFUSAL_FREE_TEXT, "free_text", 409 },
  { TEMPO_REFUSAL_NO_SONG, "no_song", 404 },
  { TEMPO_REFUSAL_VOTES_OFF, "votes_off", 409 },
  { TEMPO_REFUSAL_OWN_VOTE, "own_vote", 409 },
  { TEMPO_REFUSAL_NOT_YOURS, "not_yours", 403 },
  { TEMPO_REFUSAL_MUTED, "muted", 403 },
  { TEMPO_REFUSAL_BANNED, "banned", 403 },
  { TEMPO_REFUSAL_STATE, "state", 409 },
  { TEMPO_REFUSAL_RATE, "rate", 429 },
  { TEMPO_REFUSAL_NOTHING_TO_UNDO, "nothing_to_undo", 409 },
  { TEMPO_REFUSAL_SOURCE, "source_unavailable", 503 },
  { TEMPO_REFUSAL_STORAGE, "storage", 503 },
  { TEMPO_REFUSAL_SHUTTING_DOWN, "shutting_down", 503 },
  { TEMPO_REFUSAL_EVENT_ACTIVE, "event_active", 409 },
  { TEMPO_REFUSAL_LAST_OWNER, "last_owner", 409 },
  { TEMPO_REFUSAL_MANAGED, "managed_centrally", 409 },
  { TEMPO_REFUSAL_SECOND_FACTOR, "second_factor_required", 401 },
  { TEMPO_REFUSAL_WRONG_CODE, "wrong_code", 422 },
  { TEMPO_REFUSAL_USED_UP, "used_up", 410 },
  { TEMPO_REFUSAL_WEAK_PASSWORD, "weak_password", 422 },
  { (TempoRefusal) 4711, "invalid", 422 },
  { (TempoRefusal) -1, "invalid", 422 },
};

static void
test_codes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_assert_cmpstr (tempo_refusal_code (codes[i].refusal), ==, codes[i].code);
      g_assert_cmpuint (tempo_refusal_status (codes[i].refusal), ==, codes[i].status);
    }
}

/* Details travel with the error, through copies and prefixes. */
static void
test_detail (void)
{
  TempoRefusalDetail detail = { .until = 5, .since = 6, .count = 7, .subject = "rain" };
  g_autoptr (GError) error = tempo_refusal_new (TEMPO_REFUSAL_LIMIT, &detail, "%u songs wait of \"%s\"", 7u, "g");
  g_autoptr (GError) copy = NULL;
  const TempoRefusalDetail *found;

  g_prefix_error (&error, "Submit: ");
  copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_error (copy, TEMPO_REFUSAL, TEMPO_REFUSAL_LIMIT);
  g_assert_cmpstr (copy->message, ==, "Submit: 7 songs wait of \"g\"");
  found = tempo_refusal_detail (copy);
  g_assert_cmpint (found->until, ==, 5);
  g_assert_cmpint (found->since, ==, 6);
  g_assert_cmpuint (found->count, ==, 7);
  g_assert_cmpstr (found->subject, ==, "rain");
}

static void
test_no_detail (void)
{
  g_autoptr (GError) bare = tempo_refusal_new (TEMPO_REFUSAL_CLOSED, NULL, "Requests are closed");
  g_autoptr (GError) plain = g_error_new (TEMPO_REFUSAL, TEMPO_REFUSAL_FULL, "The queue is full");
  g_autoptr (GError) other = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "Something else");

  g_assert_cmpint (tempo_refusal_detail (bare)->until, ==, 0);
  g_assert_cmpuint (tempo_refusal_detail (plain)->count, ==, 0);
  g_assert_null (tempo_refusal_detail (other));
  g_assert_null (tempo_refusal_detail (NULL));
}

/* The short ways to say no. */
static void
test_refuse (void)
{
  GError *error = NULL;

  g_assert_false (tempo_refuse (&error, TEMPO_REFUSAL_INVALID, "name", "100 % wrong"));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_INVALID);
  g_assert_cmpstr (error->message, ==, "100 % wrong");
  g_assert_cmpstr (tempo_refusal_detail (error)->subject, ==, "name");
  g_clear_error (&error);
  g_assert_false (tempo_refuse (NULL, TEMPO_REFUSAL_INVALID, NULL, "nobody listens"));
  error = tempo_refusal_about (TEMPO_REFUSAL_STATE, NULL, "past that");
  g_assert_cmpstr (tempo_refusal_detail (error)->subject, ==, "");
  g_clear_error (&error);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/refusal/codes", test_codes);
  g_test_add_func ("/model/refusal/detail", test_detail);
  g_test_add_func ("/model/refusal/no-detail", test_no_detail);
  g_test_add_func ("/model/refusal/refuse", test_refuse);

  return g_test_run ();
}
