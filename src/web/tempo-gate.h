/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "web/tempo-head.h"
#include "web/tempo-router.h"

G_BEGIN_DECLS

/* Was this request made by one of our own pages, or by a program that is no browser? Pure functions. */

/* GET, HEAD and OPTIONS change nothing. */
gboolean tempo_gate_is_safe (const char *method);
/* Origin, when sent, must be http(s):// and our own Host; Sec-Fetch-Site, when sent, "same-origin" or "none". */
gboolean tempo_gate_is_same_origin (const TempoHead *head);
/* Is the body's type one this route takes? A POST with a cookie but without a body is refused too, unless it says
 * JSON or shows a bearer token: a foreign page can send that. */
gboolean tempo_gate_takes_type (const TempoHead *head, TempoRouteFlags flags);
/* "application/json; charset=utf-8" is @type "application/json", in any case. */
gboolean tempo_gate_is_type (const char *content_type, const char *type);

G_END_DECLS
