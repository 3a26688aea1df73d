-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant: numbers of imported rows are free again, unless others came after them.
UPDATE base_counter
   SET next = next - iif (kind = 'REQ', (SELECT count (*) FROM base_request WHERE tenant_id = ?1 AND substr (id, 15, 1) = '8'),
                                        (SELECT count (*) FROM base_event WHERE tenant_id = ?1 AND substr (id, 15, 1) = '8'))
 WHERE tenant_id = ?1 AND kind IN ('REQ', 'EVT')
   AND next - 1 <= iif (kind = 'REQ',
                        (SELECT max (CAST (substr (number, instr (number, '-REQ-') + 5) AS INTEGER)) FROM base_request
                          WHERE tenant_id = ?1 AND substr (id, 15, 1) = '8'),
                        (SELECT max (CAST (substr (number, instr (number, '-EVT-') + 5) AS INTEGER)) FROM base_event
                          WHERE tenant_id = ?1 AND substr (id, 15, 1) = '8'));
