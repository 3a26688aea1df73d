/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The projector in any browser. It only shows: what plays is decided by the host, and the page
 * stays for weeks, so it reconnects for ever and keeps the last it knew. */

import { _, c_, clockTime, countdown, length, readJson } from '../common/i18n.js';
import { artwork, brand, byId, calm, clear, h, icon, keyed, paintArtwork, paintLogo, setText, show } from '../common/dom.js';
import { live } from '../common/live.js';
import { arrived, lastCall, mainColour, qrPath, scene } from './scene.js';

const GREETING = 4000;
const GREETING_PAUSE = 20000;
const CHANGE_SIDES = 120000;
const CURSOR = 3000;
const SVG = 'http://www.w3.org/2000/svg';
const base = location.pathname.replace(/\/$/, '');

let state = readJson('state');
let ui = null;
let greeted = 0;
let greetings = [];
let skew = 0;
let glowing = '';

const now = () => Date.now() + skew;

function code (qr, number, text) {
  const svg = document.createElementNS(SVG, 'svg');
  const size = qr.size + 8;
  svg.setAttribute('viewBox', '-4 -4 ' + size + ' ' + size);
  svg.setAttribute('shape-rendering', 'crispEdges');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', text);
  svg.appendChild(document.createElementNS(SVG, 'path')).setAttribute('d', qrPath(qr.rows));
  return h('figure', { class: 'code' }, svg, number ? h('figcaption', {}, String(number)) : null);
}

function build () {
  ui = {
    wall: byId('wall'),
    place: h('b', {}), room: h('span', {}), clock: h('time', {}), lost: h('span', { class: 'lost', hidden: true }, icon('offline')),
    logo: h('span', { class: 'logo' }),
    art: artwork(null, 'cover'), title: h('h1', {}), artist: h('p', { class: 'artist' }), by: h('p', { class: 'by' }), words: h('p', { class: 'words' }),
    bar: h('i', {}), time: h('span', { class: 'time' }),
    next: h('section', { class: 'next' }), list: h('ol', {}),
    codes: h('div', { class: 'codes' }), how: h('div', { class: 'how' }), steps: h('ol', { class: 'steps' }), address: h('p', { class: 'address' }),
    announcement: h('p', { class: 'announcement', hidden: true }),
    invite: h('div', { class: 'invite' }), inviteTitle: h('h1', {}), inviteText: h('p', {}),
    call: h('p', { class: 'call', hidden: true }), callText: h('span', {}), callBar: h('i', {}),
    greeting: h('div', { class: 'greeting', role: 'status' }),
  };
  ui.next.appendChild(h('h2', {}, _('Up next')));
  ui.next.appendChild(ui.list);
  [ui.inviteTitle, ui.inviteText].forEach(part => ui.invite.appendChild(part));
  [ui.announcement, ui.steps, ui.address].forEach(part => ui.how.appendChild(part));
  ui.call.appendChild(icon('clock'));
  ui.call.appendChild(ui.callText);
  ui.call.appendChild(h('span', { class: 'track' }, ui.callBar));
  [h('header', {}, ui.logo, ui.place, ui.room, ui.greeting, ui.lost, ui.clock),
   h('section', { class: 'now' }, ui.art, h('div', { class: 'what' }, ui.title, ui.artist, ui.by, ui.words,
     h('div', { class: 'played' }, h('span', { class: 'track' }, ui.bar), ui.time))),
   ui.next, ui.invite, h('footer', {}, ui.how, ui.codes), ui.call].forEach(part => ui.wall.appendChild(part));
}

function makeNext () {
  return h('li', {}, h('b', {}), h('span', {}));
}

function updateNext (item, request) {
  setText(item.firstChild, request.song.title);
  setText(item.lastChild, [request.song.artist, request.name].filter(Boolean).join(' · '));
}

/* Long titles take smaller steps until they fit: two lines of large words, three or four of small. */
function fit (element) {
  [2, 2, 2, 3, 4].some((lines, step) => {
    element.dataset.step = step;
    const line = parseFloat(getComputedStyle(element).lineHeight);
    return element.clientHeight / line < lines + 0.5 && element.scrollWidth <= element.clientWidth + 1;
  });
}

