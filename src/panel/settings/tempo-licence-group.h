/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* What the licence of the organization allows and how long; a key typed in, a document, or none. Main thread only. */
#define TEMPO_TYPE_LICENCE_GROUP (tempo_licence_group_get_type ())
G_DECLARE_FINAL_TYPE (TempoLicenceGroup, tempo_licence_group, TEMPO, LICENCE_GROUP, AdwPreferencesGroup)

/* @desk: (nullable) lets go of it. */
void tempo_licence_group_set_desk (TempoLicenceGroup *self, TempoDesk *desk);
/* Reads how it stands again. */
void tempo_licence_group_refresh (TempoLicenceGroup *self);
/* Opens the row and puts the keyboard where a key goes. */
void tempo_licence_group_begin (TempoLicenceGroup *self);
/* Takes a licence document, as the file chooser's answer does. */
void tempo_licence_group_import (TempoLicenceGroup *self, GFile *file);

G_END_DECLS
