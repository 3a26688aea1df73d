/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-throttle.h"

#include <math.h>
#include <string.h>

#include "base/tempo-clock.h"

#define FREE_FAILURES 5
#define FREE_WINDOW_US (300 * G_GINT64_CONSTANT (1000000))
#define MAX_WAIT_US (900 * G_GINT64_CONSTANT (1000000))
/* After this without a failure the count starts anew: twice the longest wait. */
#define FORGET_US (2 * MAX_WAIT_US)

/* What is known of one key. Times are monotonic: setting the clock frees nobody. */
typedef struct
{
  GList link;       /* in the order of use; data is the entry */
  char *key;        /* (owned) */
  double tokens;
  gint64 filled_at;
  guint failures;
  gint64 first_failure_at;
  gint64 last_failure_at;
  gint64 blocked_until;
} Entry;

struct _TempoThrottle
{
  TempoClock *clock;   /* (owned) */
  guint burst;
  double per_us;
  guint max_keys;
  GHashTable *entries; /* (owned) key to Entry, which it owns */
  GQueue used;         /* entries' links, the longest unused first */
};

static void
entry_free (Entry *entry)
{
  g_clear_pointer (&entry->key, g_free);
  g_clear_pointer (&entry, g_free);
}

static void
forget_oldest (TempoThrottle *self)
{
  GList *link = g_queue_pop_head_link (&self->used);
  Entry *entry = link->data;

  g_hash_table_remove (self->entries, entry->key);
}

static Entry *
find_entry (TempoThrottle *self,
            const char *key)
{
  return g_hash_table_lookup (self->entries, key);
}

/* The entry of @key, new if need be, and the latest used from now on. */
static Entry *
touch_entry (TempoThrottle *self,
             const char *key)
{
  Entry *entry = find_entry (self, key);

  if (entry != NULL)
    {
      g_queue_unlink (&self->used, &entry->link);
    }
  else
    {
      if (self->used.length >= self->max_keys)
        forget_oldest (self);
      entry = g_new0 (Entry, 1);
      entry->link.data = entry;
      entry->key = g_strdup (key);
      entry->tokens = self->burst;
      entry->filled_at = tempo_clock_monotonic (self->clock);
      g_hash_table_insert (self->entries, entry->key, entry);
    }
  g_queue_push_tail_link (&self->used, &entry->link);

  return entry;
}

static void
set_retry (guint *retry_seconds,
           double wait_us)
{
  if (retry_seconds != NULL)
    *retry_seconds = (guint) CLAMP (ceil (wait_us / G_USEC_PER_SEC), 1, G_MAXINT);
}

/**
 * tempo_throttle_new:
 * @clock: whose monotonic time counts
 * @burst: what a bucket holds
 * @per_minute: what flows into it
 * @max_keys: how many keys are known at once
 *
 * The least recently used key is forgotten for a new one, so memory is bounded
 * whatever peers call themselves.
 *
 * Returns: (transfer full): a throttle for one thread
 */
TempoThrottle *
tempo_throttle_new (TempoClock *clock,
                    guint burst,
                    double per_minute,
                    guint max_keys)
{
  TempoThrottle *self;

  g_return_val_if_fail (burst > 0 && per_minute > 0 && max_keys > 0, NULL);

  self = g_new0 (TempoThrottle, 1);
  self->clock = g_object_ref (clock);
  self->burst = burst;
  self->per_us = per_minute / (60.0 * G_USEC_PER_SEC);
  self->max_keys = max_keys;
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) entry_free);
  g_queue_init (&self->used);

  return self;
}

void
tempo_throttle_free (TempoThrottle *self)
{
  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_clear_object (&self->clock);
  g_clear_pointer (&self, g_free);
}

/**
 * tempo_throttle_take:
 * @self: a throttle
 * @key: who asks
 * @retry_seconds: (out) (optional): set when there is none: when one will be
 *
 * Returns: whether there was one to take
 */
