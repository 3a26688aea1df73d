/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A room as staff see it: pure functions over what /api/{org}/stream sends. */

import { applyChange, indexById } from '../guest/room.js';

const RANKS = { viewer: 1, member: 2, admin: 3, owner: 4 };

/* May the person do what `role` may? */
export function may (member, role) {
  return !!member && (!!member.superAdmin || (RANKS[member.role] || 0) >= RANKS[role]);
}

function applyDelta (list, delta) {
  const gone = delta.remove || [];
  const kept = delta.all ? [] : list.filter(item => gone.indexOf(item.id) < 0);
  (delta.put || []).forEach(put => {
    const at = indexById(kept, put.request.id);
    if (at >= 0)
      kept.splice(at, 1);
    kept.splice(put.index, 0, put.request);
  });
  return kept;
}

function applyGuests (list, change) {
  const kept = change.all ? [] : list.slice();
  (change.put || []).forEach(guest => {
    const at = indexById(kept, guest.id);
    if (at >= 0)
      kept[at] = guest;
    else
      kept.push(guest);
  });
  return kept;
}

/* A `change` event; answers the room it was about, null when that is not here. */
export function applyStaffChange (rooms, change) {
  const room = rooms.filter(other => other.room.id === change.roomId)[0];
  if (!room)
    return null;
  applyChange(room, change);
  ['settings', 'sources', 'health', 'listeners', 'displays'].forEach(part => {
    if (part in change)
      room[part] = change[part];
  });
  if (change.inbox)
    room.inbox = applyDelta(room.inbox, change.inbox);
  if (change.guests)
    room.guests = applyGuests(room.guests, change.guests);
  return room;
}

/* Guests with those first who are here now, then by name. */
export function sortGuests (guests, words) {
  const wanted = words.trim().toLowerCase();
  return guests.filter(guest => !wanted || (guest.name || '').toLowerCase().indexOf(wanted) >= 0)
    .sort((a, b) => (b.lastSeenAt || '').localeCompare(a.lastSeenAt || ''));
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const LINE = /^(?:((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:,(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))*) )?(\d\d:\d\d)-(\d\d:\d\d) (.+)$/;

/* "Fri,Sat 23:00-01:00 Night bus" as {days: [4, 5], from, until, text}; every day is all seven. null for another form. */
export function parseAnnouncement (line) {
  const found = LINE.exec(line);
  return found ? { days: found[1] ? found[1].split(',').map(day => DAYS.indexOf(day)) : [0, 1, 2, 3, 4, 5, 6], from: found[2], until: found[3], text: found[4] } : null;
}

export function formatAnnouncement (line) {
  return (line.days.length < 7 ? line.days.map(day => DAYS[day]).join(',') + ' ' : '') + line.from + '-' + line.until + ' ' + line.text;
}
