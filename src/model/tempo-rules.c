/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-rules.h"

#include <string.h>

#include "base/tempo-json.h"
#include "model/tempo-record-private.h"
#include "model/tempo-song.h"
#include "model/tempo-text-private.h"

G_DEFINE_ENUM_TYPE (TempoOrder, tempo_order,
                    G_DEFINE_ENUM_VALUE (TEMPO_ORDER_FAIR, "fair"),
                    G_DEFINE_ENUM_VALUE (TEMPO_ORDER_VOTES, "votes"),
                    G_DEFINE_ENUM_VALUE (TEMPO_ORDER_FIRST, "first"))

G_DEFINE_ENUM_TYPE (TempoDuplicates, tempo_duplicates,
                    G_DEFINE_ENUM_VALUE (TEMPO_DUPLICATES_VOTE, "vote"),
                    G_DEFINE_ENUM_VALUE (TEMPO_DUPLICATES_REFUSE, "refuse"))

TEMPO_DEFINE_WORDS (TempoOrder, tempo_order, TEMPO_TYPE_ORDER)
TEMPO_DEFINE_WORDS (TempoDuplicates, tempo_duplicates, TEMPO_TYPE_DUPLICATES)

G_DEFINE_BOXED_TYPE (TempoRules, tempo_rules, tempo_rules_ref, tempo_rules_unref)

#define MINUTES_PER_WEEK 10080
#define SECONDS_PER_DAY 86400

/* Every rule but the blocked list: its name in JSON, its place, its range. The
 * order is the order of the JSON. */
typedef enum
{
  RULE_FLAG,
  RULE_NUMBER,
  RULE_WORD,
} RuleKind;

typedef struct
{
  const char *name;
  RuleKind kind;
  gsize offset;
  guint max;                 /* of a number */
  GType (*get_type) (void);  /* of a word */
} Rule;

static const Rule rules[] = {
  { "approval", RULE_FLAG, G_STRUCT_OFFSET (TempoRules, approval), 0, NULL },
  { "perGuest", RULE_NUMBER, G_STRUCT_OFFSET (TempoRules, per_guest), 1000, NULL },
  { "perGuestWindowMinutes", RULE_NUMBER, G_STRUCT_OFFSET (TempoRules, per_guest_window_minutes), MINUTES_PER_WEEK, NULL },
  { "cooldownSeconds", RULE_NUMBER, G_STRUCT_OFFSET (TempoRules, cooldown_seconds), SECONDS_PER_DAY, NULL },
  { "duplicates", RULE_WORD, G_STRUCT_OFFSET (TempoRules, duplicates), 0, tempo_duplicates_get_type },
  { "noRepeatMinutes", RULE_NUMBER, G_STRUCT_OFFSET (TempoRules, no_repeat_minutes), MINUTES_PER_WEEK, NULL },
  { "allowExplicit", RULE_FLAG, G_STRUCT_OFFSET (TempoRules, allow_explicit), 0, NULL },
  { "maxDurationSeconds", RULE_NUMBER, G_STRUCT_OFFSET (TempoRules, max_duration_seconds), SECONDS_PER_DAY, NULL },
  { "maxQueue", RULE_NUMBER, G_STRUCT_OFFSET (TempoRules, max_queue), 10000, NULL },
  { "votes", RULE_FLAG, G_STRUCT_OFFSET (TempoRules, votes), 0, NULL },
  { "freeText", RULE_FLAG, G_STRUCT_OFFSET (TempoRules, free_text), 0, NULL },
  { "messages", RULE_FLAG, G_STRUCT_OFFSET (TempoRules, messages), 0, NULL },
  { "order", RULE_WORD, G_STRUCT_OFFSET (TempoRules, order), 0, tempo_order_get_type },
};

static TempoRules *
rules_copy (TempoRules *self)
{
  TempoRules *copy = g_memdup2 (self, sizeof *self);

  g_atomic_ref_count_init (&copy->ref_count);
  copy->blocked = g_strdupv (self->blocked);

  return copy;
}

