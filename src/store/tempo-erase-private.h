/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-erase.h"
#include "tempo-sqlite-private.h"
#include "tempo-traces-private.h"

G_BEGIN_DECLS

/* One guest being taken out of one file. */
typedef struct
{
  const TempoGuestErasure *what; /* (unowned) */
  TempoErased *erased;           /* (unowned) */
  TempoTraces *traces; /* (owned) what must not be left over in the file */
  GPtrArray *log_rows; /* (owned) to be emptied */
  gint64 log_seen;     /* the log was looked through so far */
  gboolean known;      /* the guest was not forgotten before: then nobody knows what to look for */
  char *note;          /* (owned) (nullable) where the traces are noted before they are erased */
} TempoErasing;

void tempo_erasing_init (TempoErasing *self, const TempoGuestErasure *what, TempoErased *erased);
void tempo_erasing_clear (TempoErasing *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TempoErasing, tempo_erasing_clear)

/* Finds out what there is to erase, changing nothing; a second time: what is new since. */
gboolean tempo_erasing_look (TempoErasing *self, sqlite3 *db, const char *tenant_id, GError **error);
/* Erases the rows, in one transaction. @db: in none. */
gboolean tempo_erasing_run (TempoErasing *self, sqlite3 *db, const char *tenant_id, GError **error);

G_END_DECLS
