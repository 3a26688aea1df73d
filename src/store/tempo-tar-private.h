/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The part of the tar format that exports need: plain files with short names, one after another (POSIX ustar). Whatever
 * else a file from outside says is refused: links, devices, folders, long names, extensions. Any program that knows
 * tar opens what is written here. */

#define TEMPO_TAR_BLOCK 512
/* Of a name, as the format has it without its extensions. */
#define TEMPO_TAR_MAX_NAME 100

typedef struct
{
  char name[TEMPO_TAR_MAX_NAME + 1];
  guint64 size;
} TempoTarEntry;

gboolean tempo_tar_write_head (GOutputStream *stream, const char *name, guint64 size, gint64 now, GError **error);
gboolean tempo_tar_write_fill (GOutputStream *stream, guint64 size, GError **error);
gboolean tempo_tar_write_end (GOutputStream *stream, GError **error);

gboolean tempo_tar_parse_head (const guint8 block[TEMPO_TAR_BLOCK], TempoTarEntry *entry, GError **error);
gboolean tempo_tar_read_head (GInputStream *stream, TempoTarEntry *entry, gboolean *end, GError **error);
gboolean tempo_tar_read_fill (GInputStream *stream, guint64 size, GError **error);
gboolean tempo_tar_is_good_name (const char *name);

G_END_DECLS
