/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/music/tempo-music-page.h"

#include <glib/gi18n.h>

#include "base/tempo-json.h"
#include "model/tempo-source-state.h"
#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-notice.h"
#include "panel/common/tempo-words.h"
#include "panel/music/tempo-library-settings.h"
#include "panel/music/tempo-mpd-settings.h"
#include "panel/music/tempo-mpris-settings.h"
#include "panel/music/tempo-music-words.h"
#include "panel/music/tempo-source-row.h"
#include "panel/music/tempo-spotify-settings.h"

#define SETTLE_MS 700

struct _TempoMusicPage
{
  AdwBin parent_instance;

  TempoDesk *desk;  /* (owned) (nullable) */
  GPtrArray *rows;  /* (owned) (element GtkWidget, none) */
  char *shown;      /* (owned) (nullable) what the rows were made of */
  char *room_id;    /* (owned) (nullable) whose settings were read */
  guint fallback_id;
  guint scan_id;
  gboolean updating;

  TempoNotice *notice;
  AdwPreferencesGroup *sources;
  GtkMenuButton *add;
  AdwPreferencesGroup *fallback_group;
  GtkSpinButton *fallback;
  TempoLibrarySettings *library;
  TempoMpdSettings *mpd;
  TempoMprisSettings *mpris;
  TempoSpotifySettings *spotify;
};

G_DEFINE_FINAL_TYPE (TempoMusicPage, tempo_music_page, ADW_TYPE_BIN)

static void read_settings (TempoMusicPage *self);
static void show_fallback (TempoMusicPage *self, TempoRoomView *view);

static void
changed_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (TempoMusicPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoOutcome) outcome = tempo_desk_send_finish (TEMPO_DESK (object), result, &error);
  g_autofree char *text = NULL;

  if (self->desk == NULL)
    return;
  if (outcome != NULL)
    {
      if (tempo_desk_get_view (self->desk) != NULL)
        show_fallback (self, tempo_desk_get_view (self->desk));
      return;
    }
  text = tempo_words_refusal (error);
  tempo_notice_show (self->notice, text, NULL, NULL);
}

static void
send_order (TempoMusicPage *self,
            GPtrArray *kinds)
{
  TempoCommand *command = tempo_desk_command (self->desk, TEMPO_ACTION_ROOM_EDIT);
  JsonArray *array = json_array_new ();

  if (command == NULL)
    {
      json_array_unref (array);
      return;
    }
  for (guint i = 0; i < kinds->len; i++)
    json_array_add_string_element (array, g_ptr_array_index (kinds, i));
  command->patch = json_object_new ();
  json_object_set_array_member (command->patch, "sources", array);
  tempo_desk_send_async (self->desk, command, changed_cb, g_object_ref (self));
}

/* The kinds of the room in order. (transfer full) (element utf8). */
static GPtrArray *
dup_order (TempoRoomView *view)
{
  GPtrArray *kinds = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < view->sources->len; i++)
    g_ptr_array_add (kinds, g_strdup (((TempoSourceState *) g_ptr_array_index (view->sources, i))->kind));
  return kinds;
}

static void
take_turn (TempoMusicPage *self,
           const char *kind)
{
  TempoCommand *command = tempo_desk_command (self->desk, TEMPO_ACTION_SOURCE);

  if (command == NULL)
    return;
  command->name = g_strdup (kind);
  tempo_desk_send_async (self->desk, command, changed_cb, g_object_ref (self));
}

static void
set_up (TempoMusicPage *self,
        const char *kind)
{
  const struct
  {
    const char *kind;
    gpointer group;
  } groups[] = { { "mpd", self->mpd }, { "mpris", self->mpris }, { "spotify", self->spotify } };

  if (g_str_equal (kind, "library"))
    tempo_library_settings_choose (self->library);
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    if (g_str_equal (groups[i].kind, kind))
      gtk_widget_child_focus (groups[i].group, GTK_DIR_TAB_FORWARD);
}

static void
act_cb (TempoMusicPage *self,
        const char *kind,
        const char *what)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
  g_autoptr (GPtrArray) kinds = view != NULL ? dup_order (view) : NULL;
  guint index = 0;

  if (kinds == NULL || !g_ptr_array_find_with_equal_func (kinds, kind, g_str_equal, &index))
    return;
  if (g_str_equal (what, "take"))
    take_turn (self, kind);
  else if (g_str_equal (what, "sign-in"))
    tempo_spotify_settings_sign_in (self->spotify);
  else if (g_str_equal (what, "dashboard"))
    gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), "https://developer.spotify.com/dashboard", GDK_CURRENT_TIME);
  else if (g_str_equal (what, "set-up"))
    set_up (self, kind);
  else if (g_str_equal (what, "remove"))
    g_ptr_array_remove_index (kinds, index);
  else if (g_str_equal (what, "up") && index > 0)
    g_ptr_array_insert (kinds, (int) index - 1, g_ptr_array_steal_index (kinds, index));
  else if (g_str_equal (what, "down") && index + 1 < kinds->len)
    g_ptr_array_insert (kinds, (int) index + 1, g_ptr_array_steal_index (kinds, index));
  if (g_strv_contains ((const char *const[]) { "remove", "up", "down", NULL }, what))
    send_order (self, kinds);
}

