/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/display/tempo-display-page.h"

#include <glib/gi18n.h>

#include "base/tempo-json.h"
#include "display/tempo-display-monitors.h"
#include "display/tempo-display-window.h"
#include "panel/common/tempo-code-view.h"
#include "panel/common/tempo-entry.h"
#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-words.h"

struct _TempoDisplayPage
{
  AdwBin parent_instance;

  TempoDesk *desk;               /* (owned) (nullable) */
  GSettings *settings;           /* (owned) */
  TempoDisplayMonitors *monitors; /* (owned) */
  TempoDisplayWindow *projector; /* (nullable) (weak) */
  GPtrArray *screen_rows;        /* (owned) (element GtkWidget) */
  GPtrArray *browser_rows;       /* (owned) (element GtkWidget) */
  char *organization_id;         /* (owned) (nullable) whose displays were read */
  gboolean updating;

  TempoCodeView *code;
  GtkLabel *join_text;
  AdwPreferencesGroup *screens;
  AdwPreferencesGroup *browsers;
  GtkWidget *browser_name;
  GtkWidget *ssid;
  GtkWidget *password;
  GtkSwitch *wifi_shown;
};

G_DEFINE_FINAL_TYPE (TempoDisplayPage, tempo_display_page, ADW_TYPE_BIN)

static void list_browsers (TempoDisplayPage *self);

static void
update (TempoDisplayPage *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);

  if (view == NULL)
    return;
  self->updating = TRUE;
  tempo_code_view_set_text (self->code, view->join_url);
  gtk_label_set_text (self->join_text, view->join_text != NULL ? view->join_text : "");
  tempo_entry_show (self->ssid, view->room->wifi_ssid);
  tempo_entry_show (self->password, view->room->wifi_password);
  gtk_switch_set_active (self->wifi_shown, view->wifi_shown);
  gtk_widget_set_sensitive (GTK_WIDGET (self->wifi_shown),
                            view->room->wifi_ssid != NULL && *view->room->wifi_ssid != '\0');
  self->updating = FALSE;
  if (g_strcmp0 (self->organization_id, view->organization->id) != 0)
    {
      g_free (self->organization_id);
      self->organization_id = g_strdup (view->organization->id);
      list_browsers (self);
    }
}

static void
open_projector (TempoDisplayPage *self,
                const char *monitor)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  gpointer source = tempo_link_get_monitor (tempo_desk_get_link (self->desk));

  if (view == NULL)
    return;
  if (self->projector == NULL)
    {
      TempoDisplayWindow *window = source != NULL ? tempo_display_window_new (source) : tempo_display_window_new_for_view (view);

      g_set_weak_pointer (&self->projector, window);
    }
  g_settings_set_string (self->settings, "monitor", monitor != NULL ? monitor : "");
  tempo_display_window_show_on (self->projector, monitor);
}

static void
show_here_cb (TempoDisplayPage *self,
              GtkWidget *button)
{
  open_projector (self, g_object_get_data (G_OBJECT (button), "monitor"));
}

static void
add_screen_row (TempoDisplayPage *self,
                const char *name,
                const char *title,
                const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_label (_("Show Here"));
  /* Translators: %s is the name of a screen. */
  g_autofree char *label = g_strdup_printf (_("Show the display on %s"), title);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (button), "monitor", g_strdup (name), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (show_here_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (self->screens, row);
  g_ptr_array_add (self->screen_rows, row);
}

static void
fill_screens (TempoDisplayPage *self)
{
  GListModel *monitors = tempo_display_monitors_get_list (self->monitors);

  for (guint i = 0; i < self->screen_rows->len; i++)
    adw_preferences_group_remove (self->screens, g_ptr_array_index (self->screen_rows, i));
  g_ptr_array_set_size (self->screen_rows, 0);
  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++)
    {
      g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);
      g_autofree char *name = tempo_display_monitor_name (monitor);
      GdkRectangle size;
      g_autofree char *subtitle = NULL;

      gdk_monitor_get_geometry (monitor, &size);
      /* Translators: the width and height of a screen. */
      subtitle = g_strdup_printf (C_ ("screen", "%d × %d"), size.width, size.height);
      add_screen_row (self, name, name, subtitle);
    }
  add_screen_row (self, NULL, _("In a window"), _("To try it, or to move it by hand"));
}

static void
copy_clicked_cb (TempoDisplayPage *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);

  if (view != NULL && view->join_url != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), view->join_url);
}

static void
identify_clicked_cb (TempoDisplayPage *self)
{
  tempo_display_identify ();
}

