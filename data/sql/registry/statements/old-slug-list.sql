-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT slug, organization_id FROM old_slug;
