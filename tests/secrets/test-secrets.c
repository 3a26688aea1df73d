/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "secrets/tempo-secrets.h"

#include <glib/gstdio.h>
#include <string.h>

#define DEADLINE_US (30 * G_USEC_PER_SEC)
#define KEYRING_NAME "org.freedesktop.secrets"

typedef struct
{
  gboolean done;
  gboolean kept;
  char *secret;
  gssize found;
  GError *error;
} Answer;

static void
wait_until (gboolean *done)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_US;

  while (!*done)
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    }
}

static void
stored_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  Answer *answer = user_data;

  answer->kept = tempo_secrets_store_finish (TEMPO_SECRETS (source), result, &answer->error);
  answer->done = TRUE;
}

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  Answer *answer = user_data;

  answer->secret = tempo_secrets_lookup_finish (TEMPO_SECRETS (source), result, &answer->error);
  answer->done = TRUE;
}

static void
store (TempoSecrets *secrets,
       const char *organization,
       const char *name,
       const char *secret)
{
  Answer answer = { FALSE };

  tempo_secrets_store_async (secrets, organization, name, secret, NULL, stored_cb, &answer);
  g_assert_false (answer.done);
  wait_until (&answer.done);
  g_assert_no_error (answer.error);
  g_assert_true (answer.kept);
}

static void
counted_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  Answer *answer = user_data;

  answer->found = tempo_secrets_forget_finish (TEMPO_SECRETS (source), result, &answer->error);
  answer->done = TRUE;
}

static gssize
forget (TempoSecrets *secrets,
        const char *organization,
        gboolean look_only)
{
  Answer answer = { FALSE };

  tempo_secrets_forget_async (secrets, organization, look_only, NULL, counted_cb, &answer);
  wait_until (&answer.done);
  g_assert_no_error (answer.error);

  return answer.found;
}

static void
expect (TempoSecrets *secrets,
        const char *organization,
        const char *name,
        const char *expected)
{
  Answer answer = { FALSE };

  tempo_secrets_lookup_async (secrets, organization, name, NULL, found_cb, &answer);
  wait_until (&answer.done);
  g_assert_no_error (answer.error);
  g_assert_cmpstr (answer.secret, ==, expected);
  g_free (answer.secret);
}

/* What every kind owes. */
static void
use_secrets (TempoSecrets *secrets)
{
  expect (secrets, "blue", "token", NULL);
  store (secrets, "blue", "token", "one");
  expect (secrets, "blue", "token", "one");
  store (secrets, "blue", "token", "two");
  expect (secrets, "blue", "token", "two");

  /* Organizations and names are apart. */
  store (secrets, "", "token", "of the installation");
  store (secrets, "blue", "key", "Schlüssel 🎵 \"with\" signs\n");
  expect (secrets, "red", "token", NULL);
  expect (secrets, "", "token", "of the installation");
  expect (secrets, "blue", "key", "Schlüssel 🎵 \"with\" signs\n");
  expect (secrets, "blue", "token", "two");

  /* Clearing one clears that one, also when it is not there. */
  store (secrets, "blue", "token", NULL);
  store (secrets, "blue", "token", NULL);
  expect (secrets, "blue", "token", NULL);
  expect (secrets, "", "token", "of the installation");
}

/* A whole organization leaves, and takes nothing of others along. @asked: somebody is there who has them. */
static void
use_forget (TempoSecrets *secrets,
            gboolean asked)
{
  store (secrets, "leaving", "token", "one");
  store (secrets, "leaving", "mpd_password/cellar", "two");
  store (secrets, "leaving", "gone", "three");
  store (secrets, "leaving", "gone", NULL);
  store (secrets, "leaving two", "token", "stays");
  g_assert_cmpint (forget (secrets, "leaving", TRUE), ==, asked ? 2 : -1);
  expect (secrets, "leaving", "token", "one");
  g_assert_cmpint (forget (secrets, "leaving", FALSE), ==, asked ? 2 : -1);
  expect (secrets, "leaving", "token", NULL);
  expect (secrets, "leaving", "mpd_password/cellar", NULL);
  expect (secrets, "leaving two", "token", "stays");
  g_assert_cmpint (forget (secrets, "leaving", FALSE), ==, asked ? 0 : -1);
}

