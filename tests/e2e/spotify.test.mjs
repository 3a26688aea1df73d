/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person signs in at the stand-in's page through the address that Tempo gave, and the room's phones see what the
 * account plays. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';
import { House, guest, launch, once, test, until } from './house.mjs';
import { encrypted, staff, violations } from './staff-house.mjs';

let house;
let browser;
let standIn;
let spotify; /* where the stand-in is */

/* The first line that a program prints. */
function line (child, found) {
  return new Promise((resolve, reject) => {
    child.once('exit', code => reject(new Error(`ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', text => { if (found.test(text)) resolve(text.match(found)[1]); });
  });
}

before(async () => {
  standIn = spawn(process.env.SPOTIFY_STAND_IN, [], { stdio: ['ignore', 'pipe', 'inherit'] });
  spotify = await line(standIn, /^(http:\S+)/);
  house = await House.open({}, async (folder, port) => {
    const child = spawn(process.env.TEMPOD, ['serve', '--data-dir', folder, '--address', '127.0.0.1', '--port', String(port), '--no-rate-limit',
                                             '--spotify-accounts-url', spotify, '--spotify-api-url', spotify + '/v1'],
                        { stdio: ['ignore', 'pipe', 'inherit'] });
    return { child, url: await line(child, /^Listening on (http:\S+?)\/?$/) };
  });
  browser = await launch();
});

after(async () => {
  await browser.close();
  await house.close();
  standIn.kill();
  await once(standIn, 'exit');
});

const status = () => house.api('GET', '/api/organizations/tinheron/spotify/status');
const begin = async () => (await house.api('POST', '/api/organizations/tinheron/spotify/auth', { clientId: 'client1' })).authorizeUrl;

test('no leaves it as it was', async () => {
  const page = await browser.newPage({ locale: 'en-GB' });
  await page.goto(await begin());
  await page.click('#no');
  assert.match(await page.textContent('h1'), /not connected/);
  assert.equal((await status()).state, 'disconnected');
  await page.close();
});

test('yes connects, and the phones see what plays', async () => {
  const page = await browser.newPage({ locale: 'en-GB' });
  await page.goto(await begin());
  await page.click('#yes');
  assert.equal(await page.textContent('h1'), 'Spotify is connected');
  assert.match(await page.textContent('main'), /You can close this window/);
  assert.deepEqual((await status()).account, { id: 'acc-ann', name: "ann's account" });
  if (process.env.TEMPO_SHOTS)
    await page.screenshot({ path: process.env.TEMPO_SHOTS + '/spotify-connected.png' });
  await page.close();

  await house.api('PATCH', '/api/tinheron/rooms/' + house.room.id, { sources: ['spotify', 'library'] });
  const phone = await guest(browser, house);
  await until(() => phone.locator('.now .title', { hasText: 'Lanterns' }).isVisible(), 'what the account plays');
  assert.equal(await phone.locator('.now .from').getAttribute('href'), 'https://open.spotify.com/track/Lanterns');
  if (process.env.TEMPO_SHOTS)
    await phone.screenshot({ path: process.env.TEMPO_SHOTS + '/spotify-phone.png' });

  /* A search costs a call: it is made when the guest says so, not while they type. */
  let searches = 0;
  phone.on('request', request => { searches += /search\?q=[^&]/.test(request.url()); });
  await phone.locator('#q').tap();
  await phone.locator('#q').pressSequentially('lantern', { delay: 60 });
  await phone.locator('#results .empty', { hasText: 'press search' }).waitFor();
  await phone.locator('#q').press('Enter');
  await phone.locator('.result button').first().waitFor();
  assert.equal(searches, 1);
  assert.match(await phone.locator('.result .sub').first().textContent(), /The Stand-ins.* · Spotify/);
  if (process.env.TEMPO_SHOTS)
    await phone.screenshot({ path: process.env.TEMPO_SHOTS + '/spotify-search.png' });
  const asked = phone.waitForResponse(answer => answer.request().method() === 'POST' && answer.url().endsWith('/requests'));
  await Promise.all([asked, phone.locator('.result button').first().tap()]);
  assert.equal((await asked).status(), 201);
  assert.deepEqual(phone.errors, []);
});

/* What a member of staff may try meanwhile, so that Tempo learns how the account is. */
const look = () => house.api('GET', '/api/spotify/playlists?roomId=' + house.room.id).catch(() => null);

test('staff read on their phones what Spotify wants', async () => {
  await house.api('PATCH', '/api/tinheron/rooms/' + house.room.id, { sources: ['spotify'] });
  const page = await staff(browser, await encrypted(house), house.owner);
  const trouble = page.locator('p.banner.warn:not([hidden])');
  const table = [
    ['allowed=0', 'not_allowed', 'Spotify does not know this account in your app.'],
    ['allowed=1&mood=2', 'unreachable', 'Spotify does not answer. Tempo tries again by itself.'],
    ['mood=0', 'ready', null],
    ['revoked=1&expire=1', 'needs_sign_in', 'Reconnect Spotify on the computer that runs Tempo.'],
  ];
  for (const [change, state, words] of table) {
    await fetch(`${spotify}/switch?user=ann&${change}`);
    await until(async () => await look() === undefined || (await status()).state === state, state);
    if (words)
      await trouble.filter({ hasText: words }).first().waitFor();
    else
      await trouble.first().waitFor({ state: 'detached' });
    if (!process.env.TEMPO_SHOTS || !words)
      continue;
    for (const [look, width, height] of [['light', 360, 740], ['dark', 360, 740], ['light', 1280, 800], ['dark', 1280, 800]]) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: look });
      await page.screenshot({ path: `${process.env.TEMPO_SHOTS}/staff-${state}-${width}-${look}.png` });
    }
    await page.setViewportSize({ width: 360, height: 740 });
  }
  assert.deepEqual(await violations(page, 'needs sign-in'), []);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
