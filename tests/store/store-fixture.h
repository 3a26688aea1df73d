/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-scope-private.h"
#include "store/tempo-store.h"

G_BEGIN_DECLS

/* What the store's tests share: a fresh folder, an open store in it, a few rows. */

#define ACME "01900000-0000-7000-8000-00000000000a"
#define BLUE "01900000-0000-7000-8000-00000000000b"

typedef struct
{
  char *folder; /* (owned) */
  char *path;   /* (owned) tempo.db in it */
  TempoStore *store; /* (owned) (nullable) */
} StoreFixture;

void store_fixture_set_up (StoreFixture *fixture, gconstpointer data);
void store_fixture_set_up_closed (StoreFixture *fixture, gconstpointer data);
void store_fixture_tear_down (StoreFixture *fixture, gconstpointer data);
#define store_fixture_add(path, function) \
  g_test_add (path, StoreFixture, NULL, store_fixture_set_up, function, store_fixture_tear_down)
#define store_fixture_add_closed(path, function) \
  g_test_add (path, StoreFixture, NULL, store_fixture_set_up_closed, function, store_fixture_tear_down)

void store_fixture_remove_folder (const char *folder);
void store_fixture_open (StoreFixture *fixture);
void store_fixture_close (StoreFixture *fixture);

/* Rows with ids made from a letter and a number; asserts that it worked. */
void store_fixture_try (TempoScope *scope, const char *sql);
void store_fixture_fill (TempoScope *scope, const char *mark);
gint64 store_fixture_count (sqlite3 *db, const char *sql);
void store_fixture_add_setting (TempoStore *store, const char *key, const char *value);
char *store_fixture_get_setting (TempoStore *store, const char *key);
void store_fixture_iterate (gboolean *done);

G_END_DECLS
