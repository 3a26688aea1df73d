/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Before the doors open: would a guest's phone get through? Each check is one
 * line with what to do about it. Blocks for up to some seconds: a worker or the command line. */
typedef enum
{
  TEMPO_CHECK_GOOD,
  TEMPO_CHECK_WARNING,
  TEMPO_CHECK_BAD,
} TempoCheckLevel;

typedef struct
{
  const char *code;  /* static: "address", "port", "firewall", "storage", "space", "database", "music" */
  TempoCheckLevel level;
  char *text;        /* (owned) what was found, in the user's language */
  char *remedy;      /* (owned) (nullable) what to do */
} TempoCheck;
void tempo_check_free (TempoCheck *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoCheck, tempo_check_free)
const char *tempo_check_level_to_string (TempoCheckLevel level);

typedef struct
{
  const char *data_dir;     /* (nullable) checks of storage and databases are left out without it */
  const char *address;      /* (nullable) listening address; NULL: all */
  guint16 port;             /* 0: the preferred one */
  gboolean running;         /* Tempo itself has the port and the files now */
  const char *music_folder; /* (nullable) */
} TempoSelfTestOptions;

/* (element TempoCheck) (transfer full), in the order a host would want to read. */
GPtrArray *tempo_self_test_run (const TempoSelfTestOptions *options);
/* {"level","checks":[{"code","level","text","remedy"}]}. (transfer full). */
GBytes *tempo_self_test_to_json (GPtrArray *checks);

G_END_DECLS
