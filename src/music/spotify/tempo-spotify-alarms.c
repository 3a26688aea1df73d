/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/spotify/tempo-spotify-alarms.h"

#include "base/tempo-clock.h"

typedef struct
{
  guint *id; /* (unowned) where its owner keeps the number */
  guint number;
  gint64 due; /* monotonic us */
  TempoSpotifyAlarmFunc func;
  gpointer data;
} Alarm;

struct _TempoSpotifyAlarms
{
  TempoClock *clock; /* (owned) */
  GArray *set;       /* (owned) (element Alarm) a few dozen at most, unordered */
  GSource *source;   /* (owned) */
  guint last;
};

static int
find_first (TempoSpotifyAlarms *self)
{
  int first = -1;

  for (guint i = 0; i < self->set->len; i++)
    if (first < 0 || g_array_index (self->set, Alarm, i).due < g_array_index (self->set, Alarm, first).due)
      first = (int) i;

  return first;
}

static void
wind_up (TempoSpotifyAlarms *self)
{
  gint64 delay = tempo_spotify_alarms_get_delay (self);

  g_source_set_ready_time (self->source, delay < 0 ? -1 : g_get_monotonic_time () + delay);
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  tempo_spotify_alarms_run (user_data);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .dispatch = dispatch };

/**
 * tempo_spotify_alarms_new:
 * @clock: what time it is
 *
 * Returns: (transfer full): no alarm set
 */
TempoSpotifyAlarms *
tempo_spotify_alarms_new (TempoClock *clock)
{
  TempoSpotifyAlarms *self = g_new0 (TempoSpotifyAlarms, 1);

  self->clock = g_object_ref (clock);
  self->set = g_array_new (FALSE, FALSE, sizeof (Alarm));
  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_callback (self->source, (GSourceFunc) (void (*) (void)) tempo_spotify_alarms_run, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());

  return self;
}

void
tempo_spotify_alarms_free (TempoSpotifyAlarms *self)
{
  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_pointer (&self->set, g_array_unref);
  g_clear_object (&self->clock);
  g_free (self);
}

TempoClock *
tempo_spotify_alarms_get_clock (TempoSpotifyAlarms *self)
{
  return self->clock;
}

/**
 * tempo_spotify_alarms_set:
 * @self: the alarms
 * @id: (inout): the owner's number of it; must stay where it is until the alarm rang or was cleared
 * @delay_us: microseconds from now
 * @func: what to do
 * @data: for @func
 *
 * Sets an alarm, or sets it to another time.
 */
void
tempo_spotify_alarms_set (TempoSpotifyAlarms *self, guint *id, gint64 delay_us, TempoSpotifyAlarmFunc func, gpointer data)
{
  Alarm alarm = { id, 0, tempo_clock_monotonic (self->clock) + MAX (delay_us, 0), func, data };

  tempo_spotify_alarms_clear (self, id);
  alarm.number = *id = ++self->last;
  g_array_append_val (self->set, alarm);
  wind_up (self);
}

void
tempo_spotify_alarms_clear (TempoSpotifyAlarms *self, guint *id)
{
  for (guint i = 0; *id != 0 && i < self->set->len; i++)
    {
      if (g_array_index (self->set, Alarm, i).number != *id)
        continue;
      g_array_remove_index_fast (self->set, i);
      break;
    }
  *id = 0;
}

void
tempo_spotify_alarms_run (TempoSpotifyAlarms *self)
{
  gint64 now = tempo_clock_monotonic (self->clock);
  int first;

  while ((first = find_first (self)) >= 0 && g_array_index (self->set, Alarm, first).due <= now)
    {
      Alarm alarm = g_array_index (self->set, Alarm, first);

      g_array_remove_index_fast (self->set, (guint) first);
      *alarm.id = 0;
      alarm.func (alarm.data);
    }
  wind_up (self);
}

gint64
tempo_spotify_alarms_get_delay (TempoSpotifyAlarms *self)
{
  int first = find_first (self);

  return first < 0 ? -1 : MAX (g_array_index (self->set, Alarm, first).due - tempo_clock_monotonic (self->clock), 0);
}
