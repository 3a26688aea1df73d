/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include <glib/gi18n.h>

#include "panel/window/tempo-window-private.h"

/* How often it is looked whether anybody is still there. */
#define LOOK_SECONDS 5

static TempoLink *
get_link (TempoWindow *self)
{
  return self->desk != NULL ? tempo_desk_get_link (self->desk) : NULL;
}

/* Dialogs belong to who was here before; what the help shows is no business of a bystander's either. */
static void
close_dialogs (TempoWindow *self)
{
  GList *windows;

  if (self->dialog != NULL)
    gtk_window_destroy (self->dialog);
  windows = gtk_window_list_toplevels ();
  /* One may take others with it. */
  g_list_foreach (windows, (GFunc) g_object_ref, NULL);
  for (GList *l = windows; l != NULL; l = l->next)
    if (GTK_IS_WINDOW (l->data) && gtk_window_get_transient_for (l->data) == GTK_WINDOW (self))
      gtk_window_close (l->data);
  g_list_free_full (windows, g_object_unref);
}

/* A night that was ended is ended: only the chance to call it back is gone. */
static void
dismiss_toasts (TempoWindow *self)
{
  if (self->ending != NULL)
    adw_toast_dismiss (self->ending);
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
}

/* Locks the window, or opens it again, and remembers it for the next start.
 */
void
tempo_window_set_locked (TempoWindow *self,
                         gboolean locked)
{
  g_return_if_fail (TEMPO_IS_WINDOW (self));

  if (self->locked == locked)
    return;
  if (locked)
    {
      dismiss_toasts (self);
      close_dialogs (self);
    }
  self->locked = locked;
  g_settings_set_boolean (self->settings, "locked", locked);
  tempo_link_set_locked (get_link (self), locked);
  tempo_window_enable_actions (self, !locked);
  tempo_window_note_input (self);
  tempo_window_show_root (self, self->behind);
}

/* Whether it is.
 */
gboolean
tempo_window_get_locked (TempoWindow *self)
{
  g_return_val_if_fail (TEMPO_IS_WINDOW (self), FALSE);
  return self->locked;
}

/* Shows one of the parts of the window; while it is locked, what would let a hand in stays behind the lock.
 */
void
tempo_window_show_root (TempoWindow *self,
                        const char *name)
{
  gboolean covered = self->locked && (g_str_equal (name, "main") || g_str_equal (name, "setup"));

  self->behind = name;
  gtk_stack_set_visible_child_name (self->root, covered ? "locked" : name);
  if (covered)
    tempo_lock_page_begin (self->lock_page);
}

/* Locks, when there is a PIN to open it again with; else shows where to set one.
 */
void
tempo_window_lock (TempoWindow *self)
{
  if (get_link (self) == NULL || self->locked)
    return;
  if (tempo_link_has_pin (get_link (self)))
    {
      tempo_window_set_locked (self, TRUE);
      return;
    }
  tempo_window_show_place (self, "settings");
  tempo_settings_page_begin_pin (self->settings_page);
  tempo_window_say (self, _("Choose a PIN first. Then Ctrl+L locks the window."), NULL, NULL);
}

/* A window that was locked when it was closed starts locked, unless the PIN was taken away meanwhile.
 */
void
tempo_window_restore_lock (TempoWindow *self)
{
  if (g_settings_get_boolean (self->settings, "locked") && !self->locked)
    tempo_window_set_locked (self, TRUE);
}

static void
unlocked_cb (TempoWindow *self)
{
  tempo_window_set_locked (self, FALSE);
}

/* Somebody is there.
 */
void
tempo_window_note_input (TempoWindow *self)
{
  if (self->desk != NULL)
    self->input_at = tempo_desk_get_now (self->desk);
}

/* Locks when nobody has been there for as long as the setting says. The engine's clock counts, and of it the time of
 * day: a computer that slept was left alone too.
 */
void
tempo_window_check_idle (TempoWindow *self)
{
  gint64 minutes = g_settings_get_int (self->settings, "lock-after-minutes");
  gint64 now = self->desk != NULL ? tempo_desk_get_now (self->desk) : 0;

  g_return_if_fail (TEMPO_IS_WINDOW (self));

  /* A clock that was set back starts the time over. */
  if (now < self->input_at)
    self->input_at = now;
  if (minutes > 0 && !self->locked && now - self->input_at >= minutes * 60 * G_USEC_PER_SEC
      && get_link (self) != NULL && tempo_link_has_pin (get_link (self)))
    tempo_window_set_locked (self, TRUE);
}

static gboolean
look_cb (gpointer data)
{
  tempo_window_check_idle (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
event_cb (TempoWindow *self,
          GdkEvent *event,
          GtkEventController *controller)
{
  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_KEY_PRESS:
    case GDK_BUTTON_PRESS:
    case GDK_SCROLL:
    case GDK_TOUCH_BEGIN:
    case GDK_TOUCH_UPDATE:
    case GDK_MOTION_NOTIFY:
      tempo_window_note_input (self);
      break;
    default:
      break;
    }
  return GDK_EVENT_PROPAGATE;
}

/* A hand in one of the window's dialogs is a hand at the window.
 */
void
tempo_window_watch (TempoWindow *self,
                    GtkWidget *toplevel)
{
  GtkEventController *controller = gtk_event_controller_legacy_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (toplevel, controller);
}

/* Once, when the window is made.
 */
void
tempo_window_init_lock (TempoWindow *self)
{
  self->behind = "starting";
  self->look_id = g_timeout_add_seconds (LOOK_SECONDS, look_cb, self);
  g_signal_connect_swapped (self->lock_page, "unlocked", G_CALLBACK (unlocked_cb), self);
  tempo_window_watch (self, GTK_WIDGET (self));
}
