/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-scrub-private.h"

#include <string.h>

#include "store/tempo-store.h"
#include "tempo-pace-private.h"
#include "tempo-sqlite-private.h"

#define HEADER 100
#define BLOCK (1 << 20)
#define MIN_FREEBLOCK 4

/* The file, read and written past SQLite's pages but through its own handle: closing another one would drop its locks. */
typedef struct
{
  sqlite3 *db;
  sqlite3_file *file;
  guint32 page_size;
  guint32 n_pages;
  guint8 *page;      /* (owned) one page */
  GHashTable *trunks; /* (owned) page → how many bytes of it are used */
  GHashTable *leaves; /* (owned) pages that are free */
} File;

typedef struct
{
  guint from, to;
} Range;

static void
file_clear (File *self)
{
  g_clear_pointer (&self->page, g_free);
  g_clear_pointer (&self->trunks, g_hash_table_unref);
  g_clear_pointer (&self->leaves, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (File, file_clear)

static guint
get_16 (const guint8 *bytes)
{
  return (guint) bytes[0] << 8 | bytes[1];
}

static guint32
get_32 (const guint8 *bytes)
{
  return (guint32) get_16 (bytes) << 16 | get_16 (bytes + 2);
}

static gboolean
read_bytes (File *self, void *bytes, gsize length, gint64 offset, GError **error)
{
  int rc = self->file->pMethods->xRead (self->file, bytes, (int) length, offset);

  return rc == SQLITE_OK || tempo_sqlite_fail (self->db, rc, "Reading the file", error);
}

static gboolean
read_page (File *self, guint32 number, GError **error)
{
  return read_bytes (self, self->page, self->page_size, (gint64) (number - 1) * self->page_size, error);
}

static gboolean
set_damaged (GError **error)
{
  g_set_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_CORRUPT, "The file's list of free pages is damaged");
  return FALSE;
}

/* Free pages are listed in trunks, each of which names the next. */
static gboolean
read_free_list (File *self, guint32 first, GError **error)
{
  for (guint32 trunk = first; trunk != 0; trunk = get_32 (self->page))
    {
      guint32 n = 0;

      if (trunk > self->n_pages || g_hash_table_contains (self->trunks, GUINT_TO_POINTER (trunk)))
        return set_damaged (error);
      if (!read_page (self, trunk, error))
        return FALSE;
      n = get_32 (self->page + 4);
      if (n > self->page_size / 4 - 2)
        return set_damaged (error);
      g_hash_table_insert (self->trunks, GUINT_TO_POINTER (trunk), GUINT_TO_POINTER (8 + 4 * n));
      for (guint32 i = 0; i < n; i++)
        g_hash_table_add (self->leaves, GUINT_TO_POINTER (get_32 (self->page + 8 + 4 * i)));
    }
  return TRUE;
}

static gboolean
file_open (File *self, sqlite3 *db, GError **error)
{
  guint8 header[HEADER];
  sqlite3_int64 size = 0;
  int rc = SQLITE_OK;

  self->db = db;
  rc = sqlite3_file_control (db, "main", SQLITE_FCNTL_FILE_POINTER, &self->file);
  if (rc == SQLITE_OK)
    rc = self->file->pMethods->xFileSize (self->file, &size);
  if (rc != SQLITE_OK)
    return tempo_sqlite_fail (db, rc, "Reading the file", error);
  if (!read_bytes (self, header, HEADER, 0, error))
    return FALSE;
  self->page_size = get_16 (header + 16) == 1 ? 65536 : get_16 (header + 16);
  if (self->page_size < 512 || memcmp (header, "SQLite format 3", 16) != 0)
    return set_damaged (error);
  self->n_pages = (guint32) (size / self->page_size);
  self->page = g_malloc (self->page_size);
  self->trunks = g_hash_table_new (NULL, NULL);
  self->leaves = g_hash_table_new (NULL, NULL);
  return read_free_list (self, get_32 (header + 32), error);
}

/* Pages */

/* Blocks between the cells, each of which names the next, further on. */
static gboolean
list_free_blocks (File *self, const guint8 *page, guint first, GArray *ranges)
{
  guint next = 0;

  for (guint at = first; at != 0; at = next)
    {
      Range range = { at + MIN_FREEBLOCK, 0 };

      if (at + MIN_FREEBLOCK > self->page_size)
        return FALSE;
      range.to = at + get_16 (page + at + 2);
      next = get_16 (page + at);
      if (range.to > self->page_size || range.to < range.from || (next != 0 && next < range.to))
        return FALSE;
      g_array_append_val (ranges, range);
    }
  return TRUE;
}

/* A page of a table or an index. */
static gboolean
list_tree_ranges (File *self, guint32 number, const guint8 *page, GArray *ranges)
{
  const guint8 *head = page + (number == 1 ? HEADER : 0);
  guint kind = head[0];
  Range gap = { (guint) (head - page), get_16 (head + 5) };

  if (kind != 2 && kind != 5 && kind != 10 && kind != 13)
    return FALSE;
  gap.from += (kind == 2 || kind == 5 ? 12 : 8) + 2 * get_16 (head + 3);
  if (gap.to == 0)
    gap.to = 65536;
  if (gap.from > gap.to || gap.to > self->page_size)
    return FALSE;
  g_array_append_val (ranges, gap);
  return list_free_blocks (self, page, get_16 (head + 1), ranges);
}

/* What of a page belongs to nothing. What begins otherwise is the continuation of a long row: its first bytes are the number
 * of the next such page, which is that of a tree's page in files beyond 64 GiB only. */
static void
list_ranges (File *self, guint32 number, const guint8 *page, GArray *ranges)
{
  gpointer used = NULL;
  Range whole = { 0, self->page_size };

  g_array_set_size (ranges, 0);
  if (g_hash_table_contains (self->leaves, GUINT_TO_POINTER (number)))
    g_array_append_val (ranges, whole);
  else if (g_hash_table_lookup_extended (self->trunks, GUINT_TO_POINTER (number), NULL, &used))
    {
      whole.from = GPOINTER_TO_UINT (used);
      g_array_append_val (ranges, whole);
    }
  else if (self->n_pages >= 1u << 24 || !list_tree_ranges (self, number, page, ranges))
    g_array_set_size (ranges, 0);
}

/* Looking */

typedef struct
{
  File *file;
  GArray *ranges; /* (element Range) of this page, once they are needed */
  gboolean listed;
  guint32 number;
  const guint8 *page;
  gboolean left_over;
  guint8 *found; /* of each counted text */
} Look;

static gboolean
is_unused (Look *look, gsize from, gsize to)
{
  if (!look->listed)
    list_ranges (look->file, look->number, look->page, look->ranges);
  look->listed = TRUE;
  for (guint i = 0; i < look->ranges->len; i++)
    {
      const Range *range = &g_array_index (look->ranges, Range, i);

      if (from < range->to && to > range->from)
        return TRUE;
    }
  return FALSE;
}

static void
found_cb (gsize offset, gsize length, guint which, gboolean counted, gpointer data)
{
  Look *look = data;

  if (look->left_over && !counted)
    return;
  if (is_unused (look, offset, offset + length))
    look->left_over = TRUE;
  else if (counted)
    look->found[which] = 1;
}

static gboolean
is_zero (const guint8 *bytes, gsize length)
{
  return length == 0 || (bytes[0] == 0 && memcmp (bytes, bytes + 1, length - 1) == 0);
}

static gboolean
has_left_over (Look *look)
{
  gboolean found = FALSE;

  list_ranges (look->file, look->number, look->page, look->ranges);
  for (guint i = 0; i < look->ranges->len && !found; i++)
    {
      const Range *range = &g_array_index (look->ranges, Range, i);

      found = !is_zero (look->page + range->from, range->to - range->from);
    }
  return found;
}

/* The disk is somebody else's half of the time: a guest's commit waits for it. */
static gboolean
read_block (File *self, guint8 *block, guint32 first, guint32 n, GError **error)
{
  gint64 before = g_get_monotonic_time ();

  if (!read_bytes (self, block, (gsize) n * self->page_size, (gint64) first * self->page_size, error))
    return FALSE;
  tempo_pace_rest (before);
  return TRUE;
}

gboolean
tempo_scrub_find (sqlite3 *db, TempoTraces *traces, GArray *pages, guint *shared, GError **error)
{
  g_auto (File) file = { NULL };
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  g_autofree guint8 *block = NULL;
  guint n_traces = traces != NULL ? tempo_traces_get_length (traces) : 0;
  g_autofree guint8 *found = g_malloc0 (n_traces + 1);
  guint32 per_block = 0, n = 0;

  if (!file_open (&file, db, error))
    return FALSE;
  per_block = MAX (BLOCK / file.page_size, 1);
  block = g_malloc ((gsize) per_block * file.page_size);
  for (guint32 first = 0; first < file.n_pages; first += n)
    {
      n = MIN (per_block, file.n_pages - first);
      if (!read_block (&file, block, first, n, error))
        return FALSE;
      for (guint32 i = 0; i < n; i++)
        {
          Look look = { &file, ranges, FALSE, first + i + 1, block + (gsize) i * file.page_size, FALSE, found };

          if (traces != NULL)
            tempo_traces_search (traces, look.page, file.page_size, found_cb, &look);
          else
            look.left_over = has_left_over (&look);
          if (look.left_over)
            g_array_append_val (pages, look.number);
        }
    }
  *shared = 0;
  for (guint i = 0; i < n_traces; i++)
    *shared += found[i];
  return TRUE;
}

/* Cleaning */

static gboolean
scrub_page (File *self, guint32 number, GArray *ranges, const guint8 *zeros, GError **error)
{
  gint64 start = (gint64) (number - 1) * self->page_size;

  /* It may be gone: a file gets shorter when it is built anew. */
  if (number > self->n_pages)
    return TRUE;
  if (!read_page (self, number, error))
    return FALSE;
  list_ranges (self, number, self->page, ranges);
  for (guint i = 0; i < ranges->len; i++)
    {
      const Range *range = &g_array_index (ranges, Range, i);
      int rc = SQLITE_OK;

      if (!is_zero (self->page + range->from, range->to - range->from))
        rc = self->file->pMethods->xWrite (self->file, zeros, (int) (range->to - range->from), start + range->from);
      if (rc != SQLITE_OK)
        return tempo_sqlite_fail (self->db, rc, "Writing the file", error);
    }
  return TRUE;
}

gboolean
tempo_scrub_pages (sqlite3 *db, const guint32 *pages, guint n_pages, GError **error)
{
  g_auto (File) file = { NULL };
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  g_autofree guint8 *zeros = NULL;
  int rc = SQLITE_OK;

  if (!file_open (&file, db, error))
    return FALSE;
  zeros = g_malloc0 (file.page_size);
  for (guint i = 0; i < n_pages; i++)
    if (!scrub_page (&file, pages[i], ranges, zeros, error))
      return FALSE;
  rc = file.file->pMethods->xSync (file.file, SQLITE_SYNC_NORMAL);
  return rc == SQLITE_OK || tempo_sqlite_fail (db, rc, "Syncing the file", error);
}
