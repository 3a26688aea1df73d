-- SPDX-License-Identifier: GPL-3.0-or-later
-- ?1 the file to be, which must not be there.
VACUUM main INTO ?1;
