/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The logbook of each organization: one line a line, bounded, private, and no harm when the disk says no. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store-fixture.h"
#include "store/tempo-files.h"
#include "store/tempo-logbook.h"

#define NOW (G_GINT64_CONSTANT (1763672400) * G_USEC_PER_SEC) /* 2025-11-20 21:00 UTC */
#define STAMP "2025-11-20T21:00:00.000Z "

typedef struct
{
  char *folder;        /* (owned) the data */
  TempoLogbook *book;  /* (owned) */
} Fixture;

static int n_told; /* (atomic) what the logbook said about itself */

static GLogWriterOutput
count_told (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  g_autofree char *line = g_log_writer_format_fields (level, fields, n_fields, FALSE);

  if (strstr (line, "is not written") != NULL)
    g_atomic_int_inc (&n_told);
  return G_LOG_WRITER_HANDLED;
}

static void
make_house (Fixture *f, const char *id)
{
  g_autofree char *folder = g_build_filename (f->folder, "organizations", id, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  tempo_logbook_admit (f->book, id);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("tempo-logbook-XXXXXX", &error);
  g_assert_no_error (error);
  f->book = tempo_logbook_new (f->folder);
  make_house (f, ACME);
  make_house (f, BLUE);
  g_atomic_int_set (&n_told, 0);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->book, tempo_logbook_free);
  store_fixture_remove_folder (f->folder);
  g_free (f->folder);
}

static void
add (Fixture *f, const char *id, const char *text)
{
  tempo_logbook_add (f->book, id, NOW, "info", text);
}

static char *
path_of (Fixture *f, const char *id, guint number)
{
  g_autofree char *newest = tempo_logbook_get_path (f->folder, id);
  g_autofree char *folder = g_path_get_dirname (newest);
  g_autofree char *name = g_strdup_printf ("tempo.%u.log", number);

  return number == 0 ? g_steal_pointer (&newest) : g_build_filename (folder, name, NULL);
}

/* "" where there is none. */
static char *
read_file (Fixture *f, const char *id, guint number)
{
  g_autofree char *path = path_of (f, id, number);
  char *text = NULL;

  tempo_logbook_flush (f->book);
  return g_file_get_contents (path, &text, NULL, NULL) ? text : g_strdup ("");
}

static void
check (Fixture *f, const char *id, const char *expected)
{
  g_autofree char *text = read_file (f, id, 0);

  g_assert_cmpstr (text, ==, expected);
}

static const struct
{
  const char *name, *text, *written;
} lines[] = {
  { "plain", "Open (rooms: 2)", "Open (rooms: 2)" },
  { "umlauts", "Blüte 夜", "Blüte 夜" },
  { "break", "one\n" STAMP "warning forged\r\n", "one " STAMP "warning forged  " },
  { "controls", "a\tb\033[31mc\x7f", "a b [31mc " },
  { "no-utf8", "a\xff" "b", "a\xef\xbf\xbd" "b" },
  { "empty", "", "" },
};

static void
test_line (Fixture *f, gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *expected = g_strdup_printf (STAMP "info %s\n", lines[i].written);
  g_autofree char *path = path_of (f, ACME, 0);
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat info;

  add (f, ACME, lines[i].text);
  check (f, ACME, expected);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (stat (folder, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0700);
}

/* Cut between letters, not within one. */
static void
test_long_line (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("a");
  g_autofree char *written = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append (text, "夜");
  add (f, ACME, text->str);
  written = read_file (f, ACME, 0);
  g_assert_true (g_utf8_validate (written, -1, NULL));
  g_assert_cmpuint (strlen (written), ==, strlen (STAMP "info ") + 1 + 999 + 1);
}

static void
check_bound (Fixture *f, const char *id)
{
  g_autofree char *newest = path_of (f, id, 0);
  g_autofree char *path = g_path_get_dirname (newest);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name = NULL;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      struct stat info;

      g_assert_cmpint (stat (file, &info), ==, 0);
      g_assert_cmpint (info.st_size, <=, TEMPO_LOGBOOK_FILE_BYTES);
      g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
      n++;
    }
  g_assert_cmpuint (n, <=, TEMPO_LOGBOOK_FILES);
}

