/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-library-deck.h"

#include <gst/audio/streamvolume.h>

#include "music/tempo-source.h"

#define PLAY_FLAGS 0x12 /* GstPlayFlags, which have no header: audio, soft-volume */
#define AT_SECONDS 2
#define PROBE_SECONDS 5
#define SEEK_TIMEOUT (3 * GST_SECOND)
#define GAP_LIMIT (G_USEC_PER_SEC) /* a song handed over later than this was not there at the end of the last */

/* Untagged music is loud; 6 dB less brings it near to what ReplayGain does to the
 * tagged, and the limiter keeps what is raised from clipping. */
#define FILTER "audioconvert ! rgvolume fallback-gain=-6 ! rglimiter"

struct _TempoLibraryDeck
{
  char *sink_description; /* (owned) (nullable) */
  TempoDeckFunc func;
  gpointer user_data;
  GstElement *playbin; /* (owned) (nullable) made for the first song, and anew after an error */
  GstElement *sink; /* (owned) (nullable) the one in playbin */
  GSource *bus_source; /* (owned) (nullable) */
  GSource *at_timer; /* (owned) (nullable) while it plays */
  GSource *probe_timer; /* (owned) (nullable) while there is no device */
  char *folder; /* (owned) (nullable) */
  guint song;
  double volume; /* cubic */
  gint64 start_at; /* ms to seek to before it sounds, 0: none */
  gint64 ended_at; /* monotonic, 0: the last song did not end by itself */
  gboolean loaded;
  gboolean held; /* paused by the host */
  gboolean started;
  gboolean resuming; /* to be told when it sounds again */
};

static gboolean probe_cb (gpointer data);

static void
emit (TempoLibraryDeck *self, TempoDeckEvent event, gint64 position_ms, gint64 gap_ms, const GError *error)
{
  self->func (event, self->song, position_ms, gap_ms, error, self->user_data);
}

static GSource *
add_timer (guint seconds, GSourceFunc func, TempoLibraryDeck *self)
{
  GSource *source = g_timeout_source_new_seconds (seconds);

  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

static void
clear_timer (GSource **timer)
{
  if (*timer != NULL)
    g_source_destroy (*timer);
  g_clear_pointer (timer, g_source_unref);
}

static GstElement *
make_sink (TempoLibraryDeck *self, GError **error)
{
  GstElement *sink;

  if (self->sink_description == NULL)
    {
      sink = gst_element_factory_make ("autoaudiosink", NULL);
      if (sink == NULL)
        g_set_error_literal (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NO_DEVICE,
                             "GStreamer's element \"autoaudiosink\" is not installed");
    }
  else
    {
      g_autoptr (GError) reason = NULL;

      sink = gst_parse_bin_from_description_full (self->sink_description, TRUE, NULL, GST_PARSE_FLAG_FATAL_ERRORS,
                                                  &reason);
      if (sink == NULL)
        g_set_error (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NO_DEVICE, "sound output \"%s\": %s",
                     self->sink_description, reason ? reason->message : "not usable");
    }
  return sink ? gst_object_ref_sink (sink) : NULL;
}

/* autoaudiosink only warns when it finds no device, and plays to nobody instead. */
static gboolean
is_no_device (GstMessage *message)
{
  GstElementFactory *factory;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    return TRUE;
  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_WARNING || !GST_IS_ELEMENT (GST_MESSAGE_SRC (message)))
    return FALSE;
  factory = gst_element_get_factory (GST_ELEMENT (GST_MESSAGE_SRC (message)));
  return factory != NULL && g_strcmp0 (GST_OBJECT_NAME (factory), "autoaudiosink") == 0;
}

static GError *
make_error (TempoSourceError code, GstMessage *message)
{
  g_autoptr (GError) reason = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &reason, NULL);
  else
    gst_message_parse_warning (message, &reason, NULL);
  return g_error_new_literal (TEMPO_SOURCE_ERROR, code, reason ? reason->message : "unknown failure");
}

