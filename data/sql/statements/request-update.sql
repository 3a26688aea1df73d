-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id, ?2 status, ?3 name, ?4 message, ?5 message shown, ?6 pinned, ?7 rank, ?8 votes, ?9 turn, ?10-11 reason code, text,
-- ?12 decided, ?13 started, ?14 ended. Format: ssssiiiiissiii.
UPDATE request SET status = ?2, name = ?3, message = ?4, message_shown = ?5, pinned = ?6, rank = ?7, votes = ?8,
                   turn = ?9, reason_code = ?10, reason_text = ?11, decided_at = ?12, started_at = ?13, ended_at = ?14
 WHERE id = ?1;
