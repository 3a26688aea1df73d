/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-order.h"

#include <string.h>
#include <time.h>

#define GUESTS 8

/* Guests are letters, a to h. */
typedef struct
{
  guint served[GUESTS];
  gboolean held[GUESTS];
} People;

static guint
served_cb (const char *guest_id,
           gpointer user_data)
{
  return ((People *) user_data)->served[guest_id[0] - 'a'];
}

static gboolean
held_cb (const char *guest_id,
         gpointer user_data)
{
  return ((People *) user_data)->held[guest_id[0] - 'a'];
}

static TempoRequest *
make_request (const char *id,
              char guest,
              guint votes,
              gint64 time)
{
  g_autoptr (TempoSong) song = tempo_song_new (NULL, id, NULL);
  TempoRequest *request = tempo_request_new (id, song);

  request->guest_id = guest != '-' ? g_strndup (&guest, 1) : NULL;
  request->votes = votes;
  request->created_at = time;
  request->status = TEMPO_REQUEST_APPROVED;

  return request;
}

/* "1a 2a+3 3b!5 4-": song 1 of guest a; song 2 with three votes; song 3 pinned at
 * rank 5; song 4 of nobody. Asked for in this order. */
static GPtrArray *
make_queue (const char *text)
{
  GPtrArray *queue = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *id = g_strndup (words[i], 1);
      TempoRequest *request = make_request (id, words[i][1], 0, 1000 + i);
      gint64 number = words[i][2] != '\0' ? g_ascii_strtoll (words[i] + 3, NULL, 10) : 0;

      request->pinned = words[i][2] == '!';
      if (request->pinned)
        request->rank = number;
      else
        request->votes = (guint) number;
      g_ptr_array_add (queue, request);
    }

  return queue;
}

/* "a2c1": a was served twice, c once. "ad" as held: a and d. */
static People
make_people (const char *served,
             const char *held)
{
  People people = { { 0 }, { FALSE } };

  for (; *served != '\0'; served += 2)
    people.served[served[0] - 'a'] = (guint) g_ascii_digit_value (served[1]);
  for (; *held != '\0'; held++)
    people.held[*held - 'a'] = TRUE;

  return people;
}

static TempoRequest *
at (GPtrArray *queue,
    guint index)
{
  return g_ptr_array_index (queue, index);
}

static const struct
{
  const char *name;
  TempoOrder order;
  const char *queue;
  const char *served;
  const char *held;
  const char *locked;
  const char *sorted;  /* ids */
  const char *reasons; /* of each place: Locked, Pinned, tUrn, Votes, Time, Held */
} tables[] = {
  { "empty-but-one", TEMPO_ORDER_FAIR, "1a", "", "", NULL, "1", "T" },
  { "first-come", TEMPO_ORDER_FIRST, "1a 2a+9 3b", "", "", NULL, "123", "TTT" },
  { "votes", TEMPO_ORDER_VOTES, "1a 2a+9 3b 4c+9", "", "", NULL, "2413", "TVTT" },
  { "turns", TEMPO_ORDER_FAIR, "1a 2a 3a 4b 5c", "", "", NULL, "14523", "TTUUT" },
  { "second-rounds", TEMPO_ORDER_FAIR, "1a 2a 3b 4b 5a", "", "", NULL, "13245", "TUTUT" },
  { "served-waits", TEMPO_ORDER_FAIR, "1a 2b 3c", "a2c1", "", NULL, "231", "UUT" },
  { "votes-within-a-turn", TEMPO_ORDER_FAIR, "1a 2b+1 3c+5", "", "", NULL, "321", "VVT" },
  { "votes-do-not-buy-turns", TEMPO_ORDER_FAIR, "1a 2a+9 3b", "", "", NULL, "231", "VUT" },
  { "best-liked-of-own-first", TEMPO_ORDER_FAIR, "1a 2a+1 3a+2", "", "", NULL, "321", "UUT" },
  { "nobody-is-a-guest-each", TEMPO_ORDER_FAIR, "1a 2a 3- 4-", "", "", NULL, "1342", "TTUT" },
  { "locked-stays", TEMPO_ORDER_FAIR, "1a+9 2b 3c", "", "", "3", "312", "LVT" },
  { "locked-counts-as-ahead", TEMPO_ORDER_FAIR, "1a 2a 3b", "", "", "1", "132", "LUT" },
  { "locked-before-pinned", TEMPO_ORDER_VOTES, "1a 2b!1 3c", "", "", "3", "321", "LPT" },
  { "pinned-by-rank", TEMPO_ORDER_FAIR, "1a 2b!7 3c!3 4d", "", "", NULL, "3214", "PPTT" },
  { "pinned-counts-as-ahead", TEMPO_ORDER_FAIR, "1a 2b!1 3b 4c", "", "", NULL, "2143", "PTUT" },
  { "held-last", TEMPO_ORDER_FAIR, "1a 2b 3a 4c", "", "a", NULL, "2413", "TTHH" },
  { "held-last-by-votes", TEMPO_ORDER_VOTES, "1a+9 2b", "", "a", NULL, "21", "TH" },
  { "held-but-pinned", TEMPO_ORDER_FAIR, "1b 2a!1", "", "a", NULL, "21", "PT" },
  { "held-but-locked", TEMPO_ORDER_FAIR, "1b 2a", "", "a", "2", "21", "LT" },
  { "unknown-lock", TEMPO_ORDER_FIRST, "1a 2b", "", "", "9", "12", "TT" },
};

