/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lan-fixture.h"

/* Two pictures of one dot. */
#define DARK "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
#define LIGHT "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="

static LanAnswer *
put (LanFixture *self, const char *session, gconstpointer picture, gsize length)
{
  g_autoptr (GByteArray) request = g_byte_array_new ();
  g_autofree char *head =
    g_strdup_printf ("PUT /api/usera/logo HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n%s"
                     "Content-Type: image/png\r\nContent-Length: %zu\r\n\r\n",
                     self->port, session != NULL ? session : "", length);

  g_byte_array_append (request, (const guint8 *) head, strlen (head));
  g_byte_array_append (request, picture, length);
  return lan_call_raw (self, (const char *) request->data, request->len);
}

static guint
put_base64 (LanFixture *self, const char *session, const char *base64)
{
  gsize length;
  g_autofree guchar *picture = g_base64_decode (base64, &length);
  g_autoptr (LanAnswer) answer = put (self, session, picture, length);

  return answer->status;
}

/* branding.logo as guests are told. (transfer full) (nullable). */
static char *
get_logo (LanFixture *self)
{
  g_autofree char *target = g_strdup_printf ("/api/rooms/%s", self->room_code);
  g_autoptr (LanAnswer) answer = lan_call (self, "GET", target, NULL, NULL);

  return g_strdup (lan_answer_get_text (answer, "organization.branding.logo"));
}

static guint
get_picture (LanFixture *self, const char *code, const char *id)
{
  g_autofree char *target = g_strdup_printf ("/api/rooms/%s/artwork/%s", code, id);
  g_autoptr (LanAnswer) answer = lan_call (self, "GET", target, NULL, NULL);

  return answer->status;
}

