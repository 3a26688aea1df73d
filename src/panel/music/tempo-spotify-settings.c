/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/music/tempo-spotify-settings.h"

#include <glib/gi18n.h>

#include "base/tempo-json.h"
#include "panel/common/tempo-words.h"
#include "panel/music/tempo-music-words.h"

#define DASHBOARD "https://developer.spotify.com/dashboard"
/* While somebody is in the browser: so often, and no longer than a sign-in may take. */
#define ASK_SECONDS 2
#define MAX_ASKS 150
#define MAX_TEXT 1000

struct _TempoSpotifySettings
{
  AdwPreferencesGroup parent_instance;

  TempoDesk *desk;      /* (owned) (nullable) */
  GPtrArray *devices;   /* (owned) (element utf8) ids; the first, "", is whichever plays */
  GPtrArray *playlists; /* (owned) (element utf8) ids; the first, "", is none */
  char *device_id;      /* (owned) */
  char *playlist_id;    /* (owned) */
  guint ask_id;
  guint asks;
  gboolean connected;
  gboolean noticed;
  gboolean updating;

  AdwActionRow *account;
  GtkButton *disconnect;
  AdwActionRow *expiry;
  AdwActionRow *no_saving;
  AdwActionRow *notice;
  GtkCheckButton *confirmed;
  AdwExpanderRow *steps;
  AdwEntryRow *client_id;
  GtkButton *sign_in;
  AdwComboRow *device;
  AdwComboRow *playlist;
};

G_DEFINE_FINAL_TYPE (TempoSpotifySettings, tempo_spotify_settings, ADW_TYPE_PREFERENCES_GROUP)

static void
ask (TempoSpotifySettings *self,
     const char *act,
     const char *client_id,
     GAsyncReadyCallback callback)
{
  if (self->desk != NULL && tempo_desk_get_view (self->desk) != NULL)
    tempo_link_spotify_async (tempo_desk_get_link (self->desk), act, client_id, callback, g_object_ref (self));
}

/* NULL when it failed, which the row of the account says, or the page is gone. (transfer full). */
static JsonObject *
take_answer (TempoSpotifySettings *self,
             GObject *link,
             GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tempo_link_spotify_finish (TEMPO_LINK (link), result, &error);

  if (self->desk == NULL)
    return NULL;
  if (bytes == NULL)
    {
      g_autofree char *text = tempo_words_refusal (error);

      adw_action_row_set_subtitle (self->account, text);
      return NULL;
    }
  return tempo_link_read (bytes, NULL);
}

static void
update_button (TempoSpotifySettings *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->sign_in),
                            gtk_check_button_get_active (self->confirmed)
                              && *gtk_editable_get_text (GTK_EDITABLE (self->client_id)) != '\0');
}

