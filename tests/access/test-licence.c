/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "licence-fixture.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1795208400)
#define DAY G_GINT64_CONSTANT (86400)
#define KEY "TEMPO-ACME-2026-ANYTHING"

static char *
sign (void)
{
  g_autoptr (TempoLicence) licence = licence_fixture_make ("org", KEY, NOW);

  return licence_fixture_sign (licence);
}

static TempoLicence *
open_document (const char *document, gint64 now, GError **error)
{
  g_autoptr (TempoLicenceKeys) keys = licence_fixture_make_keys ();

  return tempo_licence_read (document, keys, now, error);
}

static void
expect_refused (const char *document, gint64 now, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoLicence) licence = open_document (document, now, &error);

  if (licence != NULL)
    g_error ("Document was taken: %s", document);
  g_assert_error (error, TEMPO_LICENCE_ERROR, code);
}

static void
test_round_trip (void)
{
  g_autoptr (TempoLicence) licence = licence_fixture_make ("org", KEY, NOW);
  g_autofree char *digest = tempo_licence_key_digest (KEY);
  g_autofree char *document = NULL;
  g_autofree char *wrapped = NULL;
  g_autoptr (TempoLicence) again = NULL;

  licence->trial = TRUE;
  licence->limits.of[TEMPO_LIMIT_ROOMS] = 7;
  licence->limits.of[TEMPO_LIMIT_MEMBERS] = TEMPO_UNLIMITED;
  document = licence_fixture_sign (licence);
  wrapped = g_strdup_printf ("\n %s \r\n", document);
  again = open_document (wrapped, NOW, NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->serial, ==, "serial-1");
  g_assert_cmpstr (again->organization_id, ==, "org");
  g_assert_cmpstr (again->organization_name, ==, "The Tin Heron");
  g_assert_cmpstr (again->host_id, ==, "");
  g_assert_cmpstr (again->key_digest, ==, digest);
  g_assert_cmpstr (again->last_four, ==, "HING");
  g_assert_cmpint (again->tier, ==, TEMPO_TIER_MEDIUM);
  g_assert_cmpmem (&again->limits, sizeof again->limits, &licence->limits, sizeof licence->limits);
  g_assert_true (again->trial);
  g_assert_cmpint (again->ends_at, ==, licence->ends_at);
  g_assert_cmpint (again->renew_until, ==, licence->renew_until);
  g_assert_cmpuint (again->grace_days, ==, 14);
}

/* Each change of one bit, anywhere, is seen. */
static void
test_every_bit (void)
{
  g_autofree char *document = sign ();
  gsize length = strlen (document);

  for (gsize at = 0; at < length; at++)
    for (guint bit = 0; bit < 7; bit++)
      {
        g_autofree char *wrong = g_strdup (document);
        g_autoptr (GError) error = NULL;
        g_autoptr (TempoLicence) licence = NULL;

        wrong[at] = (char) (wrong[at] ^ (1 << bit));
        /* A blank in the place of the first or last character is taken away with the blanks around. */
        licence = open_document (wrong, NOW, &error);
        g_assert_null (licence);
        g_assert_error (error, TEMPO_LICENCE_ERROR, TEMPO_LICENCE_ERROR_DOCUMENT);
      }
}

/* Headers that other libraries fall for. */
static void
test_headers (void)
{
  static const char *const headers[] = {
    "{\"alg\":\"none\",\"kid\":\"test\",\"typ\":\"tempo-licence+jwt\"}",
    "{\"alg\":\"HS256\",\"kid\":\"test\",\"typ\":\"tempo-licence+jwt\"}",
    "{\"alg\":\"RS256\",\"kid\":\"test\",\"typ\":\"tempo-licence+jwt\"}",
    "{\"alg\":\"EdDSA\",\"kid\":\"other\",\"typ\":\"tempo-licence+jwt\"}",
    "{\"alg\":\"EdDSA\",\"kid\":\"test\",\"typ\":\"JWT\"}",
    "{\"alg\":\"EdDSA\",\"kid\":\"test\"}",
    "{\"alg\":\"HS256\",\"typ\":\"tempo-session+jwt\"}",
    "",
  };
  g_autofree char *document = sign ();
  const char *rest = strchr (document, '.');

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *encoded = g_base64_encode ((const guint8 *) headers[i], strlen (headers[i]));
      g_autofree char *wrong = NULL;

      encoded[strcspn (encoded, "=")] = '\0';
      g_strdelimit (g_strdelimit (encoded, "+", '-'), "/", '_');
      wrong = g_strconcat (encoded, rest, NULL);
      expect_refused (wrong, NOW, TEMPO_LICENCE_ERROR_DOCUMENT);
    }
  for (gsize cut = 0; cut < strlen (document); cut += 7)
    {
      g_autofree char *wrong = g_strndup (document, cut);

      expect_refused (wrong, NOW, TEMPO_LICENCE_ERROR_DOCUMENT);
    }
  expect_refused (NULL, NOW, TEMPO_LICENCE_ERROR_DOCUMENT);
}

