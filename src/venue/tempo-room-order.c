/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of the working queue, kept rather than made: one new song in a queue of thousands finds its
 * place by halving. What a change touches is small: a song's place depends on its guest's other songs
 * and on nobody else's. Whatever is less simple is sorted whole, by tempo_order_sort(). */
#include "venue/tempo-room-private.h"

#include "model/tempo-rules.h"

/* A song that entered at the end, and the turn it has by what its guest had then. */
typedef struct
{
  char *request_id; /* (owned) */
  guint turn;
} TempoFresh;

static void
clear_fresh (gpointer data)
{
  TempoFresh *fresh = data;

  g_clear_pointer (&fresh->request_id, g_free);
}

static guint
count_served (const char *guest_id,
              gpointer user_data)
{
  TempoPart *part = tempo_room_find_part (user_data, guest_id);

  return part != NULL ? part->served : 0;
}

static gboolean
is_guest_held (const char *guest_id,
               gpointer user_data)
{
  TempoRoom *self = user_data;
  TempoGuest *guest = tempo_venue_find_guest (self->venue, guest_id);

  return guest != NULL && guest->held;
}

static TempoOrder
get_order (TempoRoom *self)
{
  return self->event != NULL ? self->event->rules->order : TEMPO_ORDER_FIRST;
}

static const char *
get_owner (TempoRequest *request)
{
  return request->guest_id != NULL ? request->guest_id : request->id;
}

static void
note_moved (TempoRoom *self,
            TempoRequest *request)
{
  self->unsorted = TRUE;
  if (!g_hash_table_contains (self->moved, get_owner (request)))
    g_hash_table_add (self->moved, g_strdup (get_owner (request)));
}

static void
sort_all (TempoRoom *self)
{
  tempo_order_sort (self->queue, get_order (self), self->locked_id, count_served, is_guest_held, self);
  for (guint i = 0; i < self->queue->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (self->queue, i);
      TempoSlot *slot = tempo_room_find_slot (self, request->id);

      if (slot->request != request)
        tempo_room_adopt (self, slot, request);
    }
}

/* @request: (transfer full): not in the queue, its turn set. */
static void
insert_in_order (TempoRoom *self,
                 TempoRequest *request)
{
  gboolean held = tempo_room_is_held (self, request);
  TempoOrder order = get_order (self);
  guint low = 0, high = self->queue->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      TempoRequest *other = g_ptr_array_index (self->queue, middle);

      if (tempo_order_compare (other, tempo_room_is_held (self, other), request, held, order,
                               self->locked_id) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  g_ptr_array_insert (self->queue, (int) low, request);
}

static void
place (TempoRoom *self,
       TempoRequest *request,
       guint turn)
{
  g_autoptr (TempoRequest) placed = g_object_ref (request);

  if (get_order (self) == TEMPO_ORDER_FAIR && request->turn != turn)
    {
      g_clear_object (&placed);
      placed = tempo_request_copy (request);
      placed->turn = turn;
      tempo_room_adopt (self, tempo_room_find_slot (self, request->id), placed);
    }
  insert_in_order (self, g_steal_pointer (&placed));
}

/* The songs of one guest among themselves, as the order counts them. */
static int
compare_own (gconstpointer a,
             gconstpointer b,
             gpointer user_data)
{
  TempoRoom *self = user_data;
  TempoRequest *one = *(TempoRequest **) a;
  TempoRequest *other = *(TempoRequest **) b;
  TempoOrder order = get_order (self) == TEMPO_ORDER_FAIR ? TEMPO_ORDER_VOTES : get_order (self);

  return tempo_order_compare (one, FALSE, other, FALSE, order, self->locked_id);
}

/* No other song of its guest that is in the queue would stand behind it. */
static gboolean
is_last_of_own (TempoRoom *self,
                TempoPart *part,
                TempoRequest *request)
{
  gboolean found = FALSE;

  for (guint i = part->mine->len; i > 0; i--)
    {
      TempoRequest *own = g_ptr_array_index (part->mine, i - 1);

      if (own == request)
        found = TRUE;
      else if (own->status == TEMPO_REQUEST_APPROVED && compare_own (&own, &request, self) > 0)
        return FALSE;
      /* Without votes what is older stands ahead. */
      if (found && request->votes == 0 && !request->pinned)
        return TRUE;
    }

  return found;
}

static void
place_owner (TempoRoom *self,
             const char *owner,
             GPtrArray *songs)
{
  guint served = count_served (owner, self);

  g_ptr_array_sort_with_data (songs, compare_own, self);
  for (guint i = 0; i < songs->len; i++)
    place (self, g_ptr_array_index (songs, i), served + i);
}

/* Takes the songs of everyone in `moved` out of the queue, by owner. */
static GHashTable *
take_out_moved (TempoRoom *self)
{
  GHashTable *owners = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                              (GDestroyNotify) g_ptr_array_unref);
  guint kept = 0;

  for (guint i = 0; i < self->queue->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (self->queue, i);
      const char *owner = get_owner (request);
      GPtrArray *songs;

      if (!g_hash_table_contains (self->moved, owner))
        {
          self->queue->pdata[i] = self->queue->pdata[kept];
          self->queue->pdata[kept++] = request;
          continue;
        }
      songs = g_hash_table_lookup (owners, owner);
      if (songs == NULL)
        {
          songs = g_ptr_array_new_with_free_func (g_object_unref);
          g_hash_table_insert (owners, (gpointer) owner, songs);
        }
      g_ptr_array_add (songs, g_object_ref (request));
    }
  g_ptr_array_set_size (self->queue, (int) kept);

  return owners;
}

