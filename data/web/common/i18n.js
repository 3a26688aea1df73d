/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences in the guest's language. The server puts the catalog of the language into the
 * page (made from po/ by build-aux/po-to-json.py), so nothing more has to be fetched.
 * Plural rules are named, not computed from text: the CSP forbids eval, and phones of 2018
 * have no Intl.PluralRules. */

const PLURALS = {
  'n != 1': n => (n === 1 ? 0 : 1),
  'n > 1': n => (n > 1 ? 1 : 0),
  '0': () => 0,
};

function read (id) {
  const element = document.getElementById(id);
  try {
    return element ? JSON.parse(element.textContent) : null;
  } catch (error) {
    return null;
  }
}

export const lang = (document.documentElement.lang || 'en').slice(0, 2);
const catalog = read('catalog') || {};
const plural = PLURALS[catalog[''] && catalog[''].plural] || PLURALS['n != 1'];

export { read as readJson };

/* Puts {name} fields into a sentence; translators may move them. */
export function fill (text, fields) {
  return fields ? text.replace(/\{(\w+)\}/g, (all, key) => (key in fields ? fields[key] : all)) : text;
}

export function _ (text, fields) {
  const found = catalog[text];
  return fill(typeof found === 'string' ? found : text, fields);
}

export function c_ (context, text, fields) {
  const found = catalog[context + '\u0004' + text];
  return fill(typeof found === 'string' ? found : text, fields);
}

export function n_ (one, many, n, fields) {
  const found = catalog[one];
  const text = Array.isArray(found) && found[plural(n)] ? found[plural(n)] : n === 1 ? one : many;
  return fill(text, Object.assign({ n }, fields));
}

const ORDINALS = {
  de: n => String(n), /* "Platz 4" */
  es: n => n + '.º',
  fr: n => n + (n === 1 ? 're' : 'e'),
  en: n => n + (n % 100 > 10 && n % 100 < 14 ? 'th' : ['th', 'st', 'nd', 'rd'][n % 10] || 'th'),
};

/* "4th", as a place in the list. */
export function ordinal (n) {
  return (ORDINALS[lang] || ORDINALS.en)(n);
}

/* "23:40" in the venue's way of writing it. */
export function clockTime (time) {
  return new Date(time).toLocaleTimeString(lang === 'en' ? 'en-GB' : lang, { hour: '2-digit', minute: '2-digit' });
}

/* "2:14" */
export function length (ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return Math.floor(seconds / 60) + ':' + ('0' + seconds % 60).slice(-2);
}

/* "in about 12 minutes"; whole sentences, because no language glues them the same way. */
export function wait (seconds) {
  const minutes = Math.round(seconds / 60);
  return minutes < 1 ? _('in a moment') : n_('in about {n} minute', 'in about {n} minutes', minutes);
}

/* "0:45" under two minutes, "12 min" above: seconds only where they matter. */
export function countdown (ms) {
  return ms < 120000 ? length(Math.max(0, ms)) : c_('minutes left', '{n} min', { n: Math.ceil(ms / 60000) });
}
