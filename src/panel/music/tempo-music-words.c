/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/music/tempo-music-words.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-words.h"

static const struct
{
  const char *kind;
  const char *name;
  const char *icon;
} kinds[] = {
  { "library", NC_("music", "Music folder"), "folder-music-symbolic" },
  { "mpd", NC_("music", "Music Player Daemon (MPD)"), "network-server-symbolic" },
  { "mpris", NC_("music", "Player on this computer"), "multimedia-player-symbolic" },
  { "spotify", NC_("music", "Spotify"), "network-wireless-symbolic" },
  { "manual", NC_("music", "I play it myself"), "avatar-default-symbolic" },
};

/* The first that fits counts. @kind NULL: whatever the source is. */
static const struct
{
  const char *kind;
  const char *state;
  const char *sentence;
  const char *label;  /* (nullable) only waiting helps */
  const char *remedy; /* (nullable) */
} states[] = {
  { "manual", "ready", NC_ ("music", "Ready. You say what plays."), NULL, NULL },
  { NULL, "ready", NC_ ("music", "Ready."), NULL, NULL },
  { "library", "connecting", NC_ ("music", "The folder is being read."), NULL, NULL },
  { NULL, "connecting", NC_ ("music", "Connecting."), NULL, NULL },
  { NULL, "idle", NC_ ("music", "Ready. Nothing plays there."), NULL, NULL },
  { "mpd", "needs_sign_in", NC_ ("music", "MPD asks for a password."), NC_ ("music", "Enter Password"), "set-up" },
  { NULL, "needs_sign_in", NC_ ("music", "Spotify wants you to sign in again."), NC_ ("music", "Reconnect Spotify"),
    "sign-in" },
  { NULL, "disconnected", NC_ ("music", "Spotify is not connected."), NC_ ("music", "Connect Spotify"), "sign-in" },
  { NULL, "bad_password", NC_ ("music", "MPD does not take this password."), NC_ ("music", "Enter Password"),
    "set-up" },
  { NULL, "no_device", NC_ ("music", "No device plays. Open Spotify on one and press play once."),
    NC_ ("music", "Choose Device"), "set-up" },
  { NULL, "premium_required", NC_ ("music", "This account has no Premium, and Spotify plays only with it."),
    NC_ ("music", "Use Another Account"), "sign-in" },
  { NULL, "not_allowed",
    NC_ (
      "music",
      "Spotify does not know this account in your app. Add it under User Management; the app's owner needs Premium."),
    NC_ ("music", "Open Spotify's Dashboard"), "dashboard" },
  { NULL, "limited", NC_ ("music", "Spotify asks for a pause."), NULL, NULL },
  { "mpd", "unreachable", NC_ ("music", "MPD does not answer. Check that it runs, and its address."),
    NC_ ("music", "Check Address"), "set-up" },
  { "spotify", "unreachable", NC_ ("music", "Spotify does not answer. Tempo tries again by itself."), NULL, NULL },
  { NULL, "unreachable", NC_ ("music", "It does not answer. Tempo tries again by itself."), NULL, NULL },
  { NULL, "no_output", NC_ ("music", "MPD has no sound output switched on. Switch one on there."), NULL, NULL },
  { "library", "gone", NC_ ("music", "The music folder is not there. Plug in its disk or choose another."),
    NC_ ("music", "Choose Folder"), "set-up" },
  { "mpris", "gone", NC_ ("music", "The player is not open. Start it, or choose another."),
    NC_ ("music", "Choose Player"), "set-up" },
  { NULL, "gone", NC_ ("music", "It is not there now."), NULL, NULL },
  { "mpd", "restricted", NC_ ("music", "MPD does not let Tempo do everything it needs. Enter its password."),
    NC_ ("music", "Enter Password"), "set-up" },
  { NULL, "restricted", NC_ ("music", "This device takes no commands. Choose another."), NC_ ("music", "Choose Device"),
    "set-up" },
};

const char *
tempo_music_words_kind_at (guint index)
{
  return index < G_N_ELEMENTS (kinds) ? kinds[index].kind : NULL;
}

const char *
tempo_music_words_kind (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, kind))
      return g_dpgettext2 (NULL, "music", kinds[i].name);
  return kind;
}

const char *
tempo_music_words_icon (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, kind))
      return kinds[i].icon;
  return "audio-x-generic-symbolic";
}

static int
find_state (const TempoSourceState *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].state, state->state)
        && (states[i].kind == NULL || g_str_equal (states[i].kind, state->kind)))
      return (int) i;
  return -1;
}

/* A state that is new to this table still says something: the source's own words. */
char *
tempo_music_words_state (const TempoSourceState *state)
{
  int at = find_state (state);
  gboolean well = g_str_equal (state->state, "ready") || g_str_equal (state->state, "idle");

  if (well && state->active)
    return g_strdup (state->fallback ? C_ ("music", "Has taken over, because the one before is away.")
                                     : C_ ("music", "Has its turn now."));
  if (well && state->coming)
    return g_strdup (C_("music", "Comes after this song."));
  if (g_str_equal (state->state, "limited") && state->until > 0)
    {
      g_autofree char *when = tempo_words_clock (state->until);

      /* Translators: %s is a time like 23:40. */
      return g_strdup_printf (C_("music", "Spotify asks for a pause until %s."), when);
    }
  if (at < 0)
    return g_strdup (state->text != NULL ? state->text : "");
  return g_strdup (g_dpgettext2 (NULL, "music", states[at].sentence));
}

const char *
tempo_music_words_remedy (const TempoSourceState *state,
                          const char **remedy)
{
  int at = find_state (state);

  *remedy = at >= 0 ? states[at].remedy : NULL;
  return *remedy != NULL ? g_dpgettext2 (NULL, "music", states[at].label) : NULL;
}

/**
 * tempo_music_words_trouble:
 * @view: a room
 * @health: a line of its health strip
 * @label: (out): what helps, left as it is when only waiting does
 *
 * Returns: (transfer full) (nullable): why the source that @health is about cannot play; %NULL when it is about
 * something else, or nothing is wrong with the source
 */
char *
tempo_music_words_trouble (TempoRoomView *view,
                           const TempoHealth *health,
                           const char **label)
{
  gboolean fallback = g_str_equal (health->code, "fallback");
  TempoSourceState *state = NULL;
  g_autofree char *sentence = NULL;
  const char *remedy;

  if (fallback && view->sources->len > 0)
    state = g_ptr_array_index (view->sources, 0);
  else if (g_str_equal (health->code, "source"))
    state = tempo_source_states_find_active (view->sources);
  if (state == NULL || g_str_equal (state->state, "ready") || g_str_equal (state->state, "idle"))
    return NULL;
  sentence = tempo_music_words_state (state);
  *label = tempo_music_words_remedy (state, &remedy);

  return fallback ? g_strdup_printf ("%s %s", sentence, _("The next one on your list plays.")) : g_steal_pointer (&sentence);
}
