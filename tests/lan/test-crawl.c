/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lan-fixture.h"
#include "venue/tempo-host-private.h"
#include "lan/tempo-lan-private.h"

/* Two organizations on one host. Everything somebody of one of them can say about the other's things must be answered
 * as if those things had never been: byte for byte, but for what was asked for itself, ids and dates. The routes are
 * taken from the router, so that a new one is crawled without anybody remembering to; one that names no organization
 * must be added to the table below, or the test fails.
 *
 * The host is usera's (its owner is the super admin, who may look everywhere); userb's people are the curious ones. */

#define CANARY "cnry"
#define NO_ID "0190a000-0000-7000-8000-00000000dead"
#define OLD_SLUG "once-usera"
#define NO_SLUG "nosuchhouse"

/* Routes that name no organization, and why that is right. TRY: with a room of one's own and somebody else's {id}. */
typedef enum
{
  PUBLIC,     /* the same for everybody, or what the code on the wall opens */
  CAPABILITY, /* whoever has the token in the path may, and its guessing is tried below */
  TRY,
  OWN,        /* of the organization the session says: with somebody else's ids */
  SUPER,      /* the operator's: everybody else is refused alike */
  SESSION,    /* concerns the caller's own session only */
} Kind;

static const struct
{
  const char *route;
  Kind kind;
} others[] = {
  { "DELETE /api/auth/second-factor", SESSION },
  { "DELETE /api/auth/sessions/{id}", OWN },
  { "DELETE /api/rooms/{room}/me", PUBLIC },
  { "DELETE /api/rooms/{room}/requests/{id}", TRY },
  { "DELETE /api/rooms/{room}/requests/{id}/vote", TRY },
  { "GET /", PUBLIC },
  { "GET /admin", PUBLIC },
  { "GET /api/auth/me", SESSION },
  { "GET /api/auth/sessions", SESSION },
  { "GET /api/installation", SUPER },
  { "GET /api/invitations/{token}", CAPABILITY },
  { "GET /api/openapi.json", PUBLIC },
  { "GET /api/organizations", SUPER },
  { "GET /api/resets/{token}", CAPABILITY },
  { "GET /api/rooms/{room}", PUBLIC },
  { "GET /api/rooms/{room}/artwork/{id}", TRY },
  { "GET /api/rooms/{room}/search", PUBLIC },
  { "GET /api/rooms/{room}/stream", PUBLIC },
  { "GET /api/spotify/playlists", OWN },
  { "GET /assets/{name...}", PUBLIC },
  { "GET /d/{token}", CAPABILITY },
  { "GET /d/{token}/state", CAPABILITY },
  { "GET /d/{token}/stream", CAPABILITY },
  { "GET /healthz", PUBLIC },
  { "GET /invite/{token}", CAPABILITY },
  { "GET /j/{code}", PUBLIC },
  { "GET /metrics", PUBLIC },
  { "GET /readyz", PUBLIC },
  { "GET /reset/{token}", CAPABILITY },
  { "GET /spotify/callback", PUBLIC },
  { "PATCH /api/organizations/{orgId}", SUPER },
  { "POST /api/auth/login", SESSION },
  { "POST /api/auth/logout", SESSION },
  { "POST /api/auth/password", SESSION },
  { "POST /api/auth/second-factor", SESSION },
  { "POST /api/auth/second-factor/confirm", SESSION },
  { "POST /api/invitations/{token}", CAPABILITY },
  { "POST /api/organizations/create", SUPER },
  { "POST /api/resets/{token}", CAPABILITY },
  { "POST /api/rooms/create", SUPER },
  { "POST /api/rooms/{room}/requests", PUBLIC },
  { "PUT /api/rooms/{room}/me", PUBLIC },
  { "PUT /api/rooms/{room}/requests/{id}/vote", TRY },
  /* Guests' pages, whose organization is what the code on the wall belongs to. */
  { "GET /{org}", PUBLIC },
  { "GET /{org}/staff", PUBLIC },
  { "GET /{org}/{room}", PUBLIC },
  { "POST /{org}/{room}/requests", PUBLIC },
};

