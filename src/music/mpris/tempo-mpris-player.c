/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpris/tempo-mpris-player.h"

#include <math.h>

#include "model/tempo-song.h"
#include "music/mpris/tempo-mpris-metadata.h"

#define MAX_POSITION_US (7 * G_TIME_SPAN_DAY)

TempoMprisState *
tempo_mpris_state_new (const char *name, const char *owner)
{
  TempoMprisState *self = g_new0 (TempoMprisState, 1);

  self->name = g_strdup (name);
  self->owner = g_strdup (owner);
  self->stopped = TRUE;
  self->can_control = TRUE; /* by the book it must say; those that do not can */
  self->rate = 1;
  return self;
}

void
tempo_mpris_state_free (TempoMprisState *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->owner, g_free);
  g_clear_pointer (&self->track, g_free);
  g_clear_object (&self->song);
  g_clear_pointer (&self->picture, g_free);
  g_clear_pointer (&self->artwork, g_free);
  g_free (self);
}

/* A copy: the song without was told before, and may be in use on other threads. */
TempoSong *
tempo_mpris_state_dup_song (TempoMprisState *self, gboolean with_artwork)
{
  TempoSong *copy;

  if (self->song == NULL || !with_artwork || self->artwork == NULL)
    return self->song ? g_object_ref (self->song) : NULL;
  copy = tempo_song_new (self->song->id, self->song->title, self->song->artist);
  copy->album = g_strdup (self->song->album);
  copy->duration_ms = self->song->duration_ms;
  copy->artwork = g_strdup (self->artwork);
  return copy;
}

static gint64
interpolate (TempoMprisState *self, gint64 now)
{
  double position = (double) self->position_us;

  if (self->playing && now > self->at)
    position += (double) (now - self->at) * self->rate;
  return (gint64) CLAMP (position, 0, (double) MAX_POSITION_US);
}

gint64
tempo_mpris_state_position_ms (TempoMprisState *self, gint64 now)
{
  gint64 position = interpolate (self, now) / 1000;

  return self->song != NULL && self->song->duration_ms > 0 ? MIN (position, self->song->duration_ms) : position;
}

void
tempo_mpris_state_set_position (TempoMprisState *self, gint64 position_us, gint64 now)
{
  self->position_us = CLAMP (position_us, 0, MAX_POSITION_US);
  self->at = now;
}

static void
set_status (TempoMprisState *self, const char *status, gint64 now)
{
  gboolean playing = g_str_equal (status, "Playing");

  /* What it played until now counts at the rate until now. */
  tempo_mpris_state_set_position (self, interpolate (self, now), now);
  if (playing && !self->playing)
    self->began_at = now;
  self->playing = playing;
  self->stopped = !playing && !g_str_equal (status, "Paused");
}

/* Of the song as well: players write one picture after the other to the same file, and browsers keep what an id named. */
static void
set_picture (TempoMprisState *self, GVariant *metadata)
{
  g_autofree char *both = NULL;

  g_clear_pointer (&self->picture, g_free);
  g_clear_pointer (&self->artwork, g_free);
  if (self->song != NULL)
    self->picture = tempo_mpris_read_picture (metadata);
  if (self->picture == NULL)
    return;
  both = g_strconcat (self->song->id, "\n", self->picture, NULL);
  self->artwork = g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);
}

static void
set_metadata (TempoMprisState *self, GVariant *metadata, gint64 now)
{
  g_autoptr (TempoSong) before = g_steal_pointer (&self->song);
  g_autoptr (GVariant) track = NULL;

  self->song = tempo_mpris_read_song (metadata);
  set_picture (self, metadata);
  if (before == NULL || self->song == NULL || g_strcmp0 (before->id, self->song->id) != 0)
    tempo_mpris_state_set_position (self, 0, now);
  g_clear_pointer (&self->track, g_free);
  if (g_variant_is_of_type (metadata, G_VARIANT_TYPE_VARDICT))
    track = g_variant_lookup_value (metadata, "mpris:trackid", NULL);
  if (track != NULL && (g_variant_is_of_type (track, G_VARIANT_TYPE_OBJECT_PATH) || g_variant_is_of_type (track,
                                                                                                          G_VARIANT_TYPE_STRING))
      && g_variant_is_object_path (g_variant_get_string (track, NULL)))
    self->track = g_variant_dup_string (track, NULL);
}

static void
update_one (TempoMprisState *self, const char *name, GVariant *value, gint64 now)
{
  gboolean flag = g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) && g_variant_get_boolean (value);

  if (g_str_equal (name, "PlaybackStatus") && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    set_status (self, g_variant_get_string (value, NULL), now);
  else if (g_str_equal (name, "Metadata"))
    set_metadata (self, value, now);
  else if (g_str_equal (name, "CanControl"))
    self->can_control = flag;
  else if (g_str_equal (name, "CanPause"))
    self->can_pause = flag;
  else if (g_str_equal (name, "CanSeek"))
    self->can_seek = flag;
  else if (g_str_equal (name, "Volume"))
    self->has_volume = g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE);
  else if (g_str_equal (name, "Rate") && g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    {
      double rate = g_variant_get_double (value);

      tempo_mpris_state_set_position (self, interpolate (self, now), now);
      self->rate = isfinite (rate) && rate > 0 && rate <= 16 ? rate : 1;
    }
}

/* After the rest: a new song begins at its beginning unless the same answer says where it is. */
static void
update_position (TempoMprisState *self, GVariant *properties, gint64 now)
{
  g_autoptr (GVariant) position = g_variant_lookup_value (properties, "Position", NULL);

  if (position != NULL)
    tempo_mpris_state_set_position (self, tempo_mpris_read_int (position, self->position_us), now);
}

void
tempo_mpris_state_update (TempoMprisState *self, GVariant *properties, gint64 now)
{
  if (!g_variant_is_of_type (properties, G_VARIANT_TYPE_VARDICT))
    return;
  for (gsize i = 0; i < MIN (g_variant_n_children (properties), TEMPO_MPRIS_MAX_ENTRIES); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (properties, i);
      g_autoptr (GVariant) value = NULL;
      const char *name;

      g_variant_get_child (entry, 0, "&s", &name);
      g_variant_get_child (entry, 1, "v", &value);
      update_one (self, name, value, now);
    }
  update_position (self, properties, now);
}
