/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/window/tempo-window.h"

G_BEGIN_DECLS

/* The host app: owns engine, LAN server, desk and window, in that order, and takes
 * them down in the other. One instance per data folder's desktop. Main thread only. */
#define TEMPO_TYPE_APPLICATION (tempo_application_get_type ())
G_DECLARE_FINAL_TYPE (TempoApplication, tempo_application, TEMPO, APPLICATION, AdwApplication)

TempoApplication *tempo_application_new (void);
/* (transfer none) (nullable) before the engine was started. */
TempoDesk *tempo_application_get_desk (TempoApplication *self);

G_END_DECLS
