#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh FOLDER TEST: runs one file of browser tests out of FOLDER, where the two pinned packages
# are installed once. Nothing is written into the source. Skipped (77) when they cannot be had.
set -euo pipefail
source=$(cd "$(dirname "$0")" && pwd)
folder=$1 name=$2
mkdir -p "$folder"
(
  flock 9
  if ! cmp -s "$source/package-lock.json" "$folder/installed.json"; then
    cp "$source/package.json" "$source/package-lock.json" "$folder/"
    (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts) >&2 || { echo "1..0 # SKIP npm ci did not work"; exit 77; }
    cp "$source/package-lock.json" "$folder/installed.json"
  fi
  cp "$source"/*.mjs "$folder/"
) 9>"$folder.lock" || exit $?
export TEMPO_WEB=${TEMPO_WEB:-$source/../../data/web}
case $name in
signin.test.mjs)
  # What the panel shows is heard as a screen reader hears it.
  export GTK_A11Y=atspi
  exec "$source/../panel/run-with-display.sh" node --test --test-reporter=tap "$folder/$name"
  ;;
evening.test.mjs | houses.test.mjs)
  # The real window: on a display and a bus of its own.
  exec "$source/../panel/run-with-display.sh" node --test --test-reporter=tap "$folder/$name"
  ;;
esac
exec node --test --test-reporter=tap "$folder/$name"
