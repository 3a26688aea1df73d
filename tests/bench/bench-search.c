/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bench-search [SONGS]: how long searching and rescanning a large library takes.
 * Makes a folder of SONGS (100,000) small files, reads them through a reader that
 * invents tags, and prints figures. Passes no judgement. */

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/tempo-song.h"
#include "music/library/tempo-library-index.h"
#include "music/library/tempo-library-private.h"

#define FOLDER_SIZE 100
#define ROUNDS 20000 /* of direct searches */
#define ASKED 5000   /* through the source, as the engine asks */

static const char *const words[] = {
  "love", "night", "fire", "heart", "dance", "blue", "summer", "rain", "dream", "river", "golden", "shadow", "electric", "paper",
  "silver", "ocean", "broken", "midnight", "wild", "honey", "sugar", "thunder", "velvet", "diamond", "street", "angel", "radio",
  "stranger", "hurricane", "lonely", "crazy", "forever", "tonight", "yesterday", "the", "a", "of", "in", "my", "you", "me", "and",
  "to", "is", "it", "on", "we", "are", "nothing", "everything", "caf\xc3\xa9", "d\xc3\xa9j\xc3\xa0", "se\xc3\xb1orita", "\xc3\xbc""ber",
  "k\xc3\xb6nig", "gar\xc3\xa7on", "moon", "sun", "star", "sky", "rose", "train", "home", "road", "light", "time", "world", "girl",
  "boy", "baby", "man", "woman", "king", "queen", "rock", "roll", "soul", "jazz", "disco", "rhythm", "melody", "song", "echo",
};
static const char *const syllables[] = { "ka", "ri", "mo", "ta", "ne", "lu", "so", "vi", "da", "bel", "cor", "an", "or", "esh", "ul", "wyn", "fa", "qui", "zo", "hal" };

/* Everything about a song follows from its number. Words are not equally frequent. */
static char *
make_title (GRand *random)
{
  GString *title = g_string_new (NULL);
  int n = g_rand_int_range (random, 1, 6);

  for (int i = 0; i < n; i++)
    {
      double r = g_rand_double (random);

      g_string_append_printf (title, "%s%s", i ? " " : "", words[(guint) (r * r * G_N_ELEMENTS (words))]);
    }
  if (g_rand_int_range (random, 0, 3) == 0)
    g_string_append_printf (title, " %s%s", syllables[g_rand_int_range (random, 0, G_N_ELEMENTS (syllables))], syllables[g_rand_int_range (random, 0, G_N_ELEMENTS (syllables))]);
  return g_string_free (title, FALSE);
}

static char *
make_artist (guint number)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (number + 1);
  GString *artist = g_string_new (number % 3 == 0 ? "The " : "");

  for (guint i = 0; i < 2 + number % 2; i++)
    g_string_append (artist, syllables[g_rand_int_range (random, 0, G_N_ELEMENTS (syllables))]);
  if (number % 2)
    g_string_append_printf (artist, " %s", words[number % G_N_ELEMENTS (words)]);
  return g_string_free (artist, FALSE);
}

static TempoReading *
invent (const char *path, GCancellable *cancellable, gpointer user_data, GError **error)
{
  guint number = (guint) strtoul (strrchr (path, '/') + 1, NULL, 10);
  g_autoptr (GRand) random = g_rand_new_with_seed (number);
  TempoReading *reading = tempo_reading_new ();

  reading->title = make_title (random);
  reading->artist = make_artist (number / 12 % 5000);
  reading->album = make_title (random);
  reading->duration_ms = 180000 + number % 90000;
  return reading;
}