/* Those that entered since the last sort and are still there stand at the end. */
static void
take_out_fresh (TempoRoom *self)
{
  guint n = 0;

  for (guint i = self->fresh->len; i > 0; i--)
    {
      TempoFresh *fresh = &g_array_index (self->fresh, TempoFresh, i - 1);
      TempoSlot *slot = tempo_room_find_slot (self, fresh->request_id);

      if (slot == NULL || slot->request->status != TEMPO_REQUEST_APPROVED
          || g_hash_table_contains (self->moved, get_owner (slot->request)))
        g_array_remove_index (self->fresh, i - 1);
      else
        n++;
    }
  g_assert (n <= self->queue->len);
  g_ptr_array_set_size (self->queue, (int) (self->queue->len - n));
}

static void
place_changed (TempoRoom *self)
{
  g_autoptr (GHashTable) owners = g_hash_table_size (self->moved) > 0 ? take_out_moved (self) : NULL;
  GHashTableIter iter;
  gpointer owner, songs;

  take_out_fresh (self);
  for (guint i = 0; i < self->fresh->len; i++)
    {
      TempoFresh *fresh = &g_array_index (self->fresh, TempoFresh, i);

      place (self, tempo_room_find_slot (self, fresh->request_id)->request, fresh->turn);
    }

  if (owners == NULL)
    return;
  g_hash_table_iter_init (&iter, owners);
  while (g_hash_table_iter_next (&iter, &owner, &songs))
    place_owner (self, owner, songs);
}

/* What was announced as next stays next between two songs; only a guest who is passed over loses it. */
static void
settle_lock (TempoRoom *self)
{
  TempoSlot *locked = tempo_room_find_slot (self, self->locked_id);

  if (self->locked_id == NULL)
    return;
  if (locked == NULL || tempo_room_is_held (self, locked->request))
    tempo_room_lock (self, NULL);
}

static void
lock_first (TempoRoom *self)
{
  TempoRequest *first = self->queue->len > 0 ? g_ptr_array_index (self->queue, 0) : NULL;

  if (self->now == NULL || first == NULL || self->locked_id != NULL || tempo_room_is_held (self, first))
    return;

  /* First already: nothing moves for being locked. */
  self->locked_id = g_strdup (first->id);
}

/**
 * tempo_room_make_fresh:
 *
 * Returns: (transfer full): an empty list of songs that want a place
 */
