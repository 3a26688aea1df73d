/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/mman.h>
#include <unistd.h>

#include "music/tempo-artwork.h"
#include "music/library/tempo-library-reader.h"

/* Seconds for one file: the samples take milliseconds. */
#define TIMEOUT 2

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A file without a name, so that nothing stays behind. (transfer full): its descriptor. */
static int
make_file (const guint8 *data,
           gsize size)
{
  int fd = memfd_create ("tempo-fuzz", MFD_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  for (gsize done = 0; done < size;)
    {
      gssize n = write (fd, data + done, size - done);

      g_assert_cmpint (n, >, 0);
      done += n;
    }
  return fd;
}

/* A whole file goes through GStreamer and our reader: it is read or refused, and the reader stays of use. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  static TempoLibraryReader *reader;
  int fd = make_file (data, size);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (TempoReading) reading = NULL;
  g_autoptr (GError) error = NULL;

  if (reader == NULL)
    {
      gst_init (NULL, NULL);
      reader = tempo_library_reader_new (TIMEOUT, &error);
      g_assert_no_error (error);
    }
  reading = tempo_library_reader_read (reader, path, NULL, &error);
  g_assert_true ((reading != NULL) != (error != NULL));
  if (reading != NULL)
    {
      g_assert_cmpint (reading->duration_ms, >=, 0);
      tempo_reading_complete (reading, "fuzz.ogg");
      g_assert_true (*reading->title != '\0' && g_utf8_validate (reading->title, -1, NULL));
      g_assert_true (g_utf8_validate (reading->artist, -1, NULL));
    }
  close (fd);
  return 0;
}
