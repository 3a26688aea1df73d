/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real panel for the browser tests: its window on the X server of run.sh, its server, a hand at its keys. */

import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { DEADLINE, end, until } from './house.mjs';

const APP = 'io.github.tempo_venue.Tempo';
export const run = promisify(execFile);

/* The program a host starts, ready when its server is. @more: options besides. */
export async function openPanel (folder, port, more = []) {
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.env.TEMPO, ['--demo', '--data-dir', folder, '--port', String(port), ...more],
                      { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, TEMPO_AUDIO_SINK: 'fakesink sync=true', G_DEBUG: 'fatal-warnings' } });
  let ended = null;
  child.once('exit', (code, signal) => { ended = signal || String(code); });
  await until(async () => {
    if (ended)
      throw new Error(`tempo ended with ${ended}`);
    return fetch(url + '/readyz').then(answer => answer.ok, () => false);
  }, 'the panel serves', 2 * DEADLINE);
  return { child, url };
}

/* The window's id when it shows the house of that name, null when it does not. */
async function windowOf (name) {
  const { stdout } = await run('xdotool', ['search', '--onlyvisible', '--name', `^${name}$`]).catch(() => ({ stdout: '' }));
  return stdout.trim().split('\n')[0] || null;
}

/* A key as a hand presses it, in the panel's window. */
export async function press (house, ...keys) {
  const id = await until(() => windowOf(house), `the panel shows ${house}`);
  await run('xdotool', ['windowfocus', '--sync', id, 'key', '--clearmodifiers', ...keys]);
}

/* Walks down the list of rooms with the pointer until the window shows that house: the list is the first thing of the
 * sidebar, and how high its rows are is the theme's. */
export async function openHouse (name, others) {
  const end = Date.now() + DEADLINE;
  for (let y = 60; Date.now() < end; y = y < 300 ? y + 12 : 60) {
    const id = await windowOf(name) || await windowOf(others);
    if (await windowOf(name))
      return;
    await run('xdotool', ['mousemove', '--window', id, '120', String(y), 'click', '1']);
    if (await until(() => windowOf(name), name, 700).catch(() => null))
      return;
  }
  throw new Error('never: the panel shows ' + name);
}

/* The programs of this session tell a screen reader what they show. Answers how to end it. */
export async function openEyes () {
  const child = spawn(process.env.AT_SPI_BUS_LAUNCHER, ['--launch-immediately'], { stdio: 'ignore' });
  await until(() => run('gdbus', ['wait', '--session', '--timeout', '1', 'org.a11y.Bus']).then(() => true, () => false), 'the accessibility bus');
  return () => end(child);
}

/* Waits until the panel says that, as somebody hears it who does not see it. */
export function hears (text) {
  return until(async () => (await run(process.env.PANEL_EYE, [])).stdout.split('\n').includes(text), `the panel says "${text}"`);
}

/* Clicks on what has that name; on the last, which is on the page or in the list of pages rather than in a popover. */
export async function click (name, house = 'The Tin Heron') {
  const place = await until(() => run(process.env.PANEL_EYE, [name]).then(answer => answer.stdout.trim().split('\n').at(-1), () => null), `"${name}" in the panel`);
  const id = await until(() => windowOf(house), `the panel shows ${house}`);
  await run('xdotool', ['windowfocus', '--sync', id, 'mousemove', '--window', id, ...place.split(' '), 'click', '1']);
}

/* The panel's window as large as the screen, so that a page needs no scrolling. */
export async function fillScreen (house = 'The Tin Heron') {
  const id = await until(() => windowOf(house), `the panel shows ${house}`);
  await run('xdotool', ['windowmove', id, '0', '0', 'windowsize', id, '1400', '900']);
}

export async function type (text, house = 'The Tin Heron') {
  const id = await until(() => windowOf(house), `the panel shows ${house}`);
  await run('xdotool', ['windowfocus', '--sync', id, 'type', '--clearmodifiers', text]);
}

/* What a click on a notification does: the window shows the request and its row has the focus. */
export function reveal (request) {
  return run('gdbus', ['call', '--session', '--dest', APP, '--object-path', '/' + APP.replaceAll('.', '/'),
                       '--method', 'org.gtk.Actions.Activate', 'reveal', `[<'${request}'>]`, '{}']);
}

/* Presses until it is done: a window may need a moment to hear of what the phone was already told. */
export async function pressUntil (keys, done, what, before = () => {}, house = 'The Tin Heron') {
  const end = Date.now() + DEADLINE;
  while (Date.now() < end) {
    await before();
    await press(house, ...keys);
    if (await until(done, what, 2000).catch(() => false))
      return;
  }
  throw new Error('never: ' + what);
}
