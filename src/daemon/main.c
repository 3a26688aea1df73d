/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>

#include <glib/gi18n.h>

#include "daemon/tempo-daemon.h"

int
main (int argc, char **argv)
{
  const char *locale_dir = g_getenv ("TEMPO_LOCALEDIR");

  setlocale (LC_ALL, "");
  /* Run from the build folder, the translations lie there and nothing is installed. */
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : TEMPO_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  return tempo_daemon_run (argc, argv);
}
