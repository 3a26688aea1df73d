-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 an organization: what is noted about it. Format: s.
DELETE FROM setting WHERE instr (key, ?1) > 0;