static char *
make_display_address (TempoRoomView *view,
                      const char *token)
{
  g_autoptr (GUri) uri = view->join_url != NULL ? g_uri_parse (view->join_url, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autofree char *path = g_strconcat ("/d/", token, NULL);
  g_autoptr (GUri) display = NULL;

  if (uri == NULL)
    return g_steal_pointer (&path);
  display = g_uri_build (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                         g_uri_get_port (uri), path, NULL, NULL);
  return g_uri_to_string (display);
}

static void
copy_row_cb (GtkWidget *row)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (row), g_object_get_data (G_OBJECT (row), "address"));
}

static void
remove_browser_row (TempoDisplayPage *self,
                    GtkWidget *row)
{
  /* It may have gone with the organization while the answer was on its way. */
  if (self->browsers != NULL && g_ptr_array_remove (self->browser_rows, row))
    adw_preferences_group_remove (self->browsers, row);
}

static void
revoked_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GtkWidget) row = user_data;
  g_autoptr (TempoOutcome) outcome = tempo_desk_send_finish (TEMPO_DESK (object), result, NULL);
  GtkWidget *page = gtk_widget_get_ancestor (row, TEMPO_TYPE_DISPLAY_PAGE);

  if (outcome != NULL && page != NULL)
    remove_browser_row (TEMPO_DISPLAY_PAGE (page), row);
}

static void
revoke_row_cb (GtkWidget *row)
{
  GtkWidget *page = gtk_widget_get_ancestor (row, TEMPO_TYPE_DISPLAY_PAGE);
  TempoDesk *desk = page != NULL ? TEMPO_DISPLAY_PAGE (page)->desk : NULL;
  TempoCommand *command = desk != NULL ? tempo_desk_command (desk, TEMPO_ACTION_DISPLAY_REVOKE) : NULL;

  if (command == NULL)
    return;
  command->target_id = g_strdup (g_object_get_data (G_OBJECT (row), "display"));
  tempo_desk_send_async (desk, command, revoked_cb, g_object_ref (row));
}

static void
add_copy_button (GtkWidget *row,
                 const char *address)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Copy address"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Copy address"), -1);
  g_object_set_data_full (G_OBJECT (row), "address", g_strdup (address), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (copy_row_cb), row, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

/* @address: (nullable): it holds a secret that is only known when it is made, and gone when Tempo closes. */
static void
add_browser_row (TempoDisplayPage *self,
                 const char *id,
                 const char *name,
                 const char *address)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *revoke = gtk_button_new_with_label (_("Revoke"));
  /* Translators: %s is the name of a display in a browser. */
  g_autofree char *label = g_strdup_printf (_("Revoke the address of %s"), name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), address != NULL ? address : "");
  g_object_set_data_full (G_OBJECT (row), "display", g_strdup (id), g_free);
  gtk_widget_set_valign (revoke, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (revoke), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (revoke, "clicked", G_CALLBACK (revoke_row_cb), row, G_CONNECT_SWAPPED);
  if (address != NULL)
    add_copy_button (row, address);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), revoke);
  adw_preferences_group_add (self->browsers, row);
  g_ptr_array_add (self->browser_rows, row);
}

static void
browsers_listed_cb (GObject *object,
                    GAsyncResult *result,
                    gpointer user_data)
{
  g_autoptr (TempoDisplayPage) self = user_data;
  g_autoptr (GBytes) bytes = tempo_link_list_finish (TEMPO_LINK (object), result, NULL);
  g_autoptr (JsonObject) answer = NULL;
  JsonNode *displays;
  JsonArray *list;

  if (bytes == NULL || self->browsers == NULL)
    return;
  answer = tempo_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
  displays = answer != NULL ? json_object_get_member (answer, "displays") : NULL;
  if (displays == NULL || !JSON_NODE_HOLDS_ARRAY (displays))
    return;
  while (self->browser_rows->len > 0)
    remove_browser_row (self, g_ptr_array_index (self->browser_rows, 0));
  list = json_node_get_array (displays);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *display = json_array_get_object_element (list, i);

      add_browser_row (self, tempo_json_get_string (display, "id", 64, "", NULL),
                       tempo_json_get_string (display, "name", 200, "", NULL), NULL);
    }
}

static void
list_browsers (TempoDisplayPage *self)
{
  tempo_link_list_async (tempo_desk_get_link (self->desk), "displays", NULL, browsers_listed_cb,
                         g_object_ref (self));
}

static void
browser_made_cb (GObject *object,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (TempoDisplayPage) self = user_data;
  g_autoptr (TempoOutcome) outcome = tempo_desk_send_finish (TEMPO_DESK (object), result, NULL);
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;

  if (outcome == NULL || outcome->token == NULL || view == NULL)
    return;
  name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->browser_name)));
  address = make_display_address (view, outcome->token);
  add_browser_row (self, outcome->target_id, name, address);
  gtk_editable_set_text (GTK_EDITABLE (self->browser_name), "");
}