typedef struct
{
  LanFixture *lan;
  char *sessions[5]; /* (owned) header lines: nobody's, viewer's, member's, admin's, owner's */
  char *guest;       /* (owned) a guest of userb */
  char *own_room;    /* (owned) id of userb's */
  char *own_code;    /* (owned) */
  GPtrArray *ids;    /* (owned) (element utf8) names of usera's things */
  guint calls;
} Crawl;

static const char *const roles[] = { "nobody", "viewer", "member", "admin", "owner" };

static GString *log_text;
static GMutex log_mutex;

static GLogWriterOutput
keep_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  g_autofree char *line = g_log_writer_format_fields (level, fields, n_fields, FALSE);

  g_mutex_lock (&log_mutex);
  g_string_append (log_text, line);
  g_mutex_unlock (&log_mutex);
  return G_LOG_WRITER_HANDLED;
}

static char *
text_of (LanAnswer *answer, const char *path)
{
  g_assert_nonnull (lan_answer_get_text (answer, path));
  return g_strdup (lan_answer_get_text (answer, path));
}

static LanAnswer *
must (LanFixture *lan, const char *method, const char *target, const char *session, const char *body)
{
  LanAnswer *answer = lan_call (lan, method, target, session, body);

  g_test_message ("%s %s: %u %s", method, target, answer->status, answer->status >= 400 ? answer->body : "");
  g_assert_cmpuint (answer->status, <, 300);
  return answer;
}

/* A word of its own in every text usera has. */
static void
plant (Crawl *self)
{
  LanFixture *lan = self->lan;
  g_autofree char *ann = lan_sign_in (lan, "ann");
  g_autofree char *room = g_strdup_printf ("/api/usera/rooms/%s", lan->room_id);
  g_autofree char *ask = g_strdup_printf ("/api/rooms/%s/requests", lan->room_code);
  g_autofree char *event_body = g_strdup_printf ("{\"roomId\":\"%s\",\"name\":\"" CANARY "-event\",\"state\":\"active\","
                                                 "\"rules\":{\"approval\":false,\"freeText\":true,\"blocked\":[\"" CANARY "-rule\"]}}",
                                                 lan->room_id);
  g_autofree char *display_body = g_strdup_printf ("{\"roomId\":\"%s\",\"name\":\"" CANARY "-display\"}", lan->room_id);
  g_autoptr (LanAnswer) settings =
    must (lan, "PUT", "/api/usera/settings", ann,
          "{\"settings\":{\"welcome\":\"" CANARY "-welcome\",\"contact\":\"" CANARY "-contact\",\"blockedWords\":[\"" CANARY "-word\"]}}");
  g_autoptr (LanAnswer) named = must (lan, "PATCH", room, ann,
                                      "{\"name\":\"" CANARY "-room\",\"announcement\":\"" CANARY "-said\",\"wifiSsid\":\"" CANARY
                                      "-net\",\"wifiPassword\":\"" CANARY "-password\"}");
  g_autoptr (LanAnswer) event = must (lan, "POST", "/api/usera/events", ann, event_body);
  g_autoptr (LanAnswer) display = must (lan, "POST", "/api/usera/displays", ann, display_body);
  g_autoptr (LanAnswer) member =
    must (lan, "POST", "/api/usera/members", ann,
          "{\"username\":\"" CANARY "-member\",\"password\":\"" LAN_PASSWORD "\",\"role\":\"viewer\"}");
  g_autofree char *guest = lan_meet_guest (lan);
  g_autofree char *keyed = g_strconcat (guest, "Idempotency-Key: " CANARY "-key\r\n", NULL);
  g_autoptr (LanAnswer) asked =
    must (lan, "POST", ask, keyed, "{\"title\":\"" CANARY "-title\",\"artist\":\"" CANARY "-artist\",\"name\":\"" CANARY
          "-guest\",\"message\":\"" CANARY "-message\"}");
  g_autofree char *guests = g_strdup_printf ("/api/usera/requests?roomId=%s", lan->room_id);
  g_autoptr (LanAnswer) list = must (lan, "GET", guests, ann, NULL);

  g_ptr_array_add (self->ids, g_strdup (lan->organization_id));
  g_ptr_array_add (self->ids, g_strdup (lan->room_id));
  g_ptr_array_add (self->ids, g_strdup (lan->room_code));
  g_ptr_array_add (self->ids, text_of (event, "event.id"));
  g_ptr_array_add (self->ids, text_of (event, "event.number"));
  g_ptr_array_add (self->ids, text_of (display, "display.id"));
  g_ptr_array_add (self->ids, text_of (member, "member.id"));
  g_ptr_array_add (self->ids, text_of (asked, "request.id"));
  g_ptr_array_add (self->ids, text_of (asked, "request.number"));
}

