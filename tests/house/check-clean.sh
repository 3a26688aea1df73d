#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# check-clean.sh TOP: scripts parse, .ui files are well-formed and short enough to be read.
set -euo pipefail
cd "$1"
for script in build-aux/run build-aux/test build-aux/install-packages .ci/run; do bash -n "$script"; done
find src -name '*.ui' -print0 | xargs -0 -r xmllint --noout
long=$(find src -name '*.ui' -exec awk 'END { if (NR > 400) print FILENAME ": " NR " lines" }' {} \;)
[ -z "$long" ] || { echo "$long"; exit 1; }
