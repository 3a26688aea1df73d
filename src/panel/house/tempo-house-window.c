/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/house/tempo-house-window.h"

#include <glib/gi18n.h>

#include "model/tempo-refusal.h"
#include "panel/common/tempo-words.h"
#include "panel/house/tempo-new-organization.h"

struct _TempoHouseWindow
{
  AdwPreferencesWindow parent_instance;

  TempoDesk *desk;       /* (owned) (nullable) */
  GPtrArray *room_rows;  /* (owned) (element GtkWidget) */
  GPtrArray *house_rows; /* (owned) (element GtkWidget) */
  char *shown;           /* (owned) (nullable) what the rows were made of */
  gboolean updating;

  AdwPreferencesGroup *rooms;
  AdwPreferencesGroup *organizations;
  GtkEditable *new_room;
  TempoNewOrganization *new_organization;
};

G_DEFINE_FINAL_TYPE (TempoHouseWindow, tempo_house_window, ADW_TYPE_PREFERENCES_WINDOW)

static void update (TempoHouseWindow *self);

static void
say (TempoHouseWindow *self,
     const char *text)
{
  /* The title of a toast is markup, and rooms are called what they are called. */
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (escaped));
}

static void
say_error (TempoHouseWindow *self,
           const GError *error)
{
  g_autofree char *text = tempo_words_refusal (error);

  say (self, text);
}

/* The directory is told a moment after the commit, so it is looked at when the answer is there. */
static void
sent_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (TempoHouseWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = tempo_desk_send_finish (TEMPO_DESK (object), result, &error);

  if (self->desk == NULL)
    return;
  /* What a row says that was refused is not true: it is made anew. */
  if (outcome == NULL)
    {
      g_clear_pointer (&self->shown, g_free);
      say_error (self, error);
    }
  update (self);
}

static void
send (TempoHouseWindow *self,
      TempoCommand *command,
      const char *room_id)
{
  if (command == NULL)
    return;
  g_free (command->room_id);
  command->room_id = g_strdup (room_id);
  tempo_desk_send_async (self->desk, command, sent_cb, g_object_ref (self));
}

static const char *
get_id (gpointer widget)
{
  return g_object_get_data (G_OBJECT (widget), "tempo-id");
}

static void
set_id (gpointer widget,
        const char *id)
{
  g_object_set_data_full (G_OBJECT (widget), "tempo-id", g_strdup (id), g_free);
}

static char *
take_text (gpointer row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

static void
room_named_cb (TempoHouseWindow *self,
               GtkWidget *row)
{
  TempoCommand *command = tempo_desk_command (self->desk, TEMPO_ACTION_ROOM_EDIT);
  g_autofree char *name = take_text (row);

  if (command == NULL)
    return;
  command->patch = json_object_new ();
  json_object_set_string_member (command->patch, "name", name);
  send (self, command, get_id (row));
}

static void
code_renewed_cb (TempoHouseWindow *self,
                 GtkWidget *button)
{
  send (self, tempo_desk_command (self->desk, TEMPO_ACTION_ROOM_CODE), get_id (button));
}

static void
room_switched_cb (TempoHouseWindow *self,
                  GParamSpec *pspec,
                  GtkWidget *control)
{
  TempoCommand *command = self->updating ? NULL : tempo_desk_command (self->desk, TEMPO_ACTION_ROOM_ACTIVE);

  if (command != NULL)
    command->flag = gtk_switch_get_active (GTK_SWITCH (control));
  send (self, command, get_id (control));
}

static void
room_wished_cb (TempoHouseWindow *self)
{
  TempoCommand *command = tempo_desk_command (self->desk, TEMPO_ACTION_ROOM_CREATE);

  if (command != NULL)
    command->name = take_text (self->new_room);
  gtk_editable_set_text (self->new_room, "");
  send (self, command, NULL);
}

/* A night that is to end so that its house can close. */
typedef struct
{
  TempoHouseWindow *window; /* (owned) */
  char *organization_id;    /* (owned) */
  guint waiting;            /* rooms that have not answered */
} Closing;

static void set_active (TempoHouseWindow *self, const char *organization_id, gboolean active);

/* A room without a night refuses, and that is as good; what is really wrong is said when the house closes. */
static void
ended_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  Closing *closing = user_data;
  g_autoptr (TempoOutcome) outcome = tempo_link_execute_finish (TEMPO_LINK (object), result, NULL);

  closing->waiting--;
  if (closing->waiting > 0)
    return;
  if (closing->window->desk != NULL)
    set_active (closing->window, closing->organization_id, FALSE);
  g_clear_object (&closing->window);
  g_clear_pointer (&closing->organization_id, g_free);
  g_free (closing);
}