static void
test_table (gconstpointer data)
{
  static const char letters[] = { 'L', 'P', 'U', 'V', 'T', 'H' };
  guint row = GPOINTER_TO_UINT (data);
  People people = make_people (tables[row].served, tables[row].held);
  g_autoptr (GPtrArray) queue = make_queue (tables[row].queue);
  g_autoptr (GString) ids = g_string_new (NULL);
  g_autoptr (GString) reasons = g_string_new (NULL);

  tempo_order_sort (queue, tables[row].order, tables[row].locked, served_cb, held_cb, &people);
  for (guint i = 0; i < queue->len; i++)
    {
      guint turn, votes;

      g_string_append (ids, at (queue, i)->id);
      g_string_append_c (reasons, letters[tempo_order_explain (queue, i, tables[row].order, tables[row].locked, &turn, &votes)]);
      g_assert_cmpuint (turn, ==, at (queue, i)->turn);
      g_assert_cmpuint (votes, ==, at (queue, i)->votes);
    }
  g_assert_cmpstr (ids->str, ==, tables[row].sorted);
  g_assert_cmpstr (reasons->str, ==, tables[row].reasons);
}

static GPtrArray *
random_queue (GRand *rand,
              guint length)
{
  GPtrArray *queue = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < length; i++)
    {
      g_autofree char *id = g_strdup_printf ("%08x-%u", g_rand_int (rand), i);
      char guest = g_rand_int_range (rand, 0, 10) == 0 ? '-' : (char) ('a' + g_rand_int_range (rand, 0, GUESTS));
      TempoRequest *request = make_request (id, guest, (guint) g_rand_int_range (rand, 0, 4), g_rand_int_range (rand, 0, 10));

      request->pinned = g_rand_int_range (rand, 0, 12) == 0;
      request->rank = g_rand_int_range (rand, 0, 3);
      request->turn = (guint) g_rand_int_range (rand, 0, 3);
      g_ptr_array_add (queue, request);
    }

  return queue;
}

static void
shuffle (GRand *rand,
         GPtrArray *queue)
{
  for (guint i = queue->len; i > 1; i--)
    {
      guint j = (guint) g_rand_int_range (rand, 0, (gint) i);
      gpointer kept = queue->pdata[i - 1];

      queue->pdata[i - 1] = queue->pdata[j];
      queue->pdata[j] = kept;
    }
}

static GPtrArray *
copy_queue (GPtrArray *queue)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < queue->len; i++)
    g_ptr_array_add (copy, g_object_ref (at (queue, i)));

  return copy;
}

static gboolean
same_order (GPtrArray *one,
            GPtrArray *other)
{
  for (guint i = 0; i < one->len; i++)
    {
      if (strcmp (at (one, i)->id, at (other, i)->id) != 0)
        return FALSE;
    }

  return one->len == other->len;
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  return strcmp ((*(TempoRequest *const *) a)->id, (*(TempoRequest *const *) b)->id);
}

/* Nothing is lost or doubled. */
static void
check_permutation (GPtrArray *before,
                   GPtrArray *after)
{
  g_autoptr (GPtrArray) one = copy_queue (before);
  g_autoptr (GPtrArray) other = copy_queue (after);

  g_ptr_array_sort (one, compare_ids);
  g_ptr_array_sort (other, compare_ids);
  g_assert_true (same_order (one, other));
}

/* Locked, pinned by rank, free, held: in this order. */
static void
check_parts (GPtrArray *queue,
             const char *locked,
             People *people)
{
  guint part = 0;

  for (guint i = 0; i < queue->len; i++)
    {
      TempoRequest *request = at (queue, i);
      gboolean is_locked = g_strcmp0 (locked, request->id) == 0;
      guint here = is_locked ? 0 : request->pinned ? 1 : request->guest_id == NULL || !held_cb (request->guest_id, people) ? 2 : 3;

      g_assert_cmpuint (here, >=, part);
      if (here == 1 && part == 1)
        g_assert_cmpint (at (queue, i - 1)->rank, <=, request->rank);
      g_assert_true (!is_locked || i == 0);
      part = here;
    }
}

/* Turns count up per guest from what it was served; and wherever a song stands
 * ahead of another's, its guest has not had more turns, so no second song passes
 * a waiting guest who had fewer. */
static void
check_fairness (GPtrArray *queue,
                const char *locked,
                People *people)
{
  guint next[GUESTS];

  memcpy (next, people->served, sizeof next);
  for (guint i = 0; i < queue->len; i++)
    {
      TempoRequest *request = at (queue, i);
      guint expected = request->guest_id != NULL ? next[request->guest_id[0] - 'a']++ : 0;
      gboolean free_here = !request->pinned && g_strcmp0 (locked, request->id) != 0 &&
                           (request->guest_id == NULL || !held_cb (request->guest_id, people));

      g_assert_cmpuint (request->turn, ==, expected);
      for (guint j = i + 1; free_here && j < queue->len; j++)
        {
          TempoRequest *behind = at (queue, j);

          if (behind->guest_id == NULL || !held_cb (behind->guest_id, people))
            g_assert_cmpuint (request->turn, <=, behind->turn);
        }
    }
}

