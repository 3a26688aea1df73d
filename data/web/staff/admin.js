/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of the operator: every organization of this installation at a glance, and how the program is. */

import { _, c_, n_, clockTime } from '../common/i18n.js';
import { brand, byId, clear, h, icon, keyed, setText, show } from '../common/dom.js';
import { healthWords } from './tonight.js';
import { api, choice, closeSheets, field, form, languageMenu, onSignedOut, sheet, signIn, toast } from './api.js';

const REFRESH = 15000;
const PAGE = 24;
let timer = 0;
let newest = 0;
let ui = null; /* while somebody is signed in */
let shown = PAGE; /* how many houses one asked to see */
const refused = problem => toast(problem.title);

function megabytes (bytes) {
  return bytes === null || bytes === undefined ? '–' : (bytes / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) + ' MB';
}

function day (time) {
  return time ? new Date(time).toLocaleDateString(document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang, { day: 'numeric', month: 'short' }) + ' ' + clockTime(time) : _('never');
}

/* `lines` of a term and its value in a list that always has the same terms. */
function facts (list, lines) {
  lines.forEach((line, index) => {
    if (!list.children[index])
      list.appendChild(h('div', {}, h('dt', {}, line[0]), h('dd')));
    setText(list.children[index].lastChild, line[1]);
  });
}

/* --- organizations --- */

