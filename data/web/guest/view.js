/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the guest sees of the room: what plays, what is theirs, what comes next. Built once,
 * then only changed where something changed, so that focus and scroll stay where they are. */

import { _, n_, c_, clockTime, countdown, fill, length, ordinal, wait } from '../common/i18n.js';
import { artwork, byId, clear, h, icon, keyed, paintArtwork, setText, show } from '../common/dom.js';
import { mode, own, positionMs, waitSeconds } from './room.js';

const FIRST_ROWS = 40;
const FOREVER = Date.parse('9000-01-01'); /* "until lifted" is the last time there is */

/* The host's ready reasons, in the guest's language; the host's own words come as they are. */
const REASONS = {
  played_enough: () => _('Not tonight: we have heard it enough.'),
  not_here: () => _('Not tonight: we do not have it here.'),
  later: () => _('Not now. Ask again later.'),
};

let ui = null;

function row (list, ...classes) {
  return h('li', { class: ['row'].concat(classes).join(' ') });
}

/* Title above artist; what else there is to say of a song joins the artist's line as `.by`. A service that wants
 * to be named with its songs is, by its name: its sign is not ours to give away. */
export function words (song) {
  return h('span', { class: 'words' }, h('b', { class: 'title' }, song.title),
           h('span', { class: 'sub' }, song.artist, h('span', { class: 'by' }), song.source === 'spotify' && ' · Spotify'));
}

/* " · Ann" behind an artist, "Ann" where there is none. */
export function also (text, song, more) {
  setText(text.querySelector('.by'), more ? (song.artist ? ' · ' : '') + more : '');
}

/* The frame inside <main>. `search` is the search panel's elements. */
export function build (main, search, acts) {
  ui = {
    acts,
    search,
    showAll: false,
    offline: h('p', { class: 'banner offline', hidden: true, role: 'status' }, icon('offline'), h('span')),
    now: h('section', { class: 'now', 'aria-label': _('Playing now') }),
    notice: h('div', { class: 'notices' }),
    yours: h('section', { class: 'yours', hidden: true }),
    queue: h('section', { class: 'queue' }),
    home: h('div', { class: 'home' }),
  };
  ui.nowArt = artwork(null, 'large');
  ui.nowTitle = h('b', { class: 'title' });
  ui.nowSub = h('span', { class: 'sub' });
  ui.nowFrom = h('a', { class: 'from', target: '_blank', rel: 'noopener', hidden: true }, _('Listen on Spotify'));
  ui.nowBar = h('i');
  ui.nowTime = h('span', { class: 'time' });
  ui.now.appendChild(ui.nowArt);
  ui.now.appendChild(h('div', { class: 'words' }, ui.nowTitle, ui.nowSub, ui.nowFrom,
                       h('span', { class: 'played' }, h('span', { class: 'bar' }, ui.nowBar), ui.nowTime)));
  ui.yoursList = h('ul', { class: 'rows' });
  ui.yours.appendChild(h('h2', {}, _('Yours')));
  ui.yours.appendChild(ui.yoursList);
  ui.queueCount = h('span', { class: 'meta' });
  ui.queueList = h('ol', { class: 'rows' });
  ui.queueEmpty = h('p', { class: 'empty' }, _('Nothing is waiting yet. Yours could be first.'));
  ui.queueMore = h('button', { class: 'quiet wide', click: () => { ui.showAll = true; acts.refresh(); } });
  ui.queue.appendChild(h('h2', {}, _('Up next'), ui.queueCount));
  [ui.queueList, ui.queueEmpty, ui.queueMore].forEach(part => ui.queue.appendChild(part));
  ui.home.appendChild(ui.yours);
  ui.home.appendChild(search.suggestions);
  const left = h('div', { class: 'left' }, ui.now, ui.notice, search.form, search.results, ui.home);
  clear(main).appendChild(ui.offline);
  main.appendChild(h('div', { class: 'columns' }, left, ui.queue));
}

function renderNow (app) {
  const playing = app.state.nowPlaying;
  show(ui.now, !!playing);
  if (!playing)
    return;
  const mine = (app.state.mine || []).some(own => own.id === playing.requestId);
  paintArtwork(ui.nowArt, playing.song);
  setText(ui.nowTitle, playing.song.title);
  const by = mine ? _('This one is yours.') : playing.name ? _('asked by {name}', { name: playing.name }) : '';
  show(ui.nowFrom, !!playing.song.link);
  if (playing.song.link)
    ui.nowFrom.setAttribute('href', playing.song.link);
  setText(ui.nowSub, playing.song.artist + (playing.song.artist && by ? ' · ' : '') + by);
  ui.now.classList.toggle('mine', mine);
}

function renderProgress (app, now) {
  const playing = app.state.nowPlaying;
  if (!playing)
    return;
  const at = positionMs(playing, now);
  const total = playing.song.durationMs;
  ui.nowBar.style.transform = 'scaleX(' + (total ? Math.min(1, at / total) : 0).toFixed(4) + ')';
  setText(ui.nowTime, playing.playing ? length(at) : _('Paused'));
}

