-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT organization_id, member_id FROM super_admin;
