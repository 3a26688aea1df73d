-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 token digest, ?3 name, ?4 first and last seen. Format: sssi.
INSERT INTO guest (id, token_digest, name, first_seen_at, last_seen_at) VALUES (?1, ?2, ?3, ?4, ?4);
