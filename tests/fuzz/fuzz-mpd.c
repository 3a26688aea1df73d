/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <string.h>

#include "model/tempo-song.h"
#include "music/mpd/tempo-mpd-song.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_song (TempoSong *song,
            GPtrArray *songs)
{
  if (song == NULL)
    return;
  g_assert_true (g_utf8_validate (song->title, -1, NULL) && g_utf8_validate (song->artist, -1, NULL));
  g_assert_cmpstr (song->title, !=, "");
  g_assert_cmpuint (strlen (song->uri), <=, TEMPO_MPD_MAX_URI);
  g_assert_cmpuint (strlen (song->artwork), ==, 64);
  g_assert_cmpint (song->duration_ms, >=, 0);
  g_ptr_array_add (songs, song);
}

/* A value in quotes ends where its quotes end. */
static void
check_quotes (const char *filter)
{
  gboolean inside = FALSE;

  for (; *filter != '\0'; filter++)
    {
      if (inside && *filter == '\\')
        filter++;
      else if (*filter == '\'')
        inside = !inside;
      else
        g_assert_false (inside && *filter == '"');
    }
  g_assert_false (inside);
}

/* The bytes are taken for an answer, "name: value" a line, and for what a guest typed. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 500);
  g_autoptr (TempoMpdReading) reading = tempo_mpd_reading_new ();
  g_autoptr (GPtrArray) songs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *condition = tempo_mpd_condition ("title", "==", text);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *colon = strstr (lines[i], ": ");

      if (colon == NULL)
        continue;
      *colon = '\0';
      check_song (tempo_mpd_reading_feed (reading, lines[i], colon + 2), songs);
    }
  check_song (tempo_mpd_reading_end (reading), songs);
  tempo_mpd_rank (songs, text, 5);
  g_assert_cmpuint (songs->len, <=, 5);
  check_quotes (condition);
  for (TempoMpdMatch match = TEMPO_MPD_MATCH_TAGS; match <= TEMPO_MPD_MATCH_BLIND; match++)
    {
      g_autofree char *filter = tempo_mpd_filter (text, match);

      if (filter == NULL)
        continue;
      check_quotes (filter);
      /* With the protocol's quoting it fits a line. */
      g_assert_cmpuint (strlen (filter), <, 2000);
    }
  return 0;
}
