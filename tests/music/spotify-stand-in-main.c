/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stand-in as a program, for a browser: prints its address and runs until it is ended. */
#include <stdio.h>

#include "base/tempo-clock.h"
#include "spotify-stand-in.h"

int
main (int argc, char **argv)
{
  g_autoptr (TempoClock) clock = tempo_clock_new_system ();
  g_autoptr (SpotifyStandIn) stand_in = spotify_stand_in_new (clock);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  spotify_stand_in_play (stand_in, spotify_stand_in_get_user (stand_in, "ann"), "Lanterns");
  printf ("%s\n", spotify_stand_in_get_accounts_url (stand_in));
  fflush (stdout);
  g_main_loop_run (loop);

  return 0;
}
