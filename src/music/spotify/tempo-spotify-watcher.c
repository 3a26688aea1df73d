/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/spotify/tempo-spotify-watcher.h"

#include "base/tempo-clock.h"
#include "model/tempo-song.h"
#include "music/spotify/tempo-spotify-account-private.h"

#define PLAYING_US (20 * G_TIME_SPAN_SECOND)
#define AFTER_END_US G_TIME_SPAN_SECOND
#define IDLE_FIRST_US (30 * G_TIME_SPAN_SECOND)
#define IDLE_US (60 * G_TIME_SPAN_SECOND)
#define TROUBLE_US (30 * G_TIME_SPAN_SECOND)
/* Whoever may not ask is not asked the whole time whether that changed. */
#define REFUSED_US (60 * G_TIME_SPAN_SECOND)
#define PATH "/me/player?additional_types=track%2Cepisode"

struct _TempoSpotifyWatcher
{
  TempoSpotifyAccount *account;   /* (unowned) owns the watcher */
  GHashTable *watching;           /* (owned) who wants to know */
  TempoSpotifyPlayback *playback; /* (owned) (nullable) */
  guint alarm;
  gint64 due; /* monotonic us, 0 when not set */
  gint64 asked_at;
  gint64 lag;
  guint generation;
  guint idle;   /* looks in a row that found nothing */
  gboolean asking;
  gint64 again; /* asked to look while a look was under way: us after it, -1 not */
};

static void look (gpointer data);

static gboolean
is_wanted (TempoSpotifyWatcher *self)
{
  return g_hash_table_size (self->watching) > 0;
}

static TempoSpotifyAlarms *
get_alarms (TempoSpotifyWatcher *self)
{
  return tempo_spotify_service_get_alarms (self->account->service);
}

static void
set_alarm (TempoSpotifyWatcher *self, gint64 delay_us)
{
  self->due = tempo_spotify_account_monotonic (self->account) + delay_us;
  tempo_spotify_alarms_set (get_alarms (self), &self->alarm, delay_us, look, self);
}

static void
clear_alarm (TempoSpotifyWatcher *self)
{
  self->due = 0;
  tempo_spotify_alarms_clear (get_alarms (self), &self->alarm);
}

/* When to look again after an answer. */
static gint64
get_delay (TempoSpotifyWatcher *self)
{
  const TempoSpotifyPlayback *playback = self->playback;
  gint64 left;

  if (playback == NULL || playback->song == NULL)
    return playback != NULL && playback->playing ? PLAYING_US : self->idle > 1 ? IDLE_US : IDLE_FIRST_US;
  if (!playback->playing)
    return self->idle > 1 ? IDLE_US : IDLE_FIRST_US;
  if (playback->song->duration_ms == 0)
    return PLAYING_US;

  left = (playback->song->duration_ms - playback->progress_ms) * G_TIME_SPAN_MILLISECOND + AFTER_END_US;

  return CLAMP (left, AFTER_END_US, PLAYING_US);
}

/* When to look again after none. -1: not by itself. */
static gint64
get_delay_after (TempoSpotifyWatcher *self, const GError *error)
{
  TempoSourceFigures figures;

  if (error->domain != TEMPO_SPOTIFY_ERROR)
    return TROUBLE_US;

  switch ((TempoSpotifyError) error->code)
    {
    case TEMPO_SPOTIFY_ERROR_DISCONNECTED:
    case TEMPO_SPOTIFY_ERROR_NEEDS_SIGN_IN:
      return -1;
    case TEMPO_SPOTIFY_ERROR_LIMITED:
      tempo_spotify_account_get_figures (self->account, &figures);
      return figures.gate_until != 0 ? figures.gate_until - tempo_spotify_account_now (self->account) + AFTER_END_US : TROUBLE_US;
    case TEMPO_SPOTIFY_ERROR_NOT_ALLOWED:
    case TEMPO_SPOTIFY_ERROR_PREMIUM_REQUIRED:
      return REFUSED_US;
    case TEMPO_SPOTIFY_ERROR_NO_DEVICE:
    case TEMPO_SPOTIFY_ERROR_RESTRICTED:
    case TEMPO_SPOTIFY_ERROR_NOT_FOUND:
    case TEMPO_SPOTIFY_ERROR_UNREACHABLE:
    case TEMPO_SPOTIFY_ERROR_INVALID:
    default:
      return TROUBLE_US;
    }
}

