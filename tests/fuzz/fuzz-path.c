/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "web/tempo-fields.h"
#include "web/tempo-router-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
handle_cb (TempoExchange *exchange,
           gpointer user_data)
{
}

static const TempoRoute routes[] = {
  { "GET", "/", 0, 0, TEMPO_ROUTE_DEFAULT, handle_cb },
  { "GET", "/{org}/{room}", 0, 0, TEMPO_ROUTE_DEFAULT, handle_cb },
  { "GET", "/api/rooms/{room}/requests/{id}", 0, 0, TEMPO_ROUTE_DEFAULT, handle_cb },
  { "GET", "/api/{org}/requests", 0, 0, TEMPO_ROUTE_DEFAULT, handle_cb },
  { "GET", "/assets/{name...}", 0, 0, TEMPO_ROUTE_DEFAULT, handle_cb },
};

/* No spelling of a path hands a handler something that climbs, or a segment it could take for two. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  static TempoRouter *router;
  g_auto (TempoMatch) match = { 0 };
  g_auto (GStrv) segments = tempo_path_split ((const char *) data, size);

  if (router == NULL)
    {
      router = tempo_router_new ();
      tempo_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
    }
  for (guint i = 0; segments != NULL && segments[i] != NULL; i++)
    {
      g_assert_null (strpbrk (segments[i], "/\\\r\n"));
      g_assert_cmpstr (segments[i], !=, "..");
      g_assert_cmpstr (segments[i], !=, ".");
      g_assert_true (g_utf8_validate (segments[i], -1, NULL));
    }
  tempo_router_match (router, "GET", (const char *) data, size, &match);
  g_assert_true ((match.route != NULL) == (match.status == 0));
  for (guint i = 0; i < match.n_values; i++)
    {
      g_assert_null (strstr (match.values[i], "/../"));
      g_assert_false (g_str_has_prefix (match.values[i], "../"));
    }
  return 0;
}
