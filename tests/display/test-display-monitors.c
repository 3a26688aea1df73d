/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "display/tempo-display-window.h"

/* Monitors that come and go, by an X server with several plugs and a window manager. */

#define PROJECTOR "DUMMY1"
#define LAPTOP "DUMMY0"
#define DEADLINE_SECONDS 60

typedef struct
{
  const char *what;
  const char *xrandr;   /* (nullable) arguments of what happens to the plugs */
  const char *choice;   /* (nullable) what the host chooses */
  gboolean fullscreen;  /* what is to be seen then… */
  const char *seen_on;  /* …on this connector */
} Step;

static const Step steps[] = {
  { "chosen while it is away", NULL, PROJECTOR, FALSE, LAPTOP },
  { "plugged in", "--output " PROJECTOR " --mode 960x540 --right-of " LAPTOP, NULL, TRUE, PROJECTOR },
  { "unplugged", "--output " PROJECTOR " --off", NULL, FALSE, LAPTOP },
  { "plugged in again, on the other side", "--output " PROJECTOR " --mode 960x540 --left-of " LAPTOP, NULL, TRUE, PROJECTOR },
  { "another one plugged in", "--output DUMMY2 --mode 640x480 --right-of " LAPTOP, NULL, TRUE, PROJECTOR },
  { "another one chosen", NULL, LAPTOP, TRUE, LAPTOP },
  { "one unplugged that shows nothing", "--output " PROJECTOR " --off", NULL, TRUE, LAPTOP },
  { "no monitor chosen any more", NULL, NULL, FALSE, LAPTOP },
};

/* The second run has the server look at its plugs, as a cable does. */
static void
run_xrandr (const char *arguments)
{
  g_autofree char *line = g_strconcat ("xrandr ", arguments, NULL);
  const char *const lines[] = { line, "xrandr --query" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *said = NULL;
      g_autoptr (GError) error = NULL;
      int status;

      g_spawn_command_line_sync (lines[i], &said, NULL, &status, &error);
      g_assert_no_error (error);
      g_assert_cmpint (status, ==, 0);
    }
}

/* Where the window is and whether it fills it: "DUMMY1 full". */
static char *
describe (TempoDisplayWindow *window)
{
  GtkNative *native = GTK_NATIVE (window);
  GdkSurface *surface = gtk_native_get_surface (native);
  gboolean full = gtk_window_is_fullscreen (GTK_WINDOW (window));
  GdkMonitor *monitor;
  GdkRectangle area;

  if (surface == NULL || !gdk_surface_get_mapped (surface))
    return g_strdup ("nowhere");
  monitor = gdk_display_get_monitor_at_surface (gdk_surface_get_display (surface), surface);
  if (monitor == NULL || gdk_monitor_get_connector (monitor) == NULL)
    return g_strdup ("nowhere");
  gdk_monitor_get_geometry (monitor, &area);
  if (full && (gdk_surface_get_width (surface) != area.width || gdk_surface_get_height (surface) != area.height))
    return g_strdup_printf ("%s on its way", gdk_monitor_get_connector (monitor));
  return g_strdup_printf ("%s %s", gdk_monitor_get_connector (monitor), full ? "full" : "framed");
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for (TempoDisplayWindow *window, const Step *step)
{
  g_autofree char *wanted = g_strdup_printf ("%s %s", step->seen_on, step->fullscreen ? "full" : "framed");
  gint64 deadline = g_get_monotonic_time () + DEADLINE_SECONDS * G_USEC_PER_SEC;
  guint wake = g_timeout_add (20, wake_cb, NULL);

  g_test_message ("%s: %s", step->what, wanted);
  for (;;)
    {
      g_autofree char *seen = describe (window);

      if (g_str_equal (seen, wanted))
        break;
      if (g_get_monotonic_time () >= deadline)
        g_error ("%s: %s, not %s", step->what, seen, wanted);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (wake);
}

/* The window is never lost, and the host's choice stays through it all. */
static void
test_plugs (void)
{
  TempoDisplayWindow *window = tempo_display_window_new_for_view (NULL);
  const char *choice = NULL;

  run_xrandr ("--addmode " PROJECTOR " 960x540");
  run_xrandr ("--addmode DUMMY2 640x480");
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      if (steps[i].xrandr != NULL)
        run_xrandr (steps[i].xrandr);
      else
        tempo_display_window_show_on (window, choice = steps[i].choice);
      wait_for (window, &steps[i]);
      g_assert_cmpstr (tempo_display_window_get_monitor_name (window), ==, choice);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A card on every monitor, each of its own size, and none left behind. */
static void
test_identify (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  guint before = g_list_model_get_n_items (windows);
  guint monitors = g_list_model_get_n_items (gdk_display_get_monitors (gdk_display_get_default ()));
  guint wake = g_timeout_add (100, wake_cb, NULL);
  gint64 deadline = g_get_monotonic_time () + DEADLINE_SECONDS * G_USEC_PER_SEC;

  g_assert_cmpuint (monitors, ==, 2);
  tempo_display_identify ();
  g_assert_cmpuint (g_list_model_get_n_items (windows), ==, before + monitors);
  run_xrandr ("--output DUMMY2 --off");
  while (g_list_model_get_n_items (windows) > before && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (windows), ==, before);
  g_source_remove (wake);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv);
  g_test_add_func ("/display/monitors/plugs", test_plugs);
  g_test_add_func ("/display/monitors/identify", test_identify);
  return g_test_run ();
}
