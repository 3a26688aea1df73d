-- SPDX-License-Identifier: GPL-3.0-or-later
UPDATE organization
   SET slug = ?2, code = ?3, name = ?4, active = ?5, created_at = ?6, accent = ?7, logo = ?8, welcome = ?9
 WHERE id = ?1;
