#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-secrets.py TEMPOD STAND-IN: where an account's grant and a player's password are, and where they never are.

Every token and code of the stand-in and every password of MPD here has one word in common. It is looked for in all files
of the data folder, in all that tempod says at its most talkative, in every answer, in backups and in archives opened up:
with a real keyring on a bus of its own, without any, and with credentials that systemd would have brought; while all goes
well, while much goes wrong, and after the end."""
import base64
import gzip
import hashlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request

PASSWORD = "a long night at the tin heron"
CANARY = "CANARY"
DEADLINE = 30


def call(url, method="GET", body=None, token=None, redirects=True):
    """(status, text, headers), whatever the status is."""
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args):
            return None

    request = urllib.request.Request(url, method=method, data=None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", "Bearer " + token)
    try:
        with urllib.request.build_opener(*([] if redirects else [Stay])).open(request, timeout=30) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


class Mpd:
    """A real mpd that wants a password and plays into nothing."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / "mpd"
        (self.folder / "music").mkdir(parents=True)
        (self.folder / "playlists").mkdir()
        # The address of a socket is for who sits at the machine: over the network a host and port are set.
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        conf = self.folder / "conf"
        conf.write_text(f'''music_directory "{self.folder}/music"
playlist_directory "{self.folder}/playlists"
db_file "{self.folder}/db"
state_file "{self.folder}/state"
bind_to_address "127.0.0.1"
port "{self.port}"
zeroconf_enabled "no"
password "{CANARY}-mpd-right@read,add,player,control"
default_permissions ""
audio_output {{
  type "null"
  name "test"
  mixer_type "null"
}}
''')
        self.child = subprocess.Popen(["mpd", "--no-daemon", "--stderr", conf], stderr=subprocess.DEVNULL)

    def stop(self):
        self.child.terminate()
        self.child.wait(30)


class Daemon:
    """tempod on a folder, with its owner signed in. Everything it answers is looked through."""

    def __init__(self, house):
        self.house = house
        environment = dict(house.environment, G_MESSAGES_DEBUG="all")
        self.child = subprocess.Popen([house.tempod, "serve", "--data-dir", house.data, "--address", "127.0.0.1", "--port", "0",
                                       "--spotify-accounts-url", house.address, "--spotify-api-url", house.address + "/v1"],
                                      stdout=subprocess.PIPE, stderr=house.log, text=True, env=environment)
        for line in self.child.stdout:
            if line.startswith("Listening on http://"):
                self.url = line.split()[-1].rstrip("/")
                break
        self.token = None
        self.token = json.loads(self.call("/api/auth/login", "POST", {"username": "ann", "password": PASSWORD})[1])["token"]

    def call(self, path, method="GET", body=None):
        status, text, headers = call(path if path.startswith("http") else self.url + path, method, body, self.token)
        assert CANARY not in text and CANARY not in str(headers), (path, text)
        return status, text

    def spotify(self, path="/status", method="GET", body=None):
        status, text = self.call(f"/api/organizations/house/spotify{path}", method, body)
        return json.loads(text) if text else status

    def room(self):
        return json.loads(self.call("/api/house/rooms")[1])["rooms"][0]

    def sources(self):
        return {source["kind"]: source["state"] for source in self.room()["sourceStates"]}

    def stop(self):
        self.child.terminate()
        assert self.child.wait(timeout=60) == 0
        self.child.stdout.close()


def wait_for(what, found, seen=None):
    end = time.monotonic() + DEADLINE
    while not found():
        assert time.monotonic() < end, f"never came: {what}; it is {seen() if seen else None}"
        time.sleep(0.05)


class House:
    """A data folder, the log of every tempod on it, and the stand-in."""

    def __init__(self, tempod, stand_in, environment):
        self.tempod, self.environment = tempod, environment
        self.folder = tempfile.mkdtemp(prefix="tempo-secrets-")
        self.data = os.path.join(self.folder, "data")
        self.log = open(os.path.join(self.folder, "log"), "w+b")
        self.stand_in = subprocess.Popen([stand_in], stdout=subprocess.PIPE, text=True)
        self.address = self.stand_in.stdout.readline().strip()
        # Its own notes may hold the word: not below what is looked through.
        self.players = tempfile.mkdtemp(prefix="tempo-secrets-mpd-")
        self.mpd = Mpd(self.players) if shutil.which("mpd") else None
        self.command("init", "--organization", "House", "--slug", "house", "--username", "ann", text=PASSWORD + "\n")

    def command(self, name, *options, text=""):
        done = subprocess.run([self.tempod, name, "--data-dir", self.data, *options], input=text, text=True, check=True,
                              stdout=subprocess.PIPE, stderr=self.log, env=self.environment)
        assert CANARY not in done.stdout
        return done.stdout

    def switch(self, **what):
        call(self.address + "/switch?" + urllib.parse.urlencode(what))

    def close(self):
        self.stand_in.terminate()
        self.stand_in.wait(30)
        self.stand_in.stdout.close()
        if self.mpd:
            self.mpd.stop()
        self.log.close()
        shutil.rmtree(self.folder)
        shutil.rmtree(self.players)

    def look_through(self):
        """Fails when the word is in a file or, unpacked, in an archive."""
        self.log.flush()
        seen = 0
        for path in pathlib.Path(self.folder).rglob("*"):
            if not path.is_file():
                continue
            data, seen = path.read_bytes(), seen + 1
            if data[:2] == b"\x1f\x8b":
                data += gzip.decompress(data)
            assert CANARY.encode() not in data, (path, data[max(0, data.find(CANARY.encode()) - 200):][:400])
        assert seen > 3
        # The logbook is among them, and has something to say.
        assert any(path.stat().st_size > 0 for path in pathlib.Path(self.data).glob("organizations/*/logs/tempo.log"))


