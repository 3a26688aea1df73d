/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/tempo-json.h"

/* The program itself, as a service manager and a host at a terminal see it. */

#define PASSWORD "correct horse battery\n"
#define DEADLINE_SECONDS 30

typedef struct
{
  int code;
  char *out; /* (owned) */
  char *err; /* (owned) */
} Outcome;

static void
clear_outcome (Outcome *outcome)
{
  g_free (outcome->out);
  g_free (outcome->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, clear_outcome)

static const char *
get_program (void)
{
  const char *program = g_getenv ("TEMPOD");

  g_assert_nonnull (program);
  return program;
}

static GSubprocessLauncher *
make_launcher (void)
{
  GSubprocessLauncher *launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                               | G_SUBPROCESS_FLAGS_STDERR_PIPE);

  g_subprocess_launcher_unsetenv (launcher, "DBUS_SESSION_BUS_ADDRESS");
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", "/proc/none",
                                TRUE); /* no keyring, nothing made */
  g_subprocess_launcher_setenv (launcher, "TEMPO_AUDIO_SINK", "fakesink sync=true", TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  return launcher;
}

/* Runs to the end. @arguments: one text, split at spaces; "@D" is the folder. */
static Outcome
run (const char *dir, const char *input, const char *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher = make_launcher ();
  g_auto (GStrv) words = g_strsplit (arguments, " ", 0);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  Outcome outcome = { 0 };

  g_ptr_array_add (argv, (gpointer) get_program ());
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) (g_str_equal (words[i], "@D") ? dir : words[i]));
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input, NULL, &outcome.out, &outcome.err, &error);
  g_assert_no_error (error);
  outcome.code = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  return outcome;
}

static char *
make_dir (void)
{
  g_autoptr (GError) error = NULL;
  char *dir = g_dir_make_tmp ("tempo-daemon-XXXXXX", &error);

  g_assert_no_error (error);
  return dir;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
init_folder (const char *dir)
{
  g_auto (Outcome) outcome =
    run (dir, PASSWORD, "init --data-dir @D --organization Acme --slug acme --username ann");

  g_test_message ("%s%s", outcome.out, outcome.err);
  g_assert_cmpint (outcome.code, ==, 0);
  g_assert_nonnull (strstr (outcome.out, "acme"));
}

typedef struct
{
  GSubprocess *process;  /* (owned) */
  GDataInputStream *out; /* (owned) */
  char *url;             /* (owned) */
} Server;

static Server *
start_server (const char *dir, const char *port)
{
  g_autoptr (GSubprocessLauncher) launcher = make_launcher ();
  g_autoptr (GError) error = NULL;
  Server *server = g_new0 (Server, 1);
  g_autofree char *line = NULL;

  if (port != NULL)
    server->process = g_subprocess_launcher_spawn (launcher, &error, get_program (), "serve",
                                                   "--data-dir", dir, "--address", "127.0.0.1",
                                                   "--port", port, "--no-rate-limit", NULL);
  else
    server->process =
      g_subprocess_launcher_spawn (launcher, &error, get_program (), "serve", "--data-dir", dir,
                                   "--address", "127.0.0.1", NULL);
  g_assert_no_error (error);
  server->out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server->process));
  line = g_data_input_stream_read_line (server->out, NULL, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s", line);
  g_assert_true (g_str_has_prefix (line, "Listening on http://127.0.0.1:"));
  server->url = g_strdup (line + strlen ("Listening on "));
  return server;
}

static int
stop_server (Server *server, int signal_number)
{
  g_autofree char *rest = NULL;
  int code;

  g_subprocess_send_signal (server->process, signal_number);
  g_subprocess_wait (server->process, NULL, NULL);
  rest = g_data_input_stream_read_line (server->out, NULL, NULL, NULL);
  g_assert_null (rest); /* one line on standard output, ever */
  code = g_subprocess_get_if_exited (server->process)
           ? g_subprocess_get_exit_status (server->process)
           : -1;
  g_object_unref (server->out);
  g_object_unref (server->process);
  g_free (server->url);
  g_free (server);
  return code;
}

static guint16
get_port (Server *server)
{
  return (guint16) g_ascii_strtoull (strrchr (server->url, ':') + 1, NULL, 10);
}

