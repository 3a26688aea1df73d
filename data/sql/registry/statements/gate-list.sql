-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT client, not_before, reason FROM source_gate;