static void
add (GtkWidget *widget,
     const char *action_name,
     GVariant *parameter)
{
  TempoMusicPage *self = TEMPO_MUSIC_PAGE (widget);
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
  g_autoptr (GPtrArray) kinds = view != NULL ? dup_order (view) : NULL;

  if (kinds == NULL)
    return;
  g_ptr_array_add (kinds, g_variant_dup_string (parameter, NULL));
  send_order (self, kinds);
}

static gboolean
has_kind (TempoRoomView *view,
          const char *kind)
{
  for (guint i = 0; i < view->sources->len; i++)
    if (g_str_equal (((TempoSourceState *) g_ptr_array_index (view->sources, i))->kind, kind))
      return TRUE;
  return FALSE;
}

static void
show_groups (TempoMusicPage *self,
             TempoRoomView *view)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  const char *kind;

  for (guint i = 0; (kind = tempo_music_words_kind_at (i)) != NULL; i++)
    {
      g_autoptr (GMenuItem) item = NULL;

      if (has_kind (view, kind))
        continue;
      item = g_menu_item_new (tempo_music_words_kind (kind), NULL);
      g_menu_item_set_action_and_target (item, "music.add", "s", kind);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (self->add, G_MENU_MODEL (menu));
  gtk_widget_set_visible (GTK_WIDGET (self->add), g_menu_model_get_n_items (G_MENU_MODEL (menu)) > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->fallback_group), view->sources->len > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->library), has_kind (view, "library"));
  gtk_widget_set_visible (GTK_WIDGET (self->mpd), has_kind (view, "mpd"));
  gtk_widget_set_visible (GTK_WIDGET (self->mpris), has_kind (view, "mpris"));
  gtk_widget_set_visible (GTK_WIDGET (self->spotify), has_kind (view, "spotify"));
}

/* (transfer full): changes when a row would. */
static char *
sign (TempoRoomView *view)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < view->sources->len; i++)
    {
      TempoSourceState *state = g_ptr_array_index (view->sources, i);

      g_string_append_printf (text, "%s %s %" G_GINT64_FORMAT " %d%d%d%d\n", state->kind, state->state, state->until, state->usable,
                              state->active, state->coming, state->fallback);
    }
  return g_string_free (text, FALSE);
}

static void
show_rows (TempoMusicPage *self,
           TempoRoomView *view)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->sources, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < view->sources->len; i++)
    {
      GtkWidget *row = tempo_source_row_new (g_ptr_array_index (view->sources, i), i, view->sources->len);

      g_signal_connect_object (row, "act", G_CALLBACK (act_cb), self, G_CONNECT_SWAPPED);
      adw_preferences_group_add (self->sources, row);
      g_ptr_array_add (self->rows, row);
    }
}

/* A source that took over gives the turn back only when the host says so. */
static void
show_fallback (TempoMusicPage *self,
               TempoRoomView *view)
{
  TempoSourceState *active = tempo_source_states_find_active (view->sources);
  TempoSourceState *first = view->sources->len > 0 ? g_ptr_array_index (view->sources, 0) : NULL;
  g_autofree char *text = NULL;

  if (active == NULL || active == first || !first->usable || first->coming)
    {
      tempo_notice_hide (self->notice);
      return;
    }
  /* Translators: %1$s and %2$s are kinds of music, like "Music folder". */
  text = g_strdup_printf (C_("music", "%1$s plays; %2$s is there again."), tempo_music_words_kind (active->kind),
                          tempo_music_words_kind (first->kind));
  tempo_notice_show (self->notice, text, C_("music", "Go Back After This Song"), "win.first-source");
}

static void
update (TempoMusicPage *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  g_autofree char *now = NULL;

  if (view == NULL || view->sources == NULL)
    return;
  if (g_strcmp0 (self->room_id, view->room->id) != 0)
    {
      g_free (self->room_id);
      self->room_id = g_strdup (view->room->id);
      tempo_mpd_settings_set_desk (self->mpd, self->desk);
      tempo_spotify_settings_set_desk (self->spotify, self->desk);
      if (gtk_widget_get_mapped (GTK_WIDGET (self)))
        read_settings (self);
    }
  self->updating = TRUE;
  if (self->fallback_id == 0)
    gtk_spin_button_set_value (self->fallback, view->room->fallback_seconds);
  self->updating = FALSE;
  now = sign (view);
  if (g_strcmp0 (now, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&now);
  show_rows (self, view);
  show_groups (self, view);
  show_fallback (self, view);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && has_kind (view, "spotify"))
    tempo_spotify_settings_look (self->spotify);
}

static gboolean
send_fallback_cb (gpointer data)
{
  TempoMusicPage *self = data;
  JsonNode *node;

  self->fallback_id = 0;
  if (self->desk == NULL)
    return G_SOURCE_REMOVE;
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_int (node, gtk_spin_button_get_value_as_int (self->fallback));
  tempo_desk_set_setting (self->desk, TRUE, "fallbackSeconds", node);
  return G_SOURCE_REMOVE;
}

