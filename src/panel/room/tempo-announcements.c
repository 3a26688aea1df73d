/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/room/tempo-announcements.h"

#include <glib/gi18n.h>

#include "model/tempo-schedule.h"
#include "model/tempo-setting.h"
#include "model/tempo-song.h"
#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-words.h"

#define KEY "announcements"
#define DAYS 7

struct _TempoAnnouncements
{
  AdwPreferencesGroup parent_instance;

  TempoDesk *desk; /* (owned) (nullable) */
  GStrv lines;     /* (owned) (nullable) those shown */
  GPtrArray *rows; /* (owned) of GtkWidget, a line each */
  char *sent;      /* (owned) (nullable) the line that waits for its answer */

  GtkWidget *adding;
  GtkWidget *text;
  GtkWidget *days;
  GtkWidget *from;
  GtkWidget *until;
  GtkWidget *problem;
};

G_DEFINE_FINAL_TYPE (TempoAnnouncements, tempo_announcements, ADW_TYPE_PREFERENCES_GROUP)

/* As the desktop's language names it; 2024 began on a Monday. (transfer full). */
static char *
name_day (int day,
          const char *format)
{
  g_autoptr (GDateTime) date = g_date_time_new_utc (2024, 1, 1 + day, 0, 0, 0);

  return g_date_time_format (date, format);
}

/* "Fri, Sat · 23:00–01:00". (transfer full). */
static char *
describe (const TempoScheduleLine *line)
{
  GString *text = g_string_new (NULL);

  if (line->days == TEMPO_SCHEDULE_EVERY_DAY)
    g_string_append (text, C_ ("announcements", "Every day"));
  for (int day = 0; day < DAYS && line->days != TEMPO_SCHEDULE_EVERY_DAY; day++)
    {
      g_autofree char *name = name_day (day, "%a");

      if ((line->days & 1u << day) != 0)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name);
    }
  g_string_append_printf (text, " · %02d:%02d–%02d:%02d", line->from / 60, line->from % 60, line->until / 60,
                          line->until % 60);

  return g_string_free (text, FALSE);
}

/* The lines there are without @without, and with @with at the end; both may be NULL. */
static void
send (TempoAnnouncements *self,
      const char *without,
      const char *with)
{
  JsonArray *list = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; self->lines != NULL && self->lines[i] != NULL; i++)
    if (g_strcmp0 (self->lines[i], without) != 0)
      json_array_add_string_element (list, self->lines[i]);
  if (with != NULL)
    json_array_add_string_element (list, with);
  json_node_take_array (node, list);
  g_free (self->sent);
  self->sent = g_strdup (with);
  tempo_desk_set_setting (self->desk, TRUE, KEY, node);
}

static void
remove_cb (GtkWidget *row)
{
  TempoAnnouncements *self = TEMPO_ANNOUNCEMENTS (gtk_widget_get_ancestor (row, TEMPO_TYPE_ANNOUNCEMENTS));

  if (self != NULL && self->desk != NULL)
    send (self, g_object_get_data (G_OBJECT (row), "line"), NULL);
}

static void
add_row (TempoAnnouncements *self,
         const char *line)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  TempoScheduleLine parsed = { TEMPO_SCHEDULE_EVERY_DAY, 0, 0, line };
  g_autofree char *when = NULL;
  g_autofree char *label = NULL;

  if (tempo_schedule_parse (line, &parsed))
    when = describe (&parsed);
  /* Translators: %s is the text of an announcement. */
  label = g_strdup_printf (C_ ("announcements", "Remove “%s”"), parsed.text);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), parsed.text);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), when != NULL ? when : "");
  g_object_set_data_full (G_OBJECT (row), "line", g_strdup (line), g_free);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, C_ ("announcements", "Remove"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), row, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
}

static void
say (TempoAnnouncements *self,
     const char *problem)
{
  gtk_label_set_text (GTK_LABEL (self->problem), problem);
}

static void
edited_cb (TempoAnnouncements *self)
{
  say (self, "");
}

/* The form is emptied when its line is there, not when it is sent: what is refused stays to be mended. */
static void
update (TempoAnnouncements *self)
{
  static const char *const none[] = { NULL };
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  const char *const *lines = none;
  gboolean focus = FALSE;

  if (view == NULL)
    return;
  if (view->room->announcements != NULL)
    lines = (const char *const *) view->room->announcements;
  if (self->lines != NULL && g_strv_equal (lines, (const char *const *) self->lines))
    return;
  g_strfreev (self->lines);
  self->lines = g_strdupv ((char **) lines);

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      focus |= (gtk_widget_get_state_flags (row) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;
      adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), row);
    }
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; self->lines[i] != NULL; i++)
    add_row (self, self->lines[i]);
  if (focus)
    gtk_widget_child_focus (self->adding, GTK_DIR_TAB_FORWARD);
  if (self->sent != NULL && g_strv_contains (lines, self->sent))
    {
      g_clear_pointer (&self->sent, g_free);
      gtk_editable_set_text (GTK_EDITABLE (self->text), "");
    }
}

