-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 member, ?2 secret, ?3 at. Format: ssi.
INSERT INTO second_factor (member_id, secret, created_at) VALUES (?1, ?2, ?3);
