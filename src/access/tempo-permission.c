/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-permission.h"

#include <string.h>

enum
{
  GUEST,
  VIEWER,
  MEMBER,
  ADMIN,
  OWNER,
};

/* What is not here is nobody's. Sorted by who may. */
static const struct
{
  const char *action;
  guint from;     /* the least rank that may */
  gboolean guest; /* a guest may, too: its own things */
} permissions[] = {
  { "view", VIEWER, FALSE },

  { "submit", MEMBER, TRUE },
  { "withdraw", MEMBER, TRUE },
  { "vote", MEMBER, TRUE },
  { "unvote", MEMBER, TRUE },
  { "rename_self", MEMBER, TRUE },
  { "forget_self", MEMBER, TRUE },

  { "approve", MEMBER, FALSE },
  { "decline", MEMBER, FALSE },
  { "remove", MEMBER, FALSE },
  { "clear", MEMBER, FALSE },
  { "move", MEMBER, FALSE },
  { "pin", MEMBER, FALSE },
  { "show_message", MEMBER, FALSE },
  { "mark_playing", MEMBER, FALSE },
  { "mark_played", MEMBER, FALSE },
  { "undo", MEMBER, FALSE },
  { "play", MEMBER, FALSE },
  { "pause", MEMBER, FALSE },
  { "skip", MEMBER, FALSE },
  { "seek", MEMBER, FALSE },
  { "volume", MEMBER, FALSE },
  { "filler", MEMBER, FALSE },
  { "source", MEMBER, FALSE },
  { "switch", MEMBER, FALSE },
  { "event_start", MEMBER, FALSE },
  { "event_end", MEMBER, FALSE },
  { "guest_hold", MEMBER, FALSE },
  { "guest_mute", MEMBER, FALSE },
  { "guest_ban", MEMBER, FALSE },
  { "guest_rename", MEMBER, FALSE },
  { "guest_clear", MEMBER, FALSE },

  { "event_create", ADMIN, FALSE },
  { "event_rules", ADMIN, FALSE },
  { "event_rename", ADMIN, FALSE },
  { "room_create", ADMIN, FALSE },
  { "room_edit", ADMIN, FALSE },
  { "room_code", ADMIN, FALSE },
  { "room_active", ADMIN, FALSE },
  { "display_create", ADMIN, FALSE },
  { "display_revoke", ADMIN, FALSE },
  { "setting", ADMIN, FALSE },
  { "manage_members", ADMIN, FALSE },
  { "audit", ADMIN, FALSE },
  { "guest_erase", ADMIN, FALSE },

  { "licence", OWNER, FALSE },
  { "export", OWNER, FALSE },
  { "import", OWNER, FALSE },
  { "backup", OWNER, FALSE },
  { "restore", OWNER, FALSE },
  { "erase", OWNER, FALSE },
  { "reset_factor", OWNER, FALSE },
  { "end_sessions", OWNER, FALSE },
};

/**
 * tempo_permission_allows:
 * @rank: 0 a guest, 1 viewer, 2 member, 3 admin, 4 owner
 * @action: (nullable): the word of an action
 *
 * The one place that knows who may do what. Whose request or whose organization
 * it is, the use case decides.
 *
 * Returns: %FALSE for every action and every rank that the table does not name
 */
gboolean
tempo_permission_allows (guint rank,
                         const char *action)
{
  if (action == NULL || rank > OWNER)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (permissions); i++)
    {
      if (strcmp (permissions[i].action, action) == 0)
        return rank == GUEST ? permissions[i].guest : rank >= permissions[i].from;
    }

  return FALSE;
}