static void
end_and_close_cb (TempoHouseWindow *self,
                  AdwToast *toast)
{
  TempoLink *link = tempo_desk_get_link (self->desk);
  g_autoptr (GPtrArray) rooms = tempo_link_list_rooms_of (link, get_id (toast));
  Closing *closing = g_new0 (Closing, 1);

  closing->window = g_object_ref (self);
  closing->organization_id = g_strdup (get_id (toast));
  closing->waiting = rooms->len;
  for (guint i = 0; i < rooms->len; i++)
    {
      g_autoptr (TempoCommand) command = tempo_desk_command (self->desk, TEMPO_ACTION_EVENT_END);

      g_free (command->organization_id);
      command->organization_id = g_strdup (closing->organization_id);
      g_free (command->room_id);
      command->room_id = g_strdup (((TempoRoomInfo *) g_ptr_array_index (rooms, i))->id);
      tempo_link_execute_async (link, command, NULL, ended_cb, closing);
    }
}

/* The remedy stands beside the refusal. */
static void
offer_to_end (TempoHouseWindow *self,
              const char *organization_id)
{
  AdwToast *toast = adw_toast_new (_("A night is running there. End it first."));

  set_id (toast, organization_id);
  adw_toast_set_button_label (toast, _("End It and Close"));
  adw_toast_set_timeout (toast, 0);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (end_and_close_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), toast);
}

static void
updated_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (TempoHouseWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = tempo_link_update_organization_finish (TEMPO_LINK (object), result, &error);

  if (self->desk == NULL)
    return;
  if (!done)
    {
      g_clear_pointer (&self->shown, g_free);
      say_error (self, error);
    }
  update (self);
}

static void
closed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoHouseWindow *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  g_task_return_boolean (task, TRUE);
  if (tempo_link_update_organization_finish (TEMPO_LINK (object), result, &error) || self->desk == NULL)
    {
      if (self->desk != NULL)
        update (self);
      return;
    }
  g_clear_pointer (&self->shown, g_free);
  if (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_EVENT_ACTIVE))
    offer_to_end (self, g_task_get_task_data (task));
  else
    say_error (self, error);
  update (self);
}

static void
set_active (TempoHouseWindow *self,
            const char *organization_id,
            gboolean active)
{
  GTask *task = g_task_new (self, NULL, NULL, NULL);

  g_task_set_source_tag (task, set_active);
  g_task_set_task_data (task, g_strdup (organization_id), g_free);
  tempo_link_update_organization_async (tempo_desk_get_link (self->desk), organization_id, NULL, active, NULL, closed_cb, task);
}

static void
slug_applied_cb (TempoHouseWindow *self,
                 GtkWidget *row)
{
  g_autofree char *slug = take_text (row);

  tempo_link_update_organization_async (tempo_desk_get_link (self->desk), get_id (row), slug, -1, NULL, updated_cb,
                                        g_object_ref (self));
}

static void
organization_switched_cb (TempoHouseWindow *self,
                          GParamSpec *pspec,
                          GtkWidget *control)
{
  if (!self->updating)
    set_active (self, get_id (control), gtk_switch_get_active (GTK_SWITCH (control)));
}

static void
organization_opened_cb (TempoHouseWindow *self,
                        GtkWidget *button)
{
  tempo_link_open_room (tempo_desk_get_link (self->desk), get_id (button));
  update (self);
}

static GtkWidget *
make_button (TempoHouseWindow *self,
             const char *label,
             const char *id,
             GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  set_id (button, id);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
make_switch_row (TempoHouseWindow *self,
                 const char *title,
                 const char *subtitle,
                 const char *id,
                 gboolean active,
                 GCallback callback)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *control = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (control), active);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  set_id (control, id);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  g_signal_connect_object (control, "notify::active", callback, self, G_CONNECT_SWAPPED);
  return row;
}

static GtkWidget *
make_entry_row (TempoHouseWindow *self,
                const char *title,
                const char *text,
                const char *id,
                GCallback callback)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), TRUE);
  set_id (row, id);
  g_signal_connect_object (row, "apply", callback, self, G_CONNECT_SWAPPED);
  return row;
}

