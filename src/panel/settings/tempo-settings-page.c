/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/settings/tempo-settings-page.h"

#include <glib/gi18n.h>

#include "base/tempo-json.h"
#include "panel/common/tempo-entry.h"
#include "panel/common/tempo-follow.h"
#include "panel/desk/tempo-cover.h"
#include "panel/lock/tempo-pin-group.h"
#include "panel/settings/tempo-brand-preview.h"
#include "panel/settings/tempo-licence-group.h"
#include "panel/settings/tempo-staff-address.h"

#define SETTLE_MS 500
#define MAX_BACKUPS_SHOWN 10
/* What the engine takes; one byte more tells that a file is larger. */
#define MAX_LOGO (4 * 1024 * 1024)
/* What the engine does without a setting. */
#define DEFAULT_FORGET_DAYS 30

static const char *const languages[] = { "", "en", "de", "es", "fr", NULL };
static const char *const language_names[] = { NC_("language", "As on this computer"), "English", "Deutsch",
                                              "Español", "Français", NULL };

struct _TempoSettingsPage
{
  AdwBin parent_instance;

  TempoDesk *desk;               /* (owned) (nullable) */
  GSettings *settings;           /* (owned) */
  GtkFileChooserNative *chooser; /* (owned) (nullable) */
  GPtrArray *backup_rows;        /* (owned) (element GtkWidget) */
  char *organization_id;         /* (owned) (nullable) whose settings were read */
  guint forget_id;
  gboolean updating;

  GtkWidget *name;
  GtkWidget *welcome;
  GtkWidget *contact;
  GtkSwitch *white_label;
  GtkWidget *blocked_artists;
  GtkWidget *blocked_titles;
  GtkWidget *blocked_words;
  TempoBrandPreview *brand;
  AdwActionRow *accent_row;
  GtkMenuButton *accent_button;
  GtkColorChooser *accent;
  GtkMenuButton *accent_dark_button;
  GtkColorChooser *accent_dark;
  GtkWidget *accent_dark_clear;
  AdwActionRow *logo_row;
  TempoCover *logo;
  AdwComboRow *language;
  GtkSpinButton *forget;
  GtkSwitch *notify;
  AdwPreferencesGroup *backups;
  TempoStaffAddress *staff;
  TempoPinGroup *pin;
  TempoLicenceGroup *licence;
};

G_DEFINE_FINAL_TYPE (TempoSettingsPage, tempo_settings_page, ADW_TYPE_BIN)

static char *
get_colour (GtkColorChooser *chooser)
{
  GdkRGBA colour;

  gtk_color_chooser_get_rgba (chooser, &colour);
  return g_strdup_printf ("#%02x%02x%02x", (guint) (colour.red * 255 + 0.5f), (guint) (colour.green * 255 + 0.5f),
                          (guint) (colour.blue * 255 + 0.5f));
}

static gboolean
is_choosing (GtkMenuButton *button)
{
  return gtk_widget_get_visible (GTK_WIDGET (gtk_menu_button_get_popover (button)));
}

/* What somebody chooses now stays as it is. @colour: (nullable). */
static void
show_colour (GtkMenuButton *button,
             GtkColorChooser *chooser,
             const char *colour)
{
  GdkRGBA rgba;

  if (!is_choosing (button) && colour != NULL && gdk_rgba_parse (&rgba, colour))
    gtk_color_chooser_set_rgba (chooser, &rgba);
}

/* What is being typed and chosen, before it counts. */
static void
preview (TempoSettingsPage *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
  g_autofree char *accent = NULL;
  g_autofree char *dark = NULL;

  if (view == NULL || self->updating)
    return;
  accent = get_colour (self->accent);
  if (view->organization->accent_dark != NULL || is_choosing (self->accent_dark_button))
    dark = get_colour (self->accent_dark);
  tempo_brand_preview_set_name (self->brand, gtk_editable_get_text (GTK_EDITABLE (self->name)));
  tempo_brand_preview_set_welcome (self->brand, gtk_editable_get_text (GTK_EDITABLE (self->welcome)));
  tempo_brand_preview_set_accent (self->brand, accent, dark);
  adw_action_row_set_subtitle (self->accent_row, tempo_brand_preview_describe (accent, dark));
}

