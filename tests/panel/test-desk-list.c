/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/tempo-request.h"
#include "panel/common/tempo-follow.h"
#include "panel/desk/tempo-desk-item.h"
#include "panel/desk/tempo-desk-list.h"

static const char *
get_id (gconstpointer value)
{
  return ((const TempoRequest *) value)->id;
}

static TempoRequest *
make (guint number,
      guint votes)
{
  g_autofree char *id = g_strdup_printf ("id-%u", number);
  g_autoptr (TempoSong) song = tempo_song_new (NULL, "Song", "Artist");
  TempoRequest *request = tempo_request_new (id, song);

  request->votes = votes;
  return request;
}

static GPtrArray *
make_values (const guint *numbers,
             guint n)
{
  GPtrArray *values = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (values, make (numbers[i], 0));
  return values;
}

/* A mirror that only hears the signals: when it equals the list, the signals told the truth. */
static void
changed_cb (GListModel *model,
            guint position,
            guint removed,
            guint added,
            gpointer user_data)
{
  GPtrArray *mirror = user_data;

  g_assert_cmpuint (position + removed, <=, mirror->len);
  if (removed > 0)
    g_ptr_array_remove_range (mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (mirror, (int) (position + i), g_list_model_get_item (model, position + i));
}

static void
assert_mirrors (GListModel *model,
                GPtrArray *mirror)
{
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, mirror->len);
  for (guint i = 0; i < mirror->len; i++)
    {
      g_autoptr (TempoDeskItem) item = g_list_model_get_item (model, i);

      g_assert_true (item == g_ptr_array_index (mirror, i));
    }
}

static void
assert_shows (TempoDeskList *list,
              GPtrArray *values)
{
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, values->len);
  for (guint i = 0; i < values->len; i++)
    {
      g_autoptr (TempoDeskItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_assert_true (tempo_desk_item_get_value (item) == g_ptr_array_index (values, i));
      g_assert_cmpuint (tempo_desk_item_get_position (item), ==, i + 1);
      g_assert_true (tempo_desk_list_find (list, get_id (g_ptr_array_index (values, i)), NULL) == item);
    }
}

static void
test_any_change (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261120);
  g_autoptr (TempoDeskList) list = tempo_desk_list_new (get_id);
  g_autoptr (GPtrArray) mirror = g_ptr_array_new_with_free_func (g_object_unref);

  g_signal_connect (list, "items-changed", G_CALLBACK (changed_cb), mirror);
  for (guint round = 0; round < 3000; round++)
    {
      g_autoptr (GHashTable) used = g_hash_table_new (NULL, NULL);
      g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_object_unref);
      guint length = (guint) g_rand_int_range (rand, 0, round % 50 == 0 ? 120 : 14);

      while (values->len < length)
        {
          guint number = (guint) g_rand_int_range (rand, 0, (int) length * 2);

          if (g_hash_table_add (used, GUINT_TO_POINTER (number + 1)))
            g_ptr_array_add (values, make (number, g_rand_int (rand)));
        }
      tempo_desk_list_update (list, values);
      assert_shows (list, values);
      assert_mirrors (G_LIST_MODEL (list), mirror);
    }
}

