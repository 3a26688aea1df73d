/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* Who did what in the organization, newest first. Main thread only. */
#define TEMPO_TYPE_LOG_PAGE (tempo_log_page_get_type ())
G_DECLARE_FINAL_TYPE (TempoLogPage, tempo_log_page, TEMPO, LOG_PAGE, GtkBox)

/* @desk: (nullable) lets go of everything. */
void tempo_log_page_set_desk (TempoLogPage *self, TempoDesk *desk);

G_END_DECLS
