/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/people/tempo-people-page.h"

#include <glib/gi18n.h>

#include "base/tempo-clock.h"
#include "base/tempo-json.h"
#include "panel/common/tempo-code-view.h"
#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-notice.h"
#include "panel/common/tempo-words.h"

struct _TempoPeoplePage
{
  AdwBin parent_instance;

  TempoDesk *desk;       /* (owned) (nullable) */
  char *organization_id; /* (owned) (nullable) whose people were read */
  GPtrArray *rows;       /* (owned) (element GtkWidget, none) what the lists were made of */

  TempoNotice *notice;
  AdwPreferencesGroup *members;
  AdwPreferencesGroup *invitations;
  AdwPreferencesGroup *link_group;
  AdwComboRow *role;
  AdwEntryRow *note;
  TempoCodeView *code;
  GtkLabel *link;
};

G_DEFINE_FINAL_TYPE (TempoPeoplePage, tempo_people_page, ADW_TYPE_BIN)

/* In the order of the ranks, from the viewer. */
static const char *const roles[] = { "viewer", "member", "admin", "owner" };

static void read_people (TempoPeoplePage *self);

static void
done_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (TempoPeoplePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoPeopleOutcome) outcome = tempo_link_people_finish (TEMPO_LINK (object), result, &error);

  if (self->desk == NULL)
    return;
  if (outcome == NULL)
    {
      g_autofree char *text = tempo_words_refusal (error);

      tempo_notice_show (self->notice, text, NULL, NULL);
    }
  else
    {
      tempo_notice_hide (self->notice);
    }
  /* Also after a refusal: the choice that was not taken must not stay in the row. */
  read_people (self);
}

static void
linked_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (TempoPeoplePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoPeopleOutcome) outcome = tempo_link_people_finish (TEMPO_LINK (object), result, &error);
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
  g_autoptr (GUri) join = NULL;
  g_autofree char *url = NULL;
  g_autofree char *path = NULL;
  guint port;

  if (view == NULL)
    return;
  if (outcome == NULL)
    {
      g_autofree char *text = tempo_words_refusal (error);

      tempo_notice_show (self->notice, text, NULL, NULL);
      return;
    }
  /* A password will be typed there: by staff's own door, where there is one. */
  join = view->join_url != NULL ? g_uri_parse (view->join_url, G_URI_FLAGS_NONE, NULL) : NULL;
  path = g_strconcat (outcome->member != NULL ? "/reset/" : "/invite/", outcome->token, NULL);
  port = tempo_desk_get_staff_door (self->desk, NULL);
  url = join != NULL
    ? g_uri_join (G_URI_FLAGS_NONE, port != 0 ? "https" : g_uri_get_scheme (join), NULL, g_uri_get_host (join),
                  port != 0 ? (int) port : g_uri_get_port (join), path, NULL, NULL)
    : g_strdup (path);
  if (port != 0 || tempo_desk_get_staff_plain (self->desk))
    tempo_notice_hide (self->notice);
  else
    tempo_notice_show (self->notice, _("This link opens on this computer only: the encrypted address for staff is off. Start Tempo again."), NULL, NULL);
  tempo_code_view_set_text (self->code, url);
  gtk_label_set_text (self->link, url);
  gtk_widget_set_visible (GTK_WIDGET (self->link_group), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->note), "");
  read_people (self);
}

static TempoPeopleCommand *
make_command (TempoPeoplePage *self,
              TempoPeopleAct act)
{
  g_autoptr (TempoActor) actor = tempo_actor_new_local (TEMPO_ACTOR_DESKTOP);

  return tempo_people_command_new (act, actor, tempo_desk_get_view (self->desk)->organization->id);
}

static void
run (TempoPeoplePage *self,
     TempoPeopleCommand *command,
     GAsyncReadyCallback callback)
{
  tempo_link_people_async (tempo_desk_get_link (self->desk), command, callback, g_object_ref (self));
}

static void
invite_cb (TempoPeoplePage *self)
{
  g_autoptr (TempoPeopleCommand) command = make_command (self, TEMPO_PEOPLE_INVITE);

  command->role = (TempoRole) (TEMPO_ROLE_VIEWER + adw_combo_row_get_selected (self->role));
  command->note = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->note)));
  run (self, command, linked_cb);
}