def connect(daemon):
    where = daemon.spotify("/auth", "POST", {"clientId": "client1", "noticeConfirmed": True})["authorizeUrl"]
    status, page = daemon.call(where + "&choice=yes")
    assert status == 200 and "connected" in page, page
    wait_for("connected", lambda: daemon.spotify()["state"] in ("ready", "idle"))


def set_player(house, daemon, password):
    """The room plays from MPD with that password."""
    path = "/api/house/rooms/" + daemon.room()["id"]
    status, text = daemon.call(path, "PATCH", {"sources": ["spotify", "mpd"]})
    assert status == 200, text
    status, text = daemon.call(path + "/settings", "PUT", {"settings": {
        "mpdHost": "127.0.0.1", "mpdPort": house.mpd.port if house.mpd else 1, "mpdPassword": password or None}})
    assert status == 200 and json.loads(text)["settings"]["mpdPasswordSet"] == bool(password), text


def provoke(house, daemon):
    """Whatever may be said about a secret on the way to an error."""
    room = daemon.room()["id"]
    set_player(house, daemon, CANARY + "-mpd-wrong")
    if house.mpd:
        wait_for("the wrong password", lambda: daemon.sources()["mpd"] == "bad_password")
    for body in (b'{"settings":{"mpdPassword":"CANARY-open', b'{"settings":{"mpdPassword":["CANARY-list"]}}',
                 json.dumps({"settings": {"mpdPassword": CANARY * 5000}}).encode(), json.dumps({"settings": {"mpdPassword": CANARY * 50}}).encode()):
        status, text = daemon.call(f"/api/house/rooms/{room}/settings", "PUT", body)
        assert status in (400, 413, 422), (status, body[:80])
    set_player(house, daemon, CANARY + "-mpd-right")
    if house.mpd:
        wait_for("the right password", lambda: daemon.sources()["mpd"] == "ready")
    # Codes that are none, at a state that is good and at one that is not.
    where = daemon.spotify("/auth", "POST", {"clientId": "client1"})["authorizeUrl"]
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(where).query)["state"][0]
    for path in (f"/spotify/callback?code={CANARY}-code&state={state}", f"/spotify/callback?code={CANARY}-code&state={CANARY}-state",
                 f"/spotify/callback?error={CANARY}-error&state={state}"):
        daemon.call(path)
    for mood in (2, 3, 4, 0):  # 503, no JSON, two MiB
        house.switch(mood=mood)
        daemon.call("/api/spotify/playlists?roomId=" + room)
    assert f'room="{room}",kind="spotify"' in daemon.call("/metrics")[1]
    for path in ("/api/house/audit", "/api/house/rooms/" + room, "/readyz", "/api/house/settings"):
        daemon.call(path)


def carry_off(house):
    """Copies of all kinds, of a house that is closed."""
    house.command("backup")
    for number, options in enumerate(([], ["--with-credentials"])):
        house.command("export", "--to", os.path.join(house.folder, f"archive-{number}"), *options)
    house.look_through()


def with_keyring(house):
    """A grant outlives tempod, and goes when the account is disconnected or Spotify took it back."""
    daemon = Daemon(house)
    connect(daemon)
    provoke(house, daemon)
    house.look_through()
    daemon.stop()
    carry_off(house)

    daemon = Daemon(house)
    after = daemon.spotify()
    assert after["account"] and after["account"]["id"] == "acc-ann" and after["state"] not in ("needs_sign_in", "disconnected"), after
    if house.mpd:
        wait_for("the kept password", lambda: daemon.sources()["mpd"] == "ready")
    house.switch(revoked=1, expire=1)
    daemon.call("/api/spotify/playlists?roomId=" + daemon.room()["id"])
    wait_for("the grant is over", lambda: daemon.spotify()["state"] == "needs_sign_in")
    house.look_through()
    connect(daemon)
    daemon.spotify("", "DELETE")
    daemon.stop()

    daemon = Daemon(house)
    assert daemon.spotify()["state"] == "disconnected"
    daemon.stop()
    carry_off(house)


