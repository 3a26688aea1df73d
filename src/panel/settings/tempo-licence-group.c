/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/settings/tempo-licence-group.h"

#include <glib/gi18n.h>

#include "access/tempo-licence.h"
#include "base/tempo-clock.h"
#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "panel/common/tempo-words.h"

struct _TempoLicenceGroup
{
  AdwPreferencesGroup parent_instance;

  TempoDesk *desk;               /* (owned) (nullable) */
  GtkFileChooserNative *chooser; /* (owned) (nullable) */
  gboolean sure;                 /* "Remove…" was pressed once */

  AdwExpanderRow *row;
  AdwActionRow *counts;
  GtkEditable *key;
  GtkWidget *remove_row;
  GtkWidget *keep_button;
  GtkButton *remove_button;
  GtkWidget *message_row;
  GtkLabel *message;
};

G_DEFINE_FINAL_TYPE (TempoLicenceGroup, tempo_licence_group, ADW_TYPE_PREFERENCES_GROUP)

static const char *const limits[] = { "rooms", "members", "displays" };

static void
say (TempoLicenceGroup *self,
     const char *text)
{
  gtk_label_set_text (self->message, text);
  gtk_widget_set_visible (self->message_row, *text != '\0');
}

static void
set_sure (TempoLicenceGroup *self,
          gboolean sure)
{
  self->sure = sure;
  gtk_widget_set_visible (self->keep_button, sure);
  gtk_button_set_label (self->remove_button, sure ? _("Remove") : _("Remove…"));
  if (sure)
    gtk_widget_add_css_class (GTK_WIDGET (self->remove_button), "destructive-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->remove_button), "destructive-action");
}

/* "Professional · key …7K2M". */
static char *
make_title (JsonObject *licence)
{
  const char *tier = tempo_json_get_string (licence, "tier", 32, "", NULL);
  const char *last_four = tempo_json_get_string (licence, "lastFour", 8, NULL, NULL);
  const char *known = tempo_words_tier (tier);
  const char *name = known != NULL ? known : tier;

  if (last_four == NULL)
    return g_strdup (name);
  /* Translators: a tier, and the last four characters of the licence key. */
  return g_strdup_printf (_("%s · key ending in %s"), name, last_four);
}

/* "valid · until 31 December 2026". */
static char *
make_subtitle (JsonObject *licence)
{
  const char *state = tempo_json_get_string (licence, "state", 32, "", NULL);
  const char *until = tempo_json_get_string (licence, "until", 40, NULL, NULL);
  const char *words = tempo_words_licence_state (state);
  gint64 at = 0;
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *day = NULL;

  if (until == NULL || !tempo_time_parse (until, &at))
    return g_strdup (words);
  utc = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  local = g_date_time_to_local (utc);
  /* Translators: until when a licence holds, in the form of g_date_time_format(). */
  day = g_date_time_format (local, C_ ("licence", "%-d %B %Y"));
  /* Translators: how a licence stands, and until when. */
  return g_strdup_printf (_("%s · until %s"), words, day);
}

/* "Rooms 2 of 5 · People 4". */
static char *
make_counts (JsonObject *licence)
{
  JsonNode *used = json_object_get_member (licence, "used");
  JsonNode *allowed = json_object_get_member (licence, "limits");
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (used == NULL || allowed == NULL || !JSON_NODE_HOLDS_OBJECT (used) || !JSON_NODE_HOLDS_OBJECT (allowed))
    return g_strdup ("");
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      gint64 have = tempo_json_get_int (json_node_get_object (used), limits[i], 0, G_MAXINT32, -1, NULL);
      gint64 may = tempo_json_get_int (json_node_get_object (allowed), limits[i], 0, G_MAXUINT32, -1, NULL);
      const char *name = tempo_words_limit (limits[i]);

      if (have >= 0 && may >= 0)
        /* Translators: what is counted, how many there are, how many the licence allows. */
        g_ptr_array_add (parts, g_strdup_printf (_("%s %d of %d"), name, (int) have, (int) may));
      else if (have >= 0)
        g_ptr_array_add (parts, g_strdup_printf ("%s %d", name, (int) have));
    }
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

static void
show (TempoLicenceGroup *self,
      JsonObject *licence)
{
  g_autofree char *title = make_title (licence);
  g_autofree char *subtitle = make_subtitle (licence);
  g_autofree char *counts = make_counts (licence);
  gboolean has = tempo_json_get_bool (licence, "hasDocument", FALSE, NULL)
                 || tempo_json_get_string (licence, "lastFour", 8, NULL, NULL) != NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), title);
  adw_expander_row_set_subtitle (self->row, subtitle);
  adw_action_row_set_subtitle (self->counts, counts);
  gtk_widget_set_visible (self->remove_row, has);
}

