/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the machinery of an organization has to say: to the console or the system's journal, as all of Tempo does, with
 * the organization as a field; and into the organization's own logbook, where its people may read it. Hence no line may
 * hold what is another organization's, what a guest wrote, or a secret. */
#include "venue/tempo-host-private.h"

/* Where one console serves many, each line says whose it is; a field alone would be lost on a terminal. */
static void
say (TempoOrganization *organization,
     GLogLevelFlags level,
     const char *text)
{
  g_autoptr (GVariant) fields = NULL;
  g_autofree char *line = g_strdup_printf ("\"%s\": %s", organization->name, text);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "MESSAGE", g_variant_new_string (line));
  g_variant_builder_add (&builder, "{sv}", "TEMPO_ORGANIZATION", g_variant_new_string (organization->id));
  fields = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_log_variant (G_LOG_DOMAIN, level, fields);
}

/**
 * tempo_host_log:
 * @self: the engine
 * @organization: whose affair it is
 * @level: %G_LOG_LEVEL_WARNING when data are in danger, %G_LOG_LEVEL_MESSAGE for a fault or a refusal that the host should
 *   know of, %G_LOG_LEVEL_INFO for the course of things, which the console does not show unless asked
 * @format: English
 * @...: for @format
 *
 * Any thread; never waits for a disk.
 */
void
tempo_host_log (TempoHost *self,
                TempoOrganization *organization,
                GLogLevelFlags level,
                const char *format,
                ...)
{
  const char *word = level == G_LOG_LEVEL_WARNING ? "warning" : level == G_LOG_LEVEL_MESSAGE ? "notice" : "info";
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  tempo_logbook_add (self->logbook, organization->id, tempo_clock_now (self->clock), word, text);
  say (organization, level, text);
}

/**
 * tempo_host_log_fault:
 * @self: a running engine
 * @organization_id: (nullable): whose call it was, slug or id
 * @text: what went wrong
 *
 * Engine thread.
 */
void
tempo_host_log_fault (TempoHost *self,
                      const char *organization_id,
                      const char *text)
{
  TempoVenue *venue = tempo_host_find_venue (self, organization_id);

  if (venue != NULL)
    tempo_host_log (self, venue->organization, G_LOG_LEVEL_WARNING, "%s", text);
  else
    g_warning ("%s", text);
}

/**
 * tempo_host_dup_log_path:
 * @self: the engine
 * @organization_id: an id
 *
 * Any thread.
 *
 * Returns: (transfer full): the file the newest lines of that organization's logbook are in; there may be none yet
 */
char *
tempo_host_dup_log_path (TempoHost *self,
                         const char *organization_id)
{
  return tempo_logbook_get_path (self->data_dir, organization_id);
}
