-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 request, ?2 guest. Format: ss.
DELETE FROM vote WHERE request_id = ?1 AND guest_id = ?2;
