/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-display"

#include "config.h"

#include "display/tempo-display-window.h"

#include "display/tempo-display-monitors.h"
#include "display/tempo-stage-words.h"
#include "display/tempo-stage.h"
#include "model/tempo-now-playing.h"
#include "model/tempo-request.h"
#include "model/tempo-room-view.h"
#include "model/tempo-song.h"
#include "base/tempo-clock.h"

#include <glib/gi18n.h>

#define CURSOR_HIDE_SECONDS 3
#define GREETING_SECONDS 4
#define GREETING_PAUSE_SECONDS 20
#define SWAP_SECONDS 120

struct _TempoDisplayWindow
{
  GtkWindow parent_instance;

  TempoMonitor *monitor; /* (owned) (nullable) NULL when fed by hand */
  TempoStage *stage;
  TempoRoomView *view;        /* (owned) (nullable) what is shown */
  GCancellable *artwork_wait; /* (owned) (nullable) */
  char *artwork;              /* (owned) (nullable) id of the picture shown or asked for */
  GCancellable *logo_wait;    /* (owned) (nullable) */
  char *logo;                 /* (owned) (nullable) likewise */
  char *wanted;               /* (owned) (nullable) monitor name the host chose */
  TempoDisplayMonitors *monitors; /* (owned) */
  gint64 greeted_at;          /* monotonic us */
  guint tick;
  guint hide_cursor;
  guint ticks;
};

G_DEFINE_FINAL_TYPE (TempoDisplayWindow, tempo_display_window, GTK_TYPE_WINDOW)

/* Unplugged: the window stays, in a frame, where the host can see it. Plugged in
 * again: back to full screen, without anybody touching anything. */
static void
settle (TempoDisplayWindow *self)
{
  g_autoptr (GdkMonitor) monitor = tempo_display_monitors_find (self->monitors, self->wanted);

  if (monitor != NULL)
    gtk_window_fullscreen_on_monitor (GTK_WINDOW (self), monitor);
  else
    gtk_window_unfullscreen (GTK_WINDOW (self));
}

static void
monitors_changed_cb (TempoDisplayWindow *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self)) && self->wanted != NULL)
    settle (self);
}

/* (transfer full) (nullable); @given_up: another picture has been asked for since. */
static GdkTexture *
take_picture (GObject *source, GAsyncResult *result, gboolean *given_up)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tempo_monitor_artwork_finish (TEMPO_MONITOR (source), result, &error);
  GdkTexture *texture = NULL;

  *given_up = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (bytes != NULL)
    texture = gdk_texture_new_from_bytes (bytes, &error);
  if (texture == NULL && !*given_up)
    g_debug ("no picture: %s", error->message);
  return texture;
}

static void
artwork_ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoDisplayWindow) self = user_data;
  gboolean given_up;
  g_autoptr (GdkTexture) texture = take_picture (source, result, &given_up);

  if (!given_up)
    tempo_stage_set_artwork (self->stage, texture);
}

static void
logo_ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoDisplayWindow) self = user_data;
  gboolean given_up;
  g_autoptr (GdkTexture) texture = take_picture (source, result, &given_up);

  if (!given_up)
    tempo_stage_set_logo (self->stage, texture);
}

/* Asks for a picture other than @shown. FALSE when there is none, and the stage has to know. */
static gboolean
ask_picture (TempoDisplayWindow *self, const char *id, char **shown, GCancellable **wait,
             GAsyncReadyCallback ready)
{
  if (g_strcmp0 (id, *shown) == 0)
    return TRUE;
  g_free (*shown);
  *shown = g_strdup (id);
  g_cancellable_cancel (*wait);
  g_clear_object (wait);
  if (id == NULL || self->monitor == NULL)
    return FALSE;
  *wait = g_cancellable_new ();
  tempo_monitor_artwork_async (self->monitor, id, *wait, ready, g_object_ref (self));
  return TRUE;
}

static void
ask_artwork (TempoDisplayWindow *self)
{
  TempoNowPlaying *now = self->view != NULL ? self->view->now_playing : NULL;

  if (!ask_picture (self, now != NULL ? now->song->artwork : NULL, &self->artwork, &self->artwork_wait,
                    artwork_ready_cb))
    tempo_stage_set_artwork (self->stage, NULL);
}

