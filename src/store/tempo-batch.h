/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Writes that belong together: named statements with bound values. Built by one
 * thread, then given to tempo_store_write_async(), after which it is the writer's. */
TempoBatch *tempo_batch_new (void);
TempoBatch *tempo_batch_ref (TempoBatch *self);
void tempo_batch_unref (TempoBatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoBatch, tempo_batch_unref)

/* Adds one statement. @name: a file of data/sql/statements without ".sql". @format: one letter a value:
 * s text (NULL is NULL), i gint64, d double, b GBytes* (NULL is NULL), n nothing (NULL).
 * Pass integers as gint64. Values are copied or reffed. */
void tempo_batch_add (TempoBatch *self, const char *name, const char *format, ...);
gboolean tempo_batch_is_empty (TempoBatch *self);
/* Moves all statements of @other to the end of @self. */
void tempo_batch_append (TempoBatch *self, TempoBatch *other);

G_END_DECLS
