/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log's sentences: what the engine writes as words and JSON, as people read it. A test keeps the tables in step with
 * the panel's (src/panel/log). Pure but for the language. */

import { c_, length } from '../common/i18n.js';

/* What was done: which kind of thing it is, how its values are written, its words. */
const ACTIONS = {
  submit: ['requests', 'hidden', () => c_('log', 'Asked for a song')],
  withdraw: ['requests', 'word', () => c_('log', 'Withdrew a request')],
  vote: ['requests', 'word', () => c_('log', 'Voted for a song')],
  unvote: ['requests', 'word', () => c_('log', 'Took a vote back')],
  approve: ['requests', 'word', () => c_('log', 'Approved a request')],
  decline: ['requests', 'word', () => c_('log', 'Declined a request')],
  remove: ['requests', 'word', () => c_('log', 'Took a song off the list')],
  clear: ['requests', 'word', () => c_('log', 'Emptied the list')],
  move: ['requests', 'word', () => c_('log', 'Moved a song on the list')],
  pin: ['requests', 'word', () => c_('log', 'Pinned or unpinned a song')],
  show_message: ['requests', 'word', () => c_('log', 'Showed or hid a message')],
  mark_playing: ['requests', 'word', () => c_('log', 'Marked a song as playing')],
  mark_played: ['requests', 'word', () => c_('log', 'Marked a song as played')],
  start: ['requests', 'word', () => c_('log', 'Started a song')],
  put_back: ['requests', 'word', () => c_('log', 'Put a song back on the list')],
  expire: ['requests', 'word', () => c_('log', 'Closed the requests that still waited')],
  undo: ['requests', 'word', () => c_('log', 'Undid the last step')],
  rename_self: ['people', 'text', () => c_('log', 'Changed their own name')],
  forget_self: ['people', 'word', () => c_('log', 'Asked to be forgotten')],
  guest_hold: ['people', 'word', () => c_('log', 'Changed whether a guest’s requests wait')],
  guest_mute: ['people', 'word', () => c_('log', 'Muted a guest, or lifted it')],
  guest_ban: ['people', 'word', () => c_('log', 'Banned a guest, or lifted it')],
  guest_rename: ['people', 'text', () => c_('log', 'Renamed a guest')],
  guest_clear: ['people', 'word', () => c_('log', 'Cleared a guest’s requests')],
  guest_erase: ['people', 'hidden', () => c_('log', 'Erased a guest’s data')],
  invite: ['people', 'word', () => c_('log', 'Invited somebody')],
  invite_accept: ['people', 'text', () => c_('log', 'Accepted an invitation')],
  invite_revoke: ['people', 'word', () => c_('log', 'Took an invitation back')],
  member_create: ['people', 'word', () => c_('log', 'Added a person')],
  member_role: ['people', 'word', () => c_('log', 'Changed a person’s role')],
  member_activate: ['people', 'word', () => c_('log', 'Let a person sign in again')],
  member_deactivate: ['people', 'word', () => c_('log', 'Stopped a person from signing in')],
  member_remove: ['people', 'text', () => c_('log', 'Removed a person')],
  password_set: ['people', 'hidden', () => c_('log', 'Set a password')],
  password_reset: ['people', 'word', () => c_('log', 'Let a person choose a new password')],
  sign_in: ['people', 'word', () => c_('log', 'Signed in')],
  second_factor_begin: ['people', 'word', () => c_('log', 'Began to set up the second step at sign-in')],
  second_factor_on: ['people', 'word', () => c_('log', 'Turned on the second step at sign-in')],
  second_factor_off: ['people', 'word', () => c_('log', 'Turned off the second step at sign-in')],
  second_factor_reset: ['people', 'word', () => c_('log', 'Reset a person’s second step at sign-in')],
  recovery_code_used: ['people', 'word', () => c_('log', 'Signed in with a recovery code')],
  sessions_end: ['people', 'word', () => c_('log', 'Signed a person out everywhere')],
  setting: ['settings', 'setting', () => c_('log', 'Changed a setting')],
  installation: ['settings', 'setting', () => c_('log', 'Changed a setting of this computer')],
  event_rules: ['settings', 'rules', () => c_('log', 'Changed the rules of the night')],
  room_create: ['settings', 'text', () => c_('log', 'Made a room')],
  room_edit: ['settings', 'setting', () => c_('log', 'Changed a room')],
  room_code: ['settings', 'text', () => c_('log', 'Made a new code for a room')],
  room_active: ['settings', 'word', () => c_('log', 'Opened or closed a room')],
  room_move: ['settings', 'text', () => c_('log', 'Moved a room')],
  display_create: ['settings', 'text', () => c_('log', 'Added a display')],
  display_revoke: ['settings', 'text', () => c_('log', 'Removed a display')],
  organization_create: ['settings', 'text', () => c_('log', 'Set up the place')],
  organization_edit: ['settings', 'word', () => c_('log', 'Changed the place’s name or address')],
  licence: ['settings', 'word', () => c_('log', 'Changed the licence')],
  spotify_notice: ['settings', 'hidden', () => c_('log', 'Read the notice about Spotify')],
  spotify_sign_in: ['settings', 'text', () => c_('log', 'Began to connect Spotify')],
  spotify_connected: ['settings', 'text', () => c_('log', 'Connected Spotify')],
  spotify_disconnect: ['settings', 'text', () => c_('log', 'Disconnected Spotify')],
  export: ['settings', 'word', () => c_('log', 'Exported everything')],
  import: ['settings', 'hidden', () => c_('log', 'Imported data')],
  import_single: ['settings', 'hidden', () => c_('log', 'Took over data of an earlier program')],
  import_single_undo: ['settings', 'hidden', () => c_('log', 'Removed data of an earlier program again')],
  export_single: ['settings', 'word', () => c_('log', 'Exported data for an earlier program')],
  restore: ['settings', 'hidden', () => c_('log', 'Restored a backup')],
  refused: ['refused', 'text', () => c_('log', 'Was refused access')],
  act_as: ['', 'text', () => c_('log', 'Looked in as operator of this server')],
  event_create: ['', 'text', () => c_('log', 'Planned a night')],
  event_start: ['', 'word', () => c_('log', 'Opened the doors')],
  event_end: ['', 'word', () => c_('log', 'Ended the night')],
  event_rename: ['', 'text', () => c_('log', 'Renamed the night')],
  switch: ['', 'word', () => c_('log', 'Opened or closed requests')],
  play: ['', 'word', () => c_('log', 'Started the music')],
  pause: ['', 'word', () => c_('log', 'Paused the music')],
  skip: ['', 'text', () => c_('log', 'Skipped a song')],
  seek: ['', 'length', () => c_('log', 'Moved within a song')],
  volume: ['', 'share', () => c_('log', 'Changed the volume')],
  filler: ['', 'word', () => c_('log', 'Changed the music between requests')],
  source: ['', 'word', () => c_('log', 'Changed where the music comes from')],
  source_fallback: ['', 'word', () => c_('log', 'Another source of music stood in')],
};

