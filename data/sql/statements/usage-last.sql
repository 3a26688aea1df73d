-- SPDX-License-Identifier: GPL-3.0-or-later
-- The newest day that was counted to its end, and the first moment anything happened, 0 for never.
SELECT (SELECT max (day) FROM usage WHERE metric = 'requests'),
       (SELECT ifnull (min (created_at), 0) FROM event);
