/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "model/tempo-refusal.h"
#include "web/tempo-catalog.h"

G_BEGIN_DECLS

/* Sentences for guests and staff by problem code, in the reader's language. Any thread. */
gboolean tempo_sentence_exists (const char *code);
/* @detail: (nullable) the numbers and times of the sentence. (transfer full). */
char *tempo_sentence_new (const char *code,
                          const TempoRefusalDetail *detail,
                          TempoCatalog *catalog,
                          const char *language);
/* (transfer full). */
char **tempo_sentence_list_codes (void);

G_END_DECLS
