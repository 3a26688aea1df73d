/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lan/tempo-checks.h"

#include <string.h>

#include "access/tempo-password.h"
#include "access/tempo-permission.h"
#include "base/tempo-clock.h"
#include "base/tempo-id.h"
#include "lan/tempo-answers.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-people.h"

#define GUEST_TOKEN_BYTES 32
#define GUEST_TOKEN_LENGTH 43 /* 32 bytes as unpadded base64url */
#define RENEW_SECONDS 600
/* Seconds, for browsers; as often is tried to open it. */
#define UNOPENED_RETRY "60"

static gint64
get_now_seconds (TempoLanServer *server)
{
  return tempo_clock_now (tempo_host_get_clock (server->host)) / G_USEC_PER_SEC;
}

/* Cookies are what the guest's browser says: only the form we give out is
 * taken, so that nobody keys a million identities by hand-made short ones. */
static gboolean
is_guest_token (const char *text)
{
  return text != NULL && strlen (text) == GUEST_TOKEN_LENGTH
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
              == GUEST_TOKEN_LENGTH;
}

/* The guest's cookie is Lax, not Strict: the page is opened by links (a chat,
 * the captive portal of the Wi-Fi), and a browser that leaves a Strict cookie at
 * home there would come back as somebody new without their songs. What changes
 * anything is guarded by content type and origin, not by this cookie.
 */
void
tempo_checks_meet_guest (TempoExchange *exchange)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  if (visit->guest_digest != NULL)
    return;
  visit->guest_token = tempo_token_random (GUEST_TOKEN_BYTES);
  visit->guest_digest = tempo_token_digest (visit->guest_token);
  tempo_exchange_set_lax_cookie (exchange, TEMPO_GUEST_COOKIE, visit->guest_token,
                                 TEMPO_GUEST_COOKIE_SECONDS);
}

static void
read_guest (TempoExchange *exchange)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  const char *cookie = tempo_exchange_get_cookie (exchange, TEMPO_GUEST_COOKIE);

  if (!is_guest_token (cookie))
    return;
  visit->guest_token = g_strdup (cookie);
  visit->guest_digest = tempo_token_digest (cookie);
}

/* The house is here, but its file cannot be opened: whoever stands in front of it is told to come back, and no more.
 * @organization: (transfer full). */
static gboolean
refuse_unopened (TempoExchange *exchange, TempoOrganization *organization)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  g_clear_object (&visit->unopened);
  visit->unopened = organization;
  tempo_exchange_set_header (exchange, "Retry-After", UNOPENED_RETRY);
  tempo_answer_code (exchange, 503, "unopened", NULL);
  return FALSE;
}

/* A card on a table leads to its room, whatever state the house is in. */
static gboolean
find_card (TempoExchange *exchange)
{
  TempoHost *host = tempo_visit_get (exchange)->server->host;
  const char *code = tempo_exchange_get_param (exchange, "code");
  TempoOrganization *unopened = NULL;

  if (code == NULL || tempo_host_find_room (host, NULL, code) != NULL)
    return TRUE;
  unopened = tempo_host_find_unopened_room (host, code);
  return unopened == NULL || refuse_unopened (exchange, unopened);
}

/* The same address and method under the name that @slug, in the place of {org}, became. FALSE: answered. */
static gboolean
send_on (TempoExchange *exchange, const char *slug)
{
  const char *pattern = tempo_exchange_get_route (exchange)->pattern;
  const char *path = tempo_exchange_get_path (exchange);
  const char *query = tempo_exchange_get_query_string (exchange);
  const char *name = path, *rest;
  g_autofree char *before = NULL;
  g_autofree char *location = NULL;

  /* By slashes, for what stands between them may be written in several ways. */
  for (const char *at = pattern; !g_str_has_prefix (at, "{org}"); at++)
    if (*at == '/')
      name = strchr (name, '/') + 1;
  rest = strchr (name, '/');
  before = g_strndup (path, (gsize) (name - path));
  location = g_strconcat (before, slug, rest != NULL ? rest : "", *query != '\0' ? "?" : "", query, NULL);
  tempo_exchange_answer_redirect (exchange, 308, location);
  return FALSE;
}

/* Pages under a name that nobody has now: of a house that is called otherwise since, or whose file cannot be opened. */
static gboolean
find_page (TempoExchange *exchange)
{
  TempoHost *host = tempo_visit_get (exchange)->server->host;
  const char *slug = tempo_exchange_get_param (exchange, "org");
  TempoOrganization *unopened = NULL;
  g_autofree char *now = NULL;

  if (slug == NULL || tempo_host_find_organization (host, slug) != NULL)
    return TRUE;
  unopened = tempo_host_find_unopened (host, slug);
  if (unopened != NULL)
    return refuse_unopened (exchange, unopened);
  now = tempo_host_dup_new_slug (host, slug);
  return now == NULL || send_on (exchange, now);
}

