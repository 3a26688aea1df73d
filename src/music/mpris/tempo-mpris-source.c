/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpris/tempo-mpris-source-private.h"

#include "base/tempo-clock.h"
#include "model/tempo-now-playing.h"
#include "model/tempo-song.h"
#include "music/tempo-artwork.h"

/* Follows the players on a bus. Everything is asynchronous and has a limit of time, so a player that hangs is one
 * that is not there. Engine thread only. */

static void source_iface_init (TempoSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TempoMprisSource, tempo_mpris_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEMPO_TYPE_SOURCE, source_iface_init))

/* TempoSource */

static TempoSourceAbilities
mpris_get_abilities (TempoSource *source)
{
  TempoMprisState *state = TEMPO_MPRIS_SOURCE (source)->active;
  TempoSourceAbilities abilities = TEMPO_SOURCE_NOW_PLAYING | TEMPO_SOURCE_ARTWORK;

  if (state == NULL || !state->can_control)
    return abilities;
  if (state->can_pause)
    abilities |= TEMPO_SOURCE_TRANSPORT;
  if (state->has_volume)
    abilities |= TEMPO_SOURCE_VOLUME;
  return abilities;
}

static TempoSourceHealth
mpris_get_health (TempoSource *source, const char **text)
{
  TempoMprisSource *self = TEMPO_MPRIS_SOURCE (source);

  if (text)
    *text = self->text;
  return self->health;
}

static void
mpris_get_status (TempoSource *source, TempoSourceStatus *status)
{
  TempoMprisSource *self = TEMPO_MPRIS_SOURCE (source);

  *status = (TempoSourceStatus) { self->health, self->code, self->text, 0 };
}

static gboolean
mpris_get_figures (TempoSource *source, TempoSourceFigures *figures)
{
  TempoMprisSource *self = TEMPO_MPRIS_SOURCE (source);

  *figures = (TempoSourceFigures) { self->calls, self->failures, 0, 0, self->last_error };
  return TRUE;
}

static gint64
mpris_get_position (TempoSource *source)
{
  TempoMprisState *state = TEMPO_MPRIS_SOURCE (source)->active;

  return state != NULL && !state->stopped ? tempo_mpris_state_position_ms (state, g_get_monotonic_time ()) : 0;
}

static TempoNowPlaying *
mpris_dup_playing (TempoSource *source)
{
  TempoMprisSource *self = TEMPO_MPRIS_SOURCE (source);
  TempoMprisState *state = self->active;
  g_autoptr (TempoSong) song = NULL;

  if (state == NULL || state->stopped || state->song == NULL)
    return NULL;
  song = tempo_mpris_state_dup_song (state, tempo_mpris_source_has_picture (self));
  return tempo_now_playing_new (song, NULL, mpris_get_position (source), tempo_clock_now (self->clock),
                                state->playing);
}

static void
mpris_artwork_async (TempoSource *source, const char *artwork, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  GBytes *picture = tempo_mpris_pictures_get (TEMPO_MPRIS_SOURCE (source)->pictures, artwork);

  g_task_set_source_tag (task, mpris_artwork_async);
  if (picture != NULL)
    g_task_return_pointer (task, g_bytes_ref (picture), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_new_error (task, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND, "there is no such picture");
}

static GBytes *
mpris_artwork_finish (TempoSource *source, GAsyncResult *result, char **content_type, GError **error)
{
  GBytes *picture = g_task_propagate_pointer (G_TASK (result), error);

  if (picture != NULL && content_type != NULL)
    *content_type = g_strdup (tempo_artwork_probe (g_bytes_get_data (picture, NULL), g_bytes_get_size (picture), NULL,
                                                   NULL));
  return picture;
}

static void
command_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (answer != NULL)
    g_task_return_boolean (task, TRUE);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_GONE, "the player does not do it: %s",
                             error->message);
}

/* SetPosition wants the track's path, which not every player has. */
static GVariant *
make_seek (TempoMprisState *state, double ms, const char **method)
{
  gint64 now = g_get_monotonic_time ();

  *method = state->track ? "SetPosition" : "Seek";
  if (state->track != NULL)
    return g_variant_new ("(ox)", state->track, (gint64) (ms * 1000));
  return g_variant_new ("(x)", (gint64) (ms * 1000) - tempo_mpris_state_position_ms (state, now) * 1000);
}

static gboolean
can_do (TempoMprisState *state, TempoSourceCommand command)
{
  switch (command)
    {
    case TEMPO_SOURCE_SEEK: return state->can_seek && state->can_control;
    case TEMPO_SOURCE_SET_VOLUME: return state->has_volume && state->can_control;
    case TEMPO_SOURCE_PAUSE: return state->can_pause && state->can_control;
    case TEMPO_SOURCE_RESUME:
    case TEMPO_SOURCE_STOP:
    default: return state->can_control;
    }
}