static void
make_folder (const char *folder, guint songs)
{
  for (guint i = 0; i < songs; i++)
    {
      g_autofree char *dir = g_strdup_printf ("%s/%03u/%03u", folder, i / FOLDER_SIZE / 100, i / FOLDER_SIZE % 100);
      g_autofree char *file = g_strdup_printf ("%s/%07u.mp3", dir, i);

      if (i % FOLDER_SIZE == 0)
        g_mkdir_with_parents (dir, 0700);
      g_file_set_contents_full (file, "x", 1, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
    }
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      remove_folder (below);
    }
  g_remove (path);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static void
print_times (const char *what, GArray *times)
{
  g_array_sort (times, compare_times);
  g_print ("%-34s n %6u   median %8.3f ms   p99 %8.3f ms   max %8.3f ms\n", what, times->len,
           g_array_index (times, gint64, times->len / 2) / 1000.0,
           g_array_index (times, gint64, times->len * 99 / 100) / 1000.0,
           g_array_index (times, gint64, times->len - 1) / 1000.0);
}

static char *
letters (GRand *random, guint n)
{
  g_autofree char *word = g_strdup (words[g_rand_int_range (random, 0, G_N_ELEMENTS (words))]);
  const char *end = word;

  while (n-- > 0 && *end != '\0')
    end = g_utf8_next_char (end);
  return g_strndup (word, end - word);
}

typedef enum
{
  ONE_LETTER,
  TWO_LETTERS,
  THREE_LETTERS,
  FOUR_LETTERS,
  ONE_WORD,
  TWO_WORDS,
  LETTERS_ONLY,
  ARTIST,
  NONE,
  TYPED,
  N_KINDS,
} Kind;

static const char *const kind_names[N_KINDS] = {
  "one letter", "two letters", "three letters", "four letters", "one word", "two words", "letters only: \"a b c d\"", "artist and title", "nothing matches", "as typed, letter by letter",
};

static char *
make_query (Kind kind, GRand *random, guint songs)
{
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autofree char *path = NULL;
  g_autoptr (TempoReading) reading = NULL;

  switch (kind)
    {
    case ONE_LETTER:
    case TWO_LETTERS:
    case THREE_LETTERS:
    case FOUR_LETTERS:
      return letters (random, 1 + (kind - ONE_LETTER));
    case ONE_WORD:
      return letters (random, 99);
    case TWO_WORDS:
      one = letters (random, 99);
      two = letters (random, 3);
      return g_strconcat (one, " ", two, NULL);
    case LETTERS_ONLY:
      return g_strdup_printf ("%c %c %c %c", g_rand_int_range (random, 'a', 'z'), g_rand_int_range (random, 'a', 'z'), g_rand_int_range (random, 'a', 'z'), g_rand_int_range (random, 'a', 'z'));
    case NONE:
      one = letters (random, 99);
      return g_strconcat (one, " xyzzy", NULL);
    default:
      path = g_strdup_printf ("/%07d.mp3", g_rand_int_range (random, 0, songs));
      reading = invent (path, NULL, NULL, NULL);
      return g_strconcat (reading->artist, " ", reading->title, NULL);
    }
}

static gint64
thread_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* CPU time: the machine may be busy with other work. The engine adds two thread hops. */
static gint64
time_search (TempoLibraryIndex *index, const char *query)
{
  gint64 begun = thread_time ();
  g_autoptr (GPtrArray) found = tempo_library_index_search (index, query, 20, NULL);

  return thread_time () - begun;
}

static void
bench_kind (TempoLibraryIndex *index, Kind kind, guint songs, GArray *all)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (kind);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  while (times->len < ROUNDS / N_KINDS)
    {
      g_autofree char *query = make_query (kind, random, songs);
      glong n = g_utf8_strlen (query, -1);

      for (glong i = kind == TYPED ? 1 : n; i <= n; i++)
        {
          g_autofree char *typed = g_utf8_substring (query, 0, i);
          gint64 time = time_search (index, typed);

          g_array_append_val (times, time);
          g_array_append_val (all, time);
        }
    }
  print_times (kind_names[kind], times);
}

typedef struct
{
  GMainLoop *loop;
  guint looks;
} Look;

static void
scanning_cb (GObject *library, GParamSpec *pspec, Look *look)
{
  gboolean scanning;

  g_object_get (library, "scanning", &scanning, NULL);
  if (!scanning)
    g_main_loop_quit (look->loop);
}

