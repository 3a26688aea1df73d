/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "venue/tempo-host.h"

G_BEGIN_DECLS

/* What the command line asks of an engine, wherever that engine runs: in this
 * process, or in the one that serves, reached by the control socket. Main thread. */

/* @request: {"operation": name, …}. Answers with text for standard output, or a GError whose message is for the person. */
void tempo_operation_run_async (TempoHost *host, JsonObject *request, GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full). */
char *tempo_operation_run_finish (GAsyncResult *result, GError **error);

/* By slug or id; without @name (nullable) the only one of @all there is. The error's message is for the person. (transfer none). */
TempoOrganization *tempo_operation_find_organization (GPtrArray *all, const char *name, GError **error);
/* Runs @request on whoever has @data_dir: the serving process, else an engine of our own. Prints the outcome, returns the exit code. */
int tempo_operation_execute (const char *data_dir, JsonObject *request);
/* TRUE when a process serves @data_dir; @port: (out) (optional) its port. */
gboolean tempo_operation_find_server (const char *data_dir, guint16 *port);

G_END_DECLS
