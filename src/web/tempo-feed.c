/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-feed.h"

#include <string.h>

#include "web/tempo-exchange-private.h"
#include "web/tempo-fields.h"
#include "web/tempo-listening.h"

typedef struct
{
  guint64 id;
  GBytes *frame; /* (owned) */
} Past;

struct _TempoFeed
{
  int n_references;
  TempoFeedOptions options;
  GMainContext *context;   /* (owned) */
  GPtrArray *listenings;   /* (owned): TempoListening, which knows its place */
  GHashTable *keys;        /* (owned): key to the GPtrArray of its TempoListening */
  GQueue ring;             /* (element-type Past): the oldest first */
  gsize ring_bytes;
  gboolean started;        /* are floor and newest known? */
  guint64 floor;           /* whoever knows this id, or a later one, can be told the rest */
  guint64 newest;
  GSource *flush;          /* (owned) (nullable): this turn's */
  GSource *beat;           /* (owned) (nullable): while somebody listens */
  GBytes *beat_frame;      /* (owned) */
  guint64 n_dropped;
  gboolean flushing;
  TempoFeedChanged changed;
  gpointer changed_data;
};

/** Fills in the defaults, so that a caller names only what differs. */
void
tempo_feed_options_init (TempoFeedOptions *options)
{
  *options = (TempoFeedOptions) {
    .ring = 256,
    .ring_bytes = 1024 * 1024,
    .max_pending = 65536,
    .beat_ms = 15000,
    .retry_ms = 2000,
  };
}

/* --- frames --- */

/**
 * tempo_feed_frame:
 *
 * Writes one event. JSON has no raw line feeds, so there is one data: line nearly always.
 */
GBytes *
tempo_feed_frame (const char *event,
                  guint64 id,
                  const char *data,
                  gssize length)
{
  gsize size = length < 0 ? strlen (data) : (gsize) length;
  GString *frame = g_string_sized_new (size + 64);
  const char *end = data + size;

  if (event != NULL)
    g_string_append_printf (frame, "event: %s\n", event);
  if (id != 0)
    g_string_append_printf (frame, "id: %" G_GUINT64_FORMAT "\n", id);
  for (const char *from = data; from <= end;)
    {
      const char *to = memchr (from, '\n', end - from);

      if (to == NULL)
        to = end;
      g_string_append_len (frame, "data: ", 6);
      g_string_append_len (frame, from, to - from);
      g_string_append_c (frame, '\n');
      from = to + 1;
    }
  g_string_append_c (frame, '\n');
  return g_string_free_to_bytes (frame);
}

/** Frames a document that is already there as bytes. */
GBytes *
tempo_feed_frame_bytes (const char *event,
                        guint64 id,
                        GBytes *data)
{
  gsize length;
  const char *text = g_bytes_get_data (data, &length);

  return tempo_feed_frame (event, id, text != NULL ? text : "", length);
}

/* --- listeners come and go --- */

static void
tell_changed (TempoFeed *self)
{
  if (self->changed != NULL)
    self->changed (self, self->listenings->len, self->changed_data);
}

