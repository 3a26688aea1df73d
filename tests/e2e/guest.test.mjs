/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a guest does in a night, in a real browser against the real server. */

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { House, askFor, guest, launch, search, tapFor, test, titles, until } from './house.mjs';

let house;
let browser;
let songs;
const phones = [];

async function phone (options) {
  const page = await guest(browser, house, options);
  phones.push(page);
  return page;
}

before(async () => {
  house = await House.open();
  songs = await house.songs();
  browser = await launch();
});

after(async () => {
  await browser.close();
  await house.close();
});

beforeEach(() => house.startEvent());

afterEach(async () => {
  const errors = phones.flatMap(page => page.errors);
  await Promise.all(phones.splice(0).map(page => page.context().close()));
  assert.deepEqual(errors, []);
});

test('scans, searches, asks and sees the place', async () => {
  await house.playing(songs[0], songs[1]);
  const page = await phone();
  await page.locator('.queue .row').first().waitFor();
  await search(page, songs[3].title.toLowerCase());
  await askFor(page, songs[3]);
  await page.locator('.own').waitFor();
  assert.match(await page.locator('.own .state').textContent(), /^(\d+(st|nd|rd|th), |You're next, )?in|^You're next|^\d/);
  assert.match(await page.locator('.toast').textContent(), /^You're on the list: |^Already/);
  assert.equal(await page.locator('.left-words').textContent(), '2 of 3 left');
  assert.equal(await page.locator('#q').inputValue(), '');
});

test('shows the line the house has for its guests, as it changes', async () => {
  const greet = welcome => house.api('PUT', `/api/${house.slug}/settings`, { settings: { welcome } });
  const page = await phone();
  const line = page.locator('#welcome');
  assert.equal(await line.isVisible(), false);
  await greet('Happy hour <b>till</b> nine');
  await line.filter({ hasText: 'Happy hour <b>till</b> nine' }).waitFor();
  await greet(null);
  await line.waitFor({ state: 'hidden' });
});

test('takes a wish back with the toast and with the button', async () => {
  await house.playing(songs[0]);
  const page = await phone();
  await askFor(page, songs[2]);
  await page.locator('.own').waitFor();
  await page.locator('.toast button').tap();
  await page.locator('.own').waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.querySelector('.left-words').textContent === '3 of 3 left');

  await askFor(page, songs[2]);
  await page.locator('.own button').tap();
  await page.locator('.own').waitFor({ state: 'detached' });
  await page.locator('.toast button', { hasText: 'Undo' }).tap();
  await page.locator('.own').waitFor();
});

test('a wish taken back goes for good when nobody undoes it, and when the page is left', async () => {
  await house.playing(songs[0]);
  const waiting = async () => (await house.api('GET', '/api/rooms/' + house.room.code)).queue.map(request => request.song.title);
  const page = await phone({ asForPeople: true });
  await askFor(page, songs[2]);
  await page.locator('.own button').tap();
  await page.waitForFunction(title => ![...document.querySelectorAll('.queue .title')].some(other => other.textContent === title), songs[2].title);

  const other = await phone();
  await askFor(other, songs[3]);
  await other.locator('.own button').tap();
  await other.locator('.own').waitFor({ state: 'detached' });
  assert.deepEqual(await waiting(), [songs[3].title]);
  await other.goto('about:blank');
  await until(async () => !(await waiting()).length, 'the wish is gone');
});

test('two phones: one votes, the other sees it; nobody votes for their own', async () => {
  await house.playing(songs[0]);
  const one = await phone();
  const two = await phone();
  await askFor(one, songs[1]);
  await askFor(one, songs[2]);
  const row = page => page.locator('.queue .row', { hasText: songs[2].title });
  await row(two).locator('.vote').tap();
  await two.locator('.vote[aria-pressed=true] .count', { hasText: '1' }).waitFor();
  await row(one).locator('.count', { hasText: '1' }).waitFor();
  assert.ok(await row(one).locator('.vote').isDisabled());
  /* By votes, what was voted for comes first, behind the next song, which is locked. */
  await until(async () => (await titles(one)).slice(0, 2).includes(songs[2].title), 'what was voted for comes first');
  await until(async () => isDeepStrictEqual(await titles(one), await titles(two)), 'both phones show the same order');
  await row(two).locator('.vote').tap();
  await row(one).locator('.count', { hasText: /^$/ }).waitFor({ state: 'attached' });
});

test('a second wish for a song becomes a vote', async () => {
  await house.playing(songs[0], songs[1]);
  const page = await phone();
  await askFor(page, songs[1]);
  await page.locator('.toast', { hasText: 'Already on the list.' }).waitFor();
  await page.locator('.vote[aria-pressed=true]').waitFor();
  assert.equal(await page.locator('.own').count(), 0);
});

test('the limit is said where it is met, and what is left survives a reload', async () => {
  await house.rules({ perGuest: 1 });
  await house.playing(songs[0]);
  const page = await phone();
  await askFor(page, songs[1]);
  await page.locator('.own').waitFor();
  await askFor(page, songs[2]);
  await page.locator('.result .error:not([hidden])', { hasText: 'You have 1 song waiting.' }).waitFor();
  await page.reload();
  await page.locator('.own').waitFor();
  assert.match(await page.locator('.left-words').textContent(), /^The next one opens /);
});

test('a refusal is said also when the list changed while it was on its way', async () => {
  await house.rules({ perGuest: 1 });
  await house.playing(songs[0]);
  const page = await phone();
  await askFor(page, songs[1]);
  await page.locator('.own').waitFor();
  let release;
  await page.route('**/requests', async route => {
    await new Promise(resolve => { release = resolve; });
    await route.continue();
  });
  await tapFor(page, songs[2]);
  await search(page, songs[2].title.slice(0, 3));
  await until(() => release, 'the wish is on its way');
  release();
  await page.locator('.result .error:not([hidden])', { hasText: 'You have 1 song waiting.' }).waitFor();

  release = null;
  await tapFor(page, songs[3]);
  await search(page, 'xyzzy nowhere');
  await until(() => release, 'the wish is on its way');
  release();
  await page.locator('.toast', { hasText: 'You have 1 song waiting.' }).waitFor();
});

test('waits for the host, is declined with a reason, and puts it away', async () => {
  await house.rules({ approval: true });
  const page = await phone();
  await askFor(page, songs[4]);
  await page.locator('.own.pending .state', { hasText: 'Asked. The host will have a look.' }).waitFor();
  const { requests } = await house.api('GET', '/api/tinheron/requests');
  const wish = requests.find(request => request.status === 'pending' && request.song.title === songs[4].title);
  await house.api('PATCH', '/api/tinheron/requests/' + wish.id, { status: 'declined', reason: 'we keep that one for the last hour' });
  await page.locator('.own.declined .state', { hasText: 'Not tonight: we keep that one for the last hour' }).waitFor();
  await page.locator('.own button').tap();
  await page.locator('.own').waitFor({ state: 'detached' });
  await page.reload();
  await page.locator('.queue').waitFor();
  assert.equal(await page.locator('.own').count(), 0);
});

test('sleeps and wakes: keeps the last data, says so, catches up', async () => {
  await house.playing(songs[0], songs[1]);
  const page = await phone();
  await page.locator('.queue .row').first().waitFor();
  await page.context().setOffline(true);
  await page.locator('.offline', { hasText: 'No connection to the venue. This is how it looked a moment ago.' }).waitFor();
  assert.ok((await titles(page)).length > 0);
  await house.ask(songs[5], 'Zoë');
  await page.context().setOffline(false);
  await page.locator('.queue .title', { hasText: songs[5].title }).waitFor();
  await page.locator('.offline').waitFor({ state: 'hidden' });
});

test('outlives a crash of the server with the same list', async () => {
  await house.playing(songs[0]);
  const page = await phone();
  await askFor(page, songs[1]);
  await askFor(page, songs[2]);
  await page.locator('.own').nth(1).waitFor();
  const before = await page.locator('.own').count();
  assert.equal(before, 2);
  const restart = await house.crash();
  await page.locator('.offline').waitFor();
  await restart();
  await page.locator('.offline').waitFor({ state: 'hidden' });
  assert.equal(await page.locator('.own').count(), before);
});

test('keeps a name, and forgets it when asked', async () => {
  await house.playing(songs[0]);
  const page = await phone();
  await page.locator('.name').tap();
  await page.fill('#name', 'Zoë');
  await page.locator('dialog .strong').tap();
  await page.locator('.name', { hasText: 'You are Zoë' }).waitFor();
  await askFor(page, songs[6]);
  await page.locator('.own').waitFor();
  await page.reload();
  await page.locator('.name', { hasText: 'You are Zoë' }).waitFor();
  await page.locator('.tools button').tap();
  await page.locator('dialog .strong', { hasText: 'Forget me' }).tap();
  await page.locator('.name', { hasNotText: 'Zoë' }).waitFor();
  assert.equal(await page.locator('.own').count(), 0);
});

test('a dedication travels with the wish when the rules allow it', async () => {
  const page = await phone();
  await page.locator('#q').tap();
  await page.locator('.results .quiet', { hasText: 'Add a dedication' }).tap();
  await page.fill('#note', 'for the birthday table');
  await askFor(page, songs[2]);
  await page.locator('.toast').waitFor();
  const { requests } = await house.api('GET', '/api/tinheron/requests');
  assert.ok(requests.some(request => request.message === 'for the birthday table'));
  await house.rules({ messages: false });
  await page.locator('#q').tap();
  await page.locator('.results .quiet', { hasText: 'Add a dedication' }).waitFor({ state: 'hidden' });
});

test('free text only when the rules allow it', async () => {
  const page = await phone();
  await search(page, 'xyzzy nowhere');
  await page.locator('.empty', { hasText: 'Nothing found for “xyzzy nowhere”.' }).waitFor();
  assert.ok(await page.locator('.free').isHidden());
  await house.rules({ freeText: true });
  await page.locator('.free').waitFor();
  assert.equal(await page.locator('#free-title').inputValue(), 'xyzzy nowhere');
  await page.fill('#free-artist', 'Nobody');
  await page.locator('.free button').tap();
  await page.locator('.own .title', { hasText: 'xyzzy nowhere' }).waitFor();
});

test('guests’ words stay words', async () => {
  const page = await phone();
  await page.locator('.name').tap();
  await page.fill('#name', '<img src=x onerror=alert(1)>');
  await page.locator('dialog .strong').tap();
  await page.locator('dialog').waitFor({ state: 'detached' });
  await house.playing(songs[0]);
  await askFor(page, songs[3]);
  const other = await phone();
  await other.locator('.queue .by', { hasText: '<img src=x' }).waitFor();
  assert.equal(await other.locator('.by img').count(), 0);
});

test('closed, restricted and not started have words of their own', async () => {
  await house.playing(songs[0]);
  const page = await phone();
  await page.locator('.field').waitFor();
  await house.switch('restricted');
  await page.locator('.banner', { hasText: 'Votes only right now.' }).waitFor();
  assert.ok(await page.locator('.field').isHidden());
  await house.switch('closed');
  await page.locator('.screen h2', { hasText: 'Requests are closed for tonight.' }).waitFor();
  await house.switch('open');
  await page.locator('.field').waitFor();
  await house.endEvent();
  await page.locator('.screen h2').waitFor();
  assert.ok(await page.locator('.field').isHidden());
});

test('speaks the phone’s language and lets the guest choose another', async () => {
  const page = await phone({ locale: 'fr-FR' });
  assert.equal(await page.getAttribute('html', 'lang'), 'fr');
  await page.locator('.field input').waitFor();
  assert.equal(await page.getAttribute('#q', 'placeholder'), 'Que veux-tu écouter ?');
  await Promise.all([page.waitForNavigation(), page.selectOption('.lang select', 'de')]);
  await page.locator('.queue h2', { hasText: 'Als Nächstes' }).waitFor();
  assert.equal(await page.getAttribute('html', 'lang'), 'de');
  await Promise.all([page.waitForNavigation(), page.selectOption('.lang select', 'es')]);
  await page.locator('.queue h2', { hasText: 'A continuación' }).waitFor();
});

test('without scripts: searches and asks by plain forms', async () => {
  const page = await phone({ javaScriptEnabled: false });
  await page.locator('form input[name=q]').fill(songs[4].title);
  await page.locator('form[method=get] button').click();
  await page.locator('li', { hasText: songs[4].title }).locator('form[method=post] button').first().click();
  await page.locator('.banner', { hasText: "You're on the list." }).waitFor();
  assert.match(page.url(), /said=/);
  assert.ok((await page.locator('main').textContent()).includes(songs[4].title));
});

test('everything is reached by the keyboard', async () => {
  await house.playing(songs[0], songs[1]);
  const page = await phone({ hasTouch: false, isMobile: false, viewport: { width: 1024, height: 768 } });
  await page.locator('.queue .vote').first().waitFor();
  await page.locator('#q').focus();
  await page.keyboard.type(songs[2].title);
  await page.locator('#results:not([aria-busy]) .result:first-child .title', { hasText: songs[2].title }).waitFor();
  for (let i = 0; i < 8 && !await page.evaluate(() => !!document.activeElement.closest('.result')); i++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('.own .title', { hasText: songs[2].title }).waitFor();
});
