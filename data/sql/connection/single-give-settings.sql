-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 tenant: under the names they had; text without its quotes.
INSERT INTO single.settings
SELECT iif (key LIKE 'singleTenant.%', substr (key, 14), key), iif (json_valid (value), json_extract (value, '$'), value)
  FROM main.base_setting WHERE tenant_id = ?1 ORDER BY key;
