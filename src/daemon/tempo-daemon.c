/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "daemon/tempo-daemon.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_MAX_BYTES 1024

typedef struct
{
  const char *name;
  const char *summary;
  int (*run) (int argc, char **argv);
} Command;

static const Command commands[] = {
  { "init", N_ ("Make an organization, its room and its owner"), tempo_daemon_init },
  { "serve", N_ ("Serve guests, staff and displays"), tempo_daemon_serve },
  { "event", N_ ("Start, end or list the nights of a room"), tempo_daemon_event },
  { "member", N_ ("Add people, set passwords"), tempo_daemon_member },
  { "licence", N_ ("Show, enter or remove a licence"), tempo_daemon_licence },
  { "setting", N_ ("Show or change a setting of this installation"), tempo_daemon_setting },
  { "backup", N_ ("Copy an organization's data, checked"), tempo_daemon_backup },
  { "restore", N_ ("Bring a backup back"), tempo_daemon_restore },
  { "export", N_ ("Write an organization into one archive"), tempo_daemon_export },
  { "import", N_ ("Take an organization in from an archive"), tempo_daemon_import },
  { "import-single-tenant", N_ ("Take in a predecessor's data, or take it out again"), tempo_daemon_import_single_tenant },
  { "erase", N_ ("Erase an organization or a guest, with a receipt"), tempo_daemon_erase },
  { "room", N_ ("Give a room to another organization"), tempo_daemon_room },
  { "audit", N_ ("Check the log"), tempo_daemon_audit },
  { "log", N_ ("Print what an organization's machinery said last"), tempo_daemon_log },
  { "selftest", N_ ("Check network, port, storage and databases"), tempo_daemon_selftest },
};

static void
print_usage (FILE *stream)
{
  fprintf (stream, "%s\n\n", _ ("Usage: tempod COMMAND [OPTION…]"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (stream, "  %-20s %s\n", commands[i].name, _ (commands[i].summary));
  fprintf (stream, "\n%s\n", _ ("\"tempod COMMAND --help\" tells the options of each."));
}

/* Every complaint goes to standard error with the program's name before it, so
 * that scripts may read what commands print.
 */
int
tempo_daemon_fail (TempoExit code, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  fprintf (stderr, "tempod: %s\n", message);
  return code;
}

/* One option context for each sub-command: what a command does not know is an
 * error, never silently skipped.
 */
gboolean
tempo_daemon_parse (
  int argc, char **argv, const char *usage, const char *summary, const GOptionEntry *entries)
{
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("%s. \"tempod %s --help\" tells the options."),
                         error->message, argv[0]);
      return FALSE;
    }
  if (argc > 1)
    {
      tempo_daemon_fail (TEMPO_EXIT_USAGE,
                         _ ("\"%s\" is not understood. \"tempod %s --help\" tells the options."),
                         argv[1], argv[0]);
      return FALSE;
    }
  return TRUE;
}

/* The word after the command ("event start"), taken out of @argv. NULL when there is none. */
const char *
tempo_daemon_take_word (int *argc, char **argv)
{
  const char *word = *argc > 1 && argv[1][0] != '-' ? argv[1] : NULL;

  if (word != NULL)
    {
      memmove (argv + 1, argv + 2, (*argc - 1) * sizeof *argv);
      (*argc)--;
    }
  return word;
}

/* There is no folder by default: a server that made one in whatever directory
 * it was started in would lose an evening.
 */
gboolean
tempo_daemon_need_data_dir (const char *data_dir)
{
  if (data_dir != NULL && *data_dir != '\0')
    return TRUE;
  tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Say where the data lies: --data-dir FOLDER"));
  return FALSE;
}

/* Passwords come by standard input and never by an option, which every user of
 * the machine could read from the process list.
 */
char *
tempo_daemon_read_password (void)
{
  char line[PASSWORD_MAX_BYTES];
  struct termios before;
  gboolean asks = isatty (STDIN_FILENO) && tcgetattr (STDIN_FILENO, &before) == 0;
  char *read;

  if (asks)
    {
      struct termios silent = before;

      silent.c_lflag &= ~ECHO;
      fprintf (stderr, "%s ", _ ("Password:"));
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
    }
  read = fgets (line, sizeof line, stdin);
  if (asks)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
      fputc ('\n', stderr);
    }
  if (read == NULL)
    return NULL;
  line[strcspn (line, "\r\n")] = '\0';
  return g_strdup (line);
}

static char *
make_program_name (const char *command)
{
  return g_strdup_printf ("tempod %s", command);
}

/* The one entry of the program. "--help" and "--version" stand for themselves,
 * everything else is a command's own business.
 */
int
tempo_daemon_run (int argc, char **argv)
{
  const char *name = argc > 1 ? argv[1] : NULL;

  if (name == NULL)
    {
      print_usage (stderr);
      return TEMPO_EXIT_USAGE;
    }
  if (g_str_equal (name, "--help") || g_str_equal (name, "-h") || g_str_equal (name, "help"))
    {
      print_usage (stdout);
      return TEMPO_EXIT_DONE;
    }
  if (g_str_equal (name, "--version"))
    {
      printf ("tempod %s\n", TEMPO_VERSION);
      return TEMPO_EXIT_DONE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (g_str_equal (name, commands[i].name))
        {
          g_autofree char *program = make_program_name (name);

          g_set_prgname (program);
          return commands[i].run (argc - 1, argv + 1);
        }
    }
  return tempo_daemon_fail (TEMPO_EXIT_USAGE,
                            _ ("There is no command \"%s\". \"tempod --help\" lists them."), name);
}
