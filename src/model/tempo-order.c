/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-order.h"

#include <string.h>

#include "model/tempo-record-private.h"

/* The parts of a queue, first to last. */
typedef enum
{
  PART_LOCKED,
  PART_PINNED,
  PART_FREE,
  PART_HELD,
} Part;

typedef struct
{
  TempoRequest *request; /* borrowed from the queue while it is sorted */
  Part part;
  guint turn;
} Entry;

static gint
compare_numbers (gint64 a,
                 gint64 b)
{
  return a < b ? -1 : a > b;
}

/* Asked earlier first; ids end every tie, so an order never depends on the last. */
static gint
compare_times (TempoRequest *a,
               TempoRequest *b)
{
  gint by_time = compare_numbers (a->created_at, b->created_at);

  return by_time != 0 ? by_time : g_strcmp0 (a->id, b->id);
}

static gint
compare_votes (TempoRequest *a,
               TempoRequest *b)
{
  gint by_votes = compare_numbers (b->votes, a->votes);

  return by_votes != 0 ? by_votes : compare_times (a, b);
}

/* Parts first, pinned ones by rank. Within the others: fair order by turn, then
 * the key of the order. */
static gint
compare_entries (gconstpointer one,
                 gconstpointer other,
                 gpointer user_data)
{
  const Entry *a = one;
  const Entry *b = other;
  TempoOrder order = *(TempoOrder *) user_data;

  if (a->part != b->part)
    return compare_numbers (a->part, b->part);
  if (a->part == PART_PINNED && a->request->rank != b->request->rank)
    return compare_numbers (a->request->rank, b->request->rank);
  if (a->part == PART_PINNED || order == TEMPO_ORDER_FIRST)
    return compare_times (a->request, b->request);
  if (order == TEMPO_ORDER_FAIR && a->turn != b->turn)
    return compare_numbers (a->turn, b->turn);

  return compare_votes (a->request, b->request);
}

/* A song nobody in particular asked for is a guest of its own. */
static const char *
guest_of (TempoRequest *request)
{
  return request->guest_id != NULL ? request->guest_id : request->id;
}

static Part
part_of (TempoRequest *request,
         const char *locked_id,
         TempoHeldFunc held,
         gpointer user_data)
{
  if (locked_id != NULL && g_str_equal (request->id, locked_id))
    return PART_LOCKED;
  if (request->pinned)
    return PART_PINNED;

  return held != NULL && request->guest_id != NULL && held (request->guest_id, user_data) ? PART_HELD : PART_FREE;
}

/* Walks @entries, which stand in the order of all keys but the turn, and counts
 * each guest's songs: those served, then its own ahead. */
static void
count_turns (GArray *entries,
             TempoServedFunc served,
             gpointer user_data)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = &g_array_index (entries, Entry, i);
      const char *guest = guest_of (entry->request);
      gpointer count;

      if (g_hash_table_lookup_extended (counts, guest, NULL, &count))
        entry->turn = GPOINTER_TO_UINT (count);
      else if (served != NULL && entry->request->guest_id != NULL)
        entry->turn = served (guest, user_data);
      g_hash_table_insert (counts, (gpointer) guest, GUINT_TO_POINTER (entry->turn + 1));
    }
}

/* Puts the sorted entries back; a request whose turn changed is another object. */
static void
store_entries (GArray *entries,
               GPtrArray *requests)
{
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = &g_array_index (entries, Entry, i);

      requests->pdata[i] = entry->request;
      if (entry->request->turn != entry->turn)
        {
          TempoRequest *copy = tempo_request_copy (entry->request);

          copy->turn = entry->turn;
          g_object_unref (entry->request);
          requests->pdata[i] = copy;
        }
    }
}

/* Whether requests[@index] stands in the tail of held guests. Nothing marks them,
 * but their tail starts where the order of the free ones breaks; a held song that
 * would stand last anyway has an honest other reason. */
static gboolean
is_held_back (GPtrArray *requests,
              guint index,
              TempoOrder order,
              const char *locked_id)
{
  for (guint i = 1; i <= index; i++)
    {
      TempoRequest *ahead = g_ptr_array_index (requests, i - 1);
      TempoRequest *here = g_ptr_array_index (requests, i);
      Entry first = { ahead, part_of (ahead, locked_id, NULL, NULL), ahead->turn };
      Entry second = { here, part_of (here, locked_id, NULL, NULL), here->turn };

      if (first.part == PART_FREE && compare_entries (&first, &second, &order) > 0)
        return TRUE;
    }

  return FALSE;
}

G_DEFINE_ENUM_TYPE (TempoPlace, tempo_place,
                    G_DEFINE_ENUM_VALUE (TEMPO_PLACE_LOCKED, "locked"),
                    G_DEFINE_ENUM_VALUE (TEMPO_PLACE_PINNED, "pinned"),
                    G_DEFINE_ENUM_VALUE (TEMPO_PLACE_TURN, "turn"),
                    G_DEFINE_ENUM_VALUE (TEMPO_PLACE_VOTES, "votes"),
                    G_DEFINE_ENUM_VALUE (TEMPO_PLACE_TIME, "time"),
                    G_DEFINE_ENUM_VALUE (TEMPO_PLACE_HELD, "held"))