const ACTORS = {
  guest: () => c_('log', 'A guest'),
  member: () => c_('log', 'Staff'),
  desktop: () => c_('log', 'This computer'),
  console: () => c_('log', 'The command line'),
  system: () => c_('log', 'Tempo'),
};

/* Things that are gone or have no name. */
const NAMELESS = {
  request: () => c_('log', 'a song that is no longer kept'),
  guest: () => c_('log', 'a guest without a name'),
  room: () => c_('log', 'a room that is gone'),
  event: () => c_('log', 'a night that is no longer kept'),
  member: () => c_('log', 'somebody who left'),
};

const REASONS = {
  wrong_password: () => c_('log', 'Wrong password'),
  wrong_code: () => c_('log', 'Wrong code'),
  no_session: () => c_('log', 'Not signed in'),
  session_over: () => c_('log', 'The session was over'),
  session_ended: () => c_('log', 'The session was over'),
  bad_session: () => c_('log', 'Not a session of this place'),
  organization: () => c_('log', 'Belongs to another place'),
  role: () => c_('log', 'Not in their role'),
  super_admin: () => c_('log', 'Only for who runs this server'),
  bad_path: () => c_('log', 'An address that leads nowhere'),
  event_start: () => c_('log', 'The doors opened'),
  last_call: () => c_('log', 'The last call was over'),
  source_gone: () => c_('log', 'The other one did not answer'),
  skipped: () => c_('log', 'Skipped'),
};

