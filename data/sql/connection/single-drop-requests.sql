-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant: what an import added has ids of version 8.
DELETE FROM base_request WHERE tenant_id = ?1 AND substr (id, 15, 1) = '8';