static guint
count_files (LanFixture *self)
{
  g_autofree char *folder =
    g_build_filename (self->dir, "organizations", self->organization_id, "media", "logo", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_life (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *none = get_logo (self);
  g_autofree char *dark = NULL;
  g_autofree char *light = NULL;
  g_autofree char *gone = NULL;

  g_assert_null (none);
  g_assert_cmpuint (put_base64 (self, ann, DARK), ==, 204);
  dark = get_logo (self);
  g_assert_nonnull (dark);
  g_assert_cmpuint (get_picture (self, self->room_code, dark), ==, 200);

  g_assert_cmpuint (put_base64 (self, ann, LIGHT), ==, 204);
  light = get_logo (self);
  g_assert_cmpstr (light, !=, dark);
  g_assert_cmpuint (get_picture (self, self->room_code, light), ==, 200);
  g_assert_cmpuint (get_picture (self, self->room_code, dark), ==, 404);
  g_assert_cmpuint (count_files (self), ==, 1);

  {
    g_autoptr (LanAnswer) removed = lan_call (self, "DELETE", "/api/usera/logo", ann, "{}");

    g_assert_cmpuint (removed->status, ==, 204);
  }
  gone = get_logo (self);
  g_assert_null (gone);
  g_assert_cmpuint (get_picture (self, self->room_code, light), ==, 404);
  g_assert_cmpuint (count_files (self), ==, 0);
}

static void
test_refused (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *large = g_malloc0 (513 * 1024);
  g_autofree char *logo = NULL;
  g_autofree char *still = NULL;

  g_assert_cmpuint (put_base64 (self, ann, DARK), ==, 204);
  logo = get_logo (self);
  {
    g_autoptr (LanAnswer) no_picture = put (self, ann, "<svg/>", 6);
    g_autoptr (LanAnswer) too_large = put (self, ann, large, 513 * 1024);
    g_autoptr (LanAnswer) stranger = put (self, NULL, "x", 1);
    g_autoptr (LanAnswer) by_hand =
      lan_call (self, "PUT", "/api/usera/settings", ann, "{\"settings\":{\"logo\":\"../../x\"}}");

    g_assert_cmpuint (no_picture->status, ==, 422);
    g_assert_cmpuint (too_large->status, ==, 413);
    g_assert_cmpuint (stranger->status, ==, 401);
    g_assert_cmpuint (by_hand->status, ==, 422);
  }
  still = get_logo (self);
  g_assert_cmpstr (still, ==, logo);
  g_assert_cmpuint (count_files (self), ==, 1);
}

static void
test_foreign (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *bob = NULL;
  g_autofree char *logo = NULL;
  const char *code;

  lan_fixture_add_userb (self);
  bob = lan_sign_in (self, "bob");
  g_assert_cmpuint (put_base64 (self, bob, DARK), ==, 403);
  g_assert_cmpuint (put_base64 (self, ann, DARK), ==, 204);
  logo = get_logo (self);
  {
    g_autoptr (LanAnswer) rooms = lan_call (self, "GET", "/api/userb/rooms", bob, NULL);
    JsonArray *list = json_object_get_array_member (rooms->json, "rooms");

    code = json_object_get_string_member (json_array_get_object_element (list, 0), "code");
    g_assert_cmpuint (get_picture (self, code, logo), ==, 404);
  }
  g_assert_cmpuint (get_picture (self, self->room_code, logo), ==, 200);
}

/* A page as a browser that speaks @language gets it. (transfer full). */
static LanAnswer *
get_page (LanFixture *self, const char *path, const char *language)
{
  g_autofree char *headers = g_strdup_printf ("Accept: text/html\r\nAccept-Language: %s\r\n", language);

  return lan_call (self, "GET", path, headers, NULL);
}

/* Looks at all but the words for other pages that ride along. */
static gboolean
shows_tempo (LanAnswer *answer)
{
  char *words = strstr (answer->body, "id=\"catalog\"");
  char *end = words != NULL ? strstr (words, "</script>") : NULL;

  if (end != NULL)
    memset (words, ' ', (gsize) (end - words));
  return strstr (answer->body, "Tempo") != NULL || strstr (answer->body, "icon.svg") != NULL
         || strstr (answer->body, "href=\"#i-metronome\"") != NULL;
}

/* Neither our name nor our mark is left on any page of a house that shows itself without them. */
static void
test_white_label (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autoptr (LanAnswer) display = lan_call (self, "POST", "/api/usera/displays", ann, "{\"name\":\"TV\"}");
  g_autoptr (LanAnswer) two = lan_call (self, "POST", "/api/usera/rooms", ann, "{\"name\":\"Yard\"}");
  g_autofree char *room = g_strdup_printf ("/usera/%s", self->room_code);
  g_autofree char *tv = g_strdup_printf ("/d/%s", lan_answer_get_text (display, "display.token"));
  const char *paths[] = { "/", "/usera", room, "/usera/staff", tv, "/usera/nowhere", "/invite/x", "/nobody" };
  static const char *const languages[] = { "en", "de", "es", "fr" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (LanAnswer) page = get_page (self, paths[i], "en");

      g_assert_true (shows_tempo (page));
    }
  g_assert_cmpuint (two->status, ==, 201);
  lan_answer_free (lan_call (self, "PUT", "/api/usera/settings", ann, "{\"settings\":{\"whiteLabel\":true}}"));
  for (guint i = 0; i < G_N_ELEMENTS (paths) * G_N_ELEMENTS (languages); i++)
    {
      const char *path = paths[i / G_N_ELEMENTS (languages)];
      g_autoptr (LanAnswer) page = get_page (self, path, languages[i % G_N_ELEMENTS (languages)]);

      if (shows_tempo (page))
        g_error ("%s still shows Tempo: %s", path, page->body);
    }

  g_assert_cmpuint (put_base64 (self, ann, DARK), ==, 204);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *logo = get_logo (self);
      g_autoptr (LanAnswer) page = get_page (self, paths[i], "en");

      g_assert_nonnull (strstr (page->body, logo));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/logo/life", test_life);
  g_test_add_func ("/lan/logo/refused", test_refused);
  g_test_add_func ("/lan/logo/foreign", test_foreign);
  g_test_add_func ("/lan/logo/white-label", test_white_label);
  return g_test_run ();
}
