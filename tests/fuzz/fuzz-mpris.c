/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <string.h>

#include "model/tempo-song.h"
#include "music/mpris/tempo-mpris-metadata.h"
#include "music/mpris/tempo-mpris-player.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_text (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, TEMPO_SONG_MAX_TEXT);
  g_assert_null (strpbrk (text, "\n\r\t"));
}

/* The bytes are taken for the dictionary that a player sends, once as metadata and once as its properties. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));
  g_autoptr (TempoSong) song = tempo_mpris_read_song (value);
  TempoMprisState *state = tempo_mpris_state_new ("org.mpris.MediaPlayer2.fuzz", ":1.1");

  if (song != NULL)
    {
      check_text (song->title);
      check_text (song->artist);
      g_assert_true (g_str_has_prefix (song->id, "mpris:"));
      g_assert_cmpuint (strlen (song->id), ==, strlen ("mpris:") + 64);
      g_assert_true (song->duration_ms >= 0 && song->duration_ms <= 7 * G_TIME_SPAN_DAY / 1000);
      if (song->album != NULL)
        check_text (song->album);
    }
  tempo_mpris_state_update (state, value, 1000000);
  g_assert_cmpint (tempo_mpris_state_position_ms (state, G_MAXINT64 / 2), >=, 0);
  g_assert_true (state->track == NULL || g_variant_is_object_path (state->track));
  g_assert_true (state->picture == NULL || g_path_is_absolute (state->picture));
  g_assert_true ((state->artwork == NULL) == (state->picture == NULL));
  tempo_mpris_state_free (state);
  return 0;
}
