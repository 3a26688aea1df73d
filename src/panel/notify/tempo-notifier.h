/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* Tells the desktop of new requests while no window of Tempo is in front, with
 * Approve and Decline in the notification. Main thread only. */
#define TEMPO_TYPE_NOTIFIER (tempo_notifier_get_type ())
G_DECLARE_FINAL_TYPE (TempoNotifier, tempo_notifier, TEMPO, NOTIFIER, GObject)

TempoNotifier *tempo_notifier_new (GtkApplication *application, TempoDesk *desk);
/* What would be said of @request; NULL actions' targets are its id. For tests too. (transfer full). */
GNotification *tempo_notifier_compose (TempoRequest *request, gboolean locked);
/* How many were sent since it was made. */
guint tempo_notifier_get_sent (TempoNotifier *self);

G_END_DECLS