/* Fills @row with the choices of an answer; @ids follows. */
static void
show_choices (TempoSpotifySettings *self,
              JsonObject *answer,
              const char *member,
              const char *first,
              AdwComboRow *row,
              GPtrArray *ids,
              const char *chosen)
{
  JsonNode *node = json_object_get_member (answer, member);
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  guint selected = 0;

  g_ptr_array_set_size (ids, 0);
  g_ptr_array_add (ids, g_strdup (""));
  gtk_string_list_append (list, first);
  for (guint i = 0;
       node != NULL && JSON_NODE_HOLDS_ARRAY (node) && i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonObject *choice = json_array_get_object_element (json_node_get_array (node), i);
      const char *id = tempo_json_get_string (choice, "id", MAX_TEXT, "", NULL);

      if (g_strcmp0 (id, chosen) == 0)
        selected = ids->len;
      g_ptr_array_add (ids, g_strdup (id));
      gtk_string_list_append (list, tempo_json_get_string (choice, "name", MAX_TEXT, "", NULL));
    }
  /* What was chosen and is switched off now stays chosen. */
  if (selected == 0 && *chosen != '\0')
    {
      selected = ids->len;
      g_ptr_array_add (ids, g_strdup (chosen));
      gtk_string_list_append (list, C_("music", "As before (not there now)"));
    }
  self->updating = TRUE;
  adw_combo_row_set_model (row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (row, selected);
  self->updating = FALSE;
}

/* A list that does not come is a matter of how the account is, which is asked for in its own words. (transfer full) (nullable). */
static JsonObject *
take_list (TempoSpotifySettings *self,
           GObject *link,
           GAsyncResult *result)
{
  g_autoptr (GBytes) bytes = tempo_link_spotify_finish (TEMPO_LINK (link), result, NULL);

  if (self->desk == NULL)
    return NULL;
  if (bytes == NULL)
    tempo_spotify_settings_look (self);
  return tempo_link_read (bytes, NULL);
}

/* What an account has to choose from. */
static const struct
{
  const char *act; /* to ask for it, and the member of the answer */
  const char *first;
  gsize row, ids, chosen; /* fields of the page */
} choices[] = {
  { "devices", NC_ ("music", "Whichever plays"), G_STRUCT_OFFSET (TempoSpotifySettings, device),
    G_STRUCT_OFFSET (TempoSpotifySettings, devices), G_STRUCT_OFFSET (TempoSpotifySettings, device_id) },
  { "playlists", NC_ ("music", "Nothing"), G_STRUCT_OFFSET (TempoSpotifySettings, playlist),
    G_STRUCT_OFFSET (TempoSpotifySettings, playlists), G_STRUCT_OFFSET (TempoSpotifySettings, playlist_id) },
};

/* The answer says which it is. */
static void
choices_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (TempoSpotifySettings) self = user_data;
  g_autoptr (JsonObject) answer = take_list (self, object, result);

  for (gsize i = 0; answer != NULL && i < G_N_ELEMENTS (choices); i++)
    if (json_object_has_member (answer, choices[i].act))
      show_choices (self, answer, choices[i].act, g_dpgettext2 (NULL, "music", choices[i].first),
                    G_STRUCT_MEMBER (AdwComboRow *, self, choices[i].row), G_STRUCT_MEMBER (GPtrArray *, self, choices[i].ids),
                    G_STRUCT_MEMBER (char *, self, choices[i].chosen));
}

static void
send_choice (TempoSpotifySettings *self,
             const char *key,
             AdwComboRow *row,
             GPtrArray *ids,
             char **chosen)
{
  guint selected = adw_combo_row_get_selected (row);
  JsonNode *node;

  if (self->updating || self->desk == NULL || selected >= ids->len)
    return;
  g_free (*chosen);
  *chosen = g_strdup (g_ptr_array_index (ids, selected));
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (node, *chosen);
  tempo_desk_set_setting (self->desk, TRUE, key, node);
}

static void
device_chosen_cb (TempoSpotifySettings *self)
{
  send_choice (self, "spotifyDevice", self->device, self->devices, &self->device_id);
}

static void
playlist_chosen_cb (TempoSpotifySettings *self)
{
  send_choice (self, "spotifyFillerPlaylist", self->playlist, self->playlists, &self->playlist_id);
}

