/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include <glib/gi18n.h>

#include "panel/display/tempo-cards.h"
#include "panel/finder/tempo-finder.h"
#include "panel/selftest/tempo-test-window.h"
#include "panel/house/tempo-house-window.h"
#include "panel/settings/tempo-rules-window.h"
#include "panel/window/tempo-window-private.h"

/* How long the night can be called back after "End the Night". */
#define END_SECONDS 8

static TempoRoomView *
get_view (TempoWindow *self)
{
  return self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
}

/* One dialog at a time; asking again brings it to the front. */
static void
present_dialog (TempoWindow *self,
                GtkWindow *dialog)
{
  if (self->dialog != NULL)
    gtk_window_destroy (self->dialog);
  g_set_weak_pointer (&self->dialog, dialog);
  tempo_window_watch (self, GTK_WIDGET (dialog));
  gtk_window_present (dialog);
}

static void
undo (GtkWidget *widget,
      const char *action_name,
      GVariant *parameter)
{
  TempoWindow *self = TEMPO_WINDOW (widget);

  if (get_view (self) != NULL)
    tempo_desk_act (self->desk, TEMPO_ACTION_UNDO);
}

static void
find_chosen_cb (TempoWindow *self,
                const char *kind,
                const char *id)
{
  if (g_str_equal (kind, "request"))
    tempo_window_reveal_request (self, id);
  else if (g_str_equal (kind, "guest"))
    tempo_window_show_place (self, "guests");
}

static void
open_finder (TempoWindow *self,
             gboolean songs_only)
{
  TempoFinder *finder;

  if (get_view (self) == NULL)
    return;
  finder = tempo_finder_new (GTK_WINDOW (self), self->desk, songs_only);
  g_signal_connect_object (finder, "chosen", G_CALLBACK (find_chosen_cb), self, G_CONNECT_SWAPPED);
  present_dialog (self, GTK_WINDOW (finder));
}

static void
find_anything (GtkWidget *widget,
               const char *action_name,
               GVariant *parameter)
{
  open_finder (TEMPO_WINDOW (widget), FALSE);
}

static void
add_song (GtkWidget *widget,
          const char *action_name,
          GVariant *parameter)
{
  open_finder (TEMPO_WINDOW (widget), TRUE);
}

static void
show_place (GtkWidget *widget,
            const char *action_name,
            GVariant *parameter)
{
  tempo_window_show_place (TEMPO_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
show_display (GtkWidget *widget,
              const char *action_name,
              GVariant *parameter)
{
  tempo_window_show_place (TEMPO_WINDOW (widget), "display");
}

static void
show_projector (GtkWidget *widget,
                const char *action_name,
                GVariant *parameter)
{
  tempo_display_page_show_projector (TEMPO_WINDOW (widget)->display_page);
}

static void
show_music (GtkWidget *widget,
            const char *action_name,
            GVariant *parameter)
{
  tempo_window_show_place (TEMPO_WINDOW (widget), "music");
}

static void
show_settings (GtkWidget *widget,
               const char *action_name,
               GVariant *parameter)
{
  tempo_window_show_place (TEMPO_WINDOW (widget), "settings");
}

static void
show_house (GtkWidget *widget,
            const char *action_name,
            GVariant *parameter)
{
  TempoWindow *self = TEMPO_WINDOW (widget);

  if (get_view (self) != NULL)
    present_dialog (self, GTK_WINDOW (tempo_house_window_new (GTK_WINDOW (self), self->desk)));
}

static void
show_licence (GtkWidget *widget,
              const char *action_name,
              GVariant *parameter)
{
  tempo_window_show_place (TEMPO_WINDOW (widget), "settings");
  tempo_settings_page_begin_licence (TEMPO_WINDOW (widget)->settings_page);
}

static void
go_back (GtkWidget *widget,
         const char *action_name,
         GVariant *parameter)
{
  TempoWindow *self = TEMPO_WINDOW (widget);

  if (self->narrow)
    adw_leaflet_set_visible_child (self->outer, self->sidebar);
  else
    tempo_window_show_place (self, "tonight");
}

static void
show_rules (GtkWidget *widget,
            const char *action_name,
            GVariant *parameter)
{
  TempoWindow *self = TEMPO_WINDOW (widget);

  if (get_view (self) != NULL && get_view (self)->event != NULL)
    present_dialog (self, GTK_WINDOW (tempo_rules_window_new (GTK_WINDOW (self), self->desk)));
}

static void
test_connection (GtkWidget *widget,
                 const char *action_name,
                 GVariant *parameter)
{
  TempoWindow *self = TEMPO_WINDOW (widget);

  if (get_view (self) != NULL)
    present_dialog (self, GTK_WINDOW (tempo_test_window_new (GTK_WINDOW (self), self->desk)));
}

static void
print_cards (GtkWidget *widget,
             const char *action_name,
             GVariant *parameter)
{
  TempoWindow *self = TEMPO_WINDOW (widget);

  if (get_view (self) != NULL)
    tempo_cards_print (GTK_WINDOW (self), self->desk);
}

/* A night needs a name only for the history: the date will do. */
static char *
name_night (gint64 now)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);

  /* Translators: the name of a night, in the form of g_date_time_format(): Friday, 20 November. */
  return g_date_time_format (local, C_ ("event name", "%A, %-d %B"));
}

