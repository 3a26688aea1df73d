/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lan/tempo-self-test.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/tempo-json.h"
#include "lan/tempo-lan-server.h"
#include "store/tempo-store.h"
#include "web/tempo-addresses.h"

#define LITTLE_SPACE (G_GUINT64_CONSTANT (200) * 1024 * 1024)
#define TOO_LITTLE_SPACE (G_GUINT64_CONSTANT (20) * 1024 * 1024)

/* Each word of a level is part of `selftest --json` and does not change with
 * the language.
 */
const char *
tempo_check_level_to_string (TempoCheckLevel level)
{
  static const char *const words[] = { "good", "warning", "bad" };

  return words[MIN (level, TEMPO_CHECK_BAD)];
}

/* Releases one line of the report. NULL is allowed, as g_autoptr and the
 * array's free function need it.
 */
void
tempo_check_free (TempoCheck *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->remedy, g_free);
  g_free (self);
}

/* Takes over @text; @remedy is copied. */
static void
add_check (
  GPtrArray *checks, const char *code, TempoCheckLevel level, char *text, const char *remedy)
{
  TempoCheck *check = g_new0 (TempoCheck, 1);

  check->code = code;
  check->level = level;
  check->text = text;
  check->remedy = g_strdup (remedy);
  g_ptr_array_add (checks, check);
}

/* The first real, private address that is not the one we would choose. */
static const TempoAddress *
find_other_network (GPtrArray *addresses, const TempoAddress *best)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const TempoAddress *address = g_ptr_array_index (addresses, i);

      if (address != best && !address->ipv6 && !address->loopback && !address->is_virtual
          && !g_str_equal (address->interface, best->interface))
        return address;
    }
  return NULL;
}

static void
check_addresses (GPtrArray *checks, const TempoSelfTestOptions *options)
{
  g_autoptr (GPtrArray) addresses = tempo_addresses_list ();
  const TempoAddress *best = tempo_addresses_pick (addresses);
  const TempoAddress *other;

  if (best == NULL)
    {
      add_check (checks, "address", TEMPO_CHECK_BAD,
                 g_strdup (_ ("This computer is on no network that phones could join.")),
                 _ ("Connect it to the venue's Wi-Fi or network."));
      return;
    }
  add_check (checks, "address", TEMPO_CHECK_GOOD,
             g_strdup_printf (_ ("Phones reach this computer at %s (%s)."), best->text,
                              best->interface),
             NULL);
  other = find_other_network (addresses, best);
  if (other != NULL && (options->address == NULL || g_str_equal (options->address, "0.0.0.0")))
    add_check (checks, "interface", TEMPO_CHECK_WARNING,
               g_strdup_printf (_ ("There is a second network too: %s (%s)."), other->text,
                                other->interface),
               _ ("If the guests' Wi-Fi is that one, say so with --address."));
}

static gboolean
try_port (const char *address, guint16 port, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) socket_address =
    g_inet_socket_address_new_from_string (address != NULL ? address : "0.0.0.0", port);

  if (socket_address == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "\"%s\" is not an IP address",
                   address);
      return FALSE;
    }
  socket = g_socket_new (g_socket_address_get_family (socket_address), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_TCP, error);
  return socket != NULL && g_socket_bind (socket, socket_address, TRUE, error)
         && g_socket_listen (socket, error);
}

static void
check_port (GPtrArray *checks, const TempoSelfTestOptions *options)
{
  guint16 port = options->port != 0 ? options->port : TEMPO_LAN_PORT_PREFERRED;
  g_autoptr (GError) error = NULL;

  if (options->running)
    add_check (checks, "port", TEMPO_CHECK_GOOD,
               g_strdup_printf (_ ("Tempo is running and answers on port %u."), port), NULL);
  else if (try_port (options->address, port, &error))
    add_check (checks, "port", TEMPO_CHECK_GOOD, g_strdup_printf (_ ("Port %u is free."), port),
               NULL);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    add_check (checks, "port", TEMPO_CHECK_WARNING,
               g_strdup_printf (_ ("Port %u is taken by another program."), port),
               _ ("Tempo will use the next free one; print the codes after it has started."));
  else
    add_check (checks, "port", TEMPO_CHECK_BAD,
               g_strdup_printf (_ ("Tempo cannot listen on port %u: %s."), port, error->message),
               _ ("Choose another address or port."));
}

