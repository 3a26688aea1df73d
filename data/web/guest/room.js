/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The room as this guest sees it: pure functions over the document of GET /api/rooms/{room},
 * so that they can be tested without a browser. Places and waiting times are worked out
 * here, because the server does not send a song again only because others moved. */

const USUAL_LENGTH = 210000;
const WAITING = { pending: 1, approved: 1, playing: 1 };

export function indexById (list, id) {
  for (let i = 0; i < list.length; i++)
    if (list[i].id === id)
      return i;
  return -1;
}

/* A `change` event: drop what left (`all`: everything), then put each in its place, in order. */
export function applyChange (state, change) {
  ['room', 'organization', 'source', 'event', 'nowPlaying'].forEach(part => {
    if (part in change)
      state[part] = change[part];
  });
  if (change.queue) {
    const gone = change.queue.remove || [];
    state.queue = change.queue.all ? [] : state.queue.filter(request => gone.indexOf(request.id) < 0);
    (change.queue.put || []).forEach(put => {
      const at = indexById(state.queue, put.request.id);
      if (at >= 0)
        state.queue.splice(at, 1);
      state.queue.splice(put.index, 0, put.request);
    });
  }
  state.revision = change.revision;
}

/* A `you` event, or the answer to an own action: what belongs to this guest only. */
export function applyYou (state, you) {
  ['mine', 'left', 'votes', 'me'].forEach(part => {
    if (part in you)
      state[part] = you[part];
  });
}

/* What a request's song takes, for the waiting time of those behind it. */
function duration (request) {
  return request.song.durationMs || USUAL_LENGTH;
}

/* Where the playing song is at server time `now`. */
export function positionMs (playing, now) {
  if (!playing)
    return 0;
  const ran = playing.playing ? Math.max(0, now - Date.parse(playing.asOf)) : 0;
  const position = playing.positionMs + ran;
  return playing.song.durationMs ? Math.min(position, playing.song.durationMs) : position;
}

/* Seconds until queue[index] starts. */
export function waitSeconds (state, index, now) {
  const playing = state.nowPlaying;
  let ms = playing ? Math.max(0, (playing.song.durationMs || USUAL_LENGTH) - positionMs(playing, now)) : 0;
  for (let i = 0; i < index; i++)
    ms += duration(state.queue[i]);
  return ms / 1000;
}

/* What the page may offer: not-started, ended, closed, votes, full or open. */
export function mode (state, now) {
  const event = state.event;
  if (!event || event.state === 'scheduled')
    return 'not-started';
  if (event.state === 'ended')
    return 'ended';
  if (state.room.switch === 'closed' || (event.lastCallAt && Date.parse(event.lastCallAt) <= now))
    return 'closed';
  if (state.room.switch === 'restricted')
    return 'votes';
  if (event.rules && event.rules.maxQueue && state.queue.length >= event.rules.maxQueue)
    return 'full';
  return 'open';
}

/* The guest's own requests, newest word for each: what waits by place, then what is over. */
export function own (state, hidden) {
  const mine = (state.mine || []).filter(request => !hidden[request.id]).map(request => {
    const index = indexById(state.queue, request.id);
    return { id: request.id, request: index < 0 ? request : Object.assign({}, request, state.queue[index], { status: request.status }), index };
  });
  const rank = entry => (entry.request.status === 'playing' ? -2 : entry.index >= 0 ? entry.index
    : entry.request.status === 'pending' ? 1000 : 2000);
  return mine.filter(entry => WAITING[entry.request.status] || entry.request.status === 'declined'
                              || entry.request.status === 'failed')
    .sort((a, b) => rank(a) - rank(b));
}
