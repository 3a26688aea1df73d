-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT id, member_id, created_at, used_at, expires_at, ended_at, address, agent FROM session;
