/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passwords of a room's players. */
#include "venue/tempo-room-secrets-private.h"

#include "base/tempo-json.h"
#include "secrets/tempo-secrets.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-room-private.h"

#define PASSWORD "mpdPassword"

static char *
name_secret (TempoRoom *self)
{
  return g_strconcat ("mpd_password/", self->info->id, NULL);
}

char *
tempo_room_quote_secret (TempoRoom *self,
                         const char *key)
{
  g_autoptr (TempoJson) json = NULL;

  if (!g_str_equal (key, PASSWORD) || self->mpd_password == NULL)
    return NULL;

  json = tempo_json_new ();
  tempo_json_string (json, NULL, self->mpd_password);

  return g_strdup (tempo_json_peek (json, NULL));
}

static void
kept_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (TempoRoom) room = user_data;
  g_autoptr (GError) error = NULL;

  /* It serves from memory until Tempo ends. */
  if (!tempo_secrets_store_finish (TEMPO_SECRETS (object), result, &error) && room->player != NULL)
    tempo_host_log (room->venue->host, room->venue->organization, G_LOG_LEVEL_INFO, "A player's password was not kept: %s", error->message);
}

void
tempo_room_keep_secret (TempoRoom *self,
                        const char *key,
                        const char *text)
{
  TempoSecrets *secrets = self->venue->host->secrets;
  g_autofree char *name = name_secret (self);
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;

  g_return_if_fail (g_str_equal (key, PASSWORD));

  g_free (self->mpd_password);
  self->mpd_password = node != NULL ? json_node_dup_string (node) : NULL;
  tempo_secrets_store_async (secrets, self->venue->organization->id, name, self->mpd_password, NULL, kept_cb,
                             g_object_ref (self));
}

static void
found_cb (GObject *object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (TempoRoom) self = user_data;
  g_autofree char *password = tempo_secrets_lookup_finish (TEMPO_SECRETS (object), result, NULL);

  /* Stopped meanwhile, or somebody was faster. */
  if (password == NULL || self->player == NULL || self->mpd_password != NULL)
    return;

  self->mpd_password = g_steal_pointer (&password);
  tempo_player_set_up (self->player);
  tempo_player_wake (self->player);
}

void
tempo_room_load_secrets (TempoRoom *self)
{
  g_autofree char *name = name_secret (self);

  if (g_strv_contains ((const char *const *) self->info->sources, "mpd"))
    tempo_secrets_lookup_async (self->venue->host->secrets, self->venue->organization->id, name, NULL, found_cb,
                                g_object_ref (self));
}
