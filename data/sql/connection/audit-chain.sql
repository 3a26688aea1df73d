-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 row, ?2 hash of the one before, ?3 salt.
UPDATE base_audit
   SET prev = ?2,
       hash = tempo_audit_hash (?2, origin, seq, at, actor_kind, actor_id, actor_name, action, object_kind,
                                object_id, before, after, reason, address, agent, hlc, ?3) || iif (?3 = '', '', '.' || ?3)
 WHERE rowid = ?1 RETURNING substr (hash, 1, 64);
