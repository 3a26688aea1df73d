-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 guest. The counts stay: they are the songs'.
DELETE FROM base_vote WHERE tenant_id = ?1 AND guest_id = ?2;
