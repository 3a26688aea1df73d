/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "access/tempo-licence.h"
#include "daemon/tempo-daemon.h"
#include "daemon/tempo-operations.h"

/* (transfer full) NULL after saying why. */
static char *
read_document (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &error))
    {
      tempo_daemon_fail (TEMPO_EXIT_USAGE, "%s", error->message);
      return NULL;
    }
  if (length > TEMPO_LICENCE_MAX_LENGTH)
    {
      tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("\"%s\" is not a licence document."), path);
      return NULL;
    }
  return g_steal_pointer (&text);
}

/* licence show|enter|remove. A document comes as a file, a key as it is written. */
int
tempo_daemon_licence (int argc, char **argv)
{
  const char *word = tempo_daemon_take_word (&argc, argv);
  g_autofree char *data_dir = NULL, *organization = NULL, *key = NULL, *path = NULL, *document = NULL,
                  *operation = NULL;
  g_autoptr (JsonObject) request = json_object_new ();
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &data_dir, N_ ("Where the data lies"), N_ ("FOLDER") },
    { "organization", 0, 0, G_OPTION_ARG_STRING, &organization, N_ ("Which, when there are several"), N_ ("SLUG") },
    { "key", 0, 0, G_OPTION_ARG_STRING, &key, N_ ("The licence key as it is written"), N_ ("KEY") },
    { "document", 0, 0, G_OPTION_ARG_FILENAME, &path, N_ ("The licence document"), N_ ("FILE") },
    { NULL },
  };

  if (!tempo_daemon_parse (argc, argv, "show|enter|remove", _ ("The licence of an organization."), entries))
    return TEMPO_EXIT_USAGE;
  if (g_strcmp0 (word, "show") != 0 && g_strcmp0 (word, "enter") != 0 && g_strcmp0 (word, "remove") != 0)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Say what to do: tempod licence show, enter or remove"));
  if (g_str_equal (word, "enter") && (key == NULL) == (path == NULL))
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Give the licence as --key KEY or --document FILE."));
  if (!tempo_daemon_need_data_dir (data_dir))
    return TEMPO_EXIT_USAGE;
  if (path != NULL && (document = read_document (path)) == NULL)
    return TEMPO_EXIT_USAGE;

  operation = g_strconcat ("licence_", word, NULL);
  json_object_set_string_member (request, "operation", operation);
  if (organization != NULL)
    json_object_set_string_member (request, "organization", organization);
  if (key != NULL)
    json_object_set_string_member (request, "key", key);
  if (document != NULL)
    json_object_set_string_member (request, "document", document);
  return tempo_operation_execute (data_dir, request);
}
