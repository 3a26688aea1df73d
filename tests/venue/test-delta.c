/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What clients make of the changes equals the whole state, whatever happened. */
#include "fixture.h"

#include "venue/tempo-delta-private.h"

static TempoRequest *
make_request (guint n,
              guint version)
{
  g_autofree char *id = g_strdup_printf ("r%u", n);
  g_autoptr (TempoSong) song = tempo_song_new (NULL, id, "");
  TempoRequest *request = tempo_request_new (id, song);

  request->votes = version;

  return request;
}

static GPtrArray *
copy_list (GPtrArray *list)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < list->len; i++)
    g_ptr_array_add (copy, g_object_ref (list->pdata[i]));

  return copy;
}

static void
mutate (GPtrArray *list,
        guint *next)
{
  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      g_ptr_array_insert (list, g_test_rand_int_range (0, (gint32) list->len + 1), make_request ((*next)++, 0));
      break;
    case 1:
      if (list->len > 0)
        g_ptr_array_remove_index (list, (guint) g_test_rand_int_range (0, (gint32) list->len));
      break;
    case 2:
      if (list->len > 1)
        {
          gpointer item = g_ptr_array_steal_index (list, (guint) g_test_rand_int_range (0, (gint32) list->len));

          g_ptr_array_insert (list, g_test_rand_int_range (0, (gint32) list->len + 1), item);
        }
      break;
    default:
      if (list->len > 0)
        {
          guint i = (guint) g_test_rand_int_range (0, (gint32) list->len);
          TempoRequest *after = tempo_request_copy (list->pdata[i]);

          after->votes++;
          g_object_unref (list->pdata[i]);
          list->pdata[i] = after;
        }
      break;
    }
}

/* Clients know ids only, and apply what they are told to the letter. */
static void
apply_as_client (TempoDelta *delta,
                 GPtrArray *list)
{
  if (delta->all)
    g_ptr_array_set_size (list, 0);
  for (guint i = 0; i < delta->remove->len; i++)
    for (guint j = 0; j < list->len; j++)
      if (g_str_equal (((TempoRequest *) list->pdata[j])->id, delta->remove->pdata[i]))
        {
          g_ptr_array_remove_index (list, j);
          break;
        }
  for (guint i = 0; i < delta->put->len; i++)
    {
      TempoDeltaPut *put = &g_array_index (delta->put, TempoDeltaPut, i);

      for (guint j = 0; j < list->len; j++)
        if (g_str_equal (((TempoRequest *) list->pdata[j])->id, put->request->id))
          {
            g_ptr_array_remove_index (list, j);
            break;
          }
      g_assert_cmpuint (put->index, <=, list->len);
      g_ptr_array_insert (list, (int) put->index, g_object_ref (put->request));
    }
}

static void
check_same (GPtrArray *a,
            GPtrArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    g_assert_true (a->pdata[i] == b->pdata[i]);
}

static void
test_random (void)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);
  guint next = 0;

  for (guint round = 0; round < 3000; round++)
    {
      g_autoptr (GPtrArray) before = copy_list (list);
      g_autoptr (GPtrArray) client = copy_list (list);
      g_autoptr (TempoDelta) delta = NULL;
      guint changes = (guint) g_test_rand_int_range (0, round % 50 == 0 ? 60 : 4);

      for (guint i = 0; i < changes; i++)
        mutate (list, &next);
      delta = tempo_delta_new (before, list);
      if (delta == NULL)
        {
          check_same (before, list);
          continue;
        }
      apply_as_client (delta, client);
      check_same (client, list);
      tempo_delta_apply (delta, before);
      check_same (before, list);
    }
}

typedef struct
{
  const char *name;
  const char *before;
  const char *after;
  guint removes, puts;
} Minimal;

static const Minimal minimal[] = {
  { "append", "abc", "abcd", 0, 1 },
  { "first-leaves", "abcd", "bcd", 1, 0 },
  { "last-to-first", "abcd", "dabc", 1, 1 },
  { "first-to-last", "abcd", "bcda", 1, 1 },
  { "swap", "abcd", "abdc", 1, 1 },
  { "clear", "abcd", "", 4, 0 },
  { "reverse", "abc", "cba", 2, 2 },
};

