/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-display"

#include "display/tempo-display-monitors.h"

struct _TempoDisplayMonitors
{
  GObject parent_instance;

  GListModel *list; /* (owned) of the GdkDisplay */
  guint idle;       /* that tells of changes, 0 while there are none */
};

G_DEFINE_FINAL_TYPE (TempoDisplayMonitors, tempo_display_monitors, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
tell_cb (gpointer user_data)
{
  TempoDisplayMonitors *self = user_data;

  self->idle = 0;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
queue_cb (TempoDisplayMonitors *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add_once (tell_cb, self);
}

static void
items_changed_cb (TempoDisplayMonitors *self, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GdkMonitor) monitor = g_list_model_get_item (self->list, i);

      g_signal_connect_object (monitor, "notify", G_CALLBACK (queue_cb), self, G_CONNECT_SWAPPED);
    }
  queue_cb (self);
}

static void
tempo_display_monitors_dispose (GObject *object)
{
  TempoDisplayMonitors *self = TEMPO_DISPLAY_MONITORS (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (tempo_display_monitors_parent_class)->dispose (object);
}

static void
tempo_display_monitors_class_init (TempoDisplayMonitorsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tempo_display_monitors_dispose;
  signals[CHANGED] = g_signal_new ("changed", TEMPO_TYPE_DISPLAY_MONITORS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tempo_display_monitors_init (TempoDisplayMonitors *self)
{
}

TempoDisplayMonitors *
tempo_display_monitors_new (GdkDisplay *display)
{
  TempoDisplayMonitors *self = g_object_new (TEMPO_TYPE_DISPLAY_MONITORS, NULL);

  self->list = g_object_ref (gdk_display_get_monitors (display));
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  items_changed_cb (self, 0, 0, g_list_model_get_n_items (self->list));
  return self;
}

GListModel *
tempo_display_monitors_get_list (TempoDisplayMonitors *self)
{
  g_return_val_if_fail (TEMPO_IS_DISPLAY_MONITORS (self), NULL);

  return self->list;
}

GdkMonitor *
tempo_display_monitors_find (TempoDisplayMonitors *self, const char *name)
{
  g_return_val_if_fail (TEMPO_IS_DISPLAY_MONITORS (self), NULL);

  for (guint i = 0; name != NULL && i < g_list_model_get_n_items (self->list); i++)
    {
      g_autoptr (GdkMonitor) monitor = g_list_model_get_item (self->list, i);
      g_autofree char *here = tempo_display_monitor_name (monitor);

      if (g_str_equal (here, name))
        return g_steal_pointer (&monitor);
    }
  return NULL;
}

/* X11 gives the connector for a model. */
static void
append_part (GString *name, const char *part)
{
  if (part == NULL || *part == '\0' || g_str_equal (name->str, part))
    return;
  if (name->len > 0)
    g_string_append_c (name, ' ');
  g_string_append (name, part);
}

/**
 * tempo_display_monitor_name:
 * @monitor: one of the display's monitors
 *
 * A connector alone names the plug, a model alone may be there twice; together
 * they find the projector again after a restart and after it was unplugged.
 *
 * Returns: (transfer full): never empty
 */
char *
tempo_display_monitor_name (GdkMonitor *monitor)
{
  GString *name = g_string_new (NULL);

  append_part (name, gdk_monitor_get_connector (monitor));
  append_part (name, gdk_monitor_get_manufacturer (monitor));
  append_part (name, gdk_monitor_get_model (monitor));
  if (name->len == 0)
    g_string_append (name, "screen");
  return g_string_free (name, FALSE);
}
