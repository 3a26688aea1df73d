/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/window/tempo-window.h"

#include <glib/gi18n.h>

#include "model/tempo-refusal.h"
#include "panel/common/tempo-frame.h"
#include "panel/common/tempo-words.h"
#include "panel/window/tempo-window-private.h"

G_DEFINE_FINAL_TYPE (TempoWindow, tempo_window, ADW_TYPE_APPLICATION_WINDOW)

/* As in the template. */
#define WIDE 900

static const struct
{
  const char *name;
  const char *icon;
  const char *label;
} places[] = {
  { "tonight", "audio-x-generic-symbolic", NC_("place", "Tonight") },
  { "room", "audio-speakers-symbolic", NC_("place", "Room") },
  { "music", "multimedia-player-symbolic", NC_("place", "Music") },
  { "history", "document-open-recent-symbolic", NC_("place", "History") },
  { "stats", "x-office-spreadsheet-symbolic", NC_("place", "Statistics") },
  { "log", "view-list-symbolic", NC_("place", "Log") },
  { "guests", "system-users-symbolic", NC_("place", "Guests") },
  { "people", "avatar-default-symbolic", NC_("place", "People") },
  { "display", "video-display-symbolic", NC_("place", "Display") },
  { "settings", "emblem-system-symbolic", NC_("place", "Settings") },
};

static const char *
get_place_label (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_strcmp0 (places[i].name, name) == 0)
      return g_dpgettext2 (NULL, "place", places[i].label);
  return "";
}

static GtkWidget *
make_side_row (const char *icon,
               const char *label)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_label_new (label);

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon));
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  gtk_label_set_ellipsize (GTK_LABEL (words), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), words);
  return box;
}

static void
select_place_row (TempoWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_strcmp0 (places[i].name, self->place) == 0)
      gtk_list_box_select_row (self->places, gtk_list_box_get_row_at_index (self->places, (int) i));
}

/* Night and paper: Adwaita's greys, a little warmer. High contrast keeps Adwaita's own. */
static const char night[] = "@define-color window_bg_color #16141d;\n@define-color view_bg_color #1c1925;\n"
                            "@define-color headerbar_bg_color #1f1c29;\n@define-color popover_bg_color #292535;\n"
                            "@define-color dialog_bg_color #292535;\n@define-color headerbar_backdrop_color #16141d;\n";
static const char paper[] = "@define-color window_bg_color #fbfaf7;\n@define-color headerbar_bg_color #f2f0ea;\n"
                            "@define-color headerbar_backdrop_color #fbfaf7;\n";

/* One accent, the venue's: Adwaita's named colours are set to it, and the text on it
 * is computed, because an owner's yellow would make white words vanish. */
static void
apply_accent (TempoWindow *self,
              const char *accent)
{
  static GtkCssProvider *provider;
  AdwStyleManager *style = adw_style_manager_get_default ();
  gboolean dark = adw_style_manager_get_dark (style);
  g_autofree char *readable = NULL;
  g_autofree char *css = NULL;
  GdkRGBA colour;
  double light;

  if (accent == NULL || !gdk_rgba_parse (&colour, accent))
    accent = TEMPO_DEFAULT_ACCENT;
  gdk_rgba_parse (&colour, accent);
  light = 0.2126 * (double) colour.red + 0.7152 * (double) colour.green + 0.0722 * (double) colour.blue;
  readable = tempo_colour_readable (accent, dark ? "#1c1925" : "#f2f0ea");
  css = g_strdup_printf ("%s@define-color accent_bg_color %s;\n@define-color accent_fg_color %s;\n@define-color accent_color %s;\n",
                         adw_style_manager_get_high_contrast (style) ? "" : dark ? night : paper,
                         accent, light > 0.45 ? "rgba(0,0,0,0.87)" : "#ffffff", readable);
  if (g_strcmp0 (css, self->css) == 0)
    return;
  g_free (self->css);
  self->css = g_steal_pointer (&css);
  if (provider == NULL)
    {
      provider = gtk_css_provider_new ();
      gtk_style_context_add_provider_for_display (gtk_widget_get_display (GTK_WIDGET (self)),
                                                  GTK_STYLE_PROVIDER (provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
    }
  gtk_css_provider_load_from_data (provider, self->css, -1);
}

static void
dark_changed_cb (TempoWindow *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;

  apply_accent (self, view != NULL ? view->organization->accent : NULL);
}

static void
show_titles (TempoWindow *self,
             TempoRoomView *view)
{
  gboolean at_tonight = g_str_equal (self->place, "tonight");
  const char *event = view->event != NULL ? view->event->name : _("Doors closed");

  adw_window_title_set_title (self->venue_title, view->organization->name);
  adw_window_title_set_title (self->room_title, at_tonight ? view->room->name : get_place_label (self->place));
  adw_window_title_set_subtitle (self->room_title, at_tonight ? event : "");
  gtk_label_set_text (self->address, view->join_text != NULL ? view->join_text : "");
  gtk_window_set_title (GTK_WINDOW (self), view->organization->name);
  gtk_widget_set_visible (self->open_button, view->event == NULL && !self->narrow && !at_tonight);
}

static void
select_room_row (TempoWindow *self,
                 const char *room_id)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->rooms, i)) != NULL; i++)
    if (g_strcmp0 (g_object_get_data (G_OBJECT (row), "room-id"), room_id) == 0)
      gtk_list_box_select_row (self->rooms, row);
}