/* systemd keeps a link for each unit that runs; asking it needs no rights, while
 * listing the rules themselves would need root. */
static gboolean
is_unit_running (const char *unit)
{
  g_autofree char *link = g_strdup_printf ("/run/systemd/units/invocation:%s.service", unit);
  char target[64];

  return readlink (link, target, sizeof target) > 0;
}

static gboolean
is_ufw_enabled (void)
{
  g_autofree char *text = NULL;

  return g_file_get_contents ("/etc/ufw/ufw.conf", &text, NULL, NULL)
         && strstr (text, "\nENABLED=yes") != NULL;
}

static void
check_firewall (GPtrArray *checks, const TempoSelfTestOptions *options)
{
  guint16 port = options->port != 0 ? options->port : TEMPO_LAN_PORT_PREFERRED;
  g_autofree char *remedy = NULL;
  const char *name = NULL;

  if (is_unit_running ("firewalld"))
    {
      name = "firewalld";
      remedy =
        g_strdup_printf (_ ("If phones get no answer: firewall-cmd --add-port=%u/tcp"), port);
    }
  else if (is_ufw_enabled ())
    {
      name = "ufw";
      remedy = g_strdup_printf (_ ("If phones get no answer: ufw allow %u/tcp"), port);
    }
  else if (is_unit_running ("nftables"))
    {
      name = "nftables";
      remedy = g_strdup_printf (_ ("If phones get no answer, let TCP port %u in."), port);
    }

  if (name != NULL)
    add_check (checks, "firewall", TEMPO_CHECK_WARNING,
               g_strdup_printf (_ ("A firewall is running: %s."), name), remedy);
  else
    add_check (checks, "firewall", TEMPO_CHECK_GOOD,
               g_strdup (_ ("No firewall was found on this computer.")), NULL);
}

/* Writes and removes a file: permissions, quotas and read-only mounts all show
 * up here and nowhere else for certain. */
static gboolean
try_writing (const char *data_dir, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, ".selftest-XXXXXX", NULL);
  int fd = g_mkstemp (path);
  gboolean written;

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      return FALSE;
    }
  written = write (fd, "tempo\n", 6) == 6 && fsync (fd) == 0;
  if (!written)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
  close (fd);
  g_unlink (path);
  return written;
}

static void
check_space (GPtrArray *checks, const char *data_dir)
{
  struct statvfs status;
  g_autofree char *size = NULL;
  guint64 free_bytes;
  TempoCheckLevel level;

  if (statvfs (data_dir, &status) != 0)
    return;

  free_bytes = (guint64) status.f_bavail * status.f_frsize;
  size = g_format_size (free_bytes);
  level = free_bytes < TOO_LITTLE_SPACE ? TEMPO_CHECK_BAD
          : free_bytes < LITTLE_SPACE   ? TEMPO_CHECK_WARNING
                                        : TEMPO_CHECK_GOOD;
  add_check (checks, "space", level,
             g_strdup_printf (_ ("%s free for requests and backups."), size),
             level == TEMPO_CHECK_GOOD ? NULL : _ ("Free some space before the evening."));
}