static void
read_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (TempoLicenceGroup) self = user_data;
  g_autoptr (JsonObject) licence = tempo_link_list_finish_object (TEMPO_LINK (object), result, "licence");

  if (licence != NULL && self->row != NULL)
    show (self, licence);
}

static char *
make_refusal (const GError *error)
{
  if (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_INVALID))
    return g_strdup (_("This licence does not fit this place. Ask who sold it to you."));
  return tempo_words_refusal (error);
}

static void
sent_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (TempoLicenceGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = tempo_desk_send_finish (TEMPO_DESK (object), result, &error);
  g_autofree char *text = NULL;

  if (self->row == NULL)
    return;
  if (outcome == NULL)
    {
      text = make_refusal (error);
      say (self, text);
      return;
    }
  gtk_editable_set_text (self->key, "");
  say (self, "");
  set_sure (self, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", _("Licence changed"));
  tempo_licence_group_refresh (self);
}

/* @member NULL removes the licence. */
static void
send (TempoLicenceGroup *self,
      const char *member,
      const char *text)
{
  TempoCommand *command = self->desk != NULL ? tempo_desk_command (self->desk, TEMPO_ACTION_LICENCE) : NULL;

  if (command == NULL)
    return;
  command->patch = json_object_new ();
  if (member != NULL)
    json_object_set_string_member (command->patch, member, text);
  tempo_desk_send_async (self->desk, command, sent_cb, g_object_ref (self));
}

/* A slip of the finger is seen here, before anybody is asked. */
static void
key_applied_cb (TempoLicenceGroup *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *key = tempo_licence_key_normalize (gtk_editable_get_text (self->key), &error);

  if (key != NULL)
    send (self, "key", key);
  else if (g_error_matches (error, TEMPO_LICENCE_ERROR, TEMPO_LICENCE_ERROR_KEY_CHECK))
    say (self, _("A character of the key is wrong. Look again."));
  else
    say (self, _("A key looks like TEMPO-ACME-2026-… Look again."));
}

static void
document_read_cb (GObject *object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (TempoLicenceGroup) self = user_data;
  g_autofree char *text = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self->row == NULL)
    return;
  if (text != NULL)
    send (self, "document", g_strstrip (text));
  else
    say (self, _("That is not a licence document. Choose another file."));
}

/* Somebody may choose a film by mistake: no more is read than a document has. */
static void
read_document_thread (GTask *task,
                      gpointer source,
                      gpointer task_data,
                      GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (task_data, cancellable, &error);
  g_autofree char *text = g_malloc0 (TEMPO_LICENCE_MAX_LENGTH + 2);
  gsize length = 0;

  if (stream == NULL || !g_input_stream_read_all (G_INPUT_STREAM (stream), text, TEMPO_LICENCE_MAX_LENGTH + 1, &length,
                                                  cancellable, &error))
    g_task_return_error (task, error);
  else if (length == 0 || length > TEMPO_LICENCE_MAX_LENGTH || !g_utf8_validate (text, (gssize) length, NULL))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "not a licence document");
  else
    g_task_return_pointer (task, g_steal_pointer (&text), g_free);
}

