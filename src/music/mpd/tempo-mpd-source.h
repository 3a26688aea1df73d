/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "music/tempo-source.h"

G_BEGIN_DECLS

/* A music player daemon on this machine or in the house: its catalogue is searched, its queue is
 * given Tempo's songs one by one, and what others do with it is seen. Everything that may wait for
 * the network runs on a thread of the source's own. */

typedef struct
{
  const char *host;     /* (nullable) NULL: this machine */
  guint port;           /* 0: 6600 */
  const char *socket;   /* (nullable) path of a local socket, in place of host and port */
  const char *password; /* (nullable) sent in clear: that is all the protocol has */
  TempoClock *clock;    /* (nullable) NULL: the machine's */
  guint retry_ms;       /* tests: shortest wait before it is tried again; 0: a second */
  guint answer_ms;      /* tests: how long an answer may take; 0: five seconds */
} TempoMpdOptions;

/* Begins to connect at once and goes on for ever; everything here belongs to the context that is
 * thread-default now. Texts of @options are copied. (transfer full). */
TempoSource *tempo_mpd_source_new (const TempoMpdOptions *options);

G_END_DECLS
