/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "daemon/tempo-daemon.h"
#include "daemon/tempo-operations.h"

/* What all of these say to whoever has the folder; see tempo_host_care_async(). */
typedef struct
{
  char *data_dir, *organization, *path, *slug, *target, *title; /* (owned) (nullable) */
  gboolean as_new, dry_run, credentials, yes;
} Order;

static void
clear_order (Order *order)
{
  g_clear_pointer (&order->data_dir, g_free);
  g_clear_pointer (&order->organization, g_free);
  g_clear_pointer (&order->path, g_free);
  g_clear_pointer (&order->slug, g_free);
  g_clear_pointer (&order->target, g_free);
  g_clear_pointer (&order->title, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Order, clear_order)

static void
set_text (JsonObject *request, const char *member, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (request, member, value);
}

/* The process that has the folder may stand in another one: paths are made whole here. */
static int
carry_out (const Order *order, const char *kind)
{
  g_autoptr (JsonObject) request = json_object_new ();
  g_autofree char *path = order->path != NULL ? g_canonicalize_filename (order->path, NULL) : NULL;

  set_text (request, "operation", "care");
  set_text (request, "kind", kind);
  set_text (request, "organization", order->organization);
  set_text (request, "path", path);
  set_text (request, "slug", order->slug);
  set_text (request, "target", order->target);
  set_text (request, "title", order->title);
  if (g_str_equal (kind, "take_single"))
    {
      set_text (request, "clientId", g_getenv ("SPOTIFY_CLIENT_ID"));
      set_text (request, "accessToken", g_getenv ("SPOTIFY_ACCESS_TOKEN"));
      set_text (request, "refreshToken", g_getenv ("SPOTIFY_REFRESH_TOKEN"));
    }
  json_object_set_boolean_member (request, "asNew", order->as_new);
  json_object_set_boolean_member (request, "dryRun", order->dry_run);
  json_object_set_boolean_member (request, "credentials", order->credentials);
  return tempo_operation_execute (order->data_dir, request);
}

#define DATA_DIR(order)                                                                                                \
  {                                                                                                                    \
    "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &(order).data_dir, N_ ("Where the data lies"), N_ ("FOLDER")              \
  }
#define ORGANIZATION(order)                                                                                            \
  {                                                                                                                    \
    "organization", 0, 0, G_OPTION_ARG_STRING, &(order).organization, N_ ("Which, when there are several"),            \
      N_ ("SLUG")                                                                                                      \
  }

/* audit verify: ends with 1 and names the row when the log was tampered with. */
int
tempo_daemon_audit (int argc, char **argv)
{
  const char *word = tempo_daemon_take_word (&argc, argv);
  g_auto (Order) order = { NULL };
  const GOptionEntry entries[] = { DATA_DIR (order), ORGANIZATION (order), { NULL } };

  if (!tempo_daemon_parse (argc, argv, "verify",
                           _ ("Was the log altered? Prints how many rows it has, and the last hash."), entries))
    return TEMPO_EXIT_USAGE;
  if (g_strcmp0 (word, "verify") != 0)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Say what to do: tempod audit verify"));
  if (!tempo_daemon_need_data_dir (order.data_dir))
    return TEMPO_EXIT_USAGE;
  return carry_out (&order, "verify");
}

int
tempo_daemon_export (int argc, char **argv)
{
  g_auto (Order) order = { NULL };
  const GOptionEntry entries[] = {
    DATA_DIR (order),
    ORGANIZATION (order),
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &order.path, N_ ("The archive to write"), N_ ("FILE") },
    { "with-credentials", 0, 0, G_OPTION_ARG_NONE, &order.credentials,
      N_ ("With all that lets people sign in: keep it safe"), NULL },
    { NULL },
  };

  if (!tempo_daemon_parse (
        argc, argv, NULL, _ ("Writes an organization's data and media into one archive, and prints where to."), entries)
      || !tempo_daemon_need_data_dir (order.data_dir))
    return TEMPO_EXIT_USAGE;
  if (order.path == NULL)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Say where to: --to FILE"));
  return carry_out (&order, "export");
}

int
tempo_daemon_import (int argc, char **argv)
{
  g_auto (Order) order = { NULL };
  const GOptionEntry entries[] = {
    DATA_DIR (order),
    { "from", 0, 0, G_OPTION_ARG_FILENAME, &order.path, N_ ("The archive that tempod export wrote"), N_ ("FILE") },
    { "as-new", 0, 0, G_OPTION_ARG_NONE, &order.as_new, N_ ("As another organization beside the one it was"), NULL },
    { "slug", 0, 0, G_OPTION_ARG_STRING, &order.slug, N_ ("Its name in addresses; made from the name otherwise"),
      N_ ("SLUG") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &order.dry_run, N_ ("Read and check all of it, change nothing"), NULL },
    { NULL },
  };

  if (!tempo_daemon_parse (argc, argv, NULL, _ ("Takes an organization in from an archive: all of it, or nothing."),
                           entries)
      || !tempo_daemon_need_data_dir (order.data_dir))
    return TEMPO_EXIT_USAGE;
  if (order.path == NULL)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Say which archive: --from FILE"));
  if (order.slug != NULL && !order.as_new)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("--slug goes with --as-new."));
  return carry_out (&order, "import");
}

