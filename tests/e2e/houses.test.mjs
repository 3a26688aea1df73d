/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two organizations under one roof, at once: the real panel with its server, in each house a phone, a television and
 * staff of every role. Each house lives its own night and never learns a word of the other's. Runs on an X server and
 * a message bus of its own, see run.sh. */

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { DEADLINE, House, askFor, guest, launch, open, search, test, until } from './house.mjs';
import { addPeople, encrypted, signIn, staff } from './staff-house.mjs';
import { openHouse, openPanel, pressUntil, run } from './panel-house.mjs';

const RULES = { approval: true, freeText: true, messages: true, perGuest: 9, noRepeatMinutes: 0 };
const NAMES = { heron: 'The Tin Heron', yard: 'The Yard' };
/* Words that are one house's only, besides the songs that are asked for there. */
const WORDS = {
  heron: { event: 'Nightjar Night', guest: 'Nele Nightjar', dedication: 'for the nightjar table', title: 'Nightjar Nocturne' },
  yard: { event: 'Magpie Market', guest: 'Yusuf Magpie', dedication: 'for the magpie table', title: 'Magpie Parade' },
};
const SIDES = ['heron', 'yard'];
const CALM = { reducedMotion: 'reduce' };
const sides = { heron: {}, yard: {} };
let house;
let browser;
let address;

const both = act => Promise.all(SIDES.map(side => act(sides[side], side)));
const rows = (page, pane) => page.locator(`section[aria-labelledby=h-${pane}] li`);
const tab = (page, name) => page.locator('nav.tabs button', { hasText: name });

/* Remembers every text the page ever had: what was shown for a moment was shown. Not what is found by searching: both
 * houses play from one shelf. */
async function watch (context) {
  await context.addInitScript(() => {
    const found = '#results, .suggestions';
    const keep = node => {
      const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
      if (element && !element.closest(found))
        globalThis.seen.add(node.textContent);
    };
    globalThis.seen = new Set();
    globalThis.source = () => {
      const copy = document.documentElement.cloneNode(true);
      copy.querySelectorAll(found).forEach(part => part.remove());
      return copy.outerHTML;
    };
    new MutationObserver(records => records.forEach(record => [record.target.nodeType === Node.TEXT_NODE ? record.target : null, ...record.addedNodes].filter(Boolean).forEach(keep)))
      .observe(document, { subtree: true, childList: true, characterData: true });
  });
}

const seenBy = async page => (await page.evaluate(() => [...globalThis.seen, globalThis.source()])).join('\n');

/* A stream as its bytes come, for as long as the test runs. */
function listen (path, token) {
  const line = { text: '', stop: new AbortController() };
  line.done = fetch(house.url + path, { signal: line.stop.signal, headers: { Accept: 'text/event-stream', ...(token ? { Authorization: 'Bearer ' + token } : {}) } })
    .then(async answer => {
      assert.equal(answer.status, 200, path);
      for await (const bytes of answer.body)
        line.text += Buffer.from(bytes).toString();
    }).catch(error => { if (error.name !== 'AbortError') line.error = error; });
  return line;
}

async function television (side) {
  const { token } = await side.house.display();
  const page = await open(browser, `${house.url}/d/${token}`, { viewport: { width: 640, height: 360 }, ...CALM, watch });
  await page.locator('#wall header').waitFor();
  side.streams.display = listen(`/d/${token}/stream`);
  return page;
}

async function moveIn (side, name) {
  const { house: own, words } = side;
  side.streams = {};
  side.forbidden = [];
  await own.api('PATCH', `/api/${own.slug}/events/${own.event.id}`, { name: words.event });
  await addPeople(own);
  side.phone = await guest(browser, own, { ...CALM, viewport: { width: 360, height: 740 }, watch });
  await side.phone.locator('.name').tap();
  await side.phone.fill('#name', words.guest);
  await side.phone.locator('dialog .strong').tap();
  side.tv = await television(side);
  side.streams.guest = listen(`/api/rooms/${own.room.code}/stream`);
  side.streams.staff = listen(`/api/${own.slug}/stream`, own.token);
  side.staff = {};
  for (const role of ['viewer', 'member', 'admin', 'owner'])
    side.staff[role] = await staff(browser, address, role === 'owner' ? own.owner : role, { ...CALM, slug: own.slug, watch });
  side.name = name;
}

before(async () => {
  house = await House.open(RULES, openPanel);
  browser = await launch();
  address = await encrypted(house);
  const songs = await house.songs();
  sides.heron = { house, words: WORDS.heron, songs: songs.slice(0, 4) };
  sides.yard = { house: await house.found(NAMES.yard, 'yard', 'bob', RULES), words: WORDS.yard, songs: songs.slice(4, 8) };
  await both((side, key) => moveIn(side, NAMES[key]));
});

