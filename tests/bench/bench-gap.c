/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench-gap FOLDER [SINK]: how long it is silent between two songs. Plays the last half
 * second of twenty songs of FOLDER, each handed over when the one before ended, and
 * prints the gaps. SINK is "fakesink sync=true" unless another is named. */

#include <glib/gstdio.h>
#include <stdlib.h>

#include "model/tempo-song.h"
#include "music/library/tempo-library.h"

#define SONGS 20

typedef struct
{
  GMainLoop *loop;
  TempoSource *source;
  guint played;
} Player;

static void
play_next (Player *player)
{
  g_autoptr (TempoSong) song = tempo_source_next_filler (player->source);

  if (song == NULL)
    {
      g_printerr ("bench-gap: no songs\n");
      exit (1);
    }
  tempo_source_play (player->source, song, player->played % 2 ? MAX (song->duration_ms - 500, 0) : 0);
}

static void
started_cb (TempoSource *source, Player *player)
{
  gint64 gap = tempo_library_get_last_gap (TEMPO_LIBRARY (source));

  if (gap >= 0)
    g_print ("%s gap %" G_GINT64_FORMAT " ms\n", player->played % 2 ? "from inside" : "from the start", gap);
  if (player->played % 2 == 0)
    tempo_source_seek (source, 20 * 60 * 1000);
}

static void
ended_cb (TempoSource *source, Player *player)
{
  if (++player->played >= SONGS)
    g_main_loop_quit (player->loop);
  else
    play_next (player);
}

static void
failed_cb (TempoSource *source, const GError *error, Player *player)
{
  g_printerr ("bench-gap: %s\n", error->message);
  exit (1);
}

static void
scanning_cb (TempoSource *source, GParamSpec *pspec, Player *player)
{
  gboolean scanning;

  g_object_get (source, "scanning", &scanning, NULL);
  if (!scanning && player->played == 0)
    play_next (player);
}

/* The index, its journal and the pictures; one level is all there is. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      g_remove (below);
    }
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *root = g_dir_make_tmp ("tempo-gap-XXXXXX", NULL);
  g_autofree char *index = g_build_filename (root, "library.db", NULL);
  Player player = { g_main_loop_new (NULL, FALSE), NULL, 0 };

  if (argc < 2)
    {
      g_printerr ("usage: bench-gap FOLDER [SINK]\n");
      return 2;
    }
  player.source = tempo_library_new (index, root, argc > 2 ? argv[2] : "fakesink sync=true");
  g_signal_connect (player.source, "started", G_CALLBACK (started_cb), &player);
  g_signal_connect (player.source, "ended", G_CALLBACK (ended_cb), &player);
  g_signal_connect (player.source, "failed", G_CALLBACK (failed_cb), &player);
  g_signal_connect (player.source, "notify::scanning", G_CALLBACK (scanning_cb), &player);
  tempo_library_set_folder (TEMPO_LIBRARY (player.source), argv[1]);
  g_main_loop_run (player.loop);
  g_object_unref (player.source);
  g_main_loop_unref (player.loop);
  remove_folder (root);
  return 0;
}
