/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-tar-private.h"

#include <string.h>

#include "store/tempo-store.h"

/* POSIX.1-1988, "ustar": where the fields of a head are. */
#define MODE 100
#define OWNER 108
#define GROUP 116
#define SIZE 124
#define TIME 136
#define SUM 148
#define KIND 156
#define MAGIC 257
#define PREFIX 345
#define PREFIX_LENGTH 155
/* Eleven octal digits. */
#define MAX_SIZE ((G_GUINT64_CONSTANT (1) << 33) - 1)
#define MAX_PARTS 8

static gboolean
fail (const char *what, GError **error)
{
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "The archive %s", what);
  return FALSE;
}

static guint
add_up (const guint8 *block)
{
  guint sum = 0;

  for (int i = 0; i < TEMPO_TAR_BLOCK; i++)
    sum += i >= SUM && i < SUM + 8 ? ' ' : block[i];
  return sum;
}

static gboolean
read_octal (const guint8 *field, int length, guint64 *value)
{
  int i = 0;

  *value = 0;
  while (i < length && field[i] == ' ')
    i++;
  for (; i < length && field[i] >= '0' && field[i] <= '7'; i++)
    *value = *value * 8 + (field[i] - '0');
  return i < length && (field[i] == '\0' || field[i] == ' ');
}

static gboolean
is_all_zero (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != 0)
      return FALSE;
  return TRUE;
}

static gboolean
is_good_part (const char *part, gsize length)
{
  if (length == 0 || *part == '.')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (part[i]) && strchr ("-_.", part[i]) == NULL)
      return FALSE;
  return TRUE;
}

/**
 * tempo_tar_is_good_name: whether a name leads nowhere but into the folder it is unpacked to
 * @name: from outside
 *
 * Letters, digits and "-_." in a few parts none of which begins with a point: so no "..", no hidden file, no
 * absolute path, nothing that a file system or a terminal takes for something else.
 *
 * Returns: FALSE for every other
 */
gboolean
tempo_tar_is_good_name (const char *name)
{
  const char *part = name;
  guint parts = 0;

  for (;;)
    {
      gsize length = strcspn (part, "/");

      if (!is_good_part (part, length) || ++parts > MAX_PARTS)
        return FALSE;
      if (part[length] == '\0')
        return TRUE;
      part += length + 1;
    }
}

/**
 * tempo_tar_write_head: begins a file
 * @name: a good one of at most TEMPO_TAR_MAX_NAME bytes
 * @size: its bytes, which are written next, then tempo_tar_write_fill()
 * @now: wall time, for who looks into it
 *
 * Returns: FALSE with an error
 */
gboolean
tempo_tar_write_head (GOutputStream *stream, const char *name, guint64 size, gint64 now, GError **error)
{
  char block[TEMPO_TAR_BLOCK] = { 0 };

  if (!tempo_tar_is_good_name (name) || strlen (name) > TEMPO_TAR_MAX_NAME || size > MAX_SIZE)
    {
      g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CONSTRAINT, "“%s” does not fit into an archive", name);
      return FALSE;
    }
  memcpy (block, name, strlen (name));
  g_snprintf (block + MODE, 8, "%07o", 0600);
  g_snprintf (block + OWNER, 8, "%07o", 0);
  g_snprintf (block + GROUP, 8, "%07o", 0);
  g_snprintf (block + SIZE, 12, "%011" G_GINT64_MODIFIER "o", size);
  g_snprintf (block + TIME, 12, "%011" G_GINT64_MODIFIER "o", (guint64) MAX (now / G_USEC_PER_SEC, 0));
  block[KIND] = '0';
  memcpy (block + MAGIC, "ustar\00000", 8);
  g_snprintf (block + SUM, 8, "%06o", add_up ((const guint8 *) block));
  block[SUM + 7] = ' ';
  return g_output_stream_write_all (stream, block, sizeof block, NULL, NULL, error);
}

gboolean
tempo_tar_write_fill (GOutputStream *stream, guint64 size, GError **error)
{
  static const char zeros[TEMPO_TAR_BLOCK] = { 0 };
  gsize rest = (gsize) (size % TEMPO_TAR_BLOCK);

  return rest == 0 || g_output_stream_write_all (stream, zeros, TEMPO_TAR_BLOCK - rest, NULL, NULL, error);
}

gboolean
tempo_tar_write_end (GOutputStream *stream, GError **error)
{
  static const char zeros[2 * TEMPO_TAR_BLOCK] = { 0 };

  return g_output_stream_write_all (stream, zeros, sizeof zeros, NULL, NULL, error);
}

/**
 * tempo_tar_parse_head: what a head says, if it is one of ours
 * @block: from outside
 * @entry: (out): untouched on failure
 *
 * Returns: FALSE with CORRUPT
 */
gboolean
tempo_tar_parse_head (const guint8 block[TEMPO_TAR_BLOCK], TempoTarEntry *entry, GError **error)
{
  TempoTarEntry found = { { 0 }, 0 };
  guint64 sum = 0;

  if (memcmp (block + MAGIC, "ustar", 6) != 0 || !read_octal (block + SUM, 8, &sum) || sum != add_up (block))
    return fail ("is damaged, or not one", error);
  if ((block[KIND] != '0' && block[KIND] != '\0') || !is_all_zero (block + PREFIX, PREFIX_LENGTH))
    return fail ("holds something that is not a plain file", error);
  memcpy (found.name, block, TEMPO_TAR_MAX_NAME);
  if (!tempo_tar_is_good_name (found.name))
    return fail ("holds a file of a name that is not allowed", error);
  if (!read_octal (block + SIZE, 12, &found.size) || found.size > MAX_SIZE)
    return fail ("holds a file of no good size", error);
  *entry = found;
  return TRUE;
}

static gboolean
read_block (GInputStream *stream, guint8 block[TEMPO_TAR_BLOCK], GError **error)
{
  gsize length = 0;

  if (!g_input_stream_read_all (stream, block, TEMPO_TAR_BLOCK, &length, NULL, error))
    return FALSE;
  return length == TEMPO_TAR_BLOCK || fail ("is cut off", error);
}

/**
 * tempo_tar_read_head: the next file
 * @entry: (out): of whose bytes the caller reads all, then tempo_tar_read_fill()
 * @end: (out): TRUE when there is none
 *
 * Returns: FALSE with CORRUPT, or what reading failed with
 */
gboolean
tempo_tar_read_head (GInputStream *stream, TempoTarEntry *entry, gboolean *end, GError **error)
{
  guint8 block[TEMPO_TAR_BLOCK];

  if (!read_block (stream, block, error))
    return FALSE;
  *end = is_all_zero (block, sizeof block);
  return *end || tempo_tar_parse_head (block, entry, error);
}

gboolean
tempo_tar_read_fill (GInputStream *stream, guint64 size, GError **error)
{
  guint8 rest[TEMPO_TAR_BLOCK];
  gsize want = (gsize) (size % TEMPO_TAR_BLOCK == 0 ? 0 : TEMPO_TAR_BLOCK - size % TEMPO_TAR_BLOCK);
  gsize length = 0;

  if (!g_input_stream_read_all (stream, rest, want, &length, NULL, error))
    return FALSE;
  return length == want || fail ("is cut off", error);
}
