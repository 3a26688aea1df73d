/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Staff's page by its encrypted address: a night worked from a phone while guests ask from theirs, four roles, what is
 * refused, what happens when the line or the session goes. */

import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';
import { House, askFor, guest, launch, test, titles, until } from './house.mjs';
import { addPeople, encrypted, signIn, staff, violations } from './staff-house.mjs';

const KILOBYTES = 80;
let house;
let browser;
let songs;
let address;

before(async () => {
  house = await House.open({ approval: true, freeText: true });
  songs = await house.songs();
  address = await encrypted(house);
  await addPeople(house);
  browser = await launch();
});

after(async () => {
  await browser.close();
  await house.close();
});

beforeEach(() => house.startEvent({ approval: true, freeText: true }));

const tab = (page, name) => page.locator('nav.tabs button', { hasText: name });
const rows = (page, pane) => page.locator(`section[aria-labelledby=h-${pane}] li`);

test('a wish goes from the guest to staff and back, live', async () => {
  const phone = await guest(browser, house);
  const page = await staff(browser, address, 'member');
  await askFor(phone, songs[0]);
  await rows(page, 'inbox').first().waitFor();
  assert.match(await rows(page, 'inbox').first().textContent(), new RegExp(songs[0].title.slice(0, 8)));
  await page.getByRole('button', { name: `Approve “${songs[0].title}”` }).tap();
  await phone.locator('.own.approved, .own.playing').waitFor();
  await page.locator('.toast', { hasText: 'On the list' }).waitFor();

  await askFor(phone, songs[1]);
  await page.getByRole('button', { name: `Decline “${songs[1].title}”` }).tap();
  await page.getByLabel('Or in your own words').fill('after midnight');
  await page.getByRole('button', { name: 'Decline', exact: true }).tap();
  await phone.locator('.own.declined', { hasText: 'after midnight' }).waitFor();
  await page.locator('.toast button', { hasText: 'Undo' }).tap();
  await phone.locator('.own.pending').waitFor();
  assert.deepEqual(page.errors.concat(phone.errors), []);
  await page.context().close();
  await phone.context().close();
});

test('the queue is worked by thumb and by keyboard', async () => {
  await house.playing(songs[0], ...songs.slice(1, 5));
  const phone = await guest(browser, house);
  const page = await staff(browser, address, 'member');
  await tab(page, 'Queue').tap();
  await rows(page, 'queue').nth(3).waitFor();
  const names = () => rows(page, 'queue').locator('.title').allTextContents();
  const last = (await names())[3];
  await page.locator('.etc').nth(3).tap();
  await page.getByRole('button', { name: 'One up' }).tap();
  await until(async () => (await names())[2] === last, 'one up');
  await rows(page, 'queue').nth(2).locator('.etc').focus();
  await page.keyboard.press('Alt+ArrowUp');
  await until(async () => (await names())[1] === last, 'up by keyboard');
  await until(async () => (await titles(phone))[1] === last, 'the guests see it');

  await page.locator('.etc').nth(1).tap();
  await page.getByRole('button', { name: 'Let it move again' }).tap();
  await page.locator('.toast', { hasText: 'moves with the others' }).waitFor();

  await page.getByRole('button', { name: 'Add a song' }).tap();
  await page.getByLabel('Song or artist').fill(songs[6].title);
  await page.getByLabel('For whom?').fill('the birthday table');
  await page.locator('dialog .song', { hasText: songs[6].title }).tap();
  await rows(page, 'queue').filter({ hasText: 'the birthday table' }).waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
  await phone.context().close();
});

