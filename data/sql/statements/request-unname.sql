-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 guest: the names and dedications of who signed out. Format: s.
UPDATE request SET name = '', message = NULL WHERE guest_id = ?1;
