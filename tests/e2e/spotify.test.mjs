/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person signs in at the stand-in's page through the address that Tempo gave, and the room's phones see what the
 * account plays. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';
import { DEADLINE, House, end, guest, launch, test, until } from './house.mjs';
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

/* tempod beside the stand-in. */
async function serve (folder, port) {
  const child = spawn(process.env.TEMPOD, ['serve', '--data-dir', folder, '--address', '127.0.0.1', '--port', String(port), '--tls-port', '0', '--no-rate-limit',
                                           '--spotify-accounts-url', spotify, '--spotify-api-url', spotify + '/v1'],
                      { stdio: ['ignore', 'pipe', 'inherit'] });
  return { child, url: await line(child, /^Listening on (http:\S+?)\/?$/) };
}

before(async () => {
  standIn = spawn(process.env.SPOTIFY_STAND_IN, [], { stdio: ['ignore', 'pipe', 'inherit'] });
  spotify = await line(standIn, /^(http:\S+)/);
  house = await House.open({}, serve);
  browser = await launch();
});

after(async () => {
  await browser.close();
  await house.close();
  await end(standIn);
});

const status = () => house.api('GET', '/api/organizations/tinheron/spotify/status');
const begin = async () => (await house.api('POST', '/api/organizations/tinheron/spotify/auth', { clientId: 'client1' })).authorizeUrl;

test('no leaves it as it was', async () => {
  const page = await browser.newPage({ locale: 'en-GB' });
  await page.goto(await begin());
  await page.click('#no');
  await page.locator('h1', { hasText: 'not connected' }).waitFor();
  assert.equal((await status()).state, 'disconnected');
  await page.close();
});

test('yes connects, and the phones see what plays', async () => {
  const page = await browser.newPage({ locale: 'en-GB' });
  await page.goto(await begin());
  await page.click('#yes');
  await page.locator('h1', { hasText: /^Spotify is connected$/ }).waitFor();
  assert.match(await page.textContent('main'), /You can close this window/);
  assert.deepEqual((await status()).account, { id: 'acc-ann', name: "ann's account" });
  if (process.env.TEMPO_SHOTS)
    await page.screenshot({ path: process.env.TEMPO_SHOTS + '/spotify-connected.png' });
  await page.close();

  await house.api('PATCH', '/api/tinheron/rooms/' + house.room.id, { sources: ['spotify', 'library'] });
  const phone = await guest(browser, house);
  await phone.locator('.now .title', { hasText: 'Lanterns' }).waitFor();
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

const picture = url => fetch(new URL(url, house.url)).then(answer => answer.status + ' ' + answer.headers.get('content-type'));

test('killed and started again, the queue keeps its pictures', async () => {
  const queue = async () => (await house.api('GET', '/api/rooms/' + house.room.code)).queue;
  const { port } = new URL(house.url);
  const [wish] = await queue();
  assert.equal(await picture(wish.song.artworkUrl), '200 image/png');

  await end(house.child, 'SIGKILL');
  Object.assign(house, await serve(house.folder, port));
  await house.signIn();
  assert.deepEqual((await queue())[0].song, wish.song);
  assert.equal(await picture(wish.song.artworkUrl), '200 image/png');
  assert.match(await picture(wish.song.artworkUrl.replace(/[0-9a-f]{8}$/, '00000000')), /^404/);

  /* Asked for again by its id, it is the same wish: nobody has to search for it anew. */
  const phone = await guest(browser, house);
  const again = await phone.evaluate(([path, songId]) => fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ songId }) }).then(answer => answer.json().then(body => [answer.status, body.merged])),
                                     [`/api/rooms/${house.room.code}/requests`, wish.song.id]);
  assert.deepEqual(again, [200, true]);
  await phone.context().close();

  /* Without a keyring the grant is gone: signed in again, all goes on. */
  await until(async () => (await status()).state === 'needs_sign_in', 'it asks for the sign-in');
  const page = await browser.newPage({ locale: 'en-GB' });
  await page.goto(await begin());
  await page.click('#yes');
  await page.locator('h1', { hasText: /^Spotify is connected$/ }).waitFor();
  await page.close();
});

/* What a member of staff may try meanwhile, so that Tempo learns how the account is. */
const look = () => house.api('GET', '/api/spotify/playlists?roomId=' + house.room.id).catch(() => null);

test('staff read on their phones what Spotify wants', { timeout: 8 * DEADLINE }, async () => {
  await house.api('PATCH', '/api/tinheron/rooms/' + house.room.id, { sources: ['spotify'] });
  const page = await staff(browser, await encrypted(house), house.owner);
  /* Whoever shows a song of Spotify's names it. */
  await page.locator('.player', { hasText: 'The Stand-ins · Spotify' }).waitFor();
  assert.match(await page.locator('.player .from').getAttribute('href'), /^https:\/\/open\.spotify\.com\/track\/\w+$/);
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
      /* Whoever looked at what plays during the trouble looks again after half a minute, or a whole one. */
      await trouble.first().waitFor({ state: 'detached', timeout: 3 * DEADLINE });
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
