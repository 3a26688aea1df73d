/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream that outlives locked phones, lost Wi-Fi and restarted hosts. The browser's own
 * EventSource gives up on an answer such as 503 and never notices a dead socket after
 * sleep, so this one opens it again for ever, slower each time, and at once on waking. */

const FIRST_DELAY = 1000;
const LONGEST_DELAY = 15000;
const SILENCE = 40000; /* the server beats every 15 s, but scripts do not see beats: ask then */

/* `handlers`: {event: function (data)}; `changed (online)` is told when the line comes or
 * goes; `probe ()` returns a promise of a plain request that proves the server is there. */
export function live (url, handlers, changed, probe) {
  let source = null;
  let timer = 0;
  let delay = FIRST_DELAY;
  let heard = Date.now();
  let online = null;

  function tell (state) {
    if (state !== online)
      changed(online = state);
  }

  function later () {
    clearTimeout(timer);
    timer = setTimeout(open, delay * (0.7 + Math.random() * 0.6));
    delay = Math.min(delay * 2, LONGEST_DELAY);
  }

  function open () {
    clearTimeout(timer);
    if (source)
      source.close();
    source = new EventSource(url);
    const mine = source;
    source.onopen = () => { heard = Date.now(); };
    source.onerror = () => {
      if (mine !== source)
        return;
      source.close();
      tell(false);
      later();
    };
    Object.keys(handlers).forEach(name => source.addEventListener(name, event => {
      heard = Date.now();
      delay = FIRST_DELAY;
      tell(true);
      handlers[name](JSON.parse(event.data));
    }));
  }

  function wake () {
    if (document.hidden)
      return;
    delay = FIRST_DELAY;
    if (!online || Date.now() - heard > 5000)
      open();
  }

  document.addEventListener('visibilitychange', wake);
  addEventListener('online', wake);
  addEventListener('pageshow', event => { if (event.persisted) open(); });
  addEventListener('offline', () => tell(false));
  addEventListener('pagehide', () => { if (source) source.close(); });
  setInterval(() => {
    if (document.hidden || !online || Date.now() - heard < SILENCE)
      return;
    probe().then(() => { heard = Date.now(); }, () => { tell(false); open(); });
  }, 10000);
  open();
}