static void
fallback_changed_cb (TempoMusicPage *self)
{
  if (self->updating)
    return;
  g_clear_handle_id (&self->fallback_id, g_source_remove);
  self->fallback_id = g_timeout_add (SETTLE_MS, send_fallback_cb, self);
}

static void
settings_read_cb (GObject *object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (TempoMusicPage) self = user_data;
  g_autoptr (JsonObject) settings = tempo_link_list_finish_object (TEMPO_LINK (object), result, "settings");

  if (self->desk == NULL || settings == NULL)
    return;
  tempo_library_settings_take (self->library, settings);
  tempo_mpd_settings_take (self->mpd, settings);
  tempo_mpris_settings_take (self->mpris, settings);
  tempo_spotify_settings_take (self->spotify, settings);
  tempo_spotify_settings_refresh (self->spotify);
}

static void
read_settings (TempoMusicPage *self)
{
  tempo_link_list_async (tempo_desk_get_link (self->desk), "room-settings", NULL, settings_read_cb, g_object_ref (self));
  tempo_mpris_settings_refresh (self->mpris);
}

static gboolean
scan_tick_cb (gpointer data)
{
  tempo_library_settings_refresh (TEMPO_MUSIC_PAGE (data)->library);
  return G_SOURCE_CONTINUE;
}

/* What changes by itself is looked at only while somebody looks. */
static void
tempo_music_page_map (GtkWidget *widget)
{
  TempoMusicPage *self = TEMPO_MUSIC_PAGE (widget);

  GTK_WIDGET_CLASS (tempo_music_page_parent_class)->map (widget);
  if (self->scan_id == 0)
    self->scan_id = g_timeout_add_seconds (1, scan_tick_cb, self);
  tempo_library_settings_refresh (self->library);
  if (self->desk != NULL && self->room_id != NULL)
    read_settings (self);
}

static void
tempo_music_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&TEMPO_MUSIC_PAGE (widget)->scan_id, g_source_remove);
  GTK_WIDGET_CLASS (tempo_music_page_parent_class)->unmap (widget);
}

static void
tempo_music_page_dispose (GObject *object)
{
  TempoMusicPage *self = TEMPO_MUSIC_PAGE (object);

  g_clear_handle_id (&self->fallback_id, g_source_remove);
  g_clear_handle_id (&self->scan_id, g_source_remove);
  tempo_music_page_set_desk (self, NULL);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->shown, g_free);
  g_clear_pointer (&self->room_id, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_MUSIC_PAGE);

  G_OBJECT_CLASS (tempo_music_page_parent_class)->dispose (object);
}

static void
tempo_music_page_class_init (TempoMusicPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_music_page_dispose;
  widget_class->map = tempo_music_page_map;
  widget_class->unmap = tempo_music_page_unmap;
  g_type_ensure (TEMPO_TYPE_NOTICE);
  g_type_ensure (TEMPO_TYPE_LIBRARY_SETTINGS);
  g_type_ensure (TEMPO_TYPE_MPD_SETTINGS);
  g_type_ensure (TEMPO_TYPE_MPRIS_SETTINGS);
  g_type_ensure (TEMPO_TYPE_SPOTIFY_SETTINGS);
  gtk_widget_class_install_action (widget_class, "music.add", "s", add);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tempo_venue/Tempo/panel/music/tempo-music-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoMusicPage, notice);
  gtk_widget_class_bind_template_child (widget_class, TempoMusicPage, sources);
  gtk_widget_class_bind_template_child (widget_class, TempoMusicPage, add);
  gtk_widget_class_bind_template_child (widget_class, TempoMusicPage, fallback_group);
  gtk_widget_class_bind_template_child (widget_class, TempoMusicPage, fallback);
  gtk_widget_class_bind_template_child (widget_class, TempoMusicPage, library);
  gtk_widget_class_bind_template_child (widget_class, TempoMusicPage, mpd);
  gtk_widget_class_bind_template_child (widget_class, TempoMusicPage, mpris);
  gtk_widget_class_bind_template_child (widget_class, TempoMusicPage, spotify);
  gtk_widget_class_bind_template_callback (widget_class, fallback_changed_cb);
}

static void
tempo_music_page_init (TempoMusicPage *self)
{
  self->rows = g_ptr_array_new ();
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
}

/* Shows and changes the sources of the room on @desk. NULL lets go of everything.
 */
void
tempo_music_page_set_desk (TempoMusicPage *self,
                           TempoDesk *desk)
{
  if (self->desk != desk && self->mpd != NULL)
    {
      tempo_library_settings_set_desk (self->library, desk);
      tempo_mpd_settings_set_desk (self->mpd, desk);
      tempo_mpris_settings_set_desk (self->mpris, desk);
      tempo_spotify_settings_set_desk (self->spotify, desk);
    }
  tempo_follow (&self->desk, desk, "notify::view", G_CALLBACK (update), self);
}
