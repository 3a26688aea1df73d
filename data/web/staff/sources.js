/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a source of music is, in the words of the host's window. */

import { _, c_, clockTime } from '../common/i18n.js';

/* The first that fits counts; no kind: whatever the source is. */
const STATES = [
  ['library', 'connecting', () => c_('music', 'The folder is being read.')],
  ['', 'connecting', () => c_('music', 'Connecting.')],
  ['mpd', 'needs_sign_in', () => c_('music', 'MPD asks for a password.')],
  ['', 'needs_sign_in', () => c_('music', 'Spotify wants you to sign in again.') + ' ' + _('Reconnect Spotify on the computer that runs Tempo.')],
  ['', 'disconnected', () => c_('music', 'Spotify is not connected.') + ' ' + _('Connect Spotify on the computer that runs Tempo.')],
  ['', 'bad_password', () => c_('music', 'MPD does not take this password.')],
  ['', 'no_device', () => c_('music', 'No device plays. Open Spotify on one and press play once.')],
  ['', 'premium_required', () => c_('music', 'This account has no Premium, and Spotify plays only with it.')],
  ['', 'not_allowed', () => c_('music', 'Spotify does not know this account in your app. Add it under User Management; the app\'s owner needs Premium.')],
  ['', 'limited', () => c_('music', 'Spotify asks for a pause.')],
  ['mpd', 'unreachable', () => c_('music', 'MPD does not answer. Check that it runs, and its address.')],
  ['spotify', 'unreachable', () => c_('music', 'Spotify does not answer. Tempo tries again by itself.')],
  ['', 'unreachable', () => c_('music', 'It does not answer. Tempo tries again by itself.')],
  ['', 'no_output', () => c_('music', 'MPD has no sound output switched on. Switch one on there.')],
  ['library', 'gone', () => c_('music', 'The music folder is not there. Plug in its disk or choose another.')],
  ['mpris', 'gone', () => c_('music', 'The player is not open. Start it, or choose another.')],
  ['', 'gone', () => c_('music', 'It is not there now.')],
  ['mpd', 'restricted', () => c_('music', 'MPD does not let Tempo do everything it needs. Enter its password.')],
  ['', 'restricted', () => c_('music', 'This device takes no commands. Choose another.')],
];

/* One sentence, or two with what to do; '' for a source that is well. */
export function sourceWords (source) {
  if (source.state === 'limited' && source.until)
    return _('Spotify asks for a pause until {time}.', { time: clockTime(source.until) });
  const found = STATES.filter(line => line[1] === source.state && (!line[0] || line[0] === source.kind))[0];
  return found ? found[2]() : '';
}

/* What the health line of that code is about, '' when it is not about a source that is ill. */
export function sourceTrouble (code, sources) {
  const source = code === 'source' ? (sources || []).filter(other => other.active)[0] : code === 'fallback' ? (sources || [])[0] : null;
  const words = source ? sourceWords(source) : '';
  return words && code === 'fallback' ? words + ' ' + _('The next one on your list plays.') : words;
}

/* The artist, and the service that wants to be named beside its songs. */
export function credit (song) {
  return [song.artist, song.source === 'spotify' && 'Spotify'].filter(Boolean).join(' · ');
}