static void
test_memory (void)
{
  g_autoptr (TempoSecrets) secrets = tempo_secrets_new_memory ();
  g_autoptr (TempoSecrets) other = tempo_secrets_new_memory ();

  g_assert_false (tempo_secrets_is_durable (secrets));
  use_secrets (secrets);
  use_forget (secrets, TRUE);
  expect (other, "", "token", NULL);
}

static void
expect_cancelled (TempoSecrets *secrets)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answer answer = { FALSE };

  g_cancellable_cancel (cancellable);
  tempo_secrets_store_async (secrets, "blue", "given up", "x", cancellable, stored_cb, &answer);
  wait_until (&answer.done);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&answer.error);
  expect (secrets, "blue", "given up", NULL);
}

static void
test_memory_cancelled (void)
{
  g_autoptr (TempoSecrets) secrets = tempo_secrets_new_memory ();

  expect_cancelled (secrets);
}

/* A keyring of its own on a bus of its own, in a directory that goes afterwards. */
typedef struct
{
  GTestDBus *bus;
  char *directory;
  GSubprocess *daemon;
} Desktop;

static void
owned_cb (GDBusConnection *connection,
          const char *name,
          const char *owner,
          gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* The daemon reads the password that unlocks from its input. */
static void
start_daemon (Desktop *desktop)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                               G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;
  gboolean owned = FALSE;
  guint watch;

  g_subprocess_launcher_setenv (launcher, "HOME", desktop->directory, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", desktop->directory, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", desktop->directory, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  desktop->daemon = g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon", "--unlock", "--foreground",
                                                 "--components=secrets", NULL);
  g_assert_no_error (error);
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (desktop->daemon), "\n", 1, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (g_subprocess_get_stdin_pipe (desktop->daemon), NULL, &error);
  g_assert_no_error (error);

  watch = g_bus_watch_name (G_BUS_TYPE_SESSION, KEYRING_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, owned_cb, NULL, &owned, NULL);
  wait_until (&owned);
  g_bus_unwatch_name (watch);
}

static void
stop_daemon (Desktop *desktop)
{
  g_subprocess_force_exit (desktop->daemon);
  g_subprocess_wait (desktop->daemon, NULL, NULL);
  g_clear_object (&desktop->daemon);
}

