/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lan/tempo-answers.h"
#include "lan/tempo-checks.h"
#include "lan/tempo-fallback.h"
#include "lan/tempo-sentences.h"
#include "model/tempo-event.h"
#include "music/tempo-source.h"

#define N_(text) text
#define LANGUAGE_COOKIE_SECONDS (400 * 24 * 3600)
#define SEARCH_MAX_RESULTS 20
#define SONG_ID_MAX_CHARACTERS 200

/* ?lang= is a choice, so it is kept; the page's own menu sets the same cookie. */
void
tempo_page_remember_language (TempoExchange *exchange)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  const char *choice = tempo_exchange_get_query (exchange, "lang");

  if (choice != NULL && g_strcmp0 (choice, visit->language) == 0)
    tempo_exchange_set_lax_cookie (exchange, TEMPO_LANGUAGE_COOKIE, visit->language,
                                   LANGUAGE_COOKIE_SECONDS);
}

/* The digest the asset's address carries, for templates that write the path themselves. */
const char *
tempo_page_get_version (TempoLanServer *server, const char *name)
{
  const char *url = tempo_assets_get_url (server->assets, name);
  const char *version = url != NULL ? strstr (url, "?v=") : NULL;

  return version != NULL ? version + 3 : "";
}

/* Its pictures are found beside any of its rooms. (transfer full) (nullable). */
static char *
make_logo_url (TempoVisit *visit, TempoOrganization *organization)
{
  g_autoptr (GPtrArray) rooms = NULL;

  if (organization == NULL || organization->logo == NULL)
    return NULL;
  rooms = tempo_host_get_rooms (visit->server->host, organization->id);
  return rooms->len > 0 ? g_strdup_printf ("/api/rooms/%s/artwork/%s",
                                           tempo_room_get_info (g_ptr_array_index (rooms, 0))->code,
                                           organization->logo)
                        : NULL;
}

/* What stands where Tempo's mark would stand: the house's own sign, ours, or nothing in a house that shows itself
 * without ours. @icon: (out) (transfer full) the address of the browser's picture of the page. (transfer full).
 */
char *
tempo_page_make_mark (TempoVisit *visit, TempoOrganization *organization, char **icon)
{
  gboolean plain = organization != NULL ? organization->white_label : tempo_page_hides_tempo (visit);
  g_autofree char *logo = make_logo_url (visit, organization);
  const char *ours = tempo_assets_get_url (visit->server->assets, "common/icon.svg");

  *icon = g_strdup (logo != NULL ? logo : plain || ours == NULL ? "data:," : ours);
  if (logo != NULL)
    return g_strdup_printf ("<img src=\"%s\" alt=\"\">", logo);
  return g_strdup (plain ? "" : "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#i-metronome\"/></svg>");
}

/* Whether the installation's own pages keep Tempo's name out of sight, too: all of its houses do.
 */
gboolean
tempo_page_hides_tempo (TempoVisit *visit)
{
  g_autoptr (GPtrArray) rooms = tempo_host_get_rooms (visit->server->host, NULL);

  for (guint i = 0; i < rooms->len; i++)
    if (!tempo_room_get_organization (g_ptr_array_index (rooms, i))->white_label)
      return FALSE;
  return rooms->len > 0;
}

/* What the installation is called on pages of no house.
 */
const char *
tempo_page_get_installation_name (TempoVisit *visit)
{
  return tempo_page_hides_tempo (visit) ? tempo_fallback_text (visit, N_ ("What do you want to hear?")) : "Tempo";
}

static char *
make_state_block (GBytes *state)
{
  gsize length;
  const char *text = g_bytes_get_data (state, &length);

  return tempo_page_json (text, length);
}

/* For {{{catalog}}}, in the reader's language. */
char *
tempo_page_make_catalog (TempoVisit *visit, TempoCatalog *catalog)
{
  gsize length;
  const char *text = g_bytes_get_data (tempo_catalog_get_json (catalog, visit->language), &length);

  return tempo_page_json (text, length);
}

static char *
make_title (TempoRoom *room)
{
  const char *organization = tempo_room_get_organization (room)->name;
  TempoEvent *event = tempo_room_get_event (room);

  return event != NULL ? g_strdup_printf ("%s · %s", organization, event->name)
                       : g_strdup (organization);
}

