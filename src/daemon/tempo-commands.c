/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/tempo-json.h"
#include "daemon/tempo-daemon.h"
#include "daemon/tempo-operations.h"
#include "lan/tempo-lan-server.h"
#include "lan/tempo-self-test.h"
#include "store/tempo-registry.h"
#include "store/tempo-store.h"

/* NULL members are left out: the other side then chooses. */
static JsonObject *
make_request (const char *operation, ...)
{
  JsonObject *request = json_object_new ();
  va_list args;
  const char *member;

  json_object_set_string_member (request, "operation", operation);
  va_start (args, operation);
  while ((member = va_arg (args, const char *)) != NULL)
    {
      const char *value = va_arg (args, const char *);

      if (value != NULL)
        json_object_set_string_member (request, member, value);
    }
  va_end (args);
  return request;
}

/* init may be repeated on the same folder: it then adds an organization. The
 * first owner of the installation is its super admin, which the engine decides.
 */
int
tempo_daemon_init (int argc, char **argv)
{
  g_autofree char *data_dir = NULL, *organization = NULL, *slug = NULL, *code = NULL, *username = NULL,
                  *password = NULL;
  g_autoptr (JsonObject) request = NULL;
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &data_dir, N_ ("Where the data lies"),
      N_ ("FOLDER") },
    { "organization", 0, 0, G_OPTION_ARG_STRING, &organization, N_ ("The venue's name"),
      N_ ("NAME") },
    { "slug", 0, 0, G_OPTION_ARG_STRING, &slug,
      N_ ("Its name in addresses; made from the name otherwise"), N_ ("SLUG") },
    { "code", 0, 0, G_OPTION_ARG_STRING, &code,
      N_ ("Three or four letters that lead its requests' numbers; made from the name otherwise"), N_ ("LETTERS") },
    { "username", 0, 0, G_OPTION_ARG_STRING, &username, N_ ("The owner's name for signing in"),
      N_ ("NAME") },
    { NULL },
  };

  if (!tempo_daemon_parse (
        argc, argv, NULL,
        _ ("Makes an organization, a room and an owner. The password is read from standard input."),
        entries)
      || !tempo_daemon_need_data_dir (data_dir))
    return TEMPO_EXIT_USAGE;
  if (organization == NULL || username == NULL)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE,
                              _ ("Both --organization NAME and --username NAME are needed."));
  password = tempo_daemon_read_password ();
  if (password == NULL || *password == '\0')
    return tempo_daemon_fail (TEMPO_EXIT_USAGE,
                              _ ("The password is read from standard input, and there was none."));

  request = make_request ("organization_create", "name", organization, "slug", slug, "code", code, "username",
                          username, "password", password, NULL);
  return tempo_operation_execute (data_dir, request);
}

/* event start|end|list. "start" makes a new night unless --event names one that
 * is planned.
 */
int
tempo_daemon_event (int argc, char **argv)
{
  const char *word = tempo_daemon_take_word (&argc, argv);
  g_autofree char *data_dir = NULL, *organization = NULL, *room = NULL, *name = NULL, *event = NULL,
                  *operation = NULL;
  g_autoptr (JsonObject) request = NULL;
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &data_dir, N_ ("Where the data lies"),
      N_ ("FOLDER") },
    { "organization", 0, 0, G_OPTION_ARG_STRING, &organization,
      N_ ("Which, when there are several"), N_ ("SLUG") },
    { "room", 0, 0, G_OPTION_ARG_STRING, &room, N_ ("Which, when there are several"), N_ ("NAME") },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_ ("What the night is called"), N_ ("NAME") },
    { "event", 0, 0, G_OPTION_ARG_STRING, &event, N_ ("A night by its id"), N_ ("ID") },
    { NULL },
  };

  if (!tempo_daemon_parse (argc, argv, "start|end|list",
                           _ ("The nights of a room; one at a time is on."), entries))
    return TEMPO_EXIT_USAGE;
  if (g_strcmp0 (word, "start") != 0 && g_strcmp0 (word, "end") != 0
      && g_strcmp0 (word, "list") != 0)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE,
                              _ ("Say what to do: tempod event start, end or list"));
  if (!tempo_daemon_need_data_dir (data_dir))
    return TEMPO_EXIT_USAGE;

  operation = g_strconcat ("event_", word, NULL);
  request = make_request (operation, "organization", organization, "room", room, "name", name,
                          "event", event, NULL);
  return tempo_operation_execute (data_dir, request);
}

