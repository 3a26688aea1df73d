/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operator's page, and the pages behind links. */

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { House, launch, open as openPage, test, until } from './house.mjs';
import { PASSWORD, addPeople, encrypted, violations } from './staff-house.mjs';

let house;
let browser;
let address;

before(async () => {
  house = await House.open();
  address = await encrypted(house);
  await addPeople(house);
  browser = await launch();
});

after(async () => {
  await browser.close();
  await house.close();
});

const open = (path, options) => openPage(browser, address + path, { viewport: { width: 1280, height: 800 }, ignoreHTTPSErrors: true, ...options });

async function signIn (page, username) {
  await page.getByLabel('Name', { exact: true }).fill(username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('the operator makes, renames, closes and opens an organization', async () => {
  const page = await open('/admin');
  await signIn(page, 'owner');
  const card = name => page.locator('.org', { has: page.locator('h3', { hasText: name }) });
  await card('The Tin Heron').waitFor();
  await page.getByRole('button', { name: 'New organization' }).click();
  await page.getByLabel('Name', { exact: true }).fill('The Yard <b>');
  await page.getByLabel('Address').fill('yard');
  await page.getByLabel('Name of its owner').fill('bob');
  await page.getByLabel('Password of its owner').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await card('The Yard <b>').waitFor();
  assert.equal(await page.locator('h3 b').count(), 0);

  await page.getByRole('button', { name: 'More about The Yard' }).click();
  await page.getByLabel('Name', { exact: true }).fill('The Court');
  await page.getByRole('button', { name: 'Rename' }).click();
  await card('The Court').waitFor();

  await page.getByRole('button', { name: 'More about The Court' }).click();
  await page.getByRole('button', { name: 'Close it' }).click();
  await page.locator('dialog .strong').click();
  await card('The Court').filter({ hasText: 'closed' }).waitFor();
  await until(async () => (await fetch(house.url + '/yard/staff')).status === 404, 'the closed one is not there');
  await page.getByRole('button', { name: 'More about The Court' }).click();
  await page.getByRole('button', { name: 'Open it again' }).click();
  await page.locator('.org.off').waitFor({ state: 'detached' });
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('the operator sees what a house used, as a picture and as a table, and what ails it', async () => {
  const day = back => new Date(Date.now() - back * 86400000).toISOString().slice(0, 10);
  const watch = async context => {
    await context.route('**/api/tinheron/usage?*', route => route.fulfill({ contentType: 'application/json', body: JSON.stringify({
      from: day(31), to: day(0), quotas: [], usage: [{ day: day(3), requests: 41, guests: 12, storageBytes: 5 * 1048576 }, { day: day(1), requests: 68, guests: 30, storageBytes: 6 * 1048576 }] }) }));
    await context.route('**/api/installation', async route => {
      const answer = await route.fetch();
      const data = await answer.json();
      const { id } = (await (await fetch(house.url + '/api/organizations', { headers: { Authorization: 'Bearer ' + house.token } })).json()).organizations.find(one => one.slug === 'tinheron');
      data.health = [{ code: 'backup', level: 'warning', text: 'raw text', organization: 'The Tin Heron', organizationId: id }];
      await route.fulfill({ response: answer, json: data });
    });
  };
  const page = await open('/admin', { watch, viewport: { width: 360, height: 740 } });
  await signIn(page, 'owner');
  await page.locator('.org .ill', { hasText: 'The last backup did not work.' }).waitFor();
  await page.getByRole('button', { name: 'More about The Tin Heron' }).click();
  await page.getByRole('button', { name: 'Usage and health' }).click();
  await page.locator('dialog').getByText('The last backup did not work.').waitFor();
  await page.getByRole('img', { name: /^Songs asked for: most on .*, 68$/ }).waitFor();
  assert.equal(await page.locator('.usage rect').count(), 31);
  await page.getByLabel('What to show').selectOption({ label: 'Space, in MB' });
  await page.getByRole('img', { name: /^Space, in MB: most on .*, 6$/ }).waitFor();
  await page.locator('summary', { hasText: 'As a table' }).click();
  assert.equal(await page.locator('.figures tbody tr').count(), 31);
  assert.match(await page.locator('.figures tbody tr').nth(1).textContent(), /6$/);
  await page.getByLabel('How far back').selectOption({ label: 'A year' });
  await until(async () => await page.locator('.usage rect').count() === 365, 'a year');
  await page.locator('summary', { hasText: 'As a table' }).click();
  assert.equal(await page.locator('.figures tbody tr').count(), 31, 'a table of a year comes page by page');
  await page.getByRole('button', { name: 'Show more' }).click();
  assert.equal(await page.locator('.figures tbody tr').count(), 62);
  assert.deepEqual(await violations(page, 'usage'), []);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${over} px too wide`);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('nobody else sees anything of it', async () => {
  for (const username of ['viewer', 'member', 'admin']) {
    const page = await open('/admin');
    await signIn(page, username);
    await page.locator('.gate', { hasText: 'for who runs this installation' }).waitFor();
    assert.equal(await page.locator('.org').count(), 0);
    await page.context().close();
  }
});

for (const colorScheme of ['dark', 'light'])
  for (const [what, width, height] of [['phone', 360, 740], ['tablet', 768, 1024], ['laptop', 1280, 800]])
    test(`axe finds nothing, ${what}, ${colorScheme}`, async () => {
      const page = await open('/admin', { colorScheme, viewport: { width, height } });
      await page.locator('.gate').waitFor();
      const found = await violations(page, 'sign in');
      await signIn(page, 'owner');
      await page.locator('.org').first().waitFor();
      found.push(...await violations(page, 'admin'));
      await page.locator('.org .round').first().click();
      found.push(...await violations(page, 'one'));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${over} px too wide`);
      assert.deepEqual(found, []);
      await page.context().close();
    });

test('somebody is invited by link, joins, and is on the list', async () => {
  const boss = await open('/tinheron/staff', { viewport: { width: 360, height: 740 } });
  await signIn(boss, 'owner');
  await boss.locator('nav.tabs button', { hasText: 'More' }).click();
  await boss.locator('.choice', { hasText: 'People' }).click();
  await boss.getByRole('button', { name: 'Invite somebody' }).click();
  await boss.getByLabel('Role').selectOption('member');
  await boss.getByRole('button', { name: 'Make a link' }).click();
  const link = await boss.getByRole('textbox', { name: 'Link' }).inputValue();
  assert.match(link, /^https:\/\/.*\/invite\/\S{20,}$/);
  const page = await open(new URL(link).pathname);
  await page.getByRole('heading', { name: 'Join The Tin Heron' }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill('newcomer');
  await page.getByLabel('Password', { exact: true }).fill('a good long one');
  await page.getByLabel('The same password again').fill('a good long one');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.waitForURL('**/tinheron/staff');
  await page.locator('.player').waitFor();
  const again = await open(new URL(link).pathname);
  await again.getByRole('heading', { name: 'This link does not work any more.' }).waitFor();
  assert.deepEqual(boss.errors.concat(page.errors), []);
  for (const one of [boss, page, again])
    await one.context().close();
});

test('statistics show the night', async () => {
  const songs = await house.songs();
  await house.ask(songs[0], 'Ann');
  await house.ask(songs[1], 'Max');
  const page = await open('/tinheron/staff');
  await signIn(page, 'owner');
  for (const name of ['Statistics', 'Usage']) {
    await page.locator('nav.tabs button', { hasText: 'More' }).click();
    await page.locator('.choice', { hasText: name }).click();
    await page.locator('section.pane .tiles:visible, section.pane .card:visible, section.pane .empty:visible').first().waitFor();
    assert.deepEqual(await violations(page, name), []);
  }
  await page.locator('nav.tabs button', { hasText: 'More' }).click();
  await page.locator('.choice', { hasText: 'Statistics' }).click();
  await page.locator('.bars', { hasText: songs[0].title }).waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

/* What the host answers to a link is played here, so that this is about the page. */
function links (context, answers) {
  return context.route(/\/api\/(invitations|resets)\//, route => {
    const [status, body] = answers[route.request().method()];
    return route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
  });
}

test('an invitation is accepted', async () => {
  const page = await open('/invite/abc', { watch: one => links(one, { GET: [200, { organization: { slug: 'tinheron', name: 'The Tin Heron' }, role: 'member' }], POST: [201, {}] }) });
  await page.getByRole('heading', { name: 'Join The Tin Heron' }).waitFor();
  assert.deepEqual(await violations(page, 'invite'), []);
  await page.getByLabel('Name', { exact: true }).fill('kim');
  await page.getByLabel('Password', { exact: true }).fill('a good long one');
  await page.getByLabel('The same password again').fill('another one here');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.locator('.error', { hasText: 'not the same' }).waitFor();
  await page.getByLabel('The same password again').fill('a good long one');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.waitForURL('**/tinheron/staff');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a used link says so', async () => {
  for (const path of ['/invite/abc', '/reset/abc']) {
    const page = await open(path, { watch: one => links(one, { GET: [410, { code: 'used_up', title: 'x' }] }) });
    await page.getByRole('heading', { name: 'This link does not work any more.' }).waitFor();
    assert.deepEqual(await violations(page, path), []);
    await page.context().close();
  }
});

test('a new password is chosen', async () => {
  const page = await open('/reset/abc', { watch: one => links(one, { GET: [200, { organization: { slug: 'tinheron', name: 'The Tin Heron' }, username: 'kim' }], POST: [200, {}] }) });
  await page.getByText('For kim.').waitFor();
  await page.getByLabel('Password', { exact: true }).fill('a good long one');
  await page.getByLabel('The same password again').fill('a good long one');
  await page.getByRole('button', { name: 'Save the new password' }).click();
  await page.waitForURL('**/tinheron/staff');
  await page.context().close();
});