/* The body of the answer; @status: (out). */
static char *
call (guint16 port,
      const char *method,
      const char *target,
      const char *headers,
      const char *body,
      guint *status)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *request = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];
  const char *end;
  gssize n;

  g_socket_client_set_timeout (client, DEADLINE_SECONDS);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, &error);
  g_assert_no_error (error);
  request =
    g_strdup_printf ("%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\nContent-Type: "
                     "application/json\r\n%sContent-Length: %zu\r\n\r\n%s",
                     method, target, port, headers, strlen (body), body);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             strlen (request), NULL, NULL, &error);
  g_assert_no_error (error);
  while ((n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), buffer,
                                   sizeof buffer, NULL, NULL))
         > 0)
    g_string_append_len (text, buffer, n);
  *status = (guint) g_ascii_strtoull (text->str + strlen ("HTTP/1.1 "), NULL, 10);
  end = strstr (text->str, "\r\n\r\n");
  g_assert_nonnull (end);
  return g_strdup (end + 4);
}

static JsonObject *
call_json (guint16 port,
           const char *method,
           const char *target,
           const char *headers,
           const char *body,
           guint wanted)
{
  guint status;
  g_autofree char *text = call (port, method, target, headers, body, &status);
  g_autoptr (GError) error = NULL;
  JsonObject *object = tempo_json_parse (text, strlen (text), &error);

  g_test_message ("%s %s: %u", method, target, status);
  g_assert_cmpuint (status, ==, wanted);
  g_assert_no_error (error);
  return object;
}

static char *
sign_in (guint16 port)
{
  g_autoptr (JsonObject) answer =
    call_json (port, "POST", "/api/auth/login", "",
               "{\"username\":\"ann\",\"password\":\"correct horse battery\"}", 200);

  return g_strdup_printf ("Authorization: Bearer %s\r\n",
                          json_object_get_string_member (answer, "token"));
}

static char *
find_room_code (guint16 port, const char *session)
{
  g_autoptr (JsonObject) rooms = call_json (port, "GET", "/api/acme/rooms", session, "", 200);

  return g_strdup (json_object_get_string_member (
    json_array_get_object_element (json_object_get_array_member (rooms, "rooms"), 0), "code"));
}

static void
test_usage (void)
{
  static const struct
  {
    const char *arguments;
    int code;
    const char *says;
  } rows[] = {
    { "--help", 0, "serve" },
    { "--version", 0, "tempod 0" },
    { "nonsense", 2, "no command" },
    { "serve", 2, "--data-dir" },
    { "serve --data-dir @D --port 70000", 2, "65535" },
    { "serve --data-dir @D --address bar", 2, "IP address" },
    { "serve --data-dir @D --frobnicate", 2, "frobnicate" },
    { "serve --data-dir @D extra", 2, "extra" },
    { "serve --data-dir @D", 1, "tempod init" },
    { "init --data-dir @D", 2, "--organization" },
    { "event --data-dir @D", 2, "start, end or list" },
    { "event start --data-dir @D", 1, "tempod init" },
    { "member add --data-dir @D", 2, "--username" },
    { "restore --data-dir @D", 2, "--backup" },
    { "log", 2, "--data-dir" },
    { "log --help", 0, "--lines" },
    { "log --data-dir @D --lines 0", 2, "1 to 10000" },
    { "log --data-dir @D --lines 10001", 2, "1 to 10000" },
    { "log --data-dir @D --lines many", 2, "many" },
    { "log --data-dir @D more", 2, "more" },
    { "log --data-dir @D", 1, "tempod init" },
    { "setting colour red --data-dir @D", 1, "no setting" },
  };
  g_autofree char *dir = make_dir ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Outcome) outcome = run (dir, "", rows[i].arguments);

      g_test_message ("%s: %d %s%s", rows[i].arguments, outcome.code, outcome.out, outcome.err);
      g_assert_cmpint (outcome.code, ==, rows[i].code);
      g_assert_nonnull (strstr (rows[i].code == 0 ? outcome.out : outcome.err, rows[i].says));
    }
  remove_tree (dir);
}