static void
sign_loaded_cb (GObject *object,
                GAsyncResult *result,
                gpointer user_data)
{
  g_autoptr (TempoSettingsPage) self = user_data;
  g_autoptr (GdkTexture) logo = tempo_desk_load_cover_finish (TEMPO_DESK (object), result, NULL);
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;

  if (self->brand != NULL && view != NULL)
    tempo_brand_preview_set_logo (self->brand, view->organization->logo != NULL ? logo : NULL, view->organization->white_label);
}

static void
preview_logo (TempoSettingsPage *self,
              TempoOrganization *organization)
{
  if (organization->logo == NULL)
    tempo_brand_preview_set_logo (self->brand, NULL, organization->white_label);
  else
    tempo_desk_load_cover_async (self->desk, organization->logo, NULL, sign_loaded_cb, g_object_ref (self));
}

static void
update (TempoSettingsPage *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);

  if (view == NULL)
    return;
  self->updating = TRUE;
  tempo_entry_show (self->name, view->organization->name);
  tempo_entry_show (self->welcome, view->organization->welcome);
  tempo_entry_show (self->contact, view->organization->contact);
  gtk_switch_set_active (self->white_label, view->organization->white_label);
  show_colour (self->accent_button, self->accent, view->organization->accent);
  show_colour (self->accent_dark_button, self->accent_dark,
               view->organization->accent_dark != NULL ? view->organization->accent_dark : view->organization->accent);
  gtk_widget_set_visible (self->accent_dark_clear, view->organization->accent_dark != NULL);
  tempo_cover_set_picture (self->logo, self->desk, view->organization->logo);
  gtk_widget_set_visible (GTK_WIDGET (self->logo), view->organization->logo != NULL);
  self->updating = FALSE;
  preview (self);
  preview_logo (self, view->organization);
  if (g_strcmp0 (self->organization_id, view->organization->id) != 0)
    {
      g_free (self->organization_id);
      self->organization_id = g_strdup (view->organization->id);
      tempo_settings_page_refresh (self);
    }
}

static void
show_blocked (GtkWidget *row,
              JsonObject *settings,
              const char *key)
{
  JsonNode *node = json_object_get_member (settings, key);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0;
       node != NULL && JSON_NODE_HOLDS_ARRAY (node) && i < json_array_get_length (json_node_get_array (node)); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            json_array_get_string_element (json_node_get_array (node), i));
  tempo_entry_show (row, text->str);
}

static void
show_settings (TempoSettingsPage *self,
               JsonObject *settings)
{
  const char *language = tempo_json_get_string (settings, "displayLanguage", 16, "", NULL);
  gint64 days = tempo_json_get_int (settings, "forgetGuestsDays", 0, 365, DEFAULT_FORGET_DAYS, NULL);

  self->updating = TRUE;
  show_blocked (self->blocked_artists, settings, "blockedArtists");
  show_blocked (self->blocked_titles, settings, "blockedTitles");
  show_blocked (self->blocked_words, settings, "blockedWords");
  for (guint i = 0; languages[i] != NULL; i++)
    if (g_str_equal (languages[i], language))
      adw_combo_row_set_selected (self->language, i);
  gtk_spin_button_set_value (self->forget, (double) days);
  self->updating = FALSE;
}

static void
settings_read_cb (GObject *object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (TempoSettingsPage) self = user_data;
  g_autoptr (JsonObject) settings = tempo_link_list_finish_object (TEMPO_LINK (object), result, "settings");

  if (settings != NULL && self->forget != NULL)
    show_settings (self, settings);
}

static int
compare_newest (gconstpointer a,
                gconstpointer b)
{
  GDateTime *one = g_file_info_get_modification_date_time (*(GFileInfo *const *) a);
  GDateTime *two = g_file_info_get_modification_date_time (*(GFileInfo *const *) b);
  int order = one != NULL && two != NULL ? g_date_time_compare (two, one) : 0;

  g_clear_pointer (&one, g_date_time_unref);
  g_clear_pointer (&two, g_date_time_unref);
  return order;
}

