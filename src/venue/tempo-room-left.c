/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a guest may still ask for, and when the next song opens: the same figures for the rule and for the page. */
#include "venue/tempo-room-private.h"

#include "base/tempo-json.h"
#include "model/tempo-rules.h"

/* Songs taken back or turned down do not use anything up. */
static gboolean
counts_in_window (TempoRequest *request)
{
  return request->status != TEMPO_REQUEST_WITHDRAWN && request->status != TEMPO_REQUEST_DECLINED
         && request->status != TEMPO_REQUEST_FAILED;
}

static gboolean
is_waiting (TempoRequest *request)
{
  return request->status == TEMPO_REQUEST_PENDING || request->status == TEMPO_REQUEST_APPROVED;
}

static void
use (TempoLeft *left,
     guint limit,
     guint used)
{
  left->limited = TRUE;
  left->requests = used < limit ? limit - used : 0;
}

static void
compute_window (TempoRules *rules,
                GPtrArray *mine,
                gint64 now,
                TempoLeft *left)
{
  gint64 span = rules->per_guest_window_minutes * G_TIME_SPAN_MINUTE;
  guint used = 0, seen = 0;

  for (guint i = 0; i < mine->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (mine, i);

      if (counts_in_window (request) && request->created_at > now - span)
        used++;
    }

  use (left, rules->per_guest, used);
  for (guint i = 0; i < mine->len && left->requests == 0; i++)
    {
      TempoRequest *request = g_ptr_array_index (mine, i);

      if (!counts_in_window (request) || request->created_at <= now - span)
        continue;
      /* The one whose leaving makes room; when the limit was lowered, some have to go first. */
      if (seen++ == used - rules->per_guest)
        {
          left->next_at = request->created_at + span;
          break;
        }
    }
}

static void
compute_waiting (TempoRoom *self,
                 TempoRules *rules,
                 GPtrArray *mine,
                 gint64 now,
                 TempoLeft *left)
{
  guint used = 0;
  gint first = -1;

  for (guint i = 0; i < mine->len; i++)
    if (is_waiting (g_ptr_array_index (mine, i)))
      used++;

  use (left, rules->per_guest, used);
  if (left->requests > 0)
    return;

  for (guint i = 0; i < mine->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (mine, i);
      guint position = request->status == TEMPO_REQUEST_APPROVED
        ? tempo_room_get_position (self, request->id) : 0;
      gint eta = position > 0 ? tempo_room_eta (self, position - 1) : -1;

      if (eta >= 0 && (first < 0 || eta < first))
        first = eta;
    }
  if (first >= 0)
    left->next_at = now + first * G_TIME_SPAN_SECOND;
}

static void
compute_cooldown (TempoRules *rules,
                  GPtrArray *mine,
                  gint64 now,
                  TempoLeft *left)
{
  for (guint i = mine->len; i > 0; i--)
    {
      TempoRequest *request = g_ptr_array_index (mine, i - 1);

      /* "Undo" right after asking must not cost the wait. */
      if (request->status == TEMPO_REQUEST_WITHDRAWN || request->by_staff)
        continue;
      if (request->created_at + rules->cooldown_seconds * G_TIME_SPAN_SECOND > now)
        left->cooldown_until = request->created_at + rules->cooldown_seconds * G_TIME_SPAN_SECOND;
      break;
    }
  left->next_at = MAX (left->next_at, left->cooldown_until);
}

/**
 * tempo_room_compute_left:
 * @self: a room
 * @event: (nullable): its event
 * @guest: (nullable): who asks
 * @mine: (nullable) (element-type TempoRequest): what the guest asked for in this event
 * @left: (out): what remains
 *
 * Engine thread.
 */
void
tempo_room_compute_left (TempoRoom *self,
                         TempoEvent *event,
                         TempoGuest *guest,
                         GPtrArray *mine,
                         TempoLeft *left)
{
  gint64 now = tempo_venue_now (self->venue);
  gint64 silent_until = guest != NULL ? MAX (guest->muted_until, guest->banned_until) : 0;

  *left = (TempoLeft) { 0 };
  if (event == NULL)
    {
      left->limited = TRUE;
      return;
    }

  if (event->rules->per_guest > 0 && mine == NULL)
    use (left, event->rules->per_guest, 0);
  else if (event->rules->per_guest > 0 && event->rules->per_guest_window_minutes > 0)
    compute_window (event->rules, mine, now, left);
  else if (event->rules->per_guest > 0)
    compute_waiting (self, event->rules, mine, now, left);

  if (event->rules->cooldown_seconds > 0 && mine != NULL)
    compute_cooldown (event->rules, mine, now, left);

  if (silent_until > now)
    {
      left->limited = TRUE;
      left->requests = 0;
      left->next_at = silent_until == G_MAXINT64 ? 0 : silent_until;
    }
}

/**
 * tempo_room_write_left:
 * @self: a room
 * @token_digest: (nullable): whose
 * @json: where to
 * @key: (nullable): the member
 *
 * Writes {"requests","nextAt"}.
 */
void
tempo_room_write_left (TempoRoom *self,
                       const char *token_digest,
                       TempoJson *json,
                       const char *key)
{
  TempoShownPart *part = tempo_room_get_shown_part (self, token_digest);
  TempoLeft left;

  tempo_room_compute_left (self, self->shown_event, part != NULL ? part->guest : NULL, part != NULL
                           ? part->mine : NULL, &left);
  tempo_json_begin_object (json, key);
  if (left.limited)
    tempo_json_int (json, "requests", left.requests);
  else
    tempo_json_null (json, "requests");
  tempo_json_time (json, "nextAt", left.next_at);
  tempo_json_end_object (json);
}
