/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inbox, the queue and what plays: what staff do all night, with one thumb. */

import { _, c_, n_, clockTime, length } from '../common/i18n.js';
import { artwork, clear, h, icon, keyed, paintArtwork, setText, show } from '../common/dom.js';
import { positionMs, waitSeconds } from '../guest/room.js';
import { choice, field, form, sheet } from './api.js';
import { credit } from './sources.js';
import { may } from './state.js';
import { guestActions } from './guests.js';

const SEARCH_PAUSE = 150;

/* The ready reasons; their words are those of the desktop. */
const REASONS = [
  ['not_tonight', () => c_('reason', 'Not tonight')],
  ['played_enough', () => c_('reason', 'Played enough already')],
  ['not_here', () => c_('reason', 'Does not fit this place')],
  ['later', () => c_('reason', 'Maybe later')],
];

function words (request) {
  return h('span', { class: 'words' }, h('b', { class: 'title' }), h('span', { class: 'sub artist' }), h('span', { class: 'sub more' }), h('q', { class: 'message', hidden: true }));
}

/* Short: staff read many of them. */
function waitWords (seconds) {
  const minutes = Math.round(seconds / 60);
  return minutes < 1 ? c_('waiting time', 'next') : c_('minutes left', '{n} min', { n: minutes });
}

function fillWords (row, request, more) {
  setText(row.querySelector('.title'), request.song.title);
  setText(row.querySelector('.artist'), credit(request.song));
  setText(row.querySelector('.more'), [request.name].concat(more).filter(Boolean).join(' · '));
  const message = row.querySelector('.message');
  setText(message, request.message || '');
  show(message, !!request.message);
  message.classList.toggle('shown', !!request.messageShown);
}

