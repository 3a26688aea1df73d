/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-display"

#include "config.h"

#include "display/tempo-display-monitors.h"
#include "display/tempo-display-window.h"

#include <glib/gi18n.h>

#define SHOWN_SECONDS 5

static void
destroy_window_cb (gpointer window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (window);
}

static GtkWidget *
make_card (GdkMonitor *monitor, guint number)
{
  g_autofree char *name = tempo_display_monitor_name (monitor);
  g_autofree char *digits = g_strdup_printf ("%u", number);
  g_autofree char *size = NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *big = gtk_label_new (digits);
  GtkWidget *small = gtk_label_new (name);
  GdkRectangle area;

  gdk_monitor_get_geometry (monitor, &area);
  /* Translators: the size of a screen in pixels, width then height */
  size = g_strdup_printf (C_ ("display", "%d × %d"), area.width, area.height);
  gtk_widget_add_css_class (big, "tempo-identify-number");
  gtk_widget_add_css_class (small, "title-1");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), big);
  gtk_box_append (GTK_BOX (box), small);
  gtk_box_append (GTK_BOX (box), gtk_label_new (size));
  return box;
}

/**
 * tempo_display_identify:
 *
 * Tells the screens apart by showing each its own number. The windows go by
 * themselves; a second call while they stand shows them again, harmlessly.
 */
void
tempo_display_identify (void)
{
  GListModel *monitors = gdk_display_get_monitors (gdk_display_get_default ());
  g_autoptr (GtkCssProvider) css = gtk_css_provider_new ();

  gtk_css_provider_load_from_data (css, ".tempo-identify-number { font-size: 240px; font-weight: 800; }", -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (css),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);

  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++)
    {
      g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);
      GtkWidget *window = gtk_window_new ();

      gtk_window_set_title (GTK_WINDOW (window), _ ("Screen"));
      gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
      gtk_window_set_child (GTK_WINDOW (window), make_card (monitor, i + 1));
      gtk_window_fullscreen_on_monitor (GTK_WINDOW (window), monitor);
      gtk_window_present (GTK_WINDOW (window));
      g_timeout_add_once (SHOWN_SECONDS * 1000, destroy_window_cb, g_object_ref (window));
    }
}