static void
copy_cb (TempoPeoplePage *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), gtk_label_get_text (self->link));
}

static const char *
get_id (gpointer row)
{
  return g_object_get_data (G_OBJECT (row), "id");
}

static void
role_chosen_cb (GtkDropDown *drop,
                GParamSpec *pspec,
                TempoPeoplePage *self)
{
  g_autoptr (TempoPeopleCommand) command = make_command (self, TEMPO_PEOPLE_CHANGE);

  command->member_id = g_strdup (get_id (drop));
  command->role = (TempoRole) (TEMPO_ROLE_VIEWER + gtk_drop_down_get_selected (drop));
  run (self, command, done_cb);
}

/* What the menu of a row offers, by the words of its actions. */
static const struct
{
  const char *name;
  TempoPeopleAct act;
} acts[] = {
  { "reset", TEMPO_PEOPLE_RESET },
  { "sessions", TEMPO_PEOPLE_END_SESSIONS },
  { "factor", TEMPO_PEOPLE_FACTOR_RESET },
  { "off", TEMPO_PEOPLE_CHANGE },
  { "on", TEMPO_PEOPLE_CHANGE },
  { "remove", TEMPO_PEOPLE_REMOVE },
};

static void
act_cb (GSimpleAction *action,
        GVariant *parameter,
        gpointer user_data)
{
  GtkWidget *row = user_data;
  TempoPeoplePage *self = TEMPO_PEOPLE_PAGE (gtk_widget_get_ancestor (row, TEMPO_TYPE_PEOPLE_PAGE));
  const char *name = g_action_get_name (G_ACTION (action));

  for (guint i = 0; self != NULL && self->desk != NULL && i < G_N_ELEMENTS (acts); i++)
    {
      g_autoptr (TempoPeopleCommand) command = NULL;

      if (!g_str_equal (acts[i].name, name))
        continue;
      command = make_command (self, acts[i].act);
      command->member_id = g_strdup (get_id (row));
      command->set_active = acts[i].act == TEMPO_PEOPLE_CHANGE;
      command->active = g_str_equal (name, "on");
      run (self, command, acts[i].act == TEMPO_PEOPLE_RESET ? linked_cb : done_cb);
      return;
    }
}

/* Removing is offered for who is switched off: the step before it can be taken back, so nothing has to be asked. */
static GMenuModel *
make_menu (JsonObject *member)
{
  GMenu *menu = g_menu_new ();
  gboolean active = tempo_json_get_bool (member, "active", TRUE, NULL);

  g_menu_append (menu, _("Link for a New Password"), "member.reset");
  g_menu_append (menu, _("Sign Out Everywhere"), "member.sessions");
  if (tempo_json_get_bool (member, "secondFactor", FALSE, NULL))
    g_menu_append (menu, _("Forget the Second Step"), "member.factor");
  g_menu_append (menu, active ? _("Switch Off") : _("Switch On"), active ? "member.off" : "member.on");
  if (!active)
    g_menu_append (menu, _("Remove"), "member.remove");

  return G_MENU_MODEL (menu);
}

static char *
describe (TempoPeoplePage *self,
          JsonObject *member)
{
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;
  const char *seen = tempo_json_get_string (member, "lastSeenAt", 40, NULL, NULL);
  g_autoptr (GDateTime) at = seen != NULL ? g_date_time_new_from_iso8601 (seen, NULL) : NULL;

  if (!tempo_json_get_bool (member, "active", TRUE, NULL))
    g_strv_builder_add (parts, _("Switched off"));
  if (at != NULL)
    {
      g_autoptr (GDateTime) local = g_date_time_to_local (at);
      g_autofree char *when = g_date_time_format (local, "%x %H:%M");
      /* Translators: %s is a date and a time. */
      g_autofree char *text = g_strdup_printf (_("Last here %s"), when);

      g_strv_builder_add (parts, text);
    }
  else
    {
      g_strv_builder_add (parts, tempo_json_get_bool (member, "passwordSet", FALSE, NULL) ? _("Never signed in") : _("Only at this computer"));
    }
  if (tempo_json_get_bool (member, "secondFactor", FALSE, NULL))
    g_strv_builder_add (parts, _("Second step on"));
  texts = g_strv_builder_end (parts);

  return g_strjoinv (" · ", texts);
}