static const struct
{
  const char *word;
  gboolean username, password, role; /* what it needs */
} member_words[] = {
  { "list", FALSE, FALSE, FALSE },
  { "add", TRUE, TRUE, FALSE },
  { "password", TRUE, TRUE, FALSE },
  { "role", TRUE, FALSE, TRUE },
  { "remove", TRUE, FALSE, FALSE },
  { "invite", FALSE, FALSE, FALSE },
  { "pin", FALSE, FALSE, FALSE },
};

static int
find_member_word (const char *word)
{
  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (member_words); i++)
    if (g_str_equal (member_words[i].word, word))
      return (int) i;
  return -1;
}

/* member list|add|password|role|remove|invite|pin. Passwords come from standard input.
 */
int
tempo_daemon_member (int argc, char **argv)
{
  int word = find_member_word (tempo_daemon_take_word (&argc, argv));
  g_autofree char *data_dir = NULL, *organization = NULL, *username = NULL, *role = NULL, *note = NULL,
                  *password = NULL, *operation = NULL;
  gboolean reset = FALSE;
  g_autoptr (JsonObject) request = NULL;
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &data_dir, N_ ("Where the data lies"),
      N_ ("FOLDER") },
    { "organization", 0, 0, G_OPTION_ARG_STRING, &organization,
      N_ ("Which, when there are several"), N_ ("SLUG") },
    { "username", 0, 0, G_OPTION_ARG_STRING, &username, N_ ("Whose"), N_ ("NAME") },
    { "role", 0, 0, G_OPTION_ARG_STRING, &role, N_ ("owner, admin, member or viewer"),
      N_ ("ROLE") },
    { "note", 0, 0, G_OPTION_ARG_STRING, &note, N_ ("Whom an invitation is for"), N_ ("TEXT") },
    { "reset", 0, 0, G_OPTION_ARG_NONE, &reset, N_ ("With pin: takes the desktop's PIN away"), NULL },
    { NULL },
  };

  if (!tempo_daemon_parse (
        argc, argv, "list|add|password|role|remove|invite|pin",
        _ ("The people of an organization. A password is read from standard input. invite prints a page that can be "
           "opened once within 72 hours; pin --reset is for a PIN that was forgotten."),
        entries))
    return TEMPO_EXIT_USAGE;
  if (word < 0)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE,
                              _ ("Say what to do: tempod member list, add, password, role, remove, invite or pin"));
  if (!tempo_daemon_need_data_dir (data_dir))
    return TEMPO_EXIT_USAGE;
  if (member_words[word].username && username == NULL)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Say whose: --username NAME"));
  if (member_words[word].role && role == NULL)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Say which: --role owner, admin, member or viewer"));
  if (g_str_equal (member_words[word].word, "pin") && !reset)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("A PIN is set in the desktop's settings. To take it away: --reset"));
  password = member_words[word].password ? tempo_daemon_read_password () : NULL;
  if (member_words[word].password && (password == NULL || *password == '\0'))
    return tempo_daemon_fail (TEMPO_EXIT_USAGE,
                              _ ("The password is read from standard input, and there was none."));

  operation = g_strconcat ("member_", member_words[word].word, NULL);
  request = make_request (operation, "organization", organization, "username", username, "role",
                          role, "password", password, "note", note, NULL);
  return tempo_operation_execute (data_dir, request);
}

/* setting NAME [VALUE]: those of the installation, not of an organization.
 */
