/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The room tonight: open or not, last call, the event and its rules, and how the house is. */

import { _, c_, n_, clockTime, countdown } from '../common/i18n.js';
import { clear, h, icon, setText, show } from '../common/dom.js';
import { field, form, toggle } from './api.js';
import { sourceTrouble } from './sources.js';
import { may } from './state.js';

const SWITCHES = [
  ['open', () => c_('switch', 'Open'), () => _('Guests ask and vote.')],
  ['restricted', () => c_('switch', 'Votes only'), () => _('Guests vote, nobody asks.')],
  ['closed', () => c_('switch', 'Closed'), () => _('No requests.')],
];
const LAST_CALLS = [15, 30, 60];

const HEALTH = {
  address: () => c_('health', 'Phones cannot reach this computer. Check the network and the firewall.'),
  backup: () => c_('health', 'The last backup did not work.'),
  disk: () => c_('health', 'The disk is nearly full.'),
  display: () => c_('health', 'The display is gone.'),
  fallback: () => c_('health', 'The player went away, so the next one on your list plays. Go back when it is there again.'),
  licence_clock: () => c_('health', 'The clock of this computer is behind. Set it right.'),
  licence_grace: () => c_('health', 'The licence is over. All goes on for two weeks; renew it before.'),
  licence_over: () => c_('health', 'The licence is over. What you have goes on; more rooms and people need a new one.'),
  licence_renew: () => c_('health', 'The licence wants to be renewed soon.'),
  quota_near: () => c_('health', 'Most of the storage quota is used.'),
  quota_over: () => c_('health', 'The storage quota is used up. Everything goes on; make room soon.'),
  secrets: () => c_('health', 'No keyring: passwords of music services are forgotten at the next start.'),
  source: () => c_('health', 'The music cannot be played from its source now.'),
  store: () => c_('health', 'Saving does not work. New requests are turned away until it does.'),
};

export const healthWords = line => (HEALTH[line.code] ? HEALTH[line.code]() : line.text);

/* What is the matter with the house, in sentences; what is well says nothing. */
export function troubles (room) {
  return (room.health || []).filter(line => line.level !== 'good').map(line => sourceTrouble(line.code, room.sources) || healthWords(line)).filter(Boolean);
}

export function switchWords (room) {
  const found = SWITCHES.filter(line => line[0] === room.room.switch)[0];
  return found ? found[1]() : '';
}

const textOf = input => (input.type === 'checkbox' ? String(input.checked) : input.value);

function fillIn (input, text) {
  if (input.type === 'checkbox')
    input.checked = text === 'true';
  else
    input.value = text;
}

