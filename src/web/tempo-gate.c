/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-gate.h"

#include <string.h>

/** Can the method change anything? */
gboolean
tempo_gate_is_safe (const char *method)
{
  return g_strcmp0 (method, "GET") == 0 || g_strcmp0 (method, "HEAD") == 0 || g_strcmp0 (method, "OPTIONS") == 0;
}

/**
 * tempo_gate_is_same_origin:
 *
 * Both headers are written by the browser and out of reach of a page's scripts. Sec-Fetch-Site is not sent to
 * http:// addresses of a LAN, Origin is: on a state change by every browser of the last ten years. Neither
 * sent means no browser, or one whose cross-site calls the content type rule stops.
 */
gboolean
tempo_gate_is_same_origin (const TempoHead *head)
{
  const char *origin = tempo_head_get_field (head, "origin");
  const char *site = tempo_head_get_field (head, "sec-fetch-site");

  if (site != NULL && g_strcmp0 (site, "same-origin") != 0 && g_strcmp0 (site, "none") != 0)
    return FALSE;
  if (origin == NULL)
    return TRUE;
  if (g_str_has_prefix (origin, "http://"))
    origin += strlen ("http://");
  else if (g_str_has_prefix (origin, "https://"))
    origin += strlen ("https://");
  else
    return FALSE;
  return g_ascii_strcasecmp (origin, tempo_head_get_host (head)) == 0;
}

/** Compares a content type without its parameters. */
gboolean
tempo_gate_is_type (const char *content_type,
                    const char *type)
{
  gsize length = strlen (type);

  if (content_type == NULL || g_ascii_strncasecmp (content_type, type, length) != 0)
    return FALSE;
  content_type += length;
  content_type += strspn (content_type, " \t");
  return *content_type == '\0' || *content_type == ';';
}

/* What a foreign page can make a browser send by itself: a form without fields, with our cookie. A client that
 * shows a token of its own, or brings no cookie along, is not being used by anybody. */
static gboolean
may_be_ridden (const TempoHead *head)
{
  return g_strcmp0 (tempo_head_get_method (head), "POST") == 0 && tempo_head_get_field (head, "cookie") != NULL
         && tempo_head_get_field (head, "authorization") == NULL;
}

/** Holds the body's type against the route. */
gboolean
tempo_gate_takes_type (const TempoHead *head,
                       TempoRouteFlags flags)
{
  const char *type = tempo_head_get_field (head, "content-type");
  gboolean has_body = tempo_head_get_content_length (head) > 0;

  if ((flags & TEMPO_ROUTE_ANY_TYPE) != 0)
    return TRUE;
  /* PUT, PATCH and DELETE from a foreign page are asked about first, and we never say yes. */
  if (!has_body && !may_be_ridden (head))
    return TRUE;
  if (tempo_gate_is_type (type, "application/json"))
    return TRUE;
  return (flags & TEMPO_ROUTE_FORM) != 0 && tempo_gate_is_type (type, "application/x-www-form-urlencoded");
}