/* Signed by the right hand, and still no licence. */
static void
test_claims (void)
{
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (TempoLicence) licence = licence_fixture_make ("org", KEY, NOW);
      g_autofree char *document = NULL;

      if (i == 0)
        licence->serial[0] = '\0';
      else if (i == 1)
        licence->key_digest[10] = '\0';
      else if (i == 2)
        licence->ends_at = licence->starts_at;
      else if (i == 3)
        licence->grace_days = 61;
      else
        licence->issued_at = -1;
      document = licence_fixture_sign (licence);
      expect_refused (document, NOW, TEMPO_LICENCE_ERROR_DOCUMENT);
    }
}

static void
test_other_keys (void)
{
  g_autofree char *document = sign ();
  g_autoptr (TempoLicenceKeys) none = tempo_licence_keys_new ();
  g_autoptr (TempoLicenceKeys) other = tempo_licence_keys_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (tempo_licence_read (document, none, NOW, &error));
  g_assert_error (error, TEMPO_LICENCE_ERROR, TEMPO_LICENCE_ERROR_DOCUMENT);
  /* Another hand's key under the same name. */
  g_assert_true (tempo_licence_keys_add_text (other, "test:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
  g_assert_null (tempo_licence_read (document, other, NOW, NULL));
}

/* During a change of keys both are trusted. */
static void
test_key_rotation (void)
{
  g_autofree char *document = sign ();
  g_autofree char *text = licence_fixture_make_key_text ();
  g_autofree char *both = g_strconcat ("next:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, ", text, NULL);
  g_autoptr (TempoLicenceKeys) keys = tempo_licence_keys_new ();
  g_autoptr (TempoLicence) licence = NULL;

  g_assert_true (tempo_licence_keys_add_text (keys, both));
  licence = tempo_licence_read (document, keys, NOW, NULL);
  g_assert_nonnull (licence);
}

static void
test_key_texts (void)
{
  static const char *const wrong[] = {
    "x", "x:", ":00", "x:00", "x y:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "a/b:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "x:g00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "x:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f,x:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (TempoLicenceKeys) keys = tempo_licence_keys_new ();

      g_assert_false (tempo_licence_keys_add_text (keys, wrong[i]));
    }
}

static void
test_issued_later (void)
{
  g_autofree char *document = sign ();
  g_autoptr (TempoLicence) licence = open_document (document, NOW - 600, NULL);

  g_assert_nonnull (licence);
  expect_refused (document, NOW - 601, TEMPO_LICENCE_ERROR_CLOCK);
}

typedef struct
{
  gint64 now, seen;
  TempoLicenceState state;
  TempoTier tier;
  gint64 until;
  gboolean clock_is_wrong;
} Case;

static void
test_standing (void)
{
  static const Case cases[] = {
    /* as days go by */
    { NOW - 1, 0, TEMPO_LICENCE_PENDING, TEMPO_TIER_COMMUNITY, NOW, FALSE },
    { NOW, 0, TEMPO_LICENCE_VALID, TEMPO_TIER_MEDIUM, NOW + 10 * DAY, FALSE },
    { NOW + 10 * DAY - 1, 0, TEMPO_LICENCE_VALID, TEMPO_TIER_MEDIUM, NOW + 10 * DAY, FALSE },
    { NOW + 10 * DAY, 0, TEMPO_LICENCE_RENEW, TEMPO_TIER_MEDIUM, NOW + 30 * DAY, FALSE },
    { NOW + 30 * DAY - 1, 0, TEMPO_LICENCE_RENEW, TEMPO_TIER_MEDIUM, NOW + 30 * DAY, FALSE },
    { NOW + 30 * DAY, 0, TEMPO_LICENCE_GRACE, TEMPO_TIER_MEDIUM, NOW + 44 * DAY, FALSE },
    { NOW + 44 * DAY - 1, 0, TEMPO_LICENCE_GRACE, TEMPO_TIER_MEDIUM, NOW + 44 * DAY, FALSE },
    { NOW + 44 * DAY, 0, TEMPO_LICENCE_RESTRICTED, TEMPO_TIER_COMMUNITY, 0, FALSE },
    { NOW + 366 * DAY, 0, TEMPO_LICENCE_RESTRICTED, TEMPO_TIER_COMMUNITY, 0, FALSE },
    /* the clock set back: what was seen counts, and more than a day is said */
    { NOW + DAY, NOW + 31 * DAY, TEMPO_LICENCE_GRACE, TEMPO_TIER_MEDIUM, NOW + 44 * DAY, TRUE },
    { NOW - 365 * DAY, NOW + 50 * DAY, TEMPO_LICENCE_RESTRICTED, TEMPO_TIER_COMMUNITY, 0, TRUE },
    { NOW + DAY, NOW + 2 * DAY, TEMPO_LICENCE_VALID, TEMPO_TIER_MEDIUM, NOW + 10 * DAY, FALSE },
    { NOW + DAY, NOW + 2 * DAY + 1, TEMPO_LICENCE_VALID, TEMPO_TIER_MEDIUM, NOW + 10 * DAY, TRUE },
    /* a year ahead by mistake */
    { NOW + 400 * DAY, NOW, TEMPO_LICENCE_RESTRICTED, TEMPO_TIER_COMMUNITY, 0, FALSE },
  };
  g_autoptr (TempoLicence) licence = licence_fixture_make ("org", KEY, NOW);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TempoLicenceStanding standing;

      tempo_licence_judge (licence, cases[i].now, cases[i].seen, &standing);
      g_assert_cmpint (standing.state, ==, cases[i].state);
      g_assert_cmpint (standing.tier, ==, cases[i].tier);
      g_assert_cmpint (standing.until, ==, cases[i].until);
      g_assert_cmpint (standing.clock_is_wrong, ==, cases[i].clock_is_wrong);
      g_assert_cmpuint (standing.limits.of[TEMPO_LIMIT_ROOMS], ==, tempo_tier_get_limits (cases[i].tier)->of[TEMPO_LIMIT_ROOMS]);
    }
}

/* Nobody has less with a licence than without, and each tier gives no less than the one before. */
static void
test_tiers (void)
{
  TempoLicenceStanding standing;

  tempo_licence_judge (NULL, NOW, 0, &standing);
  g_assert_cmpint (standing.state, ==, TEMPO_LICENCE_NONE);
  g_assert_cmpint (standing.tier, ==, TEMPO_TIER_COMMUNITY);
  for (guint tier = 0; tier < TEMPO_N_TIERS; tier++)
    {
      TempoTier again = TEMPO_N_TIERS;

      g_assert_true (tempo_tier_from_string (tempo_tier_to_string (tier), &again));
      g_assert_cmpuint (again, ==, tier);
      for (guint i = 0; tier > 0 && i < TEMPO_N_LIMITS; i++)
        g_assert_cmpuint (tempo_tier_get_limits (tier)->of[i], >=, tempo_tier_get_limits (tier - 1)->of[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/access/licence/round-trip", test_round_trip);
  g_test_add_func ("/access/licence/every-bit", test_every_bit);
  g_test_add_func ("/access/licence/headers", test_headers);
  g_test_add_func ("/access/licence/claims", test_claims);
  g_test_add_func ("/access/licence/other-keys", test_other_keys);
  g_test_add_func ("/access/licence/key-rotation", test_key_rotation);
  g_test_add_func ("/access/licence/key-texts", test_key_texts);
  g_test_add_func ("/access/licence/issued-later", test_issued_later);
  g_test_add_func ("/access/licence/standing", test_standing);
  g_test_add_func ("/access/licence/tiers", test_tiers);

  return g_test_run ();
}
