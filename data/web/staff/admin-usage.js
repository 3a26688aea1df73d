/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one organization is and was: what ails it, and what it used day by day, as a picture and as a table. Fetched when
 * first opened. */

import { _, c_, lang } from '../common/i18n.js';
import { clear, h, icon, setText } from '../common/dom.js';
import { api, field, sheet } from './api.js';
import { healthWords } from './tonight.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 600;
const HEIGHT = 160;
const ROWS = 31; /* of the table at once */

const METRICS = [
  ['requests', () => c_('usage', 'Songs asked for')],
  ['plays', () => c_('usage', 'Songs played')],
  ['guests', () => c_('usage', 'Guests')],
  ['peakListeners', () => c_('usage', 'Most phones at once')],
  ['apiCalls', () => c_('usage', 'Calls to the server')],
  ['storageBytes', () => c_('usage', 'Space, in MB')],
];
const SPANS = [[31, () => c_('usage', 'A month')], [92, () => c_('usage', 'Three months')], [365, () => c_('usage', 'A year')]];

const valueOf = (day, metric) => (metric === 'storageBytes' ? Math.round((day[metric] || 0) / 104857.6) / 10 : day[metric] || 0);
const written = value => value.toLocaleString(lang);
const dayWords = day => new Date(day + 'T12:00:00').toLocaleDateString(lang === 'en' ? 'en-GB' : lang, { day: 'numeric', month: 'short', year: 'numeric' });

/* Every day of the span, oldest first; one that nothing is written of is a day of nothing. */
export function fillDays (usage, days, today) {
  const known = {};
  usage.forEach(day => { known[day.day] = day; });
  const all = [];
  for (let back = days - 1; back >= 0; back--) {
    const day = new Date(Date.parse(today + 'T12:00:00Z') - back * 86400000).toISOString().slice(0, 10);
    all.push(known[day] || { day });
  }
  return all;
}

function chart (days, metric, title) {
  const values = days.map(day => valueOf(day, metric));
  const most = Math.max(...values, 0);
  const at = values.indexOf(most);
  const step = WIDTH / days.length;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 ' + WIDTH + ' ' + HEIGHT);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('class', 'usage');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', most ? _('{title}: most on {day}, {value}', { title, day: dayWords(days[at].day), value: written(most) }) : _('{title}: nothing on these days', { title }));
  values.forEach((value, i) => {
    const high = most ? value / most * (HEIGHT - 4) : 0;
    const bar = document.createElementNS(SVG, 'rect');
    [['x', i * step + step * 0.1], ['y', HEIGHT - 1 - high], ['width', step * 0.8], ['height', high + 1]].forEach(pair => bar.setAttribute(pair[0], pair[1].toFixed(2)));
    svg.appendChild(bar);
  });
  return svg;
}

/* The same figures for those who read them, newest first. */
function table (days, metric, title) {
  const body = h('tbody');
  const more = h('button', { class: 'quiet wide' }, _('Show more'));
  let next = days.length;
  const grow = () => {
    for (const end = Math.max(0, next - ROWS); next > end; next--)
      body.appendChild(h('tr', {}, h('th', { scope: 'row' }, dayWords(days[next - 1].day)), h('td', {}, written(valueOf(days[next - 1], metric)))));
    more.hidden = next === 0;
  };
  more.addEventListener('click', grow);
  grow();
  return h('details', {}, h('summary', {}, c_('usage', 'As a table')), h('table', { class: 'figures' }, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, c_('usage', 'Day')), h('th', { scope: 'col' }, title))), body), more);
}

export function openUsage (organization, health) {
  const place = h('div', { 'aria-live': 'polite' });
  const metric = field(c_('usage', 'What to show'), { options: METRICS.map(line => [line[0], line[1]()]), value: 'requests' });
  const span = field(c_('usage', 'How far back'), { options: SPANS.map(line => [String(line[0]), line[1]()]), value: '31' });
  let known = null;
  let newest = 0;

  function draw () {
    const title = METRICS.filter(line => line[0] === metric.input.value)[0][1]();
    const days = fillDays(known.usage, Number(span.input.value), known.to);
    const most = Math.max(...days.map(day => valueOf(day, metric.input.value)), 0);
    clear(place).appendChild(h('p', { class: 'scale hint', 'aria-hidden': 'true' }, written(most)));
    place.appendChild(chart(days, metric.input.value, title));
    place.appendChild(h('p', { class: 'ends hint', 'aria-hidden': 'true' }, h('span', {}, dayWords(days[0].day)), h('span', {}, dayWords(days[days.length - 1].day))));
    place.appendChild(table(days, metric.input.value, title));
  }

  /* As far back as one wants, and no further. */
  function load () {
    const from = new Date(Date.now() - Number(span.input.value) * 86400000).toISOString().slice(0, 10);
    const mine = ++newest;
    known = null;
    setText(place, _('One moment.'));
    return api('GET', '/api/' + organization.slug + '/usage?from=' + from).then(data => {
      if (mine !== newest)
        return;
      known = data;
      draw();
    }, problem => { if (mine === newest) setText(place, problem.title); });
  }

  metric.input.addEventListener('change', () => known && draw());
  span.input.addEventListener('change', load);
  sheet(organization.name, () => [
    ...(health.length ? health.map(line => h('p', { class: 'banner warn' }, icon('about'), h('span', {}, healthWords(line)))) : [h('p', { class: 'hint' }, _('All is well.'))]),
    h('div', { class: 'times' }, metric.row, span.row), place,
  ]);
  load();
}