/* Settings of organizations and rooms, and the rules of a night. */
const SETTINGS = {
  name: () => c_('setting', 'Name'),
  accent: () => c_('setting', 'Colour'),
  accentDark: () => c_('setting', 'Colour for dark screens'),
  logo: () => c_('setting', 'Logo'),
  welcome: () => c_('setting', 'Greeting'),
  whiteLabel: () => c_('setting', 'Without Tempo’s name'),
  contact: () => c_('setting', 'Contact'),
  language: () => c_('setting', 'Language'),
  displayLanguage: () => c_('setting', 'Language of the display'),
  timezone: () => c_('setting', 'Time zone'),
  blockedArtists: () => c_('setting', 'Artists never played'),
  blockedTitles: () => c_('setting', 'Titles never played'),
  blockedWords: () => c_('setting', 'Words never taken'),
  forgetGuestsDays: () => c_('setting', 'Days until guests are forgotten'),
  quotaStorageMegabytes: () => c_('setting', 'Most space, in MB'),
  quotaRequestsPerMonth: () => c_('setting', 'Most requests a month'),
  backupKeepDays: () => c_('setting', 'Daily backups kept'),
  backupKeepWeeks: () => c_('setting', 'Weekly backups kept'),
  backupKeepMonths: () => c_('setting', 'Monthly backups kept'),
  requireSecondFactor: () => c_('setting', 'Who needs a second step at sign-in'),
  source: () => c_('setting', 'Music'),
  sources: () => c_('setting', 'Order of the music'),
  fallbackSeconds: () => c_('setting', 'Seconds until other music stands in'),
  musicFolder: () => c_('setting', 'Music folder'),
  filler: () => c_('setting', 'Music between requests'),
  fillerFolder: () => c_('setting', 'Folder of the music between requests'),
  wifiSsid: () => c_('setting', 'Name of the Wi-Fi'),
  wifiPassword: () => c_('setting', 'Password of the Wi-Fi'),
  wifiHidden: () => c_('setting', 'Hidden Wi-Fi'),
  wifiShown: () => c_('setting', 'Wi-Fi on the display'),
  announcement: () => c_('setting', 'Announcement'),
  announcements: () => c_('setting', 'Announcements by the clock'),
  mpdHost: () => c_('setting', 'Address of MPD'),
  mpdPort: () => c_('setting', 'Port of MPD'),
  mpdSocket: () => c_('setting', 'Socket of MPD'),
  mpdPassword: () => c_('setting', 'Password of MPD'),
  mpdFillerPlaylist: () => c_('setting', 'Playlist between requests'),
  mprisPlayer: () => c_('setting', 'Player on this computer'),
  spotifyDevice: () => c_('setting', 'Spotify’s device'),
  spotifyFillerPlaylist: () => c_('setting', 'Playlist between requests'),
  desktop_pin: () => c_('setting', 'PIN of this computer'),
  staff_over_http: () => c_('setting', 'Staff without encryption'),
  port: () => c_('setting', 'Port for guests'),
  tls_port: () => c_('setting', 'Port for staff'),
  tls_certificate: () => c_('setting', 'Certificate for staff'),
  tls_key: () => c_('setting', 'Key of the certificate'),
  approval: () => c_('setting', 'Approval by the host'),
  perGuest: () => c_('setting', 'Songs for each guest'),
  perGuestWindowMinutes: () => c_('setting', 'Minutes in which they count'),
  cooldownSeconds: () => c_('setting', 'Seconds between two requests'),
  duplicates: () => c_('setting', 'The same song again'),
  noRepeatMinutes: () => c_('setting', 'Minutes before a song may play again'),
  allowExplicit: () => c_('setting', 'Explicit songs'),
  blocked: () => c_('setting', 'Never played'),
  maxDurationSeconds: () => c_('setting', 'Seconds of the longest song'),
  maxQueue: () => c_('setting', 'Longest list'),
  votes: () => c_('setting', 'Votes'),
  freeText: () => c_('setting', 'Songs the house does not have'),
  messages: () => c_('setting', 'Dedications'),
  order: () => c_('setting', 'Order'),
};

