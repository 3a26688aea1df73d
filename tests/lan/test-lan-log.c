/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tempo-clock.h"
#include "lan-fixture.h"

/* The log as staff look things up in it. */

#define NIGHTS_APART_US (30 * G_TIME_SPAN_DAY)

static gint64
count_found (LanFixture *self, const char *session, const char *query)
{
  g_autofree char *target = g_strdup_printf ("/api/usera/audit?limit=100&%s", query);
  g_autoptr (LanAnswer) audit = lan_call (self, "GET", target, session, NULL);

  g_assert_cmpuint (audit->status, ==, 200);
  return json_array_get_length (json_object_get_array_member (audit->json, "audit"));
}

static void
ask_as (LanFixture *self, const char *guest, const char *title)
{
  g_autoptr (LanAnswer) answer = lan_ask (self, guest, title);

  g_assert_cmpuint (answer->status, ==, 201);
}

/* Who asked for the song of this title, as the log has it. */
static char *
dup_guest_id (LanFixture *self, const char *session, const char *title)
{
  g_autofree char *target = g_strdup_printf ("/api/usera/audit?action=submit&q=%s", title);
  g_autoptr (LanAnswer) audit = lan_call (self, "GET", target, session, NULL);
  JsonArray *rows = json_object_get_array_member (audit->json, "audit");

  g_assert_cmpuint (json_array_get_length (rows), ==, 1);
  return g_strdup (json_object_get_string_member (
      json_object_get_object_member (json_array_get_object_element (rows, 0), "actor"), "id"));
}

/* A person's rows are found by their id: a member's by index, a guest's in the time the guest was here. */
static void
test_actor (void)
{
  g_autoptr (LanFixture) self = lan_fixture_new (FALSE);
  g_autofree char *ann = lan_sign_in (self, "ann");
  g_autofree char *event = lan_start_event (self, ann, "\"perGuest\":0,\"cooldownSeconds\":0");
  g_autofree char *early = lan_meet_guest (self), *late = NULL, *early_id = NULL, *late_id = NULL;
  g_autoptr (LanAnswer) me = lan_call (self, "GET", "/api/auth/me", ann, NULL);
  const char *ann_id = lan_answer_get_text (me, "member.id");

  ask_as (self, early, "First");
  ask_as (self, early, "Second");
  tempo_clock_advance (self->clock, NIGHTS_APART_US);
  late = lan_meet_guest (self);
  ask_as (self, late, "Third");
  g_clear_pointer (&ann, g_free);
  ann = lan_sign_in (self, "ann");
  early_id = dup_guest_id (self, ann, "First");
  late_id = dup_guest_id (self, ann, "Third");
  g_assert_nonnull (ann_id);

  const struct
  {
    const char *actor;
    const char *more;
    gint64 rows;
  } cases[] = {
    { early_id, "&action=submit", 2 },   { late_id, "&action=submit", 1 },   { early_id, "&q=second", 1 },
    { early_id, "&q=third", 0 },         { ann_id, "&action=submit", 0 },    { ann_id, "&action=event_create", 1 },
    { "guest", "&action=submit", 3 },    { "ann", "&action=event_create", 1 }, { "0190a000-0000-7000-8000-000000000000", "", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *query = g_strdup_printf ("actor=%s%s", cases[i].actor, cases[i].more);

      g_test_message ("%s", query);
      g_assert_cmpint (count_found (self, ann, query), ==, cases[i].rows);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/log/actor", test_actor);
  return g_test_run ();
}
