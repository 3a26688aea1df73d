/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What was read from one audio file. Made and used by one thread. */
typedef struct
{
  char *title;  /* (owned) (nullable) until tempo_reading_complete() */
  char *artist; /* (owned) (nullable) until tempo_reading_complete(), then "" when unknown */
  char *album;  /* (owned) (nullable) */
  GBytes *image; /* (owned) (nullable) the embedded picture, not checked */
  gint64 duration_ms; /* 0 when unknown */
  gboolean explicit_content;
} TempoReading;

TempoReading *tempo_reading_new (void);
void tempo_reading_free (TempoReading *self);
/* Takes over what @tags hold and the reading does not know yet. */
void tempo_reading_add_tags (TempoReading *self, const GstTagList *tags);
/* Fills what tags left open from the file's name ("Artist - Title", "07 Title"; any bytes). */
void tempo_reading_complete (TempoReading *self, const char *file_name);
/* One line of clean text from any bytes, at most TEMPO_SONG_MAX_TEXT characters; NULL when
 * nothing is left. (transfer full) (nullable). */
char *tempo_reading_clean_text (const char *bytes, gssize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoReading, tempo_reading_free)

G_END_DECLS
