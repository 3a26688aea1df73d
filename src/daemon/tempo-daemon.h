/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "secrets/tempo-secrets.h"

G_BEGIN_DECLS

/* tempod: the engine without a window, and the host's command line. */

/* What commands end with. */
typedef enum
{
  TEMPO_EXIT_DONE = 0,
  TEMPO_EXIT_FAILED = 1, /* it was understood and did not work; the message says what to do */
  TEMPO_EXIT_USAGE = 2,  /* it was not understood */
} TempoExit;

/* Runs the sub-command of @argv. Returns the exit code. */
int tempo_daemon_run (int argc, char **argv);

/* What the commands share. Main thread of the program. */

/* Parses @entries out of @argv, where [0] is the sub-command. FALSE after telling what is wrong. @summary is translated by the caller. */
gboolean tempo_daemon_parse (int argc, char **argv, const char *usage, const char *summary, const GOptionEntry *entries);
/* Prints "tempod: …" to standard error. (transfer none) the code, for return. */
int tempo_daemon_fail (TempoExit code, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The word after the command ("event start"), taken out of @argv; NULL when there is none. */
const char *tempo_daemon_take_word (int *argc, char **argv);
/* FALSE after saying that --data-dir is missing. */
gboolean tempo_daemon_need_data_dir (const char *data_dir);
/* One line of standard input without its end; asks without echo on a terminal. NULL when there is none. (transfer full). */
char *tempo_daemon_read_password (void);

/* Restores through the engine: into one that runs, or beside what is there. Returns the exit code. */
/* The keyring, or memory where there is none. (transfer full). */
TempoSecrets *tempo_daemon_find_secrets (void);
int tempo_daemon_restore_running (const char *data_dir, const char *organization, const char *backup, gboolean as_new, const char *slug);

/* The sub-commands; @argv[0] is the command's name. */
int tempo_daemon_serve (int argc, char **argv);
int tempo_daemon_init (int argc, char **argv);
int tempo_daemon_event (int argc, char **argv);
int tempo_daemon_member (int argc, char **argv);
int tempo_daemon_licence (int argc, char **argv);
int tempo_daemon_setting (int argc, char **argv);
int tempo_daemon_backup (int argc, char **argv);
int tempo_daemon_restore (int argc, char **argv);
int tempo_daemon_audit (int argc, char **argv);
int tempo_daemon_log (int argc, char **argv);
int tempo_daemon_export (int argc, char **argv);
int tempo_daemon_import (int argc, char **argv);
int tempo_daemon_erase (int argc, char **argv);
int tempo_daemon_import_single_tenant (int argc, char **argv);
int tempo_daemon_room (int argc, char **argv);
int tempo_daemon_selftest (int argc, char **argv);

G_END_DECLS
