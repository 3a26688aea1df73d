-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant. The log in the order of its chains, with what stands behind each hash.
SELECT rowid, origin, substr (hash, 66) FROM base_audit WHERE tenant_id = ?1 ORDER BY tenant_id, origin, seq;