/* Opens and closes the output by itself. */
static gboolean
try_device (TempoLibraryDeck *self, GError **error)
{
  GstElement *sink = make_sink (self, error);
  GstBus *bus;
  GstStateChangeReturn result;
  g_autoptr (GstMessage) message = NULL;

  if (sink == NULL)
    return FALSE;
  bus = gst_bus_new ();
  gst_element_set_bus (sink, bus);
  result = gst_element_set_state (sink, GST_STATE_READY);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_element_set_bus (sink, NULL);
  gst_object_unref (bus);
  gst_object_unref (sink);
  if (message != NULL && is_no_device (message))
    g_propagate_error (error, make_error (TEMPO_SOURCE_ERROR_NO_DEVICE, message));
  else if (result == GST_STATE_CHANGE_FAILURE)
    g_set_error_literal (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NO_DEVICE, "the sound output cannot be opened");
  else
    return TRUE;
  return FALSE;
}

static gboolean
probe_cb (gpointer data)
{
  TempoLibraryDeck *self = data;
  g_autoptr (GError) error = NULL;

  if (!try_device (self, &error))
    return G_SOURCE_CONTINUE;
  clear_timer (&self->probe_timer);
  emit (self, TEMPO_DECK_DEVICE, 0, 0, NULL);
  return G_SOURCE_REMOVE;
}

static void
unload (TempoLibraryDeck *self, GstState state)
{
  clear_timer (&self->at_timer);
  self->loaded = FALSE;
  self->started = FALSE;
  self->held = FALSE;
  self->resuming = FALSE;
  self->start_at = 0;
  if (self->playbin != NULL)
    gst_element_set_state (self->playbin, state);
}

static void
drop_playbin (TempoLibraryDeck *self)
{
  unload (self, GST_STATE_NULL);
  if (self->bus_source != NULL)
    g_source_destroy (self->bus_source);
  g_clear_pointer (&self->bus_source, g_source_unref);
  gst_clear_object (&self->sink);
  gst_clear_object (&self->playbin);
}

static void
lose_device (TempoLibraryDeck *self, const GError *error)
{
  if (self->probe_timer == NULL)
    self->probe_timer = add_timer (PROBE_SECONDS, probe_cb, self);
  emit (self, TEMPO_DECK_DEVICE, 0, 0, error);
}

/* The song cannot be played; the pipeline is made anew for the next one, because
 * elements that failed are not trusted again. */
static void
fail (TempoLibraryDeck *self, GError *error)
{
  g_autoptr (GError) owned = error;

  drop_playbin (self);
  self->ended_at = 0;
  if (g_error_matches (owned, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NO_DEVICE))
    lose_device (self, owned);
  emit (self, TEMPO_DECK_FAILED, 0, 0, owned);
}

static void
handle_trouble (TempoLibraryDeck *self, GstMessage *message)
{
  GstObject *source = GST_MESSAGE_SRC (message);
  gboolean of_sink
    = self->sink && source
      && (source == GST_OBJECT (self->sink) || gst_object_has_as_ancestor (source, GST_OBJECT (self->sink)));

  if (of_sink && is_no_device (message))
    fail (self, make_error (TEMPO_SOURCE_ERROR_NO_DEVICE, message));
  else if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return;
  else if (self->folder != NULL && !g_file_test (self->folder, G_FILE_TEST_IS_DIR))
    fail (self, make_error (TEMPO_SOURCE_ERROR_GONE, message));
  else
    fail (self, make_error (TEMPO_SOURCE_ERROR_UNPLAYABLE, message));
}

static gint64
ask_position (TempoLibraryDeck *self)
{
  gint64 position = 0;

  if (self->playbin == NULL || !gst_element_query_position (self->playbin, GST_FORMAT_TIME, &position))
    return 0;
  return MAX (position, 0) / GST_MSECOND;
}

static gboolean
at_cb (gpointer data)
{
  TempoLibraryDeck *self = data;

  emit (self, TEMPO_DECK_AT, ask_position (self), 0, NULL);
  return G_SOURCE_CONTINUE;
}

static void
handle_playing (TempoLibraryDeck *self)
{
  gint64 gap = self->ended_at ? (g_get_monotonic_time () - self->ended_at) / 1000 : -1;

  if (self->at_timer == NULL)
    self->at_timer = add_timer (AT_SECONDS, at_cb, self);
  if (!self->started)
    {
      self->started = TRUE;
      self->resuming = FALSE;
      self->ended_at = 0;
      clear_timer (&self->probe_timer);
      emit (self, TEMPO_DECK_STARTED, ask_position (self), gap, NULL);
    }
  else if (self->resuming)
    {
      self->resuming = FALSE;
      emit (self, TEMPO_DECK_JUMPED, ask_position (self), 0, NULL);
    }
}