static void
start_desktop (Desktop *desktop)
{
  g_autoptr (GError) error = NULL;

  desktop->directory = g_dir_make_tmp ("tempo-secrets-XXXXXX", &error);
  g_assert_no_error (error);
  desktop->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (desktop->bus);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
stop_desktop (Desktop *desktop)
{
  if (desktop->daemon != NULL)
    stop_daemon (desktop);
  g_test_dbus_stop (desktop->bus);
  g_clear_object (&desktop->bus);
  remove_tree (desktop->directory);
  g_clear_pointer (&desktop->directory, g_free);
}

/* The bus of a process is one for ever, so each of these has a process of its own. */
static gboolean
in_own_process (void)
{
  if (g_test_subprocess ())
    return TRUE;

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();

  return FALSE;
}

static gboolean
have_keyring (void)
{
  g_autofree char *keyring = g_find_program_in_path ("gnome-keyring-daemon");
  g_autofree char *bus = g_find_program_in_path ("dbus-daemon");

  if (keyring == NULL)
    g_test_skip ("gnome-keyring-daemon is not installed");
  else if (bus == NULL)
    g_test_skip ("dbus-daemon is not installed");

  return keyring != NULL && bus != NULL;
}

static void
gone_cb (gpointer user_data,
         GObject *where_it_was)
{
  *(gboolean *) user_data = TRUE;
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* What is asked for before the keyring has answered waits for it, in order. */
static void
use_while_probing (TempoSecrets *secrets)
{
  Answer answers[6] = { { FALSE } };

  tempo_secrets_store_async (secrets, "blue", "early", "one", NULL, stored_cb, &answers[0]);
  tempo_secrets_store_async (secrets, "blue", "clear", NULL, NULL, stored_cb, &answers[1]);
  tempo_secrets_store_async (secrets, "red", "early", "three", NULL, stored_cb, &answers[2]);
  for (guint i = 0; i < 3; i++)
    {
      wait_until (&answers[i].done);
      g_assert_no_error (answers[i].error);
    }

  tempo_secrets_lookup_async (secrets, "blue", "early", NULL, found_cb, &answers[3]);
  tempo_secrets_lookup_async (secrets, "blue", "clear", NULL, found_cb, &answers[4]);
  tempo_secrets_lookup_async (secrets, "red", "early", NULL, found_cb, &answers[5]);
  for (guint i = 3; i < 6; i++)
    {
      wait_until (&answers[i].done);
      g_assert_no_error (answers[i].error);
    }
  g_assert_cmpstr (answers[3].secret, ==, "one");
  g_assert_cmpstr (answers[4].secret, ==, NULL);
  g_assert_cmpstr (answers[5].secret, ==, "three");
  g_free (answers[3].secret);
  g_free (answers[5].secret);
}

/* Nobody has to wait for the object to let it go: calls on their way keep it. */
static void
drop_while_probing (void)
{
  TempoSecrets *secrets = tempo_secrets_new_keyring ();
  Answer answer = { FALSE };
  gboolean gone = FALSE;

  g_object_weak_ref (G_OBJECT (secrets), gone_cb, &gone);
  tempo_secrets_store_async (secrets, "blue", "late", "one", NULL, stored_cb, &answer);
  g_object_unref (secrets);
  wait_until (&answer.done);
  g_assert_true (answer.kept);
  wait_until (&gone);
}

static void
test_keyring (void)
{
  Desktop desktop = { NULL };
  g_autoptr (TempoSecrets) secrets = NULL;
  g_autoptr (TempoSecrets) other = NULL;
  guint notified = 0;

  if (!have_keyring () || !in_own_process ())
    return;

  start_desktop (&desktop);
  start_daemon (&desktop);
  secrets = tempo_secrets_new_keyring ();
  g_signal_connect_swapped (secrets, "notify::durable", G_CALLBACK (count_cb), &notified);
  g_assert_false (tempo_secrets_is_durable (secrets));
  use_while_probing (secrets);
  use_secrets (secrets);
  use_forget (secrets, TRUE);
  g_assert_true (tempo_secrets_is_durable (secrets));
  drop_while_probing ();
  g_assert_cmpuint (notified, ==, 1);
  expect_cancelled (secrets);
  g_assert_true (tempo_secrets_is_durable (secrets));

  /* It is in the keyring, not in this object. */
  other = tempo_secrets_new_keyring ();
  expect (other, "blue", "key", "Schlüssel 🎵 \"with\" signs\n");

  /* It outlives the keyring's process, too. */
  stop_daemon (&desktop);
  start_daemon (&desktop);
  g_clear_object (&other);
  other = tempo_secrets_new_keyring ();
  expect (other, "", "token", "of the installation");

  g_clear_object (&other);
  g_clear_object (&secrets);
  stop_desktop (&desktop);
}

/* The keyring dies in the middle of the night: what is stored from then on is kept
 * in memory and said not to be durable; what was cleared stays cleared. */
static void
test_keyring_dies (void)
{
  Desktop desktop = { NULL };
  g_autoptr (TempoSecrets) secrets = NULL;

  if (!have_keyring () || !in_own_process ())
    return;

  start_desktop (&desktop);
  start_daemon (&desktop);
  secrets = tempo_secrets_new_keyring ();
  store (secrets, "blue", "token", "one");
  store (secrets, "blue", "key", "kept");
  g_assert_true (tempo_secrets_is_durable (secrets));

  stop_daemon (&desktop);
  store (secrets, "blue", "token", "two");
  g_assert_false (tempo_secrets_is_durable (secrets));
  expect (secrets, "blue", "token", "two");
  store (secrets, "blue", "key", NULL);
  expect (secrets, "blue", "key", NULL);
  use_forget (secrets, FALSE);

  g_clear_object (&secrets);
  stop_desktop (&desktop);
}

static void
test_no_bus (void)
{
  g_autoptr (TempoSecrets) secrets = NULL;

  if (!in_own_process ())
    return;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  secrets = tempo_secrets_new_keyring ();
  use_while_probing (secrets);
  use_secrets (secrets);
  use_forget (secrets, FALSE);
  g_assert_false (tempo_secrets_is_durable (secrets));
  expect_cancelled (secrets);
  drop_while_probing ();
}

static void
test_bus_without_keyring (void)
{
  Desktop desktop = { NULL };
  g_autoptr (TempoSecrets) secrets = NULL;
  g_autofree char *bus = g_find_program_in_path ("dbus-daemon");

  if (bus == NULL)
    {
      g_test_skip ("dbus-daemon is not installed");
      return;
    }
  if (!in_own_process ())
    return;

  start_desktop (&desktop);
  secrets = tempo_secrets_new_keyring ();
  use_secrets (secrets);
  g_assert_false (tempo_secrets_is_durable (secrets));
  g_clear_object (&secrets);
  stop_desktop (&desktop);
}

static GDBusMessage *
swallow_cb (GDBusConnection *connection,
            GDBusMessage *message,
            gboolean incoming,
            gpointer user_data)
{
  if (!incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    return message;

  g_object_unref (message);

  return NULL;
}

/* Somebody has the keyring's name and never says a word. */
static void
test_silent_keyring (void)
{
  Desktop desktop = { NULL };
  g_autoptr (TempoSecrets) secrets = NULL;
  g_autoptr (GDBusConnection) silent = NULL;
  g_autoptr (GVariant) owned = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *bus = g_find_program_in_path ("dbus-daemon");
  gint64 started;

  if (bus == NULL)
    {
      g_test_skip ("dbus-daemon is not installed");
      return;
    }
  if (!in_own_process ())
    return;

  start_desktop (&desktop);
  silent = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (desktop.bus),
                                                   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                     G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                   NULL, NULL, &error);
  g_assert_no_error (error);
  owned = g_dbus_connection_call_sync (silent, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName", g_variant_new ("(su)", KEYRING_NAME, 0),
                                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  /* Swallow every call instead of letting GDBus answer that there is no such object. */
  g_dbus_connection_add_filter (silent, swallow_cb, NULL, NULL);

  started = g_get_monotonic_time ();
  secrets = tempo_secrets_new_keyring ();
  store (secrets, "blue", "token", "one");
  g_assert_cmpint (g_get_monotonic_time () - started, >, G_USEC_PER_SEC);
  /* GDBus itself would have waited longer. */
  g_assert_cmpint (g_get_monotonic_time () - started, <, 25 * G_USEC_PER_SEC);
  expect (secrets, "blue", "token", "one");
  g_assert_false (tempo_secrets_is_durable (secrets));
  g_clear_object (&secrets);
  stop_desktop (&desktop);
}

static void
keep_result_cb (GObject *object,
                GAsyncResult *result,
                gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* What the service manager brought is there at once, and is never written. */
static void
test_credentials (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tempo-credentials-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "blue.mpd_password.cellar", NULL);
  g_autoptr (TempoSecrets) secrets = tempo_secrets_new_credentials (folder);
  static const struct
  {
    const char *organization, *expected;
  } cases[] = { { "blue", "open sesame" }, { "green", NULL } };

  g_assert_true (g_file_set_contents (path, "open sesame\n", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autofree char *secret = NULL;

      tempo_secrets_lookup_async (secrets, cases[i].organization, "mpd_password/cellar", NULL, keep_result_cb, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      secret = tempo_secrets_lookup_finish (secrets, result, NULL);
      g_assert_cmpstr (secret, ==, cases[i].expected);
    }
  g_remove (path);
  g_rmdir (folder);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/secrets/memory", test_memory);
  g_test_add_func ("/secrets/memory/cancelled", test_memory_cancelled);
  g_test_add_func ("/secrets/keyring", test_keyring);
  g_test_add_func ("/secrets/keyring/dies", test_keyring_dies);
  g_test_add_func ("/secrets/keyring/no-bus", test_no_bus);
  g_test_add_func ("/secrets/keyring/bus-without-keyring", test_bus_without_keyring);
  g_test_add_func ("/secrets/keyring/silent", test_silent_keyring);
  g_test_add_func ("/secrets/credentials", test_credentials);

  return g_test_run ();
}
