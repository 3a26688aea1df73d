/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/tempo-organization.h"
#include "base/tempo-json.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-checks.h"
#include "lan/tempo-fallback.h"
#include "lan/tempo-lan-private.h"

#define N_(text) text

/* The same host by its encrypted address: whoever came by a name goes on by that name. NULL while TLS is off.
 * (transfer full). */
static char *
make_https_base (TempoExchange *exchange)
{
  TempoLanServer *server = tempo_visit_get (exchange)->server;
  const char *host = tempo_exchange_get_host (exchange);
  const char *end = *host == '[' ? strchr (host, ']') : NULL;
  gsize length = end != NULL ? (gsize) (end + 1 - host) : strcspn (host, ":");
  guint16 port = tempo_lan_server_get_tls_port (server);

  return port != 0 ? g_strdup_printf ("https://%.*s:%u", (int) length, host, port) : NULL;
}

/* Sends who came by the wrong door to the right one. FALSE when it did. */
static gboolean
stay_here (TempoExchange *exchange, const char *https, const char *path)
{
  g_autofree char *location = NULL;

  if (https == NULL || tempo_checks_is_private (exchange))
    return TRUE;
  location = g_strconcat (https, path, NULL);
  tempo_exchange_answer_redirect (exchange, 302, location);
  return FALSE;
}

/* What the script begins with. (transfer full). */
static char *
make_house (TempoExchange *exchange, TempoOrganization *organization, const char *https)
{
  gboolean plain = !tempo_exchange_is_secure (exchange) && !tempo_exchange_is_loopback (exchange);
  TempoJson *json = tempo_json_new ();
  g_autoptr (GBytes) bytes = NULL;
  gsize length;
  const char *text;

  tempo_json_begin_object (json, NULL);
  if (organization != NULL)
    tempo_organization_to_json (organization, json, "organization");
  else
    tempo_json_null (json, "organization");
  tempo_json_string (json, "https", https);
  tempo_json_bool (json, "plain", plain && https != NULL);
  tempo_json_end_object (json);
  bytes = tempo_json_finish (json);
  text = g_bytes_get_data (bytes, &length);
  return tempo_page_json (text, length);
}

/* @organization: (nullable) for the pages of the installation. */
static void
answer_page (TempoExchange *exchange, TempoOrganization *organization, const char *script, const char *name)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  const char *accent = organization != NULL ? organization->accent : NULL;
  g_autofree char *https = make_https_base (exchange);
  g_autofree char *house = NULL;
  g_autofree char *catalog = NULL;
  g_autofree char *icon = NULL;
  g_autofree char *mark = tempo_page_make_mark (visit, organization, &icon);
  g_autofree char *dark = accent != NULL ? tempo_colour_readable (accent, TEMPO_PAGE_NIGHT) : NULL;
  g_autofree char *light = accent != NULL ? tempo_colour_readable (accent, TEMPO_PAGE_PAPER) : NULL;
  g_autoptr (GBytes) html = NULL;

  if (!stay_here (exchange, https, tempo_exchange_get_path (exchange)))
    return;
  tempo_page_remember_language (exchange);
  house = make_house (exchange, organization, https);
  catalog = tempo_page_make_catalog (visit, visit->server->staff_catalog);
  html = tempo_page_fill (tempo_lan_server_get_template (visit->server, "staff/page.html"), "lang", visit->language,
                          "title", name, "organization", name, "accent", accent, "accent_text_dark", dark,
                          "accent_text_light", light, "icon", icon, "mark", mark, "noscript",
                          tempo_fallback_text (visit, N_ ("Switch JavaScript on to work here.")), "script", script,
                          "version", tempo_page_get_version (visit->server, "staff/staff.css"), "catalog", catalog,
                          "house", house, NULL);
  tempo_exchange_answer_html (exchange, 200, html);
}

/* The page says nothing that guests may not know; what it shows comes by calls that ask who is there. */
static void
get_staff_page (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  TempoOrganization *organization =
    tempo_host_find_organization (server->host, tempo_exchange_get_param (exchange, "org"));

  if (organization == NULL || !organization->active)
    {
      tempo_answer_code (exchange, 404, "not_found", "no such organization");
      return;
    }
  answer_page (exchange, organization, "staff.js", organization->name);
}

static void
get_admin_page (TempoExchange *exchange, gpointer user_data)
{
  answer_page (exchange, NULL, "admin.js", "Tempo");
}

/* The token is looked at by the script's call, so that a link that was read by a preview is not used up by it. */
static void
get_entry_page (TempoExchange *exchange, gpointer user_data)
{
  tempo_exchange_set_header (exchange, "Referrer-Policy", "no-referrer");
  answer_page (exchange, NULL, "entry.js", tempo_page_get_installation_name (tempo_visit_get (exchange)));
}

static const TempoRoute routes[] = {
  { "GET", "/admin", TEMPO_WHO (OPEN, 0), 0, 0, get_admin_page },
  { "GET", "/invite/{token}", TEMPO_WHO (OPEN, 0), 0, 0, get_entry_page },
  { "GET", "/reset/{token}", TEMPO_WHO (OPEN, 0), 0, 0, get_entry_page },
  { "GET", "/{org}/staff", TEMPO_WHO (OPEN, 0), 0, 0, get_staff_page },
};

/* Pages for those who sign in. Who comes by plain HTTP from another machine is led to the encrypted address.
 */
void
tempo_staff_page_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
