#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# check-no-gtk.sh PROGRAM: fails when the program is linked to GTK, directly or through a library of ours.
set -euo pipefail
if ldd "$1" | grep -E 'libgtk|libadwaita|libgdk|libX11|libwayland'; then
  echo "$1 must not need a window system"; exit 1
fi
