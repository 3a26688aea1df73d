-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an import added has ids of version 8, wherever it is now.
SELECT id FROM base_request WHERE substr (id, 15, 1) = '8'
UNION ALL SELECT id FROM base_event WHERE substr (id, 15, 1) = '8';