test('the player, the switch and the last call reach the room', async () => {
  await house.ask(songs[0], 'Ann');
  await house.ask(songs[1], 'Max');
  const phone = await guest(browser, house);
  const page = await staff(browser, address, 'member');
  await page.getByRole('button', { name: 'Pause' }).tap();
  await phone.locator('.time', { hasText: 'Paused' }).waitFor();
  await page.getByRole('button', { name: 'Play', exact: true }).tap();
  await page.getByRole('button', { name: 'Skip' }).tap();
  await page.locator('.toast', { hasText: 'Skipped' }).waitFor();
  await page.getByRole('button', { name: 'Volume' }).tap();
  await page.locator('input[type=range]').fill('35');
  await until(async () => Math.abs((await house.api('GET', '/api/tinheron/rooms')).rooms[0].volume - 0.35) < 0.01, 'the volume');

  await tab(page, 'Room').tap();
  await page.locator('.segments label', { hasText: 'Votes only' }).tap();
  await phone.locator('.notices', { hasText: 'Votes only' }).waitFor();
  await page.locator('.segments label', { hasText: 'Open' }).tap();
  await page.getByRole('button', { name: '15 min' }).tap();
  await phone.locator('.notices', { hasText: 'Last call' }).waitFor();
  await page.getByRole('button', { name: 'Take back' }).tap();
  await phone.locator('.notices .banner').waitFor({ state: 'detached' });
  assert.deepEqual(page.errors, []);
  await page.context().close();
  await phone.context().close();
});

test('a guest is shut out and let back in', async () => {
  const phone = await guest(browser, house);
  await phone.locator('.name').tap();
  await phone.fill('#name', 'Loud Lou');
  await phone.locator('dialog .strong').tap();
  await phone.locator('dialog').waitFor({ state: 'detached' });
  const page = await staff(browser, address, 'member');
  await askFor(phone, songs[2]);
  await tab(page, 'Guests').tap();
  const lou = rows(page, 'guests').filter({ hasText: 'Loud Lou' });
  await lou.getByRole('button').tap();
  await page.getByRole('button', { name: 'Shut out for tonight' }).tap();
  await phone.locator('.notices', { hasText: 'You can ask again' }).waitFor();
  await lou.filter({ hasText: 'banned' }).getByRole('button').tap();
  await page.getByRole('button', { name: 'Let them back in' }).tap();
  await phone.locator('.notices .banner').waitFor({ state: 'detached' });
  await page.context().close();
  await phone.context().close();
});

test('each role is offered what it may do', async () => {
  await house.playing(songs[0], songs[1]);
  for (const [role, acts, rules, log] of [['viewer', false, false, false], ['member', true, false, false], ['admin', true, true, true], ['owner', true, true, true]]) {
    const page = await staff(browser, address, role);
    await tab(page, 'Queue').tap();
    await rows(page, 'queue').first().waitFor();
    assert.equal(await page.locator('.etc').first().isVisible(), acts, role + ' acts');
    await tab(page, 'Room').tap();
    assert.equal(await page.locator('.segments input').first().isEnabled(), acts, role + ' switches');
    assert.equal(await page.locator('summary', { hasText: 'Rules' }).count() > 0, rules, role + ' rules');
    await tab(page, 'More').tap();
    assert.equal(await page.locator('.choice', { hasText: 'Log' }).count() > 0, log, role + ' log');
    if (log) {
      await page.locator('.choice', { hasText: 'Log' }).tap();
      await rows(page, 'log').first().waitFor();
      await page.getByLabel('Find in the log').fill('member_create');
      await until(async () => (await rows(page, 'log').allTextContents()).every(text => text.includes('Added a person')), 'only those');
    }
    assert.deepEqual(page.errors, [], role);
    await page.context().close();
  }
});

