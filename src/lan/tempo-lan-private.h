/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "access/tempo-throttle.h"
#include "access/tempo-token.h"
#include "lan/tempo-lan-server.h"
#include "lan/tempo-room-feeds.h"
#include "model/tempo-organization.h"
#include "venue/tempo-command.h"
#include "venue/tempo-host.h"
#include "venue/tempo-room.h"
#include "web/tempo-assets.h"
#include "web/tempo-catalog.h"
#include "web/tempo-exchange.h"
#include "web/tempo-listener.h"
#include "web/tempo-metrics.h"
#include "web/tempo-page.h"
#include "web/tempo-router.h"

G_BEGIN_DECLS

#define TEMPO_GUEST_COOKIE "tempo_guest"
#define TEMPO_SESSION_COOKIE "tempo_session"
#define TEMPO_LANGUAGE_COOKIE "tempo_lang"
#define TEMPO_GUEST_COOKIE_SECONDS (400 * 24 * 3600) /* as long as browsers keep any */

/* The server as its routes see it. Everything but the locked part belongs to the engine thread. */
struct _TempoLanServer
{
  GObject parent_instance;

  TempoHost *host;      /* (owned) */
  char *listen_address; /* (owned) (nullable) */
  int wished_port;
  int wished_tls_port;
  gboolean no_rate_limit;
  gboolean metrics_everywhere;

  TempoListener *listener;       /* (owned) (nullable) */
  TempoRouter *router;           /* (owned) (nullable) */
  TempoMetrics *metrics;         /* (owned) (nullable) */
  TempoAssets *assets;           /* (owned) (nullable) */
  TempoCatalog *catalog;         /* (owned) (nullable) */
  TempoCatalog *guest_catalog;   /* (owned) (nullable) what the page's own script needs of it */
  TempoCatalog *display_catalog; /* (owned) (nullable) */
  TempoCatalog *staff_catalog;   /* (owned) (nullable) */
  GHashTable *templates;         /* (owned) (nullable) name to TempoPage */
  GBytes *openapi;               /* (owned) (nullable) */
  TempoRoomFeeds *feeds;         /* (owned) (nullable) */
  GSource *address_source;       /* (owned) (nullable) */

  TempoThrottle *guest_throttle;   /* (owned) asks by guest */
  TempoThrottle *address_throttle; /* (owned) asks by address */
  TempoThrottle *act_throttle;     /* (owned) votes and the like by guest */
  TempoThrottle *search_throttle;  /* (owned) searches by guest */
  TempoThrottle *licence_throttle; /* (owned) wrong licence keys by address and by organization code */
  TempoThrottle *refusal_throttle; /* (owned) audit rows of refused accesses by member */

  GBytes *session_key; /* (owned) signs sessions */
  gboolean session_key_kept; /* it is in the secrets, or on its way */
  TempoTls *tls;            /* (owned) (nullable) of staff's door */
  char *tls_certificate;    /* (owned) (nullable) a new one, until it is put away */
  char *tls_key;            /* (owned) (nullable) the same */
  gboolean tls_kept;        /* it is put away, or on its way, or not ours */
  GBytes *form_key;    /* (owned) binds forms to guests; new at each start */
  TempoThrottle *visit_throttle; /* (owned) rows of a super admin's visits, by session and organization */

  GMutex lock;          /* guards what other threads ask for */
  char *public_address; /* (owned) (nullable) */
  guint16 port;
  guint16 tls_port;
  char *fingerprint; /* (owned) (nullable) */
};

/* What a route asks before its handler runs; see tempo-checks.c. */
typedef enum
{
  TEMPO_CHECK_OPEN,    /* anyone */
  TEMPO_CHECK_GUEST,   /* anyone; meets or makes the guest */
  TEMPO_CHECK_ASK,     /* a guest who asks for a song: the same, slowed down when flooding */
  TEMPO_CHECK_ACT,     /* a guest who votes or withdraws: the same, with more room */
  TEMPO_CHECK_ROOM,    /* anyone; the room must be there */
  TEMPO_CHECK_SEARCH,  /* anyone who searches: the same, slowed down when flooding */
  TEMPO_CHECK_DISPLAY, /* the bearer of a display token */
  TEMPO_CHECK_AUTH,    /* requireAuth */
  TEMPO_CHECK_OWN,     /* requireAuth, requireOwnResource, and the role for the action */
  TEMPO_CHECK_SUPER,   /* requireAuth, requireSuperAdmin */
} TempoCheckKind;