static GtkStringList *
list_roles (void)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    gtk_string_list_append (list, tempo_words_role (roles[i]));

  return list;
}

static void
add_member_row (TempoPeoplePage *self,
                JsonObject *member)
{
  const char *id = tempo_json_get_string (member, "id", 64, "", NULL);
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());
  GtkWidget *drop = gtk_drop_down_new (G_LIST_MODEL (list_roles ()), NULL);
  GtkWidget *more = gtk_menu_button_new ();
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GMenuModel) menu = make_menu (member);
  g_autofree char *about = describe (self, member);
  TempoRole role = TEMPO_ROLE_VIEWER;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), tempo_json_get_string (member, "username", 100, "", NULL));
  adw_action_row_set_subtitle (row, about);
  g_object_set_data_full (G_OBJECT (row), "id", g_strdup (id), g_free);
  g_object_set_data_full (G_OBJECT (drop), "id", g_strdup (id), g_free);
  tempo_role_from_string (tempo_json_get_string (member, "role", 20, "viewer", NULL), &role);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), role - TEMPO_ROLE_VIEWER);
  gtk_widget_set_valign (drop, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Role"), -1);
  g_signal_connect_object (drop, "notify::selected", G_CALLBACK (role_chosen_cb), self, 0);
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new (acts[i].name, NULL);

      g_signal_connect_object (action, "activate", G_CALLBACK (act_cb), row, 0);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  gtk_widget_insert_action_group (GTK_WIDGET (row), "member", G_ACTION_GROUP (group));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (more), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (more), menu);
  gtk_widget_set_tooltip_text (more, _("More"));
  gtk_widget_set_valign (more, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (more, "flat");
  adw_action_row_add_suffix (row, drop);
  adw_action_row_add_suffix (row, more);
  adw_preferences_group_add (self->members, GTK_WIDGET (row));
  g_ptr_array_add (self->rows, row);
}

static void
revoke_cb (GtkButton *button,
           TempoPeoplePage *self)
{
  g_autoptr (TempoPeopleCommand) command = make_command (self, TEMPO_PEOPLE_REVOKE_INVITATION);

  command->target_id = g_strdup (get_id (button));
  run (self, command, done_cb);
}

static void
add_invitation_row (TempoPeoplePage *self,
                    JsonObject *invitation)
{
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());
  GtkWidget *button = gtk_button_new_with_label (_("Take Back"));
  const char *note = tempo_json_get_string (invitation, "note", 200, "", NULL);
  const char *username = tempo_json_get_string (invitation, "username", 100, NULL, NULL);
  TempoRole role = TEMPO_ROLE_NONE;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  if (username != NULL)
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), username);
      adw_action_row_set_subtitle (row, _("May choose a new password"));
    }
  else
    {
      tempo_role_from_string (tempo_json_get_string (invitation, "role", 20, "viewer", NULL), &role);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), *note != '\0' ? note : _("Invitation"));
      adw_action_row_set_subtitle (row, tempo_words_role (roles[MAX (role, TEMPO_ROLE_VIEWER) - TEMPO_ROLE_VIEWER]));
    }
  g_object_set_data_full (G_OBJECT (button), "id", g_strdup (tempo_json_get_string (invitation, "id", 64, "", NULL)), g_free);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", G_CALLBACK (revoke_cb), self, 0);
  adw_action_row_add_suffix (row, button);
  adw_preferences_group_add (self->invitations, GTK_WIDGET (row));
  g_ptr_array_add (self->rows, row);
}

static void
remove_rows (TempoPeoplePage *self,
             AdwPreferencesGroup *group)
{
  for (guint i = self->rows->len; i > 0; i--)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i - 1);

      if (!gtk_widget_is_ancestor (row, GTK_WIDGET (group)))
        continue;
      g_ptr_array_remove_index (self->rows, i - 1);
      adw_preferences_group_remove (group, row);
    }
}

