-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?3 row, ?4 receipt; ?1 tenant, ?2 guest. Empties a row and gives the hash of what is left of it.
UPDATE base_audit
   SET actor_id = iif (actor_kind = 'guest', NULL, actor_id),
       actor_name = iif (actor_kind = 'guest', NULL, actor_name),
       address = iif (actor_kind = 'guest', NULL, address),
       agent = iif (actor_kind = 'guest', NULL, agent),
       object_id = iif (object_kind = 'guest', NULL, object_id),
       before = NULL, after = NULL, reason = 'erased:' || ?4, hash = substr (hash, 1, 64)
 WHERE rowid = ?3 AND tenant_id = ?1 AND ?2 IS NOT NULL
RETURNING tempo_audit_hash (prev, origin, seq, at, actor_kind, actor_id, actor_name, action, object_kind,
                            object_id, before, after, reason, address, agent, hlc, '');