/* Text comes back as @error; a word must be one of the type's. */
static void
read_word (const Rule *rule,
           JsonObject *object,
           int *value,
           GError **error)
{
  g_autoptr (GError) local_error = NULL;
  const char *word = tempo_json_get_string (object, rule->name, 16, NULL, &local_error);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (word != NULL && !tempo_enum_from_word (rule->get_type (), word, value))
    g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"%s\" cannot be \"%s\"", rule->name, word);
}

static gboolean
read_rule (const Rule *rule,
           TempoRules *self,
           JsonObject *object,
           GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gpointer at = G_STRUCT_MEMBER_P (self, rule->offset);

  switch (rule->kind)
    {
    case RULE_FLAG:
      *(gboolean *) at = tempo_json_get_bool (object, rule->name, *(gboolean *) at, &local_error);
      break;
    case RULE_NUMBER:
      *(guint *) at = (guint) tempo_json_get_int (object, rule->name, 0, rule->max, *(guint *) at, &local_error);
      break;
    case RULE_WORD:
      read_word (rule, object, at, &local_error);
      break;
    default:
      g_assert_not_reached ();
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static void
write_rule (const Rule *rule,
            TempoRules *self,
            TempoJson *json)
{
  gconstpointer at = G_STRUCT_MEMBER_P (self, rule->offset);

  switch (rule->kind)
    {
    case RULE_FLAG:
      tempo_json_bool (json, rule->name, *(const gboolean *) at);
      break;
    case RULE_NUMBER:
      tempo_json_int (json, rule->name, *(const guint *) at);
      break;
    case RULE_WORD:
      tempo_json_string (json, rule->name, tempo_enum_to_word (rule->get_type (), *(const int *) at));
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Folds the entries; empty and repeated ones fall away. Folding can lengthen a text (one letter may stand for a whole
 * blessing), and what is kept must pass when it is read again. */
static char **
read_blocked (JsonArray *array,
              GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint length = json_array_get_length (array);

  if (length > TEMPO_RULES_MAX_BLOCKED)
    {
      g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER,
                   "\"blocked\" must have at most %d entries", TEMPO_RULES_MAX_BLOCKED);
      return NULL;
    }

  for (guint i = 0; i < length; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *text = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
                           ? json_node_get_string (node) : NULL;
      g_autofree char *folded = tempo_text_fold (text);

      if (text == NULL || g_utf8_strlen (text, -1) > TEMPO_SONG_MAX_TEXT ||
          g_utf8_strlen (folded, -1) > TEMPO_SONG_MAX_TEXT)
        {
          g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER,
                       "\"blocked\" must be a list of texts of at most %d characters", TEMPO_SONG_MAX_TEXT);
          return NULL;
        }
      if (*folded != '\0' && !g_hash_table_contains (seen, folded))
        {
          g_strv_builder_add (builder, folded);
          g_hash_table_add (seen, g_steal_pointer (&folded));
        }
    }

  return g_strv_builder_end (builder);
}

static gboolean
apply_blocked (TempoRules *self,
               JsonObject *object,
               GError **error)
{
  JsonNode *node = json_object_get_member (object, "blocked");
  char **blocked;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER, "\"blocked\" must be a list");
      return FALSE;
    }

  blocked = read_blocked (json_node_get_array (node), error);
  if (blocked == NULL)
    return FALSE;

  g_strfreev (self->blocked);
  self->blocked = blocked;

  return TRUE;
}