static void
check_storage (GPtrArray *checks, const char *data_dir)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_test (data_dir, G_FILE_TEST_IS_DIR))
    {
      add_check (checks, "storage", TEMPO_CHECK_BAD,
                 g_strdup_printf (_ ("There is no folder \"%s\"."), data_dir),
                 _ ("Make one with tempod init."));
      return;
    }
  if (try_writing (data_dir, &error))
    add_check (checks, "storage", TEMPO_CHECK_GOOD,
               g_strdup_printf (_ ("\"%s\" can be written."), data_dir), NULL);
  else
    add_check (checks, "storage", TEMPO_CHECK_BAD,
               g_strdup_printf (_ ("\"%s\" cannot be written: %s."), data_dir, error->message),
               _ ("Check who owns the folder and whether the disk is mounted for writing."));
  check_space (checks, data_dir);
}

/* The folders are named by the organizations' ids, so the files can be checked
 * without taking the lock from a Tempo that runs. */
static void
check_databases (GPtrArray *checks, const char *data_dir)
{
  g_autofree char *folder = g_build_filename (data_dir, "organizations", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint good = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, "tempo.db", NULL);
      g_autoptr (GError) error = NULL;

      if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
        continue;
      if (tempo_store_verify_file (path, name, &error))
        good++;
      else
        add_check (checks, "database", TEMPO_CHECK_BAD,
                   g_strdup_printf (_ ("\"%s\" does not pass its check: %s."), path,
                                    error->message),
                   _ ("Stop Tempo and bring the newest backup back with tempod restore."));
    }
  if (good > 0)
    add_check (checks, "database", TEMPO_CHECK_GOOD,
               g_strdup_printf (ngettext ("%u database passes its check.",
                                          "%u databases pass their check.", good),
                                good),
               NULL);
}

static void
check_music (GPtrArray *checks, const char *folder)
{
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;

  if (folder == NULL)
    return;
  dir = g_dir_open (folder, 0, &error);
  if (dir == NULL)
    add_check (checks, "music", TEMPO_CHECK_BAD,
               g_strdup_printf (_ ("The music folder cannot be read: %s."), error->message),
               _ ("Choose a folder that is there and readable."));
  else if (g_dir_read_name (dir) == NULL)
    add_check (checks, "music", TEMPO_CHECK_WARNING,
               g_strdup_printf (_ ("The music folder \"%s\" is empty."), folder),
               _ ("Put some music into it."));
  else
    add_check (checks, "music", TEMPO_CHECK_GOOD,
               g_strdup_printf (_ ("The music folder \"%s\" can be read."), folder), NULL);
}

/* Runs every check that the options allow. Checks do not stop each other: a
 * host who stands before the doors wants the whole list at once.
 */
GPtrArray *
tempo_self_test_run (const TempoSelfTestOptions *options)
{
  g_autoptr (GPtrArray) checks = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_check_free);

  check_addresses (checks, options);
  check_port (checks, options);
  check_firewall (checks, options);
  if (options->data_dir != NULL)
    {
      check_storage (checks, options->data_dir);
      check_databases (checks, options->data_dir);
    }
  check_music (checks, options->music_folder);
  return g_steal_pointer (&checks);
}

/* The report for other programs: codes and levels are stable words, texts are
 * for people and come in the user's language.
 */
GBytes *
tempo_self_test_to_json (GPtrArray *checks)
{
  TempoJson *json = tempo_json_new ();
  TempoCheckLevel worst = TEMPO_CHECK_GOOD;

  for (guint i = 0; i < checks->len; i++)
    worst = MAX (worst, ((TempoCheck *) g_ptr_array_index (checks, i))->level);

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "level", tempo_check_level_to_string (worst));
  tempo_json_begin_array (json, "checks");
  for (guint i = 0; i < checks->len; i++)
    {
      TempoCheck *check = g_ptr_array_index (checks, i);

      tempo_json_begin_object (json, NULL);
      tempo_json_string (json, "code", check->code);
      tempo_json_string (json, "level", tempo_check_level_to_string (check->level));
      tempo_json_string (json, "text", check->text);
      tempo_json_string (json, "remedy", check->remedy);
      tempo_json_end_object (json);
    }
  tempo_json_end_array (json);
  tempo_json_end_object (json);
  return tempo_json_finish (json);
}
