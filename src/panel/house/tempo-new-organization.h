/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-link.h"

G_BEGIN_DECLS

/* Where one more organization is named and gets its letters. Emits "made" when it is there. Main thread only. */
#define TEMPO_TYPE_NEW_ORGANIZATION (tempo_new_organization_get_type ())
G_DECLARE_FINAL_TYPE (TempoNewOrganization, tempo_new_organization, TEMPO, NEW_ORGANIZATION, AdwPreferencesGroup)

/* @link: (nullable). */
void tempo_new_organization_set_link (TempoNewOrganization *self, TempoLink *link);

G_END_DECLS