static void
test_minimal (gconstpointer data)
{
  const Minimal *c = data;
  g_autoptr (GHashTable) made = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) after = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TempoDelta) delta = NULL;

  for (char n = 'a'; n <= 'd'; n++)
    g_hash_table_insert (made, GINT_TO_POINTER ((int) n), make_request ((guint) n, 0));
  for (const char *p = c->before; *p != '\0'; p++)
    g_ptr_array_add (before, g_object_ref (g_hash_table_lookup (made, GINT_TO_POINTER ((int) *p))));
  for (const char *p = c->after; *p != '\0'; p++)
    g_ptr_array_add (after, g_object_ref (g_hash_table_lookup (made, GINT_TO_POINTER ((int) *p))));
  delta = tempo_delta_new (before, after);
  g_assert_cmpuint (delta->remove->len, ==, c->removes);
  g_assert_cmpuint (delta->put->len, ==, c->puts);
}

/* The end of a night takes everything: that is said in a word. What little stays is told apart. */
static void
test_everything (void)
{
  for (guint left = 0; left < 2; left++)
    {
      g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr (GPtrArray) after = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr (GPtrArray) client = NULL;
      g_autoptr (TempoDelta) delta = NULL;

      for (guint i = 0; i < 1000; i++)
        g_ptr_array_add (before, make_request (i, 0));
      if (left > 0)
        g_ptr_array_add (after, g_object_ref (before->pdata[500]));
      client = copy_list (before);
      delta = tempo_delta_new (before, after);
      g_assert_cmpint (delta->all, ==, left == 0);
      g_assert_cmpuint (delta->remove->len, ==, left == 0 ? 0 : 999);
      apply_as_client (delta, client);
      check_same (client, after);
      tempo_delta_apply (delta, before);
      check_same (before, after);
    }
}

/* A phone: it takes the state once, then only changes. */
typedef struct
{
  JsonObject *state; /* (owned) */
  guint changes;
  guint watch;
} Mirror;

static JsonObject *
parse_bytes (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = tempo_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);

  g_assert_no_error (error);

  return object;
}

static void
drop_by_id (JsonArray *queue,
            const char *id)
{
  for (guint i = 0; i < json_array_get_length (queue); i++)
    if (g_str_equal (json_object_get_string_member (json_array_get_object_element (queue, i), "id"), id))
      {
        json_array_remove_element (queue, i);
        return;
      }
}

/* json-glib has no insert: the array is made anew. */
static JsonArray *
insert_at (JsonArray *queue,
           guint index,
           JsonObject *request)
{
  JsonArray *after = json_array_new ();

  for (guint i = 0; i < json_array_get_length (queue); i++)
    {
      if (i == index)
        json_array_add_object_element (after, json_object_ref (request));
      json_array_add_object_element (after, json_object_ref (json_array_get_object_element (queue, i)));
    }
  if (index >= json_array_get_length (queue))
    json_array_add_object_element (after, json_object_ref (request));

  return after;
}

static void
apply_queue (Mirror *mirror,
             JsonObject *change)
{
  JsonArray *remove = json_object_get_array_member (change, "remove");
  JsonArray *put = json_object_get_array_member (change, "put");

  if (json_object_get_boolean_member_with_default (change, "all", FALSE))
    json_object_set_array_member (mirror->state, "queue", json_array_new ());
  for (guint i = 0; i < json_array_get_length (remove); i++)
    drop_by_id (json_object_get_array_member (mirror->state, "queue"),
                json_array_get_string_element (remove, i));
  for (guint i = 0; i < json_array_get_length (put); i++)
    {
      JsonObject *item = json_array_get_object_element (put, i);
      JsonObject *request = json_object_get_object_member (item, "request");
      JsonArray *queue = json_object_get_array_member (mirror->state, "queue");

      drop_by_id (queue, json_object_get_string_member (request, "id"));
      json_object_set_array_member (mirror->state, "queue",
                                    insert_at (queue,
                                               (guint) json_object_get_int_member (item, "index"),
                                               request));
    }
}

