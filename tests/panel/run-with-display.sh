#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a test on an X server and a message bus of its own: nothing of the desktop
# it is started on is seen or touched. The server takes any free display.
set -eu
command -v Xvfb >/dev/null || { echo "1..0 # SKIP no Xvfb"; exit 0; }
dir=$(mktemp -d)
mkfifo "$dir/display"
# What it shows is in $XDG_RUNTIME_DIR/Xvfb_screen0 too.
Xvfb -displayfd 3 -screen 0 1400x900x24 -fbdir "$dir" -nolisten tcp 3>"$dir/display" 2>/dev/null &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
read -r number <"$dir/display"
export DISPLAY=":$number" GDK_BACKEND=x11 GSK_RENDERER=cairo GDK_DEBUG=gl-disable GTK_A11Y="${GTK_A11Y:-none}" ADW_DISABLE_PORTAL=1
export XDG_RUNTIME_DIR="$dir" XDG_CONFIG_HOME="$dir/config" XDG_DATA_HOME="$dir/data" XDG_CACHE_HOME="$dir/cache" HOME="$dir"
mkdir -p "$dir/Music"
# A bus that starts nothing by itself: no keyring asks for a password, no portal answers.
cat >"$dir/bus.conf" <<'XML'
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
XML
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
dbus-run-session --config-file="$dir/bus.conf" -- "$@"