/* Only whole rows are shown. */
function fitRows () {
  const room = ui.list.clientHeight;
  let used = 0;
  Array.prototype.forEach.call(ui.list.children, row => {
    row.style.visibility = '';
    used += row.offsetHeight;
    row.style.visibility = used > room + 1 ? 'hidden' : '';
  });
}

/* The artwork's main colour, from a small canvas; our own server sent the picture, so it may be read. */
function glow (song) {
  const url = (song && song.artworkUrl) || '';
  if (url === glowing)
    return;
  glowing = url;
  if (!url) {
    paintGlow('');
    return;
  }
  const image = new Image();
  const paint = colour => { if (url === glowing) paintGlow(colour); }; /* else another song plays by now */
  image.onload = () => {
    const canvas = h('canvas', { width: 16, height: 16 });
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0, 16, 16);
    try {
      paint(mainColour(pen.getImageData(0, 0, 16, 16).data) || '');
    } catch (error) {
      paint('');
    }
  };
  image.onerror = () => paint('');
  image.src = url;
}

/* Two layers cross-fade, because gradients themselves do not. */
function paintGlow (colour) {
  const on = document.body.dataset.glow === 'a' ? 'b' : 'a';
  const layer = byId('glow-' + on);
  layer.style.setProperty('--glow', colour || 'var(--accent)');
  document.body.dataset.glow = on;
}

function renderNow () {
  const playing = state.nowPlaying;
  if (!playing)
    return;
  setText(ui.title, playing.song.title);
  setText(ui.artist, playing.song.artist + (playing.song.source === 'spotify' ? ' · Spotify' : ''));
  setText(ui.by, playing.name ? _('asked by {name}', { name: playing.name }) : '');
  setText(ui.words, playing.message ? '“' + playing.message + '”' : '');
  paintArtwork(ui.art, playing.song);
  fit(ui.title);
}

function renderJoin (what) {
  const join = state.join;
  const key = JSON.stringify([join, what]);
  const votes = state.room.switch === 'restricted';
  if (ui.codes.dataset.key === key + votes)
    return;
  ui.codes.dataset.key = key + votes;
  clear(ui.codes);
  clear(ui.steps);
  show(ui.codes, what !== 'closed');
  show(ui.steps, what !== 'closed');
  setText(ui.address, what === 'closed' ? '' : join.text);
  if (what === 'closed')
    return;
  if (join.wifi) {
    ui.codes.appendChild(code(join.wifi.qr, 1, _('Code for the Wi-Fi')));
    ui.steps.appendChild(h('li', { 'data-n': '1' }, _('Join the Wi-Fi “{ssid}”', { ssid: join.wifi.ssid })));
  }
  ui.codes.appendChild(code(join.qr, join.wifi ? 2 : 0, _('Code for the songs: {url}', { url: join.url })));
  ui.steps.appendChild(h('li', { 'data-n': join.wifi ? '2' : '' }, votes ? _('Scan and vote') : _('Scan and ask for a song')));
}

function renderInvite (what) {
  const name = state.organization.name;
  const starts = state.event && state.event.startsAt;
  if (what === 'closed') {
    setText(ui.inviteTitle, _('Requests are closed for tonight.'));
    setText(ui.inviteText, _('Thanks for the music.'));
  } else if (what === 'waiting') {
    setText(ui.inviteTitle, starts ? _('{name} starts at {time}.', { name, time: clockTime(starts) }) : _('{name} has not started yet.', { name }));
    setText(ui.inviteText, _('Scan to be the first.'));
  } else {
    setText(ui.inviteTitle, _('What do you want to hear?'));
    setText(ui.inviteText, _('Scan the code and ask for a song.'));
  }
  fit(ui.inviteTitle);
}

function render () {
  const what = scene(state, now());
  document.body.dataset.scene = what;
  document.body.dataset.playing = String(!!state.nowPlaying);
  document.body.dataset.wifi = String(!!state.join.wifi);
  setText(ui.place, state.organization.name);
  setText(ui.room, (state.event && state.event.name) || '');
  paintLogo(ui.logo, state);
  renderNow();
  glow(state.nowPlaying && state.nowPlaying.song);
  keyed(ui.list, state.queue.slice(0, 6), makeNext, updateNext);
  show(ui.next, state.queue.length > 0);
  renderJoin(what);
  renderInvite(what);
  show(ui.announcement, !!state.announcement);
  setText(ui.announcement, state.announcement || '');
  tick();
  fitRows();
}