static void
answer_room_page (TempoExchange *exchange, TempoRoom *room, GPtrArray *songs)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  TempoOrganization *organization = tempo_room_get_organization (room);
  g_autoptr (GBytes) document = tempo_room_get_state (room, visit->guest_digest);
  g_autofree char *state = make_state_block (document);
  g_autofree char *catalog = tempo_page_make_catalog (visit, visit->server->guest_catalog);
  g_autofree char *fallback =
    tempo_fallback_new (exchange, room, songs, tempo_exchange_get_query (exchange, "q"),
                        tempo_exchange_get_query (exchange, "said"));
  g_autofree char *title = make_title (room);
  g_autofree char *icon = NULL;
  g_autofree char *mark = tempo_page_make_mark (visit, organization, &icon);
  g_autofree char *dark = tempo_colour_readable (
    organization->accent_dark != NULL ? organization->accent_dark : organization->accent, TEMPO_PAGE_NIGHT);
  g_autofree char *light = tempo_colour_readable (organization->accent, TEMPO_PAGE_PAPER);
  g_autoptr (GBytes) html =
    tempo_page_fill (tempo_lan_server_get_template (visit->server, "guest/page.html"), "lang",
                     visit->language, "title", title, "organization", organization->name, "accent",
                     organization->accent, "accent_text_dark", dark, "accent_text_light", light,
                     "icon", icon, "mark", mark, "welcome", organization->welcome, "version",
                     tempo_page_get_version (visit->server, "guest/guest.css"), "state", state, "catalog", catalog, "fallback", fallback, NULL);

  tempo_exchange_answer_html (exchange, 200, html);
}

static void
page_search_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GPtrArray) songs = tempo_source_search_finish (TEMPO_SOURCE (source), result, NULL);
  TempoRoom *room = tempo_visit_get_room (tempo_visit_get (exchange));

  if (room != NULL)
    answer_room_page (exchange, room, songs);
  else
    tempo_answer_code (exchange, 404, "not_found", "the room went away");
}

static void
get_room_page (TempoExchange *exchange, gpointer user_data)
{
  TempoRoom *room = tempo_visit_get_room (tempo_visit_get (exchange));
  TempoSource *source = tempo_room_get_source (room);
  const char *query = tempo_exchange_get_query (exchange, "q");

  tempo_page_remember_language (exchange);
  if (query == NULL || *query == '\0' || source == NULL
      || !(tempo_source_get_abilities (source) & TEMPO_SOURCE_SEARCH))
    answer_room_page (exchange, room, NULL);
  else
    tempo_source_search_async (source, query, SEARCH_MAX_RESULTS, NULL, page_search_done_cb,
                               tempo_exchange_ref (exchange));
}

static void
redirect_to_room (TempoExchange *exchange, TempoRoom *room)
{
  g_autofree char *location = g_strdup_printf ("/%s/%s", tempo_room_get_organization (room)->slug,
                                               tempo_room_get_info (room)->code);

  tempo_exchange_set_header (exchange, "Cache-Control", "no-store");
  tempo_exchange_answer_redirect (exchange, 302, location);
}

static void
get_join (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  TempoRoom *room =
    tempo_host_find_room (server->host, NULL, tempo_exchange_get_param (exchange, "code"));

  if (room != NULL)
    redirect_to_room (exchange, room);
  else
    tempo_answer_code (exchange, 404, "not_found", "no room has this code");
}

static gboolean
is_open (TempoRoom *room)
{
  return tempo_room_get_event (room) != NULL
         && tempo_room_get_info (room)->switch_state != TEMPO_SWITCH_CLOSED;
}

/* The room to go on to: the only one, or the only one that is open. */
static TempoRoom *
find_only_room (GPtrArray *rooms)
{
  TempoRoom *only = NULL;

  if (rooms->len == 1)
    return g_ptr_array_index (rooms, 0);
  for (guint i = 0; i < rooms->len; i++)
    {
      TempoRoom *room = g_ptr_array_index (rooms, i);

      if (!is_open (room))
        continue;
      if (only != NULL)
        return NULL;
      only = room;
    }
  return only;
}

/* A page of few words, of @organization (nullable): lists of rooms, and what is not there. */
static GBytes *
make_plain_page (TempoVisit *visit,
                 TempoOrganization *organization,
                 const char *title,
                 const char *text,
                 const char *about,
                 const char *rooms,
                 const char *contacts)
{
  g_autofree char *icon = NULL;
  g_autofree char *mark = tempo_page_make_mark (visit, organization, &icon);

  return tempo_page_fill (tempo_lan_server_get_template (visit->server, "guest/home.html"), "lang",
                          visit->language, "title", title, "text", text, "about", about, "rooms",
                          rooms, "contacts", contacts, "icon", icon, "mark", mark,
                          "kind", *rooms == '\0' ? "alone" : "", "version", tempo_page_get_version (visit->server, "guest/guest.css"), NULL);
}

