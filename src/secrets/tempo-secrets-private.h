/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Secrets in memory, wiped when they leave it. A secret that is there but NULL was
 * cleared, which is something else than one never known. */

/* Overwrites and frees. @secret: (transfer full) (nullable). */
void tempo_secret_wipe (gpointer secret);
/* (transfer full). */
GHashTable *tempo_secret_table_new (void);
/* @secret: (nullable) cleared. */
void tempo_secret_table_set (GHashTable *table, const char *organization, const char *name, const char *secret);
void tempo_secret_table_forget (GHashTable *table, const char *organization, const char *name);
/* All of an organization's; @look_only: counted only. How many there were; what was cleared does not count. */
guint tempo_secret_table_forget_all (GHashTable *table, const char *organization, gboolean look_only);
/* FALSE when nothing is known. @secret: (out) (transfer none) (nullable). */
gboolean tempo_secret_table_get (GHashTable *table, const char *organization, const char *name, const char **secret);

G_END_DECLS