function tick () {
  const time = now();
  const playing = state.nowPlaying;
  setText(ui.clock, clockTime(time));
  if (playing) {
    const total = playing.song.durationMs;
    const at = Math.min(total || Infinity, playing.positionMs + (playing.playing ? Math.max(0, time - Date.parse(playing.asOf)) : 0));
    ui.bar.style.transform = 'scaleX(' + (total ? at / total : 0).toFixed(4) + ')';
    setText(ui.time, playing.playing ? length(total ? total - at : at) : _('Paused'));
  }
  const call = lastCall(state, time);
  document.body.dataset.call = String(!!call);
  show(ui.call, !!call);
  if (call) {
    setText(ui.callText, _('Last call: requests close in {time}', { time: countdown(call.ms) }));
    ui.callBar.style.transform = 'scaleX(' + call.part.toFixed(4) + ')';
  }
  if (scene(state, time) !== document.body.dataset.scene)
    render();
}

/* A newly accepted song is greeted, one in twenty seconds; who comes meanwhile shares the next. */
function greet () {
  const wait = greeted + GREETING_PAUSE - Date.now();
  if (!greetings.length || wait > 0) {
    if (greetings.length)
      setTimeout(greet, wait);
    return;
  }
  const request = greetings[greetings.length - 1];
  greetings = [];
  greeted = Date.now();
  clear(ui.greeting).appendChild(artwork(request.song));
  ui.greeting.appendChild(h('span', {}, request.name ? _('{name} asked for {title}', { name: request.name, title: request.song.title })
                                                      : c_('greeting', 'New: {title}', { title: request.song.title })));
  ui.greeting.classList.add('shown');
  setTimeout(() => ui.greeting.classList.remove('shown'), GREETING);
}

function follow (next) {
  const fresh = arrived(state, next);
  state = next;
  render();
  if (fresh.length && !greetings.length) {
    greetings = fresh;
    greet();
  } else {
    greetings = greetings.concat(fresh).slice(-20);
  }
}

/* Every two minutes the blocks change sides, unseen, so that nothing burns in. */
function changeSides () {
  const turn = () => document.body.classList.toggle('swapped');
  if (calm()) {
    turn();
    return;
  }
  ui.wall.classList.add('away');
  setTimeout(() => { turn(); ui.wall.classList.remove('away'); }, 250);
}

let cursorTimer = 0;

function hideCursor () {
  document.body.classList.remove('still');
  clearTimeout(cursorTimer);
  cursorTimer = setTimeout(() => document.body.classList.add('still'), CURSOR);
}

/* Only secure contexts may; elsewhere the TV's own setting has to do. */
function stayAwake () {
  if (document.hidden || !navigator.wakeLock)
    return;
  navigator.wakeLock.request('screen').catch(() => {});
}

function probe () {
  return fetch(base + '/state', { credentials: 'same-origin' }).then(answer => {
    const date = Date.parse(answer.headers.get('Date'));
    if (date)
      skew = Math.abs(date - Date.now()) > 2000 ? date - Date.now() : 0;
    if (!answer.ok)
      throw answer.status;
    /* The stream may have brought what is newer. */
    return answer.json().then(next => { if (next.revision >= state.revision) follow(next); });
  });
}

function start () {
  brand(document.documentElement.dataset);
  build();
  follow(state);
  hideCursor();
  stayAwake();
  ['mousemove', 'touchstart', 'keydown'].forEach(name => addEventListener(name, hideCursor));
  document.addEventListener('visibilitychange', stayAwake);
  addEventListener('resize', render);
  setInterval(tick, 1000);
  setInterval(changeSides, CHANGE_SIDES);
  probe().catch(() => {});
  live(base + '/stream', { display: follow }, online => {
    show(ui.lost, !online);
    if (!online)
      probe().catch(status => {
        if (status === 401 || status === 403 || status === 404)
          setText(ui.announcement, _('This screen was signed out by the host.'));
        show(ui.announcement, !!ui.announcement.textContent);
      });
  }, probe);
}

start();
