/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls, toasts and sheets: what the pages of staff and of the operator have in common. */

import { _, lang } from '../common/i18n.js';
import { byId, clear, h, icon, setText } from '../common/dom.js';

const TIMEOUT = 12000;
const UNDO = 8000;
const LANGUAGES = { en: 'English', de: 'Deutsch', es: 'Español', fr: 'Français' };
const listeners = { signedOut: () => {} };
let sayTimer = 0;
let toastTimer = 0;

/* Told when a call was answered 401: the session is over. */
export function onSignedOut (act) {
  listeners.signedOut = act;
}

/* One call. Answers the JSON; a refusal rejects with {status, code, title}. */
export function api (method, path, body) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET')
    headers['Content-Type'] = 'application/json';
  const stop = typeof AbortController === 'function' ? new AbortController() : null;
  const timer = stop && setTimeout(() => stop.abort(), TIMEOUT);
  return fetch(path, { method, headers, credentials: 'same-origin', cache: 'no-store', signal: stop ? stop.signal : undefined,
                       body: method === 'GET' ? undefined : JSON.stringify(body || {}) }).then(answer => answer.text().then(text => {
    clearTimeout(timer);
    let data = {};
    try {
      data = text ? JSON.parse(text) : {};
    } catch (error) {
      data = {};
    }
    if (answer.ok)
      return data;
    if (answer.status === 401 && path !== '/api/auth/login')
      listeners.signedOut();
    throw { status: answer.status, code: data.code || 'unknown', title: data.title || _('That did not work. Try again in a moment.'), data };
  }), () => {
    clearTimeout(timer);
    throw { status: 0, code: 'offline', title: _('No connection to the venue. Try again in a moment.') };
  });
}

/* Speaks to screen readers, once, after the dust has settled. */
export function say (text) {
  clearTimeout(sayTimer);
  sayTimer = setTimeout(() => setText(byId('live'), text), 400);
}

/* A word at the foot of the page, with a way back for a while. */
export function toast (text, undo) {
  settle();
  const box = h('div', { class: 'toast' }, h('span', {}, text));
  if (undo)
    box.appendChild(h('button', { click: () => { settle(); undo(); } }, _('Undo')));
  byId('toasts').appendChild(box);
  toastTimer = setTimeout(settle, UNDO);
  say(text);
}

/* What was open when the session ended. */
export function closeSheets () {
  document.querySelectorAll('dialog').forEach(box => box.parentNode.removeChild(box));
}

export function settle () {
  clearTimeout(toastTimer);
  clear(byId('toasts'));
}

/* A sheet from below, in the middle on large screens. `content (close)` answers its parts. */
export function sheet (title, content) {
  const back = document.activeElement;
  const box = h('dialog', { class: 'sheet', 'aria-labelledby': 'sheet-title' });
  const close = () => {
    if (!box.parentNode)
      return;
    if (box.close)
      box.close();
    box.parentNode.removeChild(box);
    if (back && back.focus && document.contains(back))
      back.focus();
    else
      byId('main').focus();
  };
  box.appendChild(h('div', { class: 'sheet-head' }, h('h2', { id: 'sheet-title' }, title),
                    h('button', { class: 'round', 'aria-label': _('Close'), click: close }, icon('close'))));
  content(close).forEach(part => part && box.appendChild(part));
  box.addEventListener('click', event => { if (event.target === box) close(); });
  box.addEventListener('cancel', event => { event.preventDefault(); close(); });
  document.body.appendChild(box);
  if (box.showModal)
    box.showModal();
  else
    box.setAttribute('open', '');
  return close;
}

/* A line of a sheet that does something. */
export function choice (iconName, text, act, danger) {
  return h('button', { class: danger ? 'choice danger' : 'choice', click: act }, icon(iconName), h('span', {}, text));
}

let fields = 0;

/* A labelled field: {row, input}. `attributes.options`: [[value, text]] makes it a menu. */
export function field (label, attributes, hint) {
  const id = 'f' + fields++;
  const options = attributes.options;
  const rest = Object.assign({ id, 'aria-describedby': hint ? id + 'h' : false }, attributes);
  delete rest.options;
  const input = h(options ? 'select' : 'input', rest);
  (options || []).forEach(option => input.appendChild(h('option', { value: option[0], selected: option[0] === attributes.value }, option[1])));
  return { input, row: h('p', { class: 'fieldrow' }, h('label', { for: id }, label), input, hint ? h('span', { class: 'hint', id: id + 'h' }, hint) : null) };
}

/* A form of fields with one button: `send ()` answers a promise; a refusal stands where it was met. */
export function form (parts, button, send) {
  const error = h('p', { class: 'error', role: 'alert', hidden: true });
  const strong = h('button', { class: 'strong', type: 'submit' }, button);
  const made = h('form', { submit: event => {
    event.preventDefault();
    strong.disabled = true;
    error.hidden = true;
    new Promise(resolve => resolve(send())).then(() => { strong.disabled = false; }, problem => {
      strong.disabled = false;
      setText(error, problem.title || _('That did not work. Try again in a moment.'));
      error.hidden = false;
    });
  } });
  parts.concat([error, strong]).forEach(part => part && made.appendChild(part));
  return made;
}

/* A switch with its words: {row, input}, as field(). */
export function toggle (text) {
  const input = h('input', { type: 'checkbox', role: 'switch' });
  return { input, row: h('label', { class: 'toggle' }, h('span', {}, text), input) };
}

/* The menu of languages, as on guests' pages. */
export function languageMenu () {
  const pick = h('select', { 'aria-label': _('Language'), change: () => {
    document.cookie = 'tempo_lang=' + pick.value + ';path=/;max-age=31536000;samesite=lax';
    location.reload();
  } });
  Object.keys(LANGUAGES).forEach(code => pick.appendChild(h('option', { value: code, lang: code, selected: code === lang }, LANGUAGES[code])));
  return h('span', { class: 'lang' }, h('span', { 'aria-hidden': 'true' }, lang.toUpperCase()), pick);
}

/* The way in: name, password, and a code when one is asked for. `done (answer)` after the sign-in. */
export function signIn (organization, done) {
  const name = field(_('Name'), { type: 'text', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true, maxlength: 64 });
  const password = field(_('Password'), { type: 'password', autocomplete: 'current-password', required: true });
  const code = field(_('Code from your authenticator app, or a recovery code'), { type: 'text', autocomplete: 'one-time-code', inputmode: 'text', maxlength: 64 });
  code.row.hidden = true;
  const made = form([name.row, password.row, code.row], _('Sign in'), () => {
    const body = { username: name.input.value.trim(), password: password.input.value };
    if (organization)
      body.organization = organization;
    if (!code.row.hidden)
      body.code = code.input.value.trim();
    return api('POST', '/api/auth/login', body).then(done, problem => {
      if (problem.code === 'second_factor_required') {
        code.row.hidden = false;
        code.input.focus();
        if (!body.code)
          return;
      }
      throw problem;
    });
  });
  made.classList.add('signin');
  return made;
}
