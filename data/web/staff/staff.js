/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of staff: signs in, follows all rooms of the house live, and shows one of them. */

import { _, c_, readJson } from '../common/i18n.js';
import { brand, byId, clear, h, icon, paintLogo, setText, show } from '../common/dom.js';
import { live } from '../common/live.js';
import { api, choice, closeSheets, languageMenu, onSignedOut, say, settle, sheet, signIn, toast } from './api.js';
import { applyStaffChange, may } from './state.js';
import { makeDesk } from './desk.js';
import { makeGuests } from './guests.js';
import { makeTonight, switchWords, troubles } from './tonight.js';

const RENEW = 10 * 60000; /* a stream alone does not keep a session */
const ASK_AGAIN = 10000;
const WIDE = matchMedia('(min-width: 48rem)');
/* What is looked at after the night: fetched when first opened. The third is the least role, the fourth a call that
 * tells whether this host has it. */
const OFFICE = [
  ['stats', () => _('Statistics'), 'viewer', '/stats', 'chart'],
  ['usage', () => _('Usage'), 'admin', '/usage', 'chart'],
  ['log', () => _('Log'), 'admin', '/audit?limit=1', 'list'],
  ['people', () => _('People'), 'admin', null, 'people'],
  ['settings', () => _('Settings'), 'admin', null, 'settings'],
  ['you', () => c_('page', 'You'), 'viewer', null, 'you'],
];
const house = readJson('house');

const app = {
  slug: house.organization.slug,
  member: null,
  rooms: [],
  room: null,
  pending: null, /* what must be answered before we ask who we are */
  gated: false, /* the house asks for a second step first */
  online: true,
  view: 'inbox',
  now: () => Date.now(),
  api,
  say,
  toast,
  refused: problem => toast(problem.title),
  confirm,
};
let shell = null;
let following = false;

/* For the few acts that cannot be taken back. */
function confirm (title, text, button, act) {
  sheet(title, close => [h('p', {}, text), h('p', { class: 'buttons' }, h('button', { class: 'strong', click: () => { close(); act(); } }, button), h('button', { class: 'soft', click: close }, _('Cancel')))]);
}

/* --- the frame --- */

function tab (id, iconName, title) {
  const badge = h('span', { class: 'badge', hidden: true });
  const button = h('button', { click: () => go(id) }, h('span', { class: 'tabicon' }, icon(iconName), badge), h('span', {}, title));
  return { id, button, badge };
}

function build () {
  const desk = makeDesk(app);
  const guests = makeGuests(app);
  const tonight = makeTonight(app);
  const office = OFFICE.filter(page => may(app.member, page[2])).map(page => ({ id: page[0], title: page[1](), path: page[3], icon: page[4], pane: h('div', { hidden: true }), made: null }));
  const offline = h('p', { class: 'banner offline', hidden: true, role: 'status' }, icon('offline'), h('span', {}, _('No connection to the venue. This is how it looked a moment ago.')));
  const health = h('p', { class: 'banner warn', hidden: true }, icon('about'), h('span'));
  const undo = h('button', { class: 'quiet undo', hidden: true, click: () => api('POST', '/api/' + app.slug + '/undo', { roomId: app.room.room.id }).then(() => toast(_('Taken back.')), app.refused) }, _('Undo the last step'));
  const tabs = [tab('inbox', 'inbox', _('Inbox')), tab('queue', 'list', _('Queue')), tab('guests', 'people', _('Guests')), tab('room', 'door', _('Room')), tab('more', 'more', _('More'))];
  const nav = h('nav', { class: 'tabs', 'aria-label': _('Parts of the page') }, ...tabs.map(one => one.button));
  const more = h('section', { class: 'pane', 'aria-labelledby': 'h-more' }, h('div', { class: 'head' }, h('h2', { id: 'h-more' }, _('More'))));
  const pages = {};
  office.forEach(page => {
    const line = choice(page.icon, page.title, () => go(page.id));
    pages[page.id] = page;
    page.line = line;
    more.appendChild(line);
    page.pane.appendChild(h('button', { class: 'quiet back', click: () => go('more') }, _('Back')));
  });
  more.appendChild(choice('door', _('Sign out'), signOut));
  const panes = { inbox: desk.inbox, queue: desk.queue, guests: guests.pane, room: tonight.pane, more };
  office.forEach(page => { panes[page.id] = page.pane; });
  shell = { desk, guests, tonight, pages, panes, tabs, nav, offline, health, undo };
  const columns = h('div', { class: 'columns' }, ...Object.keys(panes).map(key => panes[key]));
  clear(byId('main'));
  [offline, health, desk.player, h('p', { class: 'line' }, undo), columns].forEach(part => byId('main').appendChild(part));
  byId('main').parentNode.insertBefore(nav, byId('main'));
  byId('main').appendChild(byId('toasts'));
  document.body.classList.remove('out');
  document.body.classList.add('in');
  office.forEach(page => { if (page.path) api('GET', '/api/' + app.slug + page.path).catch(problem => { if (problem.status === 404 || problem.status === 501 || problem.status === 403) show(page.line, false); }); });
  tools();
}

