/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <string.h>

/* Runs a fuzzer's kept samples as an ordinary test, without libFuzzer: each as it is, cut at every length, and with
 * every byte in turn replaced by one that means something to a parser. */

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Cuts and replacements are for small samples; a large one is there for its size. */
#define MUTATE_MAX 2048

/* A copy of exactly @size bytes, so that the address sanitizer sees one byte too far. */
static void
run_copy (const char *data,
          gsize size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);

  LLVMFuzzerTestOneInput (copy != NULL ? copy : (const guint8 *) "", size);
}

static void
run_sample (const char *data,
            gsize size)
{
  static const char bytes[] = { '\0', '\n', '\r', '%', '/', '.', '"', ' ', (char) 0xff };
  g_autofree char *changed = g_memdup2 (data, size);

  run_copy (data, size);
  if (size > MUTATE_MAX)
    return;
  for (gsize n = 0; n < size; n++)
    {
      char kept = changed[n];

      run_copy (data, n);
      for (guint i = 0; i < sizeof bytes; i++)
        {
          changed[n] = bytes[i];
          run_copy (changed, size);
        }
      changed[n] = kept;
    }
}

int
main (int argc,
      char **argv)
{
  guint n = 0;

  for (int i = 1; i < argc; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GDir) folder = g_dir_open (argv[i], 0, &error);
      const char *name;

      g_assert_no_error (error);
      while ((name = g_dir_read_name (folder)) != NULL)
        {
          g_autofree char *path = g_build_filename (argv[i], name, NULL);
          g_autofree char *data = NULL;
          gsize size;

          g_file_get_contents (path, &data, &size, &error);
          g_assert_no_error (error);
          run_sample (data, size);
          n++;
        }
    }
  g_print ("%u samples\n", n);
  return n > 0 ? 0 : 1;
}