/* What the organization of the caller is called now that was called @slug before; of others', which are as unknown as any
 * other name, nothing but to those who see all. (transfer full) (nullable). */
static char *
dup_own_new_slug (TempoVisit *visit, const char *slug)
{
  g_autofree char *now = tempo_host_dup_new_slug (visit->server->host, slug);
  TempoOrganization *organization = now != NULL ? tempo_host_find_organization (visit->server->host, now) : NULL;

  if (organization == NULL
      || !(visit->member->super_admin || g_str_equal (organization->id, visit->member->organization_id)))
    return NULL;
  return g_steal_pointer (&now);
}

/* Page routes name an organization before the room, API routes do not: a join
 * code is unique on the host. */
static gboolean
find_room (TempoExchange *exchange)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  const char *organization = tempo_exchange_get_param (exchange, "org");
  const char *name = tempo_exchange_get_param (exchange, "room");
  TempoRoom *room;

  if (name == NULL)
    return TRUE;
  room = tempo_host_find_room (visit->server->host, organization, name);
  if (room == NULL)
    {
      TempoOrganization *unopened = tempo_host_find_unopened_room (visit->server->host, name);

      if (unopened != NULL)
        return refuse_unopened (exchange, unopened);
      tempo_answer_code (exchange, 404, "not_found", "no such room");
      return FALSE;
    }
  visit->room_id = g_strdup (tempo_room_get_info (room)->id);
  visit->organization_id = g_strdup (tempo_room_get_organization (room)->id);
  return TRUE;
}

static gboolean
check_throttle (TempoExchange *exchange, TempoThrottle *throttle, const char *key)
{
  TempoRefusalDetail detail = { 0 };
  g_autoptr (GError) error = NULL;
  guint retry = 1;

  if (tempo_visit_get (exchange)->server->no_rate_limit || key == NULL
      || tempo_throttle_take (throttle, key, &retry))
    return TRUE;
  detail.until = tempo_clock_now (tempo_host_get_clock (tempo_visit_get (exchange)->server->host))
                 + (gint64) retry * G_USEC_PER_SEC;
  error = tempo_refusal_new (TEMPO_REFUSAL_RATE, &detail, "too many calls");
  tempo_answer_error (exchange, error);
  return FALSE;
}

static gboolean
check_guest (TempoExchange *exchange, TempoCheckKind kind)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  TempoLanServer *server = visit->server;
  const char *address = tempo_exchange_get_address (exchange);

  read_guest (exchange);
  if (!find_room (exchange))
    return FALSE;
  if (kind == TEMPO_CHECK_ROOM)
    return TRUE;
  if (kind == TEMPO_CHECK_SEARCH)
    return check_throttle (exchange, server->search_throttle,
                           visit->guest_digest != NULL ? visit->guest_digest : address);
  if (kind == TEMPO_CHECK_ASK
      && !(check_throttle (exchange, server->address_throttle, address)
           && check_throttle (exchange, server->guest_throttle, visit->guest_digest)))
    return FALSE;
  if (kind == TEMPO_CHECK_ACT
      && !check_throttle (exchange, server->act_throttle,
                          visit->guest_digest != NULL ? visit->guest_digest : address))
    return FALSE;

  tempo_checks_meet_guest (exchange);
  return TRUE;
}

static gboolean
check_display (TempoExchange *exchange)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  TempoRoom *room =
    tempo_host_find_display (visit->server->host, tempo_exchange_get_param (exchange, "token"),
                             &visit->display_id);

  if (room == NULL)
    {
      tempo_answer_code (exchange, 404, "not_found", "no such display, or it was revoked");
      return FALSE;
    }
  visit->room_id = g_strdup (tempo_room_get_info (room)->id);
  visit->organization_id = g_strdup (tempo_room_get_organization (room)->id);
  return TRUE;
}

/* The hour runs from the last use, give or take ten minutes, so that not each call signs a token. A bearer token is not
 * renewed: there is no header that clients agree on. */