static void
count_cb (GListModel *model,
          guint position,
          guint removed,
          guint added,
          gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* The changes that happen all evening cost one signal each, and rows keep their items. */
static void
test_few_signals (void)
{
  static const struct
  {
    guint before[6], n_before, after[6], n_after, signals;
  } cases[] = {
    { { 1, 2, 3 }, 3, { 1, 2, 3 }, 3, 0 },
    { { 1, 2, 3 }, 3, { 1, 2, 3, 4 }, 4, 1 },
    { { 1, 2, 3 }, 3, { 2, 3 }, 2, 1 },
    { { 1, 2, 3 }, 3, { 1, 3 }, 2, 1 },
    { { 1, 2, 3 }, 3, { 0 }, 0, 1 },
    { { 0 }, 0, { 5, 6, 7 }, 3, 1 },
    { { 1, 2, 3, 4 }, 4, { 4, 1, 2, 3 }, 4, 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TempoDeskList) list = tempo_desk_list_new (get_id);
      g_autoptr (GPtrArray) before = make_values (cases[i].before, cases[i].n_before);
      g_autoptr (GPtrArray) after = make_values (cases[i].after, cases[i].n_after);
      guint heard = 0;

      tempo_desk_list_update (list, before);
      g_signal_connect (list, "items-changed", G_CALLBACK (count_cb), &heard);
      tempo_desk_list_update (list, after);
      assert_shows (list, after);
      g_assert_cmpuint (heard, ==, cases[i].signals);
    }
}

static void
test_keeps_items (void)
{
  g_autoptr (TempoDeskList) list = tempo_desk_list_new (get_id);
  const guint first[] = { 1, 2, 3 };
  const guint second[] = { 3, 1, 9 };
  g_autoptr (GPtrArray) before = make_values (first, 3);
  g_autoptr (GPtrArray) after = make_values (second, 3);
  TempoDeskItem *one;
  guint index = 7;

  tempo_desk_list_update (list, before);
  one = tempo_desk_list_find (list, "id-1", &index);
  g_assert_cmpuint (index, ==, 0);
  tempo_desk_list_update (list, after);
  g_assert_true (tempo_desk_list_find (list, "id-1", &index) == one);
  g_assert_cmpuint (index, ==, 1);
  g_assert_null (tempo_desk_list_find (list, "id-2", NULL));
  g_assert_null (tempo_desk_list_find (list, NULL, NULL));
}

/* While held nothing moves: what went stays as gone, what came is behind, and letting go brings order. */
static void
test_held (void)
{
  g_autoptr (TempoDeskList) list = tempo_desk_list_new (get_id);
  g_autoptr (GPtrArray) mirror = g_ptr_array_new_with_free_func (g_object_unref);
  const guint first[] = { 1, 2, 3 };
  const guint second[] = { 8, 3, 1, 9 };
  g_autoptr (GPtrArray) before = make_values (first, 3);
  g_autoptr (GPtrArray) after = make_values (second, 4);
  static const char *const shown[] = { "id-1", "id-2", "id-3", "id-8", "id-9" };

  g_signal_connect (list, "items-changed", G_CALLBACK (changed_cb), mirror);
  tempo_desk_list_update (list, before);
  tempo_desk_list_set_held (list, TRUE);
  g_assert_true (tempo_desk_list_get_held (list));
  tempo_desk_list_update (list, after);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, G_N_ELEMENTS (shown));
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_autoptr (TempoDeskItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_assert_cmpstr (tempo_desk_item_get_id (item), ==, shown[i]);
      g_assert_cmpint (tempo_desk_item_get_gone (item), ==, g_str_equal (shown[i], "id-2"));
    }
  g_assert_cmpuint (tempo_desk_list_count (list), ==, 4);
  assert_mirrors (G_LIST_MODEL (list), mirror);
  tempo_desk_list_set_held (list, FALSE);
  assert_shows (list, after);
  assert_mirrors (G_LIST_MODEL (list), mirror);
}

/* 10,000 rows: the first fill and a change each stay far under a frame's share. */
static void
test_long_list (void)
{
  g_autoptr (TempoDeskList) list = tempo_desk_list_new (get_id);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 start;
  gint64 fill;
  gint64 change;

  for (guint i = 0; i < 10000; i++)
    g_ptr_array_add (values, make (i, 0));
  start = g_get_monotonic_time ();
  tempo_desk_list_update (list, values);
  fill = g_get_monotonic_time () - start;
  g_ptr_array_remove_index (values, 4000);
  g_ptr_array_add (values, make (10001, 0));
  start = g_get_monotonic_time ();
  tempo_desk_list_update (list, values);
  change = g_get_monotonic_time () - start;
  g_test_message ("10,000 rows: fill %.1f ms, change %.1f ms", (double) fill / 1000, (double) change / 1000);
  assert_shows (list, values);
}

static void
updated_cb (gpointer widget)
{
  (*(guint *) widget)++;
}

/* What is held is followed, what was held is not, and nothing of either is left. */
static void
test_follow (void)
{
  g_autoptr (TempoRequest) value = make (1, 0);
  TempoDeskItem *items[] = { NULL, tempo_desk_item_new ("a", value), tempo_desk_item_new ("b", value) };
  static const struct
  {
    guint item;
    gboolean news;
  } steps[] = { { 0, FALSE }, { 1, TRUE }, { 1, FALSE }, { 2, TRUE }, { 1, TRUE }, { 0, TRUE }, { 0, FALSE } };
  TempoDeskItem *held = NULL;
  guint calls = 0;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gboolean followed = steps[i].item > 0;

      calls = 0;
      g_assert_cmpint (tempo_follow (&held, items[steps[i].item], "notify::gone", G_CALLBACK (updated_cb), &calls), ==, steps[i].news);
      g_assert_true (held == items[steps[i].item]);
      g_assert_cmpuint (calls, ==, steps[i].news && followed ? 1 : 0);
      calls = 0;
      for (guint k = 1; k < G_N_ELEMENTS (items); k++)
        tempo_desk_item_set_gone (items[k], !tempo_desk_item_get_gone (items[k]));
      g_assert_cmpuint (calls, ==, followed ? 1 : 0);
    }
  for (guint k = 1; k < G_N_ELEMENTS (items); k++)
    g_assert_finalize_object (items[k]);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/panel/desk-list/any-change", test_any_change);
  g_test_add_func ("/panel/desk-list/few-signals", test_few_signals);
  g_test_add_func ("/panel/desk-list/keeps-items", test_keeps_items);
  g_test_add_func ("/panel/desk-list/held", test_held);
  g_test_add_func ("/panel/follow", test_follow);
  g_test_add_func ("/panel/desk-list/long", test_long_list);
  return g_test_run ();
}
