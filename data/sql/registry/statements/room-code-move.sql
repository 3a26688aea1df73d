-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 code, ?2 room, ?3 the organization it is of now. Format: sss.
UPDATE room_code SET organization_id = ?3 WHERE code = ?1 AND room_id = ?2;
