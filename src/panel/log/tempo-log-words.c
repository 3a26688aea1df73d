/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/log/tempo-log-words.h"

#include <glib/gi18n.h>

#include "model/tempo-request.h"
#include "model/tempo-room-info.h"
#include "panel/common/tempo-words.h"

static const struct
{
  const char *word;
  TempoLogKind kind;
  const char *text;
} actions[] = {
  { "submit", TEMPO_LOG_REQUESTS, NC_ ("log", "Asked for a song") },
  { "withdraw", TEMPO_LOG_REQUESTS, NC_ ("log", "Withdrew a request") },
  { "vote", TEMPO_LOG_REQUESTS, NC_ ("log", "Voted for a song") },
  { "unvote", TEMPO_LOG_REQUESTS, NC_ ("log", "Took a vote back") },
  { "approve", TEMPO_LOG_REQUESTS, NC_ ("log", "Approved a request") },
  { "decline", TEMPO_LOG_REQUESTS, NC_ ("log", "Declined a request") },
  { "remove", TEMPO_LOG_REQUESTS, NC_ ("log", "Took a song off the list") },
  { "clear", TEMPO_LOG_REQUESTS, NC_ ("log", "Emptied the list") },
  { "move", TEMPO_LOG_REQUESTS, NC_ ("log", "Moved a song on the list") },
  { "pin", TEMPO_LOG_REQUESTS, NC_ ("log", "Pinned or unpinned a song") },
  { "show_message", TEMPO_LOG_REQUESTS, NC_ ("log", "Showed or hid a message") },
  { "mark_playing", TEMPO_LOG_REQUESTS, NC_ ("log", "Marked a song as playing") },
  { "mark_played", TEMPO_LOG_REQUESTS, NC_ ("log", "Marked a song as played") },
  { "start", TEMPO_LOG_REQUESTS, NC_ ("log", "Started a song") },
  { "put_back", TEMPO_LOG_REQUESTS, NC_ ("log", "Put a song back on the list") },
  { "expire", TEMPO_LOG_REQUESTS, NC_ ("log", "Closed the requests that still waited") },
  { "undo", TEMPO_LOG_REQUESTS, NC_ ("log", "Undid the last step") },

  { "rename_self", TEMPO_LOG_PEOPLE, NC_ ("log", "Changed their own name") },
  { "forget_self", TEMPO_LOG_PEOPLE, NC_ ("log", "Asked to be forgotten") },
  { "guest_hold", TEMPO_LOG_PEOPLE, NC_ ("log", "Changed whether a guest’s requests wait") },
  { "guest_mute", TEMPO_LOG_PEOPLE, NC_ ("log", "Muted a guest, or lifted it") },
  { "guest_ban", TEMPO_LOG_PEOPLE, NC_ ("log", "Banned a guest, or lifted it") },
  { "guest_rename", TEMPO_LOG_PEOPLE, NC_ ("log", "Renamed a guest") },
  { "guest_clear", TEMPO_LOG_PEOPLE, NC_ ("log", "Cleared a guest’s requests") },
  { "guest_erase", TEMPO_LOG_PEOPLE, NC_ ("log", "Erased a guest’s data") },
  { "invite", TEMPO_LOG_PEOPLE, NC_ ("log", "Invited somebody") },
  { "invite_accept", TEMPO_LOG_PEOPLE, NC_ ("log", "Accepted an invitation") },
  { "invite_revoke", TEMPO_LOG_PEOPLE, NC_ ("log", "Took an invitation back") },
  { "member_create", TEMPO_LOG_PEOPLE, NC_ ("log", "Added a person") },
  { "member_role", TEMPO_LOG_PEOPLE, NC_ ("log", "Changed a person’s role") },
  { "member_activate", TEMPO_LOG_PEOPLE, NC_ ("log", "Let a person sign in again") },
  { "member_deactivate", TEMPO_LOG_PEOPLE, NC_ ("log", "Stopped a person from signing in") },
  { "member_remove", TEMPO_LOG_PEOPLE, NC_ ("log", "Removed a person") },
  { "password_set", TEMPO_LOG_PEOPLE, NC_ ("log", "Set a password") },
  { "password_reset", TEMPO_LOG_PEOPLE, NC_ ("log", "Let a person choose a new password") },
  { "sign_in", TEMPO_LOG_PEOPLE, NC_ ("log", "Signed in") },
  { "second_factor_begin", TEMPO_LOG_PEOPLE, NC_ ("log", "Began to set up the second step at sign-in") },
  { "second_factor_on", TEMPO_LOG_PEOPLE, NC_ ("log", "Turned on the second step at sign-in") },
  { "second_factor_off", TEMPO_LOG_PEOPLE, NC_ ("log", "Turned off the second step at sign-in") },
  { "second_factor_reset", TEMPO_LOG_PEOPLE, NC_ ("log", "Reset a person’s second step at sign-in") },
  { "recovery_code_used", TEMPO_LOG_PEOPLE, NC_ ("log", "Signed in with a recovery code") },
  { "sessions_end", TEMPO_LOG_PEOPLE, NC_ ("log", "Signed a person out everywhere") },

  { "setting", TEMPO_LOG_SETTINGS, NC_ ("log", "Changed a setting") },
  { "event_rules", TEMPO_LOG_SETTINGS, NC_ ("log", "Changed the rules of the night") },
  { "room_create", TEMPO_LOG_SETTINGS, NC_ ("log", "Made a room") },
  { "room_edit", TEMPO_LOG_SETTINGS, NC_ ("log", "Changed a room") },
  { "room_code", TEMPO_LOG_SETTINGS, NC_ ("log", "Made a new code for a room") },
  { "room_active", TEMPO_LOG_SETTINGS, NC_ ("log", "Opened or closed a room") },
  { "room_move", TEMPO_LOG_SETTINGS, NC_ ("log", "Moved a room") },
  { "display_create", TEMPO_LOG_SETTINGS, NC_ ("log", "Added a display") },
  { "display_revoke", TEMPO_LOG_SETTINGS, NC_ ("log", "Removed a display") },
  { "organization_create", TEMPO_LOG_SETTINGS, NC_ ("log", "Set up the place") },
  { "organization_edit", TEMPO_LOG_SETTINGS, NC_ ("log", "Changed the place’s name or address") },
  { "licence", TEMPO_LOG_SETTINGS, NC_ ("log", "Changed the licence") },
  { "spotify_notice", TEMPO_LOG_SETTINGS, NC_ ("log", "Read the notice about Spotify") },
  { "spotify_sign_in", TEMPO_LOG_SETTINGS, NC_ ("log", "Began to connect Spotify") },
  { "spotify_connected", TEMPO_LOG_SETTINGS, NC_ ("log", "Connected Spotify") },
  { "spotify_disconnect", TEMPO_LOG_SETTINGS, NC_ ("log", "Disconnected Spotify") },
  { "export", TEMPO_LOG_SETTINGS, NC_ ("log", "Exported everything") },
  { "import", TEMPO_LOG_SETTINGS, NC_ ("log", "Imported data") },
  { "import_single", TEMPO_LOG_SETTINGS, NC_ ("log", "Took over data of an earlier program") },
  { "import_single_undo", TEMPO_LOG_SETTINGS, NC_ ("log", "Removed data of an earlier program again") },
  { "export_single", TEMPO_LOG_SETTINGS, NC_ ("log", "Exported data for an earlier program") },
  { "restore", TEMPO_LOG_SETTINGS, NC_ ("log", "Restored a backup") },

  { "refused", TEMPO_LOG_REFUSED, NC_ ("log", "Was refused access") },

  { "act_as", TEMPO_LOG_EVERYTHING, NC_ ("log", "Looked in as operator of this server") },
  { "event_create", TEMPO_LOG_EVERYTHING, NC_ ("log", "Planned a night") },
  { "event_start", TEMPO_LOG_EVERYTHING, NC_ ("log", "Opened the doors") },
  { "event_end", TEMPO_LOG_EVERYTHING, NC_ ("log", "Ended the night") },
  { "event_rename", TEMPO_LOG_EVERYTHING, NC_ ("log", "Renamed the night") },
  { "switch", TEMPO_LOG_EVERYTHING, NC_ ("log", "Opened or closed requests") },
  { "play", TEMPO_LOG_EVERYTHING, NC_ ("log", "Started the music") },
  { "pause", TEMPO_LOG_EVERYTHING, NC_ ("log", "Paused the music") },
  { "skip", TEMPO_LOG_EVERYTHING, NC_ ("log", "Skipped a song") },
  { "seek", TEMPO_LOG_EVERYTHING, NC_ ("log", "Moved within a song") },
  { "volume", TEMPO_LOG_EVERYTHING, NC_ ("log", "Changed the volume") },
  { "filler", TEMPO_LOG_EVERYTHING, NC_ ("log", "Changed the music between requests") },
  { "source", TEMPO_LOG_EVERYTHING, NC_ ("log", "Changed where the music comes from") },
  { "source_fallback", TEMPO_LOG_EVERYTHING, NC_ ("log", "Another source of music stood in") },
};