/* Drawn anew only for other rooms: somebody may have a menu open when the line comes back. */
function tools () {
  const bar = byId('tools');
  const key = app.rooms.map(room => room.room.id + room.room.name).concat(app.room && app.room.room.id).join();
  if (byId('switch') && bar.dataset.key === key)
    return;
  bar.dataset.key = key;
  clear(bar);
  if (app.rooms.length > 1) {
    const pick = h('select', { class: 'pick', 'aria-label': _('Room'), change: () => { choose(pick.value); } });
    app.rooms.forEach(room => pick.appendChild(h('option', { value: room.room.id, selected: room === app.room }, room.room.name)));
    bar.appendChild(pick);
  }
  const state = h('button', { class: 'state', id: 'switch', click: () => go('room') });
  bar.appendChild(state);
  bar.appendChild(languageMenu());
}

/* Phones show one pane; where there is room, inbox and queue stand side by side, and guests beside them. */
function arrange () {
  const beside = WIDE.matches && (app.view === 'inbox' || app.view === 'queue');
  Object.keys(shell.panes).forEach(id => show(shell.panes[id], id === app.view || (beside && (id === 'inbox' || id === 'queue'))));
  byId('main').classList.toggle('two', beside);
  shell.tabs.forEach(one => {
    const here = one.id === app.view || (one.id === 'more' && app.view in shell.pages);
    if (here)
      one.button.setAttribute('aria-current', 'page');
    else
      one.button.removeAttribute('aria-current');
    show(one.button, !(WIDE.matches && one.id === 'queue'));
    if (one.id === 'inbox')
      setText(one.button.lastChild, WIDE.matches ? _('Tonight') : _('Inbox'));
  });
}

function go (view) {
  app.view = WIDE.matches && view === 'queue' ? 'inbox' : view;
  arrange();
  render();
  if (shell.pages[view])
    openOffice(shell.pages[view]);
  scrollTo(0, 0);
  byId('main').focus();
}

function openOffice (page) {
  (page.made ? Promise.resolve() : import(page.id === 'you' || page.id === 'log' ? './' + page.id + '.js' : './office.js').then(office => {
    if (page.made) /* by a second tap, meanwhile */
      return;
    page.made = office.pages[page.id](app);
    page.pane.appendChild(page.made.pane);
  })).then(() => page.made.open(), () => toast(_('No connection to the venue. Try again in a moment.')));
}

function choose (id) {
  app.room = app.rooms.filter(room => room.room.id === id)[0] || app.rooms[0];
  try {
    localStorage.setItem('tempo-staff-room', app.room.room.id);
  } catch (error) {
    /* private mode: the first room next time */
  }
  tools();
  render();
}

function remembered () {
  try {
    return localStorage.getItem('tempo-staff-room');
  } catch (error) {
    return null;
  }
}

/* --- what follows from the data --- */

function renderTop () {
  const room = app.room;
  const others = app.rooms.reduce((sum, other) => sum + (other === room ? 0 : other.inbox.length), 0);
  const words = switchWords(room);
  const sick = troubles(room);
  setText(byId('place'), house.organization.name);
  setText(byId('sub'), [app.rooms.length > 1 ? '' : room.event ? room.event.name : room.room.name, others ? _('{n} waiting elsewhere', { n: others }) : ''].filter(Boolean).join(' · '));
  setText(byId('switch'), words);
  byId('switch').className = 'state ' + room.room.switch;
  byId('switch').setAttribute('aria-label', _('Requests: {state}', { state: words }));
  paintLogo(byId('logo'), { organization: house.organization, room: room.room });
  show(shell.health, sick.length > 0 && app.view !== 'room');
  setText(shell.health.lastChild, sick[0] || '');
  show(shell.undo, !!room.settings.undo && (app.view === 'inbox' || app.view === 'queue'));
  const badge = shell.tabs[0].badge;
  setText(badge, String(room.inbox.length));
  show(badge, room.inbox.length > 0);
}

function render () {
  if (!app.room || !shell)
    return;
  renderTop();
  shell.desk.render();
  if (app.view === 'guests')
    shell.guests.render();
  if (app.view === 'room')
    shell.tonight.render();
  show(shell.offline, !app.online);
  byId('main').classList.toggle('stale', !app.online);
}