static void
test_init (void)
{
  g_autofree char *dir = make_dir ();
  g_autofree char *inner = g_build_filename (dir, "data", NULL);

  init_folder (inner);
  {
    g_auto (Outcome) weak =
      run (inner, "short\n", "init --data-dir @D --organization Other --username bob");
    g_auto (Outcome) none =
      run (inner, "", "init --data-dir @D --organization Other --username bob");
    g_auto (Outcome) same =
      run (inner, PASSWORD, "init --data-dir @D --organization Acme --slug acme --username bob");
    g_auto (Outcome) second =
      run (inner, PASSWORD, "init --data-dir @D --organization Other --username bob");
    GStatBuf status;

    g_assert_cmpint (weak.code, ==, 1);
    g_assert_cmpint (none.code, ==, 2);
    g_assert_cmpint (same.code, ==, 1);
    g_assert_cmpint (second.code, ==, 0);
    g_assert_cmpint (g_stat (inner, &status), ==, 0);
    g_assert_cmpuint (status.st_mode & 0777, ==, 0700);
  }
  remove_tree (dir);
}

static void
test_serve (void)
{
  g_autofree char *dir = make_dir ();
  g_autofree char *socket = g_build_filename (dir, "control", NULL);
  Server *server;
  guint status;
  GStatBuf socket_status;

  init_folder (dir);
  server = start_server (dir, "0");
  {
    g_autofree char *health = call (get_port (server), "GET", "/healthz", "", "", &status);

    g_assert_cmpuint (status, ==, 200);
    g_assert_cmpstr (health, ==, "ok\n");
  }
  g_assert_cmpint (g_stat (socket, &socket_status), ==, 0);
  g_assert_cmpuint (socket_status.st_mode & 0777, ==, 0600);
  {
    g_auto (Outcome) second = run (dir, "", "serve --data-dir @D --port 0");

    g_assert_cmpint (second.code, ==, 1);
    g_assert_nonnull (strstr (second.err, "running"));
    g_assert_cmpstr (second.out, ==, "");
  }
  g_assert_cmpint (stop_server (server, SIGTERM), ==, 0);
  g_assert_false (g_file_test (socket, G_FILE_TEST_EXISTS));
  remove_tree (dir);
}

static void
test_commands_reach_the_server (void)
{
  g_autofree char *dir = make_dir ();
  g_autofree char *session = NULL;
  Server *server;

  init_folder (dir);
  server = start_server (dir, "0");
  session = sign_in (get_port (server));
  {
    g_auto (Outcome) started = run (dir, "", "event start --data-dir @D --name Friday");
    g_auto (Outcome) twice = run (dir, "", "event start --data-dir @D");
    g_auto (Outcome) list = run (dir, "", "event list --data-dir @D");
    g_auto (Outcome) ended = run (dir, "", "event end --data-dir @D");
    g_auto (Outcome) added =
      run (dir, PASSWORD, "member add --data-dir @D --username eve --role member");
    g_auto (Outcome) restore = run (dir, "", "restore --data-dir @D --backup /proc/none/data");
    g_auto (Outcome) unset = run (dir, "", "setting staff_over_http --data-dir @D");
    g_auto (Outcome) setting = run (dir, "", "setting staff_over_http true --data-dir @D");
    g_auto (Outcome) licence = run (dir, "", "licence show --data-dir @D");
    g_auto (Outcome) changed =
      run (dir, "another good one\n", "member password --data-dir @D --username ann");

    g_test_message ("%s%s%s", started.err, list.out, added.err);
    g_assert_cmpint (started.code, ==, 0);
    g_assert_nonnull (strstr (started.out, "Friday"));
    g_assert_cmpint (twice.code, ==, 1);
    g_assert_cmpint (list.code, ==, 0);
    g_assert_nonnull (strstr (list.out, "active"));
    g_assert_cmpint (ended.code, ==, 0);
    g_assert_cmpint (added.code, ==, 0);
    g_assert_cmpint (restore.code, ==, 1);
    g_assert_nonnull (strstr (restore.err, "/proc/none/data"));
    g_assert_cmpstr (unset.out, ==, "staff_over_http is not set\n");
    g_assert_true (g_str_has_prefix (licence.out, "community\n"));
    g_assert_nonnull (strstr (licence.out, "\nrooms: 1 of 10\n"));
    g_assert_cmpint (setting.code, ==, 0);
    g_assert_cmpstr (setting.out, ==, "staff_over_http true\n");
    g_assert_cmpint (changed.code, ==, 0);
  }
  {
    /* The old session is void with the old password. */
    g_autoptr (JsonObject) refused =
      call_json (get_port (server), "GET", "/api/auth/me", session, "", 401);

    g_assert_nonnull (refused);
  }
  g_assert_cmpint (stop_server (server, SIGTERM), ==, 0);
  remove_tree (dir);
}