void
tempo_page_answer_plain (TempoExchange *exchange, guint status, const char *title, const char *text)
{
  g_autoptr (GBytes) html = make_plain_page (tempo_visit_get (exchange), NULL, title, text, NULL, "", "");

  tempo_exchange_answer_html (exchange, status, html);
}

static void
append_room_link (GString *html, TempoVisit *visit, TempoRoom *room)
{
  TempoOrganization *organization = tempo_room_get_organization (room);
  g_autofree char *href =
    g_strdup_printf ("/%s/%s", organization->slug, tempo_room_get_info (room)->code);
  g_autoptr (GBytes) link =
    tempo_page_fill (tempo_lan_server_get_template (visit->server, "guest/home-room.html"), "href",
                     href, "name", tempo_room_get_info (room)->name, "organization",
                     organization->name, NULL);

  g_string_append_len (html, g_bytes_get_data (link, NULL), g_bytes_get_size (link));
}

/* The house of all @rooms, NULL when there are several or none; rooms of one stand together. */
static TempoOrganization *
find_only_house (GPtrArray *rooms)
{
  TempoOrganization *first;

  if (rooms->len == 0)
    return NULL;
  first = tempo_room_get_organization (g_ptr_array_index (rooms, 0));
  return first == tempo_room_get_organization (g_ptr_array_index (rooms, rooms->len - 1)) ? first : NULL;
}

/* How to reach the houses whose rooms are listed, in their own words. */
static char *
make_contacts (TempoVisit *visit, GPtrArray *rooms)
{
  GString *html = g_string_new (NULL);
  TempoOrganization *last = NULL;

  for (guint i = 0; i < rooms->len; i++)
    {
      TempoOrganization *organization = tempo_room_get_organization (g_ptr_array_index (rooms, i));
      g_autoptr (GBytes) line = NULL;

      if (organization == last || organization->contact == NULL || *organization->contact == '\0')
        continue;
      last = organization;
      line = tempo_page_fill (tempo_lan_server_get_template (visit->server, "guest/home-contact.html"),
                              "organization", find_only_house (rooms) == NULL ? organization->name : NULL,
                              "contact", organization->contact, NULL);
      g_string_append_len (html, g_bytes_get_data (line, NULL), g_bytes_get_size (line));
    }
  return g_string_free (html, FALSE);
}

static gboolean
has_open (GPtrArray *rooms)
{
  for (guint i = 0; i < rooms->len; i++)
    if (is_open (g_ptr_array_index (rooms, i)))
      return TRUE;
  return FALSE;
}

/* Where nothing is on, the page says what this is: in the house's words when there is one house and it has some. */
static const char *
find_about (TempoVisit *visit, GPtrArray *rooms)
{
  TempoOrganization *only = find_only_house (rooms);

  if (has_open (rooms))
    return "";
  if (only != NULL && only->welcome != NULL && *only->welcome != '\0')
    return only->welcome;
  return tempo_fallback_text (
    visit, N_ ("Guests ask for songs here from their own phones, and the house decides what plays."));
}

static const char *
find_state (TempoVisit *visit, GPtrArray *rooms)
{
  if (rooms->len == 0)
    return tempo_fallback_text (visit, N_ ("There is no room here yet."));
  return tempo_fallback_text (visit, has_open (rooms) ? N_ ("Where are you?")
                                                      : N_ ("Nothing is on right now."));
}

static void
answer_rooms (TempoExchange *exchange, GPtrArray *rooms)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  TempoRoom *only = find_only_room (rooms);
  TempoOrganization *house = find_only_house (rooms);
  g_autoptr (GString) links = NULL;
  g_autofree char *contacts = NULL;
  g_autoptr (GBytes) html = NULL;

  tempo_page_remember_language (exchange);
  if (only != NULL)
    {
      redirect_to_room (exchange, only);
      return;
    }
  links = g_string_new (NULL);
  for (guint i = 0; i < rooms->len; i++)
    append_room_link (links, visit, g_ptr_array_index (rooms, i));
  contacts = make_contacts (visit, rooms);
  html = make_plain_page (visit, house, house != NULL ? house->name : tempo_page_get_installation_name (visit),
                          find_state (visit, rooms), find_about (visit, rooms), links->str, contacts);
  tempo_exchange_answer_html (exchange, 200, html);
}

