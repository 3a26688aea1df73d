/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/player/tempo-player-bar.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-words.h"
#include "panel/desk/tempo-cover.h"

/* A dragged slider sends its last value this long after the hand rests. */
#define SETTLE_MS 120

struct _TempoPlayerBar
{
  GtkBox parent_instance;

  TempoDesk *desk; /* (owned) (nullable) */
  guint tick_id;
  guint volume_id;
  guint seek_id;
  gint64 seek_to;
  gboolean updating;
  gboolean narrow;

  GtkProgressBar *thin_progress;
  TempoCover *cover;
  GtkWidget *words;
  GtkLabel *title;
  GtkLabel *artist;
  GtkLinkButton *source;
  GtkWidget *progress_box;
  GtkLabel *position;
  GtkScale *progress;
  GtkAdjustment *progress_adjustment;
  GtkLabel *length;
  GtkWidget *done_button;
  GtkWidget *transport;
  GtkButton *play_button;
  GtkWidget *skip_button;
  GtkScaleButton *volume;
};

G_DEFINE_FINAL_TYPE (TempoPlayerBar, tempo_player_bar, GTK_TYPE_BOX)

static TempoNowPlaying *
get_now_playing (TempoPlayerBar *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;

  return view != NULL ? view->now_playing : NULL;
}

static gboolean
is_manual (TempoPlayerBar *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;

  return view != NULL && g_strcmp0 (view->room->source, "manual") == 0;
}

static void
show_position (TempoPlayerBar *self)
{
  TempoNowPlaying *now = get_now_playing (self);
  gint64 at = now != NULL ? tempo_now_playing_position (now, tempo_desk_get_now (self->desk)) : 0;
  gint64 length = now != NULL ? now->song->duration_ms : 0;
  g_autofree char *at_text = at > 0 ? tempo_words_length (at) : g_strdup (now != NULL ? C_ ("length", "0:00") : "");

  if (self->seek_id != 0)
    return;
  self->updating = TRUE;
  gtk_label_set_text (self->position, at_text);
  gtk_adjustment_set_upper (self->progress_adjustment, MAX (length, 1));
  gtk_adjustment_set_value (self->progress_adjustment, MIN (at, length));
  gtk_progress_bar_set_fraction (self->thin_progress, length > 0 ? CLAMP ((double) at / length, 0, 1) : 0);
  self->updating = FALSE;
}

static gboolean
tick_cb (gpointer data)
{
  show_position (data);
  return G_SOURCE_CONTINUE;
}

static void
update_tick (TempoPlayerBar *self)
{
  TempoNowPlaying *now = get_now_playing (self);
  gboolean wanted = now != NULL && now->playing && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (wanted && self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
  else if (!wanted)
    g_clear_handle_id (&self->tick_id, g_source_remove);
}

/* Who sings, and who asked. (transfer full). */
static char *
describe_song (TempoNowPlaying *now)
{
  const char *artist = now->song->artist;
  const char *name = now->request != NULL ? now->request->name : NULL;

  if (name == NULL || *name == '\0')
    return g_strdup (artist);
  if (*artist == '\0')
    /* Translators: %s is the guest who asked for the song. */
    return g_strdup_printf (C_ ("player", "asked by %s"), name);
  /* Translators: the first %s is an artist, the second the guest who asked for the song. */
  return g_strdup_printf (C_ ("player", "%s · asked by %s"), artist, name);
}

static void
show_song (TempoPlayerBar *self)
{
  TempoNowPlaying *now = get_now_playing (self);
  g_autofree char *length = tempo_words_length (now != NULL ? now->song->duration_ms : 0);
  g_autofree char *link = now != NULL ? tempo_song_dup_link (now->song) : NULL;
  g_autofree char *words = now != NULL ? describe_song (now) : g_strdup (_("The next song on the list starts by itself."));

  tempo_cover_set_song (self->cover, self->desk, now != NULL ? now->song : NULL);
  gtk_label_set_text (self->length, length);
  gtk_label_set_text (self->title, now != NULL ? now->song->title : _("Nothing plays"));
  gtk_label_set_text (self->artist, words);
  gtk_widget_set_visible (GTK_WIDGET (self->artist), *words != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->source), link != NULL);
  /* A new address has not been visited; the same one may have. */
  if (link != NULL && g_strcmp0 (gtk_link_button_get_uri (self->source), link) != 0)
    gtk_link_button_set_uri (self->source, link);
}

static void
update (TempoPlayerBar *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
  TempoNowPlaying *now = get_now_playing (self);
  gboolean playing = now != NULL && now->playing;
  gboolean manual = is_manual (self);
  const char *label = playing ? _("Pause (Space)") : _("Play (Space)");

  show_song (self);
  gtk_button_set_icon_name (self->play_button, playing ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->play_button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_visible (self->transport, !manual);
  gtk_widget_set_visible (self->done_button, manual);
  gtk_widget_set_visible (GTK_WIDGET (self->volume), !manual && !self->narrow);
  gtk_widget_set_visible (self->progress_box, now != NULL && !manual && !self->narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->thin_progress), self->narrow);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "player.skip",
                                 view != NULL && (now != NULL || view->queue->len > 0));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "player.play-pause", view != NULL && !manual);
  if (view != NULL && self->volume_id == 0)
    {
      self->updating = TRUE;
      gtk_scale_button_set_value (self->volume, view->room->volume);
      self->updating = FALSE;
    }
  show_position (self);
  update_tick (self);
}