static void
show_backups (TempoSettingsPage *self,
              GPtrArray *files)
{
  for (guint i = 0; i < self->backup_rows->len; i++)
    adw_preferences_group_remove (self->backups, g_ptr_array_index (self->backup_rows, i));
  g_ptr_array_set_size (self->backup_rows, 0);
  g_ptr_array_sort (files, compare_newest);
  for (guint i = 0; i < MIN (files->len, MAX_BACKUPS_SHOWN); i++)
    {
      GFileInfo *info = g_ptr_array_index (files, i);
      g_autoptr (GDateTime) utc = g_file_info_get_modification_date_time (info);
      g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
      /* Translators: when a backup was made, in the form of g_date_time_format(). */
      g_autofree char *when = local != NULL ? g_date_time_format (local, C_ ("backup", "%A, %-d %B %Y, %H:%M")) : NULL;
      g_autofree char *size = g_format_size ((guint64) g_file_info_get_size (info));
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), when != NULL ? when : g_file_info_get_name (info));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), size);
      adw_preferences_group_add (self->backups, row);
      g_ptr_array_add (self->backup_rows, row);
    }
}

static void
list_backups_thread (GTask *task,
                     gpointer source,
                     gpointer task_data,
                     GCancellable *cancellable)
{
  g_autoptr (GFile) folder = g_file_new_for_path (task_data);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GFileEnumerator) files = g_file_enumerate_children (
    folder, "standard::name,standard::type,standard::size,time::modified", G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS,
    cancellable, NULL);

  while (files != NULL && found->len < 1000)
    {
      g_autoptr (GFileInfo) info = g_file_enumerator_next_file (files, cancellable, NULL);

      if (info == NULL)
        break;
      if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR)
        g_ptr_array_add (found, g_steal_pointer (&info));
    }
  g_task_return_pointer (task, g_steal_pointer (&found), (GDestroyNotify) g_ptr_array_unref);
}

static void
backups_listed_cb (GObject *object,
                   GAsyncResult *result,
                   gpointer user_data)
{
  g_autoptr (TempoSettingsPage) self = user_data;
  g_autoptr (GPtrArray) files = g_task_propagate_pointer (G_TASK (result), NULL);

  if (files != NULL && self->backups != NULL)
    show_backups (self, files);
}

static void
send_setting (TempoSettingsPage *self,
              const char *key,
              JsonNode *value)
{
  tempo_desk_set_setting (self->desk, FALSE, key, value);
}

static void
text_applied_cb (TempoSettingsPage *self,
                 GtkWidget *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, text);
  if (row == self->name && *text == '\0')
    json_node_unref (node);
  else
    send_setting (self, row == self->name ? "name" : row == self->contact ? "contact" : "welcome", node);
}

static void
white_label_changed_cb (TempoSettingsPage *self)
{
  JsonNode *node;

  if (self->updating)
    return;
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_boolean (node, gtk_switch_get_active (self->white_label));
  send_setting (self, "whiteLabel", node);
}

static void
blocked_applied_cb (TempoSettingsPage *self,
                    GtkWidget *row)
{
  g_auto (GStrv) words = g_strsplit (gtk_editable_get_text (GTK_EDITABLE (row)), ",", -1);
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; words[i] != NULL; i++)
    if (*g_strstrip (words[i]) != '\0')
      json_array_add_string_element (array, words[i]);
  json_node_take_array (node, array);
  send_setting (self,
                row == self->blocked_artists  ? "blockedArtists"
                : row == self->blocked_titles ? "blockedTitles"
                                              : "blockedWords",
                node);
}

/* The choice counts when it is closed. */
static void
colour_set_cb (TempoSettingsPage *self,
               GtkPopover *popover)
{
  gboolean dark = popover == gtk_menu_button_get_popover (self->accent_dark_button);
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
  g_autofree char *text = get_colour (dark ? self->accent_dark : self->accent);
  const char *before;
  JsonNode *node;

  if (view == NULL)
    return;
  before = dark && view->organization->accent_dark != NULL ? view->organization->accent_dark : view->organization->accent;
  if (g_strcmp0 (before, text) == 0)
    return;
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (node, text);
  send_setting (self, dark ? "accentDark" : "accent", node);
}

static void
accent_dark_clear_cb (TempoSettingsPage *self)
{
  send_setting (self, "accentDark", json_node_new (JSON_NODE_NULL));
}

static void
logo_set_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (TempoSettingsPage) self = user_data;
  gboolean done = tempo_link_set_logo_finish (TEMPO_LINK (object), result, NULL);

  if (self->logo_row != NULL)
    adw_action_row_set_subtitle (self->logo_row, done ? _("On phones, displays and table cards")
                                                      : _("That picture cannot be used. Choose a PNG or JPEG file."));
}

