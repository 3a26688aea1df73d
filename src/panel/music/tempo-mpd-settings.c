/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/music/tempo-mpd-settings.h"

#include <glib/gi18n.h>

#include "base/tempo-json.h"
#include "music/mpd/tempo-mpd-source.h"
#include "panel/music/tempo-music-words.h"

#define TEST_SECONDS 8
#define SETTLE_MS 700

struct _TempoMpdSettings
{
  AdwPreferencesGroup parent_instance;

  TempoDesk *desk;    /* (owned) (nullable) */
  TempoSource *trial; /* (owned) (nullable) connects while a test runs */
  guint trial_id;
  guint port_id;
  gboolean updating;
  gboolean password_set;

  AdwEntryRow *host;
  GtkSpinButton *port;
  AdwEntryRow *socket;
  AdwPasswordEntryRow *password;
  AdwEntryRow *playlist;
  AdwActionRow *test_row;
  GtkButton *test;
};

G_DEFINE_FINAL_TYPE (TempoMpdSettings, tempo_mpd_settings, ADW_TYPE_PREFERENCES_GROUP)

static void
send_text (TempoMpdSettings *self,
           const char *key,
           gpointer row)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, gtk_editable_get_text (GTK_EDITABLE (row)));
  if (self->desk != NULL)
    tempo_desk_set_setting (self->desk, TRUE, key, node);
  else
    json_node_unref (node);
}

static void
host_applied_cb (TempoMpdSettings *self)
{
  send_text (self, "mpdHost", self->host);
}

static void
socket_applied_cb (TempoMpdSettings *self)
{
  send_text (self, "mpdSocket", self->socket);
}

static void
password_applied_cb (TempoMpdSettings *self)
{
  send_text (self, "mpdPassword", self->password);
}

static void
playlist_applied_cb (TempoMpdSettings *self)
{
  send_text (self, "mpdFillerPlaylist", self->playlist);
}

static gboolean
send_port_cb (gpointer data)
{
  TempoMpdSettings *self = data;
  JsonNode *node;

  self->port_id = 0;
  if (self->desk == NULL)
    return G_SOURCE_REMOVE;
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_int (node, gtk_spin_button_get_value_as_int (self->port));
  tempo_desk_set_setting (self->desk, TRUE, "mpdPort", node);
  return G_SOURCE_REMOVE;
}

static void
port_changed_cb (TempoMpdSettings *self)
{
  if (self->updating)
    return;
  g_clear_handle_id (&self->port_id, g_source_remove);
  self->port_id = g_timeout_add (SETTLE_MS, send_port_cb, self);
}

static void
end_trial (TempoMpdSettings *self)
{
  g_clear_handle_id (&self->trial_id, g_source_remove);
  if (self->trial != NULL)
    g_signal_handlers_disconnect_by_data (self->trial, self);
  g_clear_object (&self->trial);
  if (self->test != NULL)
    gtk_widget_set_sensitive (GTK_WIDGET (self->test), TRUE);
}

static void
show_state (TempoMpdSettings *self,
            const char *state,
            const char *text)
{
  TempoSourceState *shown = tempo_source_state_new ("mpd", state, text, 0);
  g_autofree char *sentence = g_str_equal (state, "ready") ? g_strdup (C_("music", "It answers. Everything is fine.")) : tempo_music_words_state (shown);

  adw_action_row_set_subtitle (self->test_row, sentence);
  tempo_source_state_free (shown);
}

static void
trial_changed_cb (TempoMpdSettings *self)
{
  TempoSourceStatus status;

  tempo_source_get_status (self->trial, &status);
  if (status.health == TEMPO_SOURCE_CONNECTING)
    return;
  show_state (self, status.code, status.text);
  end_trial (self);
}

static gboolean
trial_over_cb (gpointer data)
{
  TempoMpdSettings *self = data;

  self->trial_id = 0;
  show_state (self, "unreachable", "");
  end_trial (self);
  return G_SOURCE_REMOVE;
}

/* The password that is kept cannot be read back: the room's own connection knows whether it is right. */
static gboolean
show_room_state (TempoMpdSettings *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;

  for (guint i = 0; view != NULL && view->sources != NULL && i < view->sources->len; i++)
    {
      TempoSourceState *state = g_ptr_array_index (view->sources, i);

      if (!g_str_equal (state->kind, "mpd"))
        continue;
      show_state (self, state->state, state->text);
      return TRUE;
    }
  return FALSE;
}

