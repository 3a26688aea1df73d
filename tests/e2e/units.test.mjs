/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages' pure parts, without a browser. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

/* The sources are modules for browsers; this package is not theirs, so they are loaded as text. */
const web = pathToFileURL((process.env.TEMPO_WEB || fileURLToPath(new URL('../../data/web', import.meta.url))) + '/');

async function asData (name) {
  let text = await readFile(new URL(name, web), 'utf8');
  for (const [whole, other] of text.matchAll(/ from '\.\.\/([\w/]+\.js)'/g))
    text = text.replace(whole, ` from '${await asData(other)}'`);
  return 'data:text/javascript,' + encodeURIComponent(text).replaceAll("'", '%27');
}

const load = async name => import(await asData(name));

const room = await load('guest/room.js');
const display = await load('display/scene.js');
/* Sentences as they are in the sources: no catalog. */
globalThis.document = { getElementById: () => null, documentElement: { lang: 'en' } };
const sources = await load('staff/sources.js');
const log = await load('staff/log-words.js');
const NOW = Date.parse('2026-01-02T21:00:00Z');
const request = (id, more) => ({ id, status: 'approved', votes: 0, song: { title: id, artist: '', durationMs: 60_000 }, ...more });
const state = more => ({ room: { switch: 'open' }, event: { state: 'active', rules: { maxQueue: 0 } }, nowPlaying: null, queue: [], mine: [], votes: [], revision: 1, ...more });

test('a change removes, moves and adds in order', () => {
  const table = [
    [['a', 'b', 'c'], { remove: ['b'] }, ['a', 'c']],
    [['a', 'b', 'c'], { put: [{ index: 0, request: request('c') }] }, ['c', 'a', 'b']],
    [['a', 'b'], { put: [{ index: 1, request: request('x') }] }, ['a', 'x', 'b']],
    [['a', 'b', 'c'], { remove: ['a'], put: [{ index: 1, request: request('n') }, { index: 0, request: request('c') }] }, ['c', 'b', 'n']],
    [[], { put: [{ index: 0, request: request('a') }, { index: 1, request: request('b') }] }, ['a', 'b']],
    [['a'], { remove: ['gone'] }, ['a']],
    [['a', 'b'], { all: true, remove: [] }, []],
    [['a', 'b'], { all: true, remove: [], put: [{ index: 0, request: request('c') }] }, ['c']],
  ];
  for (const [before, queue, after] of table) {
    const seen = state({ queue: before.map(id => request(id)) });
    room.applyChange(seen, { revision: 2, queue });
    assert.deepEqual(seen.queue.map(other => other.id), after);
    assert.equal(seen.revision, 2);
  }
});

test('a change can end the event, stop the music and bring another source', () => {
  const seen = state({ nowPlaying: { song: {} }, source: { kind: 'library', search: 'typing' } });
  room.applyChange(seen, { revision: 2, event: null, nowPlaying: null, room: { switch: 'closed' }, source: { kind: 'spotify', search: 'submit' } });
  assert.equal(seen.source.search, 'submit');
  assert.equal(seen.event, null);
  assert.equal(seen.nowPlaying, null);
  assert.equal(seen.room.switch, 'closed');
});

test('waiting times follow from lengths, the unknown is guessed', () => {
  const seen = state({
    nowPlaying: { song: { durationMs: 100_000 }, positionMs: 40_000, asOf: '2026-01-02T20:59:50Z', playing: true },
    queue: [request('a'), request('b', { song: { title: 'b', artist: '', durationMs: 0 } }), request('c')],
  });
  assert.equal(room.waitSeconds(seen, 0, NOW), 50);
  assert.equal(room.waitSeconds(seen, 1, NOW), 110);
  assert.equal(room.waitSeconds(seen, 2, NOW), 320);
  seen.nowPlaying.playing = false;
  assert.equal(room.waitSeconds(seen, 0, NOW), 60);
});

test('the position never passes the end', () => {
  const playing = { song: { durationMs: 100_000 }, positionMs: 90_000, asOf: '2026-01-02T20:00:00Z', playing: true };
  assert.equal(room.positionMs(playing, NOW), 100_000);
  assert.equal(room.positionMs(null, NOW), 0);
});

