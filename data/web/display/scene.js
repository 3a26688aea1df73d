/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the room is told at a moment: pure functions over the display's state. */

/* The scene: playing, idle, waiting (no event yet) or closed; idle doubles the code. */
export function scene (state, now) {
  const event = state.event;
  if (event && (event.state === 'ended' || state.room.switch === 'closed' || over(state, now)))
    return 'closed';
  if (state.nowPlaying)
    return 'playing';
  return event && event.state === 'active' ? 'idle' : 'waiting';
}

function over (state, now) {
  return !!state.lastCallAt && Date.parse(state.lastCallAt) <= now;
}

/* Milliseconds to the last call and the part that is left of its last hour; null without one. */
export function lastCall (state, now) {
  if (!state.lastCallAt || over(state, now))
    return null;
  const ms = Date.parse(state.lastCallAt) - now;
  return { ms, part: Math.min(1, ms / 3600000) };
}

/* Requests of `next` that `before` did not have: to be greeted. */
export function arrived (before, next) {
  const known = {};
  before.queue.forEach(request => { known[request.id] = true; });
  if (before.nowPlaying)
    known[before.nowPlaying.requestId] = true;
  const last = before.queue.length >= 8 ? before.queue[before.queue.length - 1].id : null;
  /* With a full window, what slides in at the end was there before, only out of sight. */
  return next.queue.filter((request, index) => !known[request.id] && !(last && index >= 7));
}

/* One path for all dark modules; runs of a row are joined. */
export function qrPath (rows) {
  let path = '';
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      const from = x;
      while (row[x] === '1')
        x++;
      if (x > from)
        path += 'M' + from + ' ' + y + 'h' + (x - from) + 'v1h-' + (x - from) + 'z';
    }
  });
  return path;
}

/* The main colour of a picture's pixels (RGBA bytes): the most colourful part of the wheel wins,
 * because the mean of a bright cover is mud. Null when there is none to speak of. */
export function mainColour (pixels) {
  const parts = [];
  for (let i = 0; i < 12; i++)
    parts.push([0, 0, 0, 0]);
  for (let i = 0; i < pixels.length; i += 4) {
    const rgb = [pixels[i], pixels[i + 1], pixels[i + 2]];
    const high = Math.max(rgb[0], rgb[1], rgb[2]);
    const span = high - Math.min(rgb[0], rgb[1], rgb[2]);
    if (span < 24 || pixels[i + 3] < 128)
      continue;
    const at = rgb.indexOf(high);
    const hue = (at * 4 + 2 * (rgb[(at + 1) % 3] - rgb[(at + 2) % 3]) / span + 12) % 12;
    const part = parts[Math.floor(hue)];
    rgb.forEach((value, k) => { part[k] += value * span; });
    part[3] += span;
  }
  const best = parts.sort((a, b) => b[3] - a[3])[0];
  if (!best[3])
    return null;
  const scale = 200 / (Math.max(best[0], best[1], best[2]) / best[3]);
  return 'rgb(' + best.slice(0, 3).map(value => Math.round(value / best[3] * scale)).join(',') + ')';
}