/* Files follow each other without a line missing or twice, and the oldest go. */
static void
test_rotation (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) all = g_string_new (NULL);
  guint last = 0;

  for (guint i = 1; i <= 40000; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %u of a line that takes some room in the file", i);

      add (f, ACME, text);
      if (i % 100 == 0)
        tempo_logbook_flush (f->book);
    }
  check_bound (f, ACME);
  for (guint i = TEMPO_LOGBOOK_FILES; i > 0; i--)
    {
      g_autofree char *text = read_file (f, ACME, i - 1);

      if (i > 1)
        g_assert_cmpuint (strlen (text), >, TEMPO_LOGBOOK_FILE_BYTES - 100 * 100);
      g_string_append (all, text);
    }
  g_assert_null (strstr (all->str, "number 1 of"));
  for (char *at = strstr (all->str, "number "); at != NULL; at = strstr (at + 1, "number "))
    {
      guint number = (guint) g_ascii_strtoull (at + strlen ("number "), NULL, 10);

      if (last != 0)
        g_assert_cmpuint (number, ==, last + 1);
      last = number;
    }
  g_assert_cmpuint (last, ==, 40000);
  check (f, BLUE, "");
}

typedef struct
{
  Fixture *f;
  const char *id, *word;
  int stop; /* (atomic) */
} Writer;

static gpointer
flood_thread (gpointer data)
{
  Writer *writer = data;

  for (guint i = 0; i < 50000; i++)
    add (writer->f, writer->id, writer->word);
  return NULL;
}

/* Faster than any disk: what finds no room is counted, nothing grows, and nobody finds the other's word. */
static void
test_flood (Fixture *f, gconstpointer data)
{
  Writer writers[] = { { f, ACME, "canary-of-acme" }, { f, BLUE, "canary-of-blue" },
                       { f, ACME, "canary-of-acme again" }, { f, BLUE, "canary-of-blue again" } };
  GThread *threads[G_N_ELEMENTS (writers)];

  for (guint i = 0; i < G_N_ELEMENTS (writers); i++)
    threads[i] = g_thread_new ("flood", flood_thread, &writers[i]);
  for (guint i = 0; i < G_N_ELEMENTS (writers); i++)
    g_thread_join (threads[i]);
  tempo_logbook_flush (f->book);
  add (f, ACME, "canary-of-acme, the last");
  add (f, BLUE, "canary-of-blue, the last");
  tempo_logbook_flush (f->book);
  for (guint i = 0; i < 2; i++)
    {
      const char *id = i == 0 ? ACME : BLUE;
      const char *own = i == 0 ? "canary-of-acme" : "canary-of-blue";
      const char *foreign = i == 0 ? "canary-of-blue" : "canary-of-acme";
      g_autofree char *newest = read_file (f, id, 0);

      check_bound (f, id);
      g_assert_nonnull (strstr (newest, "the last\n"));
      for (guint j = 0; j < TEMPO_LOGBOOK_FILES; j++)
        {
          g_autofree char *text = read_file (f, id, j);

          g_assert_true (*text == '\0' || strstr (text, own) != NULL);
          g_assert_null (strstr (text, foreign));
        }
    }
}

static gpointer
read_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  GString *text = g_string_new (NULL);
  char block[4096];
  ssize_t length;

  while (strstr (text->str, "the last\n") == NULL && (length = read (fd, block, sizeof block)) > 0)
    g_string_append_len (text, block, length);
  return g_string_free (text, FALSE);
}

