-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 request, ?2 guest, ?3 at. Format: ssi.
INSERT OR IGNORE INTO vote (request_id, guest_id, created_at) VALUES (?1, ?2, ?3);
