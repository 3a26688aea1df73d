-- SPDX-License-Identifier: GPL-3.0-or-later
-- What still waits when an event ends. ?1 event id, ?2 now. Format: si.
UPDATE request SET status = 'expired', reason_code = 'event_ended', reason_text = NULL, ended_at = ?2
 WHERE event_id = ?1 AND status IN ('pending', 'approved');
