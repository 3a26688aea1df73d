-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 event: how much each guest asked and how often it was served. Format: s.
SELECT guest_id, COUNT (*), SUM (status IN ('playing', 'played'))
  FROM request WHERE event_id = ?1 AND guest_id IS NOT NULL GROUP BY guest_id;
