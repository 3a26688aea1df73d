/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/tempo-source.h"

#include "model/tempo-song.h"

G_DEFINE_QUARK (tempo-source-error-quark, tempo_source_error)

G_DEFINE_INTERFACE (TempoSource, tempo_source, G_TYPE_OBJECT)

static void
tempo_source_default_init (TempoSourceInterface *iface)
{
  g_signal_new ("ended", TEMPO_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("failed", TEMPO_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  g_signal_new ("started", TEMPO_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("position", TEMPO_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  g_signal_new ("health-changed", TEMPO_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("catalogue-changed", TEMPO_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("playing-changed", TEMPO_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("wants-next", TEMPO_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("advanced", TEMPO_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("displaced", TEMPO_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/* Answers an async call of a source that lacks the ability. */
static void
refuse (TempoSource *self, gpointer tag, const char *what, GCancellable *cancellable, GAsyncReadyCallback callback,
        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_return_new_error (task, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_ABLE, "%s cannot %s",
                           G_OBJECT_TYPE_NAME (self), what);
}

/* TRUE when @result is a refusal of refuse(). */
static gboolean
was_refused (TempoSource *self, GAsyncResult *result, gpointer tag)
{
  return g_task_is_valid (result, self) && g_async_result_is_tagged (result, tag);
}

/**
 * tempo_source_get_abilities:
 *
 * What the source can do; constant while the player behind it is the same. Calls outside
 * it do nothing, answer nothing or fail with TEMPO_SOURCE_ERROR_NOT_ABLE.
 */
TempoSourceAbilities
tempo_source_get_abilities (TempoSource *self)
{
  TempoSourceInterface *iface;

  g_return_val_if_fail (TEMPO_IS_SOURCE (self), 0);
  iface = TEMPO_SOURCE_GET_IFACE (self);
  return iface->get_abilities ? iface->get_abilities (self) : 0;
}

/**
 * tempo_source_get_health:
 *
 * How the source is, and why in @text. A source that does not say is ready.
 */
TempoSourceHealth
tempo_source_get_health (TempoSource *self, const char **text)
{
  TempoSourceInterface *iface;

  g_return_val_if_fail (TEMPO_IS_SOURCE (self), TEMPO_SOURCE_GONE);
  if (text)
    *text = "";
  iface = TEMPO_SOURCE_GET_IFACE (self);
  return iface->get_health ? iface->get_health (self, text) : TEMPO_SOURCE_READY;
}

/**
 * tempo_source_search_async:
 *
 * Looks @query up in the catalogue; @query is what a guest typed and may be any
 * text. The answer never comes before this call returned.
 */
void
tempo_source_search_async (TempoSource *self, const char *query, guint limit, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->search_async)
    iface->search_async (self, query != NULL ? query : "", limit, cancellable, callback, user_data);
  else
    refuse (self, tempo_source_search_async, "search", cancellable, callback, user_data);
}

/**
 * tempo_source_search_finish:
 *
 * Ends tempo_source_search_async(). An empty array is an answer, not an error.
 * Returns: (transfer full) (element-type TempoSong) or NULL with @error set.
 */
GPtrArray *
tempo_source_search_finish (TempoSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEMPO_IS_SOURCE (self), NULL);
  if (was_refused (self, result, tempo_source_search_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return TEMPO_SOURCE_GET_IFACE (self)->search_finish (self, result, error);
}

/**
 * tempo_source_lookup:
 *
 * The song of @song_id, or NULL when the source does not know it (any more).
 * Cheap enough to be called for every submission.
 */
TempoSong *
tempo_source_lookup (TempoSource *self, const char *song_id)
{
  TempoSourceInterface *iface;

  g_return_val_if_fail (TEMPO_IS_SOURCE (self), NULL);
  iface = TEMPO_SOURCE_GET_IFACE (self);
  return iface->lookup && song_id ? iface->lookup (self, song_id) : NULL;
}

/**
 * tempo_source_remember:
 * @song: as it was kept; a file that was imported may have made it up
 *
 * Nothing for a source that finds its songs by itself.
 */
void
tempo_source_remember (TempoSource *self, TempoSong *song)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  g_return_if_fail (TEMPO_IS_SONG (song));
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->remember != NULL)
    iface->remember (self, song);
}

/**
 * tempo_source_match:
 *
 * The song of the catalogue that a typed wish means, or NULL. @artist may be
 * NULL or empty: then only a title that one artist alone has is an answer.
 */
TempoSong *
tempo_source_match (TempoSource *self, const char *artist, const char *title)
{
  TempoSourceInterface *iface;

  g_return_val_if_fail (TEMPO_IS_SOURCE (self), NULL);
  iface = TEMPO_SOURCE_GET_IFACE (self);
  return iface->match && title ? iface->match (self, artist, title) : NULL;
}

/**
 * tempo_source_suggest:
 *
 * A few songs of the house for an empty search field, never NULL. The same songs
 * for the whole night, so that a guest finds again what was there a minute ago.
 */
GPtrArray *
tempo_source_suggest (TempoSource *self, guint limit)
{
  TempoSourceInterface *iface;

  g_return_val_if_fail (TEMPO_IS_SOURCE (self), NULL);
  iface = TEMPO_SOURCE_GET_IFACE (self);
  return iface->suggest ? iface->suggest (self, limit) : g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * tempo_source_play:
 *
 * Starts @song at @position_ms and forgets what played before. What comes of it
 * is told by "started" or "failed", and by "ended" later, never inside this call.
 */
void
tempo_source_play (TempoSource *self, TempoSong *song, gint64 position_ms)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  g_return_if_fail (song != NULL);
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->play)
    iface->play (self, song, MAX (position_ms, 0));
}

/**
 * tempo_source_pause:
 *
 * Holds the song where it is. Nothing to do when nothing plays
 * or when the source has no transport.
 */
void
tempo_source_pause (TempoSource *self)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->pause)
    iface->pause (self);
}

/**
 * tempo_source_resume:
 *
 * Goes on after tempo_source_pause(); "position" tells from where.
 * Nothing to do when nothing is held.
 */
void
tempo_source_resume (TempoSource *self)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->resume)
    iface->resume (self);
}

/**
 * tempo_source_stop:
 *
 * Silence. The song is forgotten: neither "ended" nor "failed" follows,
 * because the one who asked knows.
 */
void
tempo_source_stop (TempoSource *self)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->stop)
    iface->stop (self);
}

/**
 * tempo_source_seek:
 *
 * Jumps in the song that plays; "position" follows when it sounds from there.
 * A position behind the end ends the song.
 */
void
tempo_source_seek (TempoSource *self, gint64 position_ms)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->seek)
    iface->seek (self, MAX (position_ms, 0));
}

