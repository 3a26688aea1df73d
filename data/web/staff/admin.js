/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of the operator: every organization of this installation at a glance, and how the program is. */

import { _, c_, n_, clockTime } from '../common/i18n.js';
import { brand, byId, clear, h, icon, setText } from '../common/dom.js';
import { healthWords } from './tonight.js';
import { api, choice, field, form, languageMenu, onSignedOut, sheet, signIn, toast } from './api.js';

const REFRESH = 15000;
let timer = 0;
const PAGE = 24;
let drawn = '';
let shown = PAGE; /* how many houses one asked to see */
const refused = problem => toast(problem.title);

function megabytes (bytes) {
  return bytes === null || bytes === undefined ? '–' : (bytes / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) + ' MB';
}

function day (time) {
  return time ? new Date(time).toLocaleDateString(document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang, { day: 'numeric', month: 'short' }) + ' ' + clockTime(time) : _('never');
}

function fact (term, value) {
  return h('div', {}, h('dt', {}, term), h('dd', {}, value));
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

function card (organization, health) {
  const ill = health.filter(line => line.organizationId === organization.id);
  const events = organization.events.map(event => organization.rooms > 1 ? event.room + ': ' + event.name : event.name).join(', ');
  return h('li', { class: 'card org' + (organization.active ? '' : ' off') },
           h('div', { class: 'head' }, h('h3', {}, organization.name), h('button', { class: 'round', 'aria-label': _('More about {name}', { name: organization.name }), click: () => openOne(organization, health) }, icon('more'))),
           h('p', { class: 'sub' }, '/' + organization.slug + (organization.active ? '' : ' · ' + _('closed'))),
           ill.length ? h('p', { class: 'ill' }, icon('about'), h('span', {}, healthWords(ill[0]))) : null,
           h('p', { class: 'on' }, events ? _('On now: {name}', { name: events }) : _('Nothing is on')),
           h('dl', { class: 'facts' },
             fact(_('Rooms'), String(organization.rooms)),
             fact(_('Guests tonight'), String(organization.guests)),
             fact(_('Phones now'), String(organization.listeners)),
             fact(_('Storage'), megabytes(organization.sizeBytes)),
             fact(_('Last backup'), day(organization.lastBackupAt)),
             fact(_('Licence'), licenceWords(organization.licence))));
}

/* --- the installation --- */

function tile (term, value) {
  return h('div', {}, h('dt', {}, term), h('dd', {}, value));
}

function drawInstallation (data) {
  const trouble = data.health.map(line => h('p', { class: 'banner warn' }, icon('about'), h('span', {}, line.organization + ': ' + healthWords(line))));
  return h('section', { 'aria-labelledby': 'h-health' }, h('div', { class: 'head' }, h('h2', { id: 'h-health' }, _('This installation'))), ...(trouble.length ? trouble : [h('p', { class: 'hint' }, _('All is well.'))]),
           h('dl', { class: 'tiles' }, tile(_('Phones now'), String(data.guests)), tile(_('Displays'), String(data.displays)), tile(_('Staff'), String(data.staff)), tile(_('Memory'), megabytes(data.memoryBytes)),
             tile(_('Connections'), String(data.connections)), tile(_('Turned away'), String(data.turnedAway))),
           h('dl', { class: 'facts wide' }, fact(_('Version'), data.version), fact(_('Address for guests'), data.url), fact(_('Address for staff'), data.staffUrl || '–'), fact(_('Its certificate, SHA-256'), data.fingerprint || '–')));
}

function load () {
  clearTimeout(timer);
  return Promise.all([api('GET', '/api/organizations?limit=' + Math.min(shown, 200)), api('GET', '/api/installation')]).then(answers => {
    const key = JSON.stringify(answers);
    timer = setTimeout(() => { if (document.hidden || document.querySelector('dialog')) timer = setTimeout(load, REFRESH); else load().catch(() => {}); }, REFRESH);
    if (key === drawn)
      return;
    drawn = key;
    draw(answers[0], answers[1]);
  });
}

function draw (page, installation) {
  const organizations = page.organizations;
  const list = h('ul', { class: 'cards' });
  organizations.slice().sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name)).forEach(organization => list.appendChild(card(organization, installation.health)));
  clear(byId('main')).appendChild(h('div', { class: 'two' }, h('section', { 'aria-labelledby': 'h-orgs' },
    h('div', { class: 'head' }, h('h2', { id: 'h-orgs' }, n_('{n} organization', '{n} organizations', organizations.length)), h('button', { class: 'quiet', click: openCreate }, icon('add'), _('New organization'))), list,
    page.next && shown < 200 ? h('button', { class: 'quiet wide', click: () => { shown += PAGE; load().catch(refused); } }, _('Show more')) : null), drawInstallation(installation)));
}

/* --- in and out --- */

function showSignIn (word) {
  clearTimeout(timer);
  drawn = '';
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
onSignedOut(() => { if (drawn) showSignIn(_('Your session is over. Sign in again.')); });
enter();
