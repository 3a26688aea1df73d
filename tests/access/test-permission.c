/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-permission.h"

#include <string.h>

/* Who may, spelt out: G guest, V viewer, M member, A admin, O owner. A change of
 * the table must be made here, too, on purpose. */
static const struct
{
  const char *action;
  const char *who;
} table[] = {
  { "view", "VMAO" },
  { "submit", "GMAO" },
  { "withdraw", "GMAO" },
  { "vote", "GMAO" },
  { "unvote", "GMAO" },
  { "rename_self", "GMAO" },
  { "forget_self", "GMAO" },
  { "approve", "MAO" },
  { "decline", "MAO" },
  { "remove", "MAO" },
  { "clear", "MAO" },
  { "move", "MAO" },
  { "pin", "MAO" },
  { "show_message", "MAO" },
  { "mark_playing", "MAO" },
  { "mark_played", "MAO" },
  { "undo", "MAO" },
  { "play", "MAO" },
  { "pause", "MAO" },
  { "skip", "MAO" },
  { "seek", "MAO" },
  { "volume", "MAO" },
  { "filler", "MAO" },
  { "source", "MAO" },
  { "switch", "MAO" },
  { "event_start", "MAO" },
  { "event_end", "MAO" },
  { "guest_hold", "MAO" },
  { "guest_mute", "MAO" },
  { "guest_ban", "MAO" },
  { "guest_rename", "MAO" },
  { "guest_clear", "MAO" },
  { "event_create", "AO" },
  { "event_rules", "AO" },
  { "event_rename", "AO" },
  { "room_create", "AO" },
  { "room_edit", "AO" },
  { "display_create", "AO" },
  { "display_revoke", "AO" },
  { "setting", "AO" },
  { "manage_members", "AO" },
  { "audit", "AO" },
  { "export", "O" },
  { "import", "O" },
  { "backup", "O" },
  { "restore", "O" },
  { "erase", "O" },
  { "reset_factor", "O" },
  { "end_sessions", "O" },
  { "", "" },
  { "View", "" },
  { "approve ", "" },
  { "drop_tables", "" },
};

static void
test_table (void)
{
  static const char letters[] = "GVMAO";

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      for (guint rank = 0; rank < strlen (letters); rank++)
        {
          if (tempo_permission_allows (rank, table[i].action) != (strchr (table[i].who, letters[rank]) != NULL))
            g_error ("\"%s\" is decided wrongly for %c", table[i].action, letters[rank]);
        }
    }
}

static void
test_unknown (void)
{
  g_assert_false (tempo_permission_allows (4, NULL));
  g_assert_false (tempo_permission_allows (5, "view"));
  g_assert_false (tempo_permission_allows (G_MAXUINT, "submit"));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/access/permission/table", test_table);
  g_test_add_func ("/access/permission/unknown", test_unknown);

  return g_test_run ();
}
