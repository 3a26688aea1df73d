/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/common/tempo-frame.h"

typedef struct
{
  TempoFrameFunc func;
  gboolean laid_out;
} Wait;

/* A frame's tick comes before its layout: the one after sees what came of it. */
static gboolean
tick_cb (GtkWidget *widget,
         GdkFrameClock *clock,
         gpointer data)
{
  Wait *wait = data;

  if (!wait->laid_out)
    {
      wait->laid_out = TRUE;
      return G_SOURCE_CONTINUE;
    }
  wait->func (widget);
  return G_SOURCE_REMOVE;
}

/* Waits for the layout after the next tick.
 * Takes two frames.
 */
void
tempo_frame_after_layout (GtkWidget *widget,
                          TempoFrameFunc func)
{
  Wait *wait = g_new0 (Wait, 1);

  wait->func = func;
  gtk_widget_add_tick_callback (widget, tick_cb, wait, g_free);
}
