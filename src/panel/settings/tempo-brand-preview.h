/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How the guests' page looks, on a phone by night and one by day, drawn small. Main thread only. */
#define TEMPO_TYPE_BRAND_PREVIEW (tempo_brand_preview_get_type ())
G_DECLARE_FINAL_TYPE (TempoBrandPreview, tempo_brand_preview, TEMPO, BRAND_PREVIEW, GtkWidget)

void tempo_brand_preview_set_name (TempoBrandPreview *self, const char *name);
/* @welcome: (nullable). */
void tempo_brand_preview_set_welcome (TempoBrandPreview *self, const char *welcome);
/* "#rrggbb" both. @accent_dark: (nullable) as @accent. */
void tempo_brand_preview_set_accent (TempoBrandPreview *self, const char *accent, const char *accent_dark);
/* @logo: (nullable): Tempo's own mark, unless @white_label. */
void tempo_brand_preview_set_logo (TempoBrandPreview *self, GdkTexture *logo, gboolean white_label);
/* What becomes of a colour so that text of it can be read, in a sentence. (transfer none). */
const char *tempo_brand_preview_describe (const char *accent, const char *accent_dark);

G_END_DECLS
