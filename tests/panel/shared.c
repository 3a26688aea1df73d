/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "shared.h"

#include <glib/gstdio.h>

#define DEADLINE_SECONDS 60

void
test_init_gtk (void)
{
  g_autoptr (GtkCssProvider) provider = NULL;

  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      exit (0);
    }
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11", NULL);
  gtk_icon_theme_add_search_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), TEST_ICON_DIR);
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, "/io/github/tempo_venue/Tempo/panel/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static gboolean
passed_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
test_wait (TestCondition func,
           gpointer data)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_SECONDS * G_USEC_PER_SEC;
  /* A thread that lets go of the last reference wakes nobody. */
  guint wake = g_timeout_add (250, wake_cb, NULL);

  while (!func (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (wake);
}

static gboolean
is_alone (gpointer data)
{
  return g_atomic_int_get ((int *) &G_OBJECT (data)->ref_count) == 1;
}

void
test_wait_alone (gpointer object)
{
  test_wait (is_alone, object);
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

void
test_wait_mapped (GtkWidget *widget)
{
  test_wait (is_mapped, widget);
}

void
test_settle (void)
{
  for (guint i = 0; i < 2000 && g_main_context_pending (NULL); i++)
    g_main_context_iteration (NULL, FALSE);
}

void
test_wait_ms (guint ms)
{
  gboolean passed = FALSE;

  g_timeout_add (ms, passed_cb, &passed);
  while (!passed)
    g_main_context_iteration (NULL, TRUE);
}

static GtkWidget *
find (GtkWidget *widget,
      const char *type_name,
      guint *nth)
{
  if (widget == NULL)
    return NULL;
  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), type_name) && (*nth)-- == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type_name, nth);

      if (found != NULL)
        return found;
    }
  return NULL;
}

GtkWidget *
test_find_nth (GtkWidget *widget,
               const char *type_name,
               guint nth)
{
  return find (widget, type_name, &nth);
}

GtkWidget *
test_find (GtkWidget *widget,
           const char *type_name)
{
  return test_find_nth (widget, type_name, 0);
}

guint
test_count (GtkWidget *widget,
            const char *type_name)
{
  guint count = 0;

  while (test_find_nth (widget, type_name, count) != NULL)
    count++;
  return count;
}

GtkWidget *
test_find_label (GtkWidget *widget,
                 const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child) && gtk_widget_get_child_visible (child))
      {
        GtkWidget *found = test_find_label (child, text);

        if (found != NULL)
          return found;
      }
  return NULL;
}

gboolean
test_has_text (GtkWidget *widget,
               const char *text)
{
  return test_find_label (widget, text) != NULL;
}

void
test_shoot (GtkNative *native,
            const char *file)
{
  GtkWidget *widget = GTK_WIDGET (native);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  node = gtk_snapshot_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (native), node, NULL);
  g_assert_true (gdk_texture_save_to_png (texture, file));
}

/* The desktop's browser writes down where it was sent. */
#define BROWSER "#!/bin/sh\necho \"$1\" >>'%s'\n"
#define BROWSER_ENTRY "[Desktop Entry]\nType=Application\nName=Browser\nExec=\"%s\" %%u\nMimeType=x-scheme-handler/https;\n"

static void
write_file (const char *name,
            char *text)
{
  g_autofree char *folder = g_path_get_dirname (name);
  g_autofree char *owned = text;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (name, owned, -1, &error);
  g_assert_no_error (error);
}

char *
test_take_browser (void)
{
  char *visited = g_build_filename (g_get_user_cache_dir (), "visited", NULL);
  g_autofree char *program = g_build_filename (g_get_user_cache_dir (), "browser", NULL);
  g_autofree char *entry = g_build_filename (g_get_user_data_dir (), "applications", "browser.desktop", NULL);
  g_autofree char *list = g_build_filename (g_get_user_config_dir (), "mimeapps.list", NULL);

  write_file (program, g_strdup_printf (BROWSER, visited));
  g_assert_cmpint (g_chmod (program, 0700), ==, 0);
  write_file (entry, g_strdup_printf (BROWSER_ENTRY, program));
  write_file (list, g_strdup ("[Default Applications]\nx-scheme-handler/https=browser.desktop\n"));
  write_file (visited, g_strdup (""));
  return visited;
}

static gboolean
was_visited (gpointer data)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (data, &text, NULL, NULL));
  return strchr (text, '\n') != NULL;
}

char *
test_wait_visit (const char *visited)
{
  g_autofree char *text = NULL;

  test_wait (was_visited, (gpointer) visited);
  g_assert_true (g_file_get_contents (visited, &text, NULL, NULL));
  write_file (visited, g_strdup (""));
  return g_strchomp (g_steal_pointer (&text));
}

GtkWidget *
test_find_button (GtkWidget *widget,
                  const char *label)
{
  for (guint i = 0; i < test_count (widget, "GtkButton"); i++)
    {
      GtkWidget *button = test_find_nth (widget, "GtkButton", i);

      if (gtk_widget_get_visible (button) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) == 0)
        return button;
    }
  return NULL;
}

void
test_press (GtkWidget *widget,
            const char *label)
{
  GtkWidget *button = test_find_button (widget, label);

  if (button == NULL || !gtk_widget_is_sensitive (button))
    g_error ("nobody can press \"%s\"", label);
  g_signal_emit_by_name (button, "clicked");
  test_settle ();
}

GtkWidget *
test_find_row (GtkWidget *widget,
               const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (widget) && g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = test_find_row (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

void
test_panel_begin (TestPanel *panel)
{
  g_autoptr (GSettings) settings = g_settings_new (TEMPO_APP_ID);

  /* Windows remember their size, and no test the one before. */
  g_settings_reset (settings, "window-width");
  g_settings_reset (settings, "window-height");
  panel->link = tempo_twin_new ();
  panel->twin = TEMPO_TWIN (panel->link);
  panel->desk = tempo_desk_new (panel->link);
  test_panel_open_window (panel);
}

void
test_panel_open_window (TestPanel *panel)
{
  panel->window = tempo_window_new (NULL, panel->desk);
  g_object_add_weak_pointer (G_OBJECT (panel->window), (gpointer *) &panel->window);
  gtk_window_present (GTK_WINDOW (panel->window));
}

GtkWidget *
test_panel_show (TestPanel *panel,
                 const char *place,
                 const char *type_name)
{
  tempo_window_show_ready (panel->window);
  if (place != NULL)
    tempo_window_show_place (panel->window, place);
  test_settle ();
  return type_name != NULL ? test_find (GTK_WIDGET (panel->window), type_name) : NULL;
}

TempoCommand *
test_panel_get_last (TestPanel *panel)
{
  test_settle ();
  return tempo_twin_get_last (panel->twin);
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

void
test_panel_close_window (TestPanel *panel)
{
  if (panel->window != NULL)
    gtk_window_destroy (GTK_WINDOW (panel->window));
  test_wait (is_gone, &panel->window);
  test_settle ();
}

void
test_panel_end (TestPanel *panel)
{
  test_panel_close_window (panel);
  test_wait_alone (panel->desk);
  g_assert_finalize_object (panel->desk);
  g_assert_finalize_object (panel->link);
}
