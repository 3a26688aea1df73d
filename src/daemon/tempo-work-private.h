/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "venue/tempo-host.h"

G_BEGIN_DECLS

/* One operation under way: the data of its task. */
typedef struct
{
  TempoHost *host;       /* (owned) */
  JsonObject *request;   /* (owned) */
  char *organization_id; /* (owned) (nullable) */
  char *room_id;         /* (owned) (nullable) */
} TempoWork;

/* A member of the request; NULL when absent. Valid as long as the work. */
const char *tempo_work_get_text (TempoWork *work, const char *member);
/* By slug or id; without a name the only one there is. */
gboolean tempo_work_choose_organization (TempoWork *work, GError **error);

/* tempo-people-operations.c: all that start with "member_". */
void tempo_people_operation_run (GTask *task);

G_END_DECLS