/**
 * tempo_source_get_position:
 *
 * Milliseconds into the song, 0 when nothing is loaded. Never asks a device, so
 * it may be called as often as wanted.
 */
gint64
tempo_source_get_position (TempoSource *self)
{
  TempoSourceInterface *iface;

  g_return_val_if_fail (TEMPO_IS_SOURCE (self), 0);
  iface = TEMPO_SOURCE_GET_IFACE (self);
  return iface->get_position ? iface->get_position (self) : 0;
}

/**
 * tempo_source_set_volume:
 *
 * @volume is 0..1 on the cubic scale of sliders, where half sounds like half;
 * it stays for the songs that follow.
 */
void
tempo_source_set_volume (TempoSource *self, double volume)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->set_volume)
    iface->set_volume (self, CLAMP (volume, 0.0, 1.0));
}

/**
 * tempo_source_next_filler:
 *
 * What to play while nobody asked for anything, or NULL. Every call moves on:
 * the songs of the last calls do not come again at once.
 */
TempoSong *
tempo_source_next_filler (TempoSource *self)
{
  TempoSourceInterface *iface;

  g_return_val_if_fail (TEMPO_IS_SOURCE (self), NULL);
  iface = TEMPO_SOURCE_GET_IFACE (self);
  return iface->next_filler ? iface->next_filler (self) : NULL;
}

