-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 organization.
DELETE FROM licence WHERE organization_id = ?1;