static void
test_port (void)
{
  g_autofree char *dir = make_dir ();
  g_autoptr (GSocketListener) other = g_socket_listener_new ();
  guint16 taken = g_socket_listener_add_any_inet_port (other, NULL, NULL);
  g_autofree char *fixed =
    g_strdup_printf ("serve --data-dir @D --address 127.0.0.1 --port %u", taken);
  g_autofree char *wish = g_strdup_printf ("setting port %u --data-dir @D", taken);
  Server *server;
  guint16 port;

  init_folder (dir);
  {
    /* Exactly this one: said clearly when it is not to be had. */
    g_auto (Outcome) refused = run (dir, "", fixed);

    g_assert_cmpint (refused.code, ==, 1);
    g_assert_nonnull (strstr (refused.err, "taken"));
  }
  {
    /* The remembered one: the next free one serves, and the memory stays. */
    g_auto (Outcome) remembered = run (dir, "", wish);

    g_assert_cmpint (remembered.code, ==, 0);
  }
  server = start_server (dir, NULL);
  port = get_port (server);
  g_assert_cmpuint (port, !=, taken);
  g_assert_cmpint (stop_server (server, SIGTERM), ==, 0);
  g_socket_listener_close (other);
  g_clear_object (&other);
  server = start_server (dir, NULL);
  g_assert_cmpuint (get_port (server), ==, taken);
  g_assert_cmpint (stop_server (server, SIGTERM), ==, 0);
  remove_tree (dir);
}

static void
test_kill_and_resume (void)
{
  g_autofree char *dir = make_dir ();
  g_autofree char *session = NULL;
  g_autofree char *code = NULL;
  g_autofree char *target = NULL;
  g_autofree char *requests = NULL;
  Server *server;

  init_folder (dir);
  server = start_server (dir, "0");
  session = sign_in (get_port (server));
  code = find_room_code (get_port (server), session);
  target = g_strdup_printf ("/api/rooms/%s", code);
  requests = g_strconcat (target, "/requests", NULL);
  {
    g_autoptr (JsonObject) event = call_json (
      get_port (server), "POST", "/api/acme/events", session,
      "{\"name\":\"Friday\",\"state\":\"active\",\"rules\":{\"approval\":true,\"freeText\":true}}",
      201);
    g_autoptr (JsonObject) asked =
      call_json (get_port (server), "POST", requests, "",
                 "{\"title\":\"Zombie Walk\",\"artist\":\"The Cranes\"}", 201);

    g_assert_nonnull (event);
    g_assert_nonnull (asked);
  }
  g_assert_cmpint (stop_server (server, SIGKILL), ==, -1);

  server = start_server (dir, "0");
  g_free (session);
  session = sign_in (get_port (server));
  {
    g_autoptr (JsonObject) state = call_json (get_port (server), "GET", target, "", "", 200);
    g_autoptr (JsonObject) list =
      call_json (get_port (server), "GET", "/api/acme/requests", session, "", 200);

    g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (state, "event"),
                                                    "name"),
                     ==, "Friday");
    g_assert_cmpuint (json_array_get_length (json_object_get_array_member (list, "requests")), ==,
                      1);
  }
  g_assert_cmpint (stop_server (server, SIGTERM), ==, 0);
  remove_tree (dir);
}