static void
get_home (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  g_autoptr (GPtrArray) rooms = tempo_host_get_rooms (server->host, NULL);

  answer_rooms (exchange, rooms);
}

static void
get_organization_page (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;
  TempoOrganization *organization =
    tempo_host_find_organization (server->host, tempo_exchange_get_param (exchange, "org"));
  g_autoptr (GPtrArray) rooms = NULL;

  if (organization == NULL || !organization->active)
    {
      tempo_answer_code (exchange, 404, "not_found", "no such organization");
      return;
    }
  rooms = tempo_host_get_rooms (server->host, organization->id);
  answer_rooms (exchange, rooms);
}

static void
go_back (TempoExchange *exchange, const char *said, guint count)
{
  TempoRoom *room = tempo_visit_get_room (tempo_visit_get (exchange));
  g_autofree char *location = NULL;
  g_autofree char *number = count > 0 ? g_strdup_printf ("&count=%u", count) : g_strdup ("");

  if (room == NULL)
    location = g_strdup ("/");
  else
    location = g_strdup_printf ("/%s/%s?said=%s%s", tempo_room_get_organization (room)->slug,
                                tempo_room_get_info (room)->code, said, number);
  tempo_exchange_answer_redirect (exchange, 303, location);
}

static void
form_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome =
    tempo_host_execute_finish (TEMPO_HOST (source), result, &error);

  if (outcome != NULL)
    {
      go_back (exchange, tempo_outcome_said (outcome), 0);
    }
  else if (error->domain == TEMPO_REFUSAL)
    {
      const TempoRefusalDetail *detail = tempo_refusal_detail (error);

      go_back (exchange, tempo_refusal_code (error->code), detail != NULL ? detail->count : 0);
    }
  else
    {
      g_warning ("form: %s", error->message);
      go_back (exchange, "internal", 0);
    }
}

/* A field of the form, trimmed; NULL when it is empty or longer than @max. (transfer full). */
static char *
take_field (TempoExchange *exchange, const char *name, glong max)
{
  const char *value = tempo_exchange_get_form (exchange, name);
  g_autofree char *text = value != NULL ? g_strstrip (g_strdup (value)) : NULL;

  if (text == NULL || *text == '\0' || g_utf8_strlen (text, -1) > max)
    return NULL;
  return g_steal_pointer (&text);
}

static void
post_form (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (TempoCommand) command = NULL;

  if (!tempo_checks_form_token_is_good (visit, tempo_exchange_get_form (exchange, "token")))
    {
      tempo_answer_code (exchange, 403, "cross_origin", "the form's token is not this guest's");
      return;
    }
  command = tempo_make_command (exchange, TEMPO_ACTION_SUBMIT);
  command->song_id = take_field (exchange, "songId", SONG_ID_MAX_CHARACTERS);
  command->title = take_field (exchange, "title", TEMPO_SONG_MAX_TEXT);
  command->artist = take_field (exchange, "artist", TEMPO_SONG_MAX_TEXT);
  command->name = take_field (exchange, "name", TEMPO_REQUEST_MAX_NAME);
  if (command->song_id == NULL && command->title == NULL)
    go_back (exchange, "invalid", 0);
  else
    tempo_host_execute_async (visit->server->host, command, NULL, form_done_cb,
                              tempo_exchange_ref (exchange));
}

static void
get_asset (TempoExchange *exchange, gpointer user_data)
{
  TempoLanServer *server = user_data;

  tempo_assets_answer (server->assets, exchange, tempo_exchange_get_param (exchange, "name"));
}

/* A page of few words with one way on: @label leads to @href, an empty one asks again for this page. */
static GBytes *
make_page_with_way (TempoVisit *visit, const char *title, const char *text, const char *about, const char *href, const char *label)
{
  g_autoptr (GBytes) html = tempo_page_fill (tempo_lan_server_get_template (visit->server, "guest/home-way.html"), "href", href,
                                             "label", tempo_fallback_text (visit, label), NULL);
  g_autofree char *way = g_strndup (g_bytes_get_data (html, NULL), g_bytes_get_size (html));

  return make_plain_page (visit, NULL, title, text, about, "", way);
}