GArray *
tempo_room_make_fresh (void)
{
  GArray *fresh = g_array_new (FALSE, FALSE, sizeof (TempoFresh));

  g_array_set_clear_func (fresh, clear_fresh);

  return fresh;
}

/**
 * tempo_room_note_entered:
 * @self: a room
 * @request: just put at the end of the queue
 *
 * Notes that it wants a place.
 */
void
tempo_room_note_entered (TempoRoom *self,
                         TempoRequest *request)
{
  TempoPart *part = tempo_room_find_part (self, request->guest_id);
  TempoFresh fresh = { NULL, part != NULL ? part->served + part->queued : 0 };

  self->unsorted = TRUE;
  if (part != NULL)
    part->queued++;
  if (part != NULL && !is_last_of_own (self, part, request))
    {
      note_moved (self, request);
      return;
    }

  fresh.request_id = g_strdup (request->id);
  g_array_append_val (self->fresh, fresh);
}

/**
 * tempo_room_note_left:
 * @self: a room
 * @request: just taken out of the queue
 * @served: it plays now
 *
 * A first song that plays changes no turn: one served more, one ahead less. Any other makes room for its guest's next.
 */
void
tempo_room_note_left (TempoRoom *self,
                      TempoRequest *request,
                      gboolean served)
{
  TempoPart *part = tempo_room_find_part (self, request->guest_id);

  self->unsorted = TRUE;
  if (part == NULL)
    return;
  if (part->queued > 0)
    part->queued--;
  if (!served || request->turn + 1 != part->served)
    note_moved (self, request);
}

/**
 * tempo_room_note_changed:
 * @self: a room
 * @before: a request of the queue
 * @after: what replaced it there
 *
 * Its place is another only if what orders it changed.
 */
void
tempo_room_note_changed (TempoRoom *self,
                         TempoRequest *before,
                         TempoRequest *after)
{
  if (before->votes != after->votes || before->pinned != after->pinned || before->rank != after->rank)
    note_moved (self, after);
}

/**
 * tempo_room_resort:
 * @self: a room
 *
 * The next sort looks at every song.
 */
void
tempo_room_resort (TempoRoom *self)
{
  self->unsorted = TRUE;
  self->resort = TRUE;
  tempo_room_mark (self, TEMPO_DIRTY_QUEUE);
}

/**
 * tempo_room_lock:
 * @self: a room
 * @request_id: (nullable): a song of the queue
 *
 * It is next from now on, whatever the order says.
 */
void
tempo_room_lock (TempoRoom *self,
                 const char *request_id)
{
  g_autofree char *id = g_strdup (request_id);

  if (g_strcmp0 (self->locked_id, id) == 0)
    return;

  g_clear_pointer (&self->locked_id, g_free);
  self->locked_id = g_steal_pointer (&id);
  tempo_room_resort (self);
}

/**
 * tempo_room_is_held:
 * @self: a room
 * @request: a request
 *
 * Returns: %TRUE when its guest is passed over for now
 */
gboolean
tempo_room_is_held (TempoRoom *self,
                    TempoRequest *request)
{
  return request->guest_id != NULL && is_guest_held (request->guest_id, self);
}

static void
arrange (TempoRoom *self)
{
  if (self->resort)
    sort_all (self);
  else
    place_changed (self);
  self->resort = FALSE;
  g_hash_table_remove_all (self->moved);
  g_array_set_size (self->fresh, 0);
}

/**
 * tempo_room_arrange:
 * @self: a room to which more is about to come in this turn
 *
 * What came so far finds its place, so that there is less to do at the end.
 */
void
tempo_room_arrange (TempoRoom *self)
{
  if (self->unsorted)
    arrange (self);
}

/**
 * tempo_room_sort:
 * @self: a room
 *
 * Once a turn, and before anyone acts on a place. While something plays, the first song is locked: guests and host
 * see what comes next, and a late vote does not take it away.
 */
void
tempo_room_sort (TempoRoom *self)
{
  if (!self->unsorted)
    return;

  settle_lock (self);
  arrange (self);
  self->unsorted = FALSE;
  lock_first (self);
}