after(async () => {
  SIDES.forEach(key => Object.values(sides[key].streams || {}).forEach(line => line.stop.abort()));
  await browser?.close();
  await house?.close();
});

async function requestOf (side, title) {
  return until(async () => {
    const { requests } = await side.house.api('GET', `/api/${side.house.slug}/requests`);
    return requests.find(request => request.song.title === title);
  }, `"${title}" reached ${side.name}`);
}

const statusOf = async (side, title) => (await requestOf(side, title)).status;

async function askByName (side) {
  const { phone, words } = side;
  await search(phone, words.title);
  await phone.locator('.results .quiet', { hasText: 'Add a dedication' }).tap();
  await phone.fill('#note', words.dedication);
  await phone.fill('#free-artist', words.guest);
  await phone.locator('.free button').tap();
  await phone.locator('.own.pending', { hasText: words.title }).waitFor();
}

async function approve (side, title) {
  await side.staff.member.getByRole('button', { name: `Approve “${title}”` }).tap();
}

/* All that is one house's alone. */
const own = key => [NAMES[key], ...Object.values(WORDS[key]), ...sides[key].songs.slice(0, sides[key].asked).map(song => song.title)];

/* Nothing that ever reached a screen or a line of one house has a word of the other in it. */
async function keptApart () {
  for (const key of SIDES) {
    const side = sides[key];
    const other = own(key === 'heron' ? 'yard' : 'heron');
    const places = { phone: await seenBy(side.phone), tv: await seenBy(side.tv) };
    for (const role of Object.keys(side.staff))
      places[role] = await seenBy(side.staff[role]);
    for (const [name, stream] of Object.entries(side.streams)) {
      await until(() => stream.text.includes(side.songs[0].title), `${name} stream of ${side.name} has its own`);
      places[name + ' stream'] = stream.text;
    }
    for (const [place, text] of Object.entries(places)) {
      assert.ok(text.includes(side.songs[0].title), `${place} of ${side.name} has its own`);
      assert.deepEqual(other.filter(words => text.includes(words)), [], `${place} of ${side.name}`);
    }
  }
}

