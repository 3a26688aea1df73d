/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lan-fixture.h"

static char *
make_page (LanFixture *self)
{
  return g_strdup_printf ("/usera/%s", self->room_code);
}

static void
test_join (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *join = g_strdup_printf ("/j/%s", self->room_code);
  g_autofree char *page = make_page (self);
  const char *const targets[] = { join, "/", "/usera" };

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, "GET", targets[i], NULL, NULL);
      g_autofree char *location = lan_answer_get_header (answer, "Location");

      g_assert_cmpuint (answer->status, ==, 302);
      g_assert_cmpstr (location, ==, page);
    }
}

static void
test_several_rooms (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *page = make_page (self);
  g_autoptr (LanAnswer) made =
    lan_call (self, "POST", "/api/usera/rooms", ann, "{\"name\":\"<b>Yard</b>\"}");
  g_autoptr (LanAnswer) list = lan_call (self, "GET", "/usera", NULL, NULL);
  g_autofree char *body =
    g_strdup_printf ("{\"name\":\"Friday\",\"state\":\"active\",\"roomId\":\"%s\"}", self->room_id);
  g_autoptr (LanAnswer) event = NULL;
  g_autoptr (LanAnswer) home = NULL;
  g_autofree char *location = NULL;

  g_assert_cmpuint (made->status, ==, 201);
  g_assert_cmpuint (list->status, ==, 200);
  g_assert_nonnull (strstr (list->body, "&lt;b&gt;Yard"));
  g_assert_null (strstr (list->body, "<b>Yard"));

  event = lan_call (self, "POST", "/api/usera/events", ann, body);
  g_assert_cmpuint (event->status, ==, 201);
  home = lan_call (self, "GET", "/", NULL, NULL);
  location = lan_answer_get_header (home, "Location");
  g_assert_cmpuint (home->status, ==, 302);
  g_assert_cmpstr (location, ==, page);
}

static void
test_room_page (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *page = make_page (self);
  g_autofree char *german = g_strconcat (page, "?lang=de", NULL);
  g_autoptr (LanAnswer) answer = lan_call (self, "GET", page, NULL, NULL);
  g_autoptr (LanAnswer) translated = lan_call (self, "GET", german, NULL, NULL);
  g_autofree char *policy = lan_answer_get_header (answer, "Content-Security-Policy");
  g_autofree char *cookie = lan_answer_get_cookie (answer, "tempo_guest");
  g_autofree char *language = lan_answer_get_cookie (translated, "tempo_lang");

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_nonnull (strstr (policy, "default-src 'none'"));
  g_assert_nonnull (cookie);
  g_assert_cmpuint (strlen (cookie), ==, 43);
  g_assert_nonnull (strstr (answer->body, "id=\"state\">{"));
  g_assert_nonnull (strstr (answer->body, "<noscript>"));
  g_assert_null (strstr (answer->body, "{{"));
  g_assert_nonnull (strstr (translated->body, "lang=\"de\""));
  g_assert_cmpstr (language, ==, "de");
}

static void
test_assets (void)
{
  static const struct
  {
    const char *target;
    guint status;
  } rows[] = {
    { "/assets/guest/guest.js", 200 },  { "/assets/display/display.css", 200 },
    { "/assets/guest/page.html", 404 }, { "/assets/nothing.js", 404 },
    { "/assets/../healthz", 400 },      { "/assets/guest/%2e%2e/guest.js", 400 },
  };
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LanAnswer) answer = lan_call (self, "GET", rows[i].target, NULL, NULL);

      g_test_message ("%s", rows[i].target);
      g_assert_cmpuint (answer->status, ==, rows[i].status);
    }
}

/* The hidden field of the page as a guest's browser would send it back. */
static char *
find_token (const char *html)
{
  const char *field = strstr (html, "name=\"token\"");
  const char *value = field != NULL ? strstr (field, "value=\"") : NULL;

  g_assert_nonnull (value);
  value += strlen ("value=\"");
  return g_strndup (value, strcspn (value, "\""));
}

