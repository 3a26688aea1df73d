/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person signs in at the stand-in's page through the address that Tempo gave, and the room's phones see what the
 * account plays. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';
import { House, guest, launch, once, test, until } from './house.mjs';

let house;
let browser;
let standIn;

/* The first line that a program prints. */
function line (child, found) {
  return new Promise((resolve, reject) => {
    child.once('exit', code => reject(new Error(`ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', text => { if (found.test(text)) resolve(text.match(found)[1]); });
  });
}

before(async () => {
  standIn = spawn(process.env.SPOTIFY_STAND_IN, [], { stdio: ['ignore', 'pipe', 'inherit'] });
  const address = await line(standIn, /^(http:\S+)/);
  house = await House.open({}, async (folder, port) => {
    const child = spawn(process.env.TEMPOD, ['serve', '--data-dir', folder, '--address', '127.0.0.1', '--port', String(port), '--no-rate-limit',
                                             '--spotify-accounts-url', address, '--spotify-api-url', address + '/v1'],
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