static gboolean
seek_to (TempoLibraryDeck *self, gint64 position_ms)
{
  return gst_element_seek_simple (self->playbin, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE,
                                  position_ms * GST_MSECOND);
}

/* Prerolled: the place from which it is to sound can be looked for now. */
static void
handle_prerolled (TempoLibraryDeck *self)
{
  if (self->start_at == 0)
    return;
  /* A file that cannot seek starts at its beginning. */
  seek_to (self, self->start_at);
  self->start_at = 0;
  if (!self->held)
    gst_element_set_state (self->playbin, GST_STATE_PLAYING);
}

static gboolean
bus_cb (GstBus *bus, GstMessage *message, gpointer user_data)
{
  TempoLibraryDeck *self = user_data;
  GstState state;
  GstState pending;

  if (!self->loaded)
    return G_SOURCE_CONTINUE;
  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_STATE_CHANGED:
      if (GST_MESSAGE_SRC (message) != GST_OBJECT (self->playbin))
        break;
      gst_message_parse_state_changed (message, NULL, &state, &pending);
      if (state == GST_STATE_PLAYING && pending == GST_STATE_VOID_PENDING)
        handle_playing (self);
      break;
    case GST_MESSAGE_ASYNC_DONE:
      handle_prerolled (self);
      break;
    case GST_MESSAGE_EOS:
      unload (self, GST_STATE_READY);
      self->ended_at = g_get_monotonic_time ();
      emit (self, TEMPO_DECK_ENDED, 0, 0, NULL);
      break;
    case GST_MESSAGE_ERROR:
    case GST_MESSAGE_WARNING:
      handle_trouble (self, message);
      break;
    case GST_MESSAGE_CLOCK_LOST:
      /* The device's clock went with the device; a new one is chosen on the way back up. */
      gst_element_set_state (self->playbin, GST_STATE_PAUSED);
      if (!self->held)
        gst_element_set_state (self->playbin, GST_STATE_PLAYING);
      break;
    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (self->playbin));
      break;
    default:
      break;
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
make_playbin (TempoLibraryDeck *self, GError **error)
{
  GstElement *filter;
  g_autoptr (GstBus) bus = NULL;

  if (self->playbin != NULL)
    return TRUE;
  self->sink = make_sink (self, error);
  if (self->sink == NULL)
    return FALSE;
  self->playbin = gst_element_factory_make ("playbin", NULL);
  if (self->playbin == NULL)
    {
      gst_clear_object (&self->sink);
      g_set_error_literal (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NO_DEVICE,
                           "GStreamer's element \"playbin\" is not installed");
      return FALSE;
    }
  gst_object_ref_sink (self->playbin);
  g_object_set (self->playbin, "flags", PLAY_FLAGS, "audio-sink", self->sink, NULL);
  /* Without these elements songs are as loud as they are. */
  filter = gst_parse_bin_from_description_full (FILTER, TRUE, NULL, GST_PARSE_FLAG_FATAL_ERRORS, NULL);
  if (filter != NULL)
    g_object_set (self->playbin, "audio-filter", filter, NULL);
  bus = gst_element_get_bus (self->playbin);
  self->bus_source = gst_bus_create_watch (bus);
  g_source_set_callback (self->bus_source, G_SOURCE_FUNC (bus_cb), self, NULL);
  g_source_attach (self->bus_source, g_main_context_get_thread_default ());
  return TRUE;
}

static void
apply_volume (TempoLibraryDeck *self)
{
  if (self->playbin != NULL)
    g_object_set (self->playbin, "volume",
                  gst_stream_volume_convert_volume (GST_STREAM_VOLUME_FORMAT_CUBIC, GST_STREAM_VOLUME_FORMAT_LINEAR,
                                                    self->volume),
                  NULL);
}

/* Messages of the song before are not to be taken for this one's. */
static void
forget_messages (TempoLibraryDeck *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->playbin);

  gst_bus_set_flushing (bus, TRUE);
  gst_bus_set_flushing (bus, FALSE);
}

/**
 * tempo_library_deck_new:
 *
 * Makes no pipeline yet. May be called on any thread,
 * everything else belongs on the worker.
 */
TempoLibraryDeck *
tempo_library_deck_new (const char *sink, TempoDeckFunc func, gpointer user_data)
{
  TempoLibraryDeck *self = g_new0 (TempoLibraryDeck, 1);

  self->sink_description = g_strdup (sink);
  self->func = func;
  self->user_data = user_data;
  self->volume = 1.0;
  return self;
}