static void
ask_logo (TempoDisplayWindow *self)
{
  if (!ask_picture (self, self->view != NULL ? self->view->organization->logo : NULL, &self->logo,
                    &self->logo_wait, logo_ready_cb))
    tempo_stage_set_logo (self->stage, NULL);
}

static gboolean
holds (GPtrArray *requests, const char *id)
{
  for (guint i = 0; i < requests->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (requests, i);

      if (g_str_equal (request->id, id))
        return TRUE;
    }
  return FALSE;
}

/* The request that came into the queue between two views, or NULL. Only one is
 * greeted, and not those that were only sorted anew. */
static TempoRequest *
find_arrival (TempoRoomView *before, TempoRoomView *after)
{
  if (before == NULL || after->queue->len <= before->queue->len)
    return NULL;
  for (guint i = after->queue->len; i > 0; i--)
    {
      TempoRequest *request = g_ptr_array_index (after->queue, i - 1);

      if (*request->name != '\0' && !holds (before->queue, request->id))
        return request;
    }
  return NULL;
}

static void
greet (TempoDisplayWindow *self, TempoRequest *request)
{
  gint64 now = g_get_monotonic_time ();
  g_autofree char *text = NULL;

  if (self->greeted_at != 0 && now - self->greeted_at < GREETING_PAUSE_SECONDS * G_USEC_PER_SEC)
    return;
  self->greeted_at = now;
  /* Translators: shown for a moment when a song was accepted; guest's name, then title */
  text = g_strdup_printf (tempo_stage_words (self->view->organization->language, "display",
                                             NC_ ("display", "%1$s asked for “%2$s”")),
                          request->name, request->song->title);
  tempo_stage_set_greeting (self->stage, text);
}

static void
view_changed_cb (TempoDisplayWindow *self)
{
  tempo_display_window_set_view (self, tempo_monitor_get_view (self->monitor));
}

static gboolean
tick_cb (gpointer user_data)
{
  TempoDisplayWindow *self = user_data;
  gint64 now = g_get_monotonic_time ();

  self->ticks++;
  if (self->greeted_at != 0 && now - self->greeted_at >= GREETING_SECONDS * G_USEC_PER_SEC)
    tempo_stage_set_greeting (self->stage, NULL);
  tempo_stage_set_swapped (self->stage, self->ticks / SWAP_SECONDS % 2 == 1);
  tempo_stage_set_now (self->stage, g_get_real_time ());
  return G_SOURCE_CONTINUE;
}

static void
hide_cursor_cb (gpointer user_data)
{
  TempoDisplayWindow *self = user_data;

  self->hide_cursor = 0;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "none");
}

static void
motion_cb (TempoDisplayWindow *self)
{
  g_clear_handle_id (&self->hide_cursor, g_source_remove);
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
  self->hide_cursor = g_timeout_add_once (CURSOR_HIDE_SECONDS * 1000, hide_cursor_cb, self);
}

