/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-catalog.h"

#include <json-glib/json-glib.h>
#include <string.h>

static const char *const languages[] = { "en", "de", "es", "fr", NULL };

/* Which form of a message stands for a number. */
typedef enum
{
  RULE_NOT_ONE, /* n != 1 */
  RULE_OVER_ONE,
  RULE_NONE,
} Rule;

typedef struct
{
  GBytes *json;      /* (owned) */
  JsonNode *root;    /* (owned) */
  JsonObject *texts; /* of root */
  Rule rule;
} Language;

struct _TempoCatalog
{
  GHashTable *languages; /* (owned): char* to Language */
  GBytes *empty;         /* (owned) */
};

static void
free_language (gpointer data)
{
  Language *language = data;

  g_clear_pointer (&language->root, json_node_unref);
  g_clear_pointer (&language->json, g_bytes_unref);
  g_free (language);
}

static Rule
rule_of (JsonObject *texts)
{
  JsonNode *node = json_object_get_member (texts, "");
  JsonObject *header = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = header != NULL ? json_object_get_string_member_with_default (header, "plural", "n != 1") : "n != 1";

  if (strstr (name, "n > 1") != NULL || strstr (name, "n>1") != NULL)
    return RULE_OVER_ONE;
  return g_strcmp0 (name, "0") == 0 ? RULE_NONE : RULE_NOT_ONE;
}

static gboolean
load_language (TempoCatalog *self,
               const char *name,
               GBytes *bytes,
               GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  Language *language;
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  /* Built with the program: not outside text, hence no depth guard. */
  if (!json_parser_load_from_data (parser, data, length, error))
    return FALSE;
  if (json_parser_get_root (parser) == NULL || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "catalog \"%s\" is not an object", name);
      return FALSE;
    }
  language = g_new0 (Language, 1);
  language->json = g_bytes_ref (bytes);
  language->root = json_parser_steal_root (parser);
  language->texts = json_node_get_object (language->root);
  language->rule = rule_of (language->texts);
  g_hash_table_insert (self->languages, g_strdup (name), language);
  return TRUE;
}

/** Loads the catalogs of all our languages that are there. */
TempoCatalog *
tempo_catalog_new (GResource *resources,
                   const char *prefix,
                   GError **error)
{
  g_autoptr (TempoCatalog) self = g_new0 (TempoCatalog, 1);

  self->languages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_language);
  self->empty = g_bytes_new_static ("{}", 2);
  for (guint i = 0; languages[i] != NULL; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s.json", prefix != NULL ? prefix : TEMPO_CATALOG_PREFIX, languages[i]);
      g_autoptr (GBytes) bytes = resources != NULL ? g_resource_lookup_data (resources, path, 0, NULL)
                                                   : g_resources_lookup_data (path, 0, NULL);

      if (bytes != NULL && !load_language (self, languages[i], bytes, error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
tempo_catalog_free (TempoCatalog *self)
{
  g_clear_pointer (&self->languages, g_hash_table_unref);
  g_clear_pointer (&self->empty, g_bytes_unref);
  g_free (self);
}

static JsonNode *
find (const Language *language,
      const char *context,
      const char *msgid)
{
  g_autofree char *key = context != NULL ? g_strconcat (context, "\004", msgid, NULL) : NULL;

  return language != NULL ? json_object_get_member (language->texts, key != NULL ? key : msgid) : NULL;
}

/* The text of @node, or that of its form number @form. NULL or "" is an untranslated message. */
static const char *
text_of (JsonNode *node,
         guint form)
{
  const char *text = NULL;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *forms = json_node_get_array (node);
      guint n = json_array_get_length (forms);

      node = n > 0 ? json_array_get_element (forms, MIN (form, n - 1)) : NULL;
    }
  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    text = json_node_get_string (node);
  return text != NULL && *text != '\0' ? text : NULL;
}

/** Translates; what has no translation is said in English rather than not at all. */
const char *
tempo_catalog_lookup (TempoCatalog *self,
                      const char *language,
                      const char *context,
                      const char *msgid)
{
  const char *text = text_of (find (g_hash_table_lookup (self->languages, language), context, msgid), 0);

  return text != NULL ? text : msgid;
}

/** Translates by number, by the language's own rule and not the English one. */
const char *
tempo_catalog_plural (TempoCatalog *self,
                      const char *language,
                      const char *context,
                      const char *msgid,
                      const char *plural,
                      guint64 n)
{
  const Language *found = g_hash_table_lookup (self->languages, language);
  guint form = n != 1;
  const char *text;

  if (found != NULL && found->rule == RULE_OVER_ONE)
    form = n > 1;
  else if (found != NULL && found->rule == RULE_NONE)
    form = 0;
  text = text_of (find (found, context, msgid), form);
  if (text != NULL)
    return text;
  return n == 1 ? msgid : plural;
}

/** The catalog as built, to be put into a page in one piece. */
GBytes *
tempo_catalog_get_json (TempoCatalog *self,
                        const char *language)
{
  const Language *found = g_hash_table_lookup (self->languages, language);

  return found != NULL ? found->json : self->empty;
}

/* One of ours, by the part before '-' or '_': "de-AT" is "de". */
static const char *
ours (const char *tag,
      gsize length)
{
  gsize primary = 0;

  while (primary < length && tag[primary] != '-' && tag[primary] != '_')
    primary++;
  for (guint i = 0; languages[i] != NULL; i++)
    if (primary == strlen (languages[i]) && g_ascii_strncasecmp (tag, languages[i], primary) == 0)
      return languages[i];
  return NULL;
}

/* "q=0.8" in thousandths; 1000 when there is none, 0 when it is malformed. */
static guint
weight_of (const char *parameters,
           gsize length)
{
  g_autofree char *text = g_strndup (parameters, length);
  const char *q = strstr (text, "q=");
  double weight;

  if (q == NULL)
    return 1000;
  weight = g_ascii_strtod (q + 2, NULL);
  return weight > 0 && weight <= 1 ? (guint) (weight * 1000) : 0;
}

static const char *
negotiate_accept (const char *accept)
{
  const char *best = NULL;
  guint best_weight = 0;
  guint n = 0;

  for (const char *p = accept; *p != '\0' && n < 32; n++)
    {
      gsize length = strcspn (p, ",");
      gsize blank = strspn (p, " \t");
      gsize tag = strcspn (p, ",; \t");
      const char *language;
      guint weight;

      if (blank > 0)
        {
          p += blank;
          continue;
        }
      language = ours (p, tag);
      weight = language != NULL ? weight_of (p + tag, length - tag) : 0;
      /* Of equals the first one wins: browsers list what they like best first. */
      if (weight > best_weight)
        {
          best = language;
          best_weight = weight;
        }
      p += length;
      if (*p == ',')
        p++;
    }
  return best;
}

/** Chooses one of our languages for a guest. */
const char *
tempo_catalog_negotiate (const char *choice,
                         const char *cookie,
                         const char *accept)
{
  const char *language = choice != NULL ? ours (choice, strlen (choice)) : NULL;

  if (language == NULL && cookie != NULL)
    language = ours (cookie, strlen (cookie));
  if (language == NULL && accept != NULL)
    language = negotiate_accept (accept);
  return language != NULL ? language : languages[0];
}

/** The languages there are, English first because it is the last resort. */
const char *const *
tempo_catalog_languages (void)
{
  return languages;
}
