/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

typedef enum
{
  TEMPO_ORDER_FAIR,  /* least-served guest first, then votes, then time */
  TEMPO_ORDER_VOTES, /* votes, then time */
  TEMPO_ORDER_FIRST, /* first come */
} TempoOrder;
#define TEMPO_TYPE_ORDER (tempo_order_get_type ())
GType tempo_order_get_type (void);
/* "fair", "votes", "first". */
const char *tempo_order_to_string (TempoOrder order);
gboolean tempo_order_from_string (const char *text, TempoOrder *order);

typedef enum
{
  TEMPO_DUPLICATES_VOTE,   /* a second wish for the same song is a vote for the first */
  TEMPO_DUPLICATES_REFUSE,
} TempoDuplicates;
#define TEMPO_TYPE_DUPLICATES (tempo_duplicates_get_type ())
GType tempo_duplicates_get_type (void);
/* "vote", "refuse". */
const char *tempo_duplicates_to_string (TempoDuplicates duplicates);
gboolean tempo_duplicates_from_string (const char *text, TempoDuplicates *duplicates);

#define TEMPO_RULES_MAX_BLOCKED 200 /* entries of the blocked list */

/* What one event allows. Immutable, reference counted, any thread. 0 means "no limit" for every number. */
struct _TempoRules
{
  gatomicrefcount ref_count;
  gboolean approval;
  guint per_guest;                /* songs waiting at once, or asked within the window when that is set */
  guint per_guest_window_minutes;
  guint cooldown_seconds;
  TempoDuplicates duplicates;
  guint no_repeat_minutes;
  gboolean allow_explicit;
  char **blocked;                 /* (owned) folded words, artists, titles */
  guint max_duration_seconds;
  guint max_queue;                /* pending and approved together */
  gboolean votes;
  gboolean free_text;
  gboolean messages;
  TempoOrder order;
};

#define TEMPO_TYPE_RULES (tempo_rules_get_type ())
GType tempo_rules_get_type (void);
/* The defaults: approval, 3 per guest, duplicates become votes, no repeat in 60 minutes, explicit allowed,
 * queue of 200, votes, no free text, dedications, fair. (transfer full). */
TempoRules *tempo_rules_new_default (void);
TempoRules *tempo_rules_ref (TempoRules *self);
void tempo_rules_unref (TempoRules *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoRules, tempo_rules_unref)
/* @base with the members @object has; unknown members and wrong values set a
 * TEMPO_JSON_ERROR_MEMBER that names the member. @base (nullable): the defaults. (transfer full). */
TempoRules *tempo_rules_patch (TempoRules *base, JsonObject *object, GError **error);
void tempo_rules_to_json (TempoRules *self, TempoJson *json, const char *key);
/* For the database. (transfer full). */
char *tempo_rules_to_text (TempoRules *self);
TempoRules *tempo_rules_from_text (const char *text, GError **error);
/* The blocked entry that @song meets, or NULL. Words match whole words, accent- and case-blind. */
const char *tempo_rules_find_blocked (TempoRules *self, TempoSong *song);

G_END_DECLS