static void
open_doors (GtkWidget *widget,
            const char *action_name,
            GVariant *parameter)
{
  TempoWindow *self = TEMPO_WINDOW (widget);
  TempoCommand *command;

  if (get_view (self) == NULL || get_view (self)->event != NULL)
    return;
  command = tempo_desk_command (self->desk, TEMPO_ACTION_EVENT_CREATE);
  command->name = name_night (tempo_desk_get_now (self->desk));
  command->flag = TRUE;
  tempo_desk_send (self->desk, command);
}

static void
keep_going_cb (TempoWindow *self)
{
  self->end_cancelled = TRUE;
}

static void
end_dismissed_cb (TempoWindow *self)
{
  g_clear_weak_pointer (&self->ending);
  if (!self->end_cancelled && get_view (self) != NULL)
    tempo_desk_act (self->desk, TEMPO_ACTION_EVENT_END);
}

/* For pages, which do not know the window they are in. */
static void
say (GtkWidget *widget,
     const char *action_name,
     GVariant *parameter)
{
  tempo_window_say (TEMPO_WINDOW (widget), g_variant_get_string (parameter, NULL), NULL, NULL);
}

/* The night ends when the toast goes. If Tempo is closed before, the night is still
 * there the next time: losing it would be worse than ending it twice. */
static void
end_night (GtkWidget *widget,
           const char *action_name,
           GVariant *parameter)
{
  TempoWindow *self = TEMPO_WINDOW (widget);
  AdwToast *toast;

  if (self->ending != NULL || get_view (self) == NULL || get_view (self)->event == NULL)
    return;
  self->end_cancelled = FALSE;
  toast = adw_toast_new (_("The night ends now"));
  adw_toast_set_button_label (toast, _("Keep Going"));
  adw_toast_set_timeout (toast, END_SECONDS);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (keep_going_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (end_dismissed_cb), self, G_CONNECT_SWAPPED);
  g_set_weak_pointer (&self->ending, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
backed_up_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (TempoWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = tempo_link_backup_finish (TEMPO_LINK (object), result, &error);

  if (self->toasts == NULL)
    return;
  if (path == NULL)
    {
      tempo_notice_show (self->notice, _("The backup did not work. Look at the disk, then try again."),
                         _("Back Up Now"), "win.backup");
      return;
    }
  tempo_window_say (self, _("Backed up and checked"), NULL, NULL);
  tempo_settings_page_refresh (self->settings_page);
}

static void
back_up (GtkWidget *widget,
         const char *action_name,
         GVariant *parameter)
{
  TempoWindow *self = TEMPO_WINDOW (widget);

  if (get_view (self) == NULL)
    return;
  tempo_notice_hide (self->notice);
  tempo_link_backup_async (tempo_desk_get_link (self->desk), NULL, backed_up_cb, g_object_ref (self));
}

static void
set_switch (GtkWidget *widget,
            const char *action_name,
            GVariant *parameter)
{
  TempoWindow *self = TEMPO_WINDOW (widget);
  TempoSwitch value;

  if (get_view (self) != NULL && tempo_switch_from_string (g_variant_get_string (parameter, NULL), &value))
    tempo_desk_set_switch (self->desk, value);
}

static void
play_pause (GtkWidget *widget,
            const char *action_name,
            GVariant *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (TEMPO_WINDOW (widget)->player), "player.play-pause", NULL);
}

static void
skip (GtkWidget *widget,
      const char *action_name,
      GVariant *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (TEMPO_WINDOW (widget)->player), "player.skip", NULL);
}

/* A player that went away is there again: its turn comes after the song. */
static void
first_source (GtkWidget *widget,
              const char *action_name,
              GVariant *parameter)
{
  TempoWindow *self = TEMPO_WINDOW (widget);

  if (get_view (self) != NULL)
    tempo_desk_act (self->desk, TEMPO_ACTION_SOURCE);
}

