/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes while somebody is busy: answers that come late, changes by others, a line that comes back. None of it may
 * take away what a person types, reads, has the focus on or is about to tap, nor undo what is newer. */

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import { House, guest, launch, open as openPage, search, tapFor, test, until } from './house.mjs';
import { PASSWORD, addPeople, encrypted, signIn, staff } from './staff-house.mjs';

let house;
let browser;
let songs;
let address;
const pages = [];

before(async () => {
  house = await House.open();
  songs = await house.songs();
  address = await encrypted(house);
  await addPeople(house);
  browser = await launch();
});

after(async () => {
  await browser.close();
  await house.close();
});

beforeEach(() => house.startEvent());

afterEach(async () => {
  const errors = pages.flatMap(page => page.errors);
  await Promise.all(pages.splice(0).map(page => page.context().close()));
  assert.deepEqual(errors, []);
});

/* Counts in `answered` what the page has read and dealt with: answers to its calls and pictures of its own. */
const counting = context => context.addInitScript(() => {
  globalThis.answered = 0;
  const dealt = () => setTimeout(() => { globalThis.answered++; });
  for (const name of ['text', 'json']) {
    const read = Response.prototype[name];
    Response.prototype[name] = function () {
      const done = read.call(this);
      done.then(dealt, dealt);
      return done;
    };
  }
  globalThis.Image = class extends Image {
    constructor () {
      super();
      ['load', 'error'].forEach(event => this.addEventListener(event, dealt));
    }
  };
});

async function kept (opening) {
  const page = await opening;
  pages.push(page);
  return page;
}

const phone = () => kept(guest(browser, house, { watch: counting }));
const crew = (username, options = {}) => kept(staff(browser, address, username, { watch: counting, ...options }));
const television = async () => kept(openPage(browser, `${house.url}/d/${(await house.display()).token}`, { viewport: { width: 1280, height: 720 }, watch: counting }));
const operator = () => kept(openPage(browser, address + '/admin', { viewport: { width: 1280, height: 800 }, hasTouch: true, ignoreHTTPSErrors: true, watch: counting }));

/* Holds the next answer back: the host has done what was asked, the page has not heard of it. Answers
 * {waiting (), release ()}: waits until it is held; lets it go and waits until the page has dealt with it. */
async function holdBack (page, path, method = 'GET') {
  let held = null;
  let go = null;
  await page.route(path, async route => {
    if (held || route.request().method() !== method) {
      await route.fallback();
      return;
    }
    held = route.fetch();
    const response = await held;
    await new Promise(resolve => { go = resolve; });
    await route.fulfill({ response });
  });
  return {
    waiting: () => until(() => go, `${method} ${path} on its way`),
    release: async () => {
      const before = await page.evaluate(() => globalThis.answered);
      go();
      await page.waitForFunction(n => globalThis.answered > n, before);
    },
  };
}

const tab = (page, name) => page.locator('nav.tabs button', { hasText: name }).tap();
const rows = (page, pane) => page.locator(`section[aria-labelledby=h-${pane}] li`);
const room = () => `/api/tinheron/rooms/${house.room.id}`;

async function office (page, name) {
  await tab(page, 'More');
  await page.locator('.choice', { hasText: name }).tap();
}

/* --- a guest's phone --- */

test('a late answer to a wish does not undo what the host said of it', async () => {
  await house.playing(songs[0]);
  await house.rules({ approval: true });
  const page = await phone();
  const answers = await holdBack(page, '**/requests', 'POST');
  await tapFor(page, songs[1]);
  await answers.waiting();
  await page.locator('.own.pending').waitFor({ state: 'attached' });
  await house.api('PATCH', '/api/tinheron/requests', { roomId: house.room.id, status: 'approved' });
  await page.locator('.own.approved').waitFor({ state: 'attached' }); /* behind the search */
  await answers.release();
  assert.deepEqual(await page.locator('.own').evaluateAll(own => own.map(item => item.className)), ['row own approved']);
});

test('a late answer to a vote does not take back another’s', async () => {
  await house.playing(songs[0], songs[1], songs[2]);
  const [one, two] = [await phone(), await phone()];
  const vote = page => page.locator('.queue .row', { hasText: songs[2].title }).locator('.vote');
  const answers = await holdBack(one, '**/vote', 'PUT');
  await vote(one).tap();
  await answers.waiting();
  await vote(two).tap();
  await vote(one).locator('.count', { hasText: '2' }).waitFor();
  await answers.release();
  assert.equal(await vote(one).locator('.count').textContent(), '2');
});

