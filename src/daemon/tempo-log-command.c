/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "daemon/tempo-control.h"
#include "daemon/tempo-daemon.h"
#include "daemon/tempo-operations.h"
#include "store/tempo-logbook.h"
#include "store/tempo-registry.h"
#include "store/tempo-store.h"

#define DEFAULT_LINES 50

/* Without an engine, which would write lines of its own, and for a file too damaged to be opened. */
static char *
find_here (const char *data_dir, const char *name, GError **error)
{
  g_autoptr (TempoRegistry) registry = tempo_registry_open (data_dir, error);
  g_autoptr (GPtrArray) all = NULL;
  TempoOrganization *found = NULL;
  char *id = NULL;

  if (registry == NULL)
    return NULL;
  all = tempo_registry_list_organizations (registry);
  found = tempo_operation_find_organization (all, name, error);
  id = found != NULL ? g_strdup (found->id) : NULL;
  tempo_registry_close (registry);
  return id;
}

/* Whoever serves the folder knows whose logbook is meant. */
static char *
find_organization (const char *data_dir, const char *name, GError **error)
{
  g_autoptr (JsonObject) request = json_object_new ();
  g_autoptr (GError) failure = NULL;
  char *id = NULL;

  json_object_set_string_member (request, "operation", "log");
  if (name != NULL)
    json_object_set_string_member (request, "organization", name);
  id = tempo_control_ask (data_dir, request, &failure);
  if (id == NULL && g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return find_here (data_dir, name, error);
  if (id == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return id;
}

/* What an organization's machinery said last. The files are plain text: this finds them and puts them together.
 */
int
tempo_daemon_log (int argc, char **argv)
{
  g_autofree char *data_dir = NULL, *organization = NULL, *id = NULL, *text = NULL;
  gint lines = DEFAULT_LINES;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &data_dir, N_ ("Where the data lies"), N_ ("FOLDER") },
    { "organization", 0, 0, G_OPTION_ARG_STRING, &organization, N_ ("Which, when there are several"), N_ ("SLUG") },
    { "lines", 0, 0, G_OPTION_ARG_INT, &lines, N_ ("How many of the newest; 50 otherwise"), N_ ("NUMBER") },
    { NULL },
  };

  if (!tempo_daemon_parse (argc, argv, NULL,
                           _ ("Prints what an organization's machinery said last: opened, closed, faults of its file, of "
                              "copies and of players, refused sign-ins."),
                           entries)
      || !tempo_daemon_need_data_dir (data_dir))
    return TEMPO_EXIT_USAGE;
  if (lines < 1 || lines > TEMPO_LOGBOOK_MAX_LINES)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("The number of lines is from 1 to %d."), TEMPO_LOGBOOK_MAX_LINES);

  id = find_organization (data_dir, organization, &error);
  text = id != NULL ? tempo_logbook_read (data_dir, id, (guint) lines, &error) : NULL;
  if (text == NULL && g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_BUSY))
    return tempo_daemon_fail (TEMPO_EXIT_FAILED, _ ("Tempo is running with this folder: use its panel, or close it first."));
  if (text == NULL)
    return tempo_daemon_fail (TEMPO_EXIT_FAILED, "%s", error->message);
  fputs (text, stdout);
  return TEMPO_EXIT_DONE;
}
