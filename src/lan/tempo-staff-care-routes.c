/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "base/tempo-json.h"
#include "lan/tempo-answers.h"
#include "lan/tempo-staff.h"
#include "venue/tempo-care.h"

static void
start (TempoExchange *exchange, TempoCareKind kind, const char *target, GAsyncReadyCallback callback)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  g_autoptr (TempoActor) actor = tempo_visit_make_actor (exchange);
  TempoCareOrder order = { .kind = kind, .actor = actor, .organization = visit->organization_id, .target = target };

  tempo_host_care_async (visit->server->host, &order, callback, tempo_exchange_ref (exchange));
}

/* The file is finished and nobody else's: it is sent from where the system keeps it, and gone when the last byte is. */
static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = tempo_host_care_finish (TEMPO_HOST (source), result, &error);
  g_autoptr (GMappedFile) file = path != NULL ? g_mapped_file_new (path, FALSE, &error) : NULL;
  g_autoptr (GBytes) bytes = file != NULL ? g_mapped_file_get_bytes (file) : NULL;
  g_autofree char *name = path != NULL ? g_path_get_basename (path) : NULL;
  g_autofree char *disposition = g_strdup_printf ("attachment; filename=\"%s\"", name);

  if (path != NULL)
    g_unlink (path);
  if (bytes == NULL)
    {
      tempo_answer_error (exchange, error);
      return;
    }
  tempo_exchange_set_header (exchange, "Content-Disposition", disposition);
  tempo_exchange_answer_bytes (exchange, 200, "application/gzip", bytes);
}

static void
export_all (TempoExchange *exchange, gpointer user_data)
{
  start (exchange, TEMPO_CARE_EXPORT, NULL, exported_cb);
}

static void
erased_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TempoExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *receipt = tempo_host_care_finish (TEMPO_HOST (source), result, &error);
  TempoJson *json;

  if (receipt == NULL)
    {
      tempo_answer_error (exchange, error);
      return;
    }
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_raw (json, "receipt", receipt, -1);
  tempo_json_end_object (json);
  tempo_exchange_answer_writer (exchange, 200, json);
}

static void
erase_guest (TempoExchange *exchange, gpointer user_data)
{
  start (exchange, TEMPO_CARE_ERASE_GUEST, tempo_exchange_get_param (exchange, "id"), erased_cb);
}

static const TempoRoute routes[] = {
  { "GET", "/api/{org}/export", TEMPO_WHO (OWN, TEMPO_WHO_EXPORT), 0, 0, export_all },
  { "DELETE", "/api/{org}/guests/{id}", TEMPO_WHO (OWN, TEMPO_WHO_ERASE), 0, 0, erase_guest },
};

/* What takes long: the organization as a file, and a guest out of it.
 */
void
tempo_staff_care_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
