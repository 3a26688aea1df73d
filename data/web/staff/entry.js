/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages behind a link: an invitation (choose a name and a password) and a new password. */

import { _ } from '../common/i18n.js';
import { brand, byId, clear, h, setText } from '../common/dom.js';
import { api, field, form, languageMenu } from './api.js';

const parts = location.pathname.split('/');
const invited = parts[1] === 'invite';
const path = (invited ? '/api/invitations/' : '/api/resets/') + encodeURIComponent(parts[2] || '');

const ROLES = {
  viewer: () => _('You will see everything and change nothing.'),
  member: () => _('You will run the night: requests, queue, playback, guests.'),
  admin: () => _('You will run the night, and set rules, displays and people.'),
  owner: () => _('You will own it all.'),
};

function box (...what) {
  clear(byId('main')).appendChild(h('div', { class: 'gate' }, ...what));
}

function gone (problem) {
  box(h('h2', {}, problem && problem.status === 0 ? _('No connection to the venue. Try again in a moment.') : _('This link does not work any more.')),
      h('p', { class: 'hint' }, _('Links work once and for a few days. Ask for a new one.')));
}

function ask (data) {
  const organization = data.organization || { name: byId('place').textContent, slug: '' };
  const name = field(_('Name'), { type: 'text', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true, maxlength: 64 });
  const password = field(_('Password'), { type: 'password', autocomplete: 'new-password', required: true, minlength: 8 }, _('Eight characters at least.'));
  const again = field(_('The same password again'), { type: 'password', autocomplete: 'new-password', required: true });
  setText(byId('place'), organization.name);
  document.title = organization.name;
  const made = form([invited ? name.row : null, password.row, again.row], invited ? _('Join') : _('Save the new password'), () => {
    if (password.input.value !== again.input.value) {
      again.input.focus();
      throw { title: _('The two passwords are not the same.') };
    }
    return api('POST', path, invited ? { username: name.input.value.trim(), password: password.input.value } : { password: password.input.value })
      .then(() => location.replace('/' + organization.slug + '/staff'), problem => {
        if (problem.status === 404 || problem.status === 410)
          gone(problem);
        else
          throw problem;
      });
  });
  made.classList.add('signin');
  box(h('h2', {}, invited ? _('Join {name}', { name: organization.name }) : _('Choose a new password')),
      h('p', { class: 'hint' }, invited ? (ROLES[data.role] ? ROLES[data.role]() : '') : _('For {name}. You are signed out everywhere else.', { name: data.username || '' })), made);
  made.querySelector('input').focus();
}

brand(document.documentElement.dataset);
document.body.insertBefore(h('a', { class: 'skip', href: '#main' }, _('Skip to the form')), document.body.firstChild);
clear(byId('tools')).appendChild(languageMenu());
api('GET', path).then(ask, gone);
