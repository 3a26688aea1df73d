/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpd/tempo-mpd-agent-private.h"

#include "model/tempo-song.h"
#include "music/mpd/tempo-mpd-song.h"
#include "music/tempo-artwork.h"

#define FACTOR 4        /* so many times more are read than shown, because the best may not come first */
#define MAX_CANDIDATES 200
#define WINDOW 10       /* songs of a sample that stand together */
#define EVERYTHING "(file != '')"

/* Searches that the daemon cannot do (one without regular expressions, say) find nothing. */
static gboolean
search_more (TempoMpdAgent *self, GPtrArray *songs, const char *query, TempoMpdMatch match, guint count, GError **error)
{
  g_autofree char *filter = tempo_mpd_filter (query, match);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) trouble = NULL;

  if (filter == NULL)
    return TRUE;
  self->calls++;
  found = tempo_mpd_link_search (self->command, filter, 0, count, &trouble);
  if (found != NULL)
    g_ptr_array_extend_and_steal (songs, g_steal_pointer (&found));
  if (!tempo_mpd_error_is_fatal (trouble))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

static GPtrArray *
search (TempoMpdAgent *self, const char *query, guint limit, GError **error)
{
  static const TempoMpdMatch ways[] = { TEMPO_MPD_MATCH_TAGS, TEMPO_MPD_MATCH_BLIND, TEMPO_MPD_MATCH_NAMES };
  g_autoptr (GPtrArray) songs = g_ptr_array_new_with_free_func (g_object_unref);
  guint count = MIN (limit * FACTOR, MAX_CANDIDATES);

  for (guint i = 0; i < G_N_ELEMENTS (ways) && songs->len < limit; i++)
    {
      if (!search_more (self, songs, query, ways[i], count, error))
        return NULL;
    }
  tempo_mpd_rank (songs, query, limit);
  return g_steal_pointer (&songs);
}

/* A few songs from all over the catalogue. */
GPtrArray *
tempo_mpd_agent_sample (TempoMpdAgent *self, guint limit, GError **error)
{
  struct mpd_stats *stats = mpd_run_stats (tempo_mpd_link_get (self->command));
  g_autoptr (GPtrArray) songs = g_ptr_array_new_with_free_func (g_object_unref);
  guint total;

  self->calls++;
  if (stats == NULL)
    return tempo_mpd_link_check (self->command, error) ? g_steal_pointer (&songs) : NULL;
  total = mpd_stats_get_number_of_songs (stats);
  mpd_stats_free (stats);
  for (guint i = 0; i < limit && i < total; i += WINDOW)
    {
      guint start = total <= limit ? i : (guint) g_random_int_range (0, (gint32) MIN (total - WINDOW,
                                                                                      G_MAXINT32 - 1) + 1);
      g_autoptr (GPtrArray) some = tempo_mpd_link_search (self->command, EVERYTHING, start, WINDOW, error);

      if (some == NULL)
        return NULL;
      g_ptr_array_extend_and_steal (songs, g_steal_pointer (&some));
    }
  tempo_mpd_rank (songs, "", limit);
  return g_steal_pointer (&songs);
}

static GPtrArray *
read_filler (TempoMpdAgent *self, const char *playlist, guint limit, GError **error)
{
  if (playlist == NULL)
    return tempo_mpd_agent_sample (self, limit, error);
  mpd_send_list_playlist_meta (tempo_mpd_link_get (self->command), playlist);
  return tempo_mpd_link_read_songs (self->command, TEMPO_MPD_MAX_READ, error);
}

static TempoSong *
find_among (TempoMpdAgent *self, const char *id, const char *filter, GError **error)
{
  g_autoptr (GPtrArray) songs = tempo_mpd_link_search (self->command, filter, 0, MAX_CANDIDATES, error);

  for (guint i = 0; songs != NULL && i < songs->len; i++)
    {
      TempoSong *song = songs->pdata[i];

      if (g_str_equal (song->id, id))
        return g_object_ref (song);
    }
  return NULL;
}

/* A song that was stored with a request knows its id and its words. What it is called by the daemon is found by
 * the words and recognized by the id, so nothing but the daemon's own answer is ever played. */
TempoSong *
tempo_mpd_agent_resolve (TempoMpdAgent *self, TempoSong *song, GError **error)
{
  g_autofree char *id = song->uri ? tempo_mpd_song_id (song->uri) : NULL;
  g_autofree char *titled = NULL;
  g_autofree char *named = NULL;
  TempoSong *known;
  GError *trouble = NULL;

  if (song->id != NULL && g_strcmp0 (id, song->id) == 0)
    return g_object_ref (song);
  if (song->id == NULL)
    {
      g_set_error_literal (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_UNPLAYABLE, "the song has no id");
      return NULL;
    }
  titled = tempo_mpd_condition ("title", "==", song->title);
  named = tempo_mpd_condition ("file", "contains", song->title);
  known = find_among (self, song->id, titled, &trouble);
  if (known == NULL && trouble == NULL)
    known = find_among (self, song->id, named, &trouble);
  if (trouble != NULL)
    g_propagate_error (error, trouble);
  else if (known == NULL)
    g_set_error_literal (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_UNPLAYABLE, "the player has no such song");
  return known;
}

static GBytes *
read_picture (TempoMpdAgent *self, TempoSong *song, GError **error)
{
  g_autoptr (GBytes) picture = tempo_mpd_link_picture (self->command, song->uri, error);
  gsize length = 0;
  gconstpointer data = picture ? g_bytes_get_data (picture, &length) : NULL;

  return data && tempo_artwork_probe (data, length, NULL, NULL) ? tempo_artwork_fit (picture) : NULL;
}

void
tempo_mpd_agent_answer (TempoMpdAgent *self, TempoMpdOrder *order, GError **error)
{
  switch (order->kind)
    {
    case TEMPO_MPD_SEARCH: order->songs = search (self, order->text, order->limit, error); break;
    case TEMPO_MPD_PICTURE: order->picture = read_picture (self, order->song, error); break;
    case TEMPO_MPD_PLAYLISTS: order->songs = tempo_mpd_link_playlists (self->command, order->limit, error); break;
    case TEMPO_MPD_FILLER: order->songs = read_filler (self, order->text, order->limit, error); break;
    default: g_assert_not_reached ();
    }
}