test('two houses, one roof', { timeout: 20 * DEADLINE }, async t => {
  await t.test('each asks, approves and plays its own', async () => {
    await both(async side => {
      const song = side.songs[0];
      side.asked = 1;
      await askFor(side.phone, song);
      await side.phone.locator('.own.pending .state', { hasText: 'Asked. The host will have a look.' }).waitFor();
      await approve(side, song.title);
      await side.house.hold();
      await side.phone.locator('.own.playing .state', { hasText: 'This one is yours.' }).waitFor();
      await side.tv.locator('.now h1', { hasText: song.title }).waitFor();
      for (const page of Object.values(side.staff))
        await page.locator('.player .title', { hasText: song.title }).waitFor();
      await askByName(side);
      await approve(side, side.words.title);
      await side.tv.locator('.next li b', { hasText: side.words.title }).waitFor();
      await side.phone.locator('.own.approved', { hasText: side.words.title }).waitFor();
      for (const page of Object.values(side.staff)) {
        await tab(page, 'Queue').tap();
        await rows(page, 'queue').filter({ hasText: side.words.title }).waitFor();
      }
    });
    await keptApart();
  });

  await t.test('who only looks on is offered nothing and refused everything', async () => {
    await both(async side => {
      const song = side.songs[1];
      side.asked = 2;
      await askFor(side.phone, song);
      const page = side.staff.viewer;
      await tab(page, 'Inbox').tap();
      await rows(page, 'inbox').filter({ hasText: song.title }).waitFor();
      const offered = await page.locator('main button:visible').evaluateAll(buttons => buttons.map(button => button.getAttribute('aria-label') || button.textContent));
      assert.deepEqual(offered.filter(name => /Approve|Decline|Pause|Play|Skip|Volume|Undo|Add/.test(name)), []);
      const wish = await requestOf(side, song.title);
      const base = `${address}/api/${side.house.slug}`;
      for (const [method, path, data] of [['PATCH', '/requests/' + wish.id, { status: 'approved' }], ['POST', '/playback/skip', { roomId: side.house.room.id }],
                                          ['PATCH', '/rooms/' + side.house.room.id, { switch: 'closed' }], ['GET', '/audit?limit=1']]) {
        const answer = await page.request.fetch(base + path, { method, data });
        assert.equal(answer.status(), 403, `${method} ${path}`);
        assert.equal((await answer.json()).code, 'forbidden');
      }
      assert.equal(await statusOf(side, song.title), 'pending');
    });
  });

  await t.test('the other house is to its neighbours as if it were not there', async () => {
    await both(async (side, key) => {
      const other = sides[key === 'heron' ? 'yard' : 'heron'];
      const wish = await requestOf(other, other.songs[1].title);
      for (const role of ['member', 'admin']) {
        const { request } = side.staff[role];
        for (const [method, path, data] of [['GET', '/rooms'], ['GET', '/requests'], ['GET', '/stream'], ['GET', '/members'], ['GET', '/settings'],
                                            ['PATCH', '/requests/' + wish.id, { status: 'declined' }], ['POST', '/playback/skip', { roomId: other.house.room.id }]]) {
          const there = await request.fetch(`${address}/api/${other.house.slug}${path}`, { method, data });
          const nowhere = await request.fetch(`${address}/api/nowhere${path}`, { method, data });
          assert.equal(there.status(), 403, `${role} ${method} ${path}`);
          assert.deepEqual([there.status(), await there.json()], [nowhere.status(), await nowhere.json()], `${role} ${method} ${path}`);
        }
        /* Nor by the own address. */
        const mixed = await request.fetch(`${address}/api/${side.house.slug}/requests/${wish.id}`, { method: 'PATCH', data: { status: 'declined' } });
        assert.equal(mixed.status(), 404);
      }
    });
    await both(async side => assert.equal(await statusOf(side, side.songs[1].title), 'pending'));
  });

  await t.test('the panel goes from one house to the other and works the inbox it shows', async () => {
    const { heron, yard } = sides;
    await openHouse(NAMES.yard, NAMES.heron);
    if (process.env.TEMPO_PICTURE)
      await run('import', ['-window', 'root', process.env.TEMPO_PICTURE]);
    await pressUntil(['ctrl+shift+Return'], async () => await statusOf(yard, yard.songs[1].title) !== 'pending', 'the yard approves', undefined, NAMES.yard);
    await yard.phone.locator('.own.approved', { hasText: yard.songs[1].title }).waitFor();
    assert.equal(await statusOf(heron, heron.songs[1].title), 'pending');
    await openHouse(NAMES.heron, NAMES.yard);
    await pressUntil(['ctrl+shift+Return'], async () => await statusOf(heron, heron.songs[1].title) !== 'pending', 'the heron approves', undefined, NAMES.heron);
    await heron.phone.locator('.own.approved', { hasText: heron.songs[1].title }).waitFor();
    await keptApart();
  });

  await t.test('one is closed, the other goes on', async () => {
    const { heron, yard } = sides;
    await keptApart();
    const boss = await staff(browser, address, null, { ...CALM, viewport: { width: 1280, height: 800 } });
    await boss.goto(address + '/admin');
    await signIn(boss, house.owner, '.org');
    const closeYard = async () => {
      await boss.getByRole('button', { name: 'More about ' + NAMES.yard }).tap();
      await boss.getByRole('button', { name: 'Close it' }).tap();
      await boss.locator('dialog', { hasText: `Close ${NAMES.yard}?` }).locator('.strong').tap();
    };
    await closeYard();
    await boss.locator('.toast', { hasText: 'End it first' }).waitFor();
    await yard.house.endEvent();
    await closeYard();
    await boss.locator('.org.off', { hasText: NAMES.yard }).waitFor();
    await until(async () => (await fetch(yard.house.join)).status === 404, 'its guests’ page is closed');
    assert.equal((await fetch(`${house.url}/api/rooms/${yard.house.room.code}`)).status, 404);
    assert.equal((await fetch(`${house.url}/yard/staff`)).status, 404);
    await yard.phone.reload();
    assert.ok(!(await yard.phone.content()).includes(WORDS.yard.event));
    await yard.staff.member.locator('.gate').waitFor();

    const song = heron.songs[2];
    heron.asked = 3;
    await askFor(heron.phone, song);
    await tab(heron.staff.member, 'Inbox').tap();
    await approve(heron, song.title);
    await heron.phone.locator('.own.approved', { hasText: song.title }).waitFor();
    await heron.tv.locator('.next li b', { hasText: song.title }).waitFor();

    await boss.getByRole('button', { name: 'More about ' + NAMES.yard }).tap();
    await boss.getByRole('button', { name: 'Open it again' }).tap();
    await boss.locator('.org.off').waitFor({ state: 'detached' });
    await until(async () => (await fetch(yard.house.join)).ok, 'its guests’ page is open again');
    await yard.phone.goto(yard.house.join);
    await yard.phone.locator('h1', { hasText: NAMES.yard }).waitFor();
  });

  const pages = [sides.heron, sides.yard].flatMap(side => [side.phone, ...Object.values(side.staff)]);
  assert.deepEqual(pages.flatMap(page => page.errors), []);
});
