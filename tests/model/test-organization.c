/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-organization.h"

#include <math.h>
#include <stdio.h>

static const struct
{
  const char *name;
  const char *code;
} codes[] = {
  { "Acme Entertainment", "ACM" },
  { "The Tin Heron", "THE" },
  { "Ö 3 Bar", "OBA" },
  { "A", "AXX" },
  { "42", "VEN" },
  { "日本", "VEN" },
  { "", "VEN" },
  { NULL, "VEN" },
};

static void
test_code (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *code = tempo_organization_make_code (codes[i].name);

      g_assert_cmpstr (code, ==, codes[i].code);
    }
}

/* WCAG's formula, written from the text a second time. */
static double
luminance (const char *colour)
{
  unsigned int red, green, blue;
  double parts[3];

  g_assert_cmpint (sscanf (colour, "#%2x%2x%2x", &red, &green, &blue), ==, 3);
  parts[0] = red / 255.0;
  parts[1] = green / 255.0;
  parts[2] = blue / 255.0;
  for (guint i = 0; i < 3; i++)
    parts[i] = parts[i] <= 0.04045 ? parts[i] / 12.92 : pow ((parts[i] + 0.055) / 1.055, 2.4);

  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

static double
contrast (const char *one,
          const char *other)
{
  double a = luminance (one);
  double b = luminance (other);

  return (fmax (a, b) + 0.05) / (fmin (a, b) + 0.05);
}

static void
test_readable_always (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (45);

  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *accent = g_strdup_printf ("#%06x", (guint) g_rand_int_range (rand, 0, 0x1000000));
      g_autofree char *background = g_strdup_printf ("#%06x", (guint) g_rand_int_range (rand, 0, 0x1000000));
      g_autofree char *readable = tempo_colour_readable (accent, background);

      g_assert_cmpfloat (contrast (readable, background), >=, 4.5);
      if (contrast (accent, background) >= 4.5)
        g_assert_cmpstr (readable, ==, accent);
    }
}

static const struct
{
  const char *accent;
  const char *background;
  const char *readable;
} colours[] = {
  { "#f5a524", "#000000", "#f5a524" },   /* good as it is */
  { "#F5A524", "#000000", "#f5a524" },
  { "#000000", "#000000", "#757575" },   /* the darkest grey that reads on black */
  { "#ffffff", "#ffffff", "#767676" },   /* and the lightest on white */
  { "orange", "#000000", "#f5a524" },    /* no colour: Tempo's own */
  { NULL, NULL, "#f5a524" },
  { "#12345", "#zzzzzz", "#f5a524" },
};

static void
test_readable (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (colours); i++)
    {
      g_autofree char *readable = tempo_colour_readable (colours[i].accent, colours[i].background);

      g_assert_cmpstr (readable, ==, colours[i].readable);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/organization/code", test_code);
  g_test_add_func ("/model/colour/readable", test_readable);
  g_test_add_func ("/model/colour/readable-always", test_readable_always);

  return g_test_run ();
}
