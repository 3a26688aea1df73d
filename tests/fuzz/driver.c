/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <string.h>

/* Runs a fuzzer's kept samples as an ordinary test, without libFuzzer: each as it is, cut at every length, and with
 * every byte in turn replaced by one that means something to a parser. --step=n takes every nth byte only, for a parser
 * that takes its time. */

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
            gsize size,
            guint step)
{
  static const char bytes[] = { '\0', '\n', '\r', '%', '/', '.', '"', ' ', (char) 0xff };
  g_autofree char *changed = g_memdup2 (data, size);

  run_copy (data, size);
  if (size > MUTATE_MAX)
    return;
  for (gsize n = 0; n < size; n += step)
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

/* How many samples there were. */
static guint
run_folder (const char *path,
            guint step)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &error);
  const char *name;
  guint n = 0;

  g_assert_no_error (error);
  for (; (name = g_dir_read_name (folder)) != NULL; n++)
    {
      g_autofree char *sample = g_build_filename (path, name, NULL);
      g_autofree char *data = NULL;
      gsize size;

      g_file_get_contents (sample, &data, &size, &error);
      g_assert_no_error (error);
      run_sample (data, size, step);
    }
  return n;
}

int
main (int argc,
      char **argv)
{
  guint64 step = 1;
  guint n = 0;

  for (int i = 1; i < argc; i++)
    {
      if (g_str_has_prefix (argv[i], "--step="))
        g_assert_true (g_ascii_string_to_unsigned (strchr (argv[i], '=') + 1, 10, 1, MUTATE_MAX, &step, NULL));
      else
        n += run_folder (argv[i], (guint) step);
    }
  g_print ("%u samples\n", n);
  return n > 0 ? 0 : 1;
}