static void
changed_cb (TempoRoom *room,
            guint64 revision,
            GBytes *change,
            GBytes *staff,
            GPtrArray *touched,
            gpointer user_data)
{
  static const char *const whole[] = { "room", "event", "nowPlaying", "organization", "revision" };
  Mirror *mirror = user_data;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (JsonObject) for_staff = parse_bytes (staff);

  g_assert_true (json_object_has_member (for_staff, "roomId"));
  if (change == NULL)
    return;
  object = parse_bytes (change);
  mirror->changes++;
  g_assert_cmpint (json_object_get_int_member (object, "revision"), ==, (gint64) revision);
  for (guint i = 0; i < G_N_ELEMENTS (whole); i++)
    if (json_object_has_member (object, whole[i]))
      json_object_set_member (mirror->state, whole[i],
                              json_node_copy (json_object_get_member (object, whole[i])));
  if (json_object_has_member (object, "queue"))
    apply_queue (mirror, json_object_get_object_member (object, "queue"));
}

static void
begin_mirror (Fixture *f,
              TempoRoom *room,
              gpointer data)
{
  Mirror *mirror = data;

  mirror->state = parse_bytes (tempo_room_get_shared_state (room));
  mirror->watch = tempo_room_watch (room, changed_cb, mirror);
}

/* Everything but what clients derive: places and waiting times. */
static char *
describe (JsonObject *state)
{
  GString *text = g_string_new (NULL);
  JsonArray *queue = json_object_get_array_member (state, "queue");

  for (guint i = 0; i < json_array_get_length (queue); i++)
    {
      JsonObject *request = json_array_get_object_element (queue, i);

      g_string_append_printf (text, "%s %s %s %" G_GINT64_FORMAT "\n",
                              json_object_get_string_member (request, "id"),
                              json_object_get_string_member (request, "status"),
                              json_object_get_string_member (request, "name"),
                              json_object_get_int_member (request, "votes"));
    }
  for (guint i = 0; i < 2; i++)
    {
      JsonNode *node = json_object_get_member (state, i == 0 ? "nowPlaying" : "room");
      g_autofree char *json = json_to_string (node, FALSE);

      g_string_append_printf (text, "%s\n", json);
    }

  return g_string_free (text, FALSE);
}

static guint
served_by (const char *guest_id,
           gpointer user_data)
{
  TempoPart *part = tempo_room_find_part (user_data, guest_id);

  return part != NULL ? part->served : 0;
}

static gboolean
held_by (const char *guest_id,
         gpointer user_data)
{
  TempoGuest *guest = tempo_venue_find_guest (((TempoRoom *) user_data)->venue, guest_id);

  return guest != NULL && guest->held;
}

static void
check_order (TempoRoom *room)
{
  g_autoptr (GPtrArray) sorted = copy_list (room->queue);

  g_assert_false (room->unsorted);
  tempo_order_sort (sorted, room->event->rules->order, room->locked_id, served_by, held_by, room);
  for (guint i = 0; i < sorted->len; i++)
    {
      TempoRequest *made = g_ptr_array_index (sorted, i);
      TempoRequest *kept = g_ptr_array_index (room->queue, i);

      g_assert_cmpstr (kept->id, ==, made->id);
      g_assert_true (tempo_room_find_slot (room, kept->id)->request == kept);
    }
}

static void
compare_mirror (Fixture *f,
                TempoRoom *room,
                gpointer data)
{
  Mirror *mirror = data;
  g_autoptr (JsonObject) whole = parse_bytes (tempo_room_get_shared_state (room));
  g_autofree char *theirs = describe (mirror->state);
  g_autofree char *ours = describe (whole);

  g_assert_cmpstr (theirs, ==, ours);
  /* The working lists agree with what is shown, and the kept order with the made one. */
  check_order (room);
  g_assert_cmpuint (room->queue->len, ==, room->shown_queue->len);
  for (guint i = 0; i < room->queue->len; i++)
    g_assert_true (room->queue->pdata[i] == room->shown_queue->pdata[i]);
}