static void
mpris_command_async (TempoSource *source, TempoSourceCommand command, double value, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  static const char *const methods[] = { [TEMPO_SOURCE_PAUSE] = "Pause", [TEMPO_SOURCE_RESUME] = "Play",
                                        [TEMPO_SOURCE_STOP] = "Stop" };
  TempoMprisSource *self = TEMPO_MPRIS_SOURCE (source);
  TempoMprisState *state = self->active;
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  const char *interface = TEMPO_MPRIS_PLAYER;
  const char *method;
  GVariant *arguments = NULL;

  g_task_set_source_tag (task, mpris_command_async);
  if (state == NULL || !can_do (state, command))
    {
      g_task_return_new_error (task, TEMPO_SOURCE_ERROR, state ? TEMPO_SOURCE_ERROR_NOT_ABLE : TEMPO_SOURCE_ERROR_GONE,
                               state ? "the player cannot do that" : "no player is running");
      return;
    }
  if (command == TEMPO_SOURCE_SEEK)
    arguments = make_seek (state, MAX (value, 0), &method);
  else if (command == TEMPO_SOURCE_SET_VOLUME)
    {
      interface = "org.freedesktop.DBus.Properties";
      method = "Set";
      arguments = g_variant_new ("(ssv)", TEMPO_MPRIS_PLAYER, "Volume", g_variant_new_double (CLAMP (value, 0, 1)));
    }
  else
    method = methods[command];
  self->calls++;
  g_dbus_connection_call (self->bus, state->owner, TEMPO_MPRIS_PATH, interface, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, TEMPO_MPRIS_TIMEOUT_MS, cancellable, command_cb,
                          g_steal_pointer (&task));
}

static gboolean
mpris_command_finish (TempoSource *source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
mpris_pause (TempoSource *source)
{
  mpris_command_async (source, TEMPO_SOURCE_PAUSE, 0, NULL, NULL, NULL);
}

static void
mpris_resume (TempoSource *source)
{
  mpris_command_async (source, TEMPO_SOURCE_RESUME, 0, NULL, NULL, NULL);
}

static void
mpris_seek (TempoSource *source, gint64 position_ms)
{
  mpris_command_async (source, TEMPO_SOURCE_SEEK, (double) position_ms, NULL, NULL, NULL);
}

static void
mpris_set_volume (TempoSource *source, double volume)
{
  mpris_command_async (source, TEMPO_SOURCE_SET_VOLUME, volume, NULL, NULL, NULL);
}

static void
source_iface_init (TempoSourceInterface *iface)
{
  iface->get_abilities = mpris_get_abilities;
  iface->get_health = mpris_get_health;
  iface->get_status = mpris_get_status;
  iface->get_figures = mpris_get_figures;
  iface->get_position = mpris_get_position;
  iface->dup_playing = mpris_dup_playing;
  iface->pause = mpris_pause;
  iface->resume = mpris_resume;
  iface->seek = mpris_seek;
  iface->set_volume = mpris_set_volume;
  iface->artwork_async = mpris_artwork_async;
  iface->artwork_finish = mpris_artwork_finish;
  iface->command_async = mpris_command_async;
  iface->command_finish = mpris_command_finish;
}

/* GObject */

static void
tempo_mpris_source_dispose (GObject *object)
{
  TempoMprisSource *self = TEMPO_MPRIS_SOURCE (object);

  g_cancellable_cancel (self->cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (self->subscriptions); i++)
    {
      if (self->subscriptions[i] != 0)
        g_dbus_connection_signal_unsubscribe (self->bus, self->subscriptions[i]);
      self->subscriptions[i] = 0;
    }
  if (self->settle != NULL)
    g_source_destroy (self->settle);
  g_clear_pointer (&self->settle, g_source_unref);
  self->active = NULL;
  G_OBJECT_CLASS (tempo_mpris_source_parent_class)->dispose (object);
}

static void
tempo_mpris_source_finalize (GObject *object)
{
  TempoMprisSource *self = TEMPO_MPRIS_SOURCE (object);

  g_hash_table_unref (self->players);
  g_clear_pointer (&self->pictures, tempo_mpris_pictures_free);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->chosen, g_free);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (tempo_mpris_source_parent_class)->finalize (object);
}

static void
tempo_mpris_source_class_init (TempoMprisSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tempo_mpris_source_dispose;
  object_class->finalize = tempo_mpris_source_finalize;
}

static void
pictures_cb (gpointer user_data)
{
  tempo_mpris_source_settle (user_data);
}

static void
tempo_mpris_source_init (TempoMprisSource *self)
{
  self->cancellable = g_cancellable_new ();
  self->players = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) tempo_mpris_state_free);
  self->pictures = tempo_mpris_pictures_new (pictures_cb, self);
  self->shown = g_strdup ("");
  self->health = TEMPO_SOURCE_CONNECTING;
  self->code = "connecting";
  self->text = "the desktop's players are being looked for";
  self->last_error = "";
}

/**
 * tempo_mpris_source_new:
 *
 * Signals come in the context that is thread-default now.
 * Returns: (transfer full)
 */
TempoSource *
tempo_mpris_source_new (GDBusConnection *bus, const char *player, TempoClock *clock)
{
  TempoMprisSource *self = g_object_new (TEMPO_TYPE_MPRIS_SOURCE, NULL);

  self->clock = clock ? g_object_ref (clock) : tempo_clock_new_system ();
  self->chosen = player && *player ? g_strdup (player) : NULL;
  self->bus = bus ? g_object_ref (bus) : NULL;
  tempo_mpris_source_follow (self);
  return TEMPO_SOURCE (self);
}