static void
refused_cb (TempoAnnouncements *self,
            TempoCommand *command,
            GError *error)
{
  g_autofree char *text = NULL;

  if (self->sent == NULL || command->patch == NULL || !json_object_has_member (command->patch, KEY))
    return;
  text = tempo_words_refusal (error);
  g_clear_pointer (&self->sent, g_free);
  say (self, text);
}

static gboolean
read_time (GtkWidget *entry,
           int *minute)
{
  int hour = 0;

  if (!tempo_words_read_clock (gtk_editable_get_text (GTK_EDITABLE (entry)), &hour, minute))
    return FALSE;
  *minute += hour * 60;

  return TRUE;
}

static guint
read_days (TempoAnnouncements *self)
{
  guint days = 0;
  guint day = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (self->days); child != NULL;
       child = gtk_widget_get_next_sibling (child), day++)
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (child)))
      days |= 1u << day;

  return days;
}

/* @text: for the line to point to. @made: (out) (transfer full) (nullable). Returns: (nullable) what has to change. */
static const char *
make_line (TempoAnnouncements *self,
           const char *text,
           char **made)
{
  const TempoSetting *setting = tempo_setting_find (TEMPO_SETTING_OF_ROOM, KEY);
  TempoScheduleLine line = { read_days (self), 0, 0, text };

  if (*text == '\0')
    return C_ ("announcements", "Write what the display should say.");
  if (line.days == 0)
    return C_ ("announcements", "Choose at least one day.");
  if (!read_time (self->from, &line.from) || !read_time (self->until, &line.until))
    return C_ ("announcements", "Write both times as hours and minutes, like 23:00.");
  if (line.from == line.until)
    return C_ ("announcements", "Choose an end that is not the beginning.");
  if (self->rows->len >= (guint) setting->max)
    return C_ ("announcements", "There is no place for more. Remove one first.");
  *made = tempo_schedule_format (&line);
  if (g_utf8_strlen (*made, -1) > TEMPO_SONG_MAX_TEXT)
    return C_ ("announcements", "Write a shorter text.");
  if (self->lines != NULL && g_strv_contains ((const char *const *) self->lines, *made))
    return C_ ("announcements", "The list has this announcement already.");

  return NULL;
}

static void
add_cb (TempoAnnouncements *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->text))));
  g_autofree char *line = NULL;
  const char *problem;

  if (self->desk == NULL)
    return;
  problem = make_line (self, text, &line);
  say (self, problem != NULL ? problem : "");
  if (problem == NULL)
    send (self, NULL, line);
}

static void
add_days (TempoAnnouncements *self)
{
  for (int day = 0; day < DAYS; day++)
    {
      g_autofree char *name = name_day (day, "%a");
      g_autofree char *full = name_day (day, "%A");
      GtkWidget *button = gtk_toggle_button_new_with_label (name);

      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
      gtk_widget_set_tooltip_text (button, full);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, full, -1);
      g_signal_connect_object (button, "toggled", G_CALLBACK (edited_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (self->days), button);
    }
}

static void
tempo_announcements_dispose (GObject *object)
{
  TempoAnnouncements *self = TEMPO_ANNOUNCEMENTS (object);

  tempo_announcements_set_desk (self, NULL);
  g_clear_pointer (&self->lines, g_strfreev);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->sent, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_ANNOUNCEMENTS);

  G_OBJECT_CLASS (tempo_announcements_parent_class)->dispose (object);
}

static void
tempo_announcements_class_init (TempoAnnouncementsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_announcements_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/room/tempo-announcements.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoAnnouncements, adding);
  gtk_widget_class_bind_template_child (widget_class, TempoAnnouncements, text);
  gtk_widget_class_bind_template_child (widget_class, TempoAnnouncements, days);
  gtk_widget_class_bind_template_child (widget_class, TempoAnnouncements, from);
  gtk_widget_class_bind_template_child (widget_class, TempoAnnouncements, until);
  gtk_widget_class_bind_template_child (widget_class, TempoAnnouncements, problem);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
}

static void
tempo_announcements_init (TempoAnnouncements *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  add_days (self);
}

/* Shows and changes those of the room of @desk.
 */
void
tempo_announcements_set_desk (TempoAnnouncements *self,
                              TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_ANNOUNCEMENTS (self));

  if (!tempo_follow (&self->desk, desk, "notify::view", G_CALLBACK (update), self) || desk == NULL)
    return;
  g_signal_connect_swapped (desk, "refused", G_CALLBACK (refused_cb), self);
}
