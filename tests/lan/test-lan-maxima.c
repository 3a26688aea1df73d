/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call may bring: at the length that is named it is taken, one above it is refused, with the code that says so. */
#include "lan-fixture.h"

#include <string.h>

typedef enum
{
  NOBODY,
  GUEST,
  STAFF,
} Who;

/* In targets, headers and bodies: @V the value, @C the room's code, @R its id, @O the organization's id. */
typedef struct
{
  const char *name;
  const char *method;
  const char *target;
  const char *headers; /* (nullable) more of them */
  const char *body;    /* (nullable) */
  Who who;
  const char *letter;  /* what the value is made of */
  gsize max;           /* letters of the value, or bytes of the body */
  gboolean whole;      /* the value fills the body up to the maximum */
  guint good, bad;
} Row;

static const Row rows[] = {
  { "search", "GET", "/api/rooms/@C/search?q=@V", NULL, NULL, NOBODY, "x", 200, FALSE, 200, 422 },
  { "search-umlauts", "GET", "/api/rooms/@C/search?q=@V", NULL, NULL, NOBODY, "%C3%A9", 200, FALSE, 200, 422 },
  { "title", "POST", "/api/rooms/@C/requests", NULL, "{\"title\":\"@V\"}", GUEST, "é", 200, FALSE, 201, 422 },
  { "artist", "POST", "/api/rooms/@C/requests", NULL, "{\"title\":\"A\",\"artist\":\"@V\"}", GUEST, "é", 200, FALSE, 201, 422 },
  { "guest-name", "POST", "/api/rooms/@C/requests", NULL, "{\"title\":\"B\",\"name\":\"@V\"}", GUEST, "é", 40, FALSE, 201, 422 },
  { "message", "POST", "/api/rooms/@C/requests", NULL, "{\"title\":\"C\",\"message\":\"@V\"}", GUEST, "é", 140, FALSE, 201, 422 },
  { "key", "POST", "/api/rooms/@C/requests", "Idempotency-Key: @V\r\n", "{\"title\":\"D\"}", GUEST, "k", 80, FALSE, 201, 422 },
  { "own-name", "PUT", "/api/rooms/@C/me", NULL, "{\"name\":\"@V\"}", GUEST, "é", 40, FALSE, 200, 422 },
  { "room-name", "POST", "/api/@O/rooms", NULL, "{\"name\":\"@V\"}", STAFF, "é", 80, FALSE, 201, 422 },
  { "room-code", "POST", "/api/@O/rooms", NULL, "{\"name\":\"E\",\"code\":\"@V\"}", STAFF, "K", 12, FALSE, 201, 422 },
  { "event-name", "POST", "/api/@O/events", NULL, "{\"roomId\":\"@R\",\"name\":\"@V\",\"state\":\"scheduled\"}", STAFF, "é", 80, FALSE, 201, 422 },
  { "display-name", "POST", "/api/@O/displays", NULL, "{\"roomId\":\"@R\",\"name\":\"@V\"}", STAFF, "é", 80, FALSE, 201, 422 },
  { "organization-name", "PATCH", "/api/organizations/@O", NULL, "{\"name\":\"@V\"}", STAFF, "é", 80, FALSE, 200, 422 },
  { "slug", "PATCH", "/api/organizations/@O", NULL, "{\"slug\":\"@V\"}", STAFF, "s", 40, FALSE, 200, 422 },
  { "username", "POST", "/api/auth/login", NULL, "{\"username\":\"@V\",\"password\":\"p\"}", NOBODY, "u", 64, FALSE, 401, 422 },
  { "licence", "PUT", "/api/@O/licence", NULL, "{\"key\":\"@V\"}", STAFF, "k", 8192, TRUE, 422, 413 },
  { "logo", "PUT", "/api/@O/logo", NULL, "@V", STAFF, "k", 512 * 1024, TRUE, 422, 413 },
};

static char *
repeat (const char *letter, gsize times)
{
  GString *all = g_string_new (NULL);

  for (gsize i = 0; i < times; i++)
    g_string_append (all, letter);
  return g_string_free (all, FALSE);
}

static char *
put_in (LanFixture *self, const char *text, const char *value)
{
  g_autoptr (GString) made = g_string_new (text);

  if (text == NULL)
    return NULL;
  g_string_replace (made, "@V", value, 0);
  g_string_replace (made, "@C", self->room_code, 0);
  g_string_replace (made, "@R", self->room_id, 0);
  g_string_replace (made, "@O", self->organization_id, 0);
  return g_string_free (g_steal_pointer (&made), FALSE);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *session = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, session, "\"perGuest\":0,\"messages\":true");
  g_autofree char *guest = lan_meet_guest (self);

  /* Too long first: it leaves nothing behind that stands in the way of the other. */
  for (guint i = 0; i < 2; i++)
    {
      gboolean over = i == 0;
      gsize frame = row->whole ? strlen (row->body) - strlen ("@V") : 0;
      g_autofree char *value = repeat (row->letter, row->max + (over ? 1 : 0) - frame);
      g_autofree char *target = put_in (self, row->target, value);
      g_autofree char *more = put_in (self, row->headers, value);
      g_autofree char *body = put_in (self, row->body, value);
      const char *who = row->who == STAFF ? session : row->who == GUEST ? guest : "";
      g_autofree char *headers = g_strconcat (who, more != NULL ? more : "", NULL);
      g_autoptr (LanAnswer) answer = lan_call (self, row->method, target, headers, body);

      g_test_message ("%s: %u %s", over ? "one above" : "at the maximum", answer->status, answer->body);
      g_assert_cmpuint (answer->status, ==, over ? row->bad : row->good);
      if (answer->status >= 400)
        g_assert_nonnull (lan_answer_get_text (answer, "code"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/lan/maxima/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  return g_test_run ();
}