/* A disk that hangs keeps nobody waiting: what finds no room is left out, and how much is told in its place. */
static void
test_hanging (Fixture *f, gconstpointer data)
{
  g_autofree char *path = path_of (f, ACME, 0);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = NULL;
  g_auto (GStrv) all = NULL;
  GThread *thread = NULL;
  guint n = 0, left_out = 0;
  int fd;

  /* Who opens a pipe waits for its reader. */
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  for (guint i = 0; i < 20000; i++)
    add (f, ACME, "a line");
  fd = open (path, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  thread = g_thread_new ("reader", read_thread, GINT_TO_POINTER (fd));
  tempo_logbook_flush (f->book);
  add (f, ACME, "the last");
  text = g_thread_join (thread);
  tempo_logbook_flush (f->book);
  close (fd);

  all = g_strsplit (text, "\n", -1);
  for (char **line = all; *line != NULL; line++)
    if (g_str_has_suffix (*line, "a line"))
      n++;
    else if (g_str_has_suffix (*line, "lines were left out here"))
      left_out += (guint) g_ascii_strtoull (*line + strlen (STAMP "warning "), NULL, 10);
  g_assert_cmpuint (n, <, 6000);
  g_assert_cmpuint (n + left_out, ==, 20000);
}

/* The file may not grow, as on a full disk: half a line goes again, it is said once, and it heals. */
static void
test_full (Fixture *f, gconstpointer data)
{
  struct rlimit before, small;

  add (f, ACME, "first");
  check (f, ACME, STAMP "info first\n");
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 50;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  for (guint i = 0; i < 3; i++)
    {
      add (f, ACME, "a line that does not fit any more");
      tempo_logbook_flush (f->book);
    }
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&n_told), ==, 1);
  check (f, ACME, STAMP "info first\n");
  add (f, ACME, "again");
  check (f, ACME, STAMP "info first\n" STAMP "info again\n");
}

/* Something else stands where the folder should be. The others are not concerned. */
static void
test_in_the_way (Fixture *f, gconstpointer data)
{
  g_autofree char *path = path_of (f, ACME, 0);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  for (guint i = 0; i < 3; i++)
    {
      add (f, ACME, "nowhere");
      tempo_logbook_flush (f->book);
    }
  g_assert_cmpint (g_atomic_int_get (&n_told), ==, 1);
  add (f, BLUE, "here");
  check (f, BLUE, STAMP "info here\n");
  g_assert_cmpint (g_unlink (folder), ==, 0);
  add (f, ACME, "here too");
  check (f, ACME, STAMP "info here too\n");
}

/* A link leads out of the house. */
static void
test_link (Fixture *f, gconstpointer data)
{
  g_autofree char *path = path_of (f, ACME, 0);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *elsewhere = g_build_filename (f->folder, "elsewhere", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (elsewhere, "as it was", -1, NULL));
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink (elsewhere, path), ==, 0);
  add (f, ACME, "nowhere");
  tempo_logbook_flush (f->book);
  g_assert_true (g_file_get_contents (elsewhere, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "as it was");
}

static gpointer
talk_thread (gpointer data)
{
  Writer *writer = data;

  while (g_atomic_int_get (&writer->stop) == 0)
    add (writer->f, writer->id, writer->word);
  return NULL;
}

/* An organization that is gone stays gone, however much is still said about it. */
static void
test_gone (Fixture *f, gconstpointer data)
{
  Writer writer = { f, ACME, "still here" };
  g_autofree char *house = g_build_filename (f->folder, "organizations", ACME, NULL);
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("talk", talk_thread, &writer);

  for (guint i = 0; i < 400; i++)
    {
      g_usleep (i % 7 * 100);
      tempo_logbook_dismiss (f->book, ACME);
      tempo_files_remove_tree (house, &error);
      g_assert_no_error (error);
      tempo_logbook_flush (f->book);
      g_assert_false (g_file_test (house, G_FILE_TEST_EXISTS));
      make_house (f, ACME);
    }
  tempo_logbook_dismiss (f->book, ACME);
  tempo_files_remove_tree (house, &error);
  g_assert_no_error (error);
  g_atomic_int_set (&writer.stop, 1);
  g_thread_join (thread);
  /* Admitted, but without a folder of its own: none is made. */
  tempo_logbook_admit (f->book, ACME);
  add (f, ACME, "nobody there");
  add (f, "01900000-0000-7000-8000-00000000000c", "a stranger");
  tempo_logbook_flush (f->book);
  g_assert_false (g_file_test (house, G_FILE_TEST_EXISTS));
}

