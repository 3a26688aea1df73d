/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-traces-private.h"

#include <stdlib.h>
#include <string.h>

#include "base/tempo-id.h"
#include "store/tempo-store.h"

#define MIN_LENGTH 4
/* Of a text that was partly written over, one end is left: so much of each is looked for. */
#define END_LENGTH 8
#define DIGEST_LENGTH 32
#define SALT_LENGTH 32
#define NOTE_TYPE "(aya(uqbay))"
/* A note is some hundred of them. */
#define MAX_NOTED 1000000
#define N_MARKS 65536

/* What begins with bytes of this mark may be the text; the digest decides. */
typedef struct
{
  guint32 mark;
  guint16 length;
  gboolean counted;
  guint8 digest[DIGEST_LENGTH];
} Pattern;

struct _TempoTraces
{
  guint8 salt[SALT_LENGTH];
  GChecksum *checksum; /* (owned) */
  GArray *patterns;    /* (owned) (element Pattern) by length class and mark while sorted */
  gboolean sorted;
  guint n_short; /* the first ones, marked by four bytes; those after them by eight */
  guint8 short_marks[N_MARKS / 8], long_marks[N_MARKS / 8];
};

TempoTraces *
tempo_traces_new (void)
{
  TempoTraces *self = g_new0 (TempoTraces, 1);
  g_autofree char *random = tempo_token_random (SALT_LENGTH);

  memcpy (self->salt, random, MIN (strlen (random), SALT_LENGTH));
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  self->patterns = g_array_new (FALSE, TRUE, sizeof (Pattern));
  return self;
}

void
tempo_traces_free (TempoTraces *self)
{
  g_checksum_free (self->checksum);
  g_array_unref (self->patterns);
  g_free (self);
}

static inline guint32
make_mark (guint64 value, guint64 key)
{
  return (guint32) ((value * key) >> 32);
}

static inline guint32
mark_short (const guint8 *bytes, guint64 key)
{
  guint32 value = 0;

  memcpy (&value, bytes, sizeof value);
  return make_mark (value, key);
}

static inline guint32
mark_long (const guint8 *bytes, guint64 key)
{
  guint64 value = 0;

  memcpy (&value, bytes, sizeof value);
  return make_mark (value, key);
}

static guint64
get_key (TempoTraces *self)
{
  guint64 key = 0;

  memcpy (&key, self->salt, sizeof key);
  return key | 1;
}

static void
digest (TempoTraces *self, const guint8 *bytes, gsize length, guint8 *result)
{
  gsize size = DIGEST_LENGTH;

  g_checksum_reset (self->checksum);
  g_checksum_update (self->checksum, self->salt, SALT_LENGTH);
  g_checksum_update (self->checksum, bytes, (gssize) length);
  g_checksum_get_digest (self->checksum, result, &size);
}

static void
add_pattern (TempoTraces *self, const guint8 *bytes, gsize length, gboolean counted)
{
  Pattern pattern = { 0, (guint16) length, counted, { 0 } };

  pattern.mark = length < END_LENGTH ? mark_short (bytes, get_key (self)) : mark_long (bytes, get_key (self));
  digest (self, bytes, length, pattern.digest);
  g_array_append_val (self->patterns, pattern);
  self->sorted = FALSE;
}

void
tempo_traces_add (TempoTraces *self, const char *text, gboolean counted)
{
  const guint8 *bytes = (const guint8 *) text;
  gsize length = strlen (text);

  if (length < MIN_LENGTH || length > TEMPO_TRACES_MAX)
    return;
  add_pattern (self, bytes, length, counted);
  if (length > END_LENGTH && counted)
    {
      add_pattern (self, bytes, END_LENGTH, FALSE);
      add_pattern (self, bytes + length - END_LENGTH, END_LENGTH, FALSE);
    }
}

gboolean
tempo_traces_is_empty (TempoTraces *self)
{
  return self->patterns->len == 0;
}

/* Searching */

static int
compare (gconstpointer a, gconstpointer b)
{
  const Pattern *one = a, *other = b;
  gboolean is_long = one->length >= END_LENGTH, other_is = other->length >= END_LENGTH;
  int order = 0;

  if (is_long != other_is)
    return is_long ? 1 : -1;
  if (one->mark != other->mark)
    return one->mark < other->mark ? -1 : 1;
  if (one->length != other->length)
    return one->length < other->length ? -1 : 1;
  order = memcmp (one->digest, other->digest, DIGEST_LENGTH);
  return order != 0 ? order : other->counted - one->counted;
}

/* The same text is there once, and as a counted one if it is that anywhere. */
static void
drop_doubles (GArray *patterns)
{
  guint kept = 0;

  for (guint i = 0; i < patterns->len; i++)
    {
      const Pattern *next = &g_array_index (patterns, Pattern, i);
      const Pattern *last = kept > 0 ? &g_array_index (patterns, Pattern, kept - 1) : NULL;

      if (last == NULL || last->length != next->length || memcmp (last->digest, next->digest, DIGEST_LENGTH) != 0)
        g_array_index (patterns, Pattern, kept++) = *next;
    }
  g_array_set_size (patterns, kept);
}

static void
sort (TempoTraces *self)
{
  if (self->sorted)
    return;
  g_array_sort (self->patterns, compare);
  drop_doubles (self->patterns);
  self->n_short = 0;
  memset (self->short_marks, 0, sizeof self->short_marks);
  memset (self->long_marks, 0, sizeof self->long_marks);
  for (guint i = 0; i < self->patterns->len; i++)
    {
      const Pattern *pattern = &g_array_index (self->patterns, Pattern, i);
      guint8 *marks = pattern->length < END_LENGTH ? self->short_marks : self->long_marks;

      marks[(pattern->mark % N_MARKS) / 8] |= (guint8) (1u << (pattern->mark % 8));
      self->n_short += pattern->length < END_LENGTH;
    }
  self->sorted = TRUE;
}