/* usera was called otherwise for a while: the name leads to it, but not whoever must not know of it. */
static void
rename_and_back (Crawl *self)
{
  g_autofree char *ann = lan_sign_in (self->lan, "ann");
  g_autofree char *own = g_strdup_printf ("/api/organizations/%s", self->lan->organization_id);
  g_autoptr (LanAnswer) away = must (self->lan, "PATCH", own, ann, "{\"slug\":\"" OLD_SLUG "\"}");
  g_autoptr (LanAnswer) back = must (self->lan, "PATCH", own, ann, "{\"slug\":\"usera\"}");
  g_autoptr (LanAnswer) sent = lan_call (self->lan, "GET", "/api/" OLD_SLUG "/rooms", ann, NULL);

  g_assert_cmpuint (sent->status, ==, 308);
}

/* userb's own people, one of each role, and a night with a guest, so that nothing is refused for want of one. */
static void
settle (Crawl *self)
{
  LanFixture *lan = self->lan;
  g_autoptr (LanAnswer) rooms = NULL, event = NULL;
  g_autofree char *body = NULL, *page = NULL, *cookie = NULL;
  g_autoptr (LanAnswer) met = NULL;

  lan_fixture_add_userb (lan);
  self->sessions[0] = g_strdup ("");
  self->sessions[4] = lan_sign_in (lan, "bob");
  for (guint i = 1; i < 4; i++)
    {
      g_autofree char *person = g_strdup_printf ("{\"username\":\"b%s\",\"password\":\"" LAN_PASSWORD "\",\"role\":\"%s\"}",
                                                 roles[i], roles[i]);
      g_autofree char *name = g_strdup_printf ("b%s", roles[i]);
      g_autoptr (LanAnswer) made = must (lan, "POST", "/api/userb/members", self->sessions[4], person);

      self->sessions[i] = lan_sign_in (lan, name);
    }
  rooms = must (lan, "GET", "/api/userb/rooms", self->sessions[4], NULL);
  {
    JsonObject *room = json_array_get_object_element (json_object_get_array_member (rooms->json, "rooms"), 0);

    self->own_room = g_strdup (json_object_get_string_member (room, "id"));
    self->own_code = g_strdup (json_object_get_string_member (room, "code"));
  }
  body = g_strdup_printf ("{\"roomId\":\"%s\",\"name\":\"Night\",\"state\":\"active\",\"rules\":{\"freeText\":true}}", self->own_room);
  event = must (lan, "POST", "/api/userb/events", self->sessions[4], body);
  page = g_strdup_printf ("/api/rooms/%s", self->own_code);
  met = must (lan, "GET", page, NULL, NULL);
  cookie = lan_answer_get_cookie (met, TEMPO_GUEST_COOKIE);
  self->guest = g_strdup_printf ("Cookie: " TEMPO_GUEST_COOKIE "=%s\r\n", cookie);
}

