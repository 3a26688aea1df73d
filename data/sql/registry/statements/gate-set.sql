-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 client, ?2 not before, ?3 reason.
INSERT INTO source_gate (client, not_before, reason) VALUES (?1, ?2, ?3)
ON CONFLICT (client) DO UPDATE SET not_before = ?2, reason = ?3;