static void
approve_all (GtkWidget *widget,
             const char *action_name,
             GVariant *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (TEMPO_WINDOW (widget)->inbox), "inbox.approve-all", NULL);
}

static void
lock (GtkWidget *widget,
      const char *action_name,
      GVariant *parameter)
{
  tempo_window_lock (TEMPO_WINDOW (widget));
}

/* The actions of the window. Keys are set by the application,
 * so that the shortcuts window and the menus show them.
 */
void
tempo_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.say", "s", say);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, find_anything);
  gtk_widget_class_install_action (widget_class, "win.add", NULL, add_song);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, go_back);
  gtk_widget_class_install_action (widget_class, "win.show-place", "s", show_place);
  gtk_widget_class_install_action (widget_class, "win.show-display", NULL, show_display);
  gtk_widget_class_install_action (widget_class, "win.show-projector", NULL, show_projector);
  gtk_widget_class_install_action (widget_class, "win.show-music", NULL, show_music);
  gtk_widget_class_install_action (widget_class, "win.show-settings", NULL, show_settings);
  gtk_widget_class_install_action (widget_class, "win.first-source", NULL, first_source);
  gtk_widget_class_install_action (widget_class, "win.house", NULL, show_house);
  gtk_widget_class_install_action (widget_class, "win.show-licence", NULL, show_licence);
  gtk_widget_class_install_action (widget_class, "win.rules", NULL, show_rules);
  gtk_widget_class_install_action (widget_class, "win.self-test", NULL, test_connection);
  gtk_widget_class_install_action (widget_class, "win.print-cards", NULL, print_cards);
  gtk_widget_class_install_action (widget_class, "win.open-doors", NULL, open_doors);
  gtk_widget_class_install_action (widget_class, "win.end-night", NULL, end_night);
  gtk_widget_class_install_action (widget_class, "win.backup", NULL, back_up);
  gtk_widget_class_install_action (widget_class, "win.switch", "s", set_switch);
  gtk_widget_class_install_action (widget_class, "win.play-pause", NULL, play_pause);
  gtk_widget_class_install_action (widget_class, "win.skip", NULL, skip);
  gtk_widget_class_install_action (widget_class, "win.approve-all", NULL, approve_all);
  gtk_widget_class_install_action (widget_class, "win.lock", NULL, lock);
}

/* Nothing of the window can be done while it is locked, whatever is added to it later.
 */
void
tempo_window_enable_actions (TempoWindow *self,
                             gboolean enabled)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_GET_CLASS (self);
  GAction *help = g_action_map_lookup_action (G_ACTION_MAP (self), "show-help-overlay");
  const GVariantType *type;
  const char *name;
  const char *property;
  GType owner;

  for (guint i = 0; gtk_widget_class_query_action (widget_class, i, &owner, &name, &type, &property); i++)
    if (owner == TEMPO_TYPE_WINDOW)
      gtk_widget_action_set_enabled (GTK_WIDGET (self), name, enabled);
  if (help != NULL)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (help), enabled);
  if (enabled)
    tempo_window_update_actions (self);
}

/* Says in the menus what makes sense now. What is switched off here
 * cannot be started by its key either.
 */
void
tempo_window_update_actions (TempoWindow *self)
{
  TempoRoomView *view = get_view (self);
  gboolean running = view != NULL && view->event != NULL;
  GtkWidget *widget = GTK_WIDGET (self);

  if (self->locked)
    return;
  gtk_widget_action_set_enabled (widget, "win.undo", view != NULL && view->undo_label != NULL);
  gtk_widget_action_set_enabled (widget, "win.open-doors", view != NULL && !running);
  gtk_widget_action_set_enabled (widget, "win.end-night", running);
  gtk_widget_action_set_enabled (widget, "win.rules", running);
  gtk_widget_action_set_enabled (widget, "win.add", running);
  gtk_widget_action_set_enabled (widget, "win.switch", running);
}

/* One sentence at a time: a second one takes the place of the first,
 * because a queue of toasts tells old news.
 */
void
tempo_window_say (TempoWindow *self,
                  const char *text,
                  const char *label,
                  const char *action)
{
  /* The title of a toast is markup, and songs are called what they are called. */
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast;

  if (self->locked)
    return;
  toast = adw_toast_new (escaped);
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  adw_toast_set_timeout (toast, label != NULL ? 6 : 3);
  if (label != NULL)
    {
      adw_toast_set_button_label (toast, label);
      adw_toast_set_action_name (toast, action);
    }
  g_set_weak_pointer (&self->toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}
