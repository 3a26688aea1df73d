-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant, ?2 receipt, ?3-5 kind, id and name of who erases, ?6 address, ?7 agent, ?8 what is left, ?9 salt, ?10 when.
INSERT INTO base_audit (tenant_id, origin, seq, at, actor_kind, actor_id, actor_name, action, object_kind, object_id,
                        after, address, agent, prev, hash, hlc)
SELECT ?1, t.origin, l.seq + 1, ?10, ?3, ?4, ?5, 'guest_erase', 'erasure', ?2, ?8, ?6, ?7, l.head,
       tempo_audit_hash (l.head, t.origin, l.seq + 1, ?10, ?3, ?4, ?5, 'guest_erase', 'erasure',
                         ?2, NULL, ?8, NULL, ?6, ?7, t.hlc, ?9) || '.' || ?9,
       t.hlc
  FROM base_tenant AS t,
       (SELECT seq, substr (hash, 1, 64) AS head FROM base_audit
         WHERE tenant_id = ?1 AND origin = (SELECT origin FROM base_tenant WHERE tenant_id = ?1)
        UNION ALL SELECT 0, '' ORDER BY seq DESC LIMIT 1) AS l
 WHERE t.tenant_id = ?1;
