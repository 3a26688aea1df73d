/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "lan/tempo-lan-server.h"
#include "venue/tempo-host.h"

/* A real engine and a real server on a free port of loopback, in a fresh folder,
 * with a clock that stands still until told; and a small HTTP client of our own
 * that sends exactly what a test says. */
typedef struct
{
  char *dir;              /* (owned) */
  TempoClock *clock;      /* (owned) fixed */
  TempoHost *host;        /* (owned) */
  TempoLanServer *server; /* (owned) */
  guint16 port;
  char *organization_id;  /* (owned) of "usera" */
  char *room_id;          /* (owned) */
  char *room_code;        /* (owned) */
} LanFixture;

typedef struct
{
  guint status;
  char *head;        /* (owned) */
  char *body;        /* (owned) */
  gsize length;
  JsonObject *json;  /* (owned) (nullable) the body when it is an object */
} LanAnswer;
void lan_answer_free (LanAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LanAnswer, lan_answer_free)

#define LAN_PASSWORD "correct horse battery"

/* Starts everything; makes the organization "usera" (owner ann, super admin) with a room. */
LanFixture *lan_fixture_new (gboolean rate_limit);
/* The same with the demonstration's music, so that there is something to search for. */
LanFixture *lan_fixture_new_with_music (void);
/* The same with Spotify at @address, sign-in and Web API alike. */
LanFixture *lan_fixture_new_with_spotify (const char *address);
/* Stops the server and starts one with @options on the same engine. */
void lan_fixture_restart (LanFixture *self, const TempoLanOptions *options);
void lan_fixture_free (LanFixture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LanFixture, lan_fixture_free)
/* Stops all, makes a mess of an organization's file, and starts again: sessions are gone. */
void lan_fixture_break (LanFixture *self, const char *organization_id);
/* A second organization, "userb" (owner bob). */
void lan_fixture_add_userb (LanFixture *self);
/* Iterates until *@flag; the test fails after ten seconds. */
void lan_wait_for (const gboolean *flag);

/* Sends a request and reads the whole answer. @headers: (nullable) lines ending in \r\n. @body: (nullable), then
 * Content-Type and Content-Length are added unless @headers has a type. (transfer full). */
LanAnswer *lan_call (LanFixture *self, const char *method, const char *target, const char *headers, const char *body);
/* The same with any bytes at all. */
LanAnswer *lan_call_raw (LanFixture *self, const char *request, gsize length);
/* The value of a header, NULL when it is not there; of Set-Cookie the cookie's value. (transfer full). */
char *lan_answer_get_header (LanAnswer *answer, const char *name);
char *lan_answer_get_cookie (LanAnswer *answer, const char *name);
/* Member of the body by a path: "request.song.title". NULL when it is not there. */
const char *lan_answer_get_text (LanAnswer *answer, const char *path);
gint64 lan_answer_get_int (LanAnswer *answer, const char *path);
JsonNode *lan_answer_get_node (LanAnswer *answer, const char *path);

/* Signs in; "Authorization: Bearer …\r\n". (transfer full). */
char *lan_sign_in (LanFixture *self, const char *username);
/* Gives "usera" a licence of the largest tier, so that only Tempo's own limits hold. @session: of its owner. */
void lan_lift_limits (LanFixture *self, const char *session);
/* A guest's "Cookie: tempo_guest=…\r\n", met at the room's state. (transfer full). */
char *lan_meet_guest (LanFixture *self);
/* Starts an event with these rules (JSON members, "" for none) that asks for no approval and takes free text. (transfer full) its id. */
char *lan_start_event (LanFixture *self, const char *session, const char *rules);
/* Asks for @title by @guest (a Cookie line). (transfer full). */
LanAnswer *lan_ask (LanFixture *self, const char *guest, const char *title);

/* A stream being read. */
typedef struct _LanStream LanStream;
LanStream *lan_stream_new (LanFixture *self, const char *target, const char *headers);
void lan_stream_free (LanStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LanStream, lan_stream_free)
guint lan_stream_get_status (LanStream *self);
/* Waits for the next event that is not a comment. @id: (out) (optional) (transfer full). Its data, parsed. NULL when the stream ended. (transfer full). */
JsonObject *lan_stream_next (LanStream *self, char **event, char **id);
/* Skips to the next event of that name. */
JsonObject *lan_stream_next_named (LanStream *self, const char *event, char **id);
