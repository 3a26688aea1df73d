/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "venue/tempo-host.h"

G_BEGIN_DECLS

/* The way into a Tempo that runs: a socket in the data folder, for the same
 * user (or root) alone. One JSON object on one line each way:
 * {"operation":…} and {"ok":true,"text":…} or {"ok":false,"error":…}. Main thread. */

#define TEMPO_CONTROL_NAME "control"
#define TEMPO_CONTROL_MAX_LINE 16384

#define TEMPO_TYPE_CONTROL (tempo_control_get_type ())
G_DECLARE_FINAL_TYPE (TempoControl, tempo_control, TEMPO, CONTROL, GObject)

/* Opens the socket. @port: what "ping" answers. (transfer full). */
TempoControl *tempo_control_new (TempoHost *host, const char *data_dir, guint16 port, GError **error);
/* Closes and removes the socket. */
void tempo_control_close (TempoControl *self);

/* The other side: asks the process that serves @data_dir. NULL with G_IO_ERROR_NOT_FOUND when nobody serves,
 * with G_IO_ERROR_FAILED and the person's message when it was refused. Blocks. (transfer full). */
char *tempo_control_ask (const char *data_dir, JsonObject *request, GError **error);

G_END_DECLS
