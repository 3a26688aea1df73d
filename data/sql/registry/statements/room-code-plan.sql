-- SPDX-License-Identifier: GPL-3.0-or-later
INSERT INTO room_code (code, organization_id, room_id, planned) VALUES (?1, ?2, ?3, 1);