/* What of an answer may differ: what was asked for, ids, dates, counters. */
static char *
normalize (LanAnswer *answer, const char *asked)
{
  static const char *const patterns[] = {
    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z",
    "(?<=\"revision\":)[0-9]+",
    "\"apiCalls\":[0-9]+,", /* counts the very calls of this test */
  };
  g_autofree char *type = lan_answer_get_header (answer, "Content-Type");
  g_autofree char *challenge = lan_answer_get_header (answer, "WWW-Authenticate");
  g_autofree char *allow = lan_answer_get_header (answer, "Allow");
  g_autofree char *location = lan_answer_get_header (answer, "Location");
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%u|%s|%s|%s|%s|%s", answer->status, type, challenge, allow, location,
                   g_utf8_validate (answer->body, (gssize) answer->length, NULL) ? answer->body : "(an archive)");
  g_string_replace (text, asked, "<asked>", 0);
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autoptr (GRegex) regex = g_regex_new (patterns[i], 0, 0, NULL);
      char *replaced = g_regex_replace_literal (regex, text->str, -1, 0, strstr (patterns[i], "Calls") != NULL ? "" : "<id>", 0, NULL);

      g_string_assign (text, replaced);
      g_free (replaced);
    }
  return g_string_free (text, FALSE);
}

static gboolean
holds_canary (const char *data, gsize length)
{
  for (gsize i = 0; i + strlen (CANARY) <= length; i++)
    if (memcmp (data + i, CANARY, strlen (CANARY)) == 0)
      return TRUE;
  return FALSE;
}

static LanAnswer *
call (Crawl *self, const char *method, const char *target, const char *headers, const char *body)
{
  LanAnswer *answer = lan_call (self->lan, method, target, *headers != '\0' ? headers : NULL, body);

  self->calls++;
  if (answer->status >= 500 && answer->status != 501)
    g_error ("%s %s: %u %s", method, target, answer->status, answer->body);
  if (holds_canary (answer->body, answer->length) || strstr (answer->head, CANARY) != NULL)
    g_error ("%s %s tells what is another's: %s", method, target, answer->body);
  return answer;
}

/* Of the same shape as what is there: a number for a number, a code for a code. */
static const char *
make_nothing (const char *foreign)
{
  if (strlen (foreign) == 36)
    return NO_ID;
  return strstr (foreign, "-EVT-") != NULL ? "USE-EVT-777" : strstr (foreign, "-REQ-") != NULL ? "USE-REQ-777" : "ZZZZ9";
}

/* One's own log repeats what one asked for, whoever's it was. */
static void
forgive_log (Crawl *self, char **text)
{
  GString *forgiven = g_string_new (*text);

  for (guint i = 0; i < self->ids->len; i++)
    {
      g_string_replace (forgiven, g_ptr_array_index (self->ids, i), "<id>", 0);
      g_string_replace (forgiven, make_nothing (g_ptr_array_index (self->ids, i)), "<id>", 0);
    }
  g_string_replace (forgiven, "<asked>", "<id>", 0);
  g_free (*text);
  *text = g_string_free (forgiven, FALSE);
}

/* @form has %s where the name goes, in target or body. */
static void
compare (Crawl *self, const char *method, const char *target_form, const char *headers, const char *body_form,
         const char *foreign, const char *nothing)
{
  g_auto (GStrv) target_parts = g_strsplit (target_form, "%s", -1);
  g_auto (GStrv) body_parts = g_strsplit (body_form != NULL ? body_form : "", "%s", -1);
  g_autofree char *foreign_target = g_strjoinv (foreign, target_parts);
  g_autofree char *nothing_target = g_strjoinv (nothing, target_parts);
  g_autofree char *foreign_body = body_form != NULL ? g_strjoinv (foreign, body_parts) : NULL;
  g_autofree char *nothing_body = body_form != NULL ? g_strjoinv (nothing, body_parts) : NULL;
  g_autoptr (LanAnswer) there = call (self, method, foreign_target, headers, foreign_body);
  g_autoptr (LanAnswer) missing = call (self, method, nothing_target, headers, nothing_body);
  g_autofree char *one = normalize (there, foreign);
  g_autofree char *other = normalize (missing, nothing);

  if (g_str_has_prefix (target_form, "/api/userb/audit"))
    {
      forgive_log (self, &one);
      forgive_log (self, &other);
    }
  if (strcmp (one, other) != 0)
    g_error ("%s %s %s\n  somebody else's: %s\n  nothing at all:  %s", method, foreign_target,
             foreign_body != NULL ? foreign_body : "", one, other);
}

static char *
fill (const char *pattern, const char *param, const char *value)
{
  GString *target = g_string_new (pattern);

  g_string_replace (target, param, value, 0);
  return g_string_free (target, FALSE);
}

