/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "web/tempo-catalog.h"

static TempoCatalog *
load (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "web", "test-web.gresource", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GResource) resources = g_resource_load (path, &error);
  TempoCatalog *catalog;

  g_assert_no_error (error);
  catalog = tempo_catalog_new (resources, "/test/catalog", &error);
  g_assert_no_error (error);
  return catalog;
}

static void
test_lookup (void)
{
  g_autoptr (TempoCatalog) catalog = load ();
  static const struct
  {
    const char *language;
    const char *context;
    const char *msgid;
    const char *text;
  } cases[] = {
    { "de", NULL, "Queue", "Warteschlange" }, { "de", "menu", "Open", "Öffnen" }, { "de", NULL, "Open", "Open" }, { "de", "other", "Open", "Open" },
    { "de", NULL, "Empty", "Empty" }, { "de", NULL, "Unknown", "Unknown" }, { "fr", NULL, "Queue", "Queue" }, { "en", NULL, "Queue", "Queue" },
    { "xx", NULL, "Queue", "Queue" }, { "de", NULL, "%d song", "%d Lied" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (tempo_catalog_lookup (catalog, cases[i].language, cases[i].context, cases[i].msgid), ==, cases[i].text);
}

static void
test_plural (void)
{
  g_autoptr (TempoCatalog) catalog = load ();
  static const struct
  {
    const char *language;
    guint64 n;
    const char *text;
  } cases[] = {
    { "en", 0, "%d songs" }, { "en", 1, "%d song" }, { "en", 2, "%d songs" }, { "de", 0, "%d Lieder" }, { "de", 1, "%d Lied" },
    { "de", 5, "%d Lieder" }, { "fr", 0, "%d titre" }, { "fr", 1, "%d titre" }, { "fr", 2, "%d titres" }, { "es", 0, "%d songs" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (tempo_catalog_plural (catalog, cases[i].language, NULL, "%d song", "%d songs", cases[i].n), ==, cases[i].text);
}

static void
test_json (void)
{
  g_autoptr (TempoCatalog) catalog = load ();
  GBytes *german = tempo_catalog_get_json (catalog, "de");
  GBytes *english = tempo_catalog_get_json (catalog, "en");

  g_assert_nonnull (g_strstr_len (g_bytes_get_data (german, NULL), g_bytes_get_size (german), "Warteschlange"));
  g_assert_cmpmem (g_bytes_get_data (english, NULL), g_bytes_get_size (english), "{}", 2);
}

static void
test_negotiate (void)
{
  static const struct
  {
    const char *choice;
    const char *cookie;
    const char *accept;
    const char *language;
  } cases[] = {
    { NULL, NULL, NULL, "en" },
    { "de", "fr", "es", "de" },
    { "xx", "fr", "es", "fr" },
    { NULL, NULL, "de", "de" },
    { NULL, NULL, "de-AT,en;q=0.5", "de" },
    { NULL, NULL, "DE_at", "de" },
    { NULL, NULL, "ja, fr;q=0.4, es;q=0.8", "es" },
    { NULL, NULL, "en;q=0.1, fr;q=0.2", "fr" },
    { NULL, NULL, "fr;q=0, es", "es" },
    { NULL, NULL, "fr, es", "fr" },
    { NULL, NULL, "deu, frx", "en" },
    { NULL, NULL, ",,;;q=,,  ,es;q=0.001", "es" },
    { NULL, NULL, "es;q=nan, fr;q=9, de;q=-1", "en" },
    { "", "", "", "en" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].accept);
      g_assert_cmpstr (tempo_catalog_negotiate (cases[i].choice, cases[i].cookie, cases[i].accept), ==, cases[i].language);
    }
  g_assert_cmpuint (g_strv_length ((GStrv) tempo_catalog_languages ()), ==, 4);
}

static void
test_none (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoCatalog) catalog = tempo_catalog_new (NULL, "/nowhere", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (tempo_catalog_lookup (catalog, "de", NULL, "Queue"), ==, "Queue");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/catalog/lookup", test_lookup);
  g_test_add_func ("/catalog/plural", test_plural);
  g_test_add_func ("/catalog/json", test_json);
  g_test_add_func ("/catalog/negotiate", test_negotiate);
  g_test_add_func ("/catalog/none", test_none);
  return g_test_run ();
}