static void
renew_session (TempoExchange *exchange)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  TempoClaims renewed = *visit->claims;
  gint64 now = get_now_seconds (visit->server);
  g_autofree char *token = NULL;

  if (tempo_exchange_get_bearer (exchange) != NULL
      || now - visit->claims->issued_at < RENEW_SECONDS)
    return;
  renewed.issued_at = now;
  renewed.expires_at = now + TEMPO_SESSION_SECONDS;
  token = tempo_token_sign (&renewed, visit->server->session_key);
  tempo_sessions_renew (visit->server->host, visit->member, renewed.session_id, renewed.expires_at * G_USEC_PER_SEC);
  tempo_exchange_set_cookie (exchange, TEMPO_SESSION_COOKIE, token, TEMPO_SESSION_SECONDS);
}

/* Refused accesses are written, but nobody can fill the disk with them: beyond the throttle, of the person or of the
 * address, they are only counted as answers.
 */
void
tempo_checks_record_refusal (TempoExchange *exchange, const char *reason)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  TempoLanServer *server = visit->server;
  const char *named = tempo_exchange_get_param (exchange, "org");
  const char *address = tempo_exchange_get_address (exchange);
  const char *path = tempo_exchange_get_path (exchange);
  g_autofree char *key = visit->member != NULL ? g_strdup (visit->member->id) : tempo_throttle_address_key (address);
  g_autofree char *shown = g_strescape (path, NULL);
  g_autoptr (TempoActor) actor = NULL;
  TempoOrganization *organization;

  if (!tempo_throttle_take (server->refusal_throttle, key, NULL))
    return;
  g_message ("Refused %s %s to %s at %s: %s", tempo_exchange_get_method (exchange), shown,
             visit->member != NULL ? visit->member->username : "nobody", address, reason);
  actor = visit->member != NULL ? tempo_visit_make_actor (exchange)
                                : tempo_actor_new_guest (NULL, NULL, address, tempo_exchange_get_header (exchange, "User-Agent"));
  if (visit->member != NULL)
    tempo_host_record_refusal (server->host, actor, visit->member->organization_id, reason, path);
  organization = named != NULL ? tempo_host_find_organization (server->host, named) : NULL;
  if (organization != NULL
      && (visit->member == NULL || !g_str_equal (organization->id, visit->member->organization_id)))
    tempo_host_record_refusal (server->host, actor, organization->id, reason, path);
}

/* Who brings no session, or one that is not good any more, is nobody: the log has the address. */
static gboolean
refuse_session (TempoExchange *exchange, const char *reason, const char *why)
{
  tempo_checks_record_refusal (exchange, reason);
  tempo_exchange_set_header (exchange, "WWW-Authenticate", "Bearer realm=\"Tempo\"");
  tempo_answer_code (exchange, 401, "unauthenticated", why);
  return FALSE;
}

/* Over plain HTTP everybody on the Wi-Fi can read a password, so only this
 * machine itself may send one, until the owner says otherwise. @setting is the
 * installation's "staff_over_http", NULL when nobody ever set it.
 */
gboolean
tempo_auth_allows (gboolean from_this_machine, const char *setting)
{
  return from_this_machine || g_strcmp0 (setting, "true") == 0;
}

/* Encrypted, of this machine, or allowed by the owner all the same.
 */
gboolean
tempo_checks_is_private (TempoExchange *exchange)
{
  g_autofree char *setting = NULL;

  if (tempo_exchange_is_secure (exchange) || tempo_exchange_is_loopback (exchange))
    return TRUE;
  setting = tempo_host_get_setting (tempo_visit_get (exchange)->server->host, TEMPO_STAFF_OVER_HTTP);
  return tempo_auth_allows (FALSE, setting);
}

/* Asked before the session, so that a token said aloud is not even looked at.
 */
gboolean
tempo_require_https (TempoExchange *exchange)
{
  TempoLanServer *server = tempo_visit_get (exchange)->server;
  g_autofree char *url = NULL;
  g_autofree char *detail = NULL;

  if (tempo_checks_is_private (exchange))
    return TRUE;
  url = tempo_lan_server_get_tls_url (server);
  detail = url != NULL ? g_strdup_printf ("staff use %s", url)
                       : g_strdup ("staff use this machine, or the setting staff_over_http is true");
  tempo_answer_code (exchange, 403, "https_required", detail);
  return FALSE;
}

