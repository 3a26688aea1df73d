/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lan/tempo-lan-private.h"

static void
get_state (TempoExchange *exchange, gpointer user_data)
{
  TempoRoom *room = tempo_visit_get_room (tempo_visit_get (exchange));

  tempo_exchange_answer_json (exchange, 200, tempo_room_get_display_state (room));
}

static void
stream (TempoExchange *exchange, gpointer user_data)
{
  TempoVisit *visit = tempo_visit_get (exchange);

  tempo_room_feeds_take_display (visit->server->feeds, tempo_visit_get_room (visit),
                                 visit->display_id, exchange);
}

static const TempoRoute routes[] = {
  { "GET", "/d/{token}/state", TEMPO_WHO (DISPLAY, 0), 0, 0, get_state },
  { "GET", "/d/{token}/stream", TEMPO_WHO (DISPLAY, 0), 0, 0, stream },
};

/* What a display's page asks. The token opens one room and reads only: there is
 * no route here that changes anything.
 */
void
tempo_display_routes_add (TempoLanServer *server)
{
  tempo_router_add (server->router, routes, G_N_ELEMENTS (routes), server);
}