static GtkWidget *
make_expander (const char *title,
               const char *subtitle)
{
  GtkWidget *row = adw_expander_row_new ();

  /* First, so that neither is ever taken for markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle);
  return row;
}

static GtkWidget *
make_room_row (TempoHouseWindow *self,
               TempoRoomInfo *room)
{
  g_autofree char *code = g_strdup_printf (_("Code %s"), room->code);
  GtkWidget *row = make_expander (room->name, room->active ? code : _("Closed"));
  GtkWidget *renew = adw_action_row_new ();

  adw_expander_row_add_row (ADW_EXPANDER_ROW (row),
                            make_entry_row (self, _("Name"), room->name, room->id, G_CALLBACK (room_named_cb)));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (renew), code);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (renew), _("A new one makes printed cards useless"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (renew), make_button (self, _("New Code"), room->id, G_CALLBACK (code_renewed_cb)));
  gtk_widget_set_sensitive (renew, room->active);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), renew);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row),
                            make_switch_row (self, _("In use"), _("Closed, nobody finds it; its nights are kept"), room->id,
                                             room->active, G_CALLBACK (room_switched_cb)));
  return row;
}

/* The first room guests may enter, which is where switching to the organization leads. */
static char *
find_first_room (TempoHouseWindow *self,
                 const char *organization_id)
{
  g_autoptr (GPtrArray) rooms = tempo_link_list_rooms_of (tempo_desk_get_link (self->desk), organization_id);

  for (guint i = 0; i < rooms->len; i++)
    if (((TempoRoomInfo *) g_ptr_array_index (rooms, i))->active)
      return g_strdup (((TempoRoomInfo *) g_ptr_array_index (rooms, i))->id);
  return NULL;
}

/* They stand on what was printed and in licence keys, so they stay. */
static GtkWidget *
make_letters_row (TempoOrganization *organization)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *letters = gtk_label_new (organization->code);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Letters"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _("They lead the numbers of requests and licences, and stay"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), letters);
  return row;
}

static GtkWidget *
make_house_row (TempoHouseWindow *self,
                TempoOrganization *organization,
                gboolean current)
{
  GtkWidget *row = make_expander (organization->name, organization->active ? organization->slug : _("Closed"));
  g_autofree char *room = find_first_room (self, organization->id);

  if (!current && organization->active && room != NULL)
    adw_expander_row_add_action (ADW_EXPANDER_ROW (row),
                                 make_button (self, _("Switch To"), room, G_CALLBACK (organization_opened_cb)));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row),
                            make_entry_row (self, _("Name in addresses"), organization->slug, organization->id,
                                            G_CALLBACK (slug_applied_cb)));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), make_letters_row (organization));
  if (!current)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (row),
                              make_switch_row (self, _("In use"), _("Closed, nobody finds it; everything is kept"), organization->id,
                                               organization->active, G_CALLBACK (organization_switched_cb)));
  return row;
}

/* What is there to be repaired with lies in the folder: the file and its backups. */
static void
folder_wished_cb (TempoHouseWindow *self,
                  GtkWidget *button)
{
  g_autofree char *data = tempo_link_get_folder (tempo_desk_get_link (self->desk), "data");
  g_autofree char *path = data != NULL ? g_build_filename (data, "organizations", get_id (button), NULL) : NULL;
  g_autofree char *uri = path != NULL ? g_filename_to_uri (path, NULL, NULL) : NULL;

  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

/* One whose file cannot be opened: what is wrong, what helps, and what it means meanwhile. */
static GtkWidget *
make_unopened_row (TempoHouseWindow *self,
                   TempoOrganization *organization)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  g_autofree char *why = tempo_words_unopened (tempo_link_get_unopened (tempo_desk_get_link (self->desk), organization->id));
  /* Translators: %s is a sentence that says why an organization cannot be opened. */
  g_autofree char *text = g_strdup_printf (_("%s Its guests are told to come back; Tempo tries again every minute."), why);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), organization->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_add_css_class (icon, "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             make_button (self, C_ ("remedy", "Open the Folder"), organization->id, G_CALLBACK (folder_wished_cb)));
  return row;
}

static void
add_house_row (TempoHouseWindow *self,
               GtkWidget *row)
{
  adw_preferences_group_add (self->organizations, row);
  g_ptr_array_add (self->house_rows, row);
}

static void
empty (AdwPreferencesGroup *group,
       GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, g_ptr_array_index (rows, i));
  g_ptr_array_set_size (rows, 0);
}

