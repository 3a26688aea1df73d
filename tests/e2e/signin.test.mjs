/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host connects Spotify in the real panel: a hand at its window, the desktop's browser that the panel opens, the
 * stand-in's page in Chromium, and back to Tempo. Runs on an X server and a message bus of its own, see run.sh. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFile, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';
import { DEADLINE, House, end, launch, test, until } from './house.mjs';
import { click, fillScreen, hears, openEyes, openPanel, press, run, type } from './panel-house.mjs';

let house;
let other;
let browser;
let standIn;
let closeEyes;
let opened; /* file: an address a line, as the desktop's browser was given it */

/* The first line of a program. */
function firstLine (child) {
  return new Promise((resolve, reject) => {
    child.once('exit', code => reject(new Error(`ended with ${code}`)));
    createInterface({ input: child.stdout }).once('line', resolve);
  });
}

/* The browser of this desktop: it notes what it is to open. */
async function installBrowser () {
  const applications = join(process.env.XDG_DATA_HOME, 'applications');
  const program = join(process.env.XDG_DATA_HOME, 'note-address');
  opened = join(process.env.XDG_DATA_HOME, 'opened');
  await mkdir(applications, { recursive: true });
  await mkdir(process.env.XDG_CONFIG_HOME, { recursive: true });
  await appendFile(opened, '');
  await writeFile(program, `#!/bin/sh\nprintf '%s\\n' "$1" >>'${opened}'\n`);
  await chmod(program, 0o755);
  await writeFile(join(applications, 'note-address.desktop'),
                  `[Desktop Entry]\nType=Application\nName=Browser\nExec=${program} %u\nMimeType=x-scheme-handler/http;\n`);
  await writeFile(join(process.env.XDG_CONFIG_HOME, 'mimeapps.list'), '[Default Applications]\nx-scheme-handler/http=note-address.desktop\n');
}

const addresses = async () => (await readFile(opened, 'utf8')).split('\n').slice(0, -1);

/* Does in the panel what makes it open the browser; the address it opens. */
async function addressAfter (act) {
  const before = (await addresses()).length;
  await act();
  return until(async () => (await addresses())[before], 'the panel opens the browser');
}

const status = () => house.api('GET', '/api/organizations/tinheron/spotify/status');
const notices = async () => (await house.api('GET', '/api/tinheron/audit')).audit.filter(row => row.action === 'spotify_notice');

async function picture (name) {
  if (process.env.TEMPO_SHOTS)
    await run('import', ['-window', 'root', `${process.env.TEMPO_SHOTS}/panel-${name}.png`]);
}

before(async () => {
  await installBrowser();
  closeEyes = await openEyes();
  standIn = spawn(process.env.SPOTIFY_STAND_IN, [], { stdio: ['ignore', 'pipe', 'inherit'] });
  const address = await firstLine(standIn);
  house = await House.open({}, (folder, port) => openPanel(folder, port, ['--spotify-accounts-url', address, '--spotify-api-url', address + '/v1']));
  other = (await house.api('POST', '/api/organizations/create', { name: 'The Yard', slug: 'yard', username: 'yara', password: 'a long night in the yard' })).organization;
  await house.api('PATCH', '/api/tinheron/rooms/' + house.room.id, { sources: ['spotify'] });
  browser = await launch();
  await fillScreen();
  await click('Music');
  await hears('Not connected.');
});

after(async () => {
  await browser?.close();
  await house?.close();
  if (standIn)
    await end(standIn);
  await closeEyes?.();
});

async function open (address) {
  const page = await browser.newPage({ locale: 'en-GB' });
  page.setDefaultTimeout(DEADLINE);
  await page.goto(address);
  return page;
}

test('a host connects Spotify', async t => {
  await t.test('nobody is sent to Spotify who has not confirmed what it allows', async () => {
    await click('Client ID');
    await type('client1');
    await press('The Tin Heron', 'Return');
    await click('I use it privately');
    const address = new URL(await addressAfter(async () => {
      await click('Client ID');
      await press('The Tin Heron', 'Return');
    }));
    assert.equal(address.searchParams.get('client_id'), 'client1');
    assert.equal(address.searchParams.get('code_challenge_method'), 'S256');
    assert.equal(address.searchParams.get('redirect_uri'), `http://127.0.0.1:${new URL(house.url).port}/spotify/callback`);
    assert.equal((await addresses()).length, 1);
    await hears('Say yes in the browser that opened.');
    await picture('waits');
  });

  await t.test('no: the panel says that it is not connected', async () => {
    const page = await open((await addresses())[0]);
    await page.click('#no');
    await page.locator('h1', { hasText: 'not connected' }).waitFor();
    assert.match(page.url(), new RegExp(`^${house.url}/spotify/callback\\?`));
    await page.close();
    await hears('Not connected.');
    assert.equal((await status()).state, 'disconnected');
  });

  await t.test('the way back of another house does not take the answer', async () => {
    const address = await addressAfter(() => click('Sign In'));
    const state = new URL(address).searchParams.get('state');
    const page = await open(`${house.url}/api/organizations/${other.id}/spotify/callback?code=any&state=${state}`);
    assert.match(await page.textContent('h1'), /not connected/);
    assert.match(await page.textContent('main'), /not begun here/);
    await page.close();
    assert.equal((await status()).account, null);
  });

  await t.test('yes: the panel shows whose account it is', async () => {
    const page = await open(await addressAfter(() => click('Sign In')));
    await page.click('#yes');
    await page.locator('h1', { hasText: 'Spotify is connected' }).waitFor();
    assert.match(page.url(), new RegExp(`^${house.url}/spotify/callback\\?`));
    await hears("ann's account · Ready.");
    assert.deepEqual((await status()).account, { id: 'acc-ann', name: "ann's account" });
    await picture('connected');

    /* The same answer a second time is none. */
    await page.reload();
    assert.match(await page.textContent('h1'), /not connected/);
    assert.equal((await status()).state, 'ready');
    await page.close();
  });

  await t.test('that it is used privately is in the log, once', async () => {
    const rows = await notices();
    assert.equal(rows.length, 1);
    assert.equal(rows[0].actor.kind, 'desktop');
    assert.equal(rows[0].object.kind, 'organization');
  });

  await t.test('disconnected in the panel, nothing is left of it', async () => {
    await click('Disconnect');
    await hears('Not connected.');
    assert.deepEqual(await status().then(({ state, account }) => ({ state, account })), { state: 'disconnected', account: null });
  });
});
