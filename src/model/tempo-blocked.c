/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lists of what a house never plays. */
#include "config.h"

#include "model/tempo-blocked.h"

#include <string.h>

#include "model/tempo-song.h"
#include "model/tempo-text-private.h"

enum
{
  IN_ARTIST = 1,
  IN_TITLE = 2,
  IN_ALBUM = 4,
};

typedef struct
{
  char *entry;  /* (owned) as written */
  char *fenced; /* (owned) as compared */
  guint where;
} Line;

struct _TempoBlocked
{
  GArray *lines; /* (owned) (element Line) */
};

static void
clear_line (gpointer data)
{
  Line *line = data;

  g_clear_pointer (&line->entry, g_free);
  g_clear_pointer (&line->fenced, g_free);
}

static void
add_lines (TempoBlocked *self,
           char **entries,
           guint where)
{
  for (guint i = 0; entries != NULL && entries[i] != NULL; i++)
    {
      Line line = { g_strdup (entries[i]), tempo_text_fence (entries[i]), where };

      /* An entry of nothing but signs has no words and would meet everything. */
      if (line.fenced[strspn (line.fenced, " ")] == '\0')
        clear_line (&line);
      else
        g_array_append_val (self->lines, line);
    }
}

/**
 * tempo_blocked_new:
 * @artists: (nullable): met in the artist only
 * @titles: (nullable): met in the title only
 * @words: (nullable): met in artist, title or album
 *
 * Returns: (transfer full): the lists
 */
TempoBlocked *
tempo_blocked_new (char **artists,
                   char **titles,
                   char **words)
{
  TempoBlocked *self = g_new0 (TempoBlocked, 1);

  self->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_array_set_clear_func (self->lines, clear_line);
  add_lines (self, artists, IN_ARTIST);
  add_lines (self, titles, IN_TITLE);
  add_lines (self, words, IN_ARTIST | IN_TITLE | IN_ALBUM);

  return self;
}

/**
 * tempo_blocked_free:
 * @self: (transfer full): lists
 *
 * Frees them.
 */
void
tempo_blocked_free (TempoBlocked *self)
{
  g_clear_pointer (&self->lines, g_array_unref);
  g_free (self);
}

/**
 * tempo_blocked_find:
 * @self: lists
 * @song: what somebody wishes for
 *
 * Returns: (nullable): the entry it meets, valid as long as @self
 */
const char *
tempo_blocked_find (TempoBlocked *self,
                    TempoSong *song)
{
  g_autofree char *artist = NULL;
  g_autofree char *title = NULL;
  g_autofree char *album = NULL;

  if (self->lines->len == 0)
    return NULL;

  artist = tempo_text_fence (song->artist);
  title = tempo_text_fence (song->title);
  album = tempo_text_fence (song->album);
  for (guint i = 0; i < self->lines->len; i++)
    {
      Line *line = &g_array_index (self->lines, Line, i);

      if (((line->where & IN_ARTIST) != 0 && strstr (artist, line->fenced) != NULL)
          || ((line->where & IN_TITLE) != 0 && strstr (title, line->fenced) != NULL)
          || ((line->where & IN_ALBUM) != 0 && strstr (album, line->fenced) != NULL))
        return line->entry;
    }

  return NULL;
}