static void
take_list (TempoPeoplePage *self,
           GBytes *bytes,
           const char *name,
           AdwPreferencesGroup *group,
           void (*add) (TempoPeoplePage *self, JsonObject *item))
{
  g_autoptr (JsonObject) answer = tempo_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
  JsonNode *node = answer != NULL ? json_object_get_member (answer, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return;
  remove_rows (self, group);
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    add (self, json_array_get_object_element (json_node_get_array (node), i));
}

static void
members_read_cb (GObject *object,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (TempoPeoplePage) self = user_data;
  g_autoptr (GBytes) bytes = tempo_link_list_finish (TEMPO_LINK (object), result, NULL);

  if (bytes != NULL && self->desk != NULL)
    take_list (self, bytes, "members", self->members, add_member_row);
}

static void
invitations_read_cb (GObject *object,
                     GAsyncResult *result,
                     gpointer user_data)
{
  g_autoptr (TempoPeoplePage) self = user_data;
  g_autoptr (GBytes) bytes = tempo_link_list_finish (TEMPO_LINK (object), result, NULL);

  if (bytes != NULL && self->desk != NULL)
    take_list (self, bytes, "invitations", self->invitations, add_invitation_row);
}

static void
read_people (TempoPeoplePage *self)
{
  TempoLink *link = tempo_desk_get_link (self->desk);

  tempo_link_list_async (link, "members", NULL, members_read_cb, g_object_ref (self));
  tempo_link_list_async (link, "invitations", NULL, invitations_read_cb, g_object_ref (self));
}

static void
view_changed_cb (TempoPeoplePage *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);

  if (view == NULL || g_strcmp0 (self->organization_id, view->organization->id) == 0)
    return;
  g_free (self->organization_id);
  self->organization_id = g_strdup (view->organization->id);
  gtk_widget_set_visible (GTK_WIDGET (self->link_group), FALSE);
  read_people (self);
}

/* Phones sign in and out meanwhile: what is shown is read anew when the page comes up. */
static void
tempo_people_page_map (GtkWidget *widget)
{
  TempoPeoplePage *self = TEMPO_PEOPLE_PAGE (widget);

  GTK_WIDGET_CLASS (tempo_people_page_parent_class)->map (widget);
  if (self->desk != NULL && self->organization_id != NULL)
    read_people (self);
}

static void
tempo_people_page_dispose (GObject *object)
{
  TempoPeoplePage *self = TEMPO_PEOPLE_PAGE (object);

  tempo_people_page_set_desk (self, NULL);
  g_clear_pointer (&self->organization_id, g_free);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_PEOPLE_PAGE);

  G_OBJECT_CLASS (tempo_people_page_parent_class)->dispose (object);
}

static void
tempo_people_page_class_init (TempoPeoplePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_people_page_dispose;
  widget_class->map = tempo_people_page_map;

  g_type_ensure (TEMPO_TYPE_CODE_VIEW);
  g_type_ensure (TEMPO_TYPE_NOTICE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tempo_venue/Tempo/panel/people/tempo-people-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoPeoplePage, notice);
  gtk_widget_class_bind_template_child (widget_class, TempoPeoplePage, members);
  gtk_widget_class_bind_template_child (widget_class, TempoPeoplePage, invitations);
  gtk_widget_class_bind_template_child (widget_class, TempoPeoplePage, link_group);
  gtk_widget_class_bind_template_child (widget_class, TempoPeoplePage, role);
  gtk_widget_class_bind_template_child (widget_class, TempoPeoplePage, note);
  gtk_widget_class_bind_template_child (widget_class, TempoPeoplePage, code);
  gtk_widget_class_bind_template_child (widget_class, TempoPeoplePage, link);
  gtk_widget_class_bind_template_callback (widget_class, invite_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
tempo_people_page_init (TempoPeoplePage *self)
{
  g_autoptr (GtkStringList) list = NULL;

  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  list = list_roles ();
  adw_combo_row_set_model (self->role, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->role, TEMPO_ROLE_MEMBER - TEMPO_ROLE_VIEWER);
}

/* Shows the people of the organization whose room is on @desk. NULL lets go of everything.
 */
void
tempo_people_page_set_desk (TempoPeoplePage *self,
                            TempoDesk *desk)
{
  tempo_follow (&self->desk, desk, "notify::view", G_CALLBACK (view_changed_cb), self);
}
