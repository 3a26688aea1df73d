/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who did what in the house, newest first. */

import { _, c_, clockTime } from '../common/i18n.js';
import { clear, h, icon, show } from '../common/dom.js';
import { actionsOf, describeActor, describeChange, describeDay, describeReason, describeWhat, kinds } from './log-words.js';
import { deviceWords, frame, when } from './office.js';

const PAUSE = 250;

function line (entry, day) {
  const said = [describeActor(entry), describeChange(entry, when), describeReason(entry)].filter(Boolean).join(' · ');
  const from = [entry.address, deviceWords(entry.agent)].filter(Boolean).join(' · ');
  return h('li', { class: 'row' }, day ? h('h3', {}, day) : null, h('span', { class: 'words' }, h('span', { class: 'meta' }, clockTime(entry.at)), h('b', { class: 'what' }, describeWhat(entry)), h('span', { class: 'said' }, said), from ? h('span', { class: 'sub small' }, from) : null));
}

function makeLog (app) {
  const kind = h('select', { class: 'pick', 'aria-label': c_('log', 'What to show'), change: () => load(null) });
  const find = h('input', { type: 'search', 'aria-label': _('Find in the log'), placeholder: c_('log', 'Name, word or address'), autocomplete: 'off', maxlength: 200, input: later });
  const list = h('ul', { class: 'rows log' });
  const empty = h('p', { class: 'empty', hidden: true }, _('Nothing like that.'));
  const more = h('button', { class: 'quiet wide', hidden: true, click: () => load(next) }, _('Show more'));
  const pane = frame('h-log', _('Log'), h('div', { class: 'sift' }, kind, h('p', { class: 'find' }, icon('search'), find)), list, empty, more);
  let next = null;
  let timer = 0;
  let newest = 0;
  let day = '';

  kinds().forEach(one => kind.appendChild(h('option', { value: one[0] }, one[1])));

  function later () {
    clearTimeout(timer);
    timer = setTimeout(() => load(null), PAUSE);
  }

  function load (cursor) {
    const mine = ++newest;
    const query = find.value.trim();
    const path = '/api/' + app.slug + '/audit?limit=50' + (query ? '&q=' + encodeURIComponent(query) : '') + (kind.value ? '&action=' + actionsOf(kind.value) : '') + (cursor ? '&cursor=' + encodeURIComponent(cursor) : '');
    return app.api('GET', path).then(data => {
      if (mine !== newest)
        return;
      if (!cursor) {
        clear(list);
        day = '';
      }
      data.audit.forEach(entry => {
        const its = describeDay(Date.parse(entry.at), Date.now());
        list.appendChild(line(entry, its === day ? '' : its));
        day = its;
      });
      next = data.next || null;
      show(more, !!next);
      show(empty, !list.firstChild && !next);
      /* What is rare may be far back: a page that found nothing is no end. */
      if (next && !data.audit.length)
        load(next);
    }, app.refused);
  }

  return { pane, open: () => load(null) };
}

export const pages = { log: makeLog };