/* Words of the engine by the thing or setting they are of; the last are of any. */
const WORDS = {
  event: {
    scheduled: () => c_('log', 'Planned'),
    active: () => c_('log', 'Running'),
    ended: () => c_('log', 'Over'),
  },
  room: {
    active: () => c_('log', 'Open'),
    open: () => c_('log', 'Open'),
    restricted: () => c_('log', 'Votes only'),
    closed: () => c_('log', 'Closed'),
  },
  invitation: {
    password: () => c_('log', 'New password'),
    open: () => c_('log', 'Open'),
  },
  organization: {
    true: () => c_('log', 'Open'),
    false: () => c_('log', 'Closed'),
  },
  requireSecondFactor: {
    none: () => c_('log', 'Nobody'),
    admins: () => c_('log', 'Admins and owners'),
    all: () => c_('log', 'Everybody'),
  },
  order: {
    fair: () => c_('log', 'Fair'),
    votes: () => c_('log', 'By votes'),
    first: () => c_('log', 'First come'),
  },
  duplicates: {
    vote: () => c_('log', 'Becomes a vote'),
    refuse: () => c_('log', 'Is turned away'),
  },
  any: {
    true: () => c_('log', 'On'),
    false: () => c_('log', 'Off'),
    on: () => c_('log', 'On'),
    off: () => c_('log', 'Off'),
    begun: () => c_('log', 'Begun'),
    active: () => c_('log', 'May sign in'),
    inactive: () => c_('log', 'May not sign in'),
    silent: () => c_('log', 'Silent'),
    playing: () => c_('log', 'Playing'),
    paused: () => c_('log', 'Paused'),
    held: () => c_('log', 'On hold'),
    free: () => c_('log', 'Free'),
    pinned: () => c_('log', 'Pinned'),
    hidden: () => c_('log', 'Hidden'),
    shown: () => c_('log', 'Shown'),
    known: () => c_('log', 'Known'),
    forgotten: () => c_('log', 'Forgotten'),
    lifted: () => c_('log', 'Lifted'),
    'until lifted': () => c_('log', 'Until lifted'),
    'with credentials': () => c_('log', 'With passwords'),
    'without credentials': () => c_('log', 'Without passwords'),
    viewer: () => c_('role', 'Viewer'),
    member: () => c_('role', 'Member'),
    admin: () => c_('role', 'Admin'),
    owner: () => c_('role', 'Owner'),
    community: () => c_('tier', 'Community'),
    small: () => c_('tier', 'Small'),
    medium: () => c_('tier', 'Medium'),
    institution: () => c_('tier', 'Institution'),
  },
  request: {
    pending: () => c_('request', 'Waiting'),
    approved: () => c_('request', 'On the list'),
    playing: () => c_('request', 'Playing'),
    played: () => c_('request', 'Played'),
    declined: () => c_('request', 'Declined'),
    withdrawn: () => c_('request', 'Withdrawn'),
    expired: () => c_('request', 'Not reached'),
    failed: () => c_('request', 'Could not play'),
  },
  source: {
    library: () => c_('music', 'Music folder'),
    mpd: () => c_('music', 'Music Player Daemon (MPD)'),
    mpris: () => c_('music', 'Player on this computer'),
    spotify: () => c_('music', 'Spotify'),
    manual: () => c_('music', 'I play it myself'),
  },
  reason: {
    not_tonight: () => c_('reason', 'Not tonight'),
    played_enough: () => c_('reason', 'Played enough already'),
    not_here: () => c_('reason', 'Does not fit this place'),
    later: () => c_('reason', 'Maybe later'),
    other: () => c_('reason', 'In your own words'),
  },
};
const LANGUAGES = { en: 'English', de: 'Deutsch', es: 'Español', fr: 'Français' };
const CHOICES = ['requireSecondFactor', 'order', 'duplicates'];

/* The kinds one can choose, with the actions of each as the server takes them. */
export const kinds = () => [['', c_('log', 'Everything')], ['requests', c_('log', 'Requests')], ['people', c_('log', 'People')], ['settings', c_('log', 'Settings')], ['refused', c_('log', 'Refused access')]];

export const actionsOf = kind => (kind ? Object.keys(ACTIONS).filter(word => ACTIONS[word][0] === kind).join(',') : '');

const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

function word (of, text) {
  const own = has(WORDS, of) ? WORDS[of] : {};
  return has(own, text) ? own[text]() : has(WORDS.any, text) ? WORDS.any[text]() : null;
}

/* A word, a time, or "7K2M, medium", whose end is a word. */
function describeWord (of, text, when) {
  const comma = text.lastIndexOf(', ');
  const end = comma > 0 ? word(of, text.slice(comma + 2)) : null;
  if (word(of, text) || word('source', text))
    return word(of, text) || word('source', text);
  if (/^\d{4}-\d\d-\d\dT/.test(text))
    return c_('log', 'until %s').replace('%s', when(text));
  return end ? text.slice(0, comma) + ', ' + end : text;
}