test('a song that leaves the list takes nobody’s focus', async () => {
  await house.playing(songs[0], songs[1], songs[2], songs[3]);
  const page = await phone();
  const row = page.locator('.queue .row', { hasText: songs[3].title });
  await row.locator('.vote').focus();
  await house.api('POST', '/api/tinheron/playback/skip', { roomId: house.room.id });
  await page.locator('.queue .row', { hasText: songs[1].title }).waitFor({ state: 'detached' });
  assert.ok(await row.locator('.vote').evaluate(vote => vote === document.activeElement), 'the focus is where it was');
});

test('what was typed is there again when the list opens again', async () => {
  await house.playing(songs[0]);
  const page = await phone();
  await search(page, songs[2].title);
  await house.switch('restricted');
  await page.locator('.notices .banner', { hasText: 'Votes only' }).waitFor();
  await page.locator('.field').waitFor({ state: 'hidden' });
  await page.locator('.result').first().waitFor({ state: 'hidden' });
  await house.switch('open');
  await page.locator('.result', { hasText: songs[2].title }).waitFor();
  assert.equal(await page.inputValue('#q'), songs[2].title);
});

test('a title to ask for by name follows what is searched for, until it is written in', async () => {
  await house.rules({ freeText: true });
  const page = await phone();
  await search(page, 'xyz');
  await page.locator('.empty', { hasText: '“xyz”' }).waitFor();
  await search(page, 'xyzzy nowhere');
  await page.locator('.empty', { hasText: '“xyzzy nowhere”' }).waitFor();
  assert.equal(await page.inputValue('#free-title'), 'xyzzy nowhere');
  await page.fill('#free-title', 'Xyzzy');
  await search(page, 'xyzzy somewhere');
  await page.locator('.empty', { hasText: '“xyzzy somewhere”' }).waitFor();
  assert.equal(await page.inputValue('#free-title'), 'Xyzzy');
});