export function makeTonight (app) {
  const pane = h('section', { class: 'pane', 'aria-labelledby': 'h-room' });
  const heading = h('h2', { id: 'h-room' });
  const trouble = h('div');
  const doors = h('fieldset', { class: 'segments' }, h('legend', {}, _('Requests')));
  const doorHint = h('p', { class: 'hint' });
  const lastCall = h('div', { class: 'lastcall' });
  const eventBox = h('div');
  const rulesBox = h('div');
  const saysBox = h('div');
  const numbers = h('p', { class: 'hint' });
  const join = h('p', { class: 'hint' });
  const drawn = {};
  const rules = [];
  const radios = {};

  const api = (method, path, body) => app.api(method, '/api/' + app.slug + path, body);
  const room = () => app.room;

  SWITCHES.forEach(line => {
    const input = h('input', { type: 'radio', name: 'switch', value: line[0], change: () => set({ switch: line[0] }, line[2]()) });
    radios[line[0]] = input;
    doors.appendChild(h('label', {}, input, h('span', {}, line[1]())));
  });
  [h('div', { class: 'head' }, heading), trouble, doors, doorHint, lastCall, eventBox, rulesBox, saysBox, numbers, join].forEach(part => pane.appendChild(part));

  function set (body, said) {
    return api('PATCH', '/rooms/' + room().room.id, body).then(() => app.toast(said), problem => { app.refused(problem); drawSwitch(); });
  }

  function setEvent (body, said, undo) {
    return api('PATCH', '/events/' + room().event.id, body).then(() => app.toast(said), problem => { app.refused(problem); if (undo) undo(); });
  }

  function drawSwitch () {
    const now = room().room.switch;
    Object.keys(radios).forEach(name => { radios[name].checked = name === now; });
    doors.disabled = !may(app.member, 'member');
    SWITCHES.forEach(line => { if (line[0] === now) setText(doorHint, line[2]()); });
  }

  function drawLastCall () {
    const event = room().event;
    clear(lastCall);
    if (!event || event.state !== 'active' || !may(app.member, 'member'))
      return;
    lastCall.appendChild(h('h3', {}, _('Last call in')));
    if (event.lastCallAt && Date.parse(event.lastCallAt) > app.now()) {
      lastCall.appendChild(h('p', { class: 'banner' }, icon('clock'), h('span', { class: 'grow call' }), h('button', { class: 'quiet', click: () => setEvent({ lastCallAt: null }, _('No last call any more.')) }, _('Take back'))));
      return;
    }
    const line = h('p', { class: 'buttons even' });
    LAST_CALLS.forEach(minutes => line.appendChild(h('button', { class: 'soft', click: () =>
      setEvent({ lastCallAt: new Date(app.now() + minutes * 60000).toISOString() }, _('Everybody sees the countdown now.')) }, c_('minutes left', '{n} min', { n: minutes }))));
    lastCall.appendChild(line);
  }

  function drawEvent () {
    const event = room().event;
    clear(eventBox);
    if (event && event.state === 'active') {
      eventBox.appendChild(h('h3', {}, event.name));
      eventBox.appendChild(h('p', { class: 'hint' }, event.startedAt ? _('Since {time}', { time: clockTime(event.startedAt) }) : ''));
      if (may(app.member, 'member'))
        eventBox.appendChild(h('p', { class: 'buttons' }, h('button', { class: 'soft', click: endEvent }, _('End the event'))));
      return;
    }
    eventBox.appendChild(h('h3', {}, event ? event.name : _('No event is on')));
    if (event && may(app.member, 'member'))
      eventBox.appendChild(h('p', { class: 'buttons' }, h('button', { class: 'strong', click: () => setEvent({ state: 'active' }, _('Doors are open.')) }, _('Start it now'))));
    if (may(app.member, 'admin')) {
      const name = field(_('Name of the event'), { type: 'text', maxlength: 80, required: true, value: new Date().toLocaleDateString(document.documentElement.lang, { weekday: 'long' }), autocomplete: 'off' });
      eventBox.appendChild(form([name.row], _('Start an event'), () => api('POST', '/events', { roomId: room().room.id, name: name.input.value.trim(), state: 'active' }).then(() => app.toast(_('Doors are open.')))));
    }
  }

  function endEvent () {
    const event = room().event;
    app.confirm(_('End “{name}”?', { name: event.name }), _('Songs that still wait are not played. Guests see that the night is over.'), _('End the event'),
                () => setEvent({ state: 'ended' }, _('The event is over.')));
  }

  /* A field that shows a rule, as a text; `scale` of the rule's units are one of the field's. */
  function rule (key, made, scale) {
    const input = made.input;
    const one = { key, input, scale: scale || 1, shown: null };
    input.addEventListener('change', () => {
      const sent = textOf(input);
      if (input.checkValidity())
        setEvent({ rules: { [key]: input.type === 'checkbox' ? input.checked : input.type === 'number' ? sent * one.scale : sent } }, _('Saved.'),
                 () => { if (textOf(input) === sent) fillIn(input, one.shown); });
    });
    rules.push(one);
    return made.row;
  }

  /* Once for an event: somebody may be writing in it. */
  function drawRules () {
    const event = room().event;
    clear(rulesBox);
    rules.length = 0;
    if (!event || event.state === 'ended' || !may(app.member, 'admin'))
      return;
    const number = (key, label, max, hint, scale) => rule(key, field(label, { type: 'number', min: 0, max, inputmode: 'numeric' }, hint), scale);
    const details = h('details', {}, h('summary', {}, _('Rules')));
    [rule('approval', toggle(_('Staff approve each song'))),
     rule('votes', toggle(_('Guests vote'))),
     rule('freeText', toggle(_('Songs by name, not only from the music here'))),
     rule('messages', toggle(_('Dedications'))),
     rule('allowExplicit', toggle(_('Explicit songs'))),
     number('perGuest', _('Songs per guest at once'), 100, _('0 for no limit')),
     number('noRepeatMinutes', _('No repeat within minutes'), 1440, _('0 for no limit')),
     number('maxQueue', _('Songs in the queue at most'), 1000, _('0 for no limit')),
     number('maxDurationSeconds', _('Longest song in minutes'), 60, _('0 for no limit'), 60),
     rule('order', field(_('Order'), { options: [['fair', _('Fair: who had least comes first')], ['votes', _('Most votes first')], ['first', _('First come, first served')]] })),
    ].forEach(part => details.appendChild(part));
    rulesBox.appendChild(details);
  }

  /* What others changed is taken over, but not where somebody has begun to change it too. */
  function takeRules () {
    rules.forEach(one => {
      const value = room().event.rules[one.key];
      const next = String(one.input.type === 'checkbox' ? !!value : one.input.type === 'number' ? Math.round((value || 0) / one.scale) : value);
      if (next !== one.shown && (one.shown === null || textOf(one.input) === one.shown))
        fillIn(one.input, next);
      one.shown = next;
    });
  }

  /* Once for a room: somebody may be writing in it. */
  function drawAnnouncements () {
    const id = room().room.id;
    if (saysBox.dataset.room === id)
      return;
    saysBox.dataset.room = id;
    clear(saysBox);
    if (!may(app.member, 'admin'))
      return;
    const details = h('details', {}, h('summary', {}, c_('announcements', 'Announcements')));
    const open = () => {
      if (!details.open || details.children.length > 1)
        return;
      import('./announce.js').then(announce => details.children.length > 1 || details.appendChild(announce.makeAnnouncements(app, id)), () => app.toast(_('No connection to the venue. Try again in a moment.')));
    };
    details.addEventListener('toggle', open);
    saysBox.appendChild(details);
  }

  function drawTrouble () {
    clear(trouble);
    troubles(room()).forEach(text => trouble.appendChild(h('p', { class: 'banner warn' }, icon('about'), h('span', {}, text))));
  }

  /* A part is drawn anew only when what it shows is another thing, so that nobody types or taps into the void. */
  function part (name, shows, draw) {
    const key = JSON.stringify(shows);
    if (key === drawn[name])
      return;
    drawn[name] = key;
    draw();
  }

  function render () {
    const now = room();
    const event = now.event || {};
    const who = [now.room.id, event.id, app.member.role, app.member.superAdmin];
    setText(numbers, n_('{n} phone is here', '{n} phones are here', now.listeners || 0) + ' · ' + n_('{n} display in a browser', '{n} displays in browsers', now.displays || 0));
    setText(heading, now.room.name);
    setText(join, _('Guests join at {address}', { address: location.host.replace(/:\d+$/, '') + ' · ' + now.room.code }));
    show(join, !!now.room.code);
    part('switch', [now.room.switch, who], drawSwitch);
    part('trouble', troubles(now), drawTrouble);
    part('call', [event.state, event.lastCallAt, Date.parse(event.lastCallAt) > app.now(), who], drawLastCall);
    part('event', [event.state, event.name, event.startedAt, who], drawEvent);
    part('rules', [event.state === 'ended', who], drawRules);
    takeRules();
    drawAnnouncements();
    tick();
  }

  function tick () {
    const call = lastCall.querySelector('.call');
    if (call && room().event)
      setText(call, _('Requests close in {time}', { time: countdown(Date.parse(room().event.lastCallAt) - app.now()) }));
  }

  return { pane, render, tick };
}