/* Wall us, 0 when the report has none. */
static gint64
read_time (JsonObject *report,
           const char *member)
{
  const char *text = tempo_json_get_string (report, member, 40, NULL, NULL);
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

static void
show_account (TempoSpotifySettings *self,
              JsonObject *report)
{
  const char *state = tempo_json_get_string (report, "state", 100, "disconnected", NULL);
  JsonNode *node = json_object_get_member (report, "account");
  JsonObject *account = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = account != NULL ? tempo_json_get_string (account, "name", MAX_TEXT, "", NULL) : NULL;
  const char *client_id = tempo_json_get_string (report, "clientId", MAX_TEXT, NULL, NULL);
  TempoSourceState *shown = tempo_source_state_new ("spotify", state, "", read_time (report, "until"));
  g_autofree char *sentence = tempo_music_words_state (shown);
  g_autofree char *text = NULL;

  tempo_source_state_free (shown);
  if (g_str_equal (state, "disconnected"))
    text = g_strdup (C_("music", "Not connected."));
  else if (g_str_equal (state, "connecting") && self->ask_id != 0)
    text = g_strdup (C_("music", "Say yes in the browser that opened."));
  else if (name != NULL && *name != '\0')
    text = g_strdup_printf ("%s · %s", name, sentence);
  else
    text = g_strdup (sentence);
  adw_action_row_set_subtitle (self->account, text);
  gtk_widget_set_visible (GTK_WIDGET (self->disconnect), account != NULL);
  if (client_id != NULL && *gtk_editable_get_text (GTK_EDITABLE (self->client_id)) == '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->client_id), client_id);
}

/* The six months of a sign-in end whatever happens meanwhile; an evening is a bad moment to learn it. */
static void
show_expiry (TempoSpotifySettings *self,
             JsonObject *report)
{
  gint64 end = read_time (report, "expiresAt");
  g_autoptr (GDateTime) local = end != 0 ? g_date_time_new_from_unix_local (end / G_USEC_PER_SEC) : NULL;
  gboolean soon = local != NULL && tempo_json_get_bool (report, "expiresSoon", FALSE, NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->expiry), soon && self->connected);
  if (soon)
    {
      /* Translators: a day and a month, like "3 May". */
      g_autofree char *day = g_date_time_format (local, C_("music", "%-e %B"));
      /* Translators: %s is a day, like "3 May". */
      g_autofree char *sentence = g_strdup_printf (C_("music", "Spotify lets Tempo in until %s. It asks every six months."), day);

      adw_action_row_set_subtitle (self->expiry, sentence);
    }
}

static void
stop_asking (TempoSpotifySettings *self)
{
  g_clear_handle_id (&self->ask_id, g_source_remove);
  self->asks = 0;
}

static void
report_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (TempoSpotifySettings) self = user_data;
  g_autoptr (JsonObject) report = take_answer (self, object, result);
  const char *state;
  gboolean connected;

  if (report == NULL)
    return;
  state = tempo_json_get_string (report, "state", 100, "disconnected", NULL);
  /* While it is not known whose the account is, nothing can be asked of it. */
  connected = !g_strv_contains ((const char *const[]) { "disconnected", "connecting", "needs_sign_in", NULL }, state);
  self->noticed = g_strcmp0 (tempo_json_get_string (report, "notice", 20, "", NULL), "confirmed") == 0;
  if (self->noticed)
    gtk_check_button_set_active (self->confirmed, TRUE);
  show_account (self, report);
  gtk_widget_set_visible (GTK_WIDGET (self->steps), !connected);
  gtk_widget_set_visible (GTK_WIDGET (self->client_id), !connected);
  gtk_widget_set_visible (GTK_WIDGET (self->device), connected);
  gtk_widget_set_visible (GTK_WIDGET (self->playlist), connected);
  if (connected && !self->connected)
    {
      stop_asking (self);
      for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
        ask (self, choices[i].act, NULL, choices_cb);
    }
  self->connected = connected;
  gtk_widget_set_visible (GTK_WIDGET (self->no_saving), connected);
  gtk_widget_set_visible (GTK_WIDGET (self->notice), !connected);
  show_expiry (self, report);
}

static void
look_again_cb (TempoSpotifySettings *self)
{
  ask (self, "devices", NULL, choices_cb);
}

static gboolean
ask_again_cb (gpointer data)
{
  TempoSpotifySettings *self = data;

  if (++self->asks > MAX_ASKS)
    {
      self->ask_id = 0;
      return G_SOURCE_REMOVE;
    }
  ask (self, "report", NULL, report_cb);
  return G_SOURCE_CONTINUE;
}

static void
show_uri (TempoSpotifySettings *self,
          const char *uri)
{
  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), uri, GDK_CURRENT_TIME);
}

static void
address_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (TempoSpotifySettings) self = user_data;
  g_autoptr (JsonObject) answer = take_answer (self, object, result);
  const char *address = answer != NULL ? tempo_json_get_string (answer, "authorizeUrl", 4000, NULL, NULL) : NULL;

  if (address == NULL || self->account == NULL)
    return;
  adw_action_row_set_subtitle (self->account, C_("music", "Say yes in the browser that opened."));
  stop_asking (self);
  self->connected = FALSE;
  self->ask_id = g_timeout_add_seconds (ASK_SECONDS, ask_again_cb, self);
  show_uri (self, address);
}

static void
sign_in_cb (TempoSpotifySettings *self)
{
  g_autofree char *client_id = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->client_id))));

  ask (self, "sign-in", *client_id != '\0' ? client_id : NULL, address_cb);
}

static void
entry_activated_cb (TempoSpotifySettings *self)
{
  if (gtk_widget_get_sensitive (GTK_WIDGET (self->sign_in)))
    sign_in_cb (self);
}

static void
disconnected_cb (GObject *object,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (TempoSpotifySettings) self = user_data;
  g_autoptr (JsonObject) answer = take_answer (self, object, result);

  if (answer != NULL)
    tempo_spotify_settings_refresh (self);
}

static void
disconnect_cb (TempoSpotifySettings *self)
{
  ask (self, "disconnect", NULL, disconnected_cb);
}

