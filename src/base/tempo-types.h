/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Forward declarations of every public type, so that headers need not include
 * each other. A header includes this one and the headers of what it inherits
 * from or embeds, nothing else. */

/* base */
typedef struct _TempoClock TempoClock;
typedef struct _TempoJson TempoJson;

/* model: immutable after construction, any thread */
typedef struct _TempoSong TempoSong;
typedef struct _TempoRequest TempoRequest;
typedef struct _TempoGuest TempoGuest;
typedef struct _TempoEvent TempoEvent;
typedef struct _TempoRules TempoRules;
typedef struct _TempoOrganization TempoOrganization;
typedef struct _TempoRoomInfo TempoRoomInfo;
typedef struct _TempoMember TempoMember;
typedef struct _TempoNowPlaying TempoNowPlaying;
typedef struct _TempoRoomView TempoRoomView;

/* store */
typedef struct _TempoStore TempoStore;
typedef struct _TempoScope TempoScope;
typedef struct _TempoRows TempoRows;
typedef struct _TempoBatch TempoBatch;
typedef struct _TempoRegistry TempoRegistry;

/* secrets */
typedef struct _TempoSecrets TempoSecrets;

/* music */
typedef struct _TempoSource TempoSource;
typedef struct _TempoLibrary TempoLibrary;

/* venue */
typedef struct _TempoActor TempoActor;
typedef struct _TempoCommand TempoCommand;
typedef struct _TempoOutcome TempoOutcome;
typedef struct _TempoHost TempoHost;
typedef struct _TempoVenue TempoVenue;
typedef struct _TempoRoom TempoRoom;
typedef struct _TempoMonitor TempoMonitor;

/* web */
typedef struct _TempoListener TempoListener;
typedef struct _TempoRouter TempoRouter;
typedef struct _TempoFeed TempoFeed;
typedef struct _TempoExchange TempoExchange;
typedef struct _TempoRoute TempoRoute;
typedef struct _TempoMetrics TempoMetrics;