test('what the page may offer', () => {
  const table = [
    [{}, 'open'],
    [{ event: null }, 'not-started'],
    [{ event: { state: 'scheduled' } }, 'not-started'],
    [{ event: { state: 'ended' } }, 'ended'],
    [{ room: { switch: 'closed' } }, 'closed'],
    [{ room: { switch: 'restricted' } }, 'votes'],
    [{ event: { state: 'active', lastCallAt: '2026-01-02T20:59:00Z' } }, 'closed'],
    [{ event: { state: 'active', lastCallAt: '2026-01-02T21:01:00Z' } }, 'open'],
    [{ event: { state: 'active', rules: { maxQueue: 1 } }, queue: [request('a')] }, 'full'],
  ];
  for (const [more, expected] of table)
    assert.equal(room.mode(state(more), NOW), expected, JSON.stringify(more));
});

test('own requests: what plays, then by place, then what waits, then what is over', () => {
  const seen = state({
    queue: [request('x'), request('b'), request('a')],
    mine: [request('d', { status: 'declined' }), request('p', { status: 'pending' }), request('a'), request('b'), request('n', { status: 'playing' }), request('o', { status: 'played' }), request('h')],
  });
  assert.deepEqual(room.own(seen, { h: true }).map(entry => [entry.id, entry.index]), [['n', -1], ['b', 1], ['a', 2], ['p', -1], ['d', -1]]);
});

test('the display’s scenes', () => {
  const table = [
    [{ nowPlaying: {} }, 'playing'],
    [{}, 'idle'],
    [{ event: null }, 'waiting'],
    [{ event: { state: 'scheduled' } }, 'waiting'],
    [{ nowPlaying: {}, room: { switch: 'closed' } }, 'closed'],
    [{ nowPlaying: {}, lastCallAt: '2026-01-02T20:59:00Z' }, 'closed'],
    [{ nowPlaying: {}, room: { switch: 'restricted' } }, 'playing'],
  ];
  for (const [more, expected] of table)
    assert.equal(display.scene(state(more), NOW), expected, JSON.stringify(more));
});

test('only what is new is greeted', () => {
  const before = { queue: ['a', 'b'].map(id => ({ id })), nowPlaying: { requestId: 'n' } };
  const ids = next => display.arrived(before, { queue: next.map(id => ({ id })) }).map(other => other.id);
  assert.deepEqual(ids(['a', 'b']), []);
  assert.deepEqual(ids(['a', 'c', 'b']), ['c']);
  assert.deepEqual(ids(['n', 'a', 'b']), []);
  const full = { queue: [...'abcdefgh'].map(id => ({ id })), nowPlaying: null };
  assert.deepEqual(display.arrived(full, { queue: [...'bcdefghi'].map(id => ({ id })) }), []);
});

test('the code’s path has each dark module once', () => {
  assert.equal(display.qrPath(['110', '001']), 'M0 0h2v1h-2zM2 1h1v1h-1z');
});

test('the main colour is a colour, not mud', () => {
  const pixels = (...colours) => colours.flatMap(colour => [...colour, 255]);
  assert.equal(display.mainColour(pixels([40, 40, 40], [200, 200, 200])), null);
  assert.equal(display.mainColour(pixels([100, 0, 0], [100, 0, 0], [0, 40, 0], [90, 90, 90])), 'rgb(200,0,0)');
});

test('staff: a change moves, takes out and puts in, in its own room only', async () => {
  const { applyStaffChange, may, sortGuests } = await load('staff/state.js');
  const request = (id, more) => ({ id, song: { title: id }, ...more });
  const rooms = ['one', 'two'].map(id => ({ room: { id }, settings: {}, queue: [request('a'), request('b')], inbox: [request('x'), request('y')], guests: [{ id: 'g', name: 'Ann' }], health: [] }));
  const room = applyStaffChange(rooms, { roomId: 'one', revision: 2, settings: { volume: 0.5 }, queue: { remove: ['a'], put: [{ index: 0, request: request('y') }] },
                                         inbox: { remove: ['y'], put: [{ index: 1, request: request('z') }] }, guests: { all: false, put: [{ id: 'g', name: 'Max' }, { id: 'h', name: 'Kim' }] } });
  assert.deepEqual(room.queue.map(one => one.id), ['y', 'b']);
  assert.deepEqual(room.inbox.map(one => one.id), ['x', 'z']);
  assert.deepEqual(room.guests.map(one => one.name), ['Max', 'Kim']);
  assert.equal(room.settings.volume, 0.5);
  assert.deepEqual(rooms[1].queue.map(one => one.id), ['a', 'b']);
  assert.equal(applyStaffChange(rooms, { roomId: 'three', revision: 3 }), null);
  assert.deepEqual(applyStaffChange(rooms, { roomId: 'two', revision: 4, guests: { all: true, put: [] } }).guests, []);
  assert.deepEqual([may({ role: 'viewer' }, 'member'), may({ role: 'admin' }, 'member'), may({ role: 'viewer', superAdmin: true }, 'owner'), may(null, 'viewer')], [false, true, true, false]);
  assert.deepEqual(sortGuests([{ name: 'Ann', lastSeenAt: '1' }, { name: 'Anna', lastSeenAt: '2' }, { name: 'Max', lastSeenAt: '3' }], 'ann').map(guest => guest.name), ['Anna', 'Ann']);
});

