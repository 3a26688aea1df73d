/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One's own account: the password, the second step, where one is signed in. Fetched when first opened, or when the
 * house lets nobody in without a second step. */

import { _, c_ } from '../common/i18n.js';
import { clear, h, setText, show } from '../common/dom.js';
import { qrPath } from '../display/scene.js';
import { field, form, sheet } from './api.js';
import { deviceWords, frame, newest, roleWord, when } from './office.js';

const SVG = 'http://www.w3.org/2000/svg';
const QUIET = 4; /* light modules around a code */
const DIGITS = 6;

/* A secret in groups of four, for those who type it. */
function grouped (secret) {
  return secret.replace(/(.{4})(?=.)/g, '$1 ');
}

function drawCode (qr, text) {
  const svg = document.createElementNS(SVG, 'svg');
  const size = qr.size + 2 * QUIET;
  svg.setAttribute('viewBox', [-QUIET, -QUIET, size, size].join(' '));
  svg.setAttribute('shape-rendering', 'crispEdges');
  svg.setAttribute('class', 'qr');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', text);
  svg.appendChild(document.createElementNS(SVG, 'path')).setAttribute('d', qrPath(qr.rows));
  return svg;
}

/* The host answers a wrong password as it does a wrong code. */
function notThePassword (problem) {
  throw problem.code === 'wrong_code' ? Object.assign({}, problem, { title: _('This is not your password. Try again.') }) : problem;
}

const passwordField = (label, kind, hint) => field(label, { type: 'password', autocomplete: kind, required: true, minlength: kind === 'new-password' ? 8 : false }, hint);

/* --- the password --- */

function openPassword (app) {
  sheet(_('Change your password'), close => {
    const old = passwordField(_('Your password now'), 'current-password');
    const fresh = passwordField(_('New password'), 'new-password', _('Eight characters at least.'));
    const again = passwordField(_('The new password again'), 'new-password');
    /* Tells password managers whose it is. */
    const who = h('input', { type: 'text', autocomplete: 'username', value: app.member.username, hidden: true, readonly: true });
    return [form([who, old.row, fresh.row, again.row], _('Save the new password'), () => {
      if (fresh.input.value !== again.input.value) {
        again.input.focus();
        throw { title: _('The two passwords are not the same.') };
      }
      /* Our stream ends with our old session: nobody may ask who we are before the new one is there. */
      const asked = app.api('POST', '/api/auth/password', { password: old.input.value, newPassword: fresh.input.value });
      app.pending = asked.catch(() => {});
      return asked.then(() => { close(); app.toast(_('Saved. You are signed out everywhere else.')); app.refreshYou(); }, notThePassword);
    })];
  });
}

/* --- the second step --- */

/* The parts of setting it up, one after the other in `place`; `done ()` when it is on, `back ()` when not. */
function setUp (app, place, done, back) {
  return app.api('POST', '/api/auth/second-factor').then(begun => {
    const code = field(_('The code it shows'), { type: 'text', inputmode: 'numeric', autocomplete: 'one-time-code', required: true, maxlength: DIGITS + 2, class: 'digits' });
    clear(place).appendChild(h('div', {},
      h('p', {}, _('Scan this with an authenticator app, then type the code it shows.')),
      begun.qr ? drawCode(begun.qr, _('Code for your authenticator app')) : null,
      h('p', {}, h('a', { class: 'quiet', href: begun.uri }, _('Open the app on this device'))),
      h('p', { class: 'hint' }, _('Or type in this key:')), h('p', { class: 'key' }, grouped(begun.secret)),
      form([code.row], _('Turn on'), () => app.api('POST', '/api/auth/second-factor/confirm', { code: code.input.value.replace(/\s/g, '') }).then(answer => showCodes(app, place, answer.recoveryCodes, done))),
      back ? h('button', { class: 'quiet', click: back }, _('Cancel')) : null));
    code.input.focus({ preventScroll: true });
  });
}

function showCodes (app, place, codes, done) {
  const head = h('h4', { tabindex: '-1' }, _('Your recovery codes'));
  clear(place).appendChild(h('div', {}, head,
    h('p', {}, _('Each of these lets you in once when your phone is not at hand. Keep them somewhere safe: they are shown only now.')),
    h('ul', { class: 'codes', translate: 'no' }, ...codes.map(code => h('li', {}, code))),
    h('p', { class: 'buttons' },
      h('button', { class: 'strong', click: done }, _('I have kept them')),
      navigator.clipboard ? h('button', { class: 'soft', click: () => navigator.clipboard.writeText(codes.join('\n')).then(() => app.toast(_('Copied.')), () => {}) }, _('Copy')) : null)));
  head.focus();
  app.say(_('The second step is on.'));
}

