/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/desk/tempo-desk.h"

G_BEGIN_DECLS

/* The address by which staff work from their phones, as text, as a code and with the fingerprint of its certificate.
 * Hidden while there is none. Main thread only. */
#define TEMPO_TYPE_STAFF_ADDRESS (tempo_staff_address_get_type ())
G_DECLARE_FINAL_TYPE (TempoStaffAddress, tempo_staff_address, TEMPO, STAFF_ADDRESS, AdwPreferencesGroup)

/* @desk: (nullable) lets go of it. */
void tempo_staff_address_set_desk (TempoStaffAddress *self, TempoDesk *desk);
/* "https://192.168.1.20:8443/tin-heron/staff". (transfer none) (nullable). */
const char *tempo_staff_address_get_url (TempoStaffAddress *self);

G_END_DECLS