function openCreate () {
  sheet(_('New organization'), close => {
    const name = field(_('Name'), { type: 'text', maxlength: 80, required: true, autocomplete: 'off' });
    const slug = field(_('Address'), { type: 'text', maxlength: 40, pattern: '[a-z0-9\\-]*', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' }, _('Small letters, digits and hyphens. Empty: made from the name.'));
    const owner = field(_('Name of its owner'), { type: 'text', maxlength: 64, required: true, autocomplete: 'off', autocapitalize: 'none' });
    const password = field(_('Password of its owner'), { type: 'password', minlength: 8, required: true, autocomplete: 'new-password' }, _('Eight characters at least. They can change it later.'));
    return [form([name.row, slug.row, owner.row, password.row], _('Create'), () => {
      const body = { name: name.input.value.trim(), username: owner.input.value.trim(), password: password.input.value };
      if (slug.input.value)
        body.slug = slug.input.value;
      return api('POST', '/api/organizations/create', body).then(answer => { close(); toast(_('{name} is ready.', { name: answer.organization.name })); return load(); });
    })];
  });
}

function openOne (organization, health) {
  const patch = (body, said, close) => api('PATCH', '/api/organizations/' + organization.id, body).then(() => { close(); toast(said); return load(); });
  sheet(organization.name, close => {
    const name = field(_('Name'), { type: 'text', maxlength: 80, required: true, value: organization.name, autocomplete: 'off' });
    return [
      organization.active ? choice('chart', _('Usage and health'), () => { close(); import('./admin-usage.js').then(usage => usage.openUsage(organization, health.filter(line => line.organizationId === organization.id)), () => toast(_('No connection to the venue. Try again in a moment.'))); }) : null,
      organization.active ? h('a', { class: 'choice', href: '/' + organization.slug + '/staff' }, icon('door'), h('span', {}, _('Open its page for staff'))) : null,
      form([name.row], _('Rename'), () => patch({ name: name.input.value.trim() }, _('Saved.'), close)),
      organization.active
        ? choice('close', _('Close it'), () => { close(); confirmClose(organization); }, true)
        : choice('check', _('Open it again'), () => patch({ active: true }, _('{name} is open again.', { name: organization.name }), close).catch(refused)),
    ];
  });
}

function confirmClose (organization) {
  sheet(_('Close {name}?', { name: organization.name }), close => [
    h('p', {}, _('Its pages answer as if it had never been, and nobody of it can sign in. Its data stays, and you can open it again.')),
    h('p', { class: 'buttons' },
      h('button', { class: 'strong', click: () => api('PATCH', '/api/organizations/' + organization.id, { active: false }).then(() => { close(); toast(_('{name} is closed.', { name: organization.name })); return load(); }, problem => { close(); refused(problem); }) }, _('Close it')),
      h('button', { class: 'soft', click: close }, _('Cancel'))),
  ]);
}

const TIERS = {
  community: () => c_('tier', 'Community'),
  small: () => c_('tier', 'Small'),
  medium: () => c_('tier', 'Medium'),
  institution: () => c_('tier', 'Institution'),
};

function licenceWords (licence) {
  if (!licence)
    return '–';
  return [TIERS[licence.tier] ? TIERS[licence.tier]() : licence.tier, licence.until ? _('until {time}', { time: day(licence.until) }) : ''].filter(Boolean).join(' · ');
}

function makeCard () {
  const card = h('li');
  card.appendChild(h('div', { class: 'head' }, h('h3'), h('button', { class: 'round', click: () => openOne(card.organization, card.health) }, icon('more'))));
  card.appendChild(h('p', { class: 'sub' }));
  card.appendChild(h('p', { class: 'ill' }, icon('about'), h('span')));
  card.appendChild(h('p', { class: 'on' }));
  card.appendChild(h('dl', { class: 'facts' }));
  return card;
}

function updateCard (card, organization, health) {
  const ill = health.filter(line => line.organizationId === organization.id);
  const events = organization.events.map(event => organization.rooms > 1 ? event.room + ': ' + event.name : event.name).join(', ');
  const part = name => card.querySelector(name);
  card.organization = organization;
  card.health = health;
  card.className = 'card org' + (organization.active ? '' : ' off');
  setText(part('h3'), organization.name);
  part('button').setAttribute('aria-label', _('More about {name}', { name: organization.name }));
  setText(part('.sub'), '/' + organization.slug + (organization.active ? '' : ' · ' + _('closed')));
  show(part('.ill'), ill.length > 0);
  setText(part('.ill span'), ill.length ? healthWords(ill[0]) : '');
  setText(part('.on'), events ? _('On now: {name}', { name: events }) : _('Nothing is on'));
  facts(part('.facts'), [
    [_('Rooms'), String(organization.rooms)],
    [_('Guests tonight'), String(organization.guests)],
    [_('Phones now'), String(organization.listeners)],
    [_('Storage'), megabytes(organization.sizeBytes)],
    [_('Last backup'), day(organization.lastBackupAt)],
    [_('Licence'), licenceWords(organization.licence)],
  ]);
}

/* --- the installation --- */

function drawInstallation (data) {
  const trouble = data.health.map(line => line.organization + ': ' + healthWords(line));
  const key = JSON.stringify(trouble);
  if (ui.trouble.dataset.key !== key) {
    ui.trouble.dataset.key = key;
    clear(ui.trouble);
    trouble.forEach(text => ui.trouble.appendChild(h('p', { class: 'banner warn' }, icon('about'), h('span', {}, text))));
    if (!trouble.length)
      ui.trouble.appendChild(h('p', { class: 'hint' }, _('All is well.')));
  }
  facts(ui.tiles, [[_('Phones now'), String(data.guests)], [_('Displays'), String(data.displays)], [_('Staff'), String(data.staff)], [_('Memory'), megabytes(data.memoryBytes)],
                   [_('Connections'), String(data.connections)], [_('Turned away'), String(data.turnedAway)]]);
  facts(ui.facts, [[_('Version'), data.version], [_('Address for guests'), data.url], [_('Address for staff'), data.staffUrl || '–'], [_('Its certificate, SHA-256'), data.fingerprint || '–']]);
}

/* Again and again while somebody is signed in; what a later call answered is not overwritten. */
function load () {
  const mine = ++newest;
  const again = () => { if (mine === newest && ui) timer = setTimeout(poll, REFRESH); };
  clearTimeout(timer);
  return Promise.all([api('GET', '/api/organizations?limit=' + Math.min(shown, 200)), api('GET', '/api/installation')]).then(answers => {
    if (mine === newest)
      draw(answers[0], answers[1]);
    again();
  }, problem => {
    again();
    throw problem;
  });
}

function poll () {
  if (document.hidden)
    timer = setTimeout(poll, REFRESH);
  else
    load().catch(() => {});
}

/* Made once: who reads, selects or is about to tap is not disturbed by what is new. */
function build () {
  ui = { count: h('h2', { id: 'h-orgs' }), list: h('ul', { class: 'cards' }), more: h('button', { class: 'quiet wide', click: () => { shown += PAGE; load().catch(refused); } }, _('Show more')),
         trouble: h('div'), tiles: h('dl', { class: 'tiles' }), facts: h('dl', { class: 'facts wide' }) };
  clear(byId('main')).appendChild(h('div', { class: 'two' },
    h('section', { 'aria-labelledby': 'h-orgs' }, h('div', { class: 'head' }, ui.count, h('button', { class: 'quiet', click: openCreate }, icon('add'), _('New organization'))), ui.list, ui.more),
    h('section', { 'aria-labelledby': 'h-health' }, h('div', { class: 'head' }, h('h2', { id: 'h-health' }, _('This installation'))), ui.trouble, ui.tiles, ui.facts)));
}

function draw (page, installation) {
  const organizations = page.organizations.slice().sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name));
  if (!ui)
    build();
  setText(ui.count, n_('{n} organization', '{n} organizations', organizations.length));
  keyed(ui.list, organizations, makeCard, (card, organization) => updateCard(card, organization, installation.health), true);
  show(ui.more, !!page.next && shown < 200);
  drawInstallation(installation);
}

/* --- in and out --- */

function showSignIn (word) {
  clearTimeout(timer);
  newest++;
  ui = null;
  closeSheets();
  clear(byId('tools')).appendChild(languageMenu());
  const made = signIn(null, enter);
  clear(byId('main')).appendChild(h('div', { class: 'gate' }, h('h2', {}, _('Sign in')), h('p', { class: 'hint', role: 'status' }, word || _('For who runs this installation.')), made));
  made.querySelector('input').focus();
}

function enter () {
  return load().then(() => {
    clear(byId('tools')).appendChild(languageMenu());
    byId('tools').appendChild(h('button', { class: 'quiet', click: () => api('POST', '/api/auth/logout').then(() => location.reload(), () => location.reload()) }, _('Sign out')));
  }, problem => {
    showSignIn(problem.status === 403 ? _('This page is for who runs this installation. Sign in as such.') : problem.status === 401 ? '' : problem.title);
  });
}

brand(document.documentElement.dataset);
document.body.insertBefore(h('a', { class: 'skip', href: '#main' }, _('Skip to the list')), document.body.firstChild);
setText(byId('sub'), _('Operator'));
onSignedOut(() => { if (ui) showSignIn(_('Your session is over. Sign in again.')); });
enter();
