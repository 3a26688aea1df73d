-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every audit row with the hash it ought to have; the reader checks the chain. What stands behind a hash is its salt.
SELECT origin, seq, prev, hash,
       tempo_audit_hash (prev, origin, seq, at, actor_kind, actor_id, actor_name, action, object_kind,
                         object_id, before, after, reason, address, agent, hlc, substr (hash, 66)),
       reason, object_kind, object_id, after
  FROM audit ORDER BY origin, seq;
