/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "venue/tempo-people-private.h"
#include "web/tempo-router-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define DIGEST_LENGTH 64

static void
handle_cb (TempoExchange *exchange,
           gpointer user_data)
{
}

static const TempoRoute routes[] = {
  { "GET", "/api/invitations/{token}", 0, 0, TEMPO_ROUTE_DEFAULT, handle_cb },
  { "GET", "/api/resets/{token}", 0, 0, TEMPO_ROUTE_DEFAULT, handle_cb },
  { "GET", "/invite/{token}", 0, 0, TEMPO_ROUTE_DEFAULT, handle_cb },
  { "GET", "/reset/{token}", 0, 0, TEMPO_ROUTE_DEFAULT, handle_cb },
};

/* Only a text as long as ours is looked up, and what it is looked up by is a digest, whatever the text. */
static void
check_token (const char *token)
{
  g_autofree char *digest = tempo_people_link_digest (token);

  g_assert_true ((digest != NULL) == (strlen (token) == TEMPO_INVITATION_TOKEN_LENGTH));
  if (digest == NULL)
    return;
  g_assert_cmpuint (strlen (digest), ==, DIGEST_LENGTH);
  g_assert_cmpuint (strspn (digest, "0123456789abcdef"), ==, DIGEST_LENGTH);
}

/* The path of a link for an invitation or a new password, and the same bytes as the token itself. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  static TempoRouter *router;
  g_auto (TempoMatch) match = { 0 };
  g_autofree char *text = g_strndup ((const char *) data, size);

  if (router == NULL)
    {
      router = tempo_router_new ();
      tempo_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
    }
  check_token (text);
  tempo_router_match (router, "GET", (const char *) data, size, &match);
  if (match.route == NULL)
    return 0;
  g_assert_cmpuint (match.n_values, ==, 1);
  g_assert_null (strpbrk (match.values[0], "/\\\r\n"));
  check_token (match.values[0]);
  return 0;
}