static const char *
get_text (gpointer row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));

  return *text != '\0' ? text : NULL;
}

static void
test_cb (TempoMpdSettings *self)
{
  TempoMpdOptions options = {
    .host = get_text (self->host),
    .port = (guint) gtk_spin_button_get_value_as_int (self->port),
    .socket = get_text (self->socket),
    .password = get_text (self->password),
  };

  end_trial (self);
  if (self->password_set && options.password == NULL && show_room_state (self))
    return;
  adw_action_row_set_subtitle (self->test_row, C_("music", "Connecting."));
  gtk_widget_set_sensitive (GTK_WIDGET (self->test), FALSE);
  self->trial = tempo_mpd_source_new (&options);
  self->trial_id = g_timeout_add_seconds (TEST_SECONDS, trial_over_cb, self);
  g_signal_connect_swapped (self->trial, "health-changed", G_CALLBACK (trial_changed_cb), self);
}

static void
tempo_mpd_settings_dispose (GObject *object)
{
  TempoMpdSettings *self = TEMPO_MPD_SETTINGS (object);

  self->test = NULL;
  end_trial (self);
  g_clear_handle_id (&self->port_id, g_source_remove);
  g_clear_object (&self->desk);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_MPD_SETTINGS);

  G_OBJECT_CLASS (tempo_mpd_settings_parent_class)->dispose (object);
}

static void
tempo_mpd_settings_class_init (TempoMpdSettingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_mpd_settings_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tempo_venue/Tempo/panel/music/tempo-mpd-settings.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoMpdSettings, host);
  gtk_widget_class_bind_template_child (widget_class, TempoMpdSettings, port);
  gtk_widget_class_bind_template_child (widget_class, TempoMpdSettings, socket);
  gtk_widget_class_bind_template_child (widget_class, TempoMpdSettings, password);
  gtk_widget_class_bind_template_child (widget_class, TempoMpdSettings, playlist);
  gtk_widget_class_bind_template_child (widget_class, TempoMpdSettings, test_row);
  gtk_widget_class_bind_template_child (widget_class, TempoMpdSettings, test);
  gtk_widget_class_bind_template_callback (widget_class, host_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, port_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, socket_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, password_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, playlist_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, test_cb);
}

static void
tempo_mpd_settings_init (TempoMpdSettings *self)
{
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
}

void
tempo_mpd_settings_set_desk (TempoMpdSettings *self,
                             TempoDesk *desk)
{
  end_trial (self);
  g_clear_handle_id (&self->port_id, g_source_remove);
  g_set_object (&self->desk, desk);
  if (desk == NULL)
    return;
  /* What was typed was meant for the room before. */
  gtk_editable_set_text (GTK_EDITABLE (self->password), "");
  adw_action_row_set_subtitle (self->test_row, "");
}

static void
show_text (gpointer row,
           JsonObject *settings,
           const char *key)
{
  const char *text = tempo_json_get_string (settings, key, 1000, "", NULL);

  /* What somebody types must not be taken away by a view that comes meanwhile. */
  if ((gtk_widget_get_state_flags (row) & GTK_STATE_FLAG_FOCUS_WITHIN) == 0 && g_strcmp0 (text, gtk_editable_get_text (row)) != 0)
    gtk_editable_set_text (row, text != NULL ? text : "");
}

void
tempo_mpd_settings_take (TempoMpdSettings *self,
                         JsonObject *settings)
{
  self->updating = TRUE;
  show_text (self->host, settings, "mpdHost");
  show_text (self->socket, settings, "mpdSocket");
  show_text (self->playlist, settings, "mpdFillerPlaylist");
  gtk_spin_button_set_value (self->port, (double) tempo_json_get_int (settings, "mpdPort", 1, 65535, 6600, NULL));
  self->password_set = tempo_json_get_bool (settings, "mpdPasswordSet", FALSE, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->password),
                                 self->password_set ? C_("music", "Password (one is kept)") : C_("music", "Password"));
  self->updating = FALSE;
}
