/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "venue/tempo-host.h"

G_BEGIN_DECLS

/* Care for an organization's data as a whole: long work that workers do, one at a time for each organization. Panel,
 * staff routes and command line give the same order to the same door. */
typedef enum
{
  TEMPO_CARE_VERIFY_LOG,         /* the log's chains, against what was noted at another time */
  TEMPO_CARE_EXPORT,             /* path: (nullable) a new file in exports/; credentials */
  TEMPO_CARE_IMPORT,             /* path; as_new, slug: (nullable); dry_run. organization is not used */
  TEMPO_CARE_ERASE_GUEST,        /* target: a guest's id, or the number of a request of theirs */
  TEMPO_CARE_ERASE_ORGANIZATION, /* file, media, backups, registry, secrets */
  TEMPO_CARE_RESTORE,            /* path of a backup, into place; or as_new, slug: (nullable): beside */
  TEMPO_CARE_MOVE_ROOM,          /* target: a join code; slug: where to */
  /* Of the organization "default", which the first of them makes when there is none. */
  TEMPO_CARE_TAKE_SINGLE,        /* path: the predecessors' data; title: (nullable) of the organization to make */
  TEMPO_CARE_DROP_SINGLE,        /* takes that out again */
  TEMPO_CARE_GIVE_SINGLE,        /* path: a new file in the predecessors' form */
  TEMPO_N_CARE
} TempoCareKind;

typedef struct
{
  TempoCareKind kind;
  TempoActor *actor;
  const char *organization; /* (nullable) slug or id */
  const char *path;         /* (nullable) absolute */
  const char *slug;         /* (nullable) */
  const char *target;       /* (nullable) */
  const char *title;        /* (nullable) */
  gboolean as_new;
  gboolean dry_run;
  gboolean credentials;
} TempoCareOrder;

/* @order: copied. Any thread. Refusals: forbidden, not_found, conflict (also: other such work is under way), invalid,
 * storage. */
void
tempo_host_care_async (TempoHost *self, const TempoCareOrder *order, GAsyncReadyCallback callback, gpointer user_data);
/* What to tell: the path of an export, the receipt of an erasure (JSON), lines for a person otherwise. (transfer full).
 */
char *tempo_host_care_finish (TempoHost *self, GAsyncResult *result, GError **error);

G_END_DECLS
