/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/tempo-request.h"

/* The least that turns one list of requests into another. Apply: with `all`, drop everything; drop every id of
 * `remove`; then for each put, in order: drop that id if it is there, insert at its index. */

typedef struct
{
  guint index;
  TempoRequest *request; /* (owned) */
} TempoDeltaPut;

typedef struct
{
  gboolean all;      /* nothing of many is left, and `remove` does not list them */
  GPtrArray *gone;   /* (owned) (nullable) what tempo_delta_apply() took out for that */
  GPtrArray *remove; /* (owned) (element utf8) ids that left, and those that moved */
  GArray *put;       /* (owned) (element TempoDeltaPut) by rising index */
} TempoDelta;

/* NULL when both hold the same objects in the same order. (transfer full). */
TempoDelta *tempo_delta_new (GPtrArray *before, GPtrArray *after);
void tempo_delta_free (TempoDelta *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoDelta, tempo_delta_free)
/* Makes @list, which was `before`, into `after`. */
void tempo_delta_apply (TempoDelta *self, GPtrArray *list);