test('announcements are said now, by the clock and no more', async () => {
  const { display: tv } = await house.api('POST', `/api/${house.slug}/displays`, { roomId: house.room.id, name: 'TV' });
  const screen = await (await browser.newContext()).newPage();
  await screen.goto(`${house.url}/d/${tv.token}`);
  const page = await staff(browser, address, 'admin');
  await tab(page, 'Room').tap();
  await page.locator('summary', { hasText: 'Announcements' }).tap();
  const now = page.locator('form', { has: page.getByRole('button', { name: 'Show it now' }) });
  await now.getByRole('button', { name: 'Show it now' }).tap();
  await now.locator('.error', { hasText: 'Write what the display should say.' }).waitFor();
  await now.getByLabel('What the display says').fill('Quiz <b>at ten</b>');
  await now.getByRole('button', { name: 'Show it now' }).tap();
  await screen.locator('.announcement', { hasText: 'Quiz <b>at ten</b>' }).waitFor();

  /* The host's answer comes late: what is written meanwhile stays. */
  const add = page.locator('form', { has: page.getByRole('button', { name: 'Add', exact: true }) });
  let answer;
  const held = new Promise(resolve => { answer = resolve; });
  await page.route('**/settings', async route => { await held; await route.continue(); });
  await page.getByRole('button', { name: 'Take it off the display' }).tap();
  await add.getByLabel('What the display says').fill('Night bus at one');
  answer();
  await screen.locator('.announcement', { hasText: 'Quiz' }).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Take it off the display' }).waitFor({ state: 'hidden' });
  await page.unroute('**/settings');
  assert.equal(await now.getByLabel('What the display says').inputValue(), '');
  for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])
    await add.getByLabel(day).setChecked(false);
  await add.getByRole('button', { name: 'Add', exact: true }).tap();
  await add.locator('.error', { hasText: 'Choose at least one day.' }).waitFor();
  await add.getByLabel('Friday').setChecked(true);
  await add.getByLabel('Saturday').setChecked(true);
  await add.getByLabel('From, hours and minutes').fill('23:00');
  await add.getByLabel('Until, hours and minutes').fill('01:00');
  await add.getByRole('button', { name: 'Add', exact: true }).tap();
  const row = page.locator('details li', { hasText: 'Night bus at one' });
  await row.filter({ hasText: 'Fri, Sat · 23:00–01:00' }).waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('details input[type=text]')].every(input => input.value === ''));
  const path = `/api/${house.slug}/rooms/${house.room.id}/settings`;

  /* Somebody else's announcement of meanwhile is not lost by one of ours. */
  await house.api('PUT', path, { settings: { announcements: ['Fri,Sat 23:00-01:00 Night bus at one', 'Mon 20:00-21:00 Quiz at eight'] } });
  await add.getByLabel('What the display says').fill('Last orders');
  await add.getByRole('button', { name: 'Add', exact: true }).tap();
  await page.locator('details li', { hasText: 'Last orders' }).waitFor();
  assert.deepEqual((await house.api('GET', path)).settings.announcements.map(line => line.replace(/^.*:\d\d /, '')), ['Night bus at one', 'Quiz at eight', 'Last orders']);
  for (const text of ['Last orders', 'Quiz at eight']) {
    await page.getByRole('button', { name: `Remove “${text}”` }).tap();
    await page.locator('details li', { hasText: text }).waitFor({ state: 'detached' });
  }
  assert.deepEqual((await house.api('GET', path)).settings.announcements, ['Fri,Sat 23:00-01:00 Night bus at one']);
  assert.deepEqual(await violations(page, 'announcements'), []);
  await row.getByRole('button', { name: 'Remove “Night bus at one”' }).tap();
  await row.waitFor({ state: 'detached' });
  assert.deepEqual((await house.api('GET', path)).settings.announcements, []);
  assert.deepEqual(page.errors, []);
  await page.context().close();
  await screen.context().close();
});

/* What the server refuses stands on the page in a sentence, whichever reason it was. */
test('a refusal is a sentence on the page, never a code', async () => {
  const page = await staff(browser, address, 'admin');
  const refusals = [
    [422, 'invalid'], [404, 'not_found'], [409, 'conflict'], [409, 'event_active'], [409, 'last_owner'], [403, 'forbidden'], [429, 'rate'], [503, 'storage'], [409, 'nothing_to_undo'], [402, 'licence_limit'], [409, 'state'], [500, 'a_code_of_tomorrow'],
  ];
  let answer;
  let refused = 0;
  await page.route('**/api/*/rooms/*', route => {
    refused++;
    return route.fulfill(answer);
  });
  await tab(page, 'Room').tap();
  for (const [status, code] of refusals) {
    answer = { status, contentType: 'application/problem+json', body: JSON.stringify({ code, status }) };
    await page.evaluate(() => document.getElementById('toasts').replaceChildren());
    await page.locator('.segments label', { hasText: 'Votes only' }).tap();
    const said = await page.locator('.toast').textContent();
    assert.match(said, /^[A-Z].* .*\.$/, code);
    assert.ok(!said.includes('_'), said);
  }
  assert.equal(refused, refusals.length);
  await page.context().close();
});

