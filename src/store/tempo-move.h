/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A room and all that belongs to it from one organization's file to another's. Both files are nobody else's meanwhile.
 * Ids stay; human numbers stay where they are free, else the room's code is added. Block: worker threads. */

typedef struct
{
  const char *from_path, *from_tenant;
  const char *to_path, *to_tenant;
  const char *room_id, *code;
} TempoMove;

/* All of it into the other file, or nothing; what is there already of this room goes first. The first file stays as it
 * is. */
gboolean tempo_move_copy (const TempoMove *self, GError **error);
/* Takes a room out of a file, with guests who then have nothing there any more. What is not there is fine. */
gboolean tempo_move_remove (const char *path, const char *tenant_id, const char *room_id, GError **error);

G_END_DECLS
