/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "venue/tempo-people-private.h"

#include <string.h>

#include "base/tempo-id.h"

char *
tempo_people_link_digest (const char *token)
{
  if (token == NULL || strnlen (token, TEMPO_INVITATION_TOKEN_LENGTH + 1) != TEMPO_INVITATION_TOKEN_LENGTH)
    return NULL;

  return tempo_token_digest (token);
}