test('staff are told why a source does not play', () => {
  const spotify = { kind: 'spotify', state: 'needs_sign_in', active: true };
  const library = { kind: 'library', state: 'ready', active: false };
  const table = [
    ['source', [spotify], /^Spotify wants you to sign in again\. Reconnect Spotify on the computer/],
    ['source', [{ ...spotify, state: 'disconnected' }], /^Spotify is not connected\. Connect Spotify on/],
    ['source', [{ ...spotify, state: 'limited', until: '2026-01-02T23:40:00Z' }], /pause until \d\d:\d\d\.$/],
    ['source', [{ ...spotify, state: 'limited', until: null }], /pause\.$/],
    ['source', [{ kind: 'mpd', state: 'needs_sign_in', active: true }], /^MPD asks for a password\.$/],
    ['fallback', [{ ...spotify, active: false }, { ...library, active: true }], /^Spotify wants .* The next one on your list plays\.$/],
    ['fallback', [{ ...spotify, state: 'ready', active: false }, { ...library, active: true }], /^$/],
    ['source', [{ ...spotify, state: 'idle' }], /^$/],
    ['source', undefined, /^$/],
    ['store', [spotify], /^$/],
  ];
  for (const [code, all, words] of table)
    assert.match(sources.sourceTrouble(code, all), words);
  /* Every state of an account that is not well has words. */
  for (const state of ['disconnected', 'connecting', 'needs_sign_in', 'limited', 'no_device', 'premium_required', 'not_allowed', 'unreachable'])
    assert.match(sources.sourceWords({ ...spotify, state }), /\.$/);
});

test('an announcement is a line and comes back as it was', async () => {
  const { parseAnnouncement, formatAnnouncement } = await load('staff/state.js');
  for (const line of ['21:00-23:00 Kitchen closes at eleven', 'Fri,Sat 23:00-01:00 Night bus at one', 'Sun 10:00-12:00 Brunch: 10:00-12:00 Sun'])
    assert.equal(formatAnnouncement(parseAnnouncement(line)), line);
  assert.deepEqual(parseAnnouncement('Fri,Sat 23:00-01:00 Night bus').days, [4, 5]);
  for (const line of ['', '21:00 Kitchen', 'Fry 21:00-22:00 x', '21:00-22:00', 'toString'])
    assert.equal(parseAnnouncement(line), null);
});