/* There is no way back, so it is asked for twice. */
int
tempo_daemon_erase (int argc, char **argv)
{
  g_auto (Order) order = { NULL };
  const GOptionEntry entries[] = {
    DATA_DIR (order),
    ORGANIZATION (order),
    { "guest", 0, 0, G_OPTION_ARG_STRING, &order.target, N_ ("A guest's id, or the number of a song they asked for"),
      N_ ("GUEST") },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &order.yes, N_ ("Really: there is no way back"), NULL },
    { NULL },
  };

  if (!tempo_daemon_parse (
        argc, argv, NULL, _ ("Erases an organization, or one guest's data, also from backups, and prints the receipt."),
        entries)
      || !tempo_daemon_need_data_dir (order.data_dir))
    return TEMPO_EXIT_USAGE;
  if (order.organization == NULL && order.target == NULL)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Say what: --organization SLUG or --guest GUEST"));
  if (!order.yes)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("There is no way back. If you are sure, say it again with --yes."));
  return carry_out (&order, order.target != NULL ? "erase_guest" : "erase_organization");
}

/* The predecessors' tokens come from the environment, as they had them there: an option could be read by everybody. */
int
tempo_daemon_import_single_tenant (int argc, char **argv)
{
  g_auto (Order) order = { NULL };
  g_autofree char *back = NULL;
  gboolean rollback = FALSE;
  const GOptionEntry entries[] = {
    DATA_DIR (order),
    { "from", 0, 0, G_OPTION_ARG_FILENAME, &order.path, N_ ("The predecessor's SQLite file, or its JSON"),
      N_ ("FILE") },
    { "organization", 0, 0, G_OPTION_ARG_STRING, &order.title, N_ ("What the organization \"default\" is to be called"),
      N_ ("NAME") },
    { "rollback", 0, 0, G_OPTION_ARG_NONE, &rollback, N_ ("Take out again what was taken in"), NULL },
    { "export-single-tenant", 0, 0, G_OPTION_ARG_FILENAME, &back,
      N_ ("Write requests and settings back in the predecessor's form"), N_ ("FILE") },
    { NULL },
  };

  if (!tempo_daemon_parse (
        argc, argv, NULL,
        _ ("Takes a predecessor's data into the organization \"default\"; a second time adds nothing."), entries)
      || !tempo_daemon_need_data_dir (order.data_dir))
    return TEMPO_EXIT_USAGE;
  if ((order.path != NULL) + rollback + (back != NULL) != 1)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE,
                              _ ("Say one of --from FILE, --rollback and --export-single-tenant FILE"));
  if (back != NULL)
    order.path = g_steal_pointer (&back);
  else
    return carry_out (&order, rollback ? "drop_single" : "take_single");
  return carry_out (&order, "give_single");
}

/* room move: printed codes stay good. */
int
tempo_daemon_room (int argc, char **argv)
{
  const char *word = tempo_daemon_take_word (&argc, argv);
  g_auto (Order) order = { NULL };
  const GOptionEntry entries[] = {
    DATA_DIR (order),
    { "room", 0, 0, G_OPTION_ARG_STRING, &order.target, N_ ("Its join code"), N_ ("CODE") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &order.slug, N_ ("The organization it goes to"), N_ ("SLUG") },
    { NULL },
  };

  if (!tempo_daemon_parse (argc, argv, "move",
                           _ ("Gives a room with its nights to another organization; printed codes stay good."),
                           entries))
    return TEMPO_EXIT_USAGE;
  if (g_strcmp0 (word, "move") != 0)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Say what to do: tempod room move"));
  if (!tempo_daemon_need_data_dir (order.data_dir))
    return TEMPO_EXIT_USAGE;
  if (order.target == NULL || order.slug == NULL)
    return tempo_daemon_fail (TEMPO_EXIT_USAGE, _ ("Both --room CODE and --to SLUG are needed."));
  return carry_out (&order, "move_room");
}

/* Into a Tempo that runs, or beside what is there; the other way is tempo-commands.c's, which also works on a file that
 * cannot be opened any more. */
int
tempo_daemon_restore_running (
  const char *data_dir, const char *organization, const char *backup, gboolean as_new, const char *slug)
{
  Order order = { .data_dir = (char *) data_dir, .organization = (char *) organization, .path = (char *) backup,
                  .slug = (char *) slug, .as_new = as_new };

  return carry_out (&order, "restore");
}