/* Rows are made anew only when what they say has changed: whoever is typing in one goes on. */
static gboolean
is_news (TempoHouseWindow *self,
         TempoRoomView *view,
         GPtrArray *rooms,
         GPtrArray *organizations,
         GPtrArray *unopened)
{
  g_autoptr (GString) text = g_string_new (view->organization->id);

  for (guint i = 0; i < rooms->len; i++)
    {
      TempoRoomInfo *room = g_ptr_array_index (rooms, i);

      g_string_append_printf (text, "\n%s %s %s %d", room->id, room->code, room->name, room->active);
    }
  for (guint i = 0; i < organizations->len; i++)
    {
      TempoOrganization *one = g_ptr_array_index (organizations, i);

      g_string_append_printf (text, "\n%s %s %s %d", one->id, one->slug, one->name, one->active);
    }
  for (guint i = 0; i < unopened->len; i++)
    g_string_append_printf (text, "\n%s !", ((TempoOrganization *) g_ptr_array_index (unopened, i))->id);
  if (g_strcmp0 (text->str, self->shown) == 0)
    return FALSE;
  g_free (self->shown);
  self->shown = g_strdup (text->str);
  return TRUE;
}

static void
update (TempoHouseWindow *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  TempoLink *link = tempo_desk_get_link (self->desk);
  g_autoptr (GPtrArray) rooms = NULL;
  g_autoptr (GPtrArray) organizations = NULL;
  g_autoptr (GPtrArray) unopened = NULL;

  if (view == NULL)
    return;
  rooms = tempo_link_list_rooms_of (link, view->organization->id);
  organizations = tempo_link_list_organizations (link);
  unopened = tempo_link_list_unopened (link);
  if (!is_news (self, view, rooms, organizations, unopened))
    return;

  self->updating = TRUE;
  empty (self->rooms, self->room_rows);
  empty (self->organizations, self->house_rows);
  adw_preferences_group_set_title (self->rooms, _("Rooms"));
  for (guint i = 0; i < rooms->len; i++)
    {
      GtkWidget *row = make_room_row (self, g_ptr_array_index (rooms, i));

      adw_preferences_group_add (self->rooms, row);
      g_ptr_array_add (self->room_rows, row);
    }
  for (guint i = 0; i < organizations->len; i++)
    {
      TempoOrganization *one = g_ptr_array_index (organizations, i);

      add_house_row (self, make_house_row (self, one, g_str_equal (one->id, view->organization->id)));
    }
  for (guint i = 0; i < unopened->len; i++)
    add_house_row (self, make_unopened_row (self, g_ptr_array_index (unopened, i)));
  self->updating = FALSE;
}

static void
tempo_house_window_dispose (GObject *object)
{
  TempoHouseWindow *self = TEMPO_HOUSE_WINDOW (object);

  if (self->desk != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->desk, self);
      tempo_new_organization_set_link (self->new_organization, NULL);
    }
  g_clear_object (&self->desk);
  g_clear_pointer (&self->room_rows, g_ptr_array_unref);
  g_clear_pointer (&self->house_rows, g_ptr_array_unref);
  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (tempo_house_window_parent_class)->dispose (object);
}

static void
tempo_house_window_class_init (TempoHouseWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_house_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tempo_venue/Tempo/panel/house/tempo-house-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoHouseWindow, rooms);
  gtk_widget_class_bind_template_child (widget_class, TempoHouseWindow, organizations);
  gtk_widget_class_bind_template_child (widget_class, TempoHouseWindow, new_room);
  gtk_widget_class_bind_template_child (widget_class, TempoHouseWindow, new_organization);
  gtk_widget_class_bind_template_callback (widget_class, room_wished_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
tempo_house_window_init (TempoHouseWindow *self)
{
  g_type_ensure (TEMPO_TYPE_NEW_ORGANIZATION);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->room_rows = g_ptr_array_new ();
  self->house_rows = g_ptr_array_new ();
}

/* A window on the rooms of the open organization and on the organizations of this computer.
 * It follows while it is open, whoever makes the changes.
 */
TempoHouseWindow *
tempo_house_window_new (GtkWindow *parent,
                        TempoDesk *desk)
{
  TempoHouseWindow *self = g_object_new (TEMPO_TYPE_HOUSE_WINDOW, "transient-for", parent, "modal",
                                         parent != NULL, NULL);

  self->desk = g_object_ref (desk);
  tempo_new_organization_set_link (self->new_organization, tempo_desk_get_link (desk));
  g_signal_connect_swapped (desk, "notify::view", G_CALLBACK (update), self);
  update (self);
  return self;
}