export function makeDesk (app) {
  const count = h('span', { class: 'meta' });
  const all = h('button', { class: 'quiet', hidden: true, click: approveAll }, _('Approve all'));
  const inboxList = h('ul', { class: 'rows' });
  const inboxEmpty = h('p', { class: 'empty' }, _('Nobody is waiting for an answer.'));
  const inbox = h('section', { class: 'pane', 'aria-labelledby': 'h-inbox' }, h('div', { class: 'head' }, h('h2', { id: 'h-inbox' }, _('Inbox'), ' ', count), all), inboxList, inboxEmpty);

  const queueCount = h('span', { class: 'meta' });
  const add = h('button', { class: 'quiet', click: addSong }, icon('add'), _('Add a song'));
  const queueList = h('ol', { class: 'rows', keydown: moveByKey });
  const queueEmpty = h('p', { class: 'empty' }, _('The queue is empty.'));
  const queue = h('section', { class: 'pane', 'aria-labelledby': 'h-queue' }, h('div', { class: 'head' }, h('h2', { id: 'h-queue' }, _('Queue'), ' ', queueCount), add), queueList, queueEmpty);

  const art = artwork(null);
  const title = h('b', { class: 'title' });
  const sub = h('span', { class: 'sub' });
  const from = h('a', { class: 'from', target: '_blank', rel: 'noopener', hidden: true }, _('Listen on Spotify'));
  const bar = h('i');
  const time = h('span', { class: 'time' });
  const playButton = h('button', { class: 'round big', click: playOrPause });
  const skip = h('button', { class: 'round', 'aria-label': _('Skip'), click: skipSong }, icon('skip'));
  const played = h('button', { class: 'quiet', click: () => status(app.room.nowPlaying.requestId, 'played', _('Played.')) }, icon('check'), _('Played'));
  const volumeButton = h('button', { class: 'round', 'aria-label': _('Volume'), 'aria-expanded': 'false', click: () => {
    show(volumeRow, volumeRow.hidden);
    volumeButton.setAttribute('aria-expanded', String(!volumeRow.hidden));
  } }, icon('volume'));
  const volume = h('input', { type: 'range', min: 0, max: 100, step: 1, 'aria-label': _('Volume'), input: setVolume });
  const volumeRow = h('p', { class: 'volume', hidden: true }, volume);
  const controls = h('span', { class: 'controls' }, playButton, skip, played);
  const progress = h('div', { class: 'played' }, h('span', { class: 'bar' }, bar), time, volumeButton);
  const player = h('section', { class: 'player', 'aria-label': _('Playing now') }, art, h('div', { class: 'words' }, title, sub, from), controls, progress, volumeRow);

  const api = (method, path, body) => app.api(method, '/api/' + app.slug + path, body);
  const acts = () => may(app.member, 'member');
  const manual = () => app.room.settings.source === 'manual';

  function back () {
    const roomId = app.room.room.id;
    return () => api('POST', '/undo', { roomId }).then(() => app.toast(_('Taken back.')), app.refused);
  }

  function status (id, wanted, said, reason) {
    return api('PATCH', '/requests/' + id, Object.assign({ status: wanted }, reason ? { reason } : {}))
      .then(() => app.toast(said, wanted === 'declined' ? back() : null), app.refused);
  }

  /* --- the inbox --- */

  function approve (request) {
    return status(request.id, 'approved', _('On the list: {title}', { title: request.song.title }));
  }

  function approveAll () {
    all.disabled = true;
    api('PATCH', '/requests', { roomId: app.room.room.id, status: 'approved' })
      .then(answer => app.toast(n_('{n} song is on the list.', '{n} songs are on the list.', answer.count)), app.refused)
      .then(() => { all.disabled = false; });
  }

  function decline (request) {
    sheet(_('Decline “{title}”?', { title: request.song.title }), close => {
      const own = field(_('Or in your own words'), { type: 'text', maxlength: 140, autocomplete: 'off' }, _('The guest reads this.'));
      const send = reason => { close(); return status(request.id, 'declined', _('Declined: {title}', { title: request.song.title }), reason); };
      return REASONS.map(reason => choice('close', reason[1](), () => send(reason[0])))
        .concat(form([own.row], _('Decline'), () => send(own.input.value.trim() || 'not_tonight')));
    });
  }

  function makeWaiting (request) {
    const row = h('li', { class: 'row' }, artwork(request.song), words(request));
    row.appendChild(h('span', { class: 'pair' },
                      h('button', { class: 'round no', click: () => decline(row.request) }, icon('close')),
                      h('button', { class: 'round yes', click: () => approve(row.request) }, icon('check'))));
    return row;
  }

  function updateWaiting (row, request) {
    row.request = request;
    fillWords(row, request, clockTime(request.createdAt));
    show(row.querySelector('.pair'), acts());
    row.querySelector('.no').setAttribute('aria-label', _('Decline “{title}”', { title: request.song.title }));
    row.querySelector('.yes').setAttribute('aria-label', _('Approve “{title}”', { title: request.song.title }));
  }

  /* --- the queue --- */

  function move (request, position) {
    return api('PATCH', '/requests/' + request.id, { position }).then(() => app.say(_('{title} is {n} in the queue now', { title: request.song.title, n: position })), app.refused);
  }

  function patch (request, body, said) {
    return api('PATCH', '/requests/' + request.id, body).then(() => app.toast(said), app.refused);
  }

  function more (row) {
    const request = row.request;
    const first = row.index === 0;
    const last = row.index === app.room.queue.length - 1;
    sheet(request.song.title, close => {
      const then = act => () => { close(); act(); };
      const guest = app.room.guests.filter(other => other.id === request.guestId)[0];
      return [
        request.message ? h('p', { class: 'quote' }, h('q', {}, request.message)) : null,
        first ? null : choice('top', _('To the top'), then(() => move(request, 1))),
        /* From where it is by now: the queue goes on while one reads. */
        first ? null : choice('up', _('One up'), then(() => move(request, Math.max(1, row.index)))),
        last ? null : choice('down', _('One down'), then(() => move(request, row.index + 2))),
        choice('pin', request.pinned ? _('Let it move again') : _('Keep it at this place'), then(() => patch(request, { pinned: !request.pinned }, request.pinned ? _('It moves with the others again.') : _('It stays at this place.')))),
        request.message ? choice('about', request.messageShown ? _('Hide the dedication') : _('Show the dedication to everybody'), then(() => patch(request, { messageShown: !request.messageShown }, request.messageShown ? _('The dedication is hidden.') : _('The dedication is shown.')))) : null,
        manual() ? choice('play', _('It plays now'), then(() => patch(request, { status: 'playing' }, _('It plays now.')))) : null,
        choice('close', _('Take it out'), then(() => decline(request)), true),
      ].concat(guest ? [h('h3', {}, guest.name || _('A guest'))].concat(guestActions(app, guest, close)) : []);
    });
  }

  function makeQueued (request) {
    const row = h('li', { class: 'row' }, h('span', { class: 'place', 'aria-hidden': 'true' }), artwork(request.song), words(request));
    row.appendChild(h('span', { class: 'pair' },
                      h('button', { class: 'round up', click: () => move(row.request, row.index) }, icon('up')),
                      h('button', { class: 'round etc', click: () => more(row) }, icon('more'))));
    return row;
  }

  function updateQueued (row, request, index) {
    row.request = request;
    row.index = index;
    setText(row.querySelector('.place'), String(index + 1));
    fillWords(row, request, [request.votes ? n_('{n} vote', '{n} votes', request.votes) : '', request.pinned ? _('pinned') : '',
                             waitWords(waitSeconds(app.room, index, app.now()))]);
    row.classList.toggle('pinned', !!request.pinned);
    show(row.querySelector('.pair'), acts());
    const up = row.querySelector('.up');
    up.disabled = index === 0;
    up.setAttribute('aria-label', _('Move “{title}” up', { title: request.song.title }));
    row.querySelector('.etc').setAttribute('aria-label', _('More about “{title}”', { title: request.song.title }));
  }

  /* Alt with an arrow moves the song that has the focus, wherever in its row. */
  function moveByKey (event) {
    const row = event.target.closest ? event.target.closest('li') : null;
    if (!row || !event.altKey || !acts() || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown'))
      return;
    const place = row.index + (event.key === 'ArrowUp' ? 0 : 2);
    event.preventDefault();
    if (place >= 1 && place <= app.room.queue.length)
      move(row.request, place);
  }

  function addSong () {
    const code = app.room.room.code;
    const roomId = app.room.room.id;
    sheet(_('Add a song'), close => {
      const who = field(_('For whom?'), { type: 'text', maxlength: 40, autocomplete: 'off' }, _('For a guest without a phone. May stay empty.'));
      const find = field(_('Song or artist'), { type: 'search', autocomplete: 'off', spellcheck: 'false', maxlength: 100, enterkeyhint: 'search' });
      const list = h('ul', { class: 'rows' });
      const nothing = h('p', { class: 'empty', hidden: true }, _('Not found in the music here.'));
      const artist = field(_('Artist'), { type: 'text', maxlength: 200, autocomplete: 'off' });
      const title = field(_('Title'), { type: 'text', maxlength: 200, autocomplete: 'off', required: true });
      const send = wish => api('POST', '/requests', Object.assign({ roomId, name: who.input.value.trim() || undefined }, wish))
        .then(answer => { close(); app.toast(_('On the list: {title}', { title: answer.request.song.title })); });
      const byName = form([title.row, artist.row], _('Add by name'), () => send({ title: title.input.value.trim(), artist: artist.input.value.trim() }));
      let timer = 0;
      let newest = 0;
      let offered = '';
      byName.hidden = true;
      find.input.addEventListener('input', () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          const query = find.input.value.trim();
          const mine = ++newest;
          app.api('GET', '/api/rooms/' + encodeURIComponent(code) + '/search?q=' + encodeURIComponent(query)).then(answer => {
            if (mine !== newest)
              return;
            keyed(list, answer.songs, song => h('li', { class: 'row' }, h('button', { class: 'song', click: event => {
              event.currentTarget.disabled = true;
              send({ songId: song.id }).catch(error => { close(); app.refused(error); });
            } }, artwork(song), h('span', { class: 'words' }, h('b', { class: 'title' }, song.title), h('span', { class: 'sub' }, [credit(song), song.durationMs ? length(song.durationMs) : ''].filter(Boolean).join(' · '))))), () => {}, true);
            show(nothing, !answer.songs.length);
            show(byName, !answer.songs.length);
            if (title.input.value === offered) /* else they write their own */
              title.input.value = offered = query;
          }, () => { show(byName, true); });
        }, SEARCH_PAUSE);
      });
      if (manual())
        byName.hidden = false;
      setTimeout(() => find.input.focus(), 0);
      return [find.row, list, nothing, byName, who.row];
    });
  }

  /* --- the player --- */

  function playOrPause () {
    const playing = app.room.nowPlaying && app.room.nowPlaying.playing;
    api('POST', '/playback/' + (playing ? 'pause' : 'play'), { roomId: app.room.room.id }).catch(app.refused);
  }

  function skipSong () {
    const playing = app.room.nowPlaying;
    api('POST', '/playback/skip', { roomId: app.room.room.id })
      .then(() => app.toast(_('Skipped: {title}', { title: playing ? playing.song.title : '' }), back()), app.refused);
  }

  let sending = false;
  let wanted = null;

  /* Only the newest level is on its way, however fast the thumb moves. */
  function setVolume () {
    wanted = volume.value / 100;
    if (sending)
      return;
    const level = wanted;
    sending = true;
    api('POST', '/playback/volume', { roomId: app.room.room.id, volume: level }).catch(app.refused).then(() => {
      sending = false;
      if (wanted !== level)
        setVolume();
      else
        wanted = null;
    });
  }

  function renderPlayer () {
    const room = app.room;
    const playing = room.nowPlaying;
    paintArtwork(art, playing ? playing.song : null);
    setText(title, playing ? playing.song.title : _('Nothing plays'));
    setText(sub, playing ? [credit(playing.song), playing.name].filter(Boolean).join(' · ') : '');
    show(from, !!playing && !!playing.song.link);
    if (playing && playing.song.link)
      from.setAttribute('href', playing.song.link);
    show(controls, acts());
    show(playButton, !manual());
    show(skip, !manual() && !!playing);
    show(played, manual() && !!playing);
    show(volumeButton, !manual() && acts());
    const on = !!playing && playing.playing;
    if (playButton.dataset.on !== String(on)) {
      playButton.dataset.on = String(on);
      clear(playButton).appendChild(icon(on ? 'pause' : 'play'));
      playButton.setAttribute('aria-label', on ? _('Pause') : _('Play'));
    }
    if (wanted === null && document.activeElement !== volume)
      volume.value = Math.round((room.settings.volume || 0) * 100);
  }

  function tick () {
    const playing = app.room && app.room.nowPlaying;
    show(bar.parentNode, !!playing);
    show(time, !!playing);
    if (!playing)
      return;
    const at = positionMs(playing, app.now());
    const total = playing.song.durationMs;
    bar.style.transform = 'scaleX(' + (total ? Math.min(1, at / total) : 0).toFixed(4) + ')';
    setText(time, playing.playing ? length(at) + (total ? ' / ' + length(total) : '') : _('Paused'));
  }

  function render () {
    const room = app.room;
    keyed(inboxList, room.inbox, makeWaiting, updateWaiting);
    show(inboxEmpty, !room.inbox.length);
    setText(count, room.inbox.length ? String(room.inbox.length) : '');
    show(all, room.inbox.length > 1 && acts());
    keyed(queueList, room.queue, makeQueued, updateQueued);
    show(queueEmpty, !room.queue.length);
    setText(queueCount, room.queue.length ? String(room.queue.length) : '');
    show(add, acts() && !!room.event && room.event.state === 'active');
    renderPlayer();
    tick();
  }

  return { inbox, queue, player, render, tick };
}
