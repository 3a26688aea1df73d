/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is looked at after the night: numbers, the log, people, the house's own words. Fetched when first opened;
 * what this host does not have is not offered. */

import { _, c_, clockTime } from '../common/i18n.js';
import { clear, h, icon, setText, show } from '../common/dom.js';
import { choice, field, form, sheet } from './api.js';
import { may } from './state.js';

const BROWSERS = [['Edge', /Edg(A|iOS)?\//], ['Opera', /OPR\//], ['Samsung Internet', /SamsungBrowser\//], ['Firefox', /(Firefox|FxiOS)\//], ['Chrome', /(Chrome|CriOS|Chromium)\//], ['Safari', /Safari\//]];
const SYSTEMS = [['Android', /Android/], ['iPhone', /iPhone/], ['iPad', /iPad/], ['Windows', /Windows/], ['macOS', /Mac OS X/], ['ChromeOS', /CrOS/], ['Linux', /Linux/]];

/* "Firefox · Android" of what a browser says of itself; null when it says nothing we know. */
export function deviceWords (agent) {
  const known = table => (table.filter(line => line[1].test(agent || ''))[0] || [])[0];
  return [known(BROWSERS), known(SYSTEMS)].filter(Boolean).join(' · ') || null;
}

export function when (time) {
  return new Date(time).toLocaleDateString(document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang, { day: 'numeric', month: 'short' }) + ' ' + clockTime(time);
}

/* Answers `take (promise, refused)`, which draws what the promise brings: not when a later one was taken meanwhile, and
 * not what is shown already unless `always`, so that a tap under way finds its button. */
export function newest (draw, always) {
  let last = 0;
  let shown = '';
  return (promise, refused) => {
    const mine = ++last;
    return promise.then(data => {
      const key = JSON.stringify(data);
      if (mine !== last || key === shown && !always)
        return;
      shown = key;
      draw(data);
    }, refused);
  };
}

export function frame (id, title, ...parts) {
  return h('section', { class: 'pane', 'aria-labelledby': id }, h('div', { class: 'head' }, h('h2', { id }, title)), ...parts);
}

/* --- numbers --- */

/* Words for what the host counts; what it counts beyond them is shown under its own name. */
const COUNTS = {
  requests: () => _('Songs asked for'),
  played: () => _('Songs played'),
  guests: () => _('Guests'),
  votes: () => _('Votes'),
  declined: () => _('Declined'),
  withdrawn: () => _('Taken back by guests'),
  expired: () => _('Not played before the end'),
};
const LISTS = {
  songs: () => _('Asked for most'),
  artists: () => _('Artists asked for most'),
  byHour: () => _('By the hour'),
  refused: () => _('Declined, and why'),
  turnedAway: () => _('Turned away by the rules'),
  searches: () => _('Searched for and not found'),
  usage: () => _('Songs asked for, day by day'),
  quotas: () => _('Of what is allowed'),
};

/* Why songs were not taken, as guests were told; told of somebody else where theirs speaks of "you". */
const WHY = {
  not_tonight: () => c_('reason', 'Not tonight'),
  played_enough: () => c_('reason', 'Played enough already'),
  not_here: () => c_('reason', 'Does not fit this place'),
  later: () => _('Not now. Ask again later.'),
  other: () => c_('reason', 'For another reason'),
  guest_cleared: () => _('All songs of the guest were cleared.'),
  not_started: () => _('No event is running here yet. Come back a little later.'),
  closed: () => _('Requests are closed for tonight. Thanks for the music.'),
  restricted: () => _('Votes only right now.'),
  limit: () => _('The guest had enough songs waiting.'),
  cooldown: () => _('A short break between two songs. Try again in a few minutes.'),
  duplicate: () => _('Already on the list.'),
  played_recently: () => _('It played a little while ago. Choose another one.'),
  explicit: () => _('Explicit songs are off tonight. Choose another one.'),
  blocked: () => _('This one is not for tonight. Choose another one.'),
  too_long: () => _('This song is too long for tonight. Choose a shorter one.'),
  full: () => _('The list is full. Vote for what you love.'),
  free_text: () => _('Choose a song from what the search finds.'),
  no_song: () => _('This song is not in the house. Choose another one.'),
  votes_off: () => _('There are no votes tonight.'),
  own_vote: () => _('This one is yours already. Vote for another one.'),
  muted: () => _('The guest was muted.'),
  banned: () => _('The guest was banned.'),
  rate: () => _('That was quick. Wait a moment and try again.'),
  source_unavailable: () => _('The music can\'t be reached right now. Ask the host.'),
  unplayable: () => c_('statistics', 'Could not be played'),
  removed: () => c_('statistics', 'Removed from the queue'),
  cleared: () => c_('statistics', 'Queue was cleared'),
};
const QUOTAS = {
  requestsPerMonth: () => _('Songs asked for this month'),
  storageBytes: () => _('Space for music and pictures'),
};

function amount (key, value) {
  if (/bytes$/i.test(key))
    return (value / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) + ' MB';
  return Number(value).toLocaleString(document.documentElement.lang);
}

export function labelOf (item) {
  const words = item.code !== undefined ? WHY[item.code] : QUOTAS[item.metric];
  if (words)
    return words();
  if (item.title)
    return [item.title, item.artist].filter(Boolean).join(' · ');
  if (item.at || item.hour)
    return /T/.test(item.at || item.hour) ? when(item.at || item.hour) : String(item.at || item.hour);
  /* A code without words says nothing to people. */
  if (item.code !== undefined)
    return c_('reason', 'For another reason');
  const found = ['artist', 'words', 'day'].filter(key => item[key] !== undefined && item[key] !== null)[0];
  return found === undefined ? '' : String(item[found]);
}

function countOf (item) {
  const found = ['count', 'requests', 'used'].filter(key => typeof item[key] === 'number')[0];
  return found ? item[found] : 0;
}

/* A list with a bar beside each number: a picture that can be read aloud too. */
function bars (title, items) {
  const most = items.reduce((max, item) => Math.max(max, countOf(item)), 1);
  const list = h('ol', { class: 'bars' });
  items.slice(0, 24).forEach(item => {
    const bar = h('i', { 'aria-hidden': 'true' });
    bar.style.transform = 'scaleX(' + (countOf(item) / most).toFixed(3) + ')';
    list.appendChild(h('li', {}, h('span', { class: 'grow' }, labelOf(item)), h('b', {}, amount(item.metric || '', countOf(item))), bar));
  });
  return h('div', { class: 'card' }, h('h3', {}, title), list);
}

function drawNumbers (place, data) {
  const tiles = h('dl', { class: 'tiles' });
  const cards = h('div', { class: 'cards' });
  const walk = object => Object.keys(object).forEach(key => {
    const value = object[key];
    if (typeof value === 'number' && COUNTS[key])
      tiles.appendChild(h('div', {}, h('dt', {}, COUNTS[key]()), h('dd', {}, amount(key, value))));
    else if (Array.isArray(value) && value.length && typeof value[0] === 'object')
      LISTS[key] && cards.appendChild(bars(LISTS[key](), value));
    else if (value && typeof value === 'object' && !Array.isArray(value))
      walk(value);
  });
  walk(data);
  clear(place);
  if (tiles.firstChild)
    place.appendChild(tiles);
  if (cards.firstChild)
    place.appendChild(cards);
  if (!place.firstChild)
    place.appendChild(h('p', { class: 'empty' }, _('Nothing has been counted yet.')));
}

function numbersPane (app, id, title, path) {
  const place = h('div');
  const pane = frame(id, title, place);
  const take = newest(data => drawNumbers(place, data));
  return { pane, open: () => take(app.api('GET', '/api/' + app.slug + path), app.refused) };
}

/* --- people --- */

function roles (app) {
  const all = [['viewer', c_('role', 'Viewer: sees everything')], ['member', c_('role', 'Member: runs the night')], ['admin', c_('role', 'Admin: rules, people, displays')], ['owner', c_('role', 'Owner: everything')]];
  return all.filter(role => may(app.member, role[0]));
}

export function roleWord (role) {
  const found = [['viewer', _('Viewer')], ['member', _('Member')], ['admin', _('Admin')], ['owner', _('Owner')]].filter(pair => pair[0] === role)[0];
  return found ? found[1] : role;
}

function makePeople (app) {
  const base = '/api/' + app.slug;
  const list = h('ul', { class: 'rows' });
  const invited = h('ul', { class: 'rows' });
  const invitedHead = h('h3', { hidden: true }, _('Invited'));
  const invite = h('button', { class: 'soft', hidden: true, click: openInvite }, _('Invite somebody'));
  const pane = frame('h-people', _('People'), h('p', { class: 'buttons' }, h('button', { class: 'soft', click: openAdd }, _('Add a person')), invite), list, invitedHead, invited);

  function openAdd () {
    sheet(_('Add a person'), close => {
      const name = field(_('Name'), { type: 'text', maxlength: 64, required: true, autocomplete: 'off', autocapitalize: 'none' });
      const password = field(_('Password'), { type: 'password', minlength: 8, required: true, autocomplete: 'new-password' }, _('Eight characters at least. They can change it later.'));
      const role = field(_('Role'), { options: roles(app), value: 'member' });
      return [form([name.row, password.row, role.row], _('Add'), () => app.api('POST', base + '/members', { username: name.input.value.trim(), password: password.input.value, role: role.input.value })
        .then(() => { close(); app.toast(_('{name} can sign in now.', { name: name.input.value.trim() })); return load(); }))];
    });
  }

  function openInvite () {
    sheet(_('Invite somebody'), close => {
      const role = field(_('Role'), { options: roles(app), value: 'member' });
      return [h('p', { class: 'hint' }, _('They choose their own name and password. The link works once, for three days.')),
              form([role.row], _('Make a link'), () => app.api('POST', base + '/invitations', { role: role.input.value }).then(answer => {
                close();
                showLink(answer);
                return load();
              }))];
    });
  }

  function showLink (answer) {
    const url = answer.url;
    sheet(_('Give them this link'), close => {
      const link = field(_('Link'), { type: 'text', readonly: true, value: url });
      link.input.addEventListener('focus', () => link.input.select());
      return [h('p', { class: 'hint' }, _('It is shown only now.')),
              answer.hereOnly ? h('p', { class: 'hint' }, _('It opens on the host computer only: the encrypted address for staff is off. Start Tempo there again.')) : null, link.row, h('p', { class: 'buttons' }, h('button', { class: 'strong', click: () => {
        link.input.focus();
        (navigator.clipboard ? navigator.clipboard.writeText(url) : Promise.reject(new Error('no clipboard'))).then(() => { close(); app.toast(_('Copied.')); }, () => document.execCommand('copy'));
      } }, _('Copy')))];
    });
  }

  function openMember (member) {
    sheet(member.username, close => {
      const role = field(_('Role'), { options: roles(app), value: member.role });
      const then = (promise, said) => promise.then(() => { close(); app.toast(said); return load(); });
      return [form([role.row], _('Change role'), () => then(app.api('PATCH', base + '/members/' + member.id, { role: role.input.value }), _('Saved.'))),
              choice('door', _('Sign them out everywhere'), () => then(app.api('DELETE', base + '/members/' + member.id + '/sessions'), _('Signed out.')).catch(app.refused)),
              choice('settings', _('Let them choose a new password'), () => { close(); app.api('POST', base + '/members/' + member.id + '/reset').then(answer => showLink(answer), app.refused); }),
              member.secondFactor ? choice('about', _('Turn off their second step'), () => then(app.api('DELETE', base + '/members/' + member.id + '/second-factor'), _('Saved.')).catch(app.refused), true) : null,
              choice('close', _('Remove them'), () => { close(); app.confirm(_('Remove {name}?', { name: member.username }), _('They can no longer sign in. What they did stays in the log.'), _('Remove'), () => then(app.api('DELETE', base + '/members/' + member.id), _('Removed.')).catch(app.refused)); }, true)];
    });
  }

  const mayEdit = () => may(app.member, 'admin');

  const takeInvitations = newest(data => {
    const open = data.invitations || [];
    clear(invited);
    show(invitedHead, open.length > 0);
    open.forEach(invitation => invited.appendChild(h('li', { class: 'row' }, h('span', { class: 'words' }, h('b', { class: 'title' }, [roleWord(invitation.role), invitation.note].filter(Boolean).join(' · ')), h('span', { class: 'sub' }, invitation.expiresAt ? _('until {time}', { time: when(invitation.expiresAt) }) : '')),
                                                      mayEdit() ? h('button', { class: 'quiet', click: () => app.api('DELETE', base + '/invitations/' + invitation.id).then(() => { app.toast(_('Taken back.')); return load(); }, app.refused) }, _('Take back')) : null)));
  });

  const takeMembers = newest(data => {
    clear(list);
    data.members.slice().sort((a, b) => a.username.localeCompare(b.username)).forEach(member => list.appendChild(h('li', { class: 'row' }, h('span', { class: 'words' }, h('b', { class: 'title' }, member.username), h('span', { class: 'sub' }, roleWord(member.role) + (member.id === app.member.id ? ' · ' + _('you') : ''))),
      mayEdit() && member.id !== app.member.id ? h('button', { class: 'round', 'aria-label': _('More about {name}', { name: member.username }), click: () => openMember(member) }, icon('more')) : null)));
  });

  function load () {
    show(pane.querySelector('.buttons'), mayEdit());
    takeInvitations(app.api('GET', base + '/invitations').then(data => { show(invite, mayEdit()); return data; }), () => { show(invite, false); show(invitedHead, false); });
    return takeMembers(app.api('GET', base + '/members'), app.refused);
  }

  return { pane, open: load };
}

/* --- the house's own words --- */

/* What the house has is taken over where nobody has begun to write something else. */
function makeSettings (app) {
  const contact = field(_('How guests reach the house'), { type: 'text', maxlength: 200, autocomplete: 'off' }, _('A telephone number, a web address, a sentence. It stands on the front page while nothing is on.'));
  const path = '/api/' + app.slug + '/settings';
  let shown = '';
  const take = newest(data => {
    const known = data.settings && typeof data.settings.contact === 'string' ? data.settings.contact : '';
    if (contact.input.value === shown)
      contact.input.value = known;
    shown = known;
    show(save, true);
  });
  const save = form([contact.row], _('Save'), () => {
    const settings = { contact: contact.input.value.trim() || null };
    return app.api('PUT', path, { settings }).then(() => { app.toast(_('Saved.')); return open(); });
  });
  const pane = frame('h-settings', _('Settings'), save);

  function open () {
    return take(app.api('GET', path), app.refused);
  }

  save.hidden = true;
  return { pane, open };
}

/* The pages by their id, each {pane, open ()}. */
export const pages = {
  stats: app => numbersPane(app, 'h-stats', _('Statistics'), '/stats'),
  usage: app => numbersPane(app, 'h-usage', _('Usage'), '/usage'),
  people: makePeople,
  settings: makeSettings,
};
