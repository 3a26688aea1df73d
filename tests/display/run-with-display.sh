#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run-with-display.sh PROGRAM [ARGUMENT…]: runs it under an X server and a session bus of its own.
# TEMPO_SCREEN sets the size of the screen.
set -euo pipefail
exec {fd}<> <(:)
Xvfb -displayfd "$fd" -screen 0 "${TEMPO_SCREEN:-2560x1920x24}" -nolisten tcp >/dev/null 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
read -r -t 20 number <&"$fd"
export DISPLAY=:$number GDK_BACKEND=x11 GSK_RENDERER=cairo GDK_DEBUG=gl-disable NO_AT_BRIDGE=1 GTK_A11Y=none
unset WAYLAND_DISPLAY
dbus-run-session -- "$@"