static void
chosen_cb (TempoLicenceGroup *self,
           int response)
{
  g_autoptr (GFile) file = NULL;

  if (response != GTK_RESPONSE_ACCEPT || self->desk == NULL)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  if (file != NULL)
    tempo_licence_group_import (self, file);
}

static void
choose_cb (TempoLicenceGroup *self)
{
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Choose a Licence Document"),
                                               GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* There is no way back but the key, so it is asked once more, in the row itself. */
static void
remove_cb (TempoLicenceGroup *self)
{
  if (self->sure)
    send (self, NULL, NULL);
  else
    set_sure (self, TRUE);
}

static void
keep_cb (TempoLicenceGroup *self)
{
  set_sure (self, FALSE);
}

static void
expanded_cb (TempoLicenceGroup *self)
{
  set_sure (self, FALSE);
  say (self, "");
}

static void
tempo_licence_group_dispose (GObject *object)
{
  TempoLicenceGroup *self = TEMPO_LICENCE_GROUP (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_LICENCE_GROUP);

  G_OBJECT_CLASS (tempo_licence_group_parent_class)->dispose (object);
}

static void
tempo_licence_group_class_init (TempoLicenceGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_licence_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/settings/tempo-licence-group.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoLicenceGroup, row);
  gtk_widget_class_bind_template_child (widget_class, TempoLicenceGroup, counts);
  gtk_widget_class_bind_template_child (widget_class, TempoLicenceGroup, key);
  gtk_widget_class_bind_template_child (widget_class, TempoLicenceGroup, remove_row);
  gtk_widget_class_bind_template_child (widget_class, TempoLicenceGroup, keep_button);
  gtk_widget_class_bind_template_child (widget_class, TempoLicenceGroup, remove_button);
  gtk_widget_class_bind_template_child (widget_class, TempoLicenceGroup, message_row);
  gtk_widget_class_bind_template_child (widget_class, TempoLicenceGroup, message);
  gtk_widget_class_bind_template_callback (widget_class, key_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, keep_cb);
  gtk_widget_class_bind_template_callback (widget_class, expanded_cb);
}

static void
tempo_licence_group_init (TempoLicenceGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Shows the licence of the organization of @desk. NULL lets go of it.
 */
void
tempo_licence_group_set_desk (TempoLicenceGroup *self,
                              TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_LICENCE_GROUP (self));

  g_set_object (&self->desk, desk);
}

/* Asks how the licence stands. The answer comes later.
 */
void
tempo_licence_group_refresh (TempoLicenceGroup *self)
{
  g_return_if_fail (TEMPO_IS_LICENCE_GROUP (self));

  if (self->desk != NULL && tempo_desk_get_view (self->desk) != NULL)
    tempo_link_list_async (tempo_desk_get_link (self->desk), "licence", NULL, read_cb, g_object_ref (self));
}

static gboolean
focus_cb (GtkWidget *widget,
          GdkFrameClock *clock,
          gpointer user_data)
{
  TempoLicenceGroup *self = TEMPO_LICENCE_GROUP (widget);
  GtkWidget *key = GTK_WIDGET (self->key);

  if (!gtk_widget_get_mapped (key) || gtk_widget_get_height (key) == 0)
    return adw_expander_row_get_expanded (self->row) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
  gtk_widget_grab_focus (key);
  return G_SOURCE_REMOVE;
}

/* For somebody who was told that the licence is over.
 */
void
tempo_licence_group_begin (TempoLicenceGroup *self)
{
  g_return_if_fail (TEMPO_IS_LICENCE_GROUP (self));

  adw_expander_row_set_expanded (self->row, TRUE);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), focus_cb, NULL, NULL);
}

/* Takes @file as the licence document.
 */
void
tempo_licence_group_import (TempoLicenceGroup *self,
                            GFile *file)
{
  /* Not of the group: the thread may be the last to let go of the task, and a widget must not end there. */
  g_autoptr (GTask) task = g_task_new (NULL, NULL, document_read_cb, g_object_ref (self));

  g_task_set_source_tag (task, tempo_licence_group_import);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, read_document_thread);
}