static void
browser_applied_cb (TempoDisplayPage *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->browser_name))));
  TempoCommand *command = *name != '\0' ? tempo_desk_command (self->desk, TEMPO_ACTION_DISPLAY_CREATE) : NULL;

  if (command == NULL)
    return;
  command->name = g_steal_pointer (&name);
  tempo_desk_send_async (self->desk, command, browser_made_cb, g_object_ref (self));
}

static void
send_text (TempoDisplayPage *self,
           const char *key,
           GtkWidget *row)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, gtk_editable_get_text (GTK_EDITABLE (row)));
  tempo_desk_set_setting (self->desk, TRUE, key, node);
}

static void
ssid_applied_cb (TempoDisplayPage *self)
{
  send_text (self, "wifiSsid", self->ssid);
}

static void
password_applied_cb (TempoDisplayPage *self)
{
  send_text (self, "wifiPassword", self->password);
}

static void
wifi_shown_changed_cb (TempoDisplayPage *self)
{
  JsonNode *node;

  if (self->updating || self->desk == NULL)
    return;
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_boolean (node, gtk_switch_get_active (self->wifi_shown));
  tempo_desk_set_setting (self->desk, TRUE, "wifiShown", node);
}

static void
tempo_display_page_dispose (GObject *object)
{
  TempoDisplayPage *self = TEMPO_DISPLAY_PAGE (object);

  tempo_display_page_set_desk (self, NULL);
  g_clear_weak_pointer (&self->projector);
  g_clear_object (&self->settings);
  g_clear_object (&self->monitors);
  g_clear_pointer (&self->screen_rows, g_ptr_array_unref);
  g_clear_pointer (&self->browser_rows, g_ptr_array_unref);
  g_clear_pointer (&self->organization_id, g_free);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_DISPLAY_PAGE);

  G_OBJECT_CLASS (tempo_display_page_parent_class)->dispose (object);
}

static void
tempo_display_page_class_init (TempoDisplayPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_display_page_dispose;

  g_type_ensure (TEMPO_TYPE_CODE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/display/tempo-display-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoDisplayPage, code);
  gtk_widget_class_bind_template_child (widget_class, TempoDisplayPage, join_text);
  gtk_widget_class_bind_template_child (widget_class, TempoDisplayPage, screens);
  gtk_widget_class_bind_template_child (widget_class, TempoDisplayPage, browsers);
  gtk_widget_class_bind_template_child (widget_class, TempoDisplayPage, browser_name);
  gtk_widget_class_bind_template_child (widget_class, TempoDisplayPage, ssid);
  gtk_widget_class_bind_template_child (widget_class, TempoDisplayPage, password);
  gtk_widget_class_bind_template_child (widget_class, TempoDisplayPage, wifi_shown);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, identify_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, browser_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, ssid_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, wifi_shown_changed_cb);
}

static void
tempo_display_page_init (TempoDisplayPage *self)
{
  self->settings = g_settings_new (TEMPO_APP_ID);
  self->screen_rows = g_ptr_array_new ();
  self->browser_rows = g_ptr_array_new ();
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
  self->monitors = tempo_display_monitors_new (gtk_widget_get_display (GTK_WIDGET (self)));
  fill_screens (self);
  g_signal_connect_object (self->monitors, "changed", G_CALLBACK (fill_screens), self, G_CONNECT_SWAPPED);
}

/* Shows how to join the room of @desk. When the desk goes,
 * the projector window goes too.
 */
void
tempo_display_page_set_desk (TempoDisplayPage *self,
                             TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_DISPLAY_PAGE (self));

  if (self->desk != desk && self->projector != NULL)
    gtk_window_destroy (GTK_WINDOW (self->projector));
  tempo_follow (&self->desk, desk, "notify::view", G_CALLBACK (update), self);
}

/* One click from the first run and the menu: the screen that was used last,
 * else the second one there is, else a window.
 */
void
tempo_display_page_show_projector (TempoDisplayPage *self)
{
  GListModel *monitors;
  g_autofree char *name = NULL;

  g_return_if_fail (TEMPO_IS_DISPLAY_PAGE (self));

  monitors = tempo_display_monitors_get_list (self->monitors);
  name = g_settings_get_string (self->settings, "monitor");
  if (*name == '\0')
    {
      g_clear_pointer (&name, g_free);
      if (g_list_model_get_n_items (monitors) > 1)
        {
          g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, 1);

          name = tempo_display_monitor_name (monitor);
        }
    }
  open_projector (self, name);
}