/* Whoever is at the list with the keys stays in the sidebar when its rows are made anew. */
static void
refocus (TempoWindow *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->rooms);

  if (row == NULL || !gtk_widget_get_visible (GTK_WIDGET (self->rooms)))
    row = gtk_list_box_get_selected_row (self->places);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
add_room_rows (TempoWindow *self,
               TempoOrganization *organization,
               const char *heading)
{
  g_autoptr (GPtrArray) rooms = tempo_link_list_rooms_of (tempo_desk_get_link (self->desk), organization->id);
  GtkListBoxRow *row;

  for (guint i = 0; i < rooms->len; i++)
    {
      TempoRoomInfo *room = g_ptr_array_index (rooms, i);
      GtkWidget *child = make_side_row ("audio-speakers-symbolic", room->name);

      if (!room->active)
        continue;
      gtk_list_box_append (self->rooms, child);
      row = GTK_LIST_BOX_ROW (gtk_widget_get_parent (child));
      g_object_set_data_full (G_OBJECT (row), "room-id", g_strdup (room->id), g_free);
      g_object_set_data_full (G_OBJECT (row), "heading", g_strdup (heading), g_free);
    }
}

/* The name of the house above its rooms, where there are several houses. */
static void
head_room_cb (GtkListBoxRow *row,
              GtkListBoxRow *before,
              gpointer user_data)
{
  const char *heading = g_object_get_data (G_OBJECT (row), "heading");
  const char *last = before != NULL ? g_object_get_data (G_OBJECT (before), "heading") : NULL;
  GtkWidget *label;

  if (heading == NULL || g_strcmp0 (heading, last) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  label = gtk_label_new (heading);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "side-heading");
  gtk_list_box_row_set_header (row, label);
}

/* With one organization and one room the list of rooms does not exist. */
static void
fill_rooms (TempoWindow *self)
{
  TempoLink *link = tempo_desk_get_link (self->desk);
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  g_autoptr (GPtrArray) rooms = tempo_link_list_rooms (link);
  g_autoptr (GPtrArray) organizations = tempo_link_list_organizations (link);
  g_autoptr (GString) shown = g_string_new (NULL);
  GtkListBoxRow *row;
  gboolean focused = FALSE;

  for (guint i = 0; i < rooms->len; i++)
    {
      TempoRoomInfo *room = g_ptr_array_index (rooms, i);

      g_string_append_printf (shown, "%s %s\n", room->id, room->name);
    }
  for (guint i = 0; i < organizations->len; i++)
    g_string_append_printf (shown, "%s\n", ((TempoOrganization *) g_ptr_array_index (organizations, i))->name);
  if (g_strcmp0 (shown->str, self->shown_rooms) != 0)
    {
      g_free (self->shown_rooms);
      self->shown_rooms = g_strdup (shown->str);
      focused = gtk_widget_get_focus_child (GTK_WIDGET (self->rooms)) != NULL;
      while ((row = gtk_list_box_get_row_at_index (self->rooms, 0)) != NULL)
        gtk_list_box_remove (self->rooms, GTK_WIDGET (row));
      gtk_widget_set_visible (GTK_WIDGET (self->rooms), rooms->len > 1);
      for (guint i = 0; rooms->len > 1 && i < organizations->len; i++)
        {
          TempoOrganization *organization = g_ptr_array_index (organizations, i);

          if (organization->active)
            add_room_rows (self, organization, organizations->len > 1 ? organization->name : NULL);
        }
      gtk_list_box_invalidate_headers (self->rooms);
    }
  if (view != NULL)
    select_room_row (self, view->room->id);
  if (focused)
    refocus (self);
}