/* Whatever the rules turn a song away with is told in words where staff look at the figures. */
test('no code stands among the figures of staff', async () => {
  const office = await readFile(new URL('staff/office.js', web), 'utf8');
  const refusals = await readFile(new URL('../../src/lan/tempo-sentences.c', import.meta.url), 'utf8');
  const night = refusals.slice(refusals.indexOf('What the rules of the night say'), refusals.indexOf('What the house cannot do'));
  const codes = [...night.matchAll(/\{ "(\w+)"/g)].map(found => found[1]).filter(code => !['not_yours', 'state'].includes(code));
  assert.ok(codes.length > 15);
  assert.deepEqual(codes.filter(code => !office.includes(`\n  ${code}: () =>`)), []);
});

/* The panel's tables are C, the page's are JavaScript: what the one can say the other can, in the same words. */
test('the log is told as the panel tells it', async () => {
  const c = await readFile(new URL('../../src/panel/log/tempo-log-words.c', import.meta.url), 'utf8') + await readFile(new URL('../../src/panel/log/tempo-log-values.c', import.meta.url), 'utf8');
  const js = await readFile(new URL('staff/log-words.js', web), 'utf8');
  const sentences = [...c.matchAll(/NC_ \("(log|setting)", "([^"]+)"\)/g)].map(found => `c_('${found[1]}', '${found[2].replaceAll("'", "\\'")}')`);
  const actions = [...c.matchAll(/\{ "(\w+)", TEMPO_LOG_(\w+), TEMPO_LOG_(\w+), NC_/g)];
  assert.ok(sentences.length > 150 && actions.length > 60, `${sentences.length} sentences, ${actions.length} actions`);
  assert.deepEqual(sentences.filter(sentence => !js.includes(sentence)), []);
  for (const [, word, kind, value] of actions)
    assert.ok(js.includes(`  ${word}: ['${kind === 'EVERYTHING' ? '' : kind.toLowerCase()}', '${value.toLowerCase()}', `), word);
});

test('the log says each day as people do', () => {
  const at = (text, now) => log.describeDay(new Date(text).getTime(), new Date(now).getTime());
  const table = [
    ['2026-11-20T21:00:00', '2026-11-20T23:59:59', 'Today'],
    ['2026-11-19T23:59:59', '2026-11-20T00:00:01', 'Yesterday'],
    ['2026-11-19T00:00:00', '2026-11-20T23:00:00', 'Yesterday'],
    ['2025-12-31T23:00:00', '2026-01-01T01:00:00', 'Yesterday'],
    ['2026-11-18T23:00:00', '2026-11-20T01:00:00', 'Wednesday 18 November'],
    ['2025-12-30T23:00:00', '2026-01-01T01:00:00', 'Tuesday 30 December 2025'],
  ];
  for (const [then, now, says] of table)
    assert.equal(at(then, now).replace(',', ''), says);
});

test('rows of the log are sentences', () => {
  const row = more => ({ actor: { kind: 'member', id: 'm1', name: 'olga' }, object: { kind: 'room', id: 'r1', name: 'Yard' }, before: null, after: null, reason: null, ...more });
  const table = [
    [row({ action: 'event_rules', object: { kind: 'event', id: 'e', name: 'Friday' }, before: '{"votes":true,"order":"fair"}', after: '{"votes":false,"order":"first"}' }),
      'Changed the rules of the night: Friday', 'Votes: On → Off · Order: Fair → First come', ''],
    [row({ action: 'room_edit', reason: 'wifiPassword', after: '(secret)' }), 'Changed a room: Yard · Password of the Wi-Fi', 'kept secret', ''],
    [row({ action: 'room_edit', reason: 'sources', before: '["library"]', after: '["library","manual"]' }), 'Changed a room: Yard · Order of the music', 'Music folder → Music folder, I play it myself', ''],
    [row({ action: 'setting', object: { kind: 'setting', id: 'welcome', name: null }, before: '"on"' }), 'Changed a setting: Greeting', 'on', ''],
    [row({ action: 'setting', object: { kind: 'setting', id: 'constructor', name: null }, after: '1' }), 'Changed a setting: constructor', '1', ''],
    [row({ action: 'member_role', object: { kind: 'member', id: 'm9', name: null }, before: 'member', after: 'admin' }), 'Changed a person’s role: somebody who left', 'Member → Admin', ''],
    [row({ action: 'volume', before: '1.00', after: '0.40' }), 'Changed the volume: Yard', '100 % → 40 %', ''],
    [row({ action: 'seek', before: '0', after: '61000' }), 'Moved within a song: Yard', '0:00 → 1:01', ''],
    [row({ action: 'decline', object: { kind: 'request', id: 'q', name: null }, before: 'pending', after: 'declined', reason: 'not_tonight' }), 'Declined a request: a song that is no longer kept', 'Waiting → Declined', 'Not tonight'],
    [row({ action: 'submit', object: { kind: 'request', id: 'q', name: null }, after: '{"title":"Zombie","artist":"The Cranes"}' }), 'Asked for a song: Zombie · The Cranes', '', ''],
    [row({ action: 'guest_mute', object: { kind: 'guest', id: 'g', name: 'Ann' }, before: 'lifted', after: '2026-01-02T21:00:00.000Z' }), 'Muted a guest, or lifted it: Ann', 'Lifted → until T', ''],
    [row({ action: 'licence', object: { kind: 'licence', id: 'o', name: null }, after: '7K2M, medium' }), 'Changed the licence', '7K2M, Medium', ''],
    [row({ action: 'refused', object: { kind: 'path', id: '/api/x', name: null }, reason: 'role' }), 'Was refused access: /api/x', '', 'Not in their role'],
    [row({ action: 'refused', object: { kind: 'path', id: '/api/x', name: null }, reason: 'some_new_code' }), 'Was refused access: /api/x', '', ''],
    [row({ action: 'sign_in', object: { kind: 'member', id: 'm1', name: 'olga' }, after: '2026-01-02T21:00:00.000Z' }), 'Signed in', 'until T', ''],
  ];
  for (const [entry, what, change, reason] of table)
    assert.deepEqual([log.describeWhat(entry), log.describeChange(entry, () => 'T'), log.describeReason(entry)], [what, change, reason]);
  assert.equal(log.describeActor({ actor: { kind: 'console', name: 'console' } }), 'The command line');
  assert.match(log.actionsOf('settings'), /^setting,installation,event_rules/);
  assert.equal(log.actionsOf(''), '');
});
