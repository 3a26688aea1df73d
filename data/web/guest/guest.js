/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guest's page: holds the state, talks to the venue's server, does what is tapped. */

import { _, lang, ordinal, readJson, wait } from '../common/i18n.js';
import { brand, byId, clear, h, icon, paintLogo, setText } from '../common/dom.js';
import { live } from '../common/live.js';
import { applyChange, applyYou, indexById } from './room.js';
import { build, render, tick } from './view.js';
import { makeSearch } from './search.js';

const UNDO = 5000;
const TIMEOUT = 10000;
const LANGUAGES = { en: 'English', de: 'Deutsch', es: 'Español', fr: 'Français' };

const app = {
  state: readJson('state'),
  online: true,
  lostAt: 0,
  full: -1,         /* the revision at which the server said "full" */
  hidden: {},       /* own requests put away, or being taken back */
  pendingVotes: {}, /* votes on their way */
  mineIds: {},
  waiting: [],
  skew: 0,          /* the server's clock minus this phone's */
  told: 0,          /* how often the stream told us something */
  now: () => Date.now() + app.skew,
  say,
};
const base = '/api/rooms/' + encodeURIComponent(app.state.room.code);
let spoken = { id: null, index: -1, playing: null };
let sayTimer = 0;
let toastTimer = 0;
let flush = null; /* what the toast still holds back */

/* Speaks to screen readers, once, after the dust has settled. */
function say (text) {
  clearTimeout(sayTimer);
  sayTimer = setTimeout(() => setText(byId('live'), text), 600);
}

/* One call to the server. Answers the JSON; refusals reject with the problem document. */
function api (method, path, body, signal, key) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET')
    headers['Content-Type'] = 'application/json';
  if (key)
    headers['Idempotency-Key'] = key;
  const stop = !signal && typeof AbortController === 'function' ? new AbortController() : null;
  const timer = stop && setTimeout(() => stop.abort(), TIMEOUT);
  return fetch(base + path, { method, headers, credentials: 'same-origin', keepalive: method === 'DELETE' /* also when the page is left */, body: method === 'GET' ? undefined : JSON.stringify(body || {}),
                              signal: signal || (stop && stop.signal) || undefined }).then(answer => {
    clearTimeout(timer);
    const date = Date.parse(answer.headers.get('Date'));
    if (date)
      app.skew = Math.abs(date - Date.now()) > 2000 ? date - Date.now() : 0;
    return answer.text().then(text => {
      let data = {};
      try {
        data = text ? JSON.parse(text) : {};
      } catch (error) {
        data = {};
      }
      if (!answer.ok)
        throw { code: data.code || 'unknown', title: data.title || _('That did not work. Try again in a moment.'), until: data.until };
      return data;
    });
  }, error => {
    clearTimeout(timer);
    throw { code: signal && signal.aborted ? 'aborted' : 'offline', title: _('No connection to the venue. Try again in a moment.') };
  });
}

function randomKey () {
  return Array.prototype.map.call(crypto.getRandomValues(new Uint8Array(16)), byte => ('0' + byte.toString(16)).slice(-2)).join('');
}

/* A word at the foot of the page, with a way back for five seconds. `later` is what happens
 * when nobody takes it back; `undo` what happens when somebody does. */
function toast (text, undo, later) {
  settle();
  flush = later || null;
  const box = h('div', { class: 'toast' }, h('span', {}, text));
  if (undo) {
    box.appendChild(h('button', { click: () => { flush = null; settle(); undo(); } }, _('Undo')));
    box.appendChild(h('i'));
  }
  clear(byId('toasts')).appendChild(box);
  toastTimer = setTimeout(settle, UNDO);
  say(text);
}

function settle () {
  clearTimeout(toastTimer);
  clear(byId('toasts'));
  const act = flush;
  flush = null;
  if (act)
    act();
}

function refresh () {
  render(app);
}

