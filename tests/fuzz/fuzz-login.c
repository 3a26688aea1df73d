/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/tempo-password.h"
#include "access/tempo-totp.h"
#include "lan/tempo-login-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What an unknown person may have made the server keep and look up. */
static void
check_text (const char *text,
            glong max)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, max);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) body = tempo_json_parse ((const char *) data, size, NULL);
  TempoSignIn who = { NULL };

  if (body == NULL)
    return 0;
  if (!tempo_login_read (body, &who, &error))
    {
      g_assert_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  g_assert_no_error (error);
  check_text (who.username, TEMPO_MEMBER_MAX_USERNAME);
  check_text (who.password, TEMPO_PASSWORD_MAX_BYTES);
  if (who.organization != NULL)
    check_text (who.organization, TEMPO_ORGANIZATION_MAX_NAME);
  if (who.code != NULL)
    check_text (who.code, TEMPO_TOTP_MAX_CODE);
  /* Where the call comes from is never the body's to say. */
  g_assert_true (who.address == NULL && who.agent == NULL && !who.local);
  return 0;
}
