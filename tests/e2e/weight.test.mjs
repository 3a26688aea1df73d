/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a guest's phone has to load, and how soon it can be used on a crowded Wi-Fi. */

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { House, launch, test } from './house.mjs';

const KILOBYTES = 60;
const LANGUAGES = ['en', 'de', 'es', 'fr'];
let house;
let browser;

before(async () => {
  house = await House.open();
  browser = await launch();
});

after(async () => {
  await browser.close();
  await house.close();
});

for (const locale of LANGUAGES)
  test(`the page in ${locale} is at most ${KILOBYTES} KB before compression`, async t => {
    const context = await browser.newContext({ locale });
    const page = await context.newPage();
    const parts = {};
    page.on('response', async response => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith('/assets/') || response.request().resourceType() === 'document')
        parts[pathname] = response.body().then(body => body.length, () => 0);
    });
    await page.goto(house.join);
    await page.locator('.field').waitFor();
    /* The room's own data rides in the page but is not the page. */
    const state = await page.evaluate(() => new TextEncoder().encode(document.getElementById('state').textContent + [...document.querySelectorAll('noscript')].map(part => part.textContent).join('')).length);
    let all = -state;
    for (const [name, size] of Object.entries(parts)) {
      t.diagnostic(`${await size} ${name}`);
      all += await size;
    }
    t.diagnostic(`${all} bytes in all, without the room's data (${state})`);
    assert.ok(all > 20_000, 'something was loaded');
    assert.ok(all <= KILOBYTES * 1024, `${all} bytes`);
    await context.close();
  });

test('usable: measured, not judged', async t => {
  const times = [];
  for (let i = 0; i < 5; i++) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', { offline: false, latency: 40, downloadThroughput: 200_000, uploadThroughput: 94_000 });
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    const start = Date.now();
    await page.goto(house.join, { waitUntil: 'commit' });
    await page.locator('#q').waitFor();
    times.push(Date.now() - start);
    await context.close();
  }
  times.sort((a, b) => a - b);
  t.diagnostic(`search field usable at 1.6 Mbit/s, 40 ms, 4 × slower CPU: median ${times[2]} ms (${times.join(', ')})`);
});
