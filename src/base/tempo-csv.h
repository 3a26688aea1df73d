/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lines of RFC 4180 that open as text in any table program: a cell that would be taken for a formula
 * (it begins with = + - @, a tab or a line end; OWASP, CSV Injection) gets an apostrophe in front. */

/* Adds a cell, and a comma when it is not the first of its line. */
void tempo_csv_append (GString *csv, const char *text);
void tempo_csv_append_int (GString *csv, gint64 value);
void tempo_csv_end_line (GString *csv);

G_END_DECLS