static gboolean
is_stream (const char *pattern)
{
  return g_str_has_suffix (pattern, "/stream");
}

/* Somebody else's house by its name and by its id, for every role. */
static void
crawl_slug (Crawl *self, const char *method, const char *pattern)
{
  g_autofree char *with_id = fill (pattern, "{id}", NO_ID);
  g_autofree char *form = fill (with_id, "{org}", "%s");
  const char *body = g_str_equal (method, "GET") ? NULL : "{}";

  for (guint role = 0; role < G_N_ELEMENTS (roles); role++)
    {
      compare (self, method, form, self->sessions[role], body, "usera", NO_SLUG);
      compare (self, method, form, self->sessions[role], body, OLD_SLUG, NO_SLUG);
      compare (self, method, form, self->sessions[role], body, self->lan->organization_id, NO_ID);
    }
}

/* One's own house, and somebody else's things in path, query, body and header. */
static void
crawl_own (Crawl *self, const char *method, const char *pattern)
{
  static const char *const queries[] = { "roomId", "eventId", "guestId", "requestId", "actor", "cursor" };
  static const guint who[] = { 1, 2, 4 };
  g_autofree char *own = fill (pattern, "{org}", "userb");
  g_autofree char *form = fill (own, "{id}", "%s");
  gboolean get = g_str_equal (method, "GET");
  gboolean named = strstr (form, "%s") != NULL;

  for (guint i = 0; i < self->ids->len; i++)
    {
      const char *foreign = g_ptr_array_index (self->ids, i);
      const char *nothing = make_nothing (foreign);

      for (guint w = 0; named && w < G_N_ELEMENTS (who); w++)
        compare (self, method, form, self->sessions[who[w]], get ? NULL : "{\"status\":\"approved\",\"hold\":true,\"state\":\"ended\"}",
                 foreign, nothing);
      for (guint q = 0; get && !named && q < G_N_ELEMENTS (queries); q++)
        {
          g_autofree char *cursor = g_str_equal (queries[q], "cursor") ? g_strdup ("1795291200000000.") : g_strdup ("");
          g_autofree char *asked = g_strdup_printf ("%s?%s=%s%%s", form, queries[q], cursor);

          compare (self, method, asked, self->sessions[4], NULL, foreign, nothing);
        }
      if (!get && !named)
        {
          g_autofree char *headers = g_strconcat (self->sessions[4], "Idempotency-Key: " CANARY "-key\r\n", NULL);

          compare (self, method, form, headers,
                   "{\"roomId\":\"%s\",\"eventId\":\"%s\",\"requestId\":\"%s\",\"guestId\":\"%s\",\"memberId\":\"%s\",\"songId\":\"%s\"}",
                   foreign, nothing);
        }
    }
}

/* A guest in a room of theirs with the things of another house. */
static void
crawl_guest (Crawl *self, const char *method, const char *pattern)
{
  g_autofree char *room = fill (pattern, "{room}", self->own_code);
  g_autofree char *form = fill (room, "{id}", "%s");

  for (guint i = 0; i < self->ids->len; i++)
    {
      const char *foreign = g_ptr_array_index (self->ids, i);

      compare (self, method, form, self->guest, g_str_equal (method, "GET") ? NULL : "{}", foreign, make_nothing (foreign));
    }
}

/* What is not for everybody, by everybody but the one it is for. */
static void
crawl_super (Crawl *self, const char *method, const char *pattern)
{
  g_autofree char *form = fill (pattern, "{orgId}", "%s");

  for (guint role = 0; role < G_N_ELEMENTS (roles); role++)
    compare (self, method, form, self->sessions[role], "{}", "usera", NO_SLUG);
}

static void
crawl_token (Crawl *self, const char *method, const char *pattern)
{
  g_autofree char *form = fill (pattern, "{token}", "%s");

  for (guint i = 0; i < self->ids->len; i++)
    compare (self, method, form, "", g_str_equal (method, "GET") ? NULL : "{}", g_ptr_array_index (self->ids, i),
             make_nothing (g_ptr_array_index (self->ids, i)));
}

