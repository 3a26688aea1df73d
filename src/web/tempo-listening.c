/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-listening.h"

#define VECTORS 16

/** Makes a listener that has been sent nothing yet. */
TempoListening *
tempo_listening_new (TempoFeed *feed,
                     TempoConnection *connection,
                     const char *key)
{
  TempoListening *self = g_new0 (TempoListening, 1);

  self->feed = feed;
  self->connection = connection;
  self->key = g_strdup (key);
  g_queue_init (&self->waiting);
  return self;
}

/** Ends the stream and forgets what waited for it. */
void
tempo_listening_free (TempoListening *self)
{
  if (self->connection != NULL)
    tempo_connection_close (self->connection);
  g_clear_pointer (&self->connection, tempo_connection_unref);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) g_bytes_unref);
  g_clear_pointer (&self->key, g_free);
  g_free (self);
}

/** Queues shared bytes; nothing is copied. */
void
tempo_listening_push (TempoListening *self,
                      GBytes *bytes)
{
  g_queue_push_tail (&self->waiting, g_bytes_ref (bytes));
  self->pending += g_bytes_get_size (bytes);
}

/* Takes @n sent bytes off the front. */
static void
advance (TempoListening *self,
         gsize n)
{
  self->pending -= n;
  while (n > 0)
    {
      GBytes *first = g_queue_peek_head (&self->waiting);
      gsize left = g_bytes_get_size (first) - self->sent_of_first;

      if (n < left)
        {
          self->sent_of_first += n;
          return;
        }
      n -= left;
      self->sent_of_first = 0;
      g_bytes_unref (g_queue_pop_head (&self->waiting));
    }
}

static guint
gather (TempoListening *self,
        GOutputVector *vectors,
        gsize *total)
{
  guint n = 0;

  *total = 0;
  for (GList *item = self->waiting.head; item != NULL && n < VECTORS; item = item->next)
    {
      gsize size;
      const char *data = g_bytes_get_data (item->data, &size);
      gsize skip = n == 0 ? self->sent_of_first : 0;

      vectors[n++] = (GOutputVector) { data + skip, size - skip };
      *total += size - skip;
    }
  return n;
}

/** Sends what waits: one send() when all fits, which is nearly always. */
gboolean
tempo_listening_flush (TempoListening *self)
{
  while (self->pending > 0)
    {
      GOutputVector vectors[VECTORS];
      gsize total;
      guint n = gather (self, vectors, &total);
      gssize sent = tempo_connection_send (self->connection, vectors, n);

      if (sent < 0)
        return FALSE;
      advance (self, sent);
      if ((gsize) sent < total)
        break;
    }
  tempo_connection_want_write (self->connection, self->pending > 0);
  return TRUE;
}
