-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 event: the votes for what waits or plays. Format: s.
SELECT vote.guest_id, vote.request_id
  FROM request, vote
 WHERE request.event_id = ?1 AND request.status IN ('pending', 'approved', 'playing') AND vote.request_id = request.id;
