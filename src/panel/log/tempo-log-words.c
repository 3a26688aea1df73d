/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/log/tempo-log-words.h"

#include <glib/gi18n.h>

#include <string.h>

#include "panel/common/tempo-words.h"

typedef struct
{
  const char *word;
  const char *text;
} Word;

static const struct
{
  const char *word;
  TempoLogKind kind;
  TempoLogValue value;
  const char *text;
} actions[] = {
  { "submit", TEMPO_LOG_REQUESTS, TEMPO_LOG_HIDDEN, NC_ ("log", "Asked for a song") },
  { "withdraw", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Withdrew a request") },
  { "vote", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Voted for a song") },
  { "unvote", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Took a vote back") },
  { "approve", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Approved a request") },
  { "decline", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Declined a request") },
  { "remove", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Took a song off the list") },
  { "clear", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Emptied the list") },
  { "move", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Moved a song on the list") },
  { "pin", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Pinned or unpinned a song") },
  { "show_message", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Showed or hid a message") },
  { "mark_playing", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Marked a song as playing") },
  { "mark_played", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Marked a song as played") },
  { "start", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Started a song") },
  { "put_back", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Put a song back on the list") },
  { "expire", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Closed the requests that still waited") },
  { "undo", TEMPO_LOG_REQUESTS, TEMPO_LOG_WORD, NC_ ("log", "Undid the last step") },

  { "rename_self", TEMPO_LOG_PEOPLE, TEMPO_LOG_TEXT, NC_ ("log", "Changed their own name") },
  { "forget_self", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Asked to be forgotten") },
  { "guest_hold", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Changed whether a guest’s requests wait") },
  { "guest_mute", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Muted a guest, or lifted it") },
  { "guest_ban", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Banned a guest, or lifted it") },
  { "guest_rename", TEMPO_LOG_PEOPLE, TEMPO_LOG_TEXT, NC_ ("log", "Renamed a guest") },
  { "guest_clear", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Cleared a guest’s requests") },
  { "guest_erase", TEMPO_LOG_PEOPLE, TEMPO_LOG_HIDDEN, NC_ ("log", "Erased a guest’s data") },
  { "invite", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Invited somebody") },
  { "invite_accept", TEMPO_LOG_PEOPLE, TEMPO_LOG_TEXT, NC_ ("log", "Accepted an invitation") },
  { "invite_revoke", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Took an invitation back") },
  { "member_create", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Added a person") },
  { "member_role", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Changed a person’s role") },
  { "member_activate", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Let a person sign in again") },
  { "member_deactivate", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Stopped a person from signing in") },
  { "member_remove", TEMPO_LOG_PEOPLE, TEMPO_LOG_TEXT, NC_ ("log", "Removed a person") },
  { "password_set", TEMPO_LOG_PEOPLE, TEMPO_LOG_HIDDEN, NC_ ("log", "Set a password") },
  { "password_reset", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Let a person choose a new password") },
  { "sign_in", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Signed in") },
  { "second_factor_begin", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Began to set up the second step at sign-in") },
  { "second_factor_on", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Turned on the second step at sign-in") },
  { "second_factor_off", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Turned off the second step at sign-in") },
  { "second_factor_reset", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Reset a person’s second step at sign-in") },
  { "recovery_code_used", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Signed in with a recovery code") },
  { "sessions_end", TEMPO_LOG_PEOPLE, TEMPO_LOG_WORD, NC_ ("log", "Signed a person out everywhere") },

  { "setting", TEMPO_LOG_SETTINGS, TEMPO_LOG_SETTING, NC_ ("log", "Changed a setting") },
  { "installation", TEMPO_LOG_SETTINGS, TEMPO_LOG_SETTING, NC_ ("log", "Changed a setting of this computer") },
  { "event_rules", TEMPO_LOG_SETTINGS, TEMPO_LOG_RULES, NC_ ("log", "Changed the rules of the night") },
  { "room_create", TEMPO_LOG_SETTINGS, TEMPO_LOG_TEXT, NC_ ("log", "Made a room") },
  { "room_edit", TEMPO_LOG_SETTINGS, TEMPO_LOG_SETTING, NC_ ("log", "Changed a room") },
  { "room_code", TEMPO_LOG_SETTINGS, TEMPO_LOG_TEXT, NC_ ("log", "Made a new code for a room") },
  { "room_active", TEMPO_LOG_SETTINGS, TEMPO_LOG_WORD, NC_ ("log", "Opened or closed a room") },
  { "room_move", TEMPO_LOG_SETTINGS, TEMPO_LOG_TEXT, NC_ ("log", "Moved a room") },
  { "display_create", TEMPO_LOG_SETTINGS, TEMPO_LOG_TEXT, NC_ ("log", "Added a display") },
  { "display_revoke", TEMPO_LOG_SETTINGS, TEMPO_LOG_TEXT, NC_ ("log", "Removed a display") },
  { "organization_create", TEMPO_LOG_SETTINGS, TEMPO_LOG_TEXT, NC_ ("log", "Set up the place") },
  { "organization_edit", TEMPO_LOG_SETTINGS, TEMPO_LOG_WORD, NC_ ("log", "Changed the place’s name or address") },
  { "licence", TEMPO_LOG_SETTINGS, TEMPO_LOG_WORD, NC_ ("log", "Changed the licence") },
  { "spotify_notice", TEMPO_LOG_SETTINGS, TEMPO_LOG_HIDDEN, NC_ ("log", "Read the notice about Spotify") },
  { "spotify_sign_in", TEMPO_LOG_SETTINGS, TEMPO_LOG_TEXT, NC_ ("log", "Began to connect Spotify") },
  { "spotify_connected", TEMPO_LOG_SETTINGS, TEMPO_LOG_TEXT, NC_ ("log", "Connected Spotify") },
  { "spotify_disconnect", TEMPO_LOG_SETTINGS, TEMPO_LOG_TEXT, NC_ ("log", "Disconnected Spotify") },
  { "export", TEMPO_LOG_SETTINGS, TEMPO_LOG_WORD, NC_ ("log", "Exported everything") },
  { "import", TEMPO_LOG_SETTINGS, TEMPO_LOG_HIDDEN, NC_ ("log", "Imported data") },
  { "import_single", TEMPO_LOG_SETTINGS, TEMPO_LOG_HIDDEN, NC_ ("log", "Took over data of an earlier program") },
  { "import_single_undo", TEMPO_LOG_SETTINGS, TEMPO_LOG_HIDDEN, NC_ ("log", "Removed data of an earlier program again") },
  { "export_single", TEMPO_LOG_SETTINGS, TEMPO_LOG_WORD, NC_ ("log", "Exported data for an earlier program") },
  { "restore", TEMPO_LOG_SETTINGS, TEMPO_LOG_HIDDEN, NC_ ("log", "Restored a backup") },

  { "refused", TEMPO_LOG_REFUSED, TEMPO_LOG_TEXT, NC_ ("log", "Was refused access") },

  { "act_as", TEMPO_LOG_EVERYTHING, TEMPO_LOG_TEXT, NC_ ("log", "Looked in as operator of this server") },
  { "event_create", TEMPO_LOG_EVERYTHING, TEMPO_LOG_TEXT, NC_ ("log", "Planned a night") },
  { "event_start", TEMPO_LOG_EVERYTHING, TEMPO_LOG_WORD, NC_ ("log", "Opened the doors") },
  { "event_end", TEMPO_LOG_EVERYTHING, TEMPO_LOG_WORD, NC_ ("log", "Ended the night") },
  { "event_rename", TEMPO_LOG_EVERYTHING, TEMPO_LOG_TEXT, NC_ ("log", "Renamed the night") },
  { "switch", TEMPO_LOG_EVERYTHING, TEMPO_LOG_WORD, NC_ ("log", "Opened or closed requests") },
  { "play", TEMPO_LOG_EVERYTHING, TEMPO_LOG_WORD, NC_ ("log", "Started the music") },
  { "pause", TEMPO_LOG_EVERYTHING, TEMPO_LOG_WORD, NC_ ("log", "Paused the music") },
  { "skip", TEMPO_LOG_EVERYTHING, TEMPO_LOG_TEXT, NC_ ("log", "Skipped a song") },
  { "seek", TEMPO_LOG_EVERYTHING, TEMPO_LOG_LENGTH, NC_ ("log", "Moved within a song") },
  { "volume", TEMPO_LOG_EVERYTHING, TEMPO_LOG_SHARE, NC_ ("log", "Changed the volume") },
  { "filler", TEMPO_LOG_EVERYTHING, TEMPO_LOG_WORD, NC_ ("log", "Changed the music between requests") },
  { "source", TEMPO_LOG_EVERYTHING, TEMPO_LOG_WORD, NC_ ("log", "Changed where the music comes from") },
  { "source_fallback", TEMPO_LOG_EVERYTHING, TEMPO_LOG_WORD, NC_ ("log", "Another source of music stood in") },
};

static const Word actors[] = {
  { "guest", NC_ ("log", "A guest") },
  { "member", NC_ ("log", "Staff") },
  { "desktop", NC_ ("log", "This computer") },
  { "console", NC_ ("log", "The command line") },
  { "system", NC_ ("log", "Tempo") },
};

/* Things that are gone or have no name. */
static const Word fallbacks[] = {
  { "request", NC_ ("log", "a song that is no longer kept") },
  { "guest", NC_ ("log", "a guest without a name") },
  { "room", NC_ ("log", "a room that is gone") },
  { "event", NC_ ("log", "a night that is no longer kept") },
  { "member", NC_ ("log", "somebody who left") },
};

static const Word reasons[] = {
  { "wrong_password", NC_ ("log", "Wrong password") },
  { "wrong_code", NC_ ("log", "Wrong code") },
  { "no_session", NC_ ("log", "Not signed in") },
  { "session_over", NC_ ("log", "The session was over") },
  { "session_ended", NC_ ("log", "The session was over") },
  { "bad_session", NC_ ("log", "Not a session of this place") },
  { "organization", NC_ ("log", "Belongs to another place") },
  { "role", NC_ ("log", "Not in their role") },
  { "super_admin", NC_ ("log", "Only for who runs this server") },
  { "bad_path", NC_ ("log", "An address that leads nowhere") },
  { "event_start", NC_ ("log", "The doors opened") },
  { "last_call", NC_ ("log", "The last call was over") },
  { "source_gone", NC_ ("log", "The other one did not answer") },
  { "skipped", NC_ ("log", "Skipped") },
};

static gsize
find_action (const char *action)
{
  gsize i = 0;

  while (i < G_N_ELEMENTS (actions) && !g_str_equal (actions[i].word, action))
    i++;
  return i;
}

static const char *
find_word (const Word *words,
           gsize n_words,
           const char *word)
{
  for (gsize i = 0; i < n_words; i++)
    if (g_strcmp0 (words[i].word, word) == 0)
      return g_dpgettext2 (NULL, "log", words[i].text);
  return NULL;
}

const char *
tempo_log_words_action (const char *action)
{
  gsize at = find_action (action);

  return at < G_N_ELEMENTS (actions) ? g_dpgettext2 (NULL, "log", actions[at].text) : action;
}

TempoLogValue
tempo_log_words_value (const char *action)
{
  gsize at = find_action (action);

  return at < G_N_ELEMENTS (actions) ? actions[at].value : TEMPO_LOG_TEXT;
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
  const char *known = find_word (actors, G_N_ELEMENTS (actors), kind);

  return known != NULL ? known : kind;
}

const char *
tempo_log_words_nameless (const char *object_kind)
{
  return find_word (fallbacks, G_N_ELEMENTS (fallbacks), object_kind);
}

/* Codes the table does not have say nothing to people; what somebody wrote does. */
const char *
tempo_log_words_reason (const char *reason)
{
  const char *known = find_word (reasons, G_N_ELEMENTS (reasons), reason);

  if (known == NULL)
    known = tempo_words_reason (reason);
  if (known != NULL)
    return known;
  return strspn (reason, "abcdefghijklmnopqrstuvwxyz_") < strlen (reason) || strchr (reason, '_') == NULL ? reason : NULL;
}