/* The server's no, said where it was met, or at the foot when that is no longer to be seen. */
function refused (error, row) {
  if (error.code === 'full')
    app.full = app.state.revision;
  const place = row && row.offsetParent && row.querySelector('.error');
  if (place) {
    setText(place, error.title);
    place.hidden = false;
    say(error.title);
  } else {
    toast(error.title);
  }
  refresh();
  return false;
}

/* What an own act answered, unless the stream spoke meanwhile: what it says of us is newer, or on its way. */
function take (answer, told) {
  if (told !== app.told)
    return;
  if (answer.left)
    app.state.left = answer.left;
  if (answer.request && !answer.merged && indexById(app.state.mine, answer.request.id) < 0)
    app.state.mine.push(answer.request);
}

function outcomeWords (answer) {
  const request = answer.request;
  const place = request.position;
  if (answer.merged)
    return place ? _('Already on the list. Your vote moved it up to {place}.', { place: ordinal(place) }) : _('Already on the list. Your vote counts.');
  if (request.status === 'pending' || !place)
    return _('Asked. The host will have a look.');
  return _("You're on the list: {place}, {wait}.", { place: ordinal(place), wait: wait(Math.max(0, request.etaSeconds)) });
}

/* One tap asks. A lost connection is tried once more under the same key: never twice a song. */
function ask (wish, row) {
  if (row.classList.contains('busy'))
    return Promise.resolve(false);
  row.classList.add('busy');
  const key = randomKey();
  const typed = search.typed();
  const told = app.told;
  const send = () => api('POST', '/requests', wish, null, key);
  return send().catch(error => (error.code === 'offline' ? send() : Promise.reject(error))).then(answer => {
    row.classList.remove('busy');
    take(answer, told);
    if (answer.merged && told === app.told)
      vouch(answer.request.id, true);
    if (search.typed() === typed) /* else the next wish is being typed */
      search.close(true);
    refresh();
    toast(outcomeWords(answer), () => (answer.merged ? unvote(answer.request) : withdraw(answer.request)));
    return true;
  }, error => {
    row.classList.remove('busy');
    return refused(error, row);
  });
}

function vouch (id, voted) {
  const votes = (app.state.votes || []).filter(other => other !== id);
  app.state.votes = voted ? votes.concat(id) : votes;
}

function unvote (request) {
  vouch(request.id, true);
  vote(request);
}

function withdraw (request) {
  app.hidden[request.id] = true;
  const told = app.told;
  refresh();
  return api('DELETE', '/requests/' + request.id).then(answer => {
    take({ left: answer.left }, told);
    refresh();
  }, error => {
    if (error.code === 'state')
      return;
    delete app.hidden[request.id];
    refused(error);
  });
}

/* Taking back waits for the toast, so that undo keeps the place. Leaving the page settles it. */
function leave (entry) {
  const request = entry.request;
  app.hidden[request.id] = true;
  if (request.status === 'declined' || request.status === 'failed') {
    remember();
    refresh();
    byId('main').focus();
    return;
  }
  toast(_('Taken back: {title}', { title: request.song.title }),
        () => { delete app.hidden[request.id]; refresh(); }, () => withdraw(request));
  refresh();
  byId('main').focus();
}

/* Refusals that were read stay away, also after a reload. */
function remember () {
  try {
    localStorage.setItem('tempo-read', JSON.stringify(Object.keys(app.hidden).slice(-50)));
  } catch (error) {
    /* private mode: they come back, no harm */
  }
}

function recall () {
  try {
    JSON.parse(localStorage.getItem('tempo-read') || '[]').forEach(id => {
      const at = indexById(app.state.mine, id);
      if (at >= 0 && app.state.mine[at].status === 'declined')
        app.hidden[id] = true;
    });
  } catch (error) {
    /* as above */
  }
}