test('the log says who did what in words, by kind and page by page', async () => {
  const page = await staff(browser, address, 'owner');
  await house.ask(songs[0], 'Ann');
  await house.api('PATCH', `/api/${house.slug}/rooms/${house.room.id}`, { wifiSsid: 'Heron', wifiPassword: 'open sesame' });
  for (let i = 0; i < 60; i++)
    await house.api('PUT', `/api/${house.slug}/settings`, { settings: { contact: 'Number ' + i } });
  await tab(page, 'More').tap();
  await page.locator('.choice', { hasText: 'Log' }).tap();
  await rows(page, 'log').filter({ hasText: 'Changed a setting: Contact' }).first().waitFor();
  assert.equal(await rows(page, 'log').count(), 50);
  await page.getByRole('button', { name: 'Show more' }).tap();
  await rows(page, 'log').filter({ hasText: `Asked for a song: ${songs[0].title}` }).filter({ hasText: 'owner' }).first().waitFor();
  assert.ok(await rows(page, 'log').count() > 60);
  /* All of one day, said once, whatever page an entry came with. */
  assert.match((await page.locator('.log h3').allTextContents()).join(), /^Today(,Yesterday)?$/);
  await page.getByLabel('What to show').selectOption({ label: 'Requests' });
  await until(async () => (await rows(page, 'log').allTextContents()).every(text => !text.includes('Changed a setting')), 'requests only');
  await page.getByLabel('What to show').selectOption({ label: 'Settings' });
  await page.getByLabel('Find in the log').fill('wifi');
  await rows(page, 'log').filter({ hasText: `Changed a room: ${house.room.name} · Password of the Wi-Fi` }).filter({ hasText: 'kept secret' }).waitFor();
  const shown = (await rows(page, 'log').allTextContents()).join(' ');
  assert.ok(!/sesame|wifiSsid|room_edit|[0-9a-f]{8}-[0-9a-f]{4}/.test(shown), shown);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('rules of the night change by a tap', async () => {
  const page = await staff(browser, address, 'admin');
  await tab(page, 'Room').tap();
  await page.locator('summary', { hasText: 'Rules' }).tap();
  await page.locator('.toggle', { hasText: 'Explicit songs' }).locator('input').setChecked(false);
  await until(async () => (await house.api('GET', `/api/rooms/${house.room.code}`)).event.rules.allowExplicit === false, 'the rule');
  await page.context().close();
});

test('a wrong password is said, and a stranger to the house is turned away', async () => {
  const page = await staff(browser, address, null);
  await page.getByLabel('Name', { exact: true }).fill('owner');
  await page.getByLabel('Password').fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).tap();
  await page.locator('.error', { hasText: 'do not match' }).waitFor();
  await page.context().close();
});

test('without a line the page says so and catches up', async () => {
  await house.playing(songs[0]);
  const page = await staff(browser, address, 'member');
  await tab(page, 'Queue').tap();
  await page.context().setOffline(true);
  await page.locator('.offline:not([hidden])').waitFor();
  await house.ask(songs[1], 'Max');
  await house.ask(songs[2], 'Kim');
  await page.context().setOffline(false);
  await page.locator('.offline').waitFor({ state: 'hidden' });
  await rows(page, 'queue').filter({ hasText: 'Kim' }).waitFor();
  await page.context().close();
});

test('who signs out elsewhere signs in again and goes on', async () => {
  const page = await staff(browser, address, 'member');
  await page.evaluate(() => fetch('/api/auth/logout', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' }));
  await page.locator('.gate', { hasText: 'Your session is over' }).waitFor();
  await signIn(page, 'member');
  await page.locator('.player').waitFor();
  const cookies = await page.context().cookies();
  const session = cookies.filter(cookie => cookie.name === 'tempo_session')[0];
  assert.ok(session.secure && session.httpOnly && session.sameSite === 'Strict');
  await page.context().close();
});

test('words of guests stay words', async () => {
  const evil = '<img src=x onerror=alert(1)>';
  await house.playing(songs[0]);
  await house.ask(songs[1], evil);
  const page = await staff(browser, address, 'member');
  await tab(page, 'Queue').tap();
  await rows(page, 'queue').filter({ hasText: '<img' }).first().waitFor();
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

for (const colorScheme of ['dark', 'light'])
  for (const [what, width, height] of [['phone', 360, 740], ['tablet', 768, 1024], ['laptop', 1280, 800]])
    test(`axe finds nothing, ${what}, ${colorScheme}`, async () => {
      await house.playing(songs[0], songs[1], songs[2]);
      const options = { colorScheme, viewport: { width, height }, isMobile: what === 'phone', hasTouch: what === 'phone' };
      const gate = await staff(browser, address, null, options);
      await gate.locator('.gate').waitFor();
      const found = await violations(gate, 'sign in');
      await gate.context().close();
      const page = await staff(browser, address, 'owner', options);
      const look = async name => {
        found.push(...await violations(page, name));
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0)
          found.push(`${name}: ${over} px too wide`);
      };
      await page.locator('.player').waitFor();
      await look('inbox');
      if (what === 'phone')
        await tab(page, 'Queue').click();
      await page.locator('.etc').nth(1).click();
      await look('song');
      await page.getByRole('button', { name: 'Close', exact: true }).click();
      for (const name of ['Guests', 'Room', 'More']) {
        await tab(page, name).click();
        await look(name);
      }
      for (const name of ['Log', 'People', 'Settings']) {
        await tab(page, 'More').click();
        await page.locator('.choice', { hasText: name }).click();
        await page.locator('section.pane:not([hidden]) h2', { hasText: name }).waitFor();
        await look(name);
      }
      assert.deepEqual(found, []);
      await page.context().close();
    });

test('what a thumb has to hit is 44 px high and wide, and twice the text fits', async () => {
  for (const song of songs.slice(0, 4))
    await house.ask(song, 'Ann');
  const page = await staff(browser, address, 'owner', { viewport: { width: 360, height: 740 } });
  for (const name of ['Inbox', 'Queue', 'Guests', 'Room', 'More']) {
    await tab(page, name).tap();
    const small = await page.evaluate(() => [...document.querySelectorAll('button, a[href]:not(.skip), select')].filter(part => part.offsetParent && !part.closest('.lang'))
      .map(part => ({ name: part.className || part.textContent, box: part.getBoundingClientRect() }))
      .filter(part => part.box.height < 43.9 || part.box.width < 43.9).map(part => `${part.name} ${part.box.width}×${part.box.height}`));
    assert.deepEqual(small, [], name);
  }
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  for (const name of ['Inbox', 'Queue', 'Guests', 'Room', 'More']) {
    await tab(page, name).tap();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${name} is ${over} px too wide`);
  }
  await page.context().close();
});

test(`the page is at most ${KILOBYTES} KB before compression`, async t => {
  for (const locale of ['en', 'de', 'es', 'fr']) {
    const context = await browser.newContext({ locale, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const parts = {};
    page.on('response', response => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith('/assets/') || response.request().resourceType() === 'document')
        parts[pathname] = response.body().then(body => body.length, () => 0);
    });
    await page.goto(address + '/tinheron/staff');
    await page.locator('.gate').waitFor();
    /* The sentences of one language ride in the page; how long they are is the translator's. */
    let all = -await page.evaluate(() => new TextEncoder().encode(document.getElementById('catalog').textContent).length);
    for (const name of Object.keys(parts))
      all += await parts[name];
    t.diagnostic(`${locale}: ${all} bytes without its sentences, ${Object.keys(parts).length} files`);
    assert.ok(all > 20_000 && all <= KILOBYTES * 1024, `${locale}: ${all} bytes`);
    await context.close();
  }
});
