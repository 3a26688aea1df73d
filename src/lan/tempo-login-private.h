/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/tempo-json.h"
#include "venue/tempo-people.h"

G_BEGIN_DECLS

/* The body of POST /api/auth/login. @who: its username, password, organization and code are set, to strings of @body
 * that live as long as it. FALSE with TEMPO_JSON_ERROR_MEMBER when one is not a short enough string or one of the first
 * two is missing: @who is not to be used then. Any thread. */
gboolean tempo_login_read (JsonObject *body, TempoSignIn *who, GError **error);

G_END_DECLS