int
tempo_daemon_setting (int argc, char **argv)
{
  const char *key = tempo_daemon_take_word (&argc, argv);
  const char *value = key != NULL ? tempo_daemon_take_word (&argc, argv) : NULL;
  g_autofree char *data_dir = NULL;
  g_autoptr (JsonObject) request = NULL;
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &data_dir, N_ ("Where the data lies"),
      N_ ("FOLDER") },
    { NULL },
  };

  if (!tempo_daemon_parse (argc, argv, "NAME [VALUE]",
                           _ ("staff_over_http true lets staff sign in from other devices without "
                              "encryption; port is the one of the printed codes, tls_port the one of staff's "
                              "address; tls_certificate and tls_key are files of your own certificate."),
                           entries))
    return TEMPO_EXIT_USAGE;
  if (key == NULL)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Say which: staff_over_http, port, tls_port, tls_certificate or tls_key"));
  if (!tempo_daemon_need_data_dir (data_dir))
    return TEMPO_EXIT_USAGE;

  request = make_request ("setting", "key", key, "value", value, NULL);
  return tempo_operation_execute (data_dir, request);
}

/* Prints the path of the copy, which was opened and checked before it counts.
 */
int
tempo_daemon_backup (int argc, char **argv)
{
  g_autofree char *data_dir = NULL, *organization = NULL;
  g_autoptr (JsonObject) request = NULL;
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &data_dir, N_ ("Where the data lies"),
      N_ ("FOLDER") },
    { "organization", 0, 0, G_OPTION_ARG_STRING, &organization,
      N_ ("Which, when there are several"), N_ ("SLUG") },
    { NULL },
  };

  if (!tempo_daemon_parse (
        argc, argv, NULL,
        _ ("Copies an organization's data while it may be in use, and prints where to."), entries)
      || !tempo_daemon_need_data_dir (data_dir))
    return TEMPO_EXIT_USAGE;
  request = make_request ("backup", "organization", organization, NULL);
  return tempo_operation_execute (data_dir, request);
}

static TempoOrganization *
choose_organization (TempoRegistry *registry, const char *name)
{
  g_autoptr (GPtrArray) all = NULL;

  if (name != NULL)
    return tempo_registry_find_organization (registry, name);
  all = tempo_registry_list_organizations (registry);
  return all->len == 1 ? g_object_ref (g_ptr_array_index (all, 0)) : NULL;
}

static int
restore_into (const char *data_dir, const char *name, const char *backup)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoRegistry) registry = tempo_registry_open (data_dir, &error);
  g_autoptr (TempoOrganization) organization = NULL;
  g_autofree char *path = NULL;
  gboolean restored;

  if (registry == NULL && g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_BUSY))
    return tempo_daemon_fail (TEMPO_EXIT_FAILED,
                              _ (
                                "Tempo is running with this folder: stop it first, then restore."));
  if (registry == NULL)
    return tempo_daemon_fail (TEMPO_EXIT_FAILED, "%s", error->message);
  organization = choose_organization (registry, name);
  if (organization == NULL)
    {
      tempo_registry_close (registry);
      return tempo_daemon_fail (
        TEMPO_EXIT_FAILED, _ ("Say which organization there is to restore: --organization SLUG"));
    }
  path = tempo_registry_get_store_path (registry, organization->id);
  restored = tempo_store_restore (path, backup, organization->id, &error);
  tempo_registry_close (registry);
  if (!restored)
    return tempo_daemon_fail (TEMPO_EXIT_FAILED,
                              _ ("\"%s\" was not restored: %s. Nothing was changed."), backup,
                              error->message);
  printf (_ ("\"%s\" is as it was in the backup. What was there before lies beside it."),
          organization->name);
  printf ("\n");
  return TEMPO_EXIT_DONE;
}

/* Who serves the folder does it; when nobody does, it is done here, because a file that is too damaged
 * to be opened is what a restore is for.
 */