/**
 * tempo_order_sort:
 * @requests: (element-type TempoRequest): owns its elements
 * @order: how the rest is sorted
 * @locked_id: (nullable): what stays first whatever else holds
 * @served: (nullable): how often a guest was served
 * @held: (nullable): whether a guest is held
 * @user_data: for both
 *
 * First the locked song, then the pinned ones by rank, then the rest, then those
 * of held guests. In fair order nobody's second song stands ahead of the first of
 * a guest who was served as little: songs go by the turn of their guest, so two
 * passes are enough, one to count turns and one to sort by them. `turn` is set in
 * fair order only.
 */
void
tempo_order_sort (GPtrArray *requests,
                  TempoOrder order,
                  const char *locked_id,
                  TempoServedFunc served,
                  TempoHeldFunc held,
                  gpointer user_data)
{
  TempoOrder first_pass = order == TEMPO_ORDER_FAIR ? TEMPO_ORDER_VOTES : order;
  g_autoptr (GArray) entries = g_array_sized_new (FALSE, FALSE, sizeof (Entry), requests->len);

  for (guint i = 0; i < requests->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (requests, i);
      Entry entry = { request, part_of (request, locked_id, held, user_data), order == TEMPO_ORDER_FAIR ? 0 : request->turn };

      g_array_append_val (entries, entry);
    }

  g_array_sort_with_data (entries, compare_entries, &first_pass);
  if (order == TEMPO_ORDER_FAIR)
    {
      count_turns (entries, served, user_data);
      g_array_sort_with_data (entries, compare_entries, &order);
    }
  store_entries (entries, requests);
}

/**
 * tempo_order_compare:
 * @a: a request whose turn is set
 * @a_held: whether its guest is held
 * @b: another
 * @b_held: whether its guest is held
 * @order: how the rest is sorted
 * @locked_id: (nullable): what stays first
 *
 * Sorting a long queue for one new song is wasteful; its place can be looked up.
 *
 * Returns: less than 0 when @a stands before @b; 0 only for the same request
 */
gint
tempo_order_compare (TempoRequest *a,
                     gboolean a_held,
                     TempoRequest *b,
                     gboolean b_held,
                     TempoOrder order,
                     const char *locked_id)
{
  Entry one = { a, part_of (a, locked_id, NULL, NULL), a->turn };
  Entry other = { b, part_of (b, locked_id, NULL, NULL), b->turn };

  if (one.part == PART_FREE && a_held)
    one.part = PART_HELD;
  if (other.part == PART_FREE && b_held)
    other.part = PART_HELD;

  return compare_entries (&one, &other, &order);
}

/**
 * tempo_order_explain:
 * @requests: (element-type TempoRequest): a queue as tempo_order_sort() left it
 * @index: whose place
 * @order: the order it was sorted by
 * @locked_id: (nullable): what was locked then
 * @turn: (out) (optional): the song's turn
 * @votes: (out) (optional): its votes
 *
 * Only what decided is named: votes are no reason when the turn came first.
 *
 * Returns: why that song stands ahead of the one behind it
 */
TempoPlace
tempo_order_explain (GPtrArray *requests,
                     guint index,
                     TempoOrder order,
                     const char *locked_id,
                     guint *turn,
                     guint *votes)
{
  TempoRequest *here, *behind;
  Part part;

  g_return_val_if_fail (index < requests->len, TEMPO_PLACE_TIME);

  here = g_ptr_array_index (requests, index);
  behind = index + 1 < requests->len ? g_ptr_array_index (requests, index + 1) : NULL;
  part = part_of (here, locked_id, NULL, NULL);
  if (turn != NULL)
    *turn = here->turn;
  if (votes != NULL)
    *votes = here->votes;

  if (part == PART_LOCKED)
    return TEMPO_PLACE_LOCKED;
  if (part == PART_PINNED)
    return TEMPO_PLACE_PINNED;
  if (is_held_back (requests, index, order, locked_id))
    return TEMPO_PLACE_HELD;
  if (behind == NULL)
    return TEMPO_PLACE_TIME;
  if (order == TEMPO_ORDER_FAIR && here->turn < behind->turn)
    return TEMPO_PLACE_TURN;
  if (order != TEMPO_ORDER_FIRST && here->votes > behind->votes && (order == TEMPO_ORDER_VOTES || here->turn == behind->turn))
    return TEMPO_PLACE_VOTES;

  return TEMPO_PLACE_TIME;
}

/**
 * tempo_place_to_string:
 * @place: a reason
 *
 * Returns: the word of the API, static
 */
const char *
tempo_place_to_string (TempoPlace place)
{
  return tempo_enum_to_word (tempo_place_get_type (), (int) place);
}