/* Until when the host lets this guest look but not ask; 0 when nothing is the matter. */
function barredUntil (state, now) {
  const me = state.me || {};
  const until = Math.max(Date.parse(me.mutedUntil) || 0, Date.parse(me.bannedUntil) || 0);
  return until > now ? until : 0;
}

/* The whole-page word when there is nothing to ask, the line when there is something to know. */
function noticeFor (app, now) {
  const state = app.state;
  const event = state.event;
  const where = state.organization.name;
  const what = mode(state, now);
  const until = barredUntil(state, now);
  if (until)
    return { key: 'barred' + until, icon: 'door', text: until < FOREVER ? _('You can ask again at {until}.', { until: clockTime(until) })
                                                                        : _("You can't ask for songs here tonight.") };
  if (what === 'not-started') {
    const starts = event && event.startsAt;
    return { key: what + starts, icon: 'door', large: true,
             title: starts ? _('{name} starts at {time}.', { name: where, time: clockTime(starts) }) : _('{name} has not started yet.', { name: where }),
             text: starts ? _('Come back then.') : _('This page opens by itself when it does.') };
  }
  if (what === 'ended' || what === 'closed')
    return { key: what, icon: 'door', large: true, title: _('Requests are closed for tonight.'), text: _('Thanks for the music.') };
  if (what === 'votes')
    return { key: what, icon: 'heart', text: _('Votes only right now.') };
  if (what === 'full' || app.full === state.revision)
    return { key: 'full', icon: 'heart', text: _('The list is full. Vote for what you love.') };
  if (event && event.lastCallAt)
    return { key: 'call', icon: 'clock', text: _('Last call: requests close in {time}',
                                                 { time: countdown(Date.parse(event.lastCallAt) - now) }) };
  return null;
}

function renderNotice (app, now) {
  const notice = noticeFor(app, now);
  const key = notice ? notice.key : '';
  if (ui.notice.dataset.key !== key) {
    ui.notice.dataset.key = key;
    clear(ui.notice);
    if (notice)
      ui.notice.appendChild(notice.large
        ? h('div', { class: 'screen' }, icon(notice.icon), notice.title ? h('h2', {}, notice.title) : null, h('p', {}, notice.text), h('p', { class: 'contact' }, app.state.organization.contact || ''))
        : h('p', { class: 'banner' }, icon(notice.icon), h('span', {}, notice.text)));
  } else if (notice && !notice.large) {
    setText(ui.notice.querySelector('span'), notice.text);
  }
}

/* The state of an own request in one sentence. */
export function stateWords (request, index, seconds) {
  switch (request.status) {
  case 'pending':
    return _('Asked. The host will have a look.');
  case 'playing':
    return _('This one is yours.');
  case 'declined': {
    const reason = request.reason || {};
    return reason.text ? _('Not tonight: {reason}', { reason: reason.text })
      : REASONS[reason.code] ? REASONS[reason.code]() : _('Not tonight. Ask for another one.');
  }
  case 'failed':
    return _('It could not be played. Ask for another one.');
  default:
    return index < 0 ? _("You're on the list.")
      : index === 0 ? _("You're next, {wait}.", { wait: wait(seconds) })
      : c_('place and wait', '{place}, {wait}', { place: ordinal(index + 1), wait: wait(seconds) });
  }
}

function makeOwn (entry) {
  const item = row();
  item.appendChild(artwork(entry.request.song));
  const text = words(entry.request.song);
  const state = h('span', { class: 'state' });
  text.insertBefore(state, text.lastChild);
  item.appendChild(text);
  item.appendChild(h('button', { class: 'round', click: () => ui.acts.leave(item.entry) }, icon('close')));
  swipe(item, () => ui.acts.leave(item.entry));
  return item;
}

function updateOwn (item, entry, app, now) {
  const request = entry.request;
  const waiting = request.status === 'pending' || request.status === 'approved';
  const over = request.status === 'declined' || request.status === 'failed';
  item.entry = entry;
  item.className = 'row own ' + request.status;
  setText(item.querySelector('.state'), stateWords(request, entry.index, entry.index < 0 ? 0 : waitSeconds(app.state, entry.index, now)));
  const button = item.querySelector('button');
  show(button, waiting || over);
  button.setAttribute('aria-label', over ? _('Put “{title}” away', { title: request.song.title })
                                         : _('Take “{title}” back', { title: request.song.title }));
}

/* A swipe to the left does what the button does; the button is always there too. */
function swipe (item, act) {
  let x = 0;
  let y = 0;
  let by = 0;
  item.addEventListener('touchstart', event => { x = event.touches[0].clientX; y = event.touches[0].clientY; by = 0; }, { passive: true });
  item.addEventListener('touchmove', event => {
    const dx = event.touches[0].clientX - x;
    by = Math.abs(dx) > 2 * Math.abs(event.touches[0].clientY - y) ? Math.min(0, dx) : 0;
    item.style.transform = by < -10 ? 'translateX(' + by + 'px)' : '';
  }, { passive: true });
  ['touchend', 'touchcancel'].forEach(name => item.addEventListener(name, event => {
    item.style.transform = '';
    if (by < -96 && name === 'touchend' && !item.querySelector('button').hidden)
      act();
  }));
}

