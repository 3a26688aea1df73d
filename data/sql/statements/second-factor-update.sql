-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 member, ?2 confirmed, ?3 last step. Format: sii.
UPDATE second_factor SET confirmed_at = ?2, last_step = ?3 WHERE member_id = ?1;
