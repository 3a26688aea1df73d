-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT code, organization_id FROM room_code;
