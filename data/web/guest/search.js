/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One big field. Results come as one types, the newest answer wins, one tap asks. */

import { _, c_, length, ordinal } from '../common/i18n.js';
import { artwork, clear, h, icon, keyed, setText, show } from '../common/dom.js';
import { indexById } from './room.js';
import { also, words } from './view.js';

const PAUSE = 120;
const LEAST = 3;
const MAX_MESSAGE = 140;
const MAX_TEXT = 200;

/* `api (method, path, body, signal)`, `ask (wish, row)`, `rename ()`. */
export function makeSearch (app, acts) {
  let timer = 0;
  let newest = 0;
  let running = null;
  let house = [];
  let open = false;
  let offered = ''; /* as a title to ask for by name */

  const field = h('input', { id: 'q', type: 'search', enterkeyhint: 'search', autocomplete: 'off', autocapitalize: 'off',
                             spellcheck: 'false', maxlength: '100', 'aria-controls': 'results', placeholder: _('What do you want to hear?') });
  const reset = h('button', { class: 'round', hidden: true, 'aria-label': _('Close the search'), click: () => close(true) }, icon('close'));
  const left = h('span', { id: 'left', class: 'left-words' });
  const name = h('span');
  const rename = h('button', { class: 'quiet name', click: () => acts.rename() }, name, icon('edit'));
  const form = h('form', { class: 'ask', role: 'search', submit: event => { event.preventDefault(); submitted(); } },
                 h('div', { class: 'field' }, h('label', { for: 'q' }, icon('search'), h('span', { class: 'vh' }, _('What do you want to hear?'))), field, reset),
                 h('p', { class: 'line' }, rename, left));
  const note = h('input', { id: 'note', type: 'text', maxlength: MAX_MESSAGE, autocomplete: 'off', placeholder: _('For the birthday table') });
  const noteBox = h('p', { class: 'note', hidden: true }, h('label', { for: 'note' }, _('A few words with your next song')), note);
  const noteButton = h('button', { class: 'quiet', 'aria-expanded': 'false', 'aria-controls': 'note',
                                   click: () => { show(noteBox, noteBox.hidden); noteButton.setAttribute('aria-expanded', String(!noteBox.hidden)); if (!noteBox.hidden) note.focus(); } },
                       icon('add'), _('Add a dedication'));
  const head = h('h2', {});
  const list = h('ul', { class: 'rows' });
  const nothing = h('p', { class: 'empty', hidden: true });
  const free = makeFree();
  const results = h('section', { id: 'results', class: 'results', hidden: true, 'aria-live': 'off' }, noteButton, noteBox, head, list, nothing, free.box);
  const tiles = h('ul', { class: 'tiles' });
  const suggestions = h('section', { class: 'suggestions', hidden: true }, h('h2', {}, _('Good here tonight')), tiles);

  function makeFree () {
    const title = h('input', { id: 'free-title', type: 'text', required: true, maxlength: MAX_TEXT, autocomplete: 'off' });
    const artist = h('input', { id: 'free-artist', type: 'text', maxlength: MAX_TEXT, autocomplete: 'off' });
    const box = h('form', { class: 'free', hidden: true, submit: event => {
      event.preventDefault();
      const typed = () => title.value + '\n' + artist.value;
      const asked = typed();
      acts.ask(wish({ title: title.value.trim(), artist: artist.value.trim() }), box).then(done => { if (done && typed() === asked) title.value = artist.value = ''; });
    } },
    h('h2', {}, _('Not in the list? Ask for it by name.')),
    h('p', {}, h('label', { for: 'free-title' }, _('Title')), title),
    h('p', {}, h('label', { for: 'free-artist' }, _('Artist')), artist),
    h('p', { class: 'error', hidden: true }),
    h('button', { class: 'strong', type: 'submit' }, _('Ask for it')));
    return { box, title };
  }

  function wish (what) {
    const message = noteBox.hidden ? '' : note.value.trim();
    return message ? Object.assign(what, { message }) : what;
  }

  /* Where the song is already: on the list (a tap then votes) or played. */
  function already (song) {
    if (song.state === 'queued') {
      const index = indexById(app.state.queue, song.requestId);
      return index < 0 ? _('Already asked for') : _('On the list: {place}', { place: ordinal(index + 1) });
    }
    return song.state === 'played' ? _('Played tonight') : '';
  }

  function makeResult (song) {
    const text = words(song);
    if (song.explicit)
      text.firstChild.appendChild(h('span', { class: 'badge', title: _('explicit') }, 'E'));
    text.appendChild(h('span', { class: 'error', hidden: true }));
    const item = h('li', { class: 'row result' });
    item.appendChild(h('button', { click: () => acts.ask(wish({ songId: song.id }), item) },
                       artwork(song), text, h('span', { class: 'time' }, song.durationMs ? length(song.durationMs) : ''),
                       h('span', { class: 'add' }, icon('add'))));
    return item;
  }

  function updateResult (item, song) {
    const queued = song.state === 'queued';
    item.classList.toggle('queued', queued);
    item.classList.toggle('played', song.state === 'played');
    also(item, song, already(song));
    item.querySelector('.add use').setAttribute('href', queued ? '#i-heart' : '#i-add');
  }

  function draw (songs, query) {
    keyed(list, songs, makeResult, updateResult, true);
    setText(head, query ? _('Found') : _('Good here tonight'));
    show(head, songs.length > 0);
    show(nothing, !!query && !songs.length);
    setText(nothing, _('Nothing found for “{query}”. Try fewer letters, or only the artist.', { query }));
    if (query && !songs.length && (!free.title.value || free.title.value === offered))
      free.title.value = offered = query;
    if (query)
      app.say(songs.length ? c_('search', '{n} found', { n: songs.length }) : _('Nothing found'));
  }

  function ask () {
    const query = field.value.trim();
    const mine = ++newest;
    if (running)
      running.abort();
    running = typeof AbortController === 'function' ? new AbortController() : { abort () {} };
    results.setAttribute('aria-busy', 'true');
    return acts.api('GET', '/search?q=' + encodeURIComponent(query), null, running.signal).then(answer => {
      if (mine !== newest)
        return;
      results.removeAttribute('aria-busy');
      if (!query) {
        house = answer.songs;
        drawTiles();
      }
      draw(answer.songs, query);
    }, error => {
      if (mine !== newest || error.code === 'aborted')
        return;
      results.removeAttribute('aria-busy');
      clear(list);
      show(nothing, true);
      setText(nothing, error.title);
    });
  }

  function drawTiles () {
    clear(tiles);
    house.filter(song => !song.state).slice(0, 8).forEach(song => {
      const item = h('li', {});
      item.appendChild(h('button', { click: () => acts.ask(wish({ songId: song.id }), item) }, artwork(song, 'tile'), words(song), h('span', { class: 'error', hidden: true })));
      tiles.appendChild(item);
    });
  }

  /* Where a search costs the house something, it is made when the guest says so and not while they type. */
  const costs = () => !!app.state.source && app.state.source.search === 'submit';

  function hint () {
    clear(list);
    show(head, false);
    results.removeAttribute('aria-busy');
    show(nothing, true);
    setText(nothing, _('Type three letters or more, then press search.'));
  }

  function submitted () {
    if (costs() && field.value.trim().length >= LEAST)
      ask();
    field.blur();
  }

  function openUp () {
    if (open)
      return;
    open = true;
    show(results, true);
    show(reset, true);
    document.body.classList.add('searching');
    draw(house, '');
    ask();
  }

  function close (toField) {
    open = false;
    newest++;
    clearTimeout(timer);
    clear(list);
    field.value = note.value = '';
    show(results, false);
    show(reset, false);
    show(noteBox, false);
    noteButton.setAttribute('aria-expanded', 'false');
    document.body.classList.remove('searching');
    if (toField)
      field.blur();
    scrollTo(0, 0);
  }

  field.addEventListener('focus', openUp);
  field.addEventListener('input', () => {
    openUp();
    newest++; /* what is on its way answers an older question */
    if (costs()) {
      hint();
      return;
    }
    results.setAttribute('aria-busy', 'true');
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  form.addEventListener('keydown', event => { if (event.key === 'Escape') close(true); });

  return {
    form, results, suggestions, left, close,
    load: ask,
    typed: () => field.value + '\n' + note.value,
    /* Follows the room: a closed list has no field. What was typed is there again when it opens. */
    update (what, allowed) {
      const rules = (app.state.event && app.state.event.rules) || {};
      const asked = app.state.me && app.state.me.name;
      if (open && (what === 'ended' || what === 'not-started'))
        close(false);
      show(form, allowed);
      show(results, open && allowed);
      document.body.classList.toggle('searching', open && allowed);
      setText(name, asked ? _('You are {name}', { name: asked }) : _('Say who is asking'));
      show(noteButton, !!rules.messages);
      show(free.box, !!rules.freeText);
      show(suggestions, allowed && !open && tiles.children.length > 0 && !(app.state.mine || []).some(mine => mine.status === 'pending' || mine.status === 'approved'));
    },
  };
}
