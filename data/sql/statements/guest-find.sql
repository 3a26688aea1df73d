-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 a guest's id, or the number of a request of theirs. Format: s.
SELECT id FROM guest WHERE id = ?1
UNION SELECT guest_id FROM request WHERE number = ?1 AND guest_id IS NOT NULL;