/* Whose session it is, noted in the visit; FALSE with @reason, a word for the log, and @why, a sentence. */
static gboolean
find_session (TempoExchange *exchange, const char **reason, const char **why)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  const char *bearer = tempo_exchange_get_bearer (exchange);
  const char *token =
    bearer != NULL ? bearer : tempo_exchange_get_cookie (exchange, TEMPO_SESSION_COOKIE);
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoClaims) claims = NULL;
  TempoMember *member;

  *reason = "no_session";
  *why = "no session";
  if (token == NULL)
    return FALSE;
  claims =
    tempo_token_verify (token, visit->server->session_key, get_now_seconds (visit->server), &error);
  if (claims == NULL)
    {
      gboolean over = g_error_matches (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_EXPIRED);

      *reason = over ? "session_over" : "bad_session";
      *why = over ? "the session is over" : "not a session of this host";
      return FALSE;
    }
  *reason = "session_ended";
  *why = "the session was ended";
  member = tempo_host_find_member (visit->server->host, claims->organization_id, claims->subject);
  if (member == NULL || !member->active || member->token_version != claims->version
      || !tempo_sessions_check (visit->server->host, member, claims->session_id))
    return FALSE;

  visit->member = g_object_ref (member);
  visit->claims = g_steal_pointer (&claims);
  return TRUE;
}

/* An address that leads nowhere on purpose reaches no check: who is signed in and tries one is noted all the same. */
void
tempo_checks_record_bad_path (TempoExchange *exchange)
{
  const char *reason, *why;

  if (tempo_checks_is_private (exchange))
    find_session (exchange, &reason, &why);
  tempo_checks_record_refusal (exchange, "bad_path");
}

/* The seeds' requireAuth. A token counts only while its member is there with
 * the same token version: a new password voids every older session.
 */
gboolean
tempo_require_auth (TempoExchange *exchange)
{
  const char *reason, *why;

  if (!tempo_require_https (exchange))
    return FALSE;
  if (!find_session (exchange, &reason, &why))
    return refuse_session (exchange, reason, why);
  renew_session (exchange);
  return TRUE;
}

/* NULL for what no table knows, which nobody may do.
 */
const char *
tempo_checks_get_word (guint action)
{
  static const char *const words[] = {
    [TEMPO_WHO_VIEW - TEMPO_N_ACTIONS] = "view",
    [TEMPO_WHO_MEMBERS - TEMPO_N_ACTIONS] = "manage_members",
    [TEMPO_WHO_AUDIT - TEMPO_N_ACTIONS] = "audit",
    [TEMPO_WHO_EXPORT - TEMPO_N_ACTIONS] = "export",
    [TEMPO_WHO_ERASE - TEMPO_N_ACTIONS] = "guest_erase",
    [TEMPO_WHO_FACTOR - TEMPO_N_ACTIONS] = "reset_factor",
    [TEMPO_WHO_SESSIONS - TEMPO_N_ACTIONS] = "end_sessions",
  };

  if (action < TEMPO_N_ACTIONS)
    return tempo_action_to_string (action);
  return action - TEMPO_N_ACTIONS < G_N_ELEMENTS (words) ? words[action - TEMPO_N_ACTIONS] : NULL;
}

static gboolean
refuse_access (TempoExchange *exchange, const char *reason)
{
  tempo_checks_record_refusal (exchange, reason);
  tempo_answer_code (exchange, 403, "forbidden", NULL);
  return FALSE;
}

/* Whose house it is can read that the operator was in it: what is changed there
 * has rows of its own, what is only read has this one.
 */
static void
record_visit (TempoExchange *exchange, TempoOrganization *organization)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autofree char *key = g_strconcat (visit->claims->session_id, organization->id, NULL);
  g_autoptr (TempoActor) actor = NULL;

  if (!tempo_throttle_take (visit->server->visit_throttle, key, NULL))
    return;
  actor = tempo_visit_make_actor (exchange);
  tempo_host_record_visit (visit->server->host, actor, organization->id, tempo_exchange_get_path (exchange));
}

/* The seeds' requireOwnResource. Somebody else's slug and one that does not
 * exist answer alike, so that nobody learns who else is on this host.
 */
gboolean
tempo_require_own_resource (TempoExchange *exchange, guint action)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  const char *name = tempo_exchange_get_param (exchange, "org");
  TempoOrganization *organization = tempo_host_find_organization (visit->server->host, name);
  gboolean own =
    organization != NULL && g_str_equal (organization->id, visit->member->organization_id);
  g_autofree char *now = organization == NULL && name != NULL ? dup_own_new_slug (visit, name) : NULL;

  if (now != NULL)
    return send_on (exchange, now);
  if (!own && !visit->member->super_admin)
    return refuse_access (exchange, "organization");
  if (organization == NULL)
    {
      tempo_answer_code (exchange, 404, "not_found", "no such organization");
      return FALSE;
    }
  visit->organization_id = g_strdup (organization->id);
  if (tempo_people_needs_factor (visit->server->host, visit->member))
    {
      tempo_answer_code (exchange, 403, "second_factor_missing", "POST /api/auth/second-factor first");
      return FALSE;
    }
  if (!own)
    record_visit (exchange, organization);
  if (!visit->member->super_admin
      && !tempo_permission_allows (visit->member->role, tempo_checks_get_word (action)))
    return refuse_access (exchange, "role");
  return TRUE;
}