function openTurnOff (app) {
  sheet(_('Turn off the second step?'), close => {
    const password = passwordField(_('Your password now'), 'current-password');
    return [h('p', {}, _('From then on your password alone lets you in, and your recovery codes no longer work.')),
            form([password.row], _('Turn off'), () => app.api('DELETE', '/api/auth/second-factor', { password: password.input.value })
              .then(() => { close(); app.toast(_('The second step is off.')); app.refreshYou(); }, notThePassword))];
  });
}

function drawFactor (app, place, on) {
  const button = h('button', { class: 'soft', click: () => {
    if (on) {
      openTurnOff(app);
      return;
    }
    button.disabled = true;
    setUp(app, place, () => { app.toast(_('The second step is on.')); drawFactor(app, place, true); app.refreshYou(); }, () => drawFactor(app, place, false))
      .catch(problem => { button.disabled = false; app.refused(problem); });
  } }, on ? _('Turn off') : _('Set up'));
  place.dataset.on = String(on);
  clear(place).appendChild(h('p', {}, on ? _('On. A code from your phone is asked for when you sign in.') : _('Off. With it, nobody gets in who knows only your password: a code from your phone is asked for too.')));
  place.appendChild(h('p', { class: 'buttons' }, button));
}

/* --- where one is signed in --- */

function drawSessions (app, list, sessions) {
  clear(list);
  sessions.slice().sort((a, b) => Number(b.current) - Number(a.current) || (b.usedAt || '').localeCompare(a.usedAt || '')).forEach(session => {
    const name = deviceWords(session.agent) || _('Another device');
    const end = () => app.api('DELETE', '/api/auth/sessions/' + session.id).then(() => { app.toast(_('Signed out.')); app.refreshYou(); }, app.refused);
    list.appendChild(h('li', { class: 'row' },
      h('span', { class: 'words' }, h('b', { class: 'title' }, name), h('span', { class: 'sub' }, [session.current ? _('here') : session.usedAt && _('last used {time}', { time: when(session.usedAt) }), session.address].filter(Boolean).join(' · '))),
      session.current ? null : h('button', { class: 'quiet', 'aria-label': _('Sign out {name}', { name }), click: end }, _('Sign out'))));
  });
}

function everywhere (app) {
  app.confirm(_('Sign out everywhere?'), _('All your devices are signed out, this one too.'), _('Sign out everywhere'),
              () => app.api('POST', '/api/auth/logout', { everywhere: true }).then(() => location.reload(), app.refused));
}

function makeYou (app) {
  const who = h('p', { class: 'hint' });
  const factor = h('div', { class: 'factor' });
  const list = h('ul', { class: 'rows' });
  const all = h('p', { class: 'buttons' }, h('button', { class: 'soft', click: () => everywhere(app) }, _('Sign out everywhere')));
  const pane = frame('h-you', c_('page', 'You'), who,
    h('p', { class: 'buttons' }, h('button', { class: 'soft', click: () => openPassword(app) }, _('Change your password'))),
    h('h3', {}, _('Second step when signing in')), factor,
    h('h3', {}, _('Where you are signed in')), list, all);

  /* Nobody loses a code half typed, nor recovery codes, which are shown only once. */
  const takeFactor = newest(answer => {
    if (!factor.querySelector('form, .codes') && factor.dataset.on !== String(answer.secondFactor))
      drawFactor(app, factor, answer.secondFactor);
  }, true);
  const takeSessions = newest(data => {
    drawSessions(app, list, data.sessions);
    show(all, data.sessions.length > 1);
  });

  function open () {
    setText(who, [app.member.username, roleWord(app.member.role)].join(' · '));
    return Promise.all([takeFactor(app.api('GET', '/api/auth/me'), app.refused), takeSessions(app.api('GET', '/api/auth/sessions'), app.refused)]);
  }

  app.refreshYou = open;
  return { pane, open };
}

/* What stands before the house for whom it asks for a second step. Resolves with the gate. */
export function makeGate (app) {
  const place = h('div', { class: 'factor' });
  return setUp(app, place, () => location.reload(), null).then(() => h('div', { class: 'gate' }, h('h2', {}, _('One more step')), h('p', { class: 'hint' }, _('This house asks for a second step when signing in.')), place));
}

export const pages = { you: makeYou };
