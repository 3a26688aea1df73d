/* SPDX-License-Identifier: GPL-3.0-or-later */
/* axe-core finds nothing on any screen, by night and by day; at twice the text size nothing runs
 * out of the page; targets are large enough for a thumb. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, beforeEach } from 'node:test';
import { House, askFor, guest, launch, search, test } from './house.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
let house;
let browser;
let songs;

before(async () => {
  house = await House.open({ freeText: true });
  songs = await house.songs();
  browser = await launch();
});

after(async () => {
  await browser.close();
  await house.close();
});

beforeEach(() => house.startEvent({ freeText: true }));

/* Judges where things come to rest: what moves is waited for, and what an event brings meanwhile does
 * not move. Evaluated by the debugger, which the page's CSP does not concern. */
async function check (page, what) {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(() => Promise.all(document.getAnimations().filter(animation => animation.effect.getComputedTiming().endTime < 1000).map(animation => animation.finished.catch(() => {}))));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(tags => globalThis.axe.run(document, { runOnly: tags }), RULES);
  assert.deepEqual(violations.map(found => `${what}: ${found.id}: ${found.nodes.map(node => node.target + ' ' + (node.any[0] ? node.any[0].message : '')).join(', ')}`), []);
}

const screens = {
  home: async page => {
    await askFor(page, songs[2]);
    await page.locator('.own').waitFor();
  },
  empty: async page => { await page.locator('#q').tap(); },
  results: async page => { await search(page, songs[3].title); },
  nothing: async page => { await search(page, 'xyzzy nowhere'); },
  refused: async page => {
    await house.rules({ perGuest: 1 });
    await askFor(page, songs[4]);
    await page.locator('.own').waitFor();
    await askFor(page, songs[5]);
    await page.locator('.result .error:not([hidden])').waitFor();
  },
  closed: async page => {
    await house.switch('closed');
    await page.locator('.screen').waitFor();
  },
  restricted: async page => {
    await house.switch('restricted');
    await page.locator('.notices .banner').waitFor();
  },
  offline: async page => {
    await page.context().setOffline(true);
    await page.locator('.offline').waitFor();
  },
  about: async page => {
    await page.locator('.tools button').tap();
    await page.locator('dialog').waitFor();
  },
  name: async page => {
    await page.locator('.name').tap();
    await page.locator('dialog').waitFor();
  },
};

for (const colorScheme of ['dark', 'light'])
  for (const [name, open] of Object.entries(screens))
    test(`${name}, ${colorScheme}`, async () => {
      await house.playing(songs[0], songs[1]);
      const page = await guest(browser, house, { colorScheme });
      await page.locator('.queue').waitFor();
      await open(page);
      await check(page, name);
      await page.context().close();
    });

test('the page without scripts and the page of nowhere', async () => {
  for (const path of [`/tinheron/${house.room.code}?q=${encodeURIComponent(songs[0].title.slice(0, 4))}`, '/j/NOSUCHCODE']) {
    const context = await browser.newContext({ javaScriptEnabled: true, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    /* Scripts stay on for axe; the page's own are not let through, and its <noscript> is opened. */
    await page.route('**/*.js', route => route.abort());
    await page.setExtraHTTPHeaders({ Accept: 'text/html' });
    await page.goto(house.url + path);
    await page.evaluate(() => document.querySelectorAll('noscript').forEach(part => {
      const open = document.createElement('div');
      open.className = 'plain';
      open.innerHTML = part.textContent;
      part.replaceWith(open);
    }));
    await check(page, path);
    await context.close();
  }
});

test('the display', async () => {
  await house.playing(songs[0], songs[1]);
  const { token } = await house.display();
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.goto(`${house.url}/d/${token}`);
  await page.waitForFunction(() => document.body.dataset.scene === 'playing');
  await check(page, 'display');
  await context.close();
});

for (const [width, height] of [[320, 568], [360, 740], [768, 1024], [844, 390]])
  test(`twice the text size fits ${width} × ${height}`, async () => {
    await house.playing(songs[0], songs[1]);
    const page = await guest(browser, house, { viewport: { width, height } });
    await askFor(page, songs[2]);
    await page.locator('.own').waitFor();
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `the page is ${over} px too wide`);
    await page.context().close();
  });

test('what a thumb has to hit is 44 px high and wide', async () => {
  await house.playing(songs[0], songs[1]);
  const page = await guest(browser, house, { viewport: { width: 320, height: 568 } });
  await askFor(page, songs[2]);
  await page.locator('.own').waitFor();
  await page.locator('.toast button').waitFor();
  const small = await page.evaluate(() => [...document.querySelectorAll('button, select, a[href]:not(.skip)')].filter(part => part.offsetParent)
    .map(part => ({ name: part.className || part.textContent, box: part.getBoundingClientRect() }))
    .filter(part => part.box.height < 43.9 || part.box.width < 43.9).map(part => `${part.name} ${part.box.width}×${part.box.height}`));
  assert.deepEqual(small, []);
  await page.context().close();
});

test('a place gained is spoken once', async () => {
  await house.playing(songs[0], songs[1], songs[3]);
  const page = await guest(browser, house);
  await askFor(page, songs[2]);
  await page.locator('.own').waitFor();
  await page.evaluate(() => {
    globalThis.spoken = [];
    new MutationObserver(() => globalThis.spoken.push(document.getElementById('live').textContent)).observe(document.getElementById('live'), { childList: true, characterData: true, subtree: true });
  });
  await house.api('POST', '/api/tinheron/playback/skip', { roomId: house.room.id });
  await page.waitForFunction(() => globalThis.spoken.some(text => /^You're \d\w\w now: |^This one is yours/.test(text)));
  const said = await page.evaluate(() => globalThis.spoken.filter(text => /^You're \d/.test(text)));
  assert.ok(said.length <= 1, said.join(' | '));
  await page.context().close();
});