/* The seeds' requireSuperAdmin: the operator of this installation, whatever
 * role the person has anywhere.
 */
gboolean
tempo_require_super_admin (TempoExchange *exchange)
{
  if (!tempo_visit_get (exchange)->member->super_admin)
    return refuse_access (exchange, "super_admin");
  return TRUE;
}

static gboolean
run_check (TempoExchange *exchange, const TempoRoute *route)
{
  TempoCheckKind kind = TEMPO_WHO_CHECK (route->who);

  switch (kind)
    {
    case TEMPO_CHECK_OPEN:
      return TRUE;
    case TEMPO_CHECK_GUEST:
    case TEMPO_CHECK_ASK:
    case TEMPO_CHECK_ACT:
    case TEMPO_CHECK_ROOM:
    case TEMPO_CHECK_SEARCH:
      return check_guest (exchange, kind);
    case TEMPO_CHECK_DISPLAY:
      return check_display (exchange);
    case TEMPO_CHECK_AUTH:
      return tempo_require_auth (exchange);
    case TEMPO_CHECK_OWN:
      return tempo_require_auth (exchange)
             && tempo_require_own_resource (exchange, TEMPO_WHO_ACTION (route->who));
    case TEMPO_CHECK_SUPER:
      return tempo_require_auth (exchange) && tempo_require_super_admin (exchange);
    default:
      g_assert_not_reached ();
    }
}

/* Called by the router as soon as the head has come. The table of routes names
 * the check, so a route without one cannot be written.
 */
gboolean
tempo_checks_authorize (TempoExchange *exchange, const TempoRoute *route, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_attach (exchange, user_data);
  gboolean is_call = g_str_has_prefix (route->pattern, "/api/");

  if (!is_call && !(find_card (exchange) && find_page (exchange)))
    return FALSE;
  if (!run_check (exchange, route))
    return FALSE;
  if (visit->organization_id != NULL && is_call)
    tempo_host_count_call (visit->server->host, visit->organization_id);
  return TRUE;
}

/* The id is new each time; the key is put away with the first.
 */
char *
tempo_checks_open_session (TempoExchange *exchange, TempoMember *member, gint64 *expires_at)
{
  TempoLanServer *server = tempo_visit_get (exchange)->server;
  gint64 now = get_now_seconds (server);
  const char *session_id =
    tempo_sessions_open (server->host, member, tempo_exchange_get_address (exchange),
                         tempo_exchange_get_header (exchange, "User-Agent"), (now + TEMPO_SESSION_SECONDS) * G_USEC_PER_SEC);
  TempoClaims claims = {
    .subject = member->id,
    .organization_id = member->organization_id,
    .session_id = (char *) session_id,
    .version = member->token_version,
    .issued_at = now,
    .expires_at = now + TEMPO_SESSION_SECONDS,
  };
  g_autofree char *token = tempo_token_sign (&claims, server->session_key);

  tempo_lan_server_keep_key (server);
  tempo_exchange_set_cookie (exchange, TEMPO_SESSION_COOKIE, token, TEMPO_SESSION_SECONDS);
  *expires_at = claims.expires_at * G_USEC_PER_SEC;
  return g_steal_pointer (&token);
}

void
tempo_checks_forget_cookie (TempoExchange *exchange)
{
  tempo_exchange_set_cookie (exchange, TEMPO_SESSION_COOKIE, "", -1);
}

/* Bound to the guest's cookie: a form made elsewhere cannot know it, and one
 * guest's field is worth nothing to another.
 */
char *
tempo_checks_make_form_token (TempoVisit *visit)
{
  gsize length;
  const guchar *key = g_bytes_get_data (visit->server->form_key, &length);

  g_assert (visit->guest_token != NULL);
  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, key, length, visit->guest_token, -1);
}

/* Compared in one length of time: the difference of two HMACs must not show in
 * how long the refusal takes.
 */
gboolean
tempo_checks_form_token_is_good (TempoVisit *visit, const char *token)
{
  g_autofree char *wanted = NULL;
  guint difference = 0;

  if (token == NULL || visit->guest_token == NULL)
    return FALSE;
  wanted = tempo_checks_make_form_token (visit);
  if (strlen (token) != strlen (wanted))
    return FALSE;
  for (gsize i = 0; wanted[i] != '\0'; i++)
    difference |= (guchar) wanted[i] ^ (guchar) token[i];
  return difference == 0;
}