static void
bench_scan (TempoLibrary *library, const char *folder, const char *what)
{
  Look look = { g_main_loop_new (NULL, FALSE), 0 };
  gulong handler = g_signal_connect (library, "notify::scanning", G_CALLBACK (scanning_cb), &look);
  gint64 begun = g_get_monotonic_time ();
  guint songs;

  tempo_library_set_folder (library, folder);
  g_main_loop_run (look.loop);
  g_object_get (library, "songs", &songs, NULL);
  g_print ("%-34s %u songs in %.2f s\n", what, songs, (double) (g_get_monotonic_time () - begun) / G_USEC_PER_SEC);
  g_signal_handler_disconnect (library, handler);
  g_main_loop_unref (look.loop);
}

typedef struct
{
  GMainLoop *loop;
  gint64 begun;
  GArray *times;
} Asked;

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;
  g_autoptr (GPtrArray) found = tempo_source_search_finish (TEMPO_SOURCE (object), result, NULL);
  gint64 time = g_get_monotonic_time () - asked->begun;

  g_array_append_val (asked->times, time);
  g_main_loop_quit (asked->loop);
}

/* The whole way: engine, worker, index, and back; wall time. */
static void
bench_asked (TempoSource *source, guint songs)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  Asked asked = { g_main_loop_new (NULL, FALSE), 0, times };

  for (guint i = 0; i < ASKED; i++)
    {
      g_autofree char *query = make_query (i % TYPED, random, songs);

      asked.begun = g_get_monotonic_time ();
      tempo_source_search_async (source, query, 20, NULL, answered_cb, &asked);
      g_main_loop_run (asked.loop);
    }
  print_times ("through the source, wall time", times);
  g_main_loop_unref (asked.loop);
}

static void
bench_lookups (TempoSource *source, TempoLibraryIndex *index, guint songs)
{
  g_autoptr (GArray) lookups = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) fillers = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < 5000; i++)
    {
      g_autoptr (TempoSong) song = tempo_library_index_at (index, g_random_int_range (1, songs), NULL);
      gint64 t0 = g_get_monotonic_time ();
      g_autoptr (TempoSong) found = tempo_source_lookup (source, song->id);
      gint64 t1 = g_get_monotonic_time ();
      g_autoptr (TempoSong) matched = tempo_source_match (source, song->artist, song->title);
      gint64 t2 = g_get_monotonic_time ();
      g_autoptr (TempoSong) filler = tempo_source_next_filler (source);
      gint64 t3 = g_get_monotonic_time ();

      t3 -= t2;
      t2 -= t1;
      t1 -= t0;
      g_array_append_val (lookups, t1);
      g_array_append_val (matches, t2);
      g_array_append_val (fillers, t3);
    }
  print_times ("lookup by id", lookups);
  print_times ("match by artist and title", matches);
  print_times ("next filler", fillers);
}

int
main (int argc, char **argv)
{
  guint songs = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 100000;
  g_autofree char *root = g_dir_make_tmp ("tempo-bench-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (root, "music", NULL);
  g_autofree char *index_path = g_build_filename (root, "library.db", NULL);
  g_autofree char *artwork = g_build_filename (root, "artwork", NULL);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (TempoSource) source = NULL;
  g_autoptr (TempoLibraryIndex) index = NULL;
  GStatBuf info;

  make_folder (folder, songs);
  source = tempo_library_new (index_path, artwork, "fakesink");
  tempo_library_set_reader (TEMPO_LIBRARY (source), invent, NULL);
  bench_scan (TEMPO_LIBRARY (source), folder, "first scan (tags invented)");
  for (guint i = 0; i < 3; i++)
    bench_scan (TEMPO_LIBRARY (source), folder, "unchanged folder again");
  index = tempo_library_index_open (index_path, FALSE, NULL);
  if (index == NULL)
    return 1;
  for (Kind kind = 0; kind < N_KINDS; kind++)
    bench_kind (index, kind, songs, all);
  print_times ("all searches, CPU time", all);
  bench_asked (source, songs);
  bench_lookups (source, index, songs);
  if (g_stat (index_path, &info) == 0)
    g_print ("index file %.1f MiB\n", info.st_size / 1048576.0);
  g_clear_pointer (&index, tempo_library_index_close);
  g_clear_object (&source);
  remove_folder (root);
  return 0;
}
