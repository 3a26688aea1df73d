-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant.
INSERT INTO single.requests
SELECT id, title, artist, album, name, message, status, strftime ('%Y-%m-%dT%H:%M:%fZ', created_at / 1000000.0, 'unixepoch')
  FROM main.base_request WHERE tenant_id = ?1 ORDER BY created_at, id;
