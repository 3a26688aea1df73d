-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT organization_id, key_digest, last_four, document, installed_at FROM licence;
