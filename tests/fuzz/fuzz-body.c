/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/tempo-json.h"
#include "web/tempo-fields.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The members of a guest's request, with room for as many characters as the routes give them. */
static const struct
{
  const char *name;
  gsize max;
} texts[] = {
  { "songId", 200 },
  { "title", 200 },
  { "artist", 200 },
  { "name", 40 },
  { "message", 140 },
};

static void
check_text (const char *text,
            gsize max)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, max);
}

/* Reads the members in a row, the way handlers do, and writes what came out. (transfer full). */
static char *
read_members (JsonObject *object,
              GError **error)
{
  g_autoptr (TempoJson) json = tempo_json_new ();
  gint64 number = tempo_json_get_int (object, "position", -5, 1000, 7, error);
  gboolean flag = tempo_json_get_bool (object, "approved", TRUE, error);

  g_assert_cmpint (number, >=, -5);
  g_assert_cmpint (number, <=, 1000);
  g_assert_true (flag == TRUE || flag == FALSE);
  tempo_json_begin_object (json, NULL);
  tempo_json_int (json, "position", number);
  tempo_json_bool (json, "approved", flag);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = tempo_json_get_string (object, texts[i].name, texts[i].max, NULL, error);

      if (text != NULL)
        {
          check_text (text, texts[i].max);
          tempo_json_string (json, texts[i].name, text);
        }
    }
  tempo_json_end_object (json);
  return g_strdup (tempo_json_peek (json, NULL));
}

/* What was read is read again from what we write of it. */
static void
check_json (const char *data,
            gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = tempo_json_parse (data, size, &error);
  g_autoptr (JsonObject) again = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (object == NULL)
    {
      g_assert_true (error != NULL && error->domain == TEMPO_JSON_ERROR);
      return;
    }
  g_assert_no_error (error);
  first = read_members (object, &error);
  if (error != NULL)
    {
      g_assert_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_clear_error (&error);
    }
  again = tempo_json_parse (first, strlen (first), &error);
  g_assert_no_error (error);
  second = read_members (again, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first, ==, second);
}

static void
check_form (const char *data,
            gsize size)
{
  g_autoptr (GHashTable) form = tempo_query_parse (data, size);
  GHashTableIter iter;
  gpointer name, value;

  g_assert_cmpuint (g_hash_table_size (form), <=, TEMPO_MAX_FIELDS);
  g_hash_table_iter_init (&iter, form);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_assert_cmpstr (name, !=, "");
      check_text (name, size);
      check_text (value, size);
    }
}

/* The body of a request, taken for JSON and for a form. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  check_json ((const char *) data, size);
  check_form ((const char *) data, size);
  return 0;
}