/**
 * tempo_window_update:
 * @self: a window
 *
 * Shows the newest view.
 */
void
tempo_window_update (TempoWindow *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);

  if (view == NULL)
    return;
  show_titles (self, view);
  fill_rooms (self);
  apply_accent (self, view->organization->accent);
  adw_view_stack_page_set_badge_number (self->inbox_tab, view->inbox->len);
  adw_view_stack_page_set_needs_attention (self->inbox_tab, view->inbox->len > 0);
  tempo_window_tell_trouble (self);
  tempo_window_update_actions (self);
}

/* Whoever closed an organization in another window comes back here. */
static void
active_changed_cb (TempoWindow *self)
{
  if (self->desk != NULL && tempo_desk_get_view (self->desk) != NULL && gtk_window_is_active (GTK_WINDOW (self)))
    fill_rooms (self);
}

static void
room_activated_cb (TempoWindow *self,
                   GtkListBoxRow *row)
{
  const char *room_id = g_object_get_data (G_OBJECT (row), "room-id");

  tempo_link_open_room (tempo_desk_get_link (self->desk), room_id);
  g_settings_set_string (self->settings, "last-room", room_id);
  tempo_window_show_place (self, "tonight");
}

static void
place_activated_cb (TempoWindow *self,
                    GtkListBoxRow *row)
{
  tempo_window_show_place (self, places[gtk_list_box_row_get_index (row)].name);
}

/* The tab that stands for where we are. */
static const char *
get_tab (TempoWindow *self)
{
  if (g_str_equal (self->place, "room"))
    return "room";
  if (!g_str_equal (self->place, "tonight"))
    return "more";
  return adw_leaflet_get_visible_child (self->tonight) == GTK_WIDGET (self->queue) ? "queue" : "inbox";
}

static void
follow_place (TempoWindow *self)
{
  gboolean at_sidebar = self->narrow && adw_leaflet_get_visible_child (self->outer) == self->sidebar;

  self->following = TRUE;
  adw_view_stack_set_visible_child_name (self->tabs, at_sidebar ? "more" : get_tab (self));
  self->following = FALSE;
  gtk_widget_set_visible (self->back_button, self->narrow && g_str_equal (get_tab (self), "more"));
  /* There is no room for the switch beside the way back. */
  gtk_widget_set_visible (self->switch_box, !gtk_widget_get_visible (self->back_button));
}

static void
tab_changed_cb (TempoWindow *self)
{
  const char *tab = adw_view_stack_get_visible_child_name (self->tabs);

  if (self->following || self->place == NULL)
    return;
  if (g_strcmp0 (tab, "more") == 0)
    {
      adw_leaflet_set_visible_child (self->outer, self->sidebar);
      return;
    }
  if (g_strcmp0 (tab, "queue") == 0)
    adw_leaflet_set_visible_child (self->tonight, GTK_WIDGET (self->queue));
  else if (g_strcmp0 (tab, "inbox") == 0)
    adw_leaflet_set_visible_child (self->tonight, GTK_WIDGET (self->inbox));
  tempo_window_show_place (self, g_strcmp0 (tab, "room") == 0 ? "room" : "tonight");
}

static void
leaflet_changed_cb (TempoWindow *self)
{
  if (self->place != NULL)
    follow_place (self);
}

static void
set_narrow (TempoWindow *self,
            gboolean narrow)
{
  self->narrow = narrow;
  adw_leaflet_set_can_unfold (self->outer, !narrow);
  adw_leaflet_set_can_unfold (self->tonight, !narrow);
  adw_leaflet_set_visible_child (self->outer, self->content);
  adw_view_switcher_bar_set_reveal (self->tab_bar, narrow);
  tempo_player_bar_set_narrow (self->player, narrow);
  tempo_health_button_set_narrow (self->health_button, narrow);
  gtk_widget_set_visible (self->find_button, !narrow);
  if (self->desk != NULL && tempo_desk_get_view (self->desk) != NULL)
    show_titles (self, tempo_desk_get_view (self->desk));
  adw_header_bar_set_decoration_layout (self->header, narrow ? ":close" : NULL);
  for (guint i = 0; i < 2; i++)
    gtk_widget_set_visible (GTK_WIDGET (gtk_list_box_get_row_at_index (self->places, (int) i)), !narrow);
  follow_place (self);
}

