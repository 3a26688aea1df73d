/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A sentence across the top of a page with at most one button: errors sit where
 * they happen, never in a dialog. (libadwaita 1.2 has no banner.) Main thread only. */
#define TEMPO_TYPE_NOTICE (tempo_notice_get_type ())
G_DECLARE_FINAL_TYPE (TempoNotice, tempo_notice, TEMPO, NOTICE, GtkWidget)

/* @label, @action: (nullable) the remedy. */
void tempo_notice_show (TempoNotice *self, const char *text, const char *label, const char *action);
void tempo_notice_hide (TempoNotice *self);
/* (nullable) while hidden. */
const char *tempo_notice_get_text (TempoNotice *self);

G_END_DECLS
