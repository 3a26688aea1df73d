/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes while somebody is busy: answers that come late, changes by others, a line that comes back. None of it may
 * take away what a person types, reads, has the focus on or is about to tap, nor undo what is newer. */

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import { House, guest, launch, open as openPage, search, tapFor, test, until } from './house.mjs';

let house;
let browser;
let songs;
const pages = [];

before(async () => {
  house = await House.open();
  songs = await house.songs();
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
const television = async () => kept(openPage(browser, `${house.url}/d/${(await house.display()).token}`, { viewport: { width: 1280, height: 720 }, watch: counting }));

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

const room = () => `/api/tinheron/rooms/${house.room.id}`;

/* Something plays and stays: the tunes are short, and what is asked next is to wait. */
async function playing (...more) {
  await house.ask(songs[0], 'Ann');
  await house.hold();
  for (const song of more)
    await house.ask(song, 'Max');
}

/* --- a guest's phone --- */

test('a late answer to a wish does not undo what the host said of it', async () => {
  await playing();
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
  await playing(songs[1], songs[2]);
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
  await playing(songs[1], songs[2], songs[3]);
  const page = await phone();
  const row = page.locator('.queue .row', { hasText: songs[3].title });
  await row.locator('.vote').focus();
  await house.api('POST', '/api/tinheron/playback/skip', { roomId: house.room.id });
  await page.locator('.queue .row', { hasText: songs[1].title }).waitFor({ state: 'detached' });
  assert.ok(await row.locator('.vote').evaluate(vote => vote === document.activeElement), 'the focus is where it was');
});

test('what was typed is there again when the list opens again', async () => {
  await playing();
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
  await playing(songs[1]);
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