/* For somebody whose address leads nowhere: what to do, and the way to what there is. */
static GBytes *
make_lost_page (TempoVisit *visit, const char *title, const char *sentence)
{
  return make_page_with_way (visit, title, sentence, tempo_fallback_text (visit, N_ ("Scan the code in the room once more.")), "/",
                             N_ ("See what is on here"));
}

/* For somebody before a house whose file cannot be opened: who waits need do nothing, and who does not trust that has a
 * button. */
static GBytes *
make_shut_page (TempoExchange *exchange, const char *sentence)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  tempo_exchange_set_header (exchange, "Refresh", "60");
  return make_page_with_way (visit, visit->unopened->name, sentence, NULL, "", N_ ("Try again"));
}

/* A person in a browser gets a page also when something is missing; programs
 * get the problem document. The same sentence stands in both.
 */
gboolean
tempo_page_refuse (
  TempoExchange *exchange, guint status, const char *code, const char *title, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autofree char *sentence = NULL;
  const char *name = NULL;
  g_autoptr (GBytes) html = NULL;

  if (visit == NULL)
    visit = tempo_visit_attach (exchange, user_data);
  if (g_str_equal (code, "bad_path"))
    tempo_checks_record_bad_path (exchange);
  if (!tempo_sentence_exists (code))
    return FALSE;
  if (!tempo_exchange_wants_html (exchange))
    {
      tempo_answer_code (exchange, status, code, title);
      return TRUE;
    }
  sentence = tempo_sentence_new (code, NULL, visit->server->catalog, visit->language);
  name = tempo_page_get_installation_name (visit);
  if (visit->unopened != NULL)
    html = make_shut_page (exchange, sentence);
  else
    html = g_str_equal (code, "not_found") ? make_lost_page (visit, name, sentence)
                                           : make_plain_page (visit, NULL, name, sentence, NULL, "", "");
  tempo_exchange_answer_html (exchange, status, html);
  return TRUE;
}

/* A television has no guest whose browser could say it: the house's choice stands before the browser's. */
static void
choose_display_language (TempoExchange *exchange, TempoOrganization *organization)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  if (tempo_exchange_get_query (exchange, "lang") == NULL && organization->language != NULL
      && *organization->language != '\0')
    visit->language = tempo_catalog_negotiate (organization->language, NULL, NULL);
}

/* The page of a display: the same look, other parts. The token in its address
 * is all a television has to keep.
 */
static void
get_display_page (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  TempoRoom *room = tempo_visit_get_room (visit);
  TempoOrganization *organization = tempo_room_get_organization (room);
  g_autofree char *state = make_state_block (tempo_room_get_display_state (room));
  g_autofree char *catalog = NULL;
  g_autofree char *icon = NULL;
  g_autofree char *dark = tempo_colour_readable (
    organization->accent_dark != NULL ? organization->accent_dark : organization->accent, TEMPO_PAGE_NIGHT);
  g_autoptr (GBytes) html = NULL;

  g_free (tempo_page_make_mark (visit, organization, &icon));
  choose_display_language (exchange, organization);
  catalog = tempo_page_make_catalog (visit, visit->server->display_catalog);
  html =
    tempo_page_fill (tempo_lan_server_get_template (visit->server, "display/page.html"), "lang",
                     visit->language, "title", organization->name, "accent", organization->accent,
                     "accent_text_dark", dark, "icon", icon, "state", state, "catalog", catalog, "version",
                     tempo_page_get_version (visit->server, "display/display.css"), NULL);

  tempo_exchange_answer_html (exchange, 200, html);
}

static const TempoRoute routes[] = {
  { "GET", "/", TEMPO_WHO (OPEN, 0), 0, 0, get_home },
  { "GET", "/{org}", TEMPO_WHO (OPEN, 0), 0, 0, get_organization_page },
  { "GET", "/{org}/{room}", TEMPO_WHO (GUEST, 0), 0, 0, get_room_page },
  { "POST", "/{org}/{room}/requests", TEMPO_WHO (ASK, TEMPO_ACTION_SUBMIT), 0, TEMPO_ROUTE_FORM,
    post_form },
  { "GET", "/j/{code}", TEMPO_WHO (OPEN, 0), 0, 0, get_join },
  { "GET", "/d/{token}", TEMPO_WHO (DISPLAY, 0), 0, 0, get_display_page },
  { "GET", "/assets/{name...}", TEMPO_WHO (OPEN, 0), 0, 0, get_asset },
};

/* Everything that is a page, for phones and televisions alike.
 */
void
tempo_page_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
