-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT member_id, secret, confirmed_at, last_step FROM second_factor;
