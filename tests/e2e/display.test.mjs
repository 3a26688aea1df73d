/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The television over the bar: follows the room by itself, in every shape of screen. */

import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';
import { House, launch, open, test, until } from './house.mjs';

let house;
let browser;
let songs;
let token;

async function television (options = {}) {
  const page = await open(browser, `${house.url}/d/${token}`, { viewport: { width: 1920, height: 1080 }, ...options });
  await page.locator('#wall header').waitFor();
  return page;
}

before(async () => {
  house = await House.open();
  songs = await house.songs();
  token = (await house.display()).token;
  browser = await launch();
});

after(async () => {
  await browser.close();
  await house.close();
});

beforeEach(() => house.startEvent());

const scene = page => page.evaluate(() => document.body.dataset.scene);

test('invites, then follows what is asked and greets it', async () => {
  const page = await television();
  await page.locator('.code svg path').waitFor({ state: 'attached' });
  for (const song of songs.slice(0, 3))
    await house.ask(song, 'Zoë');
  await page.locator('.greeting.shown').waitFor();
  assert.match(await page.locator('.greeting').textContent(), /^Zoë asked for /);
  await page.waitForFunction(() => document.body.dataset.scene === 'playing');
  await page.locator('.next li').first().waitFor();
  await page.locator('.greeting.shown').waitFor({ state: 'detached' });
  const title = await page.locator('.now h1').textContent();
  await house.api('POST', '/api/tinheron/playback/skip', { roomId: house.room.id });
  await page.waitForFunction(before => document.querySelector('.now h1').textContent !== before, title);
  await page.context().close();
});

test('the code holds the way in, dark on white, with four modules of quiet', async () => {
  const page = await television();
  const shape = await page.locator('.code svg').first().evaluate(svg => ({
    box: svg.getAttribute('viewBox').split(' ').map(Number),
    background: getComputedStyle(svg).backgroundColor,
    height: svg.getBoundingClientRect().height / innerHeight,
  }));
  assert.equal(shape.box[0], -4);
  assert.equal(shape.background, 'rgb(255, 255, 255)');
  assert.ok(shape.height >= 0.22, `the code is ${shape.height} of the height`);
  await page.context().close();
});

test('says when requests are closed, and opens again', async () => {
  for (const song of songs.slice(0, 3))
    await house.ask(song, 'Ann');
  const page = await television();
  await house.switch('closed');
  await page.locator('.invite h1', { hasText: 'Requests are closed for tonight.' }).waitFor();
  assert.equal(await scene(page), 'closed');
  assert.ok(await page.locator('.codes').isHidden());
  await house.switch('open');
  await page.locator('.codes').waitFor();
  await page.context().close();
});

test('shows the Wi-Fi first when the host allows it, and an announcement', async () => {
  await house.api('PATCH', '/api/tinheron/rooms/' + house.room.id,
                  { wifiSsid: 'TinHeron-Guests', wifiPassword: 'come in and sing', wifiShown: true, announcement: 'Kitchen closes at 22:30' });
  const page = await television();
  await page.locator('.steps li', { hasText: 'Join the Wi-Fi “TinHeron-Guests”' }).waitFor();
  assert.equal(await page.locator('.code').count(), 2);
  await page.locator('.announcement', { hasText: 'Kitchen closes at 22:30' }).waitFor();
  await house.api('PATCH', '/api/tinheron/rooms/' + house.room.id, { wifiShown: false, announcement: null });
  await page.locator('.announcement').waitFor({ state: 'hidden' });
  assert.equal(await page.locator('.code').count(), 1);
  await page.context().close();
});

test('comes back by itself after the server was gone', async () => {
  const page = await television();
  const restart = await house.crash();
  await page.locator('.lost').waitFor();
  await restart();
  await page.locator('.lost').waitFor({ state: 'hidden' });
  await page.context().close();
});

for (const [width, height] of [[1920, 1080], [1280, 720], [1024, 768], [1080, 1920], [2560, 1080]])
  test(`nothing is cut off or overlaps at ${width} × ${height}`, async () => {
    for (const song of songs.slice(0, 6))
      await house.ask(song, 'Birthday table');
    const page = await television({ viewport: { width, height } });
    await page.waitForFunction(() => document.body.dataset.scene === 'playing');
    for (const swapped of [false, true]) {
      await page.evaluate(on => { document.body.classList.toggle('swapped', on); dispatchEvent(new Event('resize')); }, swapped);
      const boxes = await page.evaluate(() => ['header', '.cover', '.now h1', '.code:last-child', '.next h2'].map(name => {
        const box = document.querySelector(name).getBoundingClientRect();
        return { name, left: box.left, top: box.top, right: box.right, bottom: box.bottom };
      }));
      for (const box of boxes) {
        assert.ok(box.left >= 0 && box.top >= 0 && box.right <= width + 1 && box.bottom <= height + 1, `${box.name} is cut off: ${JSON.stringify(box)}`);
        for (const other of boxes)
          assert.ok(other === box || box.right <= other.left + 1 || other.right <= box.left + 1 || box.bottom <= other.top + 1 || other.bottom <= box.top + 1,
                    `${box.name} and ${other.name} overlap`);
      }
    }
    await page.context().close();
  });

test('a revoked token shows nothing more', async () => {
  const display = await house.display();
  const answer = await fetch(`${house.url}/d/${display.token}/state`);
  assert.equal(answer.status, 200);
  await house.api('DELETE', '/api/tinheron/displays/' + display.id);
  await until(async () => (await fetch(`${house.url}/d/${display.token}/state`)).status >= 400, 'the token ends');
});
