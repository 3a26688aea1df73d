/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/spotify/tempo-spotify-gate.h"

#include <libsoup/soup.h>
#include <string.h>

#include "base/tempo-clock.h"

#define FIRST_WAIT_US (5 * G_TIME_SPAN_SECOND)
#define LONGEST_GUESS_US (15 * G_TIME_SPAN_MINUTE)
#define QUOTA_WAIT_US (15 * G_TIME_SPAN_MINUTE)
/* Penalties of a day are known; more than a week is a broken header. */
#define LONGEST_WAIT_US (7 * G_TIME_SPAN_DAY)
#define MAX_HEADER 64
#define QUOTA "quota"

struct _TempoSpotifyGate
{
  TempoClock *clock; /* (owned) */
  char *client;      /* (owned) */
  TempoSpotifyGateFunc save;
  gpointer save_data;
  gint64 not_before; /* wall us */
  gboolean quota;
  guint guesses;
  gint64 calls[TEMPO_SPOTIFY_BUDGET]; /* monotonic us of the last ones, a ring */
  guint at;
};

/* How many of the budget's calls may be spent when one of this kind comes: the rest is kept for what matters more. */
static const guint shares[] = {
  [TEMPO_SPOTIFY_TOKEN] = TEMPO_SPOTIFY_BUDGET,
  [TEMPO_SPOTIFY_WATCHER] = TEMPO_SPOTIFY_BUDGET - 5,
  [TEMPO_SPOTIFY_HOST] = TEMPO_SPOTIFY_BUDGET - 15,
  [TEMPO_SPOTIFY_SEARCH] = TEMPO_SPOTIFY_BUDGET / 2,
};

TempoSpotifyGate *
tempo_spotify_gate_new (TempoClock *clock, const char *client, gint64 not_before, const char *reason,
                        TempoSpotifyGateFunc save, gpointer user_data)
{
  TempoSpotifyGate *self = g_new0 (TempoSpotifyGate, 1);

  self->clock = g_object_ref (clock);
  self->client = g_strdup (client);
  self->not_before = not_before;
  self->quota = g_strcmp0 (reason, QUOTA) == 0;
  self->save = save;
  self->save_data = user_data;
  for (guint i = 0; i < TEMPO_SPOTIFY_BUDGET; i++)
    self->calls[i] = G_MININT64;

  return self;
}

void
tempo_spotify_gate_free (TempoSpotifyGate *self)
{
  g_clear_object (&self->clock);
  g_clear_pointer (&self->client, g_free);
  g_free (self);
}

/* The @back-th last call, 1 the newest; monotonic. */
static gint64
get_call (TempoSpotifyGate *self, guint back)
{
  return self->calls[(self->at + TEMPO_SPOTIFY_BUDGET - back) % TEMPO_SPOTIFY_BUDGET];
}

/**
 * tempo_spotify_gate_pass:
 * @self: the gate
 * @priority: how much the call matters
 * @until: (out): wall time from which it may pass, only when it may not now
 *
 * Returns: %TRUE when the call may go out; it is counted
 */
gboolean
tempo_spotify_gate_pass (TempoSpotifyGate *self, TempoSpotifyPriority priority, gint64 *until)
{
  gint64 now = tempo_clock_monotonic (self->clock);
  gint64 oldest = get_call (self, shares[priority]);

  if (tempo_spotify_gate_get_until (self) != 0)
    {
      *until = self->not_before;
      return FALSE;
    }
  if (oldest != G_MININT64 && now - oldest < TEMPO_SPOTIFY_WINDOW_US)
    {
      *until = tempo_clock_now (self->clock) + TEMPO_SPOTIFY_WINDOW_US - (now - oldest);
      return FALSE;
    }

  self->calls[self->at] = now;
  self->at = (self->at + 1) % TEMPO_SPOTIFY_BUDGET;

  return TRUE;
}

/**
 * tempo_spotify_gate_close:
 * @self: the gate
 * @retry_after: (nullable): the header of the 429
 * @quota: the reason was QUOTA_EXCEEDED
 *
 * Nothing passes before the time that was named; without one, for five seconds, then twice as long each time.
 * A gate is only ever moved to a later time.
 */
void
tempo_spotify_gate_close (TempoSpotifyGate *self, const char *retry_after, gboolean quota)
{
  gint64 now = tempo_clock_now (self->clock);
  gint64 wait = tempo_spotify_read_retry_after (retry_after, now);

  if (wait < 0)
    {
      wait = MIN (FIRST_WAIT_US << MIN (self->guesses, 10), LONGEST_GUESS_US);
      self->guesses++;
    }
  if (quota)
    wait = MAX (wait, QUOTA_WAIT_US);
  if (now + wait <= self->not_before)
    return;

  self->not_before = now + wait;
  self->quota = quota;
  if (self->save != NULL)
    self->save (self->client, self->not_before, quota ? QUOTA : "", self->save_data);
}

void
tempo_spotify_gate_succeed (TempoSpotifyGate *self)
{
  self->guesses = 0;
}

gint64
tempo_spotify_gate_get_until (TempoSpotifyGate *self)
{
  return tempo_clock_now (self->clock) < self->not_before ? self->not_before : 0;
}

gboolean
tempo_spotify_gate_is_quota (TempoSpotifyGate *self)
{
  return self->quota && tempo_spotify_gate_get_until (self) != 0;
}

/* Calls of the last 30 s. */
guint
tempo_spotify_gate_get_spent (TempoSpotifyGate *self)
{
  gint64 now = tempo_clock_monotonic (self->clock);
  guint spent = 0;

  for (guint i = 0; i < TEMPO_SPOTIFY_BUDGET; i++)
    if (self->calls[i] != G_MININT64 && now - self->calls[i] < TEMPO_SPOTIFY_WINDOW_US)
      spent++;

  return spent;
}

/**
 * tempo_spotify_read_retry_after:
 * @text: (nullable): the header
 * @now: wall time at which it came
 *
 * RFC 9110 10.2.3: whole seconds, or a date. A date gone by, and nought, mean one second: whoever is
 * told to go away does not come back at once.
 *
 * Returns: microseconds, a week at most; -1 when it is neither
 */
gint64
tempo_spotify_read_retry_after (const char *text, gint64 now)
{
  g_autoptr (GDateTime) date = NULL;
  gint64 wait;

  if (text == NULL)
    return -1;
  while (*text == ' ' || *text == '\t')
    text++;
  if (*text == '\0' || strlen (text) > MAX_HEADER)
    return -1;

  if (strspn (text, "0123456789") == strlen (text))
    {
      /* More digits than a number holds are a week too. */
      wait = strlen (text) > 9 ? LONGEST_WAIT_US : g_ascii_strtoll (text, NULL, 10) * G_TIME_SPAN_SECOND;
    }
  else
    {
      /* Only what begins with the name of a day: the reader of dates takes much else. */
      if (!g_ascii_isalpha (*text) || strpbrk (text, ":") == NULL)
        return -1;
      date = soup_date_time_new_from_http_string (text);
      if (date == NULL)
        return -1;
      wait = g_date_time_to_unix (date) * G_TIME_SPAN_SECOND - now;
    }

  return CLAMP (wait, G_TIME_SPAN_SECOND, LONGEST_WAIT_US);
}
