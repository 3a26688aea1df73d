/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>
#include <stdarg.h>

#include "store/tempo-batch.h"

G_BEGIN_DECLS

/* The inside of a batch, for the scope that runs it. */

guint tempo_batch_get_length (TempoBatch *self);
const char *tempo_batch_get_name (TempoBatch *self, guint index);
void tempo_batch_add_valist (TempoBatch *self, const char *name, const char *format, va_list values);
int tempo_batch_bind (TempoBatch *self, guint index, sqlite3_stmt *stmt);

G_END_DECLS