def without_keyring(house):
    """A grant ends with tempod, which asks to be connected again. Nothing is written instead."""
    daemon = Daemon(house)
    connect(daemon)
    provoke(house, daemon)
    house.look_through()
    daemon.stop()
    carry_off(house)

    daemon = Daemon(house)
    assert daemon.spotify()["state"] == "needs_sign_in", daemon.spotify()
    if house.mpd:
        wait_for("the password is missed", lambda: daemon.sources()["mpd"] == "bad_password", daemon.sources)
    daemon.stop()
    carry_off(house)


def get_grant(house):
    """A refresh token, as an operator gets one on another machine."""
    verifier = "v" * 64
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    redirect = "http://127.0.0.1:9/spotify/callback"
    query = urllib.parse.urlencode({"response_type": "code", "client_id": "client1", "redirect_uri": redirect, "state": "s", "scope": "x",
                                    "code_challenge_method": "S256", "code_challenge": challenge, "choice": "yes", "user": "ann"})
    status, _, headers = call(house.address + "/authorize?" + query, redirects=False)
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(headers["Location"]).query)["code"][0]
    form = urllib.parse.urlencode({"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "client_id": "client1",
                                   "code_verifier": verifier})
    return json.loads(call(house.address + "/api/token", "POST", form.encode())[1])["refresh_token"]


def with_credentials(house):
    """What systemd brings is there at every start: a player's password and a grant."""
    daemon = Daemon(house)
    room = daemon.room()["id"]
    set_player(house, daemon, "")
    daemon.stop()
    organization = next(path.name for path in pathlib.Path(house.data, "organizations").iterdir())
    # Where systemd puts them: a folder in memory, none of the data's.
    credentials = pathlib.Path(house.players, "credentials")
    credentials.mkdir(mode=0o700)
    pathlib.Path(credentials, organization + ".spotify").write_text(json.dumps({"clientId": "client1", "refreshToken": get_grant(house)}))
    pathlib.Path(credentials, f"{organization}.mpd_password.{room}").write_text(CANARY + "-mpd-right\n")
    house.environment = dict(house.environment, CREDENTIALS_DIRECTORY=str(credentials))

    daemon = Daemon(house)
    wait_for("the account", lambda: (daemon.spotify()["account"] or {}).get("id") == "acc-ann")
    if house.mpd:
        wait_for("the password", lambda: daemon.sources()["mpd"] == "ready")
    house.look_through()
    daemon.stop()
    carry_off(house)


def main(tempod, stand_in):
    names = sys.argv[3:] or ["without_keyring", "with_credentials", "with_keyring"]
    failed = False
    print(f"TAP version 13\n1..{len(names)}", flush=True)
    for number, name in enumerate(names, 1):
        environment, keyring = dict(os.environ), None
        if name == "with_keyring":
            if not shutil.which("gnome-keyring-daemon"):
                print(f"ok {number} {name} # SKIP no gnome-keyring-daemon", flush=True)
                continue
            # It warns of its own business, and must not end of it.
            calm = {key: value for key, value in environment.items() if key != "G_DEBUG"}
            keyring = subprocess.Popen(["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"],
                                       stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=calm)
            keyring.stdin.write(b"keyring")
            keyring.stdin.close()
        else:
            del environment["DBUS_SESSION_BUS_ADDRESS"]
        house = House(tempod, stand_in, environment)
        try:
            globals()[name](house)
            print(f"ok {number} {name}", flush=True)
        except Exception:
            failed = True
            house.log.seek(0)
            print(traceback.format_exc(), house.log.read()[-4000:].decode(errors="replace"), file=sys.stderr)
            print(f"not ok {number} {name}", flush=True)
        finally:
            house.close()
            if keyring:
                keyring.terminate()
                keyring.wait(30)
    return 1 if failed else 0


if __name__ == "__main__":
    if not shutil.which("dbus-run-session"):
        print("1..0 # SKIP no dbus-run-session")
        sys.exit(0)
    if os.environ.get("TEMPO_OWN_BUS") != "1":
        home = tempfile.mkdtemp(prefix="tempo-secrets-home-")
        own = dict(os.environ, TEMPO_OWN_BUS="1", HOME=home, XDG_DATA_HOME=home, XDG_RUNTIME_DIR=home)
        try:
            sys.exit(subprocess.run(["dbus-run-session", "--", sys.executable, *sys.argv], env=own).returncode)
        finally:
            shutil.rmtree(home, ignore_errors=True)
    sys.exit(main(*sys.argv[1:3]))
