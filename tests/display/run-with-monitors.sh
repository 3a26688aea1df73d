#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run-with-monitors.sh PROGRAM [ARGUMENT…]: runs it on an X server of its own whose plugs are real to RandR, unlike Xvfb's
# one screen: DUMMY0 has a monitor, DUMMY1 and more can be plugged in with xrandr. A window manager makes windows fullscreen.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
processes=()
finish() {
  # What came last goes first: a window manager does not like to lose its server.
  for ((i = ${#processes[@]} - 1; i >= 0; i--)); do
    kill "${processes[i]}" 2>/dev/null || true
    wait "${processes[i]}" 2>/dev/null || true
  done
  rm -rf "$dir"
}
trap finish EXIT
exec {fd}<> <(:)
# By its own path: a wrapper on PATH would want a console.
/usr/lib/xorg/Xorg -displayfd "$fd" -config "$here/monitors.conf" -logfile "$dir/log" -noreset -novtswitch -sharevts -nolisten tcp >"$dir/out" 2>&1 &
processes+=($!)
# A machine that lets no X server but Xvfb start has no plugs to pull.
read -r -t 60 number <&"$fd" || { cat "$dir/out" >&2; echo "1..0 # SKIP Xorg does not start here"; exit 0; }
export DISPLAY=:$number GDK_BACKEND=x11 GSK_RENDERER=cairo GDK_DEBUG=gl-disable NO_AT_BRIDGE=1 GTK_A11Y=none
export XDG_RUNTIME_DIR=$dir XDG_CONFIG_HOME=$dir/config XDG_CACHE_HOME=$dir/cache
unset WAYLAND_DISPLAY
openbox --sm-disable >"$dir/wm" 2>&1 &
processes+=($!)
dbus-run-session -- "$@"
