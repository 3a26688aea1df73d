-- SPDX-License-Identifier: GPL-3.0-or-later
INSERT OR IGNORE INTO super_admin (organization_id, member_id) VALUES (?1, ?2);