static void
logo_read_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (TempoSettingsPage) self = user_data;
  g_autoptr (GBytes) image = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self->logo_row == NULL || self->desk == NULL)
    return;
  if (image == NULL)
    adw_action_row_set_subtitle (self->logo_row, _("That picture cannot be used. Choose a PNG or JPEG file."));
  else
    tempo_link_set_logo_async (tempo_desk_get_link (self->desk), image, logo_set_cb, g_object_ref (self));
}

/* Somebody may choose a film by mistake: no more of a file is read than can be used. */
static void
read_logo_thread (GTask *task,
                  gpointer source,
                  gpointer task_data,
                  GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (task_data, cancellable, &error);
  g_autofree guint8 *data = g_malloc (MAX_LOGO + 1);
  gsize length = 0;

  if (stream != NULL
      && g_input_stream_read_all (G_INPUT_STREAM (stream), data, MAX_LOGO + 1, &length, cancellable, &error))
    g_task_return_pointer (task, g_bytes_new (data, length), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
logo_chosen_cb (TempoSettingsPage *self,
                int response)
{
  g_autoptr (GFile) file = NULL;

  if (response != GTK_RESPONSE_ACCEPT || self->desk == NULL)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  if (file != NULL)
    tempo_settings_page_set_logo (self, file);
}

static void
logo_remove_cb (TempoSettingsPage *self)
{
  if (self->desk != NULL)
    tempo_link_set_logo_async (tempo_desk_get_link (self->desk), NULL, logo_set_cb, g_object_ref (self));
}

static void
choose_logo_cb (TempoSettingsPage *self)
{
  g_autoptr (GtkFileFilter) pictures = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Choose a Logo"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), NULL);
  gtk_file_filter_add_mime_type (pictures, "image/png");
  gtk_file_filter_add_mime_type (pictures, "image/jpeg");
  gtk_file_filter_set_name (pictures, _("Pictures"));
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), pictures);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (logo_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
language_changed_cb (TempoSettingsPage *self)
{
  guint selected = adw_combo_row_get_selected (self->language);
  JsonNode *node;

  if (self->updating || self->desk == NULL || selected >= G_N_ELEMENTS (languages) - 1)
    return;
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (node, languages[selected]);
  send_setting (self, "displayLanguage", node);
}

static gboolean
send_forget_cb (gpointer data)
{
  TempoSettingsPage *self = data;
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  self->forget_id = 0;
  json_node_set_int (node, gtk_spin_button_get_value_as_int (self->forget));
  send_setting (self, "forgetGuestsDays", node);
  return G_SOURCE_REMOVE;
}

static void
forget_changed_cb (TempoSettingsPage *self)
{
  if (self->updating || self->desk == NULL)
    return;
  g_clear_handle_id (&self->forget_id, g_source_remove);
  self->forget_id = g_timeout_add (SETTLE_MS, send_forget_cb, self);
}

static void
tempo_settings_page_map (GtkWidget *widget)
{
  TempoSettingsPage *self = TEMPO_SETTINGS_PAGE (widget);

  GTK_WIDGET_CLASS (tempo_settings_page_parent_class)->map (widget);
  if (self->desk != NULL)
    tempo_settings_page_refresh (self);
}

static void
tempo_settings_page_dispose (GObject *object)
{
  TempoSettingsPage *self = TEMPO_SETTINGS_PAGE (object);

  g_clear_handle_id (&self->forget_id, g_source_remove);
  tempo_settings_page_set_desk (self, NULL);
  g_clear_object (&self->chooser);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->organization_id, g_free);
  g_clear_pointer (&self->backup_rows, g_ptr_array_unref);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_SETTINGS_PAGE);

  G_OBJECT_CLASS (tempo_settings_page_parent_class)->dispose (object);
}

