/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is here tonight, and what staff can do about it. */

import { _, n_, clockTime } from '../common/i18n.js';
import { h, icon, keyed, setText, show } from '../common/dom.js';
import { choice, field, form, sheet } from './api.js';
import { may, sortGuests } from './state.js';

const FOREVER = Date.parse('9000-01-01'); /* "until lifted" is the last time there is */
const UNTIL_LIFTED = '9999-12-31T23:59:59Z';
const SHOWN = 200;

function after (minutes) {
  return new Date(Date.now() + minutes * 60000).toISOString();
}

function untilWords (time) {
  return Date.parse(time) < FOREVER ? _('until {time}', { time: clockTime(time) }) : _('until you lift it');
}

export function barred (guest, now) {
  return [guest.held ? _('held back') : '',
          Date.parse(guest.mutedUntil) > now ? _('muted {until}', { until: untilWords(guest.mutedUntil) }) : '',
          Date.parse(guest.bannedUntil) > now ? _('banned {until}', { until: untilWords(guest.bannedUntil) }) : ''].filter(Boolean);
}

/* The lines of a sheet about a guest. */
export function guestActions (app, guest, close) {
  const name = guest.name || _('This guest');
  const now = app.now();
  const send = (body, said) => () => {
    close();
    app.api('PATCH', '/api/' + app.slug + '/guests/' + guest.id, body).then(() => app.toast(said), app.refused);
  };
  const muted = Date.parse(guest.mutedUntil) > now;
  const banned = Date.parse(guest.bannedUntil) > now;
  return [
    choice('clock', guest.held ? _('Let their songs go on') : _('Hold their songs back'), send({ held: !guest.held }, guest.held ? _('{name} is back in line.', { name }) : _('{name} keeps their place, others go first.', { name }))),
    muted ? choice('check', _('Let them ask again'), send({ mutedUntil: null }, _('{name} can ask again.', { name })))
          : choice('offline', _('No new songs for half an hour'), send({ mutedUntil: after(30) }, _('{name} can ask again in half an hour.', { name }))),
    banned ? choice('check', _('Let them back in'), send({ bannedUntil: null }, _('{name} is back in.', { name })))
           : choice('close', _('Shut out for tonight, songs declined'), send({ bannedUntil: after(12 * 60) }, _('{name} is out for tonight.', { name })), true),
    banned ? null : choice('close', _('Shut out until you lift it'), send({ bannedUntil: UNTIL_LIFTED }, _('{name} is out.', { name })), true),
    choice('close', _('Decline all their waiting songs'), send({ clear: true }, _('Their waiting songs are declined.')), true),
  ];
}

export function makeGuests (app) {
  const find = h('input', { type: 'search', 'aria-label': _('Find a guest'), placeholder: _('Find a guest'), autocomplete: 'off', input: () => render() });
  const count = h('span', { class: 'meta' });
  const list = h('ul', { class: 'rows' });
  const empty = h('p', { class: 'empty' }, _('No guest has asked for a song yet.'));
  const pane = h('section', { class: 'pane', 'aria-labelledby': 'h-guests' }, h('div', { class: 'head' }, h('h2', { id: 'h-guests' }, _('Guests'), ' ', count)), h('p', { class: 'find' }, icon('search'), find), list, empty);

  function open (guest) {
    sheet(guest.name || _('A guest'), close => {
      const name = field(_('Name'), { type: 'text', maxlength: 40, value: guest.name || '', autocomplete: 'off' });
      return guestActions(app, guest, close).concat(form([name.row], _('Rename'), () =>
        app.api('PATCH', '/api/' + app.slug + '/guests/' + guest.id, { name: name.input.value.trim() }).then(() => { close(); app.toast(_('Renamed.')); })));
    });
  }

  function make () {
    const row = h('li', { class: 'row' });
    row.appendChild(h('span', { class: 'words' }, h('b', { class: 'title' }), h('span', { class: 'sub' })));
    row.appendChild(h('button', { class: 'round', click: () => open(row.guest) }, icon('more')));
    return row;
  }

  function update (row, guest) {
    row.guest = guest;
    const more = barred(guest, app.now());
    setText(row.querySelector('.title'), guest.name || _('A guest'));
    setText(row.querySelector('.sub'), [n_('{n} asked', '{n} asked', guest.asked), n_('{n} played', '{n} played', guest.served)].concat(more).join(' · '));
    row.classList.toggle('barred', more.length > 0);
    const button = row.querySelector('button');
    button.setAttribute('aria-label', _('More about {name}', { name: guest.name || _('a guest') }));
    show(button, may(app.member, 'member'));
  }

  function render () {
    const found = sortGuests(app.room.guests, find.value).slice(0, SHOWN);
    setText(count, app.room.guests.length ? String(app.room.guests.length) : '');
    keyed(list, found, make, update);
    show(empty, !found.length);
    show(find.parentNode, app.room.guests.length > 8 || !!find.value);
  }

  return { pane, render };
}
