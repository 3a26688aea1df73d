/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of staff's page have in common: the encrypted address, people of every role, their phones. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { open } from './house.mjs';

export const PASSWORD = 'a long night at the tin heron';
export const ROLES = ['viewer', 'member', 'admin'];
const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/* "https://127.0.0.1:…", as the page itself says it. */
export async function encrypted (house) {
  const html = await (await fetch(house.url + '/tinheron/staff')).text();
  return html.match(/"https":"([^"]+)"/)[1];
}

export async function addPeople (house) {
  for (const role of ROLES)
    await house.api('POST', `/api/${house.slug}/members`, { username: role, password: PASSWORD, role });
}

/* A phone of staff, signed in by the form at `slug`. */
export async function staff (browser, address, username, { slug = 'tinheron', ...options } = {}) {
  const page = await open(browser, `${address}/${slug}/staff`, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, ignoreHTTPSErrors: true, ...options });
  if (username)
    await signIn(page, username);
  return page;
}

export async function signIn (page, username, inside = 'nav.tabs') {
  await page.getByLabel('Name', { exact: true }).fill(username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator(inside).first().waitFor();
}

/* What axe-core finds, as sentences. */
export async function violations (page, what) {
  await page.evaluate(() => Promise.all(document.getAnimations().filter(animation => animation.effect.getComputedTiming().endTime < 1000).map(animation => animation.finished.catch(() => {}))));
  await page.evaluate(await readFile(axeFile, 'utf8'));
  const { violations: found } = await page.evaluate(tags => globalThis.axe.run(document, { runOnly: tags }), RULES);
  return found.map(one => `${what}: ${one.id}: ${one.nodes.map(node => node.target + ' ' + (node.any[0] ? node.any[0].message : '')).join(', ')}`);
}
