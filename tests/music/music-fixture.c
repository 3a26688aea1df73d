/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* A player that was started again is tried at most every half minute. */
#define DEADLINE (120 * G_USEC_PER_SEC)

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);

  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      remove_tree (below);
    }
  g_remove (path);
}

/* Why a wait was in vain */

typedef struct
{
  MusicExplain func;
  gpointer data;
} Offer;

static GSList *offers; /* (element Offer) (owned) the newest first */

void
music_fixture_offer (MusicExplain func, gpointer data)
{
  Offer *offer = g_new (Offer, 1);

  *offer = (Offer) { func, data };
  offers = g_slist_prepend (offers, offer);
}

void
music_fixture_take_back (gpointer data)
{
  for (GSList *link = offers; link != NULL; link = link->next)
    {
      Offer *offer = link->data;

      if (offer->data != data)
        continue;
      offers = g_slist_delete_link (offers, link);
      g_free (offer);
      return;
    }
}

void
music_fixture_note (MusicFixture *self, const char *name, gboolean event)
{
  g_string_append_printf (self->history, "  %.3f s %s\n", (double) (g_get_monotonic_time () - self->since) / G_USEC_PER_SEC, name);
  if (event)
    g_string_append_printf (self->events, "%s ", name);
}

static void
explain (gpointer data, GString *text)
{
  MusicFixture *self = data;
  TempoSourceStatus status;

  g_string_append_printf (text, "what came, of %.3f s:\n%s", (double) (g_get_monotonic_time () - self->since) / G_USEC_PER_SEC,
                          self->history->str);
  if (self->error != NULL)
    g_string_append_printf (text, "the last failure: %s\n", self->error->message);
  if (self->source == NULL)
    return;
  tempo_source_get_status (self->source, &status);
  g_string_append_printf (text, "the source is %s: %s, at %" G_GINT64_FORMAT " ms\n", status.code, status.text,
                          tempo_source_get_position (self->source));
}

MusicFixture *
music_fixture_new (void)
{
  MusicFixture *self = g_new0 (MusicFixture, 1);

  gst_init (NULL, NULL);
  self->root = g_dir_make_tmp ("tempo-music-XXXXXX", NULL);
  g_assert_nonnull (self->root);
  self->folder = g_build_filename (self->root, "music", NULL);
  self->index = g_build_filename (self->root, "library.db", NULL);
  self->artwork = g_build_filename (self->root, "artwork", NULL);
  self->events = g_string_new (NULL);
  self->history = g_string_new (NULL);
  self->since = g_get_monotonic_time ();
  g_assert_cmpint (g_mkdir (self->folder, 0700), ==, 0);
  music_fixture_offer (explain, self);
  return self;
}

void
music_fixture_close (MusicFixture *self)
{
  if (self->source == NULL)
    return;
  g_assert_finalize_object (self->source);
  self->source = NULL;
}

void
music_fixture_free (MusicFixture *self)
{
  music_fixture_close (self);
  music_fixture_take_back (self);
  remove_tree (self->root);
  g_clear_error (&self->error);
  g_string_free (self->events, TRUE);
  g_string_free (self->history, TRUE);
  g_clear_pointer (&self->root, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->index, g_free);
  g_clear_pointer (&self->artwork, g_free);
  g_free (self);
}

static void
started_cb (TempoSource *source, MusicFixture *self)
{
  music_fixture_note (self, "started", TRUE);
}

static void
ended_cb (TempoSource *source, MusicFixture *self)
{
  music_fixture_note (self, "ended", TRUE);
}

static void
failed_cb (TempoSource *source, const GError *error, MusicFixture *self)
{
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  music_fixture_note (self, "failed", TRUE);
}

static void
position_cb (TempoSource *source, gint64 position, MusicFixture *self)
{
  music_fixture_note (self, "position", TRUE);
}

static void
catalogue_cb (TempoSource *source, MusicFixture *self)
{
  music_fixture_note (self, "catalogue", TRUE);
}

static void
scanning_cb (TempoSource *source, GParamSpec *pspec, MusicFixture *self)
{
  gboolean scanning;

  g_object_get (source, "scanning", &scanning, NULL);
  self->looks += !scanning;
}

