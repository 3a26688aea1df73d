/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-request.h"

#include "base/tempo-json.h"
#include "model/tempo-record-private.h"

G_DEFINE_ENUM_TYPE (TempoRequestStatus, tempo_request_status,
                    G_DEFINE_ENUM_VALUE (TEMPO_REQUEST_PENDING, "pending"),
                    G_DEFINE_ENUM_VALUE (TEMPO_REQUEST_APPROVED, "approved"),
                    G_DEFINE_ENUM_VALUE (TEMPO_REQUEST_PLAYING, "playing"),
                    G_DEFINE_ENUM_VALUE (TEMPO_REQUEST_PLAYED, "played"),
                    G_DEFINE_ENUM_VALUE (TEMPO_REQUEST_DECLINED, "declined"),
                    G_DEFINE_ENUM_VALUE (TEMPO_REQUEST_WITHDRAWN, "withdrawn"),
                    G_DEFINE_ENUM_VALUE (TEMPO_REQUEST_EXPIRED, "expired"),
                    G_DEFINE_ENUM_VALUE (TEMPO_REQUEST_FAILED, "failed"))

TEMPO_DEFINE_WORDS (TempoRequestStatus, tempo_request_status, TEMPO_TYPE_REQUEST_STATUS)

static const TempoField request_fields[] = {
  TEMPO_FIELD (TempoRequest, id, TEXT),
  TEMPO_FIELD (TempoRequest, number, TEXT),
  TEMPO_FIELD (TempoRequest, event_id, TEXT),
  TEMPO_FIELD (TempoRequest, guest_id, TEXT),
  TEMPO_FIELD (TempoRequest, name, TEXT),
  TEMPO_FIELD (TempoRequest, message, TEXT),
  TEMPO_FIELD_OF (TempoRequest, song, OBJECT, tempo_song_get_type),
  TEMPO_FIELD_OF (TempoRequest, status, ENUM, tempo_request_status_get_type),
  TEMPO_FIELD (TempoRequest, message_shown, FLAG),
  TEMPO_FIELD (TempoRequest, pinned, FLAG),
  TEMPO_FIELD (TempoRequest, by_staff, FLAG),
  TEMPO_FIELD (TempoRequest, rank, INT64),
  TEMPO_FIELD (TempoRequest, votes, COUNT),
  TEMPO_FIELD (TempoRequest, turn, COUNT),
  TEMPO_FIELD (TempoRequest, reason_code, TEXT),
  TEMPO_FIELD (TempoRequest, reason_text, TEXT),
  TEMPO_FIELD (TempoRequest, created_at, INT64),
  TEMPO_FIELD (TempoRequest, decided_at, INT64),
  TEMPO_FIELD (TempoRequest, started_at, INT64),
  TEMPO_FIELD (TempoRequest, ended_at, INT64),
};

TEMPO_DEFINE_RECORD (TempoRequest, tempo_request, request_fields)

static void
write_reason (TempoRequest *self,
              TempoJson *json)
{
  if (self->reason_code == NULL && self->reason_text == NULL)
    {
      tempo_json_null (json, "reason");
      return;
    }

  tempo_json_begin_object (json, "reason");
  tempo_json_string (json, "code", self->reason_code);
  tempo_json_string (json, "text", self->reason_text);
  tempo_json_end_object (json);
}

static void
write_for_staff (TempoRequest *self,
                 TempoJson *json)
{
  tempo_json_string (json, "guestId", self->guest_id);
  tempo_json_bool (json, "pinned", self->pinned);
  tempo_json_bool (json, "byStaff", self->by_staff);
  tempo_json_bool (json, "messageShown", self->message_shown);
  tempo_json_time (json, "decidedAt", self->decided_at);
  tempo_json_time (json, "startedAt", self->started_at);
  tempo_json_time (json, "endedAt", self->ended_at);
}

/**
 * tempo_request_new:
 * @id: its id
 * @song: the song wished for
 *
 * Returns: (transfer full): an unshared pending request
 */
TempoRequest *
tempo_request_new (const char *id,
                   TempoSong *song)
{
  TempoRequest *self = g_object_new (TEMPO_TYPE_REQUEST, NULL);

  self->id = g_strdup (id);
  self->number = g_strdup ("");
  self->event_id = g_strdup ("");
  self->name = g_strdup ("");
  g_set_object (&self->song, song);

  return self;
}

/**
 * tempo_request_copy:
 * @self: a request
 *
 * How a request changes: the copy is filled and takes its place, while whoever
 * holds the old one still sees it as it was.
 *
 * Returns: (transfer full): an unshared request with the same fields
 */
TempoRequest *
tempo_request_copy (TempoRequest *self)
{
  return tempo_record_copy (self, request_fields, G_N_ELEMENTS (request_fields));
}

/**
 * tempo_request_to_json:
 * @self: a request
 * @how: the reader's place in it
 * @json: where to
 * @key: (nullable): the member
 *
 * A dedication is for its guest and for staff until staff let it through: what
 * one guest wrote must not reach the phones of all others unseen.
 */
void
tempo_request_to_json (TempoRequest *self,
                       const TempoRequestJson *how,
                       TempoJson *json,
                       const char *key)
{
  gboolean message_visible = how->mine || how->staff || self->message_shown;

  tempo_json_begin_object (json, key);
  tempo_json_string (json, "id", self->id);
  tempo_json_string (json, "number", self->number);
  tempo_json_string (json, "status", tempo_request_status_to_string (self->status));
  tempo_song_to_json (self->song, how->room_code, json, "song");
  tempo_json_string (json, "name", self->name);
  tempo_json_string (json, "message", message_visible ? self->message : NULL);
  tempo_json_int (json, "votes", self->votes);
  tempo_json_bool (json, "voted", how->voted);
  tempo_json_bool (json, "mine", how->mine);
  if (how->position > 0)
    tempo_json_int (json, "position", how->position);
  else
    tempo_json_null (json, "position");
  if (how->eta_seconds >= 0)
    tempo_json_int (json, "etaSeconds", how->eta_seconds);
  else
    tempo_json_null (json, "etaSeconds");
  write_reason (self, json);
  tempo_json_time (json, "createdAt", self->created_at);
  if (how->staff)
    write_for_staff (self, json);
  tempo_json_end_object (json);
}