static gboolean
adapt_in_idle (gpointer data)
{
  TempoWindow *self = data;
  gboolean narrow = adw_squeezer_get_visible_child (self->width_probe) != self->wide_probe;

  self->adapt_id = 0;
  if (narrow != self->narrow)
    set_narrow (self, narrow);
  return G_SOURCE_REMOVE;
}

/* Before the window is shown its default width is all there is to go by: the wide
 * form would make a narrow window grow. */
static void
default_width_changed_cb (TempoWindow *self)
{
  int width = 0;
  int height = 0;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) && width > 0)
    set_narrow (self, width < WIDE);
}

/* Comes in the middle of an allocation, where nothing may be shown or hidden. */
static void
width_changed_cb (TempoWindow *self)
{
  if (self->adapt_id == 0)
    self->adapt_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, adapt_in_idle, self, NULL);
}

/* The probe says nothing when it is wide from the first; the window may be narrow still, from the width it had before it
 * was maximized. */
static void
first_shown_cb (GtkWidget *widget)
{
  width_changed_cb (TEMPO_WINDOW (widget));
}

static void
tempo_window_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tempo_window_parent_class)->map (widget);

  tempo_frame_after_layout (widget, first_shown_cb);
}

static void
done_cb (TempoWindow *self,
         TempoCommand *command,
         TempoOutcome *outcome)
{
  g_autofree char *text = tempo_words_done (command, outcome);

  /* A new room is no news to the view of the one that is open. */
  fill_rooms (self);
  if (text == NULL)
    return;
  if (outcome->can_undo && command->action != TEMPO_ACTION_UNDO)
    tempo_window_say (self, text, _("Undo"), "win.undo");
  else
    tempo_window_say (self, text, NULL, NULL);
}

static void
refused_cb (TempoWindow *self,
            TempoCommand *command,
            GError *error)
{
  g_autofree char *text = tempo_words_refusal (error);

  if (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_STORAGE))
    tempo_notice_show (self->notice, text, _("Open the Folder"), "app.open-data-folder");
  else if (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_SOURCE))
    tempo_notice_show (self->notice, text, _("Choose Music"), "win.show-music");
  else
    tempo_window_say (self, text, NULL, NULL);
}

static void
setup_finished_cb (TempoWindow *self)
{
  g_settings_set_boolean (self->settings, "first-run-done", TRUE);
  tempo_window_show_ready (self);
}

static void
set_desk (TempoWindow *self,
          TempoDesk *desk)
{
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_set_object (&self->desk, desk);
  tempo_setup_set_desk (self->setup, desk);
  tempo_switch_button_set_desk (self->switch_button, desk);
  tempo_health_button_set_desk (self->health_button, desk);
  tempo_inbox_set_desk (self->inbox, desk);
  tempo_queue_set_desk (self->queue, desk);
  tempo_room_page_set_desk (self->room_page, desk);
  tempo_music_page_set_desk (self->music_page, desk);
  tempo_history_page_set_desk (self->history_page, desk);
  tempo_stats_page_set_desk (self->stats_page, desk);
  tempo_log_page_set_desk (self->log_page, desk);
  tempo_people_page_set_desk (self->people_page, desk);
  tempo_guests_page_set_desk (self->guests_page, desk);
  tempo_display_page_set_desk (self->display_page, desk);
  tempo_settings_page_set_desk (self->settings_page, desk);
  tempo_player_bar_set_desk (self->player, desk);
  tempo_lock_page_set_desk (self->lock_page, desk);
  if (desk == NULL)
    return;
  g_signal_connect_swapped (desk, "notify::view", G_CALLBACK (tempo_window_update), self);
  g_signal_connect_swapped (desk, "done", G_CALLBACK (done_cb), self);
  g_signal_connect_swapped (desk, "refused", G_CALLBACK (refused_cb), self);
}

/* Space plays or pauses unless something with the keyboard has its own use for it. */
static gboolean
space_cb (GtkWidget *widget,
          GVariant *args,
          gpointer user_data)
{
  TempoWindow *self = TEMPO_WINDOW (widget);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (self->locked)
    return FALSE;
  if (focus != NULL
      && (GTK_IS_EDITABLE (focus) || GTK_IS_TEXT (focus) || GTK_IS_TEXT_VIEW (focus) || GTK_IS_BUTTON (focus)
          || GTK_IS_SWITCH (focus) || GTK_IS_CHECK_BUTTON (focus) || GTK_IS_LIST_BOX_ROW (focus)))
    return FALSE;
  return gtk_widget_activate_action (GTK_WIDGET (self->player), "player.play-pause", NULL);
}