static void
collect_cb (const TempoRoute *route, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup_printf ("%s %s", route->method, route->pattern));
}

static gboolean
find_kind (const char *route, Kind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_equal (others[i].route, route))
      {
        *kind = others[i].kind;
        return TRUE;
      }
  return FALSE;
}

static void
crawl_route (Crawl *self, const char *route)
{
  g_autofree char *method = g_strndup (route, strchr (route, ' ') - route);
  const char *pattern = strchr (route, ' ') + 1;
  Kind kind;

  g_test_message ("%s", route);
  if (g_str_has_prefix (pattern, "/api/") && strstr (pattern, "{org}") != NULL)
    {
      crawl_slug (self, method, pattern);
      if (!is_stream (pattern))
        crawl_own (self, method, pattern);
      return;
    }
  if (!find_kind (route, &kind))
    g_error ("\"%s\" names no organization: say in the table of this test why that is right", route);
  if (kind == TRY)
    crawl_guest (self, method, pattern);
  else if (kind == OWN)
    crawl_own (self, method, pattern);
  else if (kind == SUPER)
    crawl_super (self, method, pattern);
  else if (kind == CAPABILITY)
    crawl_token (self, method, pattern);
}

static void
backed_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
  g_main_context_wakeup (NULL);
}

/* What leaves the house as a file holds nothing of the neighbours'. */
static void
check_backup (Crawl *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL, *text = NULL;
  gsize length;

  tempo_host_backup_async (self->lan->host, "userb", NULL, backed_up_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  path = tempo_host_backup_finish (self->lan->host, result, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  g_assert_false (holds_canary (text, length));
}

/* Nor does what the house's own people may read of its machinery; its own holds no word that somebody wrote but names. */
static void
check_logbooks (Crawl *self)
{
  TempoOrganization *userb = tempo_host_find_organization (self->lan->host, "userb");
  g_autofree char *own = NULL, *foreign = NULL;
  g_autofree char *path = tempo_host_dup_log_path (self->lan->host, userb->id);
  g_autofree char *other = tempo_host_dup_log_path (self->lan->host, self->lan->organization_id);

  tempo_logbook_flush (self->lan->host->logbook);
  g_assert_true (g_file_get_contents (path, &own, NULL, NULL));
  g_assert_nonnull (strstr (own, "A backup was made"));
  g_assert_null (strstr (own, CANARY));
  for (guint i = 0; i < self->ids->len; i++)
    g_assert_null (strstr (own, self->ids->pdata[i]));
  g_assert_true (g_file_get_contents (other, &foreign, NULL, NULL));
  g_assert_nonnull (strstr (foreign, "Refused a call"));
  g_assert_null (strstr (foreign, userb->id));
  g_assert_null (strstr (foreign, "userb"));
  g_assert_null (strstr (foreign, CANARY));
}

static void
test_crawl (void)
{
  Crawl self = { .lan = lan_fixture_new (FALSE), .ids = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (GPtrArray) routes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (LanAnswer) metrics = NULL;

  plant (&self);
  rename_and_back (&self);
  settle (&self);
  tempo_router_walk (self.lan->server->router, collect_cb, routes);
  for (guint i = 0; i < routes->len; i++)
    crawl_route (&self, g_ptr_array_index (routes, i));
  metrics = call (&self, "GET", "/metrics", "", NULL);
  g_assert_cmpuint (metrics->status, ==, 200);
  check_backup (&self);
  check_logbooks (&self);
  g_test_message ("%u calls to %u routes", self.calls, routes->len);

  g_mutex_lock (&log_mutex);
  g_assert_null (strstr (log_text->str, CANARY));
  g_mutex_unlock (&log_mutex);
  for (guint i = 0; i < G_N_ELEMENTS (self.sessions); i++)
    g_free (self.sessions[i]);
  g_free (self.guest);
  g_free (self.own_room);
  g_free (self.own_code);
  g_ptr_array_unref (self.ids);
  lan_fixture_free (self.lan);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  log_text = g_string_new (NULL);
  g_log_set_writer_func (keep_log, NULL, NULL);
  g_test_add_func ("/lan/crawl", test_crawl);
  return g_test_run ();
}
