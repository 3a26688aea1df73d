/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-source.h"

#include "model/tempo-now-playing.h"
#include "model/tempo-song.h"

static void fake_source_iface_init (TempoSourceInterface *iface);

G_DEFINE_TYPE_WITH_CODE (FakeSource, fake_source, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (TEMPO_TYPE_SOURCE, fake_source_iface_init))

/* "s1", or "mpd:s1": the same song at another source. */
static TempoSong *
make_song (const char *id)
{
  const char *bare = strchr (id, ':') != NULL ? strchr (id, ':') + 1 : id;
  g_autofree char *title = g_strdup_printf ("Title %s", bare);
  g_autofree char *artist = g_strdup_printf ("Artist %s", bare);
  TempoSong *song = tempo_song_new (id, title, artist);

  song->duration_ms = *bare == 'l' ? 3600 * 1000 : 200 * 1000;
  song->explicit_content = *bare == 'x';
  song->uri = g_strconcat ("file:///music/", id, NULL);

  return song;
}

static TempoSourceAbilities
get_abilities (TempoSource *source)
{
  return FAKE_SOURCE (source)->abilities;
}

static TempoSourceHealth
get_health (TempoSource *source,
            const char **text)
{
  FakeSource *self = FAKE_SOURCE (source);

  if (text != NULL)
    *text = self->health == TEMPO_SOURCE_READY ? "" : "fake trouble";

  return self->health;
}

/* The id as this source has it. (transfer full). */
static char *
name_song (FakeSource *self,
           const char *bare)
{
  return g_str_equal (self->kind, "library") ? g_strdup (bare) : g_strconcat (self->kind, ":", bare, NULL);
}

static void
search_async (TempoSource *source,
              const char *query,
              guint limit,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  GPtrArray *songs = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (songs, make_song (query));
  g_task_return_pointer (task, songs, (GDestroyNotify) g_ptr_array_unref);
}