static void
dashboard_cb (TempoSpotifySettings *self)
{
  show_uri (self, DASHBOARD);
}

static void
tempo_spotify_settings_dispose (GObject *object)
{
  TempoSpotifySettings *self = TEMPO_SPOTIFY_SETTINGS (object);

  stop_asking (self);
  self->updating = TRUE;
  g_clear_object (&self->desk);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_SPOTIFY_SETTINGS);

  G_OBJECT_CLASS (tempo_spotify_settings_parent_class)->dispose (object);
}

static void
tempo_spotify_settings_finalize (GObject *object)
{
  TempoSpotifySettings *self = TEMPO_SPOTIFY_SETTINGS (object);

  g_ptr_array_unref (self->devices);
  g_ptr_array_unref (self->playlists);
  g_free (self->device_id);
  g_free (self->playlist_id);

  G_OBJECT_CLASS (tempo_spotify_settings_parent_class)->finalize (object);
}

static void
tempo_spotify_settings_class_init (TempoSpotifySettingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_spotify_settings_dispose;
  G_OBJECT_CLASS (klass)->finalize = tempo_spotify_settings_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/music/tempo-spotify-settings.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoSpotifySettings, account);
  gtk_widget_class_bind_template_child (widget_class, TempoSpotifySettings, disconnect);
  gtk_widget_class_bind_template_child (widget_class, TempoSpotifySettings, notice);
  gtk_widget_class_bind_template_child (widget_class, TempoSpotifySettings, expiry);
  gtk_widget_class_bind_template_child (widget_class, TempoSpotifySettings, no_saving);
  gtk_widget_class_bind_template_child (widget_class, TempoSpotifySettings, confirmed);
  gtk_widget_class_bind_template_child (widget_class, TempoSpotifySettings, steps);
  gtk_widget_class_bind_template_child (widget_class, TempoSpotifySettings, client_id);
  gtk_widget_class_bind_template_child (widget_class, TempoSpotifySettings, sign_in);
  gtk_widget_class_bind_template_child (widget_class, TempoSpotifySettings, device);
  gtk_widget_class_bind_template_child (widget_class, TempoSpotifySettings, playlist);
  gtk_widget_class_bind_template_callback (widget_class, update_button);
  gtk_widget_class_bind_template_callback (widget_class, sign_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, disconnect_cb);
  gtk_widget_class_bind_template_callback (widget_class, dashboard_cb);
  gtk_widget_class_bind_template_callback (widget_class, device_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, look_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, tempo_spotify_settings_sign_in);
  gtk_widget_class_bind_template_callback (widget_class, playlist_chosen_cb);
}

static void
tempo_spotify_settings_init (TempoSpotifySettings *self)
{
  self->devices = g_ptr_array_new_with_free_func (g_free);
  self->playlists = g_ptr_array_new_with_free_func (g_free);
  self->device_id = g_strdup ("");
  self->playlist_id = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tempo_spotify_settings_set_desk (TempoSpotifySettings *self,
                                 TempoDesk *desk)
{
  stop_asking (self);
  g_set_object (&self->desk, desk);
  if (desk == NULL)
    return;
  /* What was typed and confirmed was meant for the organization before. */
  self->noticed = FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->client_id), "");
  gtk_check_button_set_active (self->confirmed, FALSE);
}

static void
keep (char **field,
      JsonObject *settings,
      const char *key)
{
  const char *text = tempo_json_get_string (settings, key, MAX_TEXT, NULL, NULL);

  g_free (*field);
  *field = g_strdup (text != NULL ? text : "");
}

void
tempo_spotify_settings_take (TempoSpotifySettings *self,
                             JsonObject *settings)
{
  keep (&self->device_id, settings, "spotifyDevice");
  keep (&self->playlist_id, settings, "spotifyFillerPlaylist");
}

void
tempo_spotify_settings_look (TempoSpotifySettings *self)
{
  ask (self, "report", NULL, report_cb);
}

void
tempo_spotify_settings_refresh (TempoSpotifySettings *self)
{
  self->connected = FALSE;
  ask (self, "report", NULL, report_cb);
}

/* Nobody is sent to the browser who has not read what Spotify allows. */
void
tempo_spotify_settings_sign_in (TempoSpotifySettings *self)
{
  if (self->noticed)
    sign_in_cb (self);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->confirmed));
}
