/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A house to try Tempo in, made when the data folder is empty. */
#include "venue/tempo-host-private.h"

/**
 * tempo_demo_install:
 * @self: the engine, with its registry open
 * @error: the store's
 *
 * Blocks: the start worker.
 *
 * Returns: %FALSE when it could not be made
 */
gboolean
tempo_demo_install (TempoHost *self,
                    GError **error)
{
  g_autoptr (GPtrArray) there = tempo_registry_list_organizations (self->registry);
  g_autoptr (TempoActor) system = tempo_actor_new_local (TEMPO_ACTOR_SYSTEM);
  g_autoptr (TempoOrganization) organization = NULL;

  if (there->len > 0)
    return TRUE;

  organization = tempo_accounts_install (self, system, "The Tin Heron", "tin-heron", "owner", NULL,
                                         self->demo_folder, error);
  self->demo_fresh = organization != NULL;

  return self->demo_fresh;
}