/* A misspelt rule must not look as if it held. */
static gboolean
check_names (JsonObject *object,
             GError **error)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *at = names; at != NULL; at = at->next)
    {
      gboolean known = g_str_equal (at->data, "blocked");

      for (guint i = 0; !known && i < G_N_ELEMENTS (rules); i++)
        known = g_str_equal (at->data, rules[i].name);
      if (!known)
        {
          g_set_error (error, TEMPO_JSON_ERROR, TEMPO_JSON_ERROR_MEMBER,
                       "There is no rule \"%.40s\"", (const char *) at->data);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * tempo_rules_new_default:
 *
 * Returns: (transfer full): what suits most nights
 */
TempoRules *
tempo_rules_new_default (void)
{
  TempoRules *self = g_new0 (TempoRules, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->approval = TRUE;
  self->per_guest = 3;
  self->duplicates = TEMPO_DUPLICATES_VOTE;
  self->no_repeat_minutes = 60;
  self->allow_explicit = TRUE;
  self->blocked = g_new0 (char *, 1);
  self->max_queue = 200;
  self->votes = TRUE;
  self->messages = TRUE;
  self->order = TEMPO_ORDER_FAIR;

  return self;
}

TempoRules *
tempo_rules_ref (TempoRules *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
tempo_rules_unref (TempoRules *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count))
    {
      g_strfreev (self->blocked);
      g_free (self);
    }
}

/**
 * tempo_rules_patch:
 * @base: (nullable): what holds for members that @object does not have; NULL for
 *   the defaults
 * @object: rules by their names in JSON; a null leaves a rule as it is
 * @error: TEMPO_JSON_ERROR_MEMBER that names the member
 *
 * All of @object is taken or none: a wrong member leaves nothing half changed.
 *
 * Returns: (transfer full) (nullable): new rules
 */
TempoRules *
tempo_rules_patch (TempoRules *base,
                   JsonObject *object,
                   GError **error)
{
  g_autoptr (TempoRules) self = base != NULL ? rules_copy (base) : tempo_rules_new_default ();

  if (!check_names (object, error) || !apply_blocked (self, object, error))
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      if (!read_rule (&rules[i], self, object, error))
        return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * tempo_rules_to_json:
 * @self: rules
 * @json: where to
 * @key: (nullable): the member
 *
 * Writes every rule, so that readers need not know the defaults.
 */
void
tempo_rules_to_json (TempoRules *self,
                     TempoJson *json,
                     const char *key)
{
  tempo_json_begin_object (json, key);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    write_rule (&rules[i], self, json);
  tempo_json_begin_array (json, "blocked");
  for (guint i = 0; self->blocked[i] != NULL; i++)
    tempo_json_string (json, NULL, self->blocked[i]);
  tempo_json_end_array (json);
  tempo_json_end_object (json);
}

/**
 * tempo_rules_to_text:
 * @self: rules
 *
 * Returns: (transfer full): the JSON that the database keeps
 */
char *
tempo_rules_to_text (TempoRules *self)
{
  g_autoptr (TempoJson) json = tempo_json_new ();

  tempo_rules_to_json (self, json, NULL);

  return g_strdup (tempo_json_peek (json, NULL));
}

/**
 * tempo_rules_from_text:
 * @text: (nullable): what the database kept; NULL or "" for the defaults
 * @error: TEMPO_JSON_ERROR
 *
 * Returns: (transfer full) (nullable): the rules
 */
TempoRules *
tempo_rules_from_text (const char *text,
                       GError **error)
{
  g_autoptr (JsonObject) object = NULL;

  if (text == NULL || *text == '\0')
    return tempo_rules_new_default ();

  object = tempo_json_parse (text, strlen (text), error);

  return object != NULL ? tempo_rules_patch (NULL, object, error) : NULL;
}

/**
 * tempo_rules_find_blocked:
 * @self: rules
 * @song: what a guest wishes for
 *
 * An entry is met when its words stand side by side, whole, in artist, title or
 * album: "rain" does not meet "Terrain".
 *
 * Returns: (nullable): the entry, valid as long as @self
 */
const char *
tempo_rules_find_blocked (TempoRules *self,
                          TempoSong *song)
{
  g_autofree char *artist = NULL;
  g_autofree char *title = NULL;
  g_autofree char *album = NULL;

  if (self->blocked[0] == NULL)
    return NULL;

  artist = tempo_text_fence (song->artist);
  title = tempo_text_fence (song->title);
  album = tempo_text_fence (song->album);
  for (guint i = 0; self->blocked[i] != NULL; i++)
    {
      g_autofree char *entry = tempo_text_fence (self->blocked[i]);

      if (*entry != '\0' &&
          (strstr (artist, entry) != NULL || strstr (title, entry) != NULL || strstr (album, entry) != NULL))
        return self->blocked[i];
    }

  return NULL;
}
