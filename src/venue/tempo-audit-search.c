/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking things up in the log, however long it is. */
#include "venue/tempo-audit-search-private.h"

#include <string.h>

#include "base/tempo-clock.h"
#include "base/tempo-id.h"
#include "base/tempo-json.h"
#include "model/tempo-refusal.h"

/* So many rows a page looks at, found or not: words are looked for without an index, and nobody waits long for a page.
 * What was not looked at yet is behind the page's cursor. */
#define MAX_LOOKED 500
#define MAX_TEXT 200
#define MAX_ACTIONS 800
/* A guest's time of last being seen is not written at each step. */
#define SEEN_SLACK_US G_TIME_SPAN_DAY

struct _TempoAuditSearch
{
  char *words;  /* (owned) (nullable) lower case */
  char *action; /* (owned) (nullable) one or several with commas between */
  char *actor;  /* (owned) (nullable) id, name or kind */
  gint64 from;
  gint64 before;       /* the cursor: time, */
  gint64 before_seq;   /* number */
  char *before_origin; /* (owned) and host of the row where the page before ended */
  guint limit;
};

/* "1763672400000000.17.HOST" */
static gboolean
set_cursor (TempoAuditSearch *self, const char *cursor, GError **error)
{
  g_auto (GStrv) words = g_strsplit (cursor, ".", 3);

  if (g_strv_length (words) != 3 || strlen (words[2]) > 64 || !g_ascii_isdigit (*words[0])
      || !g_ascii_isdigit (*words[1]))
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "cursor", "not a cursor");
  self->before = g_ascii_strtoll (words[0], NULL, 10);
  self->before_seq = g_ascii_strtoll (words[1], NULL, 10);
  g_clear_pointer (&self->before_origin, g_free);
  self->before_origin = g_strdup (words[2]);
  return TRUE;
}

static gboolean
set_text (char **place, const char *name, const char *value, glong max, GError **error)
{
  if (g_utf8_strlen (value, -1) > max)
    return tempo_refuse (error, TEMPO_REFUSAL_INVALID, name, "too long");
  g_clear_pointer (place, g_free);
  if (*value != '\0')
    *place = g_strdup (value);
  return TRUE;
}

static gboolean
set_words (TempoAuditSearch *self, const char *value, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (value, -1);

  return set_text (&self->words, "q", lower, MAX_TEXT, error);
}

static gboolean
set_time (gint64 *place, const char *name, const char *value, GError **error)
{
  return tempo_time_parse (value, place) || tempo_refuse (error, TEMPO_REFUSAL_INVALID, name, "not an RFC 3339 time");
}

static gboolean
set_filter (TempoAuditSearch *self, const char *name, const char *value, gint64 *until, GError **error)
{
  if (strcmp (name, "q") == 0)
    return set_words (self, value, error);
  if (strcmp (name, "action") == 0)
    return set_text (&self->action, name, value, MAX_ACTIONS, error);
  if (strcmp (name, "actor") == 0)
    return set_text (&self->actor, name, value, MAX_TEXT, error);
  if (*value == '\0')
    return TRUE;
  if (strcmp (name, "from") == 0)
    return set_time (&self->from, name, value, error);
  if (strcmp (name, "to") == 0)
    return set_time (until, name, value, error);
  return strcmp (name, "cursor") != 0 || set_cursor (self, value, error);
}

static gboolean
set_filters (TempoAuditSearch *self, const char *filters, gint64 *until, GError **error)
{
  GUriParamsIter iter;
  g_autofree char *name = NULL, *value = NULL;
  GError *failure = NULL;

  g_uri_params_iter_init (&iter, filters, -1, "&", G_URI_PARAMS_WWW_FORM);
  while (g_uri_params_iter_next (&iter, &name, &value, &failure))
    {
      if (!set_filter (self, name, value, until, error))
        return FALSE;
      g_clear_pointer (&name, g_free);
      g_clear_pointer (&value, g_free);
    }
  if (failure == NULL)
    return TRUE;
  g_error_free (failure);
  return tempo_refuse (error, TEMPO_REFUSAL_INVALID, "q", "not a query");
}

/**
 * tempo_audit_search_new:
 * @filters: (nullable): a URI query of q (words anywhere in a row), action (several with commas between), actor (id, name or kind), from and to (RFC
 * 3339), cursor; others are not looked at
 * @cursor: (nullable): where the page before ended
 * @limit: rows of a page
 * @error: TEMPO_REFUSAL_INVALID
 *
 * Returns: (transfer full) (nullable): what to look for
 */
TempoAuditSearch *
tempo_audit_search_new (const char *filters, const char *cursor, guint limit, GError **error)
{
  g_autoptr (TempoAuditSearch) self = g_new0 (TempoAuditSearch, 1);
  gint64 until = G_MAXINT64;

  self->limit = limit;
  self->before = G_MAXINT64;
  self->before_seq = G_MAXINT64;
  self->before_origin = g_strdup ("~");
  if ((filters != NULL && !set_filters (self, filters, &until, error))
      || (cursor != NULL && *cursor != '\0' && !set_cursor (self, cursor, error)))
    return NULL;
  self->before = MIN (self->before, until);
  return g_steal_pointer (&self);
}

void
tempo_audit_search_free (TempoAuditSearch *self)
{
  g_clear_pointer (&self->words, g_free);
  g_clear_pointer (&self->action, g_free);
  g_clear_pointer (&self->actor, g_free);
  g_clear_pointer (&self->before_origin, g_free);
  g_free (self);
}

