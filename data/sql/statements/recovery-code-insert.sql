-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 member, ?2 digest. Format: ss.
INSERT INTO recovery_code (member_id, digest) VALUES (?1, ?2);
