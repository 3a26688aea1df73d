/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "panel/desk/tempo-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Who may do what here: members with their role, invitations by link and code. Main thread only. */
#define TEMPO_TYPE_PEOPLE_PAGE (tempo_people_page_get_type ())
G_DECLARE_FINAL_TYPE (TempoPeoplePage, tempo_people_page, TEMPO, PEOPLE_PAGE, AdwBin)

/* @desk: (nullable) lets go of everything. */
void tempo_people_page_set_desk (TempoPeoplePage *self, TempoDesk *desk);

G_END_DECLS