static void
tempo_settings_page_class_init (TempoSettingsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_settings_page_dispose;
  widget_class->map = tempo_settings_page_map;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/settings/tempo-settings-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, name);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, welcome);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, contact);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, white_label);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, blocked_artists);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, blocked_titles);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, blocked_words);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, brand);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, accent_row);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, accent_button);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, accent);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, accent_dark_button);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, accent_dark);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, accent_dark_clear);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, logo_row);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, logo);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, language);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, forget);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, notify);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, backups);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, staff);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, pin);
  gtk_widget_class_bind_template_child (widget_class, TempoSettingsPage, licence);
  gtk_widget_class_bind_template_callback (widget_class, preview);
  gtk_widget_class_bind_template_callback (widget_class, text_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, white_label_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, blocked_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, colour_set_cb);
  gtk_widget_class_bind_template_callback (widget_class, accent_dark_clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_logo_cb);
  gtk_widget_class_bind_template_callback (widget_class, logo_remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, language_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, forget_changed_cb);
}

static void
tempo_settings_page_init (TempoSettingsPage *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  self->settings = g_settings_new (TEMPO_APP_ID);
  self->backup_rows = g_ptr_array_new ();
  self->updating = TRUE;
  g_type_ensure (TEMPO_TYPE_BRAND_PREVIEW);
  g_type_ensure (TEMPO_TYPE_COVER);
  g_type_ensure (TEMPO_TYPE_STAFF_ADDRESS);
  g_type_ensure (TEMPO_TYPE_PIN_GROUP);
  g_type_ensure (TEMPO_TYPE_LICENCE_GROUP);
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_action_row_set_subtitle (self->logo_row, _("On phones, displays and table cards"));
  gtk_string_list_append (names, g_dpgettext2 (NULL, "language", language_names[0]));
  for (guint i = 1; language_names[i] != NULL; i++)
    gtk_string_list_append (names, language_names[i]);
  adw_combo_row_set_model (self->language, G_LIST_MODEL (names));
  self->updating = FALSE;
  g_settings_bind (self->settings, "notifications", self->notify, "active", G_SETTINGS_BIND_DEFAULT);
}

/* Shows and changes the settings of the organization of @desk.
 * NULL lets go of it.
 */
void
tempo_settings_page_set_desk (TempoSettingsPage *self,
                              TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_SETTINGS_PAGE (self));

  if (self->staff != NULL)
    tempo_staff_address_set_desk (self->staff, desk);
  if (self->pin != NULL)
    tempo_pin_group_set_desk (self->pin, desk);
  if (self->licence != NULL)
    tempo_licence_group_set_desk (self->licence, desk);
  tempo_follow (&self->desk, desk, "notify::view", G_CALLBACK (update), self);
}

/* Takes @file as the house's sign, as the file chooser's answer does. */
void
tempo_settings_page_set_logo (TempoSettingsPage *self,
                              GFile *file)
{
  /* Not of the page: the thread may be the last to let go of the task, and a widget must not end there. */
  g_autoptr (GTask) task = g_task_new (NULL, NULL, logo_read_cb, g_object_ref (self));

  g_task_set_source_tag (task, tempo_settings_page_set_logo);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, read_logo_thread);
}

/* Puts the keyboard where a PIN is set.
 */
void
tempo_settings_page_begin_pin (TempoSettingsPage *self)
{
  g_return_if_fail (TEMPO_IS_SETTINGS_PAGE (self));

  tempo_pin_group_begin (self->pin);
}

/* Puts the keyboard where a licence key goes.
 */
void
tempo_settings_page_begin_licence (TempoSettingsPage *self)
{
  g_return_if_fail (TEMPO_IS_SETTINGS_PAGE (self));

  tempo_licence_group_begin (self->licence);
}

/* Asks for the settings that no view carries, and looks what copies there are.
 * Both come later, off the main thread.
 */
void
tempo_settings_page_refresh (TempoSettingsPage *self)
{
  g_autoptr (GTask) task = NULL;
  TempoLink *link;
  char *folder;

  g_return_if_fail (TEMPO_IS_SETTINGS_PAGE (self));

  if (self->desk == NULL || tempo_desk_get_view (self->desk) == NULL)
    return;
  link = tempo_desk_get_link (self->desk);
  tempo_link_list_async (link, "settings", NULL, settings_read_cb, g_object_ref (self));
  tempo_licence_group_refresh (self->licence);
  folder = tempo_link_get_folder (link, "backups");
  if (folder == NULL)
    return;
  task = g_task_new (NULL, NULL, backups_listed_cb, g_object_ref (self));
  g_task_set_source_tag (task, tempo_settings_page_refresh);
  g_task_set_task_data (task, folder, g_free);
  g_task_run_in_thread (task, list_backups_thread);
}
