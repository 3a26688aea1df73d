/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "access/tempo-licence.h"
#include "store/tempo-registry.h"
#include "venue/tempo-command.h"

/* The licences of the organizations of one installation, and what they allow. What a limit bars is asked
 * when something new is made; nothing that is there is ever taken away, and no running event is stopped.
 * Loaded by a worker, then engine thread only. */
typedef struct _TempoLicences TempoLicences;

/* @more_keys: (nullable) public keys beside those of the build, for tests. */
TempoLicences *tempo_licences_new (const char *more_keys);
void tempo_licences_free (TempoLicences *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoLicences, tempo_licences_free)
/* Reads what the registry keeps. A document that is no longer trusted counts as none. @now: wall us. */
gboolean tempo_licences_load (TempoLicences *self, TempoRegistry *registry, gint64 now, GError **error);

/* TRUE when the standing of some organization is another one than at the last call. Notes @now as seen. */
gboolean tempo_licences_tick (TempoLicences *self, gint64 now);
/* Writes down the latest time seen; once a day is enough. */
void tempo_licences_save_time (TempoLicences *self, TempoHost *host);

void tempo_licences_judge (TempoLicences *self, const char *organization_id, gint64 now, TempoLicenceStanding *standing);
/* (transfer none) (nullable) until the next change. @row: (out) (optional) (transfer none) (nullable). */
const TempoLicence *tempo_licences_find (TempoLicences *self, const char *organization_id, const TempoRegistryLicence **row);
/* Whose key it is; @key as typed. Errors: TEMPO_LICENCE_ERROR for what is no key. (transfer none) (nullable). */
const char *tempo_licences_find_key (TempoLicences *self, const char *key, GError **error);
/* The largest number of organizations that any licence here allows. */
guint tempo_licences_get_organizations (TempoLicences *self, gint64 now);

/* @key, @document: (nullable), not both. Refusals: invalid (subject "key" or "document"). (transfer full) (nullable). */
TempoRegistryLicence *tempo_licences_read (TempoLicences *self, const char *organization_id, const char *key,
                                           const char *document, gint64 now, GError **error);
/* The registry keeps @row now. @row: (transfer full) (nullable). */
void tempo_licences_take (TempoLicences *self, const char *organization_id, TempoRegistryLicence *row, gint64 now);
