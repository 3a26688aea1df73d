-- SPDX-License-Identifier: GPL-3.0-or-later
-- All that are in the queue. ?1 event id, ?2 now. Format: si.
UPDATE request SET status = 'declined', reason_code = NULL, reason_text = NULL, ended_at = ?2,
                   decided_at = CASE decided_at WHEN 0 THEN ?2 ELSE decided_at END
 WHERE event_id = ?1 AND status = 'approved';
