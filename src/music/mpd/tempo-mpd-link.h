/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <mpd/client.h>

#include "music/mpd/tempo-mpd-hand.h"
#include "music/mpd/tempo-mpd-source.h"

G_BEGIN_DECLS

/* One connection to a daemon. Worker thread only, all of it blocks for the time an answer may
 * take; tempo_mpd_link_abort() alone may come from anywhere while the link is kept. */

typedef enum
{
  TEMPO_MPD_ERROR_UNREACHABLE, /* nobody there, or gone while talking: open another link */
  TEMPO_MPD_ERROR_GARBLED,     /* not what a daemon says: open another link */
  TEMPO_MPD_ERROR_PASSWORD,    /* it is wrong */
  TEMPO_MPD_ERROR_PERMISSION,  /* this command wants a password; the link is fine */
  TEMPO_MPD_ERROR_REFUSED,     /* this command only; the link is fine */
  TEMPO_MPD_ERROR_NOT_THERE,   /* no such song, file or list; the link is fine */
} TempoMpdError;
#define TEMPO_MPD_ERROR (tempo_mpd_error_quark ())
GQuark tempo_mpd_error_quark (void);
/* TRUE when after @error the link is of no more use. */
gboolean tempo_mpd_error_is_fatal (const GError *error);

#define TEMPO_MPD_MAX_READ 5000 /* songs or names of one answer */

typedef struct _TempoMpdLink TempoMpdLink;

/* Connects, greets and signs in. (transfer full) (nullable). */
TempoMpdLink *tempo_mpd_link_open (const TempoMpdOptions *options, GCancellable *cancellable, GError **error);
void tempo_mpd_link_free (TempoMpdLink *self);
/* Makes whatever waits on the link fail at once. Any thread. */
void tempo_mpd_link_abort (TempoMpdLink *self);
/* For commands of one line; follow each with tempo_mpd_link_check(). (transfer none). */
struct mpd_connection *tempo_mpd_link_get (TempoMpdLink *self);
/* FALSE when the last command did not do. */
gboolean tempo_mpd_link_check (TempoMpdLink *self, GError **error);

gboolean tempo_mpd_link_look (TempoMpdLink *self, TempoMpdLook *look, GError **error);
/* Songs of the answer to what was just sent, at most @max: (element TempoSong) (transfer full) (nullable). */
GPtrArray *tempo_mpd_link_read_songs (TempoMpdLink *self, guint max, GError **error);
/* Songs that pass @filter, from @start on, at most @count. (element TempoSong) (transfer full) (nullable). */
GPtrArray *tempo_mpd_link_search (TempoMpdLink *self, const char *filter, guint start, guint count, GError **error);
/* The song of queue id @id, 0: the current one; NULL without @error when there is none. (transfer full) (nullable). */
TempoSong *tempo_mpd_link_queued (TempoMpdLink *self, guint id, GError **error);
/* TRUE when something may sound. */
gboolean tempo_mpd_link_has_output (TempoMpdLink *self, gboolean *has, GError **error);
/* The picture of @uri as it is, NULL without @error when it has none. (transfer full) (nullable). */
GBytes *tempo_mpd_link_picture (TempoMpdLink *self, const char *uri, GError **error);
/* (element TempoPlaylist) (transfer full) (nullable). */
GPtrArray *tempo_mpd_link_playlists (TempoMpdLink *self, guint max, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoMpdLink, tempo_mpd_link_free)

G_END_DECLS