static GPtrArray *
search_finish (TempoSource *source,
               GAsyncResult *result,
               GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static TempoSong *
lookup (TempoSource *source,
        const char *song_id)
{
  FakeSource *self = FAKE_SOURCE (source);
  g_autofree char *prefix = g_strconcat (self->kind, ":", NULL);

  if (g_str_has_prefix (song_id, prefix))
    return make_song (song_id);

  return g_str_equal (self->kind, "library") && strchr ("sxl", *song_id) != NULL && strchr (song_id, ':') == NULL
    ? make_song (song_id) : NULL;
}

static TempoSong *
match (TempoSource *source,
       const char *artist,
       const char *title)
{
  g_autofree char *id = NULL;

  if (!g_str_has_prefix (title, "Title s"))
    return NULL;
  id = name_song (FAKE_SOURCE (source), title + strlen ("Title "));

  return make_song (id);
}

static GPtrArray *
suggest (TempoSource *source,
         guint limit)
{
  GPtrArray *songs = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (songs, make_song ("s1"));

  return songs;
}

static void
play (TempoSource *source,
      TempoSong *song,
      gint64 position_ms)
{
  FakeSource *self = FAKE_SOURCE (source);

  g_set_object (&self->song, song);
  self->position_ms = position_ms;
  self->playing = TRUE;
  self->handed_over++;
  g_signal_emit_by_name (self, "started");
}

static void
pause_song (TempoSource *source)
{
  FAKE_SOURCE (source)->playing = FALSE;
}

static void
resume (TempoSource *source)
{
  FAKE_SOURCE (source)->playing = TRUE;
}

static void
stop (TempoSource *source)
{
  FakeSource *self = FAKE_SOURCE (source);

  g_clear_object (&self->song);
  self->playing = FALSE;
  self->stopped = TRUE;
}

static void
seek (TempoSource *source,
      gint64 position_ms)
{
  FAKE_SOURCE (source)->position_ms = position_ms;
}

static gint64
get_position (TempoSource *source)
{
  return FAKE_SOURCE (source)->position_ms;
}

static void
set_volume (TempoSource *source,
            double volume)
{
}

static TempoSong *
next_filler (TempoSource *source)
{
  FakeSource *self = FAKE_SOURCE (source);
  g_autofree char *bare = g_strdup_printf ("s9%u", self->fillers);
  g_autofree char *id = name_song (self, bare);

  if (!self->has_filler)
    return NULL;
  self->fillers++;

  return make_song (id);
}

static TempoNowPlaying *
dup_playing (TempoSource *source)
{
  FakeSource *self = FAKE_SOURCE (source);

  return self->sounding != NULL ? g_object_ref (self->sounding) : NULL;
}

static gboolean
hand_over (TempoSource *source,
           TempoSong *song)
{
  g_set_object (&FAKE_SOURCE (source)->handed, song);

  return TRUE;
}

static gboolean
take_back (TempoSource *source)
{
  FakeSource *self = FAKE_SOURCE (source);

  if (self->keeps_handed)
    return FALSE;
  g_clear_object (&self->handed);

  return TRUE;
}

static void
set_watching (TempoSource *source,
              gboolean watching)
{
  FAKE_SOURCE (source)->watched = watching;
}

static void
fake_source_finalize (GObject *object)
{
  FakeSource *self = FAKE_SOURCE (object);

  g_clear_object (&self->song);
  g_clear_object (&self->handed);
  g_clear_object (&self->sounding);
  g_clear_pointer (&self->kind, g_free);

  G_OBJECT_CLASS (fake_source_parent_class)->finalize (object);
}

static void
fake_source_class_init (FakeSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_source_finalize;
}

static void
fake_source_init (FakeSource *self)
{
}

static void
fake_source_iface_init (TempoSourceInterface *iface)
{
  iface->get_abilities = get_abilities;
  iface->get_health = get_health;
  iface->search_async = search_async;
  iface->search_finish = search_finish;
  iface->lookup = lookup;
  iface->match = match;
  iface->suggest = suggest;
  iface->play = play;
  iface->pause = pause_song;
  iface->resume = resume;
  iface->stop = stop;
  iface->seek = seek;
  iface->get_position = get_position;
  iface->set_volume = set_volume;
  iface->next_filler = next_filler;
  iface->dup_playing = dup_playing;
  iface->hand_over = hand_over;
  iface->take_back = take_back;
  iface->set_watching = set_watching;
}

FakeSource *
fake_source_new (const char *kind)
{
  FakeSource *self = g_object_new (FAKE_TYPE_SOURCE, NULL);

  self->kind = g_strdup (kind);
  if (g_str_equal (kind, "library") || g_str_equal (kind, "mpd") || g_str_equal (kind, "spotify"))
    self->abilities = TEMPO_SOURCE_SEARCH | TEMPO_SOURCE_PLAY | TEMPO_SOURCE_TRANSPORT | TEMPO_SOURCE_VOLUME | TEMPO_SOURCE_FILLER;
  if (g_str_equal (kind, "mpd") || g_str_equal (kind, "spotify"))
    self->abilities |= TEMPO_SOURCE_NOW_PLAYING | TEMPO_SOURCE_HAND_OVER;
  if (g_str_equal (kind, "spotify"))
    self->abilities |= TEMPO_SOURCE_SEARCH_COSTS;
  if (g_str_equal (kind, "mpris"))
    self->abilities = TEMPO_SOURCE_NOW_PLAYING | TEMPO_SOURCE_TRANSPORT;

  return self;
}

void
fake_source_end (FakeSource *self)
{
  g_signal_emit_by_name (self, "ended");
}

void
fake_source_fail (FakeSource *self,
                  TempoSourceError code)
{
  g_autoptr (GError) error = g_error_new (TEMPO_SOURCE_ERROR, code, "fake failure");

  g_signal_emit_by_name (self, "failed", error);
}

void
fake_source_set_health (FakeSource *self,
                        TempoSourceHealth health)
{
  self->health = health;
  g_signal_emit_by_name (self, "health-changed");
}

void
fake_source_sound (FakeSource *self,
                   const char *id,
                   gint64 now)
{
  g_autoptr (TempoSong) song = id != NULL ? make_song (id) : NULL;

  fake_source_sound_song (self, song, now);
}

void
fake_source_sound_song (FakeSource *self,
                        TempoSong *song,
                        gint64 now)
{
  g_clear_object (&self->sounding);
  if (song != NULL)
    self->sounding = tempo_now_playing_new (song, NULL, 0, now, TRUE);
  g_signal_emit_by_name (self, "playing-changed");
}