function makeQueued (request) {
  const item = row();
  item.appendChild(h('span', { class: 'place', 'aria-hidden': 'true' }));
  item.appendChild(artwork(request.song));
  item.appendChild(words(request.song));
  item.appendChild(h('button', { class: 'vote', click: () => ui.acts.vote(item.request) }, icon('heart'), h('span', { class: 'count' })));
  return item;
}

function updateQueued (item, request, index, app, canVote) {
  const mine = app.mineIds[request.id];
  const pending = app.pendingVotes[request.id];
  const voted = (app.state.votes || []).indexOf(request.id) >= 0;
  const pressed = pending === undefined ? voted : pending;
  const count = request.votes + (pressed ? 1 : 0) - (voted ? 1 : 0);
  item.request = request;
  item.classList.toggle('mine', !!mine);
  setText(item.querySelector('.place'), String(index + 1));
  also(item, request.song, mine ? _('yours') : request.name);
  const button = item.querySelector('button');
  setText(button.querySelector('.count'), count ? String(count) : '');
  button.setAttribute('aria-pressed', String(!!pressed));
  button.setAttribute('aria-label', mine
    ? n_('{title}: yours, {n} vote', '{title}: yours, {n} votes', count, { title: request.song.title })
    : n_('Vote for {title}, {n} vote', 'Vote for {title}, {n} votes', count, { title: request.song.title }));
  button.disabled = !!mine || !canVote;
}

function renderOffline (app) {
  show(ui.offline, !app.online);
  if (app.online)
    return;
  const minutes = Math.round((Date.now() - app.lostAt) / 60000);
  setText(ui.offline.lastChild,
          (minutes < 1 ? _('No connection to the venue. This is how it looked a moment ago.')
                       : n_('No connection to the venue. This is how it looked {n} minute ago.',
                            'No connection to the venue. This is how it looked {n} minutes ago.', minutes))
          + (Date.now() - app.lostAt > 20000 ? ' ' + _("Join the venue's Wi-Fi first.") : ''));
}

/* What is left to ask, and when the next one opens. */
export function leftWords (state, now) {
  const left = state.left || {};
  const all = state.event && state.event.rules ? state.event.rules.perGuest : 0;
  if (left.requests === null || left.requests === undefined)
    return '';
  if (left.requests > 0)
    return left.requests <= all ? _('{n} of {all} left', { n: left.requests, all }) : n_('{n} song left', '{n} songs left', left.requests);
  const ms = left.nextAt ? Date.parse(left.nextAt) - now : 0;
  return ms > 0 ? _('The next one opens in {time}', { time: countdown(ms) }) : _('The next one opens when yours has played');
}

/* Everything that follows from the data. */
export function render (app) {
  const state = app.state;
  const now = app.now();
  const what = mode(state, now);
  const votes = !!(state.event && state.event.rules && state.event.rules.votes) && app.online && !(state.me && Date.parse(state.me.bannedUntil) > now)
    && (what === 'open' || what === 'votes' || what === 'full');
  app.mineIds = {};
  (state.mine || []).forEach(request => { app.mineIds[request.id] = true; });
  renderNow(app);
  renderNotice(app, now);
  const rows = own(state, app.hidden);
  app.waiting = rows.filter(entry => entry.index >= 0);
  show(ui.yours, rows.length > 0);
  keyed(ui.yoursList, rows, makeOwn, (item, entry) => updateOwn(item, entry, app, now));
  const shown = ui.showAll ? state.queue : state.queue.slice(0, FIRST_ROWS);
  keyed(ui.queueList, shown, makeQueued, (item, request, index) => updateQueued(item, request, index, app, votes));
  show(ui.queueEmpty, !state.queue.length && what === 'open');
  show(ui.queueMore, shown.length < state.queue.length);
  setText(ui.queueMore, fill(_('Show all {n}'), { n: state.queue.length }));
  setText(ui.queueCount, state.queue.length ? n_('{n} song', '{n} songs', state.queue.length) : '');
  show(ui.queue, state.queue.length > 0 || what === 'open');
  ui.search.update(app, what === 'open' && !barredUntil(state, now) && app.full !== state.revision);
  byId('main').classList.toggle('stale', !app.online);
  tick(app);
}

/* Everything that follows from the time alone; called each second while the page is looked at. */
export function tick (app) {
  const now = app.now();
  renderProgress(app, now);
  renderOffline(app);
  renderNotice(app, now);
  Array.prototype.forEach.call(ui.yoursList.children, item => {
    if (item.entry && item.entry.index >= 0)
      updateOwn(item, item.entry, app, now);
  });
  setText(ui.search.left, leftWords(app.state, now));
}