/* A vote shows at once; only the newest wish per song is sent, and a refusal takes it back. */
function vote (request) {
  const id = request.id;
  const busy = id in app.pendingVotes;
  const voted = (app.state.votes || []).indexOf(id) >= 0;
  app.pendingVotes[id] = !(busy ? app.pendingVotes[id] : voted);
  refresh();
  if (!busy)
    sendVote(id);
}

function sendVote (id) {
  const wanted = app.pendingVotes[id];
  const told = app.told;
  api(wanted ? 'PUT' : 'DELETE', '/requests/' + id + '/vote').then(answer => {
    if (told === app.told) {
      const at = indexById(app.state.queue, id);
      if (at >= 0 && answer.request)
        app.state.queue[at] = answer.request;
      vouch(id, wanted);
    }
    if (app.pendingVotes[id] !== wanted)
      return sendVote(id);
    delete app.pendingVotes[id];
    refresh();
  }, error => {
    delete app.pendingVotes[id];
    refused(error);
  });
}

/* What few open is fetched when they do: "rename" or "about". */
function openSheet (name) {
  import('./sheets.js').then(sheets => sheets[name](app, { api, refresh, refused }),
                             () => refused({ title: _('No connection to the venue. Try again in a moment.') }));
}

function tools () {
  const pick = h('select', { 'aria-label': _('Language'), change: () => {
    document.cookie = 'tempo_lang=' + pick.value + ';path=/;max-age=31536000;samesite=lax';
    location.reload();
  } });
  Object.keys(LANGUAGES).forEach(code => pick.appendChild(h('option', { value: code, lang: code, selected: code === lang }, LANGUAGES[code])));
  const bar = byId('tools');
  bar.appendChild(h('span', { class: 'lang' }, h('span', { 'aria-hidden': 'true' }, lang.toUpperCase()), pick));
  bar.appendChild(h('button', { class: 'round', 'aria-label': _('About this page'), click: () => openSheet('about') }, icon('about')));
}

function head () {
  const state = app.state;
  setText(byId('place'), state.organization.name);
  setText(byId('welcome'), state.organization.branding.welcome || '');
  setText(byId('room-name'), state.event && state.event.name ? state.event.name : state.room.name === 'Main' ? '' : state.room.name);
  paintLogo(byId('logo'), state);
}

/* What moved, said once: the place of the first own song, or that it plays. */
function narrate () {
  const first = app.waiting[0];
  const playing = app.state.nowPlaying;
  const mine = playing && app.mineIds[playing.requestId] ? playing.requestId : null;
  if (mine && mine !== spoken.playing)
    say(_('This one is yours.') + ' ' + playing.song.title);
  else if (first && spoken.id === first.id && spoken.index !== first.index)
    say(_("You're {place} now: {title}", { place: ordinal(first.index + 1), title: first.request.song.title }));
  spoken = { id: first ? first.id : null, index: first ? first.index : -1, playing: mine };
}

function follow () {
  app.told++;
  head();
  refresh();
  narrate();
}

const search = makeSearch(app, { api, ask, rename: () => openSheet('rename') });

function start () {
  brand(document.documentElement.dataset);
  document.body.insertBefore(h('a', { class: 'skip', href: '#main' }, _('Skip to the list')), document.body.firstChild);
  recall();
  tools();
  build(byId('main'), search, { vote, leave, refresh });
  byId('main').appendChild(byId('toasts'));
  follow();
  search.load().then(refresh);
  live(base + '/stream', {
    state: data => { app.state = data; recall(); follow(); },
    change: data => { applyChange(app.state, data); follow(); },
    you: data => { applyYou(app.state, data); follow(); },
  }, online => {
    app.online = online;
    app.lostAt = online ? 0 : app.lostAt || Date.now();
    refresh();
  }, () => api('GET', '').then(data => { if (data.revision >= app.state.revision) { app.state = data; follow(); } }));
  setInterval(() => { if (!document.hidden) tick(app); }, 1000);
  addEventListener('pagehide', settle);
  addEventListener('scroll', () => document.body.classList.toggle('scrolled', scrollY > 8), { passive: true });
}

start();
