-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 kind, ?3 when, ?4 JSON. Format: ssis.
INSERT INTO receipt (id, kind, at, body) VALUES (?1, ?2, ?3, ?4);