/* What waits is written before the end. */
static void
test_end (Fixture *f, gconstpointer data)
{
  g_autofree char *path = path_of (f, ACME, 0);
  g_autofree char *text = NULL;

  add (f, ACME, "Closed");
  g_clear_pointer (&f->book, tempo_logbook_free);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, STAMP "info Closed\n");
}


/* The newest lines, over the seams of the files; never more than there are or than anybody may ask for. */
static void
test_read (Fixture *f, gconstpointer data)
{
  static const struct { guint asked, got; } reads[] = {
    { 1, 1 }, { 2, 2 }, { 200, 200 }, { 600, 600 }, { TEMPO_LOGBOOK_MAX_LINES, 900 }, { G_MAXUINT, 900 },
  };
  g_autofree char *words = g_strnfill (900, 'x');
  g_autofree char *seam = path_of (f, ACME, 3);
  g_autofree char *none = tempo_logbook_read (f->folder, ACME, 10, NULL);
  g_autofree char *theirs = NULL;

  g_assert_cmpstr (none, ==, "");
  for (guint i = 0; i < 900; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u %s", i, words);

      add (f, ACME, text);
      tempo_logbook_flush (f->book);
    }
  g_assert_true (g_file_test (seam, G_FILE_TEST_EXISTS));
  for (guint i = 0; i < G_N_ELEMENTS (reads); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = tempo_logbook_read (f->folder, ACME, reads[i].asked, &error);
      g_auto (GStrv) parts = NULL;

      g_assert_no_error (error);
      g_assert_true (g_str_has_suffix (text, "\n"));
      parts = g_strsplit (text, "\n", -1);
      g_assert_cmpuint (g_strv_length (parts), ==, reads[i].got + 1);
      for (guint j = 0; j < reads[i].got; j++)
        {
          g_autofree char *head = g_strdup_printf (STAMP "info %u ", 900 - reads[i].got + j);

          g_assert_true (g_str_has_prefix (parts[j], head));
        }
    }
  theirs = tempo_logbook_read (f->folder, BLUE, 10, NULL);
  g_assert_cmpstr (theirs, ==, "");
}

/* What is not a file is not read, and a link is not followed. */
static void
test_read_faults (Fixture *f, gconstpointer data)
{
  static const char *const kinds[] = { "folder", "link", "loop" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = path_of (f, ACME, 1);
      g_autofree char *newest = path_of (f, ACME, 0);
      g_autoptr (GError) error = NULL;

      add (f, ACME, "before");
      tempo_logbook_flush (f->book);
      if (i == 0)
        g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
      else
        g_assert_cmpint (symlink (i == 1 ? newest : path, path), ==, 0);
      g_assert_null (tempo_logbook_read (f->folder, ACME, 10, &error));
      g_assert_error (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_IO);
      if (i == 0)
        g_assert_cmpint (g_rmdir (path), ==, 0);
      else
        g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

#define add_test(path, data, function) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (count_told, NULL, NULL);
  signal (SIGXFSZ, SIG_IGN);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *path = g_strconcat ("/logbook/line/", lines[i].name, NULL);

      add_test (path, GUINT_TO_POINTER (i), test_line);
    }
  add_test ("/logbook/line/long", NULL, test_long_line);
  add_test ("/logbook/rotation", NULL, test_rotation);
  add_test ("/logbook/flood", NULL, test_flood);
  add_test ("/logbook/hanging", NULL, test_hanging);
  add_test ("/logbook/full", NULL, test_full);
  add_test ("/logbook/in-the-way", NULL, test_in_the_way);
  add_test ("/logbook/link", NULL, test_link);
  add_test ("/logbook/gone", NULL, test_gone);
  add_test ("/logbook/end", NULL, test_end);
  add_test ("/logbook/read", NULL, test_read);
  add_test ("/logbook/read-faults", NULL, test_read_faults);
  return g_test_run ();
}