static void
test_form (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "\"approval\":true");
  g_autofree char *guest = lan_meet_guest (self);
  g_autofree char *other = lan_meet_guest (self);
  g_autofree char *page = make_page (self);
  g_autofree char *action = g_strconcat (page, "/requests", NULL);
  g_autoptr (LanAnswer) html = lan_call (self, "GET", page, guest, NULL);
  g_autofree char *token = find_token (html->body);
  g_autofree char *body =
    g_strdup_printf ("token=%s&title=Zombie+Walk&artist=The+Cranes&name=M%%C3%%A4x", token);
  g_autofree char *form =
    g_strconcat (guest, "Content-Type: application/x-www-form-urlencoded\r\n", NULL);
  g_autofree char *foreign =
    g_strconcat (other, "Content-Type: application/x-www-form-urlencoded\r\n", NULL);
  g_autoptr (LanAnswer) stolen = lan_call (self, "POST", action, foreign, body);
  g_autoptr (LanAnswer) bare = lan_call (self, "POST", action, form, "title=Zombie+Walk");
  g_autoptr (LanAnswer) asked = lan_call (self, "POST", action, form, body);
  g_autofree char *location = lan_answer_get_header (asked, "Location");
  g_autofree char *wanted = g_strconcat (page, "?said=asked", NULL);
  g_autoptr (LanAnswer) said = NULL;
  g_autofree char *empty_body = g_strdup_printf ("token=%s", token);
  g_autoptr (LanAnswer) empty = lan_call (self, "POST", action, form, empty_body);
  g_autofree char *empty_location = lan_answer_get_header (empty, "Location");

  g_assert_cmpuint (stolen->status, ==, 403);
  g_assert_cmpuint (bare->status, ==, 403);
  g_assert_cmpuint (asked->status, ==, 303);
  g_assert_cmpstr (location, ==, wanted);
  said = lan_call (self, "GET", location, guest, NULL);
  g_assert_nonnull (strstr (said->body, "Asked. The host will have a look."));
  g_assert_nonnull (strstr (said->body, "Zombie Walk"));
  g_assert_cmpuint (empty->status, ==, 303);
  g_assert_true (g_str_has_suffix (empty_location, "?said=invalid"));
}

/* What guests write is text, wherever it appears. */
static void
test_escaping (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "");
  g_autofree char *guest = lan_meet_guest (self);
  g_autofree char *page = make_page (self);
  g_autofree char *with_query =
    g_strconcat (page, "?q=%3C/noscript%3E%3Cscript%3E&said=%3Cscript%3E", NULL);
  g_autoptr (LanAnswer) asked = lan_ask (self, guest, "</script><script>alert(1)</script>");
  g_autoptr (LanAnswer) html = lan_call (self, "GET", with_query, guest, NULL);

  g_assert_cmpuint (asked->status, ==, 201);
  g_assert_cmpuint (html->status, ==, 200);
  g_assert_null (strstr (html->body, "<script>"));
  g_assert_null (strstr (html->body, "alert(1)</script>"));
}

/* The router's refusals and the handlers': an old card's code, a house and a room that are not here. */
static void
test_refusals_as_pages (void)
{
  static const char *const paths[] = { "/nobody/here/at/all", "/j/NOPE22", "/nobody", "/nobody/NOPE22" };
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (LanAnswer) page = lan_call (self, "GET", paths[i],
                                             "Accept: text/html\r\nAccept-Language: de\r\n", NULL);
      g_autoptr (LanAnswer) data =
        lan_call (self, "GET", paths[i], "Accept: application/json\r\n", NULL);
      g_autofree char *type = lan_answer_get_header (page, "Content-Type");

      g_test_message ("%s", paths[i]);
      g_assert_cmpuint (page->status, ==, 404);
      g_assert_true (g_str_has_prefix (type, "text/html"));
      g_assert_nonnull (strstr (page->body, "lang=\"de\""));
      /* Nobody is left standing there. */
      g_assert_nonnull (strstr (page->body, "href=\"/\""));
      g_assert_cmpuint (data->status, ==, 404);
      g_assert_cmpstr (lan_answer_get_text (data, "code"), ==, "not_found");
    }
}

/* The house's choice stands before the browser's, and a choice in the address before both. */
static void
test_display_language (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) made = lan_call (self, "POST", "/api/usera/displays", ann, "{\"name\":\"Bar\"}");
  g_autofree char *path = g_strdup_printf ("/d/%s", lan_answer_get_text (made, "display.token"));
  g_autofree char *chosen = g_strconcat (path, "?lang=es", NULL);
  g_autoptr (LanAnswer) before = lan_call (self, "GET", path, "Accept-Language: fr\r\n", NULL);
  g_autoptr (LanAnswer) set = lan_call (self, "PUT", "/api/usera/settings", ann,
                                        "{\"settings\":{\"displayLanguage\":\"de\"}}");
  g_autoptr (LanAnswer) after = lan_call (self, "GET", path, "Accept-Language: fr\r\n", NULL);
  g_autoptr (LanAnswer) asked = lan_call (self, "GET", chosen, "Accept-Language: fr\r\n", NULL);

  g_assert_cmpuint (set->status, ==, 200);
  g_assert_nonnull (strstr (before->body, "lang=\"fr\""));
  g_assert_nonnull (strstr (after->body, "lang=\"de\""));
  g_assert_null (strstr (after->body, "lang=\"fr\""));
  g_assert_nonnull (strstr (asked->body, "lang=\"es\""));
}

