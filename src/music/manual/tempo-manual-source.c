/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/manual/tempo-manual-source.h"

#include "model/tempo-song.h"

/* The manual source: the DJ plays the music with whatever is at hand and marks in
 * Tempo what was played. It has no abilities, so every method is left to the
 * interface's own answers. Engine thread only. */

#define TEMPO_TYPE_MANUAL_SOURCE (tempo_manual_source_get_type ())
G_DECLARE_FINAL_TYPE (TempoManualSource, tempo_manual_source, TEMPO, MANUAL_SOURCE, GObject)

struct _TempoManualSource
{
  GObject parent_instance;
};

static TempoSourceAbilities
get_abilities (TempoSource *source)
{
  return 0;
}

static void
source_iface_init (TempoSourceInterface *iface)
{
  iface->get_abilities = get_abilities;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TempoManualSource, tempo_manual_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEMPO_TYPE_SOURCE, source_iface_init))

static void
tempo_manual_source_class_init (TempoManualSourceClass *klass)
{
}

static void
tempo_manual_source_init (TempoManualSource *self)
{
}

/**
 * tempo_manual_source_new:
 *
 * A source for rooms whose music Tempo does not play. It is always ready.
 * Returns: (transfer full)
 */
TempoSource *
tempo_manual_source_new (void)
{
  return g_object_new (TEMPO_TYPE_MANUAL_SOURCE, NULL);
}