/* The answer was true when it left: half of the way back is what it is late. */
static void
take (TempoSpotifyWatcher *self, JsonObject *json)
{
  TempoSpotifyAccount *account = self->account;
  gint64 round = tempo_spotify_account_monotonic (account) - self->asked_at;

  g_clear_pointer (&self->playback, tempo_spotify_playback_free);
  self->playback = tempo_spotify_read_playback (json, tempo_spotify_catalog_get_artwork (account->catalog));
  self->playback->as_of = tempo_spotify_account_now (account) - round / 2;
  self->lag = round / 2;
  self->idle = self->playback->playing ? 0 : self->idle + 1;
  if (self->playback->song != NULL)
    tempo_spotify_catalog_add (account->catalog, self->playback->song);
  /* Something sounds again: that there was nothing to sound on is over. */
  if (self->playback->device != NULL && self->playback->device->active && g_strcmp0 (account->command_problem, "no_device") == 0)
    account->command_problem = NULL;
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoSpotifyAccount) account = TEMPO_SPOTIFY_ACCOUNT (g_object_ref (source));
  guint generation = GPOINTER_TO_UINT (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) json = tempo_spotify_account_call_finish (account, result, &error);
  TempoSpotifyWatcher *self = account->watcher;
  gint64 delay;

  if (self == NULL || generation != self->generation)
    return;
  self->asking = FALSE;
  if (error == NULL)
    take (self, json);
  delay = error == NULL ? get_delay (self) : get_delay_after (self, error);
  if (self->again >= 0 && delay >= 0)
    delay = MIN (delay, self->again);
  self->again = -1;
  if (delay >= 0 && is_wanted (self))
    set_alarm (self, delay);
  if (error == NULL)
    {
      tempo_spotify_account_check (account);
      g_signal_emit_by_name (account, "playing-changed");
    }
}

static void
look (gpointer data)
{
  TempoSpotifyWatcher *self = data;
  const TempoSpotifyCall call = { TEMPO_SPOTIFY_WATCHER, "GET", PATH, NULL, FALSE };

  self->due = 0;
  if (!is_wanted (self) || self->asking)
    return;
  self->asking = TRUE;
  self->again = -1;
  self->asked_at = tempo_spotify_account_monotonic (self->account);
  tempo_spotify_account_call_async (self->account, &call, self->account->cancellable, looked_cb, GUINT_TO_POINTER (self->generation));
}

TempoSpotifyWatcher *
tempo_spotify_watcher_new (gpointer account)
{
  TempoSpotifyWatcher *self = g_new0 (TempoSpotifyWatcher, 1);

  self->account = account;
  self->watching = g_hash_table_new (NULL, NULL);
  self->again = -1;

  return self;
}

void
tempo_spotify_watcher_free (TempoSpotifyWatcher *self)
{
  clear_alarm (self);
  g_clear_pointer (&self->watching, g_hash_table_unref);
  g_clear_pointer (&self->playback, tempo_spotify_playback_free);
  g_free (self);
}

void
tempo_spotify_watcher_set (TempoSpotifyWatcher *self, gpointer who, gboolean watching)
{
  gboolean before = is_wanted (self);

  if (watching)
    g_hash_table_add (self->watching, who);
  else
    g_hash_table_remove (self->watching, who);
  if (is_wanted (self) == before)
    return;
  if (before)
    {
      clear_alarm (self);
      /* What was seen last grows old: nobody is to take it for the present. */
      g_clear_pointer (&self->playback, tempo_spotify_playback_free);
      return;
    }
  self->idle = 0;
  set_alarm (self, 0);
}

/**
 * tempo_spotify_watcher_look_again:
 * @self: a watcher
 * @delay_us: microseconds from now
 *
 * Something was done that changes what sounds. Nothing is asked when nobody watches.
 */
void
tempo_spotify_watcher_look_again (TempoSpotifyWatcher *self, gint64 delay_us)
{
  if (!is_wanted (self))
    return;
  if (self->asking)
    self->again = self->again < 0 ? delay_us : MIN (self->again, delay_us);
  else if (self->due == 0 || self->due > tempo_spotify_account_monotonic (self->account) + delay_us)
    set_alarm (self, delay_us);
}

void
tempo_spotify_watcher_restart (TempoSpotifyWatcher *self)
{
  gboolean seen = self->playback != NULL;

  clear_alarm (self);
  g_clear_pointer (&self->playback, tempo_spotify_playback_free);
  self->generation++;
  self->asking = FALSE;
  self->again = -1;
  self->idle = 0;
  if (is_wanted (self) && self->account->tokens != NULL && !self->account->dead)
    set_alarm (self, 0);
  if (seen)
    g_signal_emit_by_name (self->account, "playing-changed");
}

const TempoSpotifyPlayback *
tempo_spotify_watcher_get_playback (TempoSpotifyWatcher *self)
{
  return self->playback;
}

gint64
tempo_spotify_watcher_get_lag (TempoSpotifyWatcher *self)
{
  return self->lag;
}
