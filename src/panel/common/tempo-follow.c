/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/common/tempo-follow.h"

typedef void (*UpdateFunc) (gpointer widget);

/* Holds @object for @widget,
 * in place of what it held.
 */
gboolean
tempo_follow (gpointer place,
              gpointer object,
              const char *detailed_signal,
              GCallback update,
              gpointer widget)
{
  GObject **held = place;

  if (*held == object)
    return FALSE;
  if (*held != NULL)
    g_signal_handlers_disconnect_by_data (*held, widget);
  g_set_object (held, G_OBJECT (object));
  if (object == NULL)
    return TRUE;
  g_signal_connect_swapped (object, detailed_signal, update, widget);
  ((UpdateFunc) update) (widget);
  return TRUE;
}