/* Ids tell people nothing: the name of today stands beside them. (transfer full) (nullable). */
static char *
find_name (TempoScope *scope, const char *kind, const char *id)
{
  g_autoptr (TempoRows) names = NULL;

  if (kind == NULL || id == NULL)
    return NULL;
  names = tempo_scope_query (scope, NULL, "audit-name", "ss", kind, id);
  return names != NULL && tempo_rows_next (names, NULL) ? g_strdup (tempo_rows_text (names, 0)) : NULL;
}

static gboolean
names (const char *name, const char *words)
{
  g_autofree char *lower = name != NULL ? g_ascii_strdown (name, -1) : NULL;

  return lower != NULL && strstr (lower, words) != NULL;
}

/* What is written in the row of somebody does for staff; a guest may be called otherwise by now. (transfer full) (nullable). */
static char *
find_actor (TempoScope *scope, TempoRows *rows)
{
  const char *kind = tempo_rows_text (rows, 2);

  return g_strcmp0 (kind, "guest") == 0 ? find_name (scope, kind, tempo_rows_text (rows, 3)) : g_strdup (tempo_rows_text (rows, 4));
}

static gboolean
has_words (TempoAuditSearch *self, TempoRows *rows, const char *actor, const char *object)
{
  return tempo_rows_int (rows, 14) != 0 || names (actor, self->words) || names (object, self->words);
}

static void
write_row (TempoRows *rows, const char *actor, const char *object, TempoJson *json)
{
  static const char *const texts[] = { "before", "after", "reason", "address", "agent", "origin" };

  tempo_json_begin_object (json, NULL);
  tempo_json_int (json, "seq", tempo_rows_int (rows, 0));
  tempo_json_time (json, "at", tempo_rows_int (rows, 1));
  tempo_json_begin_object (json, "actor");
  tempo_json_string (json, "kind", tempo_rows_text (rows, 2));
  tempo_json_string (json, "id", tempo_rows_text (rows, 3));
  tempo_json_string (json, "name", actor);
  tempo_json_end_object (json);
  tempo_json_string (json, "action", tempo_rows_text (rows, 5));
  tempo_json_begin_object (json, "object");
  tempo_json_string (json, "kind", tempo_rows_text (rows, 6));
  tempo_json_string (json, "id", tempo_rows_text (rows, 7));
  tempo_json_string (json, "name", object);
  tempo_json_end_object (json);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    tempo_json_string (json, texts[i], tempo_rows_text (rows, 8 + (int) i));
  tempo_json_end_object (json);
}

/* Guests are in no index of the log: it is read through for as long as they were here. FALSE: not a guest. */
static gboolean
narrow_to_guest (TempoScope *scope, TempoAuditSearch *self)
{
  g_autoptr (TempoRows) rows = tempo_scope_query (scope, NULL, "guest-seen", "s", self->actor);

  if (rows == NULL || !tempo_rows_next (rows, NULL))
    return FALSE;
  self->from = MAX (self->from, tempo_rows_int (rows, 0));
  self->before = MIN (self->before, tempo_rows_int (rows, 1) + SEEN_SLACK_US);
  return TRUE;
}

/* Each statement walks an index of its own; all take the same values and give the same columns. */
static TempoRows *
start (TempoScope *scope, TempoAuditSearch *self, GError **error)
{
  const char *name = "audit-list";

  if (tempo_id_is_valid (self->actor) && !narrow_to_guest (scope, self))
    name = "audit-list-actor";
  else if (self->action != NULL && strchr (self->action, ',') == NULL)
    name = "audit-list-action";
  return tempo_scope_query (scope, error, name, "iisisssi", self->before, self->before_seq, self->before_origin,
                            self->from, self->words, self->action, self->actor, (gint64) MAX_LOOKED + 1);
}

/* Stops at a full page or when it has looked at enough; @next: (out) (nullable) where it stopped, when there is more.
 */
static gboolean
write_rows (TempoScope *scope, TempoAuditSearch *self, TempoRows *rows, TempoJson *json, char **next, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *last = NULL;
  guint found = 0, looked = 0;

  while (tempo_rows_next (rows, &failure))
    {
      gboolean fits = tempo_rows_int (rows, 15) != 0;
      g_autofree char *actor = fits ? find_actor (scope, rows) : NULL;
      g_autofree char *object = fits ? find_name (scope, tempo_rows_text (rows, 6), tempo_rows_text (rows, 7)) : NULL;
      gboolean hit = fits && has_words (self, rows, actor, object);

      if (looked++ == MAX_LOOKED || (hit && found == self->limit))
        {
          *next = g_steal_pointer (&last);
          return TRUE;
        }
      if (hit)
        write_row (rows, actor, object, json);
      found += hit;
      if (hit || looked == MAX_LOOKED)
        {
          g_clear_pointer (&last, g_free);
          last = g_strdup_printf ("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".%s", tempo_rows_int (rows, 1),
                                  tempo_rows_int (rows, 0), tempo_rows_text (rows, 13));
        }
    }
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return *error == NULL;
}

/**
 * tempo_audit_search_read:
 * @scope: of an organization
 * @search: a TempoAuditSearch
 * @error: the store's
 *
 * A page that looked at its fill may have found little and still have a cursor: go on from there.
 *
 * Returns: (transfer full) (nullable): GBytes
 */
gpointer
tempo_audit_search_read (TempoScope *scope, gpointer search, GError **error)
{
  TempoAuditSearch *self = search;
  g_autoptr (TempoRows) rows = start (scope, self, error);
  g_autoptr (TempoJson) json = NULL;
  g_autoptr (GError) failure = NULL;
  g_autofree char *next = NULL;

  if (rows == NULL)
    return NULL;
  json = tempo_json_new ();
  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "audit");
  if (!write_rows (scope, self, rows, json, &next, &failure))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  tempo_json_end_array (json);
  tempo_json_string (json, "next", next);
  tempo_json_end_object (json);
  return tempo_json_finish (g_steal_pointer (&json));
}
