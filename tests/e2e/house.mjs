/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real house for the browser tests: tempod with the demonstration's songs ($TEMPO_MUSIC) and a
 * data folder of its own, on any free port, with its owner signed in. Nothing here sleeps: everything waits for
 * what it needs, with a deadline. */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { test as plainTest } from 'node:test';
import { chromium } from 'playwright-core';

const START_DEADLINE = 60_000;
/* Passed only when what is waited for never comes, however busy the machine. */
export const DEADLINE = 30_000;
const PASSWORD = 'a long night at the tin heron';

/* A test that ends also when what it waits for never comes. */
export const test = (name, ...rest) => plainTest(name, { timeout: 4 * DEADLINE, ...(rest.length > 1 ? rest[0] : {}) }, rest.at(-1));

function once (child, name) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once(name, (...values) => resolve(values));
  });
}

/* Ends a program, also one that has ended by itself. */
export async function end (child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null)
    return;
  child.kill(signal);
  await once(child, 'exit');
}

/* A free port below those that the system gives away by itself: it is free again when a program is started anew. */
export async function freePort () {
  for (;;) {
    const server = createServer();
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await new Promise(resolve => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free)
      continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/* Starts `tempod serve` and answers {child, url} once it listens. */
async function serve (folder, port) {
  const child = spawn(process.env.TEMPOD, ['serve', '--data-dir', folder, '--address', '127.0.0.1', '--port', String(port), '--tls-port', '0', '--music', process.env.TEMPO_MUSIC, '--no-rate-limit'],
                      { stdio: ['ignore', 'pipe', 'inherit'], env: { TEMPO_AUDIO_SINK: 'fakesink sync=true', ...process.env } });
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('tempod does not listen')), START_DEADLINE);
    child.once('exit', code => reject(new Error(`tempod ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', line => {
      const found = line.match(/^Listening on (http:\S+)/);
      if (found) {
        clearTimeout(timer);
        resolve(found[1].replace(/\/$/, ''));
      }
    });
  });
  return { child, url };
}

export class House {
  slug = 'tinheron';
  owner = 'owner';

  /* A new house with an event going on under `rules`. `start (folder, port)` answers {child, url}. */
  static async open (rules = {}, start = serve) {
    const house = new House();
    house.folder = await mkdtemp(join(tmpdir(), 'tempo-e2e-'));
    const init = spawn(process.env.TEMPOD, ['init', '--data-dir', house.folder, '--organization', 'The Tin Heron', '--slug', house.slug, '--username', house.owner],
                       { stdio: ['pipe', 'ignore', 'inherit'] });
    init.stdin.end(PASSWORD + '\n');
    const [code] = await once(init, 'exit');
    if (code !== 0)
      throw new Error(`tempod init ended with ${code}`);
    Object.assign(house, await start(house.folder, await freePort()));
    await house.enter(rules);
    return house;
  }

  /* Another organization of the same installation, made by who runs it. */
  async found (name, slug, owner, rules = {}) {
    await this.api('POST', '/api/organizations/create', { name, slug, username: owner, password: PASSWORD });
    const other = Object.assign(new House(), { url: this.url, slug, owner });
    await other.enter(rules);
    return other;
  }

  async enter (rules) {
    await this.signIn();
    this.room = (await this.api('GET', `/api/${this.slug}/rooms`)).rooms[0];
    await this.startEvent(rules);
  }

  async signIn () {
    const answer = await this.api('POST', '/api/auth/login', { username: this.owner, password: PASSWORD, organization: this.slug });
    this.token = answer.token;
  }

  async api (method, path, body) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...(this.token ? { Authorization: 'Bearer ' + this.token } : {}) },
      body: body ? JSON.stringify(body) : method === 'GET' ? undefined : '{}',
    });
    const text = await answer.text();
    if (!answer.ok)
      throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : {};
  }

  /* The demonstration may have started an event already; the tests want their own, in which nothing plays yet. */
  async startEvent (rules = {}) {
    await this.endEvent();
    await this.api('PATCH', `/api/${this.slug}/rooms/${this.room.id}`, { switch: 'open', announcement: '', filler: false });
    await this.silence();
    const { event } = await this.api('POST', `/api/${this.slug}/events`, {
      roomId: this.room.id, name: 'Friday', state: 'active',
      rules: { approval: false, perGuest: 3, perGuestWindowMinutes: 0, cooldownSeconds: 0, duplicates: 'vote', noRepeatMinutes: 0,
               maxDurationSeconds: 0, votes: true, freeText: false, messages: true, order: 'votes', ...rules },
    });
    this.event = event;
  }

  async endEvent () {
    const { events } = await this.api('GET', `/api/${this.slug}/events`);
    for (const event of events.filter(other => other.state === 'active' && other.roomId === this.room.id))
      await this.api('PATCH', `/api/${this.slug}/events/${event.id}`, { state: 'ended' });
  }

  switch (state) {
    return this.api('PATCH', `/api/${this.slug}/rooms/${this.room.id}`, { switch: state });
  }

  rules (rules) {
    return this.api('PATCH', `/api/${this.slug}/events/${this.event.id}`, { rules });
  }

  /* What the house has to play, once its folder has been read: [{id, title, artist}]. */
  songs () {
    return until(async () => {
      const { songs } = await this.api('GET', `/api/rooms/${this.room.code}/search?q=`);
      return songs.length >= 8 ? songs : null;
    }, 'eight songs', 60_000);
  }

  /* A wish by staff for a guest without a phone. */
  async ask (song, name) {
    return (await this.api('POST', `/api/${this.slug}/requests`, { roomId: this.room.id, songId: song.id, name })).request;
  }

  /* A song plays on when its event is over. */
  silence () {
    return until(async () => {
      if (!(await this.api('GET', `/api/rooms/${this.room.code}`)).nowPlaying)
        return true;
      await this.api('POST', `/api/${this.slug}/playback/skip`, { roomId: this.room.id }).catch(() => {}); /* it may end by itself */
      return false;
    }, 'silence');
  }

  /* What plays is held, once something does: the tunes are short, and what comes next is not to depend on how fast a
   * test goes. */
  hold () {
    return until(() => this.api('POST', `/api/${this.slug}/playback/pause`, { roomId: this.room.id }).then(() => true, () => false), 'something plays');
  }

  /* The first song plays and goes on playing, the others wait. */
  async playing (song, ...more) {
    await this.ask(song, 'Ann');
    await this.hold();
    for (const other of more)
      await this.ask(other, 'Max');
  }

  async display () {
    return (await this.api('POST', `/api/${this.slug}/displays`, { roomId: this.room.id, name: 'Over the bar' })).display;
  }

  get join () {
    return `${this.url}/j/${this.room.code}`;
  }

  async stop () {
    await end(this.child);
  }

  /* Killed, as by a pulled plug, and started again at the same address. */
  async crash () {
    const { port } = new URL(this.url);
    await end(this.child, 'SIGKILL');
    return async () => {
      Object.assign(this, await serve(this.folder, port));
      await this.signIn(); /* with no keyring, sessions end with the program */
    };
  }

  async close () {
    await this.stop();
    await rm(this.folder, { recursive: true });
  }
}

export function launch () {
  return chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/* A page in a browser with its own cookies. Errors of the page fail the test that asks for them. Its toasts stay, and
 * its calls wait, longer than people would bear: on a busy machine a step takes longer than theirs. Not `asForPeople`. */
export async function open (browser, url, { watch = () => {}, asForPeople = false, ...options } = {}) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  if (!asForPeople && options.javaScriptEnabled !== false)
    await context.addInitScript(() => {
      const plain = globalThis.setTimeout;
      globalThis.setTimeout = (act, ms, ...rest) => plain(act, [5000, 8000, 10000, 12000].includes(ms) ? 60_000 : ms, ...rest);
    });
  await watch(context);
  const page = await context.newPage();
  page.setDefaultTimeout(DEADLINE);
  page.errors = [];
  page.on('pageerror', error => page.errors.push(error.message));
  page.on('console', message => {
    if (/Content Security Policy|Refused to/.test(message.text()))
      page.errors.push(message.text());
  });
  await page.goto(url);
  return page;
}

/* A guest of their own, with a phone. */
export function guest (browser, house, options) {
  return open(browser, house.join, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, ...options });
}

/* Searches and waits for the answer to what was typed. */
export async function search (page, words) {
  await page.fill('#q', words);
  await page.waitForFunction(() => !document.getElementById('results').hasAttribute('aria-busy') && document.querySelector('#results .rows li, #results .empty:not([hidden])'));
}

/* Searches for a song and taps it, once the list has come to rest under the finger. */
export async function tapFor (page, song) {
  await search(page, song.title);
  await page.locator('.result button', { hasText: song.title }).first().tap();
}

/* Asks for a song and waits for the answer: until then, the page may still put the field away. */
export async function askFor (page, song) {
  const answered = page.waitForResponse(answer => answer.request().method() === 'POST' && answer.url().endsWith('/requests'));
  await Promise.all([answered, tapFor(page, song)]);
  await page.locator('.busy').waitFor({ state: 'detached' });
}

export const titles = page => page.locator('.queue .title').allTextContents();

/* Waits until `look ()` answers something true; for what is not in a page. */
export async function until (look, what, deadline = DEADLINE) {
  const end = Date.now() + deadline;
  for (;;) {
    const found = await look();
    if (found)
      return found;
    if (Date.now() > end)
      throw new Error('never: ' + what);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