gboolean
tempo_throttle_take (TempoThrottle *self,
                     const char *key,
                     guint *retry_seconds)
{
  Entry *entry = touch_entry (self, key);
  gint64 now = tempo_clock_monotonic (self->clock);

  entry->tokens = MIN (self->burst, entry->tokens + (now - entry->filled_at) * self->per_us);
  entry->filled_at = now;
  /* A rounding error must not cost a caller the microsecond it was told to wait. */
  if (entry->tokens < 1.0 - 1e-6)
    {
      set_retry (retry_seconds, (1.0 - entry->tokens) / self->per_us);
      return FALSE;
    }
  entry->tokens = MAX (0, entry->tokens - 1.0);

  return TRUE;
}

/**
 * tempo_throttle_may_try:
 * @self: a throttle
 * @key: who tries
 * @retry_seconds: (out) (optional): set when it may not yet: how long
 *
 * Asking is free and makes no key known.
 *
 * Returns: whether it may try now
 */
gboolean
tempo_throttle_may_try (TempoThrottle *self,
                        const char *key,
                        guint *retry_seconds)
{
  Entry *entry = find_entry (self, key);
  gint64 now = tempo_clock_monotonic (self->clock);

  if (entry == NULL || now >= entry->blocked_until)
    return TRUE;

  set_retry (retry_seconds, (double) (entry->blocked_until - now));

  return FALSE;
}

/**
 * tempo_throttle_failed:
 * @self: a throttle
 * @key: who failed
 *
 * The sixth failure in a row costs a second, each further one twice as much, up
 * to a quarter of an hour. It never shuts anyone out for good: that would let a
 * guest shut out the owner.
 */
void
tempo_throttle_failed (TempoThrottle *self,
                       const char *key)
{
  Entry *entry = touch_entry (self, key);
  gint64 now = tempo_clock_monotonic (self->clock);
  gboolean stale = entry->failures <= FREE_FAILURES
                     ? now - entry->first_failure_at > FREE_WINDOW_US
                     : now - entry->last_failure_at > FORGET_US;

  if (entry->failures == 0 || stale)
    {
      entry->failures = 0;
      entry->first_failure_at = now;
    }
  entry->failures = MIN (entry->failures + 1, 64);
  entry->last_failure_at = now;
  if (entry->failures > FREE_FAILURES)
    {
      guint doublings = MIN (entry->failures - FREE_FAILURES - 1, 10);

      entry->blocked_until = now + MIN ((gint64) G_USEC_PER_SEC << doublings, MAX_WAIT_US);
    }
}

/**
 * tempo_throttle_succeeded:
 * @self: a throttle
 * @key: who got it right
 *
 * Forgets the failures of @key.
 */
void
tempo_throttle_succeeded (TempoThrottle *self,
                          const char *key)
{
  Entry *entry = find_entry (self, key);

  if (entry != NULL)
    {
      entry->failures = 0;
      entry->blocked_until = 0;
    }
}

/**
 * tempo_throttle_address_key:
 * @address: a peer, as text
 *
 * Returns: (transfer full): the key its failures count under
 */
char *
tempo_throttle_address_key (const char *address)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);
  g_autoptr (GInetAddress) network = NULL;
  g_autofree char *text = NULL;
  guint8 bytes[16];

  if (parsed == NULL || g_inet_address_get_family (parsed) != G_SOCKET_FAMILY_IPV6 || g_inet_address_get_is_link_local (parsed))
    return g_strdup (address);

  memcpy (bytes, g_inet_address_to_bytes (parsed), sizeof bytes);
  /* ::ffff:192.0.2.1 is how an IPv4 peer looks on a socket for both. */
  if (memcmp (bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0)
    {
      network = g_inet_address_new_from_bytes (bytes + 12, G_SOCKET_FAMILY_IPV4);
      return g_inet_address_to_string (network);
    }

  memset (bytes + 8, 0, 8);
  network = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV6);
  text = g_inet_address_to_string (network);

  return g_strconcat (text, "/64", NULL);
}
