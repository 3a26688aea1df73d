/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the sources of rooms after their settings. */
#include "venue/tempo-host-private.h"

#include "music/library/tempo-library.h"
#include "music/manual/tempo-manual-source.h"
#include "music/mpd/tempo-mpd-source.h"
#include "music/mpris/tempo-mpris-source.h"
#include "music/spotify/tempo-spotify-source.h"
#include "venue/tempo-room-private.h"
#include "venue/tempo-settings-private.h"

static TempoSource *
make_library (TempoRoom *room)
{
  TempoHost *host = room->venue->host;
  const char *organization_id = room->venue->organization->id;
  g_autofree char *folder = tempo_registry_get_folder (host->registry, organization_id, "library");
  g_autofree char *artwork_root = tempo_registry_get_folder (host->registry, organization_id, "artwork");
  /* A library removes pictures it does not show: each needs a folder of its own. */
  g_autofree char *artwork = g_build_filename (artwork_root, room->info->id, NULL);
  g_autofree char *name = g_strconcat (room->info->id, ".db", NULL);
  g_autofree char *index = g_build_filename (folder, name, NULL);

  g_mkdir_with_parents (artwork, 0700);

  return tempo_library_new (index, artwork, host->audio_sink);
}

static TempoSource *
make_manual (TempoRoom *room)
{
  return tempo_manual_source_new ();
}

static char *
dup_setting (TempoRoom *room,
             const char *key)
{
  return tempo_settings_dup_text (room->settings, TEMPO_SETTING_OF_ROOM, key);
}

static TempoSource *
make_mpd (TempoRoom *room)
{
  g_autofree char *host = dup_setting (room, "mpdHost");
  g_autofree char *path = dup_setting (room, "mpdSocket");
  TempoMpdOptions options = { .host = host, .socket = path, .password = room->mpd_password,
                              .clock = room->venue->host->clock };

  options.port = (guint) tempo_settings_get_int (room->settings, TEMPO_SETTING_OF_ROOM, "mpdPort");

  return tempo_mpd_source_new (&options);
}

static TempoSource *
make_mpris (TempoRoom *room)
{
  g_autofree char *player = dup_setting (room, "mprisPlayer");

  return tempo_mpris_source_new (NULL, player, room->venue->host->clock);
}

/**
 * tempo_host_set_source_options:
 * @room: a room
 * @source: one of its
 *
 * What a source takes while it plays: its music goes on.
 */
void
tempo_host_set_source_options (TempoRoom *room,
                               TempoSource *source)
{
  g_autofree char *device = NULL;

  if (!G_TYPE_CHECK_INSTANCE_TYPE (source, TEMPO_TYPE_SPOTIFY_SOURCE))
    return;
  device = dup_setting (room, "spotifyDevice");
  tempo_spotify_source_set_device (TEMPO_SPOTIFY_SOURCE (source), device);
}

static TempoSource *
make_spotify (TempoRoom *room)
{
  TempoSource *source = tempo_host_make_spotify_source (room->venue->host, room->venue->organization->id);

  if (source != NULL)
    tempo_host_set_source_options (room, source);

  return source;
}

/* Sources by kind. @options: settings of the room which they are made of. */
static const struct
{
  const char *kind;
  TempoSource *(*make) (TempoRoom *room);
  const char *options[4];
  const char *filler; /* setting (nullable) */
} makers[] = {
  { "library", make_library, { NULL }, NULL },
  { "manual", make_manual, { NULL }, NULL },
  { "mpd", make_mpd, { "mpdHost", "mpdPort", "mpdSocket" }, "mpdFillerPlaylist" },
  { "mpris", make_mpris, { "mprisPlayer" }, NULL },
  { "spotify", make_spotify, { NULL }, "spotifyFillerPlaylist" },
};

static int
find_maker (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (makers); i++)
    if (g_strcmp0 (makers[i].kind, kind) == 0)
      return (int) i;

  return -1;
}

/**
 * tempo_host_make_source:
 * @room: a room
 * @kind: which source
 * @user_data: unused
 *
 * Returns: (transfer full): the source; by hand for a kind that this Tempo does not have
 */
TempoSource *
tempo_host_make_source (TempoRoom *room,
                        const char *kind,
                        gpointer user_data)
{
  int i = find_maker (kind);
  TempoSource *source = i >= 0 ? makers[i].make (room) : NULL;

  return source != NULL ? source : make_manual (room);
}

/**
 * tempo_host_describe_source:
 * @room: a room
 * @kind: which source
 *
 * Returns: (transfer full): its options as one text, to tell whether they changed; never shown or kept
 */
char *
tempo_host_describe_source (TempoRoom *room,
                            const char *kind)
{
  g_autoptr (GString) text = g_string_new (kind);
  int i = find_maker (kind);

  for (guint j = 0; i >= 0 && makers[i].options[j] != NULL; j++)
    {
      const char *value = g_hash_table_lookup (room->settings, makers[i].options[j]);

      g_string_append_printf (text, "\n%s", value != NULL ? value : "");
    }
  if (g_strcmp0 (kind, "mpd") == 0)
    g_string_append_printf (text, "\n%s", room->mpd_password != NULL ? room->mpd_password : "");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * tempo_host_get_filler_playlist:
 * @room: a room
 * @kind: which source
 *
 * Returns: (transfer full) (nullable): where its filler comes from
 */
char *
tempo_host_get_filler_playlist (TempoRoom *room,
                                const char *kind)
{
  int i = find_maker (kind);

  return i >= 0 && makers[i].filler != NULL ? tempo_settings_dup_text (room->settings, TEMPO_SETTING_OF_ROOM, makers[i].filler) : NULL;
}
