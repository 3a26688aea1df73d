/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/selftest/tempo-test-window.h"

#include <glib/gi18n.h>

#include "lan/tempo-self-test.h"
#include "panel/common/tempo-code-view.h"

struct _TempoTestWindow
{
  AdwWindow parent_instance;

  TempoDesk *desk;           /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) */
  GPtrArray *rows;           /* (owned) (element GtkWidget) */

  TempoCodeView *code;
  GtkImage *phone_icon;
  GtkLabel *phone_text;
  AdwPreferencesGroup *checks;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (TempoTestWindow, tempo_test_window, ADW_TYPE_WINDOW)

typedef struct
{
  char *data_dir; /* (owned) (nullable) */
  guint16 port;
} Question;

static void
free_question (Question *question)
{
  g_clear_pointer (&question->data_dir, g_free);
  g_free (question);
}

/* A phone that opened the page went through Wi-Fi, router and firewall: nothing else proves that. */
static void
update (TempoTestWindow *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  gboolean seen = view != NULL && view->listeners > 0;

  tempo_code_view_set_text (self->code, view != NULL ? view->join_url : NULL);
  gtk_image_set_from_icon_name (self->phone_icon, seen ? "emblem-ok-symbolic" : "phone-symbolic");
  if (seen)
    gtk_widget_add_css_class (GTK_WIDGET (self->phone_icon), "success");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->phone_icon), "success");
  gtk_label_set_text (self->phone_text, seen ? _("A phone has come through. Guests will too.")
                                             : _("Waiting for the first phone. If the page does not open there, the Wi-Fi may keep its guests apart: look for “client isolation” in the router."));
}

static void
run_thread (GTask *task,
            gpointer source,
            gpointer task_data,
            GCancellable *cancellable)
{
  Question *question = task_data;
  const TempoSelfTestOptions options = { .data_dir = question->data_dir, .port = question->port, .running = TRUE };

  g_task_return_pointer (task, tempo_self_test_run (&options), (GDestroyNotify) g_ptr_array_unref);
}

static const char *
get_icon_name (TempoCheckLevel level)
{
  switch (level)
    {
    case TEMPO_CHECK_WARNING:
      return "dialog-warning-symbolic";
    case TEMPO_CHECK_BAD:
      return "dialog-error-symbolic";
    case TEMPO_CHECK_GOOD:
    default:
      return "emblem-ok-symbolic";
    }
}

static void
add_check (TempoTestWindow *self,
           TempoCheck *check)
{
  static const char *const styles[] = { "success", "warning", "error" };
  static const char *const words[] = { NC_("check", "Good"), NC_("check", "Look at this"), NC_("check",
                                                                                               "Must be mended") };
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (get_icon_name (check->level));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), check->text);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (check->remedy != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), check->remedy);
  gtk_widget_add_css_class (icon, styles[check->level]);
  gtk_widget_set_tooltip_text (icon, g_dpgettext2 (NULL, "check", words[check->level]));
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  g_dpgettext2 (NULL, "check", words[check->level]), -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_preferences_group_add (self->checks, row);
  g_ptr_array_add (self->rows, row);
}

static void
checked_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (TempoTestWindow) self = user_data;
  g_autoptr (GPtrArray) checks = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self->checks == NULL)
    return;
  gtk_spinner_stop (self->spinner);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "test.run", TRUE);
  for (guint i = 0; checks != NULL && i < checks->len; i++)
    add_check (self, g_ptr_array_index (checks, i));
}

static guint16
get_port (TempoRoomView *view)
{
  g_autoptr (GUri) uri = view != NULL && view->join_url != NULL ? g_uri_parse (view->join_url, G_URI_FLAGS_NONE,
                                                                               NULL) : NULL;
  int port = uri != NULL ? g_uri_get_port (uri) : -1;

  return port > 0 ? (guint16) port : 80;
}

static void
run (GtkWidget *widget,
     const char *action_name,
     GVariant *parameter)
{
  TempoTestWindow *self = TEMPO_TEST_WINDOW (widget);
  /* Not of the window: the thread may be the last to let go of the task, and a widget must not end there. */
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, checked_cb, g_object_ref (self));
  Question *question = g_new0 (Question, 1);

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->checks, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  gtk_widget_action_set_enabled (widget, "test.run", FALSE);
  gtk_spinner_start (self->spinner);
  question->data_dir = tempo_link_get_folder (tempo_desk_get_link (self->desk), "data");
  question->port = get_port (tempo_desk_get_view (self->desk));
  g_task_set_source_tag (task, run);
  g_task_set_task_data (task, question, (GDestroyNotify) free_question);
  g_task_run_in_thread (task, run_thread);
}

static void
tempo_test_window_dispose (GObject *object)
{
  TempoTestWindow *self = TEMPO_TEST_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_clear_object (&self->desk);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  adw_window_set_content (ADW_WINDOW (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_TEST_WINDOW);

  G_OBJECT_CLASS (tempo_test_window_parent_class)->dispose (object);
}

static void
tempo_test_window_class_init (TempoTestWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_test_window_dispose;

  g_type_ensure (TEMPO_TYPE_CODE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/selftest/tempo-test-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoTestWindow, code);
  gtk_widget_class_bind_template_child (widget_class, TempoTestWindow, phone_icon);
  gtk_widget_class_bind_template_child (widget_class, TempoTestWindow, phone_text);
  gtk_widget_class_bind_template_child (widget_class, TempoTestWindow, checks);
  gtk_widget_class_bind_template_child (widget_class, TempoTestWindow, spinner);
  gtk_widget_class_install_action (widget_class, "test.run", NULL, run);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
tempo_test_window_init (TempoTestWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Opens the test of the room of @desk and starts it: whoever
 * opens this window wants to know now.
 */
TempoTestWindow *
tempo_test_window_new (GtkWindow *parent,
                       TempoDesk *desk)
{
  TempoTestWindow *self = g_object_new (TEMPO_TYPE_TEST_WINDOW, "transient-for", parent, NULL);

  self->desk = g_object_ref (desk);
  g_signal_connect_swapped (desk, "notify::view", G_CALLBACK (update), self);
  update (self);
  run (GTK_WIDGET (self), NULL, NULL);
  return self;
}

/* How many checks have answered,
 * zero while they run.
 */
guint
tempo_test_window_count (TempoTestWindow *self)
{
  g_return_val_if_fail (TEMPO_IS_TEST_WINDOW (self), 0);
  return self->rows->len;
}
