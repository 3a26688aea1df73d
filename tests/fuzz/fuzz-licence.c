/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "access/tempo-licence.h"
#include "licence-fixture.h"

#define NOW G_GINT64_CONSTANT (1795208400)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A key that is taken has one spelling, which is itself taken as it is. */
static void
try_key (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *key = tempo_licence_key_normalize (text, &error);
  g_autofree char *again = NULL;

  g_assert_true ((key != NULL) != (error != NULL));
  if (key == NULL)
    return;
  again = tempo_licence_key_normalize (key, NULL);
  g_assert_cmpstr (again, ==, key);
  g_assert_cmpuint (strlen (key), <=, TEMPO_LICENCE_KEY_MAX_LENGTH);
}

/* Whatever a signed document says, it either is one that can be judged or is refused. */
static void
try_document (const char *text)
{
  g_autoptr (TempoLicenceKeys) keys = licence_fixture_make_keys ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoLicence) licence = tempo_licence_read (text, keys, NOW, &error);
  TempoLicenceStanding standing;

  g_assert_true ((licence != NULL) != (error != NULL));
  if (licence == NULL)
    return;
  tempo_licence_judge (licence, NOW, 0, &standing);
  g_assert_cmpuint (standing.tier, <, TEMPO_N_TIERS);
  g_assert_true (standing.until == 0 || standing.until > NOW);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *signed_text = licence_fixture_sign_payload (text);

  try_key (text);
  try_document (text);
  try_document (signed_text);
  return 0;
}