static void
test_backup_and_restore (void)
{
  g_autofree char *dir = make_dir ();
  g_autofree char *restore = NULL;

  init_folder (dir);
  {
    g_auto (Outcome) backup = run (dir, "", "backup --data-dir @D");
    g_auto (Outcome) event = run (dir, "", "event start --data-dir @D --name Friday");

    g_test_message ("%s%s", backup.out, backup.err);
    g_assert_cmpint (backup.code, ==, 0);
    g_assert_cmpint (event.code, ==, 0);
    restore = g_strdup_printf ("restore --data-dir @D --backup %s", g_strstrip (backup.out));
  }
  {
    g_auto (Outcome) wrong = run (dir, "", "restore --data-dir @D --backup /etc/hostname");
    g_auto (Outcome) before = run (dir, "", "event list --data-dir @D");
    g_auto (Outcome) restored = run (dir, "", restore);
    g_auto (Outcome) after = run (dir, "", "event list --data-dir @D");

    g_assert_cmpint (wrong.code, ==, 1);
    g_assert_nonnull (strstr (wrong.err, "Nothing was changed"));
    g_assert_nonnull (strstr (before.out, "Friday"));
    g_test_message ("%s%s", restored.out, restored.err);
    g_assert_cmpint (restored.code, ==, 0);
    g_assert_cmpint (after.code, ==, 0);
    g_assert_null (strstr (after.out, "Friday"));
  }
  remove_tree (dir);
}

/* Whether nobody serves the folder or somebody does, the commands say and do the same. */
static void
check_care (const char *dir, const char *archive, const char *slug)
{
  g_autofree char *export = g_strdup_printf ("export --data-dir @D --organization acme --to %s", archive);
  g_autofree char *again = g_strdup_printf ("import --data-dir @D --from %s", archive);
  g_autofree char *import = g_strdup_printf ("import --data-dir @D --from %s --as-new --slug %s", archive, slug);
  g_autofree char *verify = g_strdup_printf ("audit verify --data-dir @D --organization %s", slug);
  g_autofree char *ask = g_strdup_printf ("erase --data-dir @D --organization %s", slug);
  g_autofree char *erase = g_strconcat (ask, " --yes", NULL);
  const struct { const char *command; int code; const char *says; } rows[] = {
    { export, 0, archive }, { again, 1, "join code" }, { import, 0, slug },     { verify, 0, " " },
    { ask, 2, "--yes" },    { erase, 0, "\"digest\"" }, { verify, 1, "no organization" },
    { "erase --data-dir @D --organization acme --guest nobody --yes", 1, "no such guest" },
    { "import --data-dir @D --from /etc/hostname", 1, "archive" },
    { "room move --data-dir @D --room XXXXX --to acme", 1, "no such room" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Outcome) outcome = run (dir, "", rows[i].command);

      g_test_message ("%s: %d %s%s", rows[i].command, outcome.code, outcome.out, outcome.err);
      g_assert_cmpint (outcome.code, ==, rows[i].code);
      g_assert_nonnull (strstr (rows[i].code == 0 ? outcome.out : outcome.err, rows[i].says));
    }
}

static void
test_care (void)
{
  g_autofree char *dir = make_dir ();
  g_autofree char *archive = g_build_filename (dir, "acme.tar.gz", NULL);
  Server *server;

  init_folder (dir);
  check_care (dir, archive, "copy");
  server = start_server (dir, "0");
  check_care (dir, archive, "other");
  g_assert_cmpint (stop_server (server, SIGTERM), ==, 0);
  remove_tree (dir);
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == '\n';
  return n;
}