static void
play_pause (GtkWidget *widget,
            const char *action_name,
            GVariant *parameter)
{
  TempoPlayerBar *self = TEMPO_PLAYER_BAR (widget);
  TempoNowPlaying *now = get_now_playing (self);

  if (self->desk != NULL)
    tempo_desk_act (self->desk, now != NULL && now->playing ? TEMPO_ACTION_PAUSE : TEMPO_ACTION_PLAY);
}

/* Where nothing plays by itself, the next song is what the host says it is. */
static void
skip (GtkWidget *widget,
      const char *action_name,
      GVariant *parameter)
{
  TempoPlayerBar *self = TEMPO_PLAYER_BAR (widget);
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;

  if (view == NULL)
    return;
  if (!is_manual (self))
    tempo_desk_act (self->desk, TEMPO_ACTION_SKIP);
  else if (view->queue->len > 0)
    tempo_desk_act_on_request (self->desk, TEMPO_ACTION_MARK_PLAYING,
                               ((TempoRequest *) g_ptr_array_index (view->queue, 0))->id);
  else
    tempo_desk_act (self->desk, TEMPO_ACTION_MARK_PLAYED);
}

static gboolean
send_seek_cb (gpointer data)
{
  TempoPlayerBar *self = data;
  TempoCommand *command = tempo_desk_command (self->desk, TEMPO_ACTION_SEEK);

  self->seek_id = 0;
  if (command != NULL)
    {
      command->number = self->seek_to;
      tempo_desk_send (self->desk, command);
    }
  return G_SOURCE_REMOVE;
}

static gboolean
progress_dragged_cb (TempoPlayerBar *self,
                     GtkScrollType scroll,
                     double value)
{
  g_autofree char *text = tempo_words_length ((gint64) value);

  if (self->desk == NULL)
    return FALSE;
  self->seek_to = (gint64) CLAMP (value, 0, gtk_adjustment_get_upper (self->progress_adjustment));
  g_clear_handle_id (&self->seek_id, g_source_remove);
  self->seek_id = g_timeout_add (SETTLE_MS, send_seek_cb, self);
  gtk_label_set_text (self->position, text);
  return FALSE;
}

static gboolean
send_volume_cb (gpointer data)
{
  TempoPlayerBar *self = data;
  TempoCommand *command = tempo_desk_command (self->desk, TEMPO_ACTION_VOLUME);

  self->volume_id = 0;
  if (command != NULL)
    {
      command->level = gtk_scale_button_get_value (self->volume);
      tempo_desk_send (self->desk, command);
    }
  return G_SOURCE_REMOVE;
}

static void
volume_changed_cb (TempoPlayerBar *self)
{
  if (self->updating || self->desk == NULL)
    return;
  g_clear_handle_id (&self->volume_id, g_source_remove);
  self->volume_id = g_timeout_add (SETTLE_MS, send_volume_cb, self);
}

static void
tempo_player_bar_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tempo_player_bar_parent_class)->map (widget);
  show_position (TEMPO_PLAYER_BAR (widget));
  update_tick (TEMPO_PLAYER_BAR (widget));
}

static void
tempo_player_bar_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tempo_player_bar_parent_class)->unmap (widget);
  update_tick (TEMPO_PLAYER_BAR (widget));
}

static void
tempo_player_bar_dispose (GObject *object)
{
  TempoPlayerBar *self = TEMPO_PLAYER_BAR (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->volume_id, g_source_remove);
  g_clear_handle_id (&self->seek_id, g_source_remove);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_clear_object (&self->desk);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_PLAYER_BAR);

  G_OBJECT_CLASS (tempo_player_bar_parent_class)->dispose (object);
}

static void
tempo_player_bar_class_init (TempoPlayerBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_player_bar_dispose;
  widget_class->map = tempo_player_bar_map;
  widget_class->unmap = tempo_player_bar_unmap;

  g_type_ensure (TEMPO_TYPE_COVER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/player/tempo-player-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, thin_progress);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, cover);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, words);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, title);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, artist);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, source);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, progress_box);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, position);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, progress);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, progress_adjustment);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, length);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, done_button);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, transport);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, play_button);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, skip_button);
  gtk_widget_class_bind_template_child (widget_class, TempoPlayerBar, volume);
  gtk_widget_class_bind_template_callback (widget_class, progress_dragged_cb);
  gtk_widget_class_bind_template_callback (widget_class, volume_changed_cb);
  gtk_widget_class_install_action (widget_class, "player.play-pause", NULL, play_pause);
  gtk_widget_class_install_action (widget_class, "player.skip", NULL, skip);
}

static void
tempo_player_bar_init (TempoPlayerBar *self)
{
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
}

/* Shows what the room of @desk plays.
 * NULL lets go of it.
 */
void
tempo_player_bar_set_desk (TempoPlayerBar *self,
                           TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_PLAYER_BAR (self));

  tempo_follow (&self->desk, desk, "notify::view", G_CALLBACK (update), self);
}

/* Turns between the wide and the narrow form.
 * The window knows its width; the bar does not measure itself.
 */
void
tempo_player_bar_set_narrow (TempoPlayerBar *self,
                             gboolean narrow)
{
  g_return_if_fail (TEMPO_IS_PLAYER_BAR (self));

  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  update (self);
}

/* Whether the position is being drawn once a second. A paused song,
 * a hidden window or silence must cost nothing.
 */
gboolean
tempo_player_bar_is_ticking (TempoPlayerBar *self)
{
  g_return_val_if_fail (TEMPO_IS_PLAYER_BAR (self), FALSE);
  return self->tick_id != 0;
}
