-- SPDX-License-Identifier: GPL-3.0-or-later
-- All that wait to be approved. ?1 event id, ?2 now. Format: si.
UPDATE request SET status = 'approved', reason_code = NULL, reason_text = NULL, decided_at = ?2, ended_at = 0
 WHERE event_id = ?1 AND status = 'pending';