/**
 * tempo_source_artwork_async:
 *
 * Fetches the picture of an artwork id. The id may come from a guest's browser:
 * anything that is not one of ours is answered with TEMPO_SOURCE_ERROR_NOT_FOUND.
 */
void
tempo_source_artwork_async (TempoSource *self, const char *artwork, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->artwork_async)
    iface->artwork_async (self, artwork, cancellable, callback, user_data);
  else
    refuse (self, tempo_source_artwork_async, "give pictures", cancellable, callback, user_data);
}

/**
 * tempo_source_artwork_finish:
 * @content_type: (out) (transfer full) (optional): image/jpeg or image/png
 *
 * Ends tempo_source_artwork_async().
 * Returns: (transfer full): the picture's bytes, or NULL with @error set.
 */
GBytes *
tempo_source_artwork_finish (TempoSource *self, GAsyncResult *result, char **content_type, GError **error)
{
  g_return_val_if_fail (TEMPO_IS_SOURCE (self), NULL);
  if (was_refused (self, result, tempo_source_artwork_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return TEMPO_SOURCE_GET_IFACE (self)->artwork_finish (self, result, content_type, error);
}

TempoPlaylist *
tempo_playlist_new (const char *id, const char *name, guint songs)
{
  TempoPlaylist *self = g_new0 (TempoPlaylist, 1);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->songs = songs;
  return self;
}

void
tempo_playlist_free (TempoPlaylist *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_free (self);
}

static const char *
name_health (TempoSourceHealth health)
{
  switch (health)
    {
    case TEMPO_SOURCE_READY: return "ready";
    case TEMPO_SOURCE_CONNECTING: return "connecting";
    case TEMPO_SOURCE_NEEDS_SIGN_IN: return "needs_sign_in";
    case TEMPO_SOURCE_LIMITED: return "limited";
    case TEMPO_SOURCE_NO_DEVICE: return "no_device";
    case TEMPO_SOURCE_REFUSED: return "not_allowed";
    case TEMPO_SOURCE_GONE:
    default: return "gone";
    }
}

/**
 * tempo_source_get_status:
 * @status: (out): how the source is, filled in whole
 *
 * What tempo_source_get_health() tells, with a word for screens and, where it is known,
 * the time when it will be better.
 */
void
tempo_source_get_status (TempoSource *self, TempoSourceStatus *status)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  g_return_if_fail (status != NULL);
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->get_status)
    {
      iface->get_status (self, status);
      return;
    }
  status->health = tempo_source_get_health (self, &status->text);
  status->code = name_health (status->health);
  status->until = 0;
}

/**
 * tempo_source_dup_playing:
 *
 * For sources with NOW_PLAYING; the position may be interpolated from it.
 */
TempoNowPlaying *
tempo_source_dup_playing (TempoSource *self)
{
  TempoSourceInterface *iface;

  g_return_val_if_fail (TEMPO_IS_SOURCE (self), NULL);
  iface = TEMPO_SOURCE_GET_IFACE (self);
  return iface->dup_playing ? iface->dup_playing (self) : NULL;
}

/**
 * tempo_source_hand_over:
 *
 * Gives the source the song to go on with by itself.
 */
gboolean
tempo_source_hand_over (TempoSource *self, TempoSong *song)
{
  TempoSourceInterface *iface;

  g_return_val_if_fail (TEMPO_IS_SOURCE (self), FALSE);
  g_return_val_if_fail (song != NULL, FALSE);
  iface = TEMPO_SOURCE_GET_IFACE (self);
  return iface->hand_over ? iface->hand_over (self, song) : FALSE;
}

/**
 * tempo_source_take_back:
 *
 * Undoes tempo_source_hand_over() where the source can.
 */
gboolean
tempo_source_take_back (TempoSource *self)
{
  TempoSourceInterface *iface;

  g_return_val_if_fail (TEMPO_IS_SOURCE (self), FALSE);
  iface = TEMPO_SOURCE_GET_IFACE (self);
  return iface->take_back ? iface->take_back (self) : FALSE;
}

