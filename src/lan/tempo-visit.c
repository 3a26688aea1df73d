/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lan/tempo-lan-private.h"

static void
free_visit (gpointer data)
{
  TempoVisit *visit = data;

  g_clear_object (&visit->server);
  g_clear_pointer (&visit->guest_token, g_free);
  g_clear_pointer (&visit->guest_digest, g_free);
  g_clear_object (&visit->member);
  g_clear_pointer (&visit->claims, tempo_claims_free);
  g_clear_pointer (&visit->organization_id, g_free);
  g_clear_pointer (&visit->room_id, g_free);
  g_clear_object (&visit->unopened);
  g_clear_pointer (&visit->display_id, g_free);
  g_free (visit);
}

/* Handlers may rely on it: the checks attach a visit to every exchange before
 * they look at anything else.
 */
TempoVisit *
tempo_visit_get (TempoExchange *exchange)
{
  return tempo_exchange_get_data (exchange);
}

/* One small block per request; texts of the exchange itself are not copied,
 * only what the checks worked out.
 */
TempoVisit *
tempo_visit_attach (TempoExchange *exchange, TempoLanServer *server)
{
  TempoVisit *visit = g_new0 (TempoVisit, 1);

  visit->server = g_object_ref (server);
  visit->language = tempo_exchange_get_language (exchange);
  tempo_exchange_set_data (exchange, visit, free_visit);
  return visit;
}

/* A signed-in person acts as a member everywhere, also on guest routes it would
 * be the guest: the route's check decides which of the two the visit holds.
 */
TempoActor *
tempo_visit_make_actor (TempoExchange *exchange)
{
  TempoVisit *visit = tempo_visit_get (exchange);
  const char *address = tempo_exchange_get_address (exchange);
  const char *agent = tempo_exchange_get_header (exchange, "User-Agent");

  if (visit->member != NULL)
    return tempo_actor_new_member (visit->member, address, agent);
  return tempo_actor_new_guest (visit->guest_digest, NULL, address, agent);
}

/* Rooms are found again by id after every wait: a pointer to one is good only
 * until control goes back to the main loop.
 */
TempoRoom *
tempo_visit_get_room (TempoVisit *visit)
{
  if (visit->room_id == NULL)
    return NULL;
  if (visit->member != NULL)
    return tempo_host_find_any_room (visit->server->host, visit->organization_id, visit->room_id);
  return tempo_host_find_room (visit->server->host, visit->organization_id, visit->room_id);
}