static inline gboolean
has_mark (const guint8 *marks, guint32 mark)
{
  return (marks[(mark % N_MARKS) / 8] >> (mark % 8)) & 1;
}

/* The first of @mark between two places of the sorted ones. */
static guint
find_mark (TempoTraces *self, guint from, guint to, guint32 mark)
{
  while (from < to)
    {
      guint middle = from + (to - from) / 2;

      if (g_array_index (self->patterns, Pattern, middle).mark < mark)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

typedef struct
{
  TempoTraces *traces;
  const guint8 *bytes;
  gsize length;
  TempoTracesFound found;
  gpointer data;
} Search;

static void
try_here (Search *search, gsize offset, guint from, guint to, guint32 mark)
{
  TempoTraces *self = search->traces;

  for (guint i = find_mark (self, from, to, mark); i < to; i++)
    {
      const Pattern *pattern = &g_array_index (self->patterns, Pattern, i);
      guint8 here[DIGEST_LENGTH];

      if (pattern->mark != mark)
        return;
      if (pattern->length > search->length - offset)
        continue;
      digest (self, search->bytes + offset, pattern->length, here);
      if (memcmp (here, pattern->digest, DIGEST_LENGTH) == 0)
        search->found (offset, pattern->length, i, pattern->counted, search->data);
    }
}

/* Each byte of a file of gigabytes comes by here. */
void
tempo_traces_search (TempoTraces *self, const guint8 *bytes, gsize length, TempoTracesFound found, gpointer data)
{
  Search search = { self, bytes, length, found, data };
  guint64 key = get_key (self);
  guint32 mark = 0;

  sort (self);
  for (gsize i = 0; self->n_short < self->patterns->len && i + END_LENGTH <= length; i++)
    if (mark = mark_long (bytes + i, key), has_mark (self->long_marks, mark))
      try_here (&search, i, self->n_short, self->patterns->len, mark);
  for (gsize i = 0; self->n_short > 0 && i + MIN_LENGTH <= length; i++)
    if (mark = mark_short (bytes + i, key), has_mark (self->short_marks, mark))
      try_here (&search, i, 0, self->n_short, mark);
}

guint
tempo_traces_get_length (TempoTraces *self)
{
  sort (self);
  return self->patterns->len;
}

/* The note */

gboolean
tempo_traces_save (TempoTraces *self, const char *path, GError **error)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(uqbay)"));
  g_autoptr (GVariant) note = NULL;
  g_autoptr (GError) failure = NULL;
  gboolean full = FALSE;

  for (guint i = 0; i < self->patterns->len; i++)
    {
      const Pattern *pattern = &g_array_index (self->patterns, Pattern, i);

      g_variant_builder_add (&list, "(uqb@ay)", pattern->mark, pattern->length, pattern->counted,
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, pattern->digest, DIGEST_LENGTH, 1));
    }
  note = g_variant_ref_sink (g_variant_new ("(@aya(uqbay))", g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, self->salt, SALT_LENGTH, 1), &list));
  if (g_file_set_contents_full (path, g_variant_get_data (note), (gssize) g_variant_get_size (note),
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &failure))
    return TRUE;
  /* Where the note lies is nobody's business. */
  full = g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_set_error (error, TEMPO_STORE_ERROR, full ? TEMPO_STORE_ERROR_FULL : TEMPO_STORE_ERROR_IO,
               "Noting what to erase failed: %s", full ? "database or disk is full" : "disk I/O error");
  return FALSE;
}

static gboolean
read_pattern (GVariant *row, Pattern *pattern)
{
  g_autoptr (GVariant) bytes = NULL;
  const guint8 *found = NULL;
  gsize length = 0;

  g_variant_get (row, "(uqb@ay)", &pattern->mark, &pattern->length, &pattern->counted, &bytes);
  found = g_variant_get_fixed_array (bytes, &length, 1);
  if (length != DIGEST_LENGTH || pattern->length < MIN_LENGTH || pattern->length > TEMPO_TRACES_MAX)
    return FALSE;
  memcpy (pattern->digest, found, DIGEST_LENGTH);
  return TRUE;
}

/* A note is from before what is known now: its salt becomes ours. */
gboolean
tempo_traces_load (TempoTraces *self, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length = 0, salt_length = 0;
  g_autoptr (GVariant) note = NULL, salt = NULL, list = NULL;
  const guint8 *salt_bytes = NULL;

  g_return_val_if_fail (self->patterns->len == 0, FALSE);

  if (!g_file_get_contents (path, &text, &length, NULL))
    return TRUE;
  note = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE (NOTE_TYPE), text, length, FALSE, NULL, NULL));
  salt = g_variant_get_child_value (note, 0);
  list = g_variant_get_child_value (note, 1);
  salt_bytes = g_variant_get_fixed_array (salt, &salt_length, 1);
  if (!g_variant_is_normal_form (note) || salt_length != SALT_LENGTH || g_variant_n_children (list) > MAX_NOTED)
    {
      g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "“%s” is not a note of an erasure", path);
      return FALSE;
    }
  memcpy (self->salt, salt_bytes, SALT_LENGTH);
  self->sorted = FALSE;
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (list, i);
      Pattern pattern = { 0 };

      if (read_pattern (row, &pattern))
        g_array_append_val (self->patterns, pattern);
    }
  return TRUE;
}