static void
stop (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
remember_key (TempoFeed *self,
              TempoListening *listening)
{
  GPtrArray *own;

  if (listening->key == NULL)
    return;
  own = g_hash_table_lookup (self->keys, listening->key);
  if (own == NULL)
    {
      own = g_ptr_array_new ();
      g_hash_table_insert (self->keys, g_strdup (listening->key), own);
    }
  g_ptr_array_add (own, listening);
}

static void
forget_key (TempoFeed *self,
            TempoListening *listening)
{
  GPtrArray *own = listening->key != NULL ? g_hash_table_lookup (self->keys, listening->key) : NULL;

  if (own == NULL)
    return;
  g_ptr_array_remove_fast (own, listening);
  if (own->len == 0)
    g_hash_table_remove (self->keys, listening->key);
}

static void
drop (TempoFeed *self,
      TempoListening *listening)
{
  TempoListening *last = g_ptr_array_index (self->listenings, self->listenings->len - 1);

  forget_key (self, listening);
  last->index = listening->index;
  g_ptr_array_remove_index_fast (self->listenings, listening->index);
  tempo_listening_free (listening);
  if (self->listenings->len == 0)
    stop (&self->beat);
}

/* Sends @listening what waits for it; drops it when it is gone or slow. */
static gboolean
flush_one (TempoFeed *self,
           TempoListening *listening)
{
  gboolean there = tempo_listening_flush (listening);

  if (!there || listening->pending > listening->allowance)
    {
      self->n_dropped += there ? 1 : 0;
      drop (self, listening);
      return FALSE;
    }
  /* A first frame larger than the bound is let through: the bound comes down as it is taken. */
  listening->allowance = MIN (listening->allowance, listening->pending + self->options.max_pending);
  return TRUE;
}

static void
stream_cb (TempoConnection *connection,
           guint32 events,
           gpointer user_data)
{
  TempoListening *listening = user_data;
  g_autoptr (TempoFeed) self = tempo_feed_ref (listening->feed);

  if ((events & EPOLLHUP) != 0)
    drop (self, listening);
  else if (flush_one (self, listening))
    return;
  tell_changed (self);
}

/* --- sending --- */

static gboolean
flush_cb (gpointer user_data)
{
  tempo_feed_flush (user_data);
  return G_SOURCE_REMOVE;
}

/* Before anything else of the next turn: what was published in this one has waited long enough, and what
 * follows at the same priority could keep it waiting for as long as guests keep coming. */
static void
schedule_flush (TempoFeed *self)
{
  if (self->flush != NULL || self->listenings->len == 0)
    return;
  self->flush = g_idle_source_new ();
  g_source_set_priority (self->flush, G_PRIORITY_HIGH);
  g_source_set_callback (self->flush, flush_cb, self, NULL);
  g_source_attach (self->flush, self->context);
}

static gboolean
beat_cb (gpointer user_data)
{
  TempoFeed *self = user_data;

  for (guint i = 0; i < self->listenings->len; i++)
    {
      TempoListening *listening = g_ptr_array_index (self->listenings, i);

      if (listening->pending == 0)
        tempo_listening_push (listening, self->beat_frame);
    }
  schedule_flush (self);
  return G_SOURCE_CONTINUE;
}

static void
start_beat (TempoFeed *self)
{
  if (self->beat != NULL)
    return;
  self->beat = g_timeout_source_new (self->options.beat_ms);
  g_source_set_callback (self->beat, beat_cb, self, NULL);
  g_source_attach (self->beat, self->context);
}

/* --- the ring --- */

static void
free_past (gpointer data)
{
  g_autofree Past *past = data;

  g_clear_pointer (&past->frame, g_bytes_unref);
}

static void
clear_ring (TempoFeed *self)
{
  g_queue_clear_full (&self->ring, free_past);
  self->ring_bytes = 0;
}

static void
keep (TempoFeed *self,
      guint64 id,
      GBytes *frame)
{
  Past *past;

  /* Nobody can have missed it who was there before the first. */
  if (!self->started)
    tempo_feed_start (self, id);
  else
    {
      past = g_new0 (Past, 1);
      past->id = id;
      past->frame = g_bytes_ref (frame);
      g_queue_push_tail (&self->ring, past);
      self->ring_bytes += g_bytes_get_size (frame);
      self->newest = id;
    }
  while (self->ring.length > self->options.ring || self->ring_bytes > self->options.ring_bytes)
    {
      past = g_queue_pop_head (&self->ring);
      self->floor = past->id;
      self->ring_bytes -= g_bytes_get_size (past->frame);
      free_past (past);
    }
}

/* Puts what @listening missed since @id in front of it. */
static gboolean
resume (TempoFeed *self,
        TempoListening *listening,
        TempoExchange *exchange)
{
  guint64 id;

  if (!self->started || !tempo_event_id_parse (tempo_exchange_get_header (exchange, "last-event-id"), &id))
    return FALSE;
  if (id < self->floor || id > self->newest)
    return FALSE;
  for (GList *item = self->ring.head; item != NULL; item = item->next)
    {
      Past *past = item->data;

      if (past->id > id)
        tempo_listening_push (listening, past->frame);
    }
  return TRUE;
}

/* --- public --- */

/** Makes a feed on the thread-default context, where its listeners' connections live too. */
TempoFeed *
tempo_feed_new (const TempoFeedOptions *options)
{
  TempoFeed *self = g_new0 (TempoFeed, 1);

  self->n_references = 1;
  if (options != NULL)
    self->options = *options;
  else
    tempo_feed_options_init (&self->options);
  self->context = g_main_context_ref_thread_default ();
  self->listenings = g_ptr_array_new ();
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_queue_init (&self->ring);
  self->beat_frame = g_bytes_new_static (": beat\n\n", 8);
  return self;
}

TempoFeed *
tempo_feed_ref (TempoFeed *self)
{
  self->n_references++;
  return self;
}

/** Lets go; the last holder ends all streams. */
void
tempo_feed_unref (TempoFeed *self)
{
  if (self->n_references > 1)
    {
      self->n_references--;
      return;
    }
  self->changed = NULL;
  tempo_feed_close (self);
  stop (&self->flush);
  stop (&self->beat);
  clear_ring (self);
  g_clear_pointer (&self->listenings, g_ptr_array_unref);
  g_clear_pointer (&self->keys, g_hash_table_unref);
  g_clear_pointer (&self->beat_frame, g_bytes_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

/**
 * tempo_feed_take:
 *
 * Turns @exchange into a stream of this feed. What it missed, and what @first gives, leave with the head in
 * one piece.
 */
gboolean
tempo_feed_take (TempoFeed *self,
                 TempoExchange *exchange,
                 const char *key,
                 TempoFeedFirst first,
                 gpointer user_data)
{
  TempoListening *listening = tempo_listening_new (self, NULL, key);
  GString *head = NULL;
  g_autoptr (GBytes) head_bytes = NULL;
  g_autoptr (GBytes) frame = NULL;
  gboolean resumed;

  listening->connection = tempo_exchange_take_connection (exchange, "text/event-stream", &head, stream_cb, listening);
  if (listening->connection == NULL)
    {
      tempo_listening_free (listening);
      return FALSE;
    }
  /* A line of the first event, not an event by itself: the first thing a simple reader meets is the state. */
  g_string_append_printf (head, "retry: %u\n", self->options.retry_ms);
  head_bytes = g_string_free_to_bytes (head);
  tempo_listening_push (listening, head_bytes);
  listening->index = self->listenings->len;
  g_ptr_array_add (self->listenings, listening);
  remember_key (self, listening);
  start_beat (self);
  resumed = resume (self, listening, exchange);
  frame = first != NULL ? first (self, resumed, user_data) : NULL;
  if (frame != NULL)
    tempo_listening_push (listening, frame);
  listening->allowance = listening->pending + self->options.max_pending;
  flush_one (self, listening);
  tell_changed (self);
  return TRUE;
}

/** Sends @frame to everybody at the end of this turn. */
void
tempo_feed_publish (TempoFeed *self,
                    guint64 id,
                    GBytes *frame)
{
  if (id != 0)
    keep (self, id, frame);
  for (guint i = 0; i < self->listenings->len; i++)
    tempo_listening_push (g_ptr_array_index (self->listenings, i), frame);
  schedule_flush (self);
}

/** Sends to one guest's own streams, after what was published before. */
void
tempo_feed_send_to (TempoFeed *self,
                    const char *key,
                    GBytes *frame)
{
  GPtrArray *own = g_hash_table_lookup (self->keys, key);

  for (guint i = 0; own != NULL && i < own->len; i++)
    tempo_listening_push (g_ptr_array_index (own, i), frame);
  if (own != NULL)
    schedule_flush (self);
}

/** Is it worth making something personal for @key? */
gboolean
tempo_feed_has_key (TempoFeed *self,
                    const char *key)
{
  return g_hash_table_contains (self->keys, key);
}

/** Copies the keys, because sending may drop listeners while the caller walks them. */
GPtrArray *
tempo_feed_get_keys (TempoFeed *self)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (keys, g_strdup (key));
  return keys;
}

/** Ends the streams of one key; what was still waiting for them is lost. */
void
tempo_feed_drop_key (TempoFeed *self,
                     const char *key)
{
  GPtrArray *own;
  gboolean any = FALSE;

  while ((own = g_hash_table_lookup (self->keys, key)) != NULL)
    {
      drop (self, g_ptr_array_index (own, own->len - 1));
      any = TRUE;
    }
  if (any)
    tell_changed (self);
}

/** Says from where on the ring is complete. */
void
tempo_feed_start (TempoFeed *self,
                  guint64 id)
{
  clear_ring (self);
  self->started = TRUE;
  self->floor = self->newest = id;
}

/** Empties the ring: whoever comes back gets the whole state. */
void
tempo_feed_forget (TempoFeed *self)
{
  clear_ring (self);
  self->started = FALSE;
}

/** Sends everything that waits. Listeners that turn out to be gone or slow are dropped on the way. */
void
tempo_feed_flush (TempoFeed *self)
{
  guint before = self->listenings->len;

  stop (&self->flush);
  if (self->flushing)
    return;
  self->flushing = TRUE;
  /* Backwards: the last one takes the place of one that is dropped, and has had its turn. */
  for (guint i = self->listenings->len; i > 0; i--)
    {
      TempoListening *listening = g_ptr_array_index (self->listenings, i - 1);

      if (listening->pending > 0)
        flush_one (self, listening);
    }
  self->flushing = FALSE;
  if (self->listenings->len != before)
    tell_changed (self);
}

/** Ends every stream; browsers come back by themselves if the server is still there. */
void
tempo_feed_close (TempoFeed *self)
{
  gboolean any = self->listenings->len > 0;

  while (self->listenings->len > 0)
    drop (self, g_ptr_array_index (self->listenings, self->listenings->len - 1));
  if (any)
    tell_changed (self);
}

guint
tempo_feed_get_n_listeners (TempoFeed *self)
{
  return self->listenings->len;
}

guint64
tempo_feed_get_n_dropped (TempoFeed *self)
{
  return self->n_dropped;
}

/** Adds up what waits; walks all listeners, so for metrics and tests. */
gsize
tempo_feed_get_pending (TempoFeed *self)
{
  gsize pending = 0;

  for (guint i = 0; i < self->listenings->len; i++)
    pending += ((TempoListening *) g_ptr_array_index (self->listenings, i))->pending;
  return pending;
}

/** Sets who hears of every change in the number of listeners. */
void
tempo_feed_set_changed (TempoFeed *self,
                        TempoFeedChanged changed,
                        gpointer user_data)
{
  self->changed = changed;
  self->changed_data = user_data;
}
