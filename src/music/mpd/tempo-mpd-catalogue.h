/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Songs that a daemon told of, kept for the questions that must be answered at once. One thread. */

typedef struct _TempoMpdCatalogue TempoMpdCatalogue;

TempoMpdCatalogue *tempo_mpd_catalogue_new (void);
void tempo_mpd_catalogue_free (TempoMpdCatalogue *self);
void tempo_mpd_catalogue_add (TempoMpdCatalogue *self, TempoSong *song);
void tempo_mpd_catalogue_add_all (TempoMpdCatalogue *self, GPtrArray *songs);
/* (transfer none) (nullable) all three. */
TempoSong *tempo_mpd_catalogue_lookup (TempoMpdCatalogue *self, const char *id);
TempoSong *tempo_mpd_catalogue_match (TempoMpdCatalogue *self, const char *artist, const char *title);
TempoSong *tempo_mpd_catalogue_of_artwork (TempoMpdCatalogue *self, const char *artwork);

/* Pictures: FALSE when it was never asked for; else @picture, NULL for a song known to have none. */
gboolean tempo_mpd_catalogue_get_picture (TempoMpdCatalogue *self, const char *artwork, GBytes **picture);
void tempo_mpd_catalogue_set_picture (TempoMpdCatalogue *self, const char *artwork, GBytes *picture);
void tempo_mpd_catalogue_forget_pictures (TempoMpdCatalogue *self);

G_END_DECLS