function tick () {
  if (!shell || !app.room || document.hidden)
    return;
  shell.desk.tick();
  shell.tonight.tick();
}

/* --- live --- */

function takeState (data) {
  const before = app.room ? app.room.room.id : remembered();
  app.rooms = data.rooms;
  app.room = data.rooms.filter(room => room.room.id === before)[0] || data.rooms[0] || null;
  takeBranding(app.room);
  if (!shell)
    build();
  tools();
  arrange();
  render();
}

/* The name and colours of the house may change while we look. */
function takeBranding (room) {
  if (room && room.organization)
    house.organization = room.organization;
}

function takeChange (change) {
  const before = app.room ? app.room.inbox.length : 0;
  const room = applyStaffChange(app.rooms, change);
  if (!room)
    return;
  takeBranding(change);
  if (room === app.room && room.inbox.length > before && change.inbox.put.length)
    say(_('New: {title}', { title: room.inbox[room.inbox.length - 1].song.title }));
  render();
}

function follow () {
  if (following)
    return;
  following = true;
  live('/api/' + app.slug + '/stream', { state: takeState, change: takeChange }, online => {
    app.online = online;
    render();
    if (!online && app.member)
      check().catch(() => {});
  }, check);
  setInterval(tick, 1000);
  setInterval(() => { if (!document.hidden && app.member) check().catch(() => {}); }, RENEW);
  /* A host that was started again knows nobody any more, and a stream that is refused does not say why. */
  setInterval(() => { if (!app.online && !document.hidden && app.member) check().catch(() => {}); }, ASK_AGAIN);
}

/* Asks who we are: renews the cookie, and tells when the session is over. */
function check () {
  return Promise.resolve(app.pending).then(() => api('GET', '/api/auth/me')).then(answer => {
    if (!answer.member.superAdmin && !answer.organizations.some(organization => organization.slug === house.organization.slug))
      throw { status: 403, code: 'forbidden', title: _('You belong to another house. Sign in as somebody of this one.') };
    app.member = answer.member;
    app.gated = !!answer.secondFactorMissing;
  });
}

/* --- in and out --- */

function showSignIn (word) {
  settle();
  closeSheets();
  shell = null;
  app.member = null;
  const nav = document.querySelector('nav.tabs');
  if (nav)
    nav.parentNode.removeChild(nav);
  document.body.classList.remove('in');
  document.body.classList.add('out');
  document.body.appendChild(byId('toasts'));
  clear(byId('tools')).appendChild(languageMenu());
  setText(byId('sub'), _('For staff'));
  const made = signIn(house.organization.slug, answer => { app.member = answer.member; app.gated = !!answer.secondFactorMissing; enter(); });
  const box = h('div', { class: 'gate' }, h('h2', {}, _('Sign in')), word ? h('p', { class: 'hint', role: 'status' }, word) : null,
                house.plain ? h('p', { class: 'banner warn' }, icon('about'), h('span', {}, _('This address is not encrypted.') + ' '), h('a', { href: house.https + '/' + app.slug + '/staff' }, _('Use the encrypted one'))) : null, made);
  clear(byId('main')).appendChild(box);
  made.querySelector('input').focus();
}

function enter () {
  if (following) {
    location.reload();
    return;
  }
  clear(byId('main')).appendChild(h('p', { class: 'empty', role: 'status' }, _('One moment.')));
  if (app.gated)
    showGate();
  else
    follow();
}

function showGate () {
  clear(byId('tools')).appendChild(languageMenu());
  byId('tools').appendChild(h('button', { class: 'quiet', click: signOut }, _('Sign out')));
  import('./you.js').then(you => you.makeGate(app)).then(gate => clear(byId('main')).appendChild(gate), problem => showSignIn(problem.title || _('No connection to the venue. Try again in a moment.')));
}

function signOut () {
  api('POST', '/api/auth/logout').then(() => location.reload(), () => location.reload());
}

function start () {
  brand(document.documentElement.dataset);
  document.body.insertBefore(h('a', { class: 'skip', href: '#main' }, _('Skip to the list')), document.body.firstChild);
  onSignedOut(() => { if (app.member || !following) showSignIn(app.member ? _('Your session is over. Sign in again.') : ''); });
  WIDE.addListener(() => { if (shell) { if (WIDE.matches && app.view === 'queue') app.view = 'inbox'; arrange(); } });
  addEventListener('scroll', () => document.body.classList.toggle('scrolled', scrollY > 60), { passive: true });
  check().then(enter, problem => { if (problem.status !== 401) showSignIn(problem.title); });
}

start();