static void
pick_request (Fixture *f,
              TempoRoom *room,
              gpointer data)
{
  char **id = data;
  guint n = room->queue->len + room->inbox->len;
  guint pick;

  if (n == 0)
    return;
  pick = (guint) g_test_rand_int_range (0, (gint32) n);
  *id = g_strdup (pick < room->queue->len ? ((TempoRequest *) room->queue->pdata[pick])->id
                                          : ((TempoRequest *) room->inbox->pdata[pick - room->queue->len])->id);
}

static void
ignored_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (TempoOutcome) outcome = tempo_host_execute_finish (TEMPO_HOST (object), result, NULL);

  (*(guint *) user_data)--;
}

static TempoCommand *
random_command (Fixture *f)
{
  static const TempoAction actions[] = { TEMPO_ACTION_SUBMIT, TEMPO_ACTION_SUBMIT,
                                         TEMPO_ACTION_SUBMIT, TEMPO_ACTION_SUBMIT,
                                         TEMPO_ACTION_VOTE, TEMPO_ACTION_VOTE, TEMPO_ACTION_VOTE,
                                         TEMPO_ACTION_APPROVE,
                                         TEMPO_ACTION_DECLINE, TEMPO_ACTION_MOVE, TEMPO_ACTION_PIN,
                                         TEMPO_ACTION_UNDO,
                                         TEMPO_ACTION_SKIP, TEMPO_ACTION_WITHDRAW,
                                         TEMPO_ACTION_CLEAR, TEMPO_ACTION_EVENT_RULES };
  static const char *const orders[] = { "{\"order\":\"fair\"}", "{\"order\":\"votes\"}",
                                        "{\"order\":\"first\"}" };
  TempoAction action = actions[g_test_rand_int_range (0, G_N_ELEMENTS (actions))];
  g_autofree char *guest = g_strdup_printf ("guest%d", g_test_rand_int_range (0, 8));
  gboolean own = action == TEMPO_ACTION_SUBMIT || action == TEMPO_ACTION_VOTE
    || action == TEMPO_ACTION_WITHDRAW;
  TempoCommand *command = own ? fixture_guest_command (f, action, guest) : fixture_command (f, action);
  const char *order = orders[g_test_rand_int_range (0, 3)];

  if (action == TEMPO_ACTION_SUBMIT)
    command->song_id = g_strdup_printf ("s%d", g_test_rand_int_range (0, 200));
  else
    fixture_on_engine (f, pick_request, &command->request_id);
  command->position = (guint) g_test_rand_int_range (1, 12);
  command->flag = g_test_rand_bit ();
  if (action == TEMPO_ACTION_EVENT_RULES)
    command->patch = tempo_json_parse (order, strlen (order), NULL);

  return command;
}

/* A wild night, some acts together in one turn, watched by a phone that only hears of changes. */
static void
test_night (void)
{
  Fixture f = { 0 };
  Mirror mirror = { 0 };
  guint waiting = 0;

  fixture_set_up (&f, "{\"perGuest\":0,\"noRepeatMinutes\":0}");
  fixture_on_engine (&f, begin_mirror, &mirror);
  for (guint round = 0; round < 300; round++)
    {
      guint together = (guint) g_test_rand_int_range (1, 6);

      tempo_clock_advance (f.clock, G_USEC_PER_SEC);
      for (guint i = 0; i < together; i++)
        {
          g_autoptr (TempoCommand) command = random_command (&f);

          waiting++;
          tempo_host_execute_async (f.host, command, NULL, ignored_cb, &waiting);
        }
      if (round % 7 == 0)
        fixture_end_song (&f);
      while (waiting > 0)
        g_main_context_iteration (NULL, TRUE);
      fixture_settle (&f);
      fixture_on_engine (&f, compare_mirror, &mirror);
    }
  g_assert_cmpuint (mirror.changes, >, 100);
  fixture_tear_down (&f);
  g_clear_pointer (&mirror.state, json_object_unref);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/venue/delta/random", test_random);
  g_test_add_func ("/venue/delta/everything", test_everything);
  for (guint i = 0; i < G_N_ELEMENTS (minimal); i++)
    {
      g_autofree char *path = g_strconcat ("/venue/delta/minimal/", minimal[i].name, NULL);

      g_test_add_data_func (path, &minimal[i], test_minimal);
    }
  g_test_add_func ("/venue/delta/night", test_night);

  return g_test_run ();
}