static const struct
{
  const char *kind;
  const char *text;
} actors[] = {
  { "guest", NC_ ("log", "A guest") },
  { "member", NC_ ("log", "Staff") },
  { "desktop", NC_ ("log", "This computer") },
  { "console", NC_ ("log", "The command line") },
  { "system", NC_ ("log", "Tempo") },
};

const char *
tempo_log_words_action (const char *action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].word, action))
      return g_dpgettext2 (NULL, "log", actions[i].text);
  return action;
}

char *
tempo_log_words_list (TempoLogKind kind)
{
  GString *list;

  if (kind == TEMPO_LOG_EVERYTHING)
    return NULL;
  list = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (actions[i].kind == kind)
      g_string_append_printf (list, "%s%s", list->len > 0 ? "," : "", actions[i].word);
  return g_string_free (list, FALSE);
}

const char *
tempo_log_words_actor (const char *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actors); i++)
    if (g_str_equal (actors[i].kind, kind))
      return g_dpgettext2 (NULL, "log", actors[i].text);
  return kind;
}

const char *
tempo_log_words_value (const char *object_kind,
                       const char *value)
{
  TempoRequestStatus status;
  TempoSwitch state;

  if (g_strcmp0 (object_kind, "request") == 0 && tempo_request_status_from_string (value, &status))
    return tempo_words_status (status);
  if (g_strcmp0 (object_kind, "room") == 0 && tempo_switch_from_string (value, &state))
    return tempo_words_switch (state);
  return value;
}
