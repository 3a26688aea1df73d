-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT id, slug, code, name, active, created_at, accent, logo, welcome
  FROM organization ORDER BY created_at, id;