static void
tempo_window_dispose (GObject *object)
{
  TempoWindow *self = TEMPO_WINDOW (object);

  g_clear_handle_id (&self->adapt_id, g_source_remove);
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_clear_handle_id (&self->unopened_id, g_source_remove);
  if (self->setup != NULL)
    set_desk (self, NULL);
  g_clear_weak_pointer (&self->toast);
  g_clear_weak_pointer (&self->ending);
  g_clear_weak_pointer (&self->dialog);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->place, g_free);
  g_clear_pointer (&self->trouble, g_free);
  g_clear_pointer (&self->css, g_free);
  g_clear_pointer (&self->shown_rooms, g_free);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_WINDOW);

  G_OBJECT_CLASS (tempo_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, root);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, failed);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, setup);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, lock_page);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, width_probe);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, wide_probe);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, outer);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, content);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, venue_title);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, room_title);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, rooms);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, places);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, address);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, header);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, open_button);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, switch_button);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, find_button);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, switch_box);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, health_button);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, notice);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, tonight);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, inbox);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, queue);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, room_page);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, history_page);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, music_page);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, stats_page);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, log_page);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, people_page);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, guests_page);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, display_page);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, settings_page);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, player);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, tabs);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, inbox_tab);
  gtk_widget_class_bind_template_child (widget_class, TempoWindow, tab_bar);
}

static void
tempo_window_class_init (TempoWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_window_dispose;
  widget_class->map = tempo_window_map;

  g_type_ensure (TEMPO_TYPE_SETUP);
  g_type_ensure (TEMPO_TYPE_LOCK_PAGE);
  g_type_ensure (TEMPO_TYPE_SWITCH_BUTTON);
  g_type_ensure (TEMPO_TYPE_HEALTH_BUTTON);
  g_type_ensure (TEMPO_TYPE_NOTICE);
  g_type_ensure (TEMPO_TYPE_INBOX);
  g_type_ensure (TEMPO_TYPE_QUEUE);
  g_type_ensure (TEMPO_TYPE_ROOM_PAGE);
  g_type_ensure (TEMPO_TYPE_HISTORY_PAGE);
  g_type_ensure (TEMPO_TYPE_MUSIC_PAGE);
  g_type_ensure (TEMPO_TYPE_STATS_PAGE);
  g_type_ensure (TEMPO_TYPE_LOG_PAGE);
  g_type_ensure (TEMPO_TYPE_PEOPLE_PAGE);
  g_type_ensure (TEMPO_TYPE_GUESTS_PAGE);
  g_type_ensure (TEMPO_TYPE_DISPLAY_PAGE);
  g_type_ensure (TEMPO_TYPE_SETTINGS_PAGE);
  g_type_ensure (TEMPO_TYPE_PLAYER_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/window/tempo-window.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, width_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, leaflet_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, room_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, tab_changed_cb);
  tempo_window_install_actions (widget_class);
}

static void
add_space_shortcut (TempoWindow *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_space, 0),
                                                          gtk_callback_action_new (space_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
tempo_window_init (TempoWindow *self)
{
  self->settings = g_settings_new (TEMPO_APP_ID);
  /* Where this is on, a label of GTK 4.8 that gets the focus looks at the widget that had it, which is freed by then
   * if it was a row taken out of a list. */
  g_object_set (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-label-select-on-focus", FALSE, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    gtk_list_box_append (self->places, make_side_row (places[i].icon, get_place_label (places[i].name)));
  gtk_list_box_set_header_func (self->rooms, head_room_cb, NULL, NULL);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_changed_cb), NULL);
  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (dark_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast",
                           G_CALLBACK (dark_changed_cb), self, G_CONNECT_SWAPPED);
  dark_changed_cb (self);
  g_signal_connect_swapped (self->setup, "finished", G_CALLBACK (setup_finished_cb), self);
  add_space_shortcut (self);
  tempo_window_init_lock (self);
  tempo_window_show_place (self, "tonight");
  g_signal_connect (self, "notify::default-width", G_CALLBACK (default_width_changed_cb), NULL);
  default_width_changed_cb (self);
}

/* A window for @desk that says "starting" until tempo_window_show_ready()
 * is called. Without an application (tests) app actions do nothing.
 */