static gboolean
key_cb (TempoDisplayWindow *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_Escape:
      if (gtk_window_is_fullscreen (GTK_WINDOW (self)))
        gtk_window_unfullscreen (GTK_WINDOW (self));
      else
        gtk_window_close (GTK_WINDOW (self));
      return GDK_EVENT_STOP;
    case GDK_KEY_F11:
      if (gtk_window_is_fullscreen (GTK_WINDOW (self)))
        gtk_window_unfullscreen (GTK_WINDOW (self));
      else
        gtk_window_fullscreen (GTK_WINDOW (self));
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* Time is told only while somebody can see it. */
static void
tempo_display_window_map (GtkWidget *widget)
{
  TempoDisplayWindow *self = TEMPO_DISPLAY_WINDOW (widget);

  GTK_WIDGET_CLASS (tempo_display_window_parent_class)->map (widget);
  tempo_stage_set_now (self->stage, g_get_real_time ());
  self->tick = g_timeout_add_seconds (1, tick_cb, self);
  motion_cb (self);
}

static void
tempo_display_window_unmap (GtkWidget *widget)
{
  TempoDisplayWindow *self = TEMPO_DISPLAY_WINDOW (widget);

  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_handle_id (&self->hide_cursor, g_source_remove);
  GTK_WIDGET_CLASS (tempo_display_window_parent_class)->unmap (widget);
}

static void
tempo_display_window_dispose (GObject *object)
{
  TempoDisplayWindow *self = TEMPO_DISPLAY_WINDOW (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_handle_id (&self->hide_cursor, g_source_remove);
  g_cancellable_cancel (self->artwork_wait);
  g_clear_object (&self->artwork_wait);
  g_clear_object (&self->monitor);
  g_clear_object (&self->monitors);
  g_clear_object (&self->view);
  g_clear_pointer (&self->artwork, g_free);
  g_cancellable_cancel (self->logo_wait);
  g_clear_object (&self->logo_wait);
  g_clear_pointer (&self->logo, g_free);
  g_clear_pointer (&self->wanted, g_free);
  G_OBJECT_CLASS (tempo_display_window_parent_class)->dispose (object);
}

static void
tempo_display_window_class_init (TempoDisplayWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tempo_display_window_dispose;
  GTK_WIDGET_CLASS (klass)->map = tempo_display_window_map;
  GTK_WIDGET_CLASS (klass)->unmap = tempo_display_window_unmap;
}

static void
tempo_display_window_init (TempoDisplayWindow *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_window_set_title (GTK_WINDOW (self), _ ("Display"));
  gtk_window_set_default_size (GTK_WINDOW (self), 960, 540);
  self->stage = tempo_stage_new ();
  gtk_window_set_child (GTK_WINDOW (self), GTK_WIDGET (self->stage));

  g_signal_connect_object (motion, "motion", G_CALLBACK (motion_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);

  self->monitors = tempo_display_monitors_new (gtk_widget_get_display (GTK_WIDGET (self)));
  g_signal_connect_object (self->monitors, "changed", G_CALLBACK (monitors_changed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * tempo_display_window_new:
 * @monitor: the room to show; kept
 *
 * Returns: (transfer none): a toplevel that is not shown yet; it follows
 * @monitor until it is closed
 */
TempoDisplayWindow *
tempo_display_window_new (TempoMonitor *monitor)
{
  TempoDisplayWindow *self = g_object_new (TEMPO_TYPE_DISPLAY_WINDOW, NULL);

  self->monitor = g_object_ref (monitor);
  g_signal_connect_object (monitor, "notify::view", G_CALLBACK (view_changed_cb), self, G_CONNECT_SWAPPED);
  tempo_display_window_set_view (self, tempo_monitor_get_view (monitor));
  return self;
}

/**
 * tempo_display_window_new_for_view:
 * @view: (nullable)
 *
 * Returns: (transfer none): a toplevel that shows what it is told by
 * tempo_display_window_set_view() and asks nobody for pictures
 */
TempoDisplayWindow *
tempo_display_window_new_for_view (TempoRoomView *view)
{
  TempoDisplayWindow *self = g_object_new (TEMPO_TYPE_DISPLAY_WINDOW, NULL);

  tempo_display_window_set_view (self, view);
  return self;
}

/**
 * tempo_display_window_set_view:
 * @view: (nullable)
 *
 * Shows it, and greets the request that is new in its queue.
 */
void
tempo_display_window_set_view (TempoDisplayWindow *self, TempoRoomView *view)
{
  TempoRequest *arrival = NULL;

  g_return_if_fail (TEMPO_IS_DISPLAY_WINDOW (self));

  if (view != NULL)
    arrival = find_arrival (self->view, view);
  g_set_object (&self->view, view);
  tempo_stage_set_view (self->stage, view);
  if (view != NULL)
    gtk_window_set_title (GTK_WINDOW (self), view->organization->name);
  ask_artwork (self);
  ask_logo (self);
  if (arrival != NULL)
    greet (self, arrival);
}

/**
 * tempo_display_window_show_on:
 * @name: (nullable): a tempo_display_monitor_name()
 *
 * The name is kept: when that monitor goes the window gets a frame, when it
 * comes back it fills it again.
 */
void
tempo_display_window_show_on (TempoDisplayWindow *self, const char *name)
{
  g_autofree char *wanted = g_strdup (name);

  g_return_if_fail (TEMPO_IS_DISPLAY_WINDOW (self));

  g_free (self->wanted);
  self->wanted = g_steal_pointer (&wanted);
  settle (self);
  gtk_window_present (GTK_WINDOW (self));
}

/**
 * tempo_display_window_get_monitor_name:
 *
 * Returns: (nullable): the name given to tempo_display_window_show_on(),
 * whether that monitor is there now or not
 */
const char *
tempo_display_window_get_monitor_name (TempoDisplayWindow *self)
{
  g_return_val_if_fail (TEMPO_IS_DISPLAY_WINDOW (self), NULL);

  return self->wanted;
}
