/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-display"

#include "display/tempo-display-window.h"

static void
append_part (GString *name, const char *part)
{
  if (part == NULL || *part == '\0')
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