/* A reason is true: of two neighbours the one ahead has fewer turns, more votes or
 * was asked for earlier; and nobody is held back who is not held. */
static void
check_reasons (GPtrArray *queue,
               TempoOrder order,
               const char *locked,
               People *people)
{
  for (guint i = 0; i + 1 < queue->len; i++)
    {
      TempoRequest *here = at (queue, i);
      TempoRequest *behind = at (queue, i + 1);
      gboolean held = here->guest_id != NULL && held_cb (here->guest_id, people);
      gboolean next_held = behind->guest_id != NULL && held_cb (behind->guest_id, people);

      switch (tempo_order_explain (queue, i, order, locked, NULL, NULL))
        {
        case TEMPO_PLACE_LOCKED:
          g_assert_cmpstr (here->id, ==, locked);
          break;
        case TEMPO_PLACE_PINNED:
          g_assert_true (here->pinned);
          break;
        case TEMPO_PLACE_HELD:
          g_assert_true (held);
          break;
        case TEMPO_PLACE_TURN:
          g_assert_cmpuint (here->turn, <, behind->turn);
          break;
        case TEMPO_PLACE_VOTES:
          g_assert_cmpuint (here->votes, >, behind->votes);
          break;
        case TEMPO_PLACE_TIME:
        default:
          g_assert_true (next_held || here->created_at <= behind->created_at);
        }
    }
}

static void
test_properties (void)
{
  for (guint seed = 1; seed <= 1500; seed++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
      guint length = (guint) g_rand_int_range (rand, 0, 40);
      TempoOrder order = (TempoOrder) g_rand_int_range (rand, 0, 3);
      g_autoptr (GPtrArray) before = random_queue (rand, length);
      g_autoptr (GPtrArray) sorted = copy_queue (before);
      g_autoptr (GPtrArray) again = copy_queue (before);
      g_autofree char *locked = length > 0 && g_rand_boolean (rand) ? g_strdup (at (before, 0)->id) : NULL;
      People people = { { 0 }, { FALSE } };

      for (guint i = 0; i < GUESTS; i++)
        {
          people.served[i] = (guint) g_rand_int_range (rand, 0, 4);
          people.held[i] = g_rand_int_range (rand, 0, 6) == 0;
        }
      shuffle (rand, again);
      tempo_order_sort (sorted, order, locked, served_cb, held_cb, &people);
      tempo_order_sort (again, order, locked, served_cb, held_cb, &people);

      check_permutation (before, sorted);
      g_assert_true (same_order (sorted, again));
      check_parts (sorted, locked, &people);
      check_reasons (sorted, order, locked, &people);
      if (order == TEMPO_ORDER_FAIR)
        check_fairness (sorted, locked, &people);
      tempo_order_sort (again, order, locked, served_cb, held_cb, &people);
      g_assert_true (same_order (sorted, again));
    }
}

/* Whoever holds a request sees it as it was; one that did not change is not copied. */
static void
test_copies (void)
{
  g_autoptr (GPtrArray) queue = make_queue ("1a 2a");
  g_autoptr (TempoRequest) first = g_object_ref (at (queue, 0));
  g_autoptr (TempoRequest) second = g_object_ref (at (queue, 1));

  tempo_order_sort (queue, TEMPO_ORDER_FAIR, NULL, NULL, NULL, NULL);
  g_assert_true (at (queue, 0) == first);
  g_assert_true (at (queue, 1) != second);
  g_assert_cmpuint (at (queue, 1)->turn, ==, 1);
  g_assert_cmpuint (second->turn, ==, 0);
}

/* 20,000 songs of 8 guests: two hundred times what a queue may hold, in a blink;
 * a quadratic order would take minutes. */
static void
test_long (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (99);
  g_autoptr (GPtrArray) queue = random_queue (rand, 20000);
  People people = { { 0 }, { FALSE } };
  clock_t started = clock ();

  tempo_order_sort (queue, TEMPO_ORDER_FAIR, NULL, served_cb, held_cb, &people);
  /* Of the processor's time: the machine may have other work. */
  g_assert_cmpint ((clock () - started) / CLOCKS_PER_SEC, <, 5);
}

static void
test_words (void)
{
  g_assert_cmpstr (tempo_place_to_string (TEMPO_PLACE_LOCKED), ==, "locked");
  g_assert_cmpstr (tempo_place_to_string (TEMPO_PLACE_HELD), ==, "held");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *path = g_strdup_printf ("/model/order/%s", tables[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_table);
    }
  g_test_add_func ("/model/order/properties", test_properties);
  g_test_add_func ("/model/order/copies", test_copies);
  g_test_add_func ("/model/order/long", test_long);
  g_test_add_func ("/model/order/words", test_words);

  return g_test_run ();
}
