/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "store/tempo-registry.h"
#include "tempo-lock-private.h"

/* What the registry's files share. Any thread. All of it but licences is in memory too: a writer changes the file
 * first, then what is here. */
struct _TempoRegistry
{
  GObject parent_instance;

  char *data_dir;  /* (owned) */
  TempoLock *lock; /* (owned) (nullable) until closed */

  GMutex writing; /* of the file, held while it waits for the disk; taken before the other */
  sqlite3 *db;    /* (owned) (nullable) until closed */

  GMutex mutex; /* of everything below, which is changed with both: whoever reads never waits for the disk */
  GPtrArray *organizations; /* (owned) (element TempoOrganization) by age */
  GHashTable *settings;     /* (owned) */
  GHashTable *super_admins; /* (owned) set of "organization/member" */
  GHashTable *room_codes;   /* (owned) code to organization id */
  GHashTable *planned;      /* (owned) codes of @room_codes that are not settled, to organization id */
  GHashTable *old_slugs;    /* (owned) what an organization was called to its id */
};

/* With @writing. Runs a named statement, which is one transaction; letters as in tempo_batch_add(). */
gboolean tempo_registry_run (TempoRegistry *self, GError **error, const char *name, const char *format, ...);
/* With both. Reads again what the file knows of former names: a trigger there keeps them. */
void tempo_registry_load_old_slugs (TempoRegistry *self);
/* With @writing. Calls @load_row for each row of a named statement. */
typedef void (*TempoRegistryLoadFunc) (TempoRegistry *self, sqlite3_stmt *stmt, gpointer user_data);
gboolean tempo_registry_load (TempoRegistry *self, const char *name, TempoRegistryLoadFunc load_row, gpointer user_data, GError **error);
