-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 id. Room, when it began (or was made), when it ended, 0 while it lasts. Format: s.
SELECT room_id, iif (started_at > 0, min (started_at, created_at), created_at), ended_at FROM event WHERE id = ?1;
