/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Texts of a person, looked for among bytes. They are kept as salted digests of the whole and of how it begins and ends,
 * so that what is to be looked for can be noted on the disk without telling it. One thread at a time. */
typedef struct _TempoTraces TempoTraces;

/* Longer texts are not looked for. */
#define TEMPO_TRACES_MAX 4096

TempoTraces *tempo_traces_new (void);
void tempo_traces_free (TempoTraces *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoTraces, tempo_traces_free)

/* Shorter texts than four bytes are in every file by chance, and left out. @counted: whether it is to be known that
 * somebody else has the same text. */
void tempo_traces_add (TempoTraces *self, const char *text, gboolean counted);
gboolean tempo_traces_is_empty (TempoTraces *self);

/* @counted: it is the whole of a counted text. @which: the same for the same text. */
typedef void (*TempoTracesFound) (gsize offset, gsize length, guint which, gboolean counted, gpointer data);
void tempo_traces_search (TempoTraces *self, const guint8 *bytes, gsize length, TempoTracesFound found, gpointer data);
/* @which is below it. */
guint tempo_traces_get_length (TempoTraces *self);

/* A note of them, written durably, and read again, to what is there. Where there is no note nothing is read. */
gboolean tempo_traces_save (TempoTraces *self, const char *path, GError **error);
gboolean tempo_traces_load (TempoTraces *self, const char *path, GError **error);

G_END_DECLS