TempoWindow *
tempo_window_new (GtkApplication *application,
                  TempoDesk *desk)
{
  TempoWindow *self = g_object_new (TEMPO_TYPE_WINDOW, "application", application, NULL);

  set_desk (self, desk);
  tempo_window_note_input (self);
  tempo_window_restore_lock (self);
  tempo_window_show_starting (self);
  tempo_window_update (self);
  return self;
}

/* The desk the window works at,
 * for what is opened from it.
 * (transfer none).
 */
TempoDesk *
tempo_window_get_desk (TempoWindow *self)
{
  g_return_val_if_fail (TEMPO_IS_WINDOW (self), NULL);
  return self->desk;
}

/* Shows that the engine is on its way. It rarely takes
 * long enough to be seen.
 */
void
tempo_window_show_starting (TempoWindow *self)
{
  g_return_if_fail (TEMPO_IS_WINDOW (self));

  gtk_spinner_start (self->spinner);
  tempo_window_show_root (self, "starting");
}

/* Says why the engine did not start, in place of a window full of
 * things that would not work.
 */
void
tempo_window_show_failure (TempoWindow *self,
                           const GError *error)
{
  g_autofree char *text = tempo_words_refusal (error);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_return_if_fail (TEMPO_IS_WINDOW (self));

  gtk_spinner_stop (self->spinner);
  /* The description of a status page is markup. */
  adw_status_page_set_description (self->failed, escaped);
  tempo_window_show_root (self, "failed");
}

/* Opens the room that was open last, or the first there is; with none at all
 * the three pages of the first run.
 */
void
tempo_window_show_ready (TempoWindow *self)
{
  TempoLink *link;
  g_autofree char *last = NULL;

  g_return_if_fail (TEMPO_IS_WINDOW (self));

  gtk_spinner_stop (self->spinner);
  link = tempo_desk_get_link (self->desk);
  /* Only now the engine can be asked. */
  if (self->locked && !tempo_link_has_pin (link))
    tempo_window_set_locked (self, FALSE);
  last = g_settings_get_string (self->settings, "last-room");
  if (tempo_link_get_view (link) == NULL && !(*last != '\0' && tempo_link_open_room (link, last))
      && !tempo_link_open_room (link, NULL))
    {
      if (tempo_window_show_unopened (self))
        return;
      tempo_window_show_root (self, "setup");
      tempo_setup_start (self->setup);
      return;
    }
  fill_rooms (self);
  tempo_window_update (self);
  tempo_window_show_root (self, "main");
}

/* Goes to one of the pages; in a narrow window
 * the tabs follow.
 */
void
tempo_window_show_place (TempoWindow *self,
                         const char *place)
{
  TempoRoomView *view;

  g_return_if_fail (TEMPO_IS_WINDOW (self));

  if (g_strcmp0 (self->place, place) != 0)
    {
      g_free (self->place);
      self->place = g_strdup (place);
    }
  gtk_stack_set_visible_child_name (self->pages, self->place);
  adw_leaflet_set_visible_child (self->outer, self->content);
  select_place_row (self);
  follow_place (self);
  view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
  if (view != NULL)
    show_titles (self, view);
}

/* The page that is shown now.
 * (transfer none).
 */
const char *
tempo_window_get_place (TempoWindow *self)
{
  g_return_val_if_fail (TEMPO_IS_WINDOW (self), NULL);
  return self->place;
}

/* Takes the eye to one request: what a notification and the search do
 * when they are opened.
 */
void
tempo_window_reveal_request (TempoWindow *self,
                             const char *request_id)
{
  g_return_if_fail (TEMPO_IS_WINDOW (self));

  if (tempo_desk_list_find (tempo_desk_get_history (self->desk), request_id, NULL) != NULL)
    {
      tempo_window_show_place (self, "history");
      return;
    }
  tempo_window_show_place (self, "tonight");
  if (tempo_inbox_reveal (self->inbox, request_id))
    adw_leaflet_set_visible_child (self->tonight, GTK_WIDGET (self->inbox));
  else if (tempo_queue_reveal (self->queue, request_id))
    adw_leaflet_set_visible_child (self->tonight, GTK_WIDGET (self->queue));
  follow_place (self);
}

/* Whether the window shows its narrow form,
 * under 900 pixels.
 */
gboolean
tempo_window_get_narrow (TempoWindow *self)
{
  g_return_val_if_fail (TEMPO_IS_WINDOW (self), FALSE);
  return self->narrow;
}