int
tempo_daemon_restore (int argc, char **argv)
{
  g_autofree char *data_dir = NULL, *organization = NULL, *backup = NULL, *slug = NULL;
  gboolean as_new = FALSE;
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &data_dir, N_ ("Where the data lies"),
      N_ ("FOLDER") },
    { "organization", 0, 0, G_OPTION_ARG_STRING, &organization,
      N_ ("Which, when there are several"), N_ ("SLUG") },
    { "backup", 0, 0, G_OPTION_ARG_FILENAME, &backup, N_ ("The copy that tempod backup printed"),
      N_ ("FILE") },
    { "as-new", 0, 0, G_OPTION_ARG_NONE, &as_new, N_ ("As another organization beside the one there is"), NULL },
    { "slug", 0, 0, G_OPTION_ARG_STRING, &slug,
      N_ ("Its name in addresses; made from the name otherwise"), N_ ("SLUG") },
    { NULL },
  };

  if (!tempo_daemon_parse (
        argc, argv, NULL,
        _ ("Puts a backup in the place of an organization's data, or beside it."), entries)
      || !tempo_daemon_need_data_dir (data_dir))
    return TEMPO_EXIT_USAGE;
  if (backup == NULL)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Say which copy: --backup FILE"));
  if (as_new || tempo_operation_find_server (data_dir, NULL))
    return tempo_daemon_restore_running (data_dir, organization, backup, as_new, slug);
  return restore_into (data_dir, organization, backup);
}

static void
print_checks (GPtrArray *checks)
{
  static const char *const marks[] = { "ok  ", "look", "BAD " };

  for (guint i = 0; i < checks->len; i++)
    {
      TempoCheck *check = g_ptr_array_index (checks, i);

      printf ("%s %s\n", marks[check->level], check->text);
      if (check->remedy != NULL)
        printf ("     %s\n", check->remedy);
    }
}

/* Ends with 1 only when guests could not come in or nothing could be stored:
 * a warning is for the host to read, not for a script to stop at.
 */
int
tempo_daemon_selftest (int argc, char **argv)
{
  g_autofree char *data_dir = NULL, *address = NULL, *music = NULL;
  gint port = 0;
  gboolean json = FALSE;
  g_autoptr (GPtrArray) checks = NULL;
  g_autoptr (GBytes) report = NULL;
  TempoSelfTestOptions options = { 0 };
  gboolean bad = FALSE;
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &data_dir, N_ ("Where the data lies"),
      N_ ("FOLDER") },
    { "address", 0, 0, G_OPTION_ARG_STRING, &address, N_ ("The address to listen on"),
      N_ ("ADDRESS") },
    { "port", 0, 0, G_OPTION_ARG_INT, &port, N_ ("The port to listen on"), N_ ("NUMBER") },
    { "music", 0, 0, G_OPTION_ARG_FILENAME, &music, N_ ("The folder of music"), N_ ("FOLDER") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON"), NULL },
    { NULL },
  };

  if (!tempo_daemon_parse (argc, argv, NULL,
                           _ ("Would a guest's phone get through, and could its request be kept?"),
                           entries))
    return TEMPO_EXIT_USAGE;
  if (port < 0 || port > 65535)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("A port is a number from 1 to 65535."));

  options.data_dir = data_dir;
  options.address = address;
  options.port = (guint16) port;
  options.music_folder = music;
  options.running = data_dir != NULL && tempo_operation_find_server (data_dir, &options.port);
  checks = tempo_self_test_run (&options);
  if (json)
    {
      report = tempo_self_test_to_json (checks);
      printf ("%.*s\n", (int) g_bytes_get_size (report),
              (const char *) g_bytes_get_data (report, NULL));
    }
  else
    {
      print_checks (checks);
    }
  for (guint i = 0; i < checks->len; i++)
    bad |= ((TempoCheck *) g_ptr_array_index (checks, i))->level == TEMPO_CHECK_BAD;
  return bad ? TEMPO_EXIT_FAILED : TEMPO_EXIT_DONE;
}
