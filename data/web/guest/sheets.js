/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is asking, and what this page keeps: two sheets that most guests never open. */

import { _ } from '../common/i18n.js';
import { byId, h, icon, setText } from '../common/dom.js';

/* A sheet from below: <dialog> where there is one, an open block where there is none. `close ()` answers whether it
 * was still there. */
function sheet (title, content) {
  if (document.querySelector('dialog')) /* a second tap, while this module was on its way */
    return;
  const box = h('dialog', { class: 'sheet', 'aria-labelledby': 'sheet-title' });
  const close = () => {
    const here = !!box.parentNode;
    if (box.close && here)
      box.close();
    if (here)
      box.parentNode.removeChild(box);
    return here;
  };
  box.appendChild(h('div', { class: 'sheet-head' }, h('h2', { id: 'sheet-title' }, title),
                    h('button', { class: 'round', 'aria-label': _('Close'), click: close }, icon('close'))));
  content(close).forEach(part => box.appendChild(part));
  box.addEventListener('click', event => { if (event.target === box) close(); });
  box.addEventListener('cancel', event => { event.preventDefault(); close(); });
  document.body.appendChild(box);
  if (box.showModal)
    box.showModal();
  else
    box.setAttribute('open', '');
}

export function rename (app, { api, refresh }) {
  sheet(_('Who is asking?'), close => {
    const field = h('input', { id: 'name', type: 'text', maxlength: '40', autocomplete: 'nickname', value: (app.state.me && app.state.me.name) || '' });
    const error = h('p', { class: 'error', hidden: true });
    return [h('form', { submit: event => {
      event.preventDefault();
      api('PUT', '/me', { name: field.value.trim() }).then(answer => {
        const here = close();
        app.state.me = Object.assign({}, app.state.me, { name: answer.name || field.value.trim() });
        refresh();
        if (here)
          byId('q').parentNode.parentNode.querySelector('.name').focus();
      }, problem => { setText(error, problem.title); error.hidden = false; });
    } },
    h('p', {}, h('label', { for: 'name' }, _('Your name on the list and on the screen')), field), error,
    h('p', { class: 'hint' }, _('Any name will do. Everybody in the room can read it.')),
    h('button', { class: 'strong', type: 'submit' }, _('Save')))];
  });
}

export function about (app, { api, refused }) {
  sheet(_('About this page'), close => [
    h('p', {}, _('You ask for songs, the host decides, the room listens.')),
    h('p', {}, _('Kept here, at the venue: a random mark in your browser, the name you chose, your songs and your votes. No account, no address, nothing from your phone.')),
    h('p', {}, _('Leaving? Forget me takes back your waiting songs and erases your mark and your name.')),
    h('button', { class: 'strong', click: () => api('DELETE', '/me').then(() => {
      try {
        localStorage.removeItem('tempo-read');
      } catch (error) {
        /* nothing was kept then */
      }
      location.reload();
    }, error => { close(); refused(error); }) }, _('Forget me')),
  ]);
}
