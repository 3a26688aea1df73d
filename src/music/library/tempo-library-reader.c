/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-library-reader.h"

#include <gst/pbutils/pbutils.h>
#include <string.h>

struct _TempoLibraryReader
{
  GMainContext *context; /* (owned) of the discoverer alone: nothing else of the thread runs while a file is read */
  GstDiscoverer *discoverer; /* (owned) */
  GstDiscovererInfo *info; /* (owned) (nullable) the answer */
  GError *failure; /* (owned) (nullable) the answer's error */
  guint timeout; /* s */
  gboolean done;
};

static void
discovered_cb (GstDiscoverer *discoverer, GstDiscovererInfo *info, const GError *error, gpointer user_data)
{
  TempoLibraryReader *self = user_data;

  g_clear_object (&self->info);
  g_clear_error (&self->failure);
  self->info = g_object_ref (info);
  self->failure = error ? g_error_copy (error) : NULL;
}

static void
finished_cb (GstDiscoverer *discoverer, gpointer user_data)
{
  TempoLibraryReader *self = user_data;

  self->done = TRUE;
}

/* Why the file is of no use, as one English sentence, or NULL. */
static char *
find_fault (TempoLibraryReader *self, GstDiscovererInfo *info, const GError *failure)
{
  g_autoptr (GString) missing = NULL;
  const char **details;

  switch (gst_discoverer_info_get_result (info))
    {
    case GST_DISCOVERER_OK:
      return NULL;
    case GST_DISCOVERER_TIMEOUT:
      return g_strdup_printf ("reading it took longer than %u seconds", self->timeout);
    case GST_DISCOVERER_MISSING_PLUGINS:
      missing = g_string_new ("no decoder is installed for it");
      details = gst_discoverer_info_get_missing_elements_installer_details (info);
      if (details != NULL && details[0] != NULL && strrchr (details[0], '|') != NULL)
        g_string_append_printf (missing, " (%s)", strrchr (details[0], '|') + 1);
      return g_strdup (missing->str);
    default:
      return g_strdup (failure ? failure->message : "it is no audio file");
    }
}

static TempoReading *
make_reading (GstDiscovererInfo *info, GError **error)
{
  g_autoptr (TempoReading) reading = tempo_reading_new ();
  GList *streams = gst_discoverer_info_get_audio_streams (info);
  GstDiscovererStreamInfo *top = gst_discoverer_info_get_stream_info (info);
  GstClockTime duration = gst_discoverer_info_get_duration (info);

  if (streams == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "there is no sound in it");
  else
    {
      tempo_reading_add_tags (reading, gst_discoverer_stream_info_get_tags (streams->data));
      if (GST_IS_DISCOVERER_CONTAINER_INFO (top))
        tempo_reading_add_tags (reading, gst_discoverer_container_info_get_tags (GST_DISCOVERER_CONTAINER_INFO (top)));
      if (GST_CLOCK_TIME_IS_VALID (duration))
        reading->duration_ms = duration / GST_MSECOND;
    }
  gst_discoverer_stream_info_list_free (streams);
  g_clear_object (&top);
  return *error ? NULL : g_steal_pointer (&reading);
}

/**
 * tempo_library_reader_new:
 *
 * gst_init() must have been called. Fails when GStreamer's base plugins are missing.
 */
TempoLibraryReader *
tempo_library_reader_new (guint timeout, GError **error)
{
  g_autoptr (TempoLibraryReader) self = g_new0 (TempoLibraryReader, 1);

  self->timeout = timeout;
  self->context = g_main_context_new ();
  self->discoverer = gst_discoverer_new (timeout * GST_SECOND, error);
  if (self->discoverer == NULL)
    return NULL;
  g_signal_connect (self->discoverer, "discovered", G_CALLBACK (discovered_cb), self);
  g_signal_connect (self->discoverer, "finished", G_CALLBACK (finished_cb), self);
  /* It takes the thread's default context when started. */
  g_main_context_push_thread_default (self->context);
  gst_discoverer_start (self->discoverer);
  g_main_context_pop_thread_default (self->context);
  return g_steal_pointer (&self);
}

/**
 * tempo_library_reader_free:
 *
 * Nothing is being read then, because reading blocks. NULL is allowed;
 * otherwise on the thread that made it.
 */
void
tempo_library_reader_free (TempoLibraryReader *self)
{
  if (self == NULL)
    return;
  if (self->discoverer != NULL)
    gst_discoverer_stop (self->discoverer);
  g_clear_object (&self->discoverer);
  g_clear_object (&self->info);
  g_clear_error (&self->failure);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

/**
 * tempo_library_reader_read:
 *
 * Blocks for at most the reader's timeout. A file that is being read is read to
 * its end; @cancellable keeps the next one from being begun.
 */
TempoReading *
tempo_library_reader_read (TempoLibraryReader *self, const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, error);
  g_autofree char *fault = NULL;
  g_autoptr (TempoReading) reading = NULL;
  GError *reason = NULL;

  if (uri == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  g_main_context_push_thread_default (self->context);
  self->done = FALSE;
  gst_discoverer_discover_uri_async (self->discoverer, uri);
  /* Not cut short: gst_discoverer_stop() in the middle of a file takes its own lock twice. */
  while (!self->done)
    g_main_context_iteration (self->context, TRUE);
  g_main_context_pop_thread_default (self->context);

  fault = self->info ? find_fault (self, self->info, self->failure) : g_strdup ("it cannot be opened");
  if (fault != NULL)
    g_set_error_literal (&reason, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, fault);
  else
    reading = make_reading (self->info, &reason);
  g_clear_object (&self->info);
  if (reason != NULL)
    g_propagate_error (error, reason);
  return g_steal_pointer (&reading);
}
