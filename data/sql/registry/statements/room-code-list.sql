-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT code, organization_id, planned FROM room_code;
