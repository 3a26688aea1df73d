/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared.h"

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

void
test_wait (TestCondition func,
           gpointer data)
{
  gboolean late = FALSE;
  guint id = g_timeout_add_seconds (DEADLINE_SECONDS, passed_cb, &late);

  while (!func (data) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (id);
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

gboolean
test_has_text (GtkWidget *widget,
               const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child) && gtk_widget_get_child_visible (child) && test_has_text (child, text))
      return TRUE;
  return FALSE;
}

void
test_shoot (GtkWindow *window,
            const char *file)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (window));
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (GTK_WIDGET (window)), gtk_widget_get_height (GTK_WIDGET (window)));
  node = gtk_snapshot_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, NULL);
  g_assert_true (gdk_texture_save_to_png (texture, file));
}

GtkWidget *
test_find_button (GtkWidget *widget,
                  const char *label)
{
  for (guint i = 0; i < test_count (widget, "GtkButton"); i++)
    {
      GtkWidget *button = test_find_nth (widget, "GtkButton", i);

      if (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) == 0)
        return button;
    }
  return NULL;
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
  return test_find (GTK_WIDGET (panel->window), type_name);
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
