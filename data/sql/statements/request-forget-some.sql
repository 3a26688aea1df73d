-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 event: names and dedications of some of its songs. Format: s.
UPDATE request SET name = '', message = NULL
 WHERE id IN (SELECT id FROM request WHERE event_id = ?1 AND (name <> '' OR message IS NOT NULL) LIMIT 500);
