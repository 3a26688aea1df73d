/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A row as our own export writes it: one flat object of known columns whose values are text or whole numbers, without
 * space. That is read where it lies, a character once; for everything else there is tempo_json_parse(). Any thread. */

typedef enum
{
  TEMPO_ROW_ABSENT,
  TEMPO_ROW_NUMBER,
  TEMPO_ROW_TEXT,
} TempoRowKind;

typedef struct
{
  TempoRowKind kind;
  gboolean escaped; /* there is a backslash in the text */
  gint64 number;
  char *text;       /* (unowned) in the line, up to its closing quote */
  gsize length;
} TempoRowValue;

/* @line: NUL behind its end. @values: as many as @columns (element utf8). FALSE: @line is of another kind, good or not, and
 * was not changed. */
gboolean tempo_row_line_read (char *line, gsize length, GPtrArray *columns, TempoRowValue *values);
/* Once: the text, ended in place. (transfer none). */
const char *tempo_row_value_end_text (TempoRowValue *self);

G_END_DECLS