static TempoSourceAbilities
get_needed (TempoSourceCommand command)
{
  switch (command)
    {
    case TEMPO_SOURCE_STOP: return TEMPO_SOURCE_PLAY;
    case TEMPO_SOURCE_SET_VOLUME: return TEMPO_SOURCE_VOLUME;
    case TEMPO_SOURCE_PAUSE:
    case TEMPO_SOURCE_RESUME:
    case TEMPO_SOURCE_SEEK:
    default: return TEMPO_SOURCE_TRANSPORT;
    }
}

static void
do_command (TempoSource *self, TempoSourceCommand command, double value)
{
  switch (command)
    {
    case TEMPO_SOURCE_PAUSE: tempo_source_pause (self); break;
    case TEMPO_SOURCE_RESUME: tempo_source_resume (self); break;
    case TEMPO_SOURCE_STOP: tempo_source_stop (self); break;
    case TEMPO_SOURCE_SEEK: tempo_source_seek (self, (gint64) value); break;
    case TEMPO_SOURCE_SET_VOLUME: tempo_source_set_volume (self, value); break;
    default: g_assert_not_reached ();
    }
}

/**
 * tempo_source_command_async:
 *
 * Asks for @command and waits for what came of it. A source that does as it is told at
 * once needs no command_async() of its own.
 */
void
tempo_source_command_async (TempoSource *self, TempoSourceCommand command, double value, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  if (TEMPO_SOURCE_GET_IFACE (self)->command_async)
    {
      TEMPO_SOURCE_GET_IFACE (self)->command_async (self, command, value, cancellable, callback, user_data);
      return;
    }
  if ((tempo_source_get_abilities (self) & get_needed (command)) == 0)
    {
      refuse (self, tempo_source_command_async, "do that", cancellable, callback, user_data);
      return;
    }
  do_command (self, command, value);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tempo_source_command_async);
  g_task_return_boolean (task, TRUE);
}

gboolean
tempo_source_command_finish (TempoSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEMPO_IS_SOURCE (self), FALSE);
  if (was_refused (self, result, tempo_source_command_async))
    return g_task_propagate_boolean (G_TASK (result), error);
  return TEMPO_SOURCE_GET_IFACE (self)->command_finish (self, result, error);
}

/**
 * tempo_source_list_playlists_async:
 *
 * What the account or the folder has as lists. The answer never comes before this call returned.
 */
void
tempo_source_list_playlists_async (TempoSource *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->list_playlists_async)
    iface->list_playlists_async (self, cancellable, callback, user_data);
  else
    refuse (self, tempo_source_list_playlists_async, "list playlists", cancellable, callback, user_data);
}

GPtrArray *
tempo_source_list_playlists_finish (TempoSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEMPO_IS_SOURCE (self), NULL);
  if (was_refused (self, result, tempo_source_list_playlists_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return TEMPO_SOURCE_GET_IFACE (self)->list_playlists_finish (self, result, error);
}

/**
 * tempo_source_set_filler_playlist:
 *
 * Where tempo_source_next_filler() takes songs from.
 */
void
tempo_source_set_filler_playlist (TempoSource *self, const char *playlist_id)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->set_filler_playlist)
    iface->set_filler_playlist (self, playlist_id);
}

/**
 * tempo_source_get_figures:
 * @figures: (out): filled in whole when there are any
 *
 * What following the player or service cost so far.
 */
gboolean
tempo_source_get_figures (TempoSource *self, TempoSourceFigures *figures)
{
  TempoSourceInterface *iface;

  g_return_val_if_fail (TEMPO_IS_SOURCE (self), FALSE);
  g_return_val_if_fail (figures != NULL, FALSE);
  iface = TEMPO_SOURCE_GET_IFACE (self);
  return iface->get_figures ? iface->get_figures (self, figures) : FALSE;
}

/**
 * tempo_source_set_watching:
 *
 * Tells the source whether what sounds is of interest.
 */
void
tempo_source_set_watching (TempoSource *self, gboolean watching)
{
  TempoSourceInterface *iface;

  g_return_if_fail (TEMPO_IS_SOURCE (self));
  iface = TEMPO_SOURCE_GET_IFACE (self);
  if (iface->set_watching)
    iface->set_watching (self, watching);
}
