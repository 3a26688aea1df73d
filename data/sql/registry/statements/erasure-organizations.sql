-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whole organizations that were erased.
SELECT organization_id FROM erasure WHERE kind = 'organization';
