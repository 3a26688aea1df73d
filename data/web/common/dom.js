/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pages need of the DOM and no more. Guests' words only ever become text nodes. */

const SVG = 'http://www.w3.org/2000/svg';

export const byId = id => document.getElementById(id);

/* An element; `props` are attributes, functions become listeners, false leaves out. A button sends no form unless
 * it says so. */
export function h (tag, props, ...children) {
  const element = document.createElement(tag);
  if (tag === 'button')
    element.type = tag;
  Object.keys(props || {}).forEach(key => {
    const value = props[key];
    if (typeof value === 'function')
      element.addEventListener(key, value);
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(key, value === true ? '' : value);
  });
  children.forEach(child => {
    if (child !== null && child !== undefined && child !== false)
      element.appendChild(typeof child === 'object' ? child : document.createTextNode(child));
  });
  return element;
}

/* A shape of the page's sprite. */
export function icon (name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.appendChild(document.createElementNS(SVG, 'use')).setAttribute('href', '#i-' + name);
  return svg;
}

export function clear (element) {
  while (element.lastChild)
    element.removeChild(element.lastChild);
  return element;
}

export function setText (element, text) {
  if (element.textContent !== text)
    element.textContent = text;
}

export function show (element, visible) {
  if (element.hidden === visible)
    element.hidden = !visible;
}

export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/* A song's picture, or a tile in a colour of its own: the same song always gets the same one. */
export function artwork (song, className) {
  const tile = h('span', { class: 'art ' + (className || '') }, icon('note'));
  paintArtwork(tile, song);
  return tile;
}

export function paintArtwork (tile, song) {
  const key = song ? song.artworkUrl || song.artist + song.title : '';
  if (tile.dataset.key === key)
    return;
  tile.dataset.key = key;
  let hue = 7;
  for (let i = 0; i < key.length; i++)
    hue = (hue * 31 + key.charCodeAt(i)) % 360;
  tile.style.setProperty('--hue', hue);
  const old = tile.querySelector('img');
  if (old)
    tile.removeChild(old);
  if (song && song.artworkUrl) {
    const image = h('img', { alt: '', decoding: 'async' });
    image.addEventListener('error', () => image.parentNode && image.parentNode.removeChild(image));
    image.src = song.artworkUrl;
    tile.appendChild(image);
  }
}

/* The organization's own sign, or ours, or none where it shows itself without ours. */
export function paintLogo (place, state) {
  const branding = state.organization.branding || {};
  const logo = branding.logo;
  const key = [logo, branding.accent, branding.accentDark, branding.whiteLabel].join();
  if (place.dataset.key === key)
    return;
  place.dataset.key = key;
  brand(branding);
  clear(place);
  if (logo)
    place.appendChild(h('img', { src: '/api/rooms/' + state.room.code + '/artwork/' + logo, alt: '' }));
  else if (!branding.whiteLabel)
    place.appendChild(icon('metronome'));
}

/* Brings `list`'s children in step with `items` (keyed by id), re-using what is there: who has the focus
 * keeps it, and a row is moved only when its place among the others is another one. What moved slides
 * from where it was and what is new arrives, so that the eye can follow; not in a `still` list. */
export function keyed (list, items, make, update, still) {
  const first = still || !list.firstChild;
  const focus = document.activeElement;
  const held = list.contains(focus);
  const old = {};
  const tops = {};
  const wanted = {};
  items.forEach(item => { wanted[item.id] = true; });
  Array.prototype.forEach.call(list.children, row => {
    old[row.dataset.key] = row;
    tops[row.dataset.key] = row.offsetTop;
  });
  Object.keys(old).filter(key => !wanted[key]).forEach(key => list.removeChild(old[key]));
  let cursor = list.firstElementChild;
  items.forEach((item, index) => {
    let row = old[item.id];
    if (!row) {
      row = make(item);
      row.dataset.key = item.id;
    }
    if (row === cursor)
      cursor = cursor.nextElementSibling;
    else
      list.insertBefore(row, cursor);
    update(row, item, index);
  });
  if (held && focus !== document.activeElement && list.contains(focus))
    focus.focus({ preventScroll: true });
  if (!first && list.animate && !calm())
    slide(list, tops);
}

function slide (list, tops) {
  Array.prototype.forEach.call(list.children, row => {
    const from = tops[row.dataset.key];
    const by = from - row.offsetTop;
    if (from === undefined)
      row.animate([{ opacity: 0, transform: 'translateY(8px)' }, { opacity: 1, transform: 'none' }],
                  { duration: 220, easing: 'ease-out' });
    else if (by)
      row.animate([{ transform: 'translateY(' + by + 'px)' }, { transform: 'none' }],
                  { duration: 240, easing: 'cubic-bezier(.2,.7,.3,1)' });
  });
}

function luminance (colour) {
  const value = parseInt(colour.slice(1), 16);
  const part = shift => {
    const c = (value >> shift & 255) / 255;
    return c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0);
}

/* The organization's colour. The readable text colours come from the server; the CSP lets
 * scripts set properties, not pages carry style. */
export function brand (data) {
  const root = document.documentElement.style;
  if (!/^#[0-9a-f]{6}$/i.test(data.accent || ''))
    return;
  root.setProperty('--accent', data.accent);
  root.setProperty('--on-accent', luminance(data.accent) > 0.18 ? '#12101a' : '#ffffff');
  root.setProperty('--light', data.accent + '2e');
  if (data.accentDark)
    root.setProperty('--accent-dark', data.accentDark);
  if (data.accentLight)
    root.setProperty('--accent-light', data.accentLight);
}