function describeText (key, text) {
  if (key === 'logo')
    return c_('log', 'A picture');
  if (key === 'language' || key === 'displayLanguage')
    return has(LANGUAGES, text) ? LANGUAGES[text] : text;
  if (key === 'source' || key === 'sources')
    return word('source', text) || text;
  return (CHOICES.indexOf(key) >= 0 && word(key, text)) || text;
}

function describeValue (key, value) {
  if (Array.isArray(value))
    return value.map(one => describeValue(key, one)).join(', ') || c_('log', 'nothing');
  if (typeof value === 'boolean')
    return word('', String(value));
  if (typeof value === 'string')
    return describeText(key, value);
  return value === null ? c_('log', 'nothing') : JSON.stringify(value);
}

function parse (text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return undefined;
  }
}

const arrow = parts => parts.filter((part, i) => part !== null && part !== undefined && part !== '' && (i === 0 || part !== parts[i - 1])).join(' → ');

export const settingName = key => (has(SETTINGS, key) ? SETTINGS[key]() : key);

function describeRules (entry) {
  const old = parse(entry.before) || {};
  const now = parse(entry.after) || {};
  return Object.keys(now).map(key => settingName(key) + ': ' + arrow([key in old ? describeValue(key, old[key]) : null, describeValue(key, now[key])])).join(' · ');
}

const WRITTEN = {
  text: text => text,
  word: (text, entry, when) => describeWord((entry.object || {}).kind, text, when),
  setting: (text, entry) => {
    const value = parse(text);
    return text === '(secret)' ? c_('log', 'kept secret') : value === undefined ? text : describeValue(keyOf(entry), value);
  },
  length: text => length(Number(text)),
  share: text => c_('volume', '%d %%').replace('%d', Math.round(Number(text) * 100)).replace('%%', '%'),
};

const actionOf = entry => (has(ACTIONS, entry.action) ? ACTIONS[entry.action] : ['', 'text', () => entry.action]);

const keyOf = entry => (entry.action === 'room_edit' ? entry.reason : (entry.object || {}).kind === 'setting' ? entry.object.id : null);

/* "Changed a room: Yard · Name of the Wi-Fi". */
export function describeWhat (entry) {
  const object = entry.object || {};
  const key = keyOf(entry);
  const own = object.id && object.id === (entry.actor || {}).id;
  const song = entry.action === 'submit' ? parse(entry.after) || {} : {};
  const thing = key ? [object.name, settingName(key)].filter(Boolean).join(' · ')
    : own ? '' : object.name || (object.kind === 'path' ? object.id : [song.title, song.artist].filter(Boolean).join(' · ') || (has(NAMELESS, object.kind) ? NAMELESS[object.kind]() : ''));
  return [actionOf(entry)[2](), thing].filter(Boolean).join(': ');
}

export function describeActor (entry) {
  const actor = entry.actor || {};
  return actor.name && actor.name !== actor.kind ? actor.name : has(ACTORS, actor.kind) ? ACTORS[actor.kind]() : actor.kind || '';
}

/* "A → B", "" where there is nothing to say. @when writes a time. */
export function describeChange (entry, when) {
  const kind = actionOf(entry)[1];
  if (kind === 'hidden')
    return '';
  if (kind === 'rules')
    return describeRules(entry);
  return arrow([entry.before, entry.after].map(text => (text === null || text === undefined ? null : WRITTEN[kind](text, entry, when))));
}

/* Why; codes nobody has words for say nothing, what somebody wrote does. */
export function describeReason (entry) {
  const reason = entry.reason;
  if (!reason || entry.action === 'room_edit' || entry.action === 'organization_edit')
    return '';
  if (has(REASONS, reason))
    return REASONS[reason]();
  return word('reason', reason) || (/^[a-z]+(_[a-z]+)+$/.test(reason) ? '' : reason);
}

/* The heading above the first entry of a day. */
export function describeDay (at, now) {
  const day = new Date(at);
  const before = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 864e5);
  const lang = document.documentElement.lang;
  if (before === 0 || before === 1)
    return before ? c_('day', 'Yesterday') : c_('day', 'Today');
  return day.toLocaleDateString(lang === 'en' ? 'en-GB' : lang, { weekday: 'long', day: 'numeric', month: 'long', year: day.getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric' });
}
