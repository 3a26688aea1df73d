/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An evening with everybody in it: the real panel with its server, worked by the keyboard, two phones and
 * a television. Runs on an X server and a message bus of its own, see run.sh. */

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { House, askFor, guest, launch, open, test, titles, until } from './house.mjs';
import { openPanel, pressUntil, reveal, run } from './panel-house.mjs';

let house;
let browser;
let songs;

async function statusOf (request) {
  const { requests } = await house.api('GET', '/api/tinheron/requests');
  return requests.find(other => other.id === request.id).status;
}

async function wishFor (song) {
  return until(async () => {
    const { requests } = await house.api('GET', '/api/tinheron/requests');
    return requests.find(request => request.song.id === song.id);
  }, 'the wish reached the house');
}

async function television () {
  const { token } = await house.display();
  const page = await open(browser, `${house.url}/d/${token}`, { viewport: { width: 1920, height: 1080 } });
  await page.locator('#wall header').waitFor();
  return page;
}

before(async () => {
  house = await House.open({ approval: true, noRepeatMinutes: 0 }, openPanel);
  songs = await house.songs();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await house?.close();
});

test('a whole evening', async t => {
  const tv = await television();
  const ann = await guest(browser, house);
  const ben = await guest(browser, house);

  await t.test('asked on a phone, approved in the panel, it plays and the room sees it', async () => {
    await askFor(ann, songs[0]);
    await ann.locator('.own.pending .state', { hasText: 'Asked. The host will have a look.' }).waitFor();
    const wish = await wishFor(songs[0]);
    await pressUntil(['ctrl+shift+Return'], async () => await statusOf(wish) !== 'pending', 'the host approves');
    await house.hold();
    await ann.locator('.own.playing .state', { hasText: 'This one is yours.' }).waitFor();
    await ben.locator('.now .title', { hasText: songs[0].title }).waitFor();
    await tv.locator('.now h1', { hasText: songs[0].title }).waitFor();
    assert.equal(await tv.evaluate(() => document.body.dataset.scene), 'playing');
  });

  await t.test('declined by a key, the reason reaches the phone', async () => {
    await askFor(ben, songs[1]);
    const wish = await wishFor(songs[1]);
    await pressUntil(['3'], async () => await statusOf(wish) === 'declined', 'the host declines', () => reveal(wish.id));
    await ben.locator('.own.declined .state', { hasText: 'Not tonight: we do not have it here.' }).waitFor();
  });

  await t.test('a vote moves a song up on every screen', async () => {
    await askFor(ann, songs[2]);
    await askFor(ben, songs[3]);
    await askFor(ben, songs[4]);
    const wish = await wishFor(songs[4]);
    await pressUntil(['ctrl+shift+Return'], async () => await statusOf(wish) !== 'pending', 'the host approves all');
    const last = ann.locator('.queue .row', { hasText: songs[4].title });
    await last.locator('.vote').tap();
    await ben.locator('.queue .row', { hasText: songs[4].title }).locator('.count', { hasText: '1' }).waitFor();
    /* The next song is locked; behind it, votes decide. */
    const order = [songs[2], songs[4], songs[3]].map(song => song.title).join();
    for (const page of [ann, ben])
      await until(async () => (await titles(page)).join() === order, 'the phones show the new order');
    await until(async () => (await tv.locator('.next li b').allTextContents()).join() === order, 'the television shows it');
  });

  await t.test('last call counts down everywhere, then the list is closed', async () => {
    await house.api('PATCH', '/api/tinheron/events/' + house.event.id, { lastCallAt: new Date(Date.now() + 15 * 60_000).toISOString() });
    await ann.locator('.notices .banner', { hasText: 'Last call: requests close in' }).waitFor();
    await tv.locator('.call:not([hidden])').waitFor();
    await house.switch('closed');
    await ben.locator('.screen h2', { hasText: 'Requests are closed for tonight.' }).waitFor();
    await tv.waitForFunction(() => document.body.dataset.scene === 'closed');
  });

  if (process.env.TEMPO_PICTURE)
    await run('import', ['-window', 'root', process.env.TEMPO_PICTURE]);
  assert.deepEqual([...ann.errors, ...ben.errors], []);
});
