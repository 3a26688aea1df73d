#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tempod runs on boxes without a desktop: nothing of GTK may come in by any library.
set -eu
libraries=$(ldd "$1")
if grep -E 'libgtk|libadwaita|libgdk|libgraphene|libwayland-client|libX11' <<<"$libraries"; then
  echo 'not ok 1 - tempod links a toolkit'
  exit 1
fi
grep -q 'libsoup-3' <<<"$libraries"
echo '1..1'
echo 'ok 1 - tempod links no toolkit'
