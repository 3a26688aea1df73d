/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/music/tempo-mpris-settings.h"

#include <glib/gi18n.h>

#include "base/tempo-json.h"
#include "music/mpris/tempo-mpris-source.h"

struct _TempoMprisSettings
{
  AdwPreferencesGroup parent_instance;

  TempoDesk *desk;    /* (owned) (nullable) */
  GPtrArray *players; /* (owned) (element TempoMprisPlayer) */
  GPtrArray *names;   /* (owned) (element utf8) what the choices mean; the first, "", is whichever plays */
  char *chosen;       /* (owned) "" follows whichever plays */
  char *about;        /* (owned) what the template says about the group */
  gboolean updating;

  AdwComboRow *player;
};

G_DEFINE_FINAL_TYPE (TempoMprisSettings, tempo_mpris_settings, ADW_TYPE_PREFERENCES_GROUP)

/* A player that was chosen and is not open stays a choice, or the next look would quietly take another. */
static void
show_players (TempoMprisSettings *self)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  guint selected = 0;

  g_ptr_array_set_size (self->names, 0);
  g_ptr_array_add (self->names, g_strdup (""));
  gtk_string_list_append (list, C_("music", "Whichever plays"));
  for (guint i = 0; i < self->players->len; i++)
    {
      TempoMprisPlayer *player = g_ptr_array_index (self->players, i);

      if (g_str_equal (player->name, self->chosen))
        selected = self->names->len;
      g_ptr_array_add (self->names, g_strdup (player->name));
      gtk_string_list_append (list, player->identity);
    }
  if (selected == 0 && *self->chosen != '\0')
    {
      /* Translators: %s is the name of a player that is not open. */
      g_autofree char *text = g_strdup_printf (C_("music", "%s (not open)"), self->chosen);

      selected = self->names->len;
      g_ptr_array_add (self->names, g_strdup (self->chosen));
      gtk_string_list_append (list, text);
    }
  self->updating = TRUE;
  adw_combo_row_set_model (self->player, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->player, selected);
  self->updating = FALSE;
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), self->players->len == 0 ? C_("music", "No player is open. Start one and look again.") : self->about);
}

static void
chosen_cb (TempoMprisSettings *self)
{
  guint selected = adw_combo_row_get_selected (self->player);
  JsonNode *node;

  if (self->updating || self->desk == NULL || selected >= self->names->len)
    return;
  g_free (self->chosen);
  self->chosen = g_strdup (g_ptr_array_index (self->names, selected));
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (node, self->chosen);
  tempo_desk_set_setting (self->desk, TRUE, "mprisPlayer", node);
}

static void
listed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (TempoMprisSettings) self = user_data;
  g_autoptr (GPtrArray) players = tempo_mpris_list_players_finish (result, NULL);

  if (players == NULL || self->player == NULL)
    return;
  g_ptr_array_unref (self->players);
  self->players = g_steal_pointer (&players);
  show_players (self);
}

static void
bus_cb (GObject *object,
        GAsyncResult *result,
        gpointer user_data)
{
  g_autoptr (TempoMprisSettings) self = user_data;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, NULL);

  if (bus != NULL && self->player != NULL)
    tempo_mpris_list_players_async (bus, NULL, listed_cb, g_object_ref (self));
}

static void
tempo_mpris_settings_dispose (GObject *object)
{
  TempoMprisSettings *self = TEMPO_MPRIS_SETTINGS (object);

  self->updating = TRUE;
  g_clear_object (&self->desk);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_MPRIS_SETTINGS);

  G_OBJECT_CLASS (tempo_mpris_settings_parent_class)->dispose (object);
}

static void
tempo_mpris_settings_finalize (GObject *object)
{
  TempoMprisSettings *self = TEMPO_MPRIS_SETTINGS (object);

  g_ptr_array_unref (self->players);
  g_ptr_array_unref (self->names);
  g_free (self->chosen);
  g_free (self->about);

  G_OBJECT_CLASS (tempo_mpris_settings_parent_class)->finalize (object);
}

static void
tempo_mpris_settings_class_init (TempoMprisSettingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_mpris_settings_dispose;
  G_OBJECT_CLASS (klass)->finalize = tempo_mpris_settings_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tempo_venue/Tempo/panel/music/tempo-mpris-settings.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoMprisSettings, player);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, tempo_mpris_settings_refresh);
}

static void
tempo_mpris_settings_init (TempoMprisSettings *self)
{
  self->updating = TRUE;
  self->players = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_mpris_player_free);
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->chosen = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  self->about = g_strdup (adw_preferences_group_get_description (ADW_PREFERENCES_GROUP (self)));
  show_players (self);
}

void
tempo_mpris_settings_set_desk (TempoMprisSettings *self,
                               TempoDesk *desk)
{
  g_set_object (&self->desk, desk);
}

void
tempo_mpris_settings_take (TempoMprisSettings *self,
                           JsonObject *settings)
{
  const char *chosen = tempo_json_get_string (settings, "mprisPlayer", 1000, NULL, NULL);

  g_free (self->chosen);
  self->chosen = g_strdup (chosen != NULL ? chosen : "");
  show_players (self);
}

/* A computer without a session bus has no players. */
void
tempo_mpris_settings_refresh (TempoMprisSettings *self)
{
  g_bus_get (G_BUS_TYPE_SESSION, NULL, bus_cb, g_object_ref (self));
}
