/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lan/tempo-lan-private.h"
#include "venue/tempo-people.h"

G_BEGIN_DECLS

/* Who may: asked of every request before its body is read. Each returns FALSE
 * when it refused, having answered. Engine thread; nothing here waits. */

/* May what is said here be about passwords and people? */
gboolean tempo_checks_is_private (TempoExchange *exchange);
/* The installation's setting by which the owner allows staff plain HTTP. */
#define TEMPO_STAFF_OVER_HTTP "staff_over_http"

/* What staff say and hear came by TLS, or stays on this machine, or the owner allows otherwise. 403 "https_required". */
gboolean tempo_require_https (TempoExchange *exchange);
/* requireAuth: tempo_require_https(), and a session that is signed by us, not over, not signed out, of a member that is still there. 401. */
gboolean tempo_require_auth (TempoExchange *exchange);
/* requireOwnResource: {org} is the member's own, or the member is a super admin; and the role allows
 * @action (a TempoAction, TEMPO_WHO_VIEW or TEMPO_WHO_MEMBERS). 403 and an audit row. */
gboolean tempo_require_own_resource (TempoExchange *exchange, guint action);
/* requireSuperAdmin. 403 and an audit row. */
gboolean tempo_require_super_admin (TempoExchange *exchange);

/* The router's authorizer: runs what the route's `who` names. @user_data: the TempoLanServer. */
gboolean tempo_checks_authorize (TempoExchange *exchange, const TempoRoute *route, gpointer user_data);

/* Somebody was turned away: a line, and a row in the person's own log and in that of the organization that was reached for. */
void tempo_checks_record_refusal (TempoExchange *exchange, const char *reason);
/* The same for an address the router does not even look up. */
void tempo_checks_record_bad_path (TempoExchange *exchange);
/* Signs a session for @member and sets the cookie. (transfer full) the token. */
char *tempo_checks_open_session (TempoExchange *exchange, TempoMember *member, gint64 *expires_at);
/* {"token"?,"expiresAt","member","organizations"} of the signed-in @member. @token: (nullable). */
void tempo_auth_answer_session (TempoExchange *exchange, guint status, TempoMember *member, const char *token, gint64 expires_at);
/* Streams of sessions that are void now end. */
void tempo_auth_drop_sessions (TempoLanServer *server, TempoPeopleOutcome *outcome);
/* Takes the session's cookie away. */
void tempo_checks_forget_cookie (TempoExchange *exchange);
/* The word of the permission table for a route's action. */
const char *tempo_checks_get_word (guint action);
/* Gives the visitor a guest identity when it has none yet: sets the cookie. */
void tempo_checks_meet_guest (TempoExchange *exchange);
/* The hidden field that proves a form came from our page. (transfer full). */
char *tempo_checks_make_form_token (TempoVisit *visit);
gboolean tempo_checks_form_token_is_good (TempoVisit *visit, const char *token);

G_END_DECLS