/* The house's line for its guests stands on their page, as text; without one there is no empty line. */
static void
test_greeting (void)
{
  static const struct
  {
    const char *settings, *says;
  } rows[] = {
    { "{\"settings\":{}}", "class=\"welcome\"></p>" },
    { "{\"settings\":{\"welcome\":\"Jazz & <b>beer</b>\"}}", "class=\"welcome\">Jazz &amp; &lt;b&gt;beer&lt;/b&gt;</p>" },
    { "{\"settings\":{\"welcome\":null}}", "class=\"welcome\"></p>" },
  };
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *page = make_page (self);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (LanAnswer) set = lan_call (self, "PUT", "/api/usera/settings", ann, rows[i].settings);
      g_autoptr (LanAnswer) answer = lan_call (self, "GET", page, NULL, NULL);

      g_assert_cmpuint (set->status, ==, 200);
      g_assert_nonnull (strstr (answer->body, rows[i].says));
    }
}

/* While nothing is on the front page says what this is and how to reach the house, both in the house's words. */
static void
test_nothing_on (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event =
    g_strdup_printf ("{\"name\":\"Friday\",\"state\":\"active\",\"roomId\":\"%s\"}", self->room_id);
  g_autoptr (LanAnswer) made = lan_call (self, "POST", "/api/usera/rooms", ann, "{\"name\":\"Yard\"}");
  g_autoptr (LanAnswer) plain = lan_call (self, "GET", "/", NULL, NULL);
  g_autoptr (LanAnswer) set =
    lan_call (self, "PUT", "/api/usera/settings", ann,
              "{\"settings\":{\"welcome\":\"Jazz & <b>beer</b>\",\"contact\":\"Call 030 <i>1234</i>\"}}");
  g_autoptr (LanAnswer) home = lan_call (self, "GET", "/", NULL, NULL);
  g_autoptr (LanAnswer) organization = lan_call (self, "GET", "/usera", NULL, NULL);
  g_autoptr (LanAnswer) begun = NULL;
  g_autoptr (LanAnswer) open = NULL;

  g_assert_cmpuint (made->status, ==, 201);
  g_assert_cmpuint (plain->status, ==, 200);
  g_assert_nonnull (strstr (plain->body, "Nothing is on right now."));
  g_assert_nonnull (strstr (plain->body, "the house decides what plays"));
  g_assert_null (strstr (plain->body, "class=\"contact\""));
  g_assert_cmpuint (set->status, ==, 200);
  g_assert_nonnull (strstr (home->body, "Jazz &amp; &lt;b&gt;beer"));
  g_assert_nonnull (strstr (home->body, "Call 030 &lt;i&gt;1234"));
  g_assert_null (strstr (home->body, "the house decides what plays"));
  g_assert_nonnull (strstr (organization->body, "Call 030 &lt;i&gt;1234"));
  begun = lan_call (self, "POST", "/api/usera/events", ann, event);
  g_assert_cmpuint (begun->status, ==, 201);
  open = lan_call (self, "GET", "/", NULL, NULL);
  g_assert_cmpuint (open->status, ==, 302);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/pages/join", test_join);
  g_test_add_func ("/lan/pages/several-rooms", test_several_rooms);
  g_test_add_func ("/lan/pages/room", test_room_page);
  g_test_add_func ("/lan/pages/assets", test_assets);
  g_test_add_func ("/lan/pages/form", test_form);
  g_test_add_func ("/lan/pages/escaping", test_escaping);
  g_test_add_func ("/lan/pages/refusals", test_refusals_as_pages);
  g_test_add_func ("/lan/pages/display-language", test_display_language);
  g_test_add_func ("/lan/pages/greeting", test_greeting);
  g_test_add_func ("/lan/pages/nothing-on", test_nothing_on);
  return g_test_run ();
}
