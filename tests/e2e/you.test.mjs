/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One's own account on staff's page: the password, the second step, where one is signed in. */

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before } from 'node:test';
import { House, launch, test, until } from './house.mjs';
import { PASSWORD, encrypted, staff, violations } from './staff-house.mjs';

const NEW_PASSWORD = 'another long night out';
let house;
let browser;
let address;
let people = 0;

before(async () => {
  house = await House.open();
  address = await encrypted(house);
  browser = await launch();
});

after(async () => {
  await browser.close();
  await house.close();
});

/* Somebody new for each test: what one does to an account, another need not know. */
async function somebody () {
  const username = 'person' + ++people;
  await house.api('POST', '/api/tinheron/members', { username, password: PASSWORD, role: 'member' });
  return username;
}

/* The code of an authenticator (RFC 6238) `steps` from now. */
function codeOf (secret, steps = 0) {
  const bits = [...secret.replaceAll(' ', '')].map(letter => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)));
  const moment = Buffer.alloc(8);
  moment.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac('sha1', key).update(moment).digest();
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function openYou (page) {
  await page.locator('nav.tabs button', { hasText: 'More' }).click();
  await page.locator('.choice', { hasText: 'You' }).click();
  await page.locator('.factor button').first().waitFor();
}

async function look (page, what) {
  if (process.env.TEMPO_PICTURES)
    await page.screenshot({ path: `${process.env.TEMPO_PICTURES}/you-${what}.png`, fullPage: true });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${what} is ${over} px too wide`);
  assert.deepEqual(await violations(page, what), []);
}

test('a new password keeps this phone in and puts the others out', async () => {
  const name = await somebody();
  const other = await staff(browser, address, name);
  const page = await staff(browser, address, name);
  await openYou(page);
  await page.getByRole('button', { name: 'Change your password' }).tap();
  await look(page, 'password');
  const type = async (old, fresh, again) => {
    await page.getByLabel('Your password now').fill(old);
    await page.getByLabel('New password', { exact: true }).fill(fresh);
    await page.getByLabel('The new password again').fill(again);
    await page.getByRole('button', { name: 'Save the new password' }).tap();
  };
  await type(PASSWORD, NEW_PASSWORD, 'not the same one');
  await page.locator('.error', { hasText: 'not the same' }).waitFor();
  await type('not my password', NEW_PASSWORD, NEW_PASSWORD);
  await page.locator('.error', { hasText: 'not your password' }).waitFor();
  await type(PASSWORD, NEW_PASSWORD, NEW_PASSWORD);
  await page.locator('.toast', { hasText: 'signed out everywhere else' }).waitFor();
  await other.locator('.gate', { hasText: 'Your session is over' }).waitFor();
  await page.locator('.offline').waitFor({ state: 'hidden' });
  await house.ask((await house.songs())[0], 'Ann');
  await page.locator('nav.tabs button', { hasText: 'Queue' }).tap();
  await page.locator('.player .title, section[aria-labelledby=h-queue] li').first().waitFor();
  assert.equal(await page.locator('.gate').count(), 0);
  assert.deepEqual(page.errors, []);
  await page.context().close();
  await other.context().close();
});

for (const colorScheme of ['dark', 'light'])
  test(`a second step is set up, asked for, replaced by a recovery code and turned off, ${colorScheme}`, async () => {
    const name = await somebody();
    const page = await staff(browser, address, name, { colorScheme });
    await openYou(page);
    await look(page, 'off-' + colorScheme);
    await page.getByRole('button', { name: 'Set up' }).tap();
    await page.getByRole('img', { name: 'Code for your authenticator app' }).waitFor();
    assert.match(await page.locator('.qr path').getAttribute('d'), /^M0 0h7v1h-7z/);
    assert.match(await page.getByRole('link', { name: 'Open the app' }).getAttribute('href'), /^otpauth:\/\/totp\//);
    await look(page, 'code-' + colorScheme);
    const secret = await page.locator('.key').textContent();
    await page.getByLabel('The code it shows').fill(codeOf(secret, 1000));
    await page.getByRole('button', { name: 'Turn on' }).tap();
    await page.locator('.error', { hasText: 'does not fit' }).waitFor();
    await page.getByLabel('The code it shows').fill(codeOf(secret).replace(/(...)/, '$1 '));
    await page.getByRole('button', { name: 'Turn on' }).tap();
    await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
    const codes = await page.locator('.codes li').allTextContents();
    assert.equal(new Set(codes).size, 10);
    await look(page, 'recovery-' + colorScheme);
    await page.getByRole('button', { name: 'I have kept them' }).tap();
    await page.locator('.factor', { hasText: 'On.' }).waitFor();
    await page.locator('.codes').waitFor({ state: 'detached' });

    const other = await staff(browser, address, null, { colorScheme });
    await other.getByLabel('Name', { exact: true }).fill(name);
    await other.getByLabel('Password').fill(PASSWORD);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByLabel('Code from your authenticator').fill(codes[0]);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.locator('nav.tabs').waitFor();
    await other.context().close();

    await page.getByRole('button', { name: 'Turn off' }).tap();
    await look(page, 'turn-off-' + colorScheme);
    await page.getByLabel('Your password now').fill('not my password');
    await page.locator('dialog .strong').tap();
    await page.locator('.error', { hasText: 'not your password' }).waitFor();
    await page.getByLabel('Your password now').fill(PASSWORD);
    await page.locator('dialog .strong').tap();
    await page.locator('.factor', { hasText: 'Off.' }).waitFor();
    assert.deepEqual(page.errors, []);
    await page.context().close();
  });

test('where one is signed in is listed, ended one by one and all at once', async () => {
  const name = await somebody();
  const agent = 'Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0';
  const lost = await staff(browser, address, name, { userAgent: agent });
  const third = await staff(browser, address, name);
  const page = await staff(browser, address, name);
  await openYou(page);
  const rows = page.locator('section[aria-labelledby=h-you] .row');
  await until(async () => await rows.count() === 3, 'three sessions');
  assert.match(await rows.first().textContent(), /Chrome .*here/);
  await look(page, 'sessions');
  await page.getByRole('button', { name: 'Sign out Firefox · Android' }).tap();
  await lost.locator('.gate', { hasText: 'Your session is over' }).waitFor();
  await until(async () => await rows.count() === 2, 'two sessions');
  await page.getByRole('button', { name: 'Sign out everywhere' }).tap();
  await page.locator('dialog .strong').tap();
  await page.locator('.signin').waitFor();
  await third.locator('.gate', { hasText: 'Your session is over' }).waitFor();
  for (const one of [page, lost, third])
    await one.context().close();
});

test('a house that asks for a second step leads through it', async () => {
  const name = await somebody();
  await house.api('PUT', '/api/tinheron/settings', { settings: { requireSecondFactor: 'all' } });
  const page = await staff(browser, address, null);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'One more step' }).waitFor();
  await look(page, 'gate');
  await page.getByLabel('The code it shows').fill(codeOf(await page.locator('.key').textContent()));
  await page.getByRole('button', { name: 'Turn on' }).tap();
  await page.getByRole('button', { name: 'I have kept them' }).tap();
  await page.locator('nav.tabs').waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
