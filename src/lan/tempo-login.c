/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lan/tempo-login-private.h"

#include "access/tempo-password.h"
#include "access/tempo-totp.h"

gboolean
tempo_login_read (JsonObject *body, TempoSignIn *who, GError **error)
{
  GError *failure = NULL;

  who->username = tempo_json_get_string (body, "username", TEMPO_MEMBER_MAX_USERNAME, NULL, &failure);
  who->password = tempo_json_get_string (body, "password", TEMPO_PASSWORD_MAX_BYTES, NULL, &failure);
  who->organization = tempo_json_get_string (body, "organization", TEMPO_ORGANIZATION_MAX_NAME, NULL, &failure);
  who->code = tempo_json_get_string (body, "code", TEMPO_TOTP_MAX_CODE, NULL, &failure);
  if (failure == NULL && (who->username == NULL || who->password == NULL))
    g_set_error (&failure, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"%s\" is missing",
                 who->username == NULL ? "username" : "password");
  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, failure);
  return FALSE;
}
