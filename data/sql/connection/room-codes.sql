-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT code, id FROM base_room ORDER BY id;