/* Actions beyond those of TempoAction. */
#define TEMPO_WHO_VIEW TEMPO_N_ACTIONS
#define TEMPO_WHO_MEMBERS (TEMPO_N_ACTIONS + 1)
#define TEMPO_WHO_AUDIT (TEMPO_N_ACTIONS + 2)
#define TEMPO_WHO_EXPORT (TEMPO_N_ACTIONS + 3)
#define TEMPO_WHO_ERASE (TEMPO_N_ACTIONS + 4)
#define TEMPO_WHO_FACTOR (TEMPO_N_ACTIONS + 5)
#define TEMPO_WHO_SESSIONS (TEMPO_N_ACTIONS + 6)
/* A route's `who`: the check and, for staff, the least action it needs. */
#define TEMPO_WHO(check, action) ((guint) (TEMPO_CHECK_##check) << 8 | (guint) (action))
#define TEMPO_WHO_CHECK(who) ((TempoCheckKind) ((who) >> 8))
#define TEMPO_WHO_ACTION(who) ((who) &0xff)

/* One request as far as the checks found out. Engine thread; lives with its exchange. */
typedef struct
{
  TempoLanServer *server; /* (owned) an answer may come after the stop */
  const char *language;   /* static */
  char *guest_token;      /* (owned) (nullable) */
  char *guest_digest;     /* (owned) (nullable) */
  TempoMember *member;    /* (owned) (nullable) */
  TempoClaims *claims;    /* (owned) (nullable) */
  char *organization_id;  /* (owned) (nullable) of {org}, known to be the member's to use */
  char *room_id;          /* (owned) (nullable) of {room} or of the display token */
  TempoOrganization *unopened; /* (owned) (nullable) whose file cannot be opened now, so that nobody gets in */
  char *display_id;       /* (owned) (nullable) */
} TempoVisit;

/* The visit of an exchange that passed its checks. (transfer none). */
TempoVisit *tempo_visit_get (TempoExchange *exchange);
/* Makes the visit and attaches it. (transfer none). */
TempoVisit *tempo_visit_attach (TempoExchange *exchange, TempoLanServer *server);
/* Who acts. (transfer full). */
TempoActor *tempo_visit_make_actor (TempoExchange *exchange);
/* The room of the path, anew after each wait; NULL when it went meanwhile. (transfer none). */
TempoRoom *tempo_visit_get_room (TempoVisit *visit);

/* Pages, catalogs and the description of the API. Any thread, any number of times. */
void tempo_lan_register_resources (void);
/* A template of the pages by its name, "guest/page.html"; all were loaded at the start. (transfer none). */
TempoPage *tempo_lan_server_get_template (TempoLanServer *self, const char *name);

/* The tables of the route files. */
void tempo_guest_routes_add (TempoLanServer *server);
void tempo_auth_routes_add (TempoLanServer *server);
void tempo_people_routes_add (TempoLanServer *server);
void tempo_staff_room_routes_add (TempoLanServer *server);
void tempo_staff_event_routes_add (TempoLanServer *server);
void tempo_staff_request_routes_add (TempoLanServer *server);
void tempo_staff_house_routes_add (TempoLanServer *server);
void tempo_staff_care_routes_add (TempoLanServer *server);
void tempo_licence_routes_add (TempoLanServer *server);
void tempo_report_routes_add (TempoLanServer *server);
void tempo_spotify_routes_add (TempoLanServer *server);
void tempo_display_routes_add (TempoLanServer *server);
void tempo_page_routes_add (TempoLanServer *server);
void tempo_staff_page_routes_add (TempoLanServer *server);
void tempo_operator_routes_add (TempoLanServer *server);
/* May staff come over plain HTTP? */
gboolean tempo_auth_allows (gboolean from_this_machine, const char *setting);
/* The grounds that text has to be readable on. */
#define TEMPO_PAGE_NIGHT TEMPO_NIGHT
#define TEMPO_PAGE_PAPER TEMPO_PAPER
/* Parts that several pages are filled with; see data/web/README.md. */
void tempo_page_remember_language (TempoExchange *exchange);
const char *tempo_page_get_version (TempoLanServer *server, const char *name);
char *tempo_page_make_mark (TempoVisit *visit, TempoOrganization *organization, char **icon);
gboolean tempo_page_hides_tempo (TempoVisit *visit);
const char *tempo_page_get_installation_name (TempoVisit *visit);
char *tempo_page_make_catalog (TempoVisit *visit, TempoCatalog *catalog);
/* The router's own refusals in the reader's language. */
gboolean tempo_page_refuse (
  TempoExchange *exchange, guint status, const char *code, const char *title, gpointer user_data);
/* A page of one sentence, in the reader's language. Texts are text. */
void tempo_page_answer_plain (TempoExchange *exchange, guint status, const char *title, const char *text);
void tempo_ops_routes_add (TempoLanServer *server);

/* Stores the session key once somebody has signed in. Engine thread. */
void tempo_lan_server_keep_key (TempoLanServer *self);

G_END_DECLS
