/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the display says besides the music: now, and by the clock. Fetched when first opened. */

import { _, c_, lang } from '../common/i18n.js';
import { clear, h, icon, show } from '../common/dom.js';
import { field, form } from './api.js';
import { formatAnnouncement, parseAnnouncement } from './state.js';

const MAX = 20;

/* 2024 began on a Monday. */
const dayName = (day, weekday) => new Date(2024, 0, 1 + day, 12).toLocaleDateString(lang, { weekday });

function describe (line) {
  const days = line.days.length === 7 ? c_('announcements', 'Every day') : line.days.map(day => dayName(day, 'short')).join(', ');
  return days + ' · ' + line.from + '–' + line.until;
}

export function makeAnnouncements (app, room) {
  const path = '/api/' + app.slug + '/rooms/' + room + '/settings';
  const list = h('ul', { class: 'rows' });
  let lines = [];
  let shown = '';
  let newest = 0;

  const put = settings => app.api('PUT', path, { settings }).then(load);

  /* What somebody else wrote meanwhile stays: the list is read before it is written. */
  const change = edit => app.api('GET', path).then(data => put({ announcements: edit(data.settings.announcements || []) }));

  const words = field(c_('announcements', 'What the display says'), { type: 'text', maxlength: 200, autocomplete: 'off' });
  const off = h('button', { class: 'quiet', hidden: true, click: () => put({ announcement: null }).then(() => app.toast(c_('announcements', 'Taken off the display.')), app.refused) }, c_('announcements', 'Take it off the display'));
  const now = form([words.row], c_('announcements', 'Show it now'), () => {
    if (!words.input.value.trim())
      throw { title: c_('announcements', 'Write what the display should say.') };
    return put({ announcement: words.input.value.trim() }).then(() => app.toast(c_('announcements', 'The display shows it.')));
  });
  now.appendChild(off);

  function row (line) {
    const parsed = parseAnnouncement(line) || { days: [], text: line };
    return h('li', { class: 'row' }, h('span', { class: 'words' }, h('b', { class: 'title' }, parsed.text), parsed.from ? h('span', { class: 'sub' }, describe(parsed)) : null),
             h('button', { class: 'round', 'aria-label': c_('announcements', 'Remove “%s”').replace('%s', parsed.text), click: () => change(all => all.filter(other => other !== line)).then(() => app.toast(_('Removed.')), app.refused) }, icon('close')));
  }

  function fault (made, line) {
    if (!made.text)
      return c_('announcements', 'Write what the display should say.');
    if (!made.days.length)
      return c_('announcements', 'Choose at least one day.');
    if (!/^\d\d:\d\d$/.test(made.from) || !/^\d\d:\d\d$/.test(made.until))
      return c_('announcements', 'Write both times as hours and minutes, like 23:00.');
    if (made.from === made.until)
      return c_('announcements', 'Choose an end that is not the beginning.');
    if (lines.length >= MAX)
      return c_('announcements', 'There is no place for more. Remove one first.');
    return lines.indexOf(line) >= 0 ? c_('announcements', 'The list has this announcement already.') : '';
  }

  function makeAdd () {
    const text = field(c_('announcements', 'What the display says'), { type: 'text', maxlength: 150, autocomplete: 'off' });
    const from = field(c_('announcements', 'From, hours and minutes'), { type: 'time', value: '21:00' });
    const until = field(c_('announcements', 'Until, hours and minutes'), { type: 'time', value: '23:00' });
    const days = h('fieldset', { class: 'days' }, h('legend', { class: 'hint' }, c_('announcements', 'Days')));
    const boxes = [0, 1, 2, 3, 4, 5, 6].map(day => h('input', { type: 'checkbox', checked: true, 'aria-label': dayName(day, 'long') }));
    boxes.forEach((input, day) => days.appendChild(h('label', {}, input, h('span', { 'aria-hidden': 'true' }, dayName(day, 'short')))));
    const made = form([h('h3', {}, c_('announcements', 'Add an announcement')), text.row, days, h('div', { class: 'times' }, from.row, until.row)], c_('announcements', 'Add'), () => {
      const wish = { days: [0, 1, 2, 3, 4, 5, 6].filter(day => boxes[day].checked), from: from.input.value, until: until.input.value, text: text.input.value.trim() };
      const line = formatAnnouncement(wish);
      const wrong = fault(wish, line);
      if (wrong)
        throw { title: wrong };
      return change(all => all.concat([line])).then(() => {
        if (text.input.value.trim() === wish.text)
          made.reset();
        app.toast(_('Saved.'));
      });
    });
    return made;
  }

  /* Only what is told by the host is drawn anew: what somebody is writing stays. */
  function draw (settings) {
    const text = settings.announcement || '';
    if (words.input.value === shown)
      words.input.value = text;
    shown = text;
    show(off, !!text);
    lines = settings.announcements || [];
    clear(list);
    lines.forEach(line => list.appendChild(row(line)));
  }

  function load () {
    const turn = ++newest;
    return app.api('GET', path).then(data => turn === newest && draw(data.settings || {}), app.refused);
  }

  load();
  return h('div', {}, now, h('h3', {}, c_('announcements', 'Announcements by the clock')),
           h('p', { class: 'hint' }, c_('announcements', 'The display shows each at its time, in place of the announcement above.')), list, makeAdd());
}