/**
 * tempo_library_deck_free:
 *
 * Silence, and nothing is told any more. On the worker,
 * because taking a pipeline down may wait for its threads.
 */
void
tempo_library_deck_free (TempoLibraryDeck *self)
{
  clear_timer (&self->probe_timer);
  drop_playbin (self);
  g_clear_pointer (&self->sink_description, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_free (self);
}

/**
 * tempo_library_deck_probe:
 *
 * Tells before the first song whether there is anything to sound on, so that the
 * host sees it while setting up and not when the first guest asked for a song.
 */
void
tempo_library_deck_probe (TempoLibraryDeck *self)
{
  g_autoptr (GError) error = NULL;

  if (!try_device (self, &error))
    lose_device (self, error);
}

/**
 * tempo_library_deck_play:
 *
 * Every song goes through READY. Handing the next one over while the last still
 * sounds would save a tenth of a second and fix the order of the queue seconds early.
 */
void
tempo_library_deck_play (TempoLibraryDeck *self, guint song, const char *uri, const char *folder, gint64 position_ms)
{
  GError *error = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  unload (self, GST_STATE_READY);
  self->song = song;
  if (self->ended_at != 0 && g_get_monotonic_time () - self->ended_at > GAP_LIMIT)
    self->ended_at = 0;
  g_clear_pointer (&self->folder, g_free);
  self->folder = g_strdup (folder);
  if (uri == NULL)
    error = g_error_new_literal (TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND,
                                 "the song is not in the library any more");
  if (error != NULL || !make_playbin (self, &error))
    {
      fail (self, error);
      return;
    }
  forget_messages (self);
  self->loaded = TRUE;
  self->start_at = position_ms;
  g_object_set (self->playbin, "uri", uri, NULL);
  apply_volume (self);
  if (gst_element_set_state (self->playbin, position_ms > 0 ? GST_STATE_PAUSED : GST_STATE_PLAYING)
      != GST_STATE_CHANGE_FAILURE)
    return;
  bus = gst_element_get_bus (self->playbin);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  if (message != NULL)
    handle_trouble (self, message);
  else
    fail (self, g_error_new_literal (TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_UNPLAYABLE, "playback cannot be started"));
}

/**
 * tempo_library_deck_pause:
 *
 * A song that has not sounded yet is held before its first note and starts
 * with tempo_library_deck_resume().
 */
void
tempo_library_deck_pause (TempoLibraryDeck *self)
{
  if (!self->loaded || self->held)
    return;
  self->held = TRUE;
  clear_timer (&self->at_timer);
  gst_element_set_state (self->playbin, GST_STATE_PAUSED);
  emit (self, TEMPO_DECK_AT, ask_position (self), 0, NULL);
}

/**
 * tempo_library_deck_resume:
 *
 * Goes on where it was held. What started before
 * tells the position, what did not tells that it started.
 */
void
tempo_library_deck_resume (TempoLibraryDeck *self)
{
  if (!self->loaded || !self->held)
    return;
  self->held = FALSE;
  self->resuming = TRUE;
  if (self->start_at == 0)
    gst_element_set_state (self->playbin, GST_STATE_PLAYING);
}

/**
 * tempo_library_deck_stop:
 *
 * Gives the file and the device back, so that the machine
 * may let its sound card sleep.
 */
void
tempo_library_deck_stop (TempoLibraryDeck *self)
{
  self->ended_at = 0;
  unload (self, GST_STATE_NULL);
}

/**
 * tempo_library_deck_seek:
 *
 * Before the song sounds this only changes where it will start. A file that
 * cannot seek goes on as it was, and its position says so.
 */
void
tempo_library_deck_seek (TempoLibraryDeck *self, gint64 position_ms)
{
  if (!self->loaded)
    return;
  if (!self->started)
    {
      self->start_at = position_ms;
      return;
    }
  /* Waiting here, on the worker, tells this arrival from that of a pause just before. */
  if (seek_to (self, position_ms))
    gst_element_get_state (self->playbin, NULL, NULL, SEEK_TIMEOUT);
  emit (self, TEMPO_DECK_JUMPED, ask_position (self), 0, NULL);
}

/**
 * tempo_library_deck_set_volume:
 *
 * Cubic, like sliders are; kept for the pipelines
 * that are made later.
 */
void
tempo_library_deck_set_volume (TempoLibraryDeck *self, double volume)
{
  self->volume = volume;
  apply_volume (self);
}
