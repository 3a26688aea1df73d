/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-display"

#include "config.h"

#include "display/tempo-stage-words.h"

#include <glib/gi18n.h>

#include "tempo-stage-catalog.h"
#include "web/tempo-catalog.h"

#define PREFIX "/io/github/tempo_venue/Tempo/catalog-stage"

/* Loaded once, for as long as the program runs. */
static TempoCatalog *
get_catalog (void)
{
  static TempoCatalog *catalog = NULL;

  if (catalog == NULL)
    {
      g_autoptr (GError) error = NULL;

      catalog = tempo_catalog_new (tempo_stage_catalog_get_resource (), PREFIX, &error);
      if (catalog == NULL)
        {
          g_warning ("no sentences: %s", error->message);
          catalog = tempo_catalog_new (NULL, PREFIX "-none", NULL);
        }
    }

  return catalog;
}

/**
 * tempo_stage_words:
 * @language: (nullable): of the display; %NULL or "" for the desktop's
 * @context: (nullable): of the message
 * @text: the English
 *
 * gettext knows one language for the whole process, so another one comes from a catalog.
 *
 * Returns: (transfer none): what to say
 */
const char *
tempo_stage_words (const char *language, const char *context, const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  if (language != NULL && *language != '\0')
    return tempo_catalog_lookup (get_catalog (), language, context, text);
  if (context != NULL)
    return g_dpgettext2 (NULL, context, text);
  return gettext (text);
}