test('a name that is saved late takes no focus from who searches by now', async () => {
  const page = await phone();
  await page.locator('.name').tap();
  await page.fill('#name', 'Zoë');
  const answers = await holdBack(page, '**/me', 'PUT');
  await page.locator('dialog .strong').tap();
  await answers.waiting();
  await page.getByRole('button', { name: 'Close', exact: true }).tap();
  await page.locator('#q').focus();
  await answers.release();
  await page.locator('.name', { hasText: 'Zoë' }).waitFor({ state: 'attached' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
});

/* --- the television --- */

test('a late answer does not undo what the stream told the television', async () => {
  const page = await television();
  const answers = await holdBack(page, '**/state');
  await page.reload();
  await answers.waiting();
  await house.api('PATCH', room(), { announcement: 'Kitchen closes at ten' });
  await page.locator('.announcement', { hasText: 'Kitchen' }).waitFor();
  await answers.release();
  assert.equal(await page.locator('.announcement').textContent(), 'Kitchen closes at ten');
});

test('a picture that comes late does not colour the next song', async () => {
  await house.playing(songs[0], songs[1]);
  const { nowPlaying } = await house.api('GET', '/api/rooms/' + house.room.code);
  const page = await television();
  const answers = await holdBack(page, '**' + nowPlaying.song.artworkUrl);
  await page.reload({ waitUntil: 'commit' });
  await answers.waiting();
  const glow = () => page.evaluate(() => document.body.dataset.glow && document.getElementById('glow-' + document.body.dataset.glow).style.getPropertyValue('--glow'));
  await house.api('POST', '/api/tinheron/playback/skip', { roomId: house.room.id });
  await page.locator('.now h1', { hasText: songs[1].title }).waitFor();
  await page.waitForFunction(() => document.body.dataset.glow);
  const colour = await glow();
  await answers.release();
  assert.equal(await glow(), colour);
});

/* --- staff --- */

test('who writes in the rules is left alone by what others change', async () => {
  const page = await crew('admin');
  await tab(page, 'Room');
  await page.locator('summary', { hasText: 'Rules' }).tap();
  const number = page.getByLabel('Songs per guest at once');
  await number.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('17');
  await house.rules({ votes: false, perGuest: 5 });
  await house.api('POST', '/api/tinheron/playback/volume', { roomId: house.room.id, volume: 0.42 });
  await page.getByRole('switch', { name: 'Guests vote', checked: false }).waitFor();
  await page.waitForFunction(() => document.querySelector('input[type=range]').value === '42');
  assert.equal(await number.inputValue(), '17');
  assert.ok(await number.evaluate(input => input === document.activeElement), 'the focus is where it was');
  await page.keyboard.press('Tab');
  await until(async () => (await house.api('GET', '/api/rooms/' + house.room.code)).event.rules.perGuest === 17, 'the rule');
  await house.rules({ perGuest: 4 });
  await page.waitForFunction(() => [...document.querySelectorAll('input[type=number]')][0].value === '4');
});

test('who names the next event is left alone by what others change', async () => {
  await house.endEvent();
  const page = await crew('admin');
  await tab(page, 'Room');
  await page.getByLabel('Name of the event').fill('Quiz night');
  await house.api('PATCH', room(), { name: 'Cellar' });
  await page.locator('h2', { hasText: 'Cellar' }).waitFor();
  assert.equal(await page.getByLabel('Name of the event').inputValue(), 'Quiz night');
  await house.api('PATCH', room(), { name: house.room.name });
});

test('a song keeps the focus while it is moved by keys', async () => {
  await house.playing(songs[0], ...songs.slice(1, 5));
  const page = await crew('member');
  await tab(page, 'Queue');
  const names = () => rows(page, 'queue').locator('.title').allTextContents();
  await rows(page, 'queue').nth(3).waitFor();
  const last = (await names())[3];
  await rows(page, 'queue').nth(3).locator('.etc').focus();
  for (const place of [2, 1]) {
    await page.keyboard.press('Alt+ArrowUp');
    await until(async () => (await names())[place] === last, `at place ${place + 1}`);
  }
});

test('one up is one up from where the song is by now', async () => {
  await house.playing(songs[0], ...songs.slice(1, 5));
  const page = await crew('member');
  await tab(page, 'Queue');
  const names = () => rows(page, 'queue').locator('.title').allTextContents();
  await rows(page, 'queue').nth(3).waitFor();
  const [first, , , last] = await names();
  await page.locator('.etc').nth(3).tap();
  await house.api('POST', '/api/tinheron/playback/skip', { roomId: house.room.id });
  await until(async () => !(await names()).includes(first), 'the first one plays');
  await house.hold();
  await page.getByRole('button', { name: 'One up' }).tap();
  await until(async () => (await names())[1] === last, 'one up');
});

test('a late search does not overwrite a title that is being written', async () => {
  await house.playing(songs[0]);
  await house.rules({ freeText: true });
  const page = await crew('member');
  await tab(page, 'Queue');
  await page.getByRole('button', { name: 'Add a song' }).tap();
  await page.getByLabel('Song or artist').fill('xyz');
  await page.locator('dialog .empty').waitFor();
  const answers = await holdBack(page, '**/search?*');
  await page.getByLabel('Song or artist').fill('xyzzy');
  await answers.waiting();
  await page.getByLabel('Title').fill('My own words');
  await answers.release();
  assert.equal(await page.getByLabel('Title').inputValue(), 'My own words');
});

test('the line comes back, and an open menu stays', async () => {
  const page = await crew('member');
  await page.getByLabel('Language').focus();
  await page.context().setOffline(true);
  await page.locator('.offline').waitFor();
  await page.context().setOffline(false);
  await page.locator('.offline').waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Language');
});

test('a page that is opened twice while it is on its way is made once', async () => {
  const page = await crew('owner');
  let release;
  const held = new Promise(resolve => { release = resolve; });
  await page.route('**/office.js*', async route => {
    await held;
    await route.continue();
  });
  await office(page, 'Statistics');
  await office(page, 'Statistics');
  release();
  await page.locator('section[aria-labelledby=h-stats] :is(.tiles, .card, .empty)').first().waitFor();
  assert.equal(await page.locator('section[aria-labelledby=h-stats]').count(), 1);
});

test('settings that come late do not overwrite what is being written', async () => {
  const page = await crew('owner');
  await office(page, 'Settings');
  const contact = page.getByLabel('How guests reach the house');
  await contact.waitFor();
  const answers = await holdBack(page, '**/settings');
  await office(page, 'Settings');
  await answers.waiting();
  await contact.fill('Knock twice');
  await house.api('PUT', '/api/tinheron/settings', { settings: { contact: 'Ring the bell' } });
  await answers.release();
  assert.equal(await contact.inputValue(), 'Knock twice');
  await page.getByRole('button', { name: 'Save' }).tap();
  await page.locator('.toast', { hasText: 'Saved.' }).waitFor();
});

test('who sets up a second step loses nothing by signing out another device', async () => {
  await house.api('POST', '/api/tinheron/members', { username: 'setter', password: PASSWORD, role: 'member' });
  await crew('setter', { userAgent: 'Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0' });
  const page = await crew('setter');
  await office(page, 'You');
  await page.getByRole('button', { name: 'Set up' }).tap();
  await page.getByLabel('The code it shows').fill('123');
  await page.getByRole('button', { name: 'Sign out Firefox' }).tap();
  await page.getByRole('button', { name: 'Sign out Firefox' }).waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('The code it shows').inputValue(), '123');
});

test('a session that ends takes its open sheets with it', async () => {
  await house.playing(songs[0], songs[1]);
  const page = await crew('member');
  await tab(page, 'Queue');
  await page.locator('.etc').first().tap();
  await page.evaluate(() => fetch('/api/auth/logout', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' }));
  await page.locator('.gate', { hasText: 'Your session is over' }).waitFor();
  assert.equal(await page.locator('dialog').count(), 0);
  await signIn(page, 'member');
});

/* --- who runs the installation --- */

test('the operator’s page follows without disturbing', async () => {
  const page = await operator();
  await page.clock.install();
  await page.reload();
  await signIn(page, 'owner', '.org');
  const more = page.getByRole('button', { name: 'More about The Tin Heron' });
  await more.focus();
  await house.api('POST', '/api/organizations/create', { name: 'The Attic', slug: 'attic', username: 'art', password: PASSWORD });
  await page.clock.runFor(15_000);
  await page.locator('.org', { hasText: 'The Attic' }).waitFor();
  assert.ok(await more.evaluate(button => button === document.activeElement), 'the focus is where it was');

  /* What is asked for in the background comes after what was asked for by hand. */
  const answers = await holdBack(page, '**/api/organizations?*');
  await page.clock.runFor(15_000);
  await answers.waiting();
  await page.getByRole('button', { name: 'New organization' }).tap();
  await page.getByLabel('Name', { exact: true }).fill('The Barn');
  await page.getByLabel('Name of its owner').fill('bo');
  await page.getByLabel('Password of its owner').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create', exact: true }).tap();
  await page.locator('.org', { hasText: 'The Barn' }).waitFor();
  await answers.release();
  assert.equal(await page.locator('.org', { hasText: 'The Barn' }).count(), 1);
});

test('a span that comes late does not overwrite the one that is asked for', async () => {
  const page = await operator();
  const asked = [];
  await page.route('**/api/tinheron/usage?*', async route => {
    const mine = asked.length + 1;
    await new Promise(resolve => asked.push(resolve));
    const day = new Date().toISOString().slice(0, 10);
    await route.fulfill({ json: { from: day, to: day, quotas: [], usage: [{ day, requests: mine }] } });
  });
  await signIn(page, 'owner', '.org');
  await page.getByRole('button', { name: 'More about The Tin Heron' }).tap();
  await page.getByRole('button', { name: 'Usage and health' }).tap();
  await until(() => asked.length === 1, 'the month on its way');
  await page.getByLabel('How far back').selectOption({ label: 'A year' });
  await until(() => asked.length === 2, 'the year on its way');
  asked[1]();
  await page.getByRole('img', { name: /, 2$/ }).waitFor();
  const before = await page.evaluate(() => globalThis.answered);
  asked[0]();
  await page.waitForFunction(n => globalThis.answered > n, before);
  await page.getByRole('img', { name: /, 2$/ }).waitFor();
});

/* Last, because the house is another one afterwards: with no keyring, sessions end with the program. */
test('staff are asked to sign in again when the host was started anew', async () => {
  const page = await kept(staff(browser, house.url, 'member'));
  const inVain = page.waitForEvent('requestfailed', request => request.url().endsWith('/api/auth/me'));
  const restart = await house.crash();
  await inVain;
  await page.locator('.offline').waitFor();
  await restart();
  await page.locator('.gate', { hasText: 'Your session is over' }).waitFor();
});