/* The newest lines of one house, whoever has the folder, and whatever state its file is in. */
static void
test_log (void)
{
  g_autofree char *dir = make_dir ();
  g_autofree char *organizations = g_build_filename (dir, "organizations", NULL);
  g_autofree char *acme = NULL;
  gboolean told = FALSE;
  Server *server;

  init_folder (dir);
  server = start_server (dir, "0");
  {
    g_auto (Outcome) served = run (dir, "", "log --data-dir @D --organization acme");
    g_auto (Outcome) unknown = run (dir, "", "log --data-dir @D --organization nobody");

    g_assert_cmpint (served.code, ==, 0);
    g_assert_cmpint (unknown.code, ==, 1);
    g_assert_nonnull (strstr (unknown.err, "nobody"));
  }
  g_assert_cmpint (stop_server (server, SIGTERM), ==, 0);
  {
    g_auto (Outcome) all = run (dir, "", "log --data-dir @D");
    g_auto (Outcome) again = run (dir, "", "log --data-dir @D --organization acme --lines 10000");
    g_auto (Outcome) one = run (dir, "", "log --data-dir @D --lines 1");

    g_assert_cmpint (all.code, ==, 0);
    g_assert_nonnull (strstr (all.out, "info Open (rooms: 1)"));
    g_assert_true (g_str_has_suffix (all.out, "info Closed\n"));
    /* Looking leaves no line. */
    g_assert_cmpstr (again.out, ==, all.out);
    g_assert_cmpuint (count_lines (one.out), ==, 1);
    g_assert_true (g_str_has_suffix (all.out, one.out));
    acme = g_strdup (all.out);
  }
  {
    g_auto (Outcome) other = run (dir, PASSWORD, "init --data-dir @D --organization Other --slug other --username bob");
    g_auto (Outcome) which = run (dir, "", "log --data-dir @D");
    g_auto (Outcome) theirs = run (dir, "", "log --data-dir @D --organization other");

    g_assert_cmpint (other.code, ==, 0);
    g_assert_cmpint (which.code, ==, 1);
    g_assert_nonnull (strstr (which.err, "--organization"));
    g_assert_cmpint (theirs.code, ==, 0);
    g_assert_null (strstr (theirs.out, "Acme"));
  }
  /* A house that cannot be opened still has its log, of which the fault is the newest; while it is served, too. */
  {
    g_autoptr (GDir) houses = g_dir_open (organizations, 0, NULL);
    const char *id;

    while ((id = g_dir_read_name (houses)) != NULL)
      {
        g_autofree char *file = g_build_filename (organizations, id, "tempo.db", NULL);
        g_autofree char *logbook = g_build_filename (organizations, id, "logs", "tempo.log", NULL);
        g_autofree char *text = NULL;

        g_assert_true (g_file_get_contents (logbook, &text, NULL, NULL));
        if (g_str_has_prefix (text, acme))
          g_assert_true (g_file_set_contents (file, "no database at all, but long enough to look like one", -1, NULL));
      }
  }
  server = start_server (dir, "0");
  /* A thread of the server writes the line. */
  for (gint64 deadline = g_get_monotonic_time () + DEADLINE_SECONDS * G_USEC_PER_SEC; !told;)
    {
      g_auto (Outcome) broken = run (dir, "", "log --data-dir @D --organization acme");

      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_assert_cmpint (broken.code, ==, 0);
      g_assert_true (g_str_has_prefix (broken.out, acme));
      told = strstr (broken.out, "notice The data cannot be opened") != NULL;
    }
  g_assert_cmpint (stop_server (server, SIGTERM), ==, 0);
  remove_tree (dir);
}

static void
test_selftest (void)
{
  g_autofree char *dir = make_dir ();
  g_autoptr (JsonObject) report = NULL;
  g_autoptr (GError) error = NULL;
  Server *server;

  init_folder (dir);
  {
    g_auto (Outcome) text = run (dir, "", "selftest --data-dir @D");
    g_auto (Outcome) missing = run (dir, "", "selftest --data-dir /proc/none/data");

    g_assert_nonnull (strstr (text.out, "1 database passes its check."));
    g_assert_cmpint (missing.code, ==, 1);
  }
  server = start_server (dir, "0");
  {
    g_auto (Outcome) json = run (dir, "", "selftest --json --data-dir @D");

    report = tempo_json_parse (json.out, strlen (json.out), &error);
    g_assert_no_error (error);
    g_assert_nonnull (strstr (json.out, "Tempo is running"));
    g_assert_nonnull (strstr (json.out, "\"code\":\"database\",\"level\":\"good\""));
  }
  g_assert_cmpint (stop_server (server, SIGTERM), ==, 0);
  remove_tree (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/daemon/usage", test_usage);
  g_test_add_func ("/daemon/init", test_init);
  g_test_add_func ("/daemon/serve", test_serve);
  g_test_add_func ("/daemon/control", test_commands_reach_the_server);
  g_test_add_func ("/daemon/port", test_port);
  g_test_add_func ("/daemon/kill-and-resume", test_kill_and_resume);
  g_test_add_func ("/daemon/backup-and-restore", test_backup_and_restore);
  g_test_add_func ("/daemon/care", test_care);
  g_test_add_func ("/daemon/log", test_log);
  g_test_add_func ("/daemon/selftest", test_selftest);
  return g_test_run ();
}
