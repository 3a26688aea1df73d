/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* The desktop's PIN: setting, changing and removing it, and when the window locks by itself. Main thread only. */
#define TEMPO_TYPE_PIN_GROUP (tempo_pin_group_get_type ())
G_DECLARE_FINAL_TYPE (TempoPinGroup, tempo_pin_group, TEMPO, PIN_GROUP, AdwPreferencesGroup)

/* @desk: (nullable) lets go of it. */
void tempo_pin_group_set_desk (TempoPinGroup *self, TempoDesk *desk);
/* Opens the row and puts the keyboard where the first digits go. */
void tempo_pin_group_begin (TempoPinGroup *self);

G_END_DECLS