TempoLibrary *
music_fixture_open (MusicFixture *self, const char *sink, gboolean wait)
{
  self->source = tempo_library_new (self->index, self->artwork, sink);
  tempo_library_set_quiet_ms (TEMPO_LIBRARY (self->source), 20);
  g_signal_connect (self->source, "notify::scanning", G_CALLBACK (scanning_cb), self);
  g_signal_connect (self->source, "started", G_CALLBACK (started_cb), self);
  g_signal_connect (self->source, "ended", G_CALLBACK (ended_cb), self);
  g_signal_connect (self->source, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect (self->source, "position", G_CALLBACK (position_cb), self);
  g_signal_connect (self->source, "catalogue-changed", G_CALLBACK (catalogue_cb), self);
  if (wait)
    music_fixture_scan (self);
  return TEMPO_LIBRARY (self->source);
}

char *
music_fixture_path (MusicFixture *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
make_parent (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
}

void
music_fixture_write (MusicFixture *self, const char *name, gconstpointer data, gsize length)
{
  g_autofree char *path = music_fixture_path (self, name);
  g_autoptr (GError) error = NULL;

  make_parent (path);
  g_file_set_contents (path, data, length, &error);
  g_assert_no_error (error);
}

static const char *
choose_encoder (const char *name)
{
  if (g_str_has_suffix (name, ".flac"))
    return "flacenc name=tags";
  if (g_str_has_suffix (name, ".ogg"))
    return "vorbisenc name=tags ! oggmux";
  if (g_str_has_suffix (name, ".mp3"))
    return "lamemp3enc ! id3v2mux name=tags";
  return "wavenc name=tags";
}

static GstTagList *
parse_tags (const Tone *tone)
{
  GstTagList *list = gst_tag_list_new_empty ();
  g_auto (GStrv) pairs = g_strsplit (tone->tags ? tone->tags : "", ";", -1);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      char *value = strchr (pairs[i], '=');

      if (value == NULL)
        continue;
      *value = '\0';
      gst_tag_list_add (list, GST_TAG_MERGE_APPEND, pairs[i], value + 1, NULL);
    }
  if (tone->image != NULL)
    {
      gsize length;
      const guint8 *data = g_bytes_get_data (tone->image, &length);
      g_autoptr (GstCaps) caps = gst_caps_new_empty_simple (data[0] == 0xff ? "image/jpeg" : "image/png");
      g_autoptr (GstBuffer) buffer = gst_buffer_new_memdup (data, length);
      g_autoptr (GstSample) sample = gst_sample_new (buffer, caps, NULL, NULL);

      gst_tag_list_add (list, GST_TAG_MERGE_APPEND, GST_TAG_IMAGE, sample, NULL);
    }
  return list;
}

/* Runs a pipeline to its end. */
static void
run_pipeline (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 30 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

void
music_fixture_make_tone (MusicFixture *self, const Tone *tone)
{
  g_autofree char *path = music_fixture_path (self, tone->name);
  g_autofree char *description = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstElement) tags = NULL;
  g_autoptr (GstElement) file = NULL;
  g_autoptr (GstTagList) list = parse_tags (tone);
  g_autoptr (GError) error = NULL;

  make_parent (path);
  description = g_strdup_printf (
    "audiotestsrc num-buffers=%u samplesperbuffer=441 volume=0.2 ! audio/x-raw,rate=44100,channels=1 ! "
    "audioconvert ! %s ! filesink name=file",
    /* flacenc warns about less than one of its blocks. */
    MAX (tone->ms / 10, 20), choose_encoder (tone->name));
  pipeline = gst_parse_launch (description, &error);
  g_assert_no_error (error);
  gst_object_ref_sink (pipeline);
  tags = gst_bin_get_by_name (GST_BIN (pipeline), "tags");
  file = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  g_object_set (file, "location", path, NULL);
  gst_tag_setter_merge_tags (GST_TAG_SETTER (tags), list, GST_TAG_MERGE_REPLACE);
  run_pipeline (pipeline);
}

GBytes *
music_fixture_image (const char *type, guint side)
{
  g_autofree char *path = NULL;
  g_autofree char *description = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;
  int fd = g_file_open_tmp ("tempo-image-XXXXXX", &path, NULL);

  g_assert_true (g_close (fd, NULL));
  description = g_strdup_printf (
    "videotestsrc num-buffers=1 pattern=snow ! video/x-raw,width=%u,height=%u ! "
      "videoconvert ! %senc ! filesink location=%s",
    side, side, type, path);
  pipeline = gst_parse_launch (description, &error);
  g_assert_no_error (error);
  gst_object_ref_sink (pipeline);
  run_pipeline (pipeline);
  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  g_remove (path);
  return g_bytes_new_take (data, length);
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
give_up (const char *place, const char *what)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (GSList *link = offers; link != NULL; link = link->next)
    ((Offer *) link->data)->func (((Offer *) link->data)->data, text);
  g_error ("%s at %s: waited %d s for %s in vain\n%s", g_test_get_path (), place, (int) (DEADLINE / G_USEC_PER_SEC), what, text->str);
}

void
music_fixture_wait_for (const char *place, const char *what, MusicPredicate predicate, gpointer data)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE;
  /* So that the deadline is looked at when nothing happens. */
  guint wake = g_timeout_add (250, wake_cb, NULL);

  while (!predicate (data))
    {
      if (g_get_monotonic_time () >= deadline)
        give_up (place, what);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (wake);
}

static gboolean
is_scanned (gpointer data)
{
  MusicFixture *self = data;
  gboolean scanning;

  g_object_get (self->source, "scanning", &scanning, NULL);
  return !scanning;
}

typedef struct
{
  MusicFixture *self;
  const char *name;
  guint count;
} Wanted;

static gboolean
has_looked (gpointer data)
{
  Wanted *wanted = data;

  return wanted->self->looks > wanted->count && is_scanned (wanted->self);
}

void
music_fixture_scan (MusicFixture *self)
{
  Wanted wanted = { self, NULL, self->looks };

  tempo_library_set_folder (TEMPO_LIBRARY (self->source), self->folder);
  music_fixture_wait (has_looked, &wanted);
}

static gboolean
has_songs (gpointer data)
{
  Wanted *wanted = data;
  guint songs;

  g_object_get (wanted->self->source, "songs", &songs, NULL);
  return songs == wanted->count && is_scanned (wanted->self);
}

void
music_fixture_wait_songs (MusicFixture *self, guint songs)
{
  Wanted wanted = { self, NULL, songs };
  g_autofree char *what = g_strdup_printf ("%u songs", songs);

  music_fixture_wait_for (G_STRLOC, what, has_songs, &wanted);
}

guint
music_fixture_count_event (MusicFixture *self, const char *name)
{
  g_auto (GStrv) names = g_strsplit (self->events->str, " ", -1);
  guint count = 0;

  for (guint i = 0; names[i] != NULL; i++)
    count += g_str_equal (names[i], name);
  return count;
}

static gboolean
has_event (gpointer data)
{
  Wanted *wanted = data;

  return music_fixture_count_event (wanted->self, wanted->name) >= wanted->count;
}

void
music_fixture_wait_event (MusicFixture *self, const char *name, guint count)
{
  Wanted wanted = { self, name, count };
  g_autofree char *what = g_strdup_printf ("\"%s\", %u times", name, count);

  music_fixture_wait_for (G_STRLOC, what, has_event, &wanted);
}

static void
store_result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **store = user_data;

  *store = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

static GPtrArray *
search (MusicFixture *self, const char *query, guint limit)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *songs;

  tempo_source_search_async (self->source, query, limit, NULL, store_result_cb, &result);
  music_fixture_wait (has_result, &result);
  songs = tempo_source_search_finish (self->source, result, &error);
  g_assert_no_error (error);
  return songs;
}

char *
music_fixture_search (MusicFixture *self, const char *query, guint limit)
{
  g_autoptr (GPtrArray) songs = search (self, query, limit);
  GString *titles = g_string_new (NULL);

  for (guint i = 0; i < songs->len; i++)
    g_string_append_printf (titles, "%s%s", i > 0 ? "|" : "", ((TempoSong *) songs->pdata[i])->title);
  return g_string_free (titles, FALSE);
}

TempoSong *
music_fixture_find (MusicFixture *self, const char *query)
{
  g_autoptr (GPtrArray) songs = search (self, query, 5);

  g_assert_cmpuint (songs->len, ==, 1);
  return g_object_ref (songs->pdata[0]);
}
