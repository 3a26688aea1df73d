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
