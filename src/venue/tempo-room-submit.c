/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wish: which song is meant, whether the rules of the night let it in, and what becomes of it.
 * Each rule has its own refusal with the figures a helpful sentence needs. */
#include "venue/tempo-room-private.h"

#include "base/tempo-id.h"
#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "model/tempo-rules.h"
#include "venue/tempo-host-private.h"

static gboolean
refuse_until (GError **error,
              TempoRefusal refusal,
              gint64 until,
              const char *what)
{
  TempoRefusalDetail detail = { .until = until == G_MAXINT64 ? 0 : until };

  g_propagate_error (error, tempo_refusal_new (refusal, &detail, "%s", what));

  return FALSE;
}

/* Whether guests may ask at all now. */
static gboolean
check_door (TempoRoom *self,
            TempoGuest *guest,
            gboolean vote,
            GError **error)
{
  gint64 now = tempo_venue_now (self->venue);

  if (guest != NULL && guest->banned_until > now)
    return refuse_until (error, TEMPO_REFUSAL_BANNED, guest->banned_until, "the guest is banned");
  if (guest != NULL && guest->muted_until > now)
    return refuse_until (error, TEMPO_REFUSAL_MUTED, guest->muted_until, "the guest is muted");
  if (self->info->switch_state == TEMPO_SWITCH_CLOSED)
    return refuse_until (error, TEMPO_REFUSAL_CLOSED, 0, "requests are closed");
  if (self->info->switch_state == TEMPO_SWITCH_RESTRICTED && !vote)
    return refuse_until (error, TEMPO_REFUSAL_RESTRICTED, 0, "votes only");

  return TRUE;
}

/* The catalogue's song, or the words themselves where that is allowed. */
static TempoSong *
resolve_song (TempoRoom *self,
              TempoCommand *command,
              gboolean staff,
              GError **error)
{
  g_autofree char *title = NULL;
  g_autofree char *artist = NULL;
  TempoSource *source = tempo_player_get_source (self->player);
  gboolean catalogue = tempo_player_can (self->player, TEMPO_SOURCE_SEARCH);
  TempoSong *song;

  if (command->song_id != NULL)
    {
      song = catalogue ? tempo_source_lookup (source, command->song_id) : NULL;
      if (song == NULL && catalogue && tempo_room_recall (self, source, command->song_id, NULL))
        song = tempo_source_lookup (source, command->song_id);
      if (song == NULL)
        refuse_until (error, TEMPO_REFUSAL_NO_SONG, 0, "not in the catalogue");
      return song;
    }

  if (!tempo_room_clean_text (command->title, TEMPO_SONG_MAX_TEXT, "title", &title, error)
      || !tempo_room_clean_text (command->artist, TEMPO_SONG_MAX_TEXT, "artist", &artist, error))
    return NULL;
  if (title == NULL)
    {
      TempoRefusalDetail detail = { .subject = "title" };

      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_INVALID, &detail,
                                                   "neither a song nor a title"));
      return NULL;
    }

  song = catalogue ? tempo_source_match (source, artist != NULL ? artist : "", title) : NULL;
  if (song != NULL)
    return song;
  if (!staff && !self->event->rules->free_text)
    {
      refuse_until (error, TEMPO_REFUSAL_FREE_TEXT, 0, "songs of the catalogue only");
      return NULL;
    }

  return tempo_song_new (NULL, title, artist != NULL ? artist : "");
}

static gboolean
check_content (TempoRoom *self,
               TempoSong *song,
               GError **error)
{
  TempoRules *rules = self->event->rules;
  TempoRefusalDetail detail = { 0 };
  const char *blocked;

  if (song->explicit_content && !rules->allow_explicit)
    return refuse_until (error, TEMPO_REFUSAL_EXPLICIT, 0, "explicit songs are off");

  blocked = tempo_rules_find_blocked (rules, song);
  if (blocked == NULL)
    blocked = tempo_blocked_find (self->venue->blocked, song);
  if (blocked != NULL)
    {
      g_strlcpy (detail.subject, blocked, sizeof detail.subject);
      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_BLOCKED, &detail, "blocked by the host"));
      return FALSE;
    }

  if (rules->max_duration_seconds > 0 && song->duration_ms > (gint64) rules->max_duration_seconds * 1000)
    {
      detail.count = rules->max_duration_seconds;
      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_TOO_LONG, &detail,
                                                   "longer than %u s", detail.count));
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_repeat (TempoRoom *self,
              const char *song_key,
              GError **error)
{
  gint64 *played = g_hash_table_lookup (self->plays, song_key);
  gint64 span = self->event->rules->no_repeat_minutes * G_TIME_SPAN_MINUTE;
  TempoRefusalDetail detail = { 0 };

  if (played == NULL || span == 0 || *played + span <= tempo_venue_now (self->venue))
    return TRUE;

  detail.since = *played;
  detail.until = *played + span;
  g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_PLAYED_RECENTLY, &detail, "played recently"));

  return FALSE;
}

static gboolean
check_limits (TempoRoom *self,
              TempoGuest *guest,
              GError **error)
{
  TempoPart *part = guest != NULL ? tempo_room_find_part (self, guest->id) : NULL;
  TempoRules *rules = self->event->rules;
  TempoRefusalDetail detail = { 0 };
  TempoLeft left;

  tempo_room_compute_left (self, self->event, guest, part != NULL ? part->mine : NULL, &left);
  if (left.limited && left.requests == 0)
    {
      detail.count = rules->per_guest;
      detail.until = left.next_at;
      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_LIMIT, &detail,
                                                   "%u songs are the limit", detail.count));
      return FALSE;
    }

  if (left.cooldown_until > 0)
    return refuse_until (error, TEMPO_REFUSAL_COOLDOWN, left.cooldown_until, "too soon after the last one");

  return TRUE;
}

static gboolean
check_full (TempoRoom *self,
            GError **error)
{
  TempoRefusalDetail detail = { .count = self->event->rules->max_queue };

  /* Why there is no room for more is the host's business; guests hear that the list is full. */
  if ((detail.count == 0 || self->queue->len + self->inbox->len < detail.count)
      && tempo_venue_allows (self->venue, TEMPO_LIMIT_REQUESTS_PER_EVENT, g_hash_table_size (self->slots), NULL))
    return TRUE;

  g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_FULL, &detail,
                                               "the list of %u is full", detail.count));

  return FALSE;
}

/* A second wish for a song that waits: a vote for it, or a refusal. */
static gboolean
meet_duplicate (TempoRoom *self,
                TempoCommand *command,
                const char *request_id,
                TempoOutcome *outcome,
                GError **error)
{
  TempoRequest *request = tempo_room_find_slot (self, request_id)->request;
  TempoGuest *guest = command->actor->kind == TEMPO_ACTOR_GUEST
    ? tempo_venue_find_digest (self->venue, command->actor->id) : NULL;
  TempoRefusalDetail detail = { .since = request->created_at,
                                .count = tempo_room_get_position (self, request_id) };
  TempoRules *rules = self->event->rules;
  gboolean own = guest != NULL && g_strcmp0 (request->guest_id, guest->id) == 0;
  g_autoptr (TempoCommand) vote = NULL;

  if (command->actor->kind != TEMPO_ACTOR_GUEST || own
      || rules->duplicates != TEMPO_DUPLICATES_VOTE || !rules->votes
      || request->status == TEMPO_REQUEST_PLAYING)
    {
      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_DUPLICATE, &detail, "already on the list"));
      return FALSE;
    }

  vote = tempo_command_new (TEMPO_ACTION_VOTE, command->actor, command->organization_id, command->room_id);
  vote->request_id = g_strdup (request_id);
  vote->name = g_strdup (command->name);
  outcome->merged = TRUE;

  return tempo_room_vote (self, vote, outcome, error);
}

static void
write_request (TempoRoom *self,
               TempoRequest *request,
               const char *song_key)
{
  TempoSong *song = request->song;

  tempo_batch_add (tempo_venue_write (self->venue), "request-insert", "ssssssssssssiisssiii", request->id,
                   request->number, self->info->id, request->event_id, request->guest_id,
                   tempo_request_status_to_string (request->status), song->id, song->title,
                   song->artist, song->album,
                   song->artwork, song->uri, song->duration_ms, (gint64) song->explicit_content,
                   song_key, request->name,
                   request->message, (gint64) request->by_staff, request->created_at, request->decided_at);
}

static void
audit_submit (TempoRoom *self,
              TempoCommand *command,
              TempoRequest *request)
{
  g_autoptr (TempoJson) json = tempo_json_new ();
  TempoAudit audit = { .actor = command->actor, .action = "submit", .object_kind = "request",
                       .object_id = request->id };

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "number", request->number);
  tempo_json_string (json, "status", tempo_request_status_to_string (request->status));
  tempo_json_string (json, "title", request->song->title);
  tempo_json_string (json, "artist", request->song->artist);
  tempo_json_end_object (json);
  audit.after = tempo_json_peek (json, NULL);
  tempo_venue_audit (self->venue, &audit);
}

static void
add_request (TempoRoom *self,
             TempoCommand *command,
             TempoGuest *guest,
             TempoSong *song,
             const char *song_key,
             const char *message,
             TempoOutcome *outcome)
{
  gint64 now = tempo_venue_now (self->venue);
  gboolean staff = command->actor->kind != TEMPO_ACTOR_GUEST;
  gboolean approved = staff || !self->event->rules->approval;
  g_autofree char *id = tempo_id_new (self->venue->host->clock);
  g_autoptr (TempoRequest) request = tempo_request_new (id, song);

  g_clear_pointer (&request->number, g_free);
  g_clear_pointer (&request->event_id, g_free);
  g_clear_pointer (&request->name, g_free);
  request->number = tempo_venue_number_request (self->venue);
  request->event_id = g_strdup (self->event->id);
  request->guest_id = guest != NULL ? g_strdup (guest->id) : NULL;
  request->name = g_strdup (guest != NULL ? guest->name : "");
  request->message = g_strdup (message);
  request->by_staff = staff;
  request->status = approved ? TEMPO_REQUEST_APPROVED : TEMPO_REQUEST_PENDING;
  request->created_at = now;
  request->decided_at = approved ? now : 0;

  write_request (self, request, song_key);
  audit_submit (self, command, request);
  tempo_room_add (self, g_object_ref (request), song_key);
  g_set_object (&outcome->request, request);
  if (guest != NULL)
    g_set_object (&outcome->guest, guest);
  if (approved)
    tempo_player_wake (self->player);
}

/* Everything that may be refused; nothing is changed yet. @merge: the live request of the same song. */
static gboolean
check_submit (TempoRoom *self,
              TempoCommand *command,
              TempoGuest *guest,
              TempoSong **song,
              char **song_key,
              const char **merge,
              GError **error)
{
  gboolean staff = command->actor->kind != TEMPO_ACTOR_GUEST;

  if (!staff && !check_door (self, guest, FALSE, error))
    return FALSE;

  *song = resolve_song (self, command, staff, error);
  if (*song == NULL)
    return FALSE;

  *song_key = tempo_song_key ((*song)->artist, (*song)->title);
  *merge = g_hash_table_lookup (self->live, *song_key);
  if (*merge != NULL || staff)
    return TRUE;

  return check_repeat (self, *song_key, error) && check_content (self, *song, error)
         && check_limits (self, guest, error) && check_full (self, error);
}

/* Line breaks and other controls would let a name draw over its neighbours, and what turns the direction of
 * writing round would turn theirs. Joiners stay: emoji and Indic words are made with them. */
static gboolean
is_unprintable (gunichar c)
{
  return g_unichar_isspace (c) || g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)
         || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb);
}

/**
 * tempo_room_clean_text:
 * @text: (nullable): what somebody sent
 * @max: how many characters are allowed
 * @subject: the member's name, for the refusal
 * @clean: (out) (nullable): one line without ends, %NULL when nothing is left
 * @error: TEMPO_REFUSAL_INVALID
 *
 * Returns: %FALSE when it is too long or not text
 */
gboolean
tempo_room_clean_text (const char *text,
                       glong max,
                       const char *subject,
                       char **clean,
                       GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  TempoRefusalDetail detail = { .count = (guint) max };

  *clean = NULL;
  if (text == NULL)
    return TRUE;

  g_strlcpy (detail.subject, subject, sizeof detail.subject);
  if (!g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) > max)
    {
      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_INVALID, &detail,
                                                   "%s is longer than %ld characters", subject,
                                                   max));
      return FALSE;
    }

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!is_unprintable (c))
        g_string_append_unichar (line, c);
      else if (line->len > 0 && line->str[line->len - 1] != ' ')
        g_string_append_c (line, ' ');
    }
  g_strchomp (line->str);
  if (*line->str != '\0')
    *clean = g_strdup (line->str);

  return TRUE;
}

/**
 * tempo_room_submit:
 * @self: a room
 * @command: song_id, or title and artist; name, message
 * @outcome: (inout): the request, or the one that was voted for
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_submit (TempoRoom *self,
                   TempoCommand *command,
                   TempoOutcome *outcome,
                   GError **error)
{
  gboolean staff = command->actor->kind != TEMPO_ACTOR_GUEST;
  TempoGuest *guest = staff ? NULL : tempo_venue_find_digest (self->venue, command->actor->id);
  g_autoptr (TempoSong) song = NULL;
  g_autofree char *song_key = NULL;
  g_autofree char *name = NULL;
  g_autofree char *message = NULL;
  const char *merge = NULL;

  if (tempo_room_need_event (self, error) == NULL
      || !tempo_room_clean_text (command->name, TEMPO_REQUEST_MAX_NAME, "name", &name, error)
      || !tempo_room_clean_text (command->message, TEMPO_REQUEST_MAX_MESSAGE, "message", &message, error)
      || !check_submit (self, command, guest, &song, &song_key, &merge, error))
    return FALSE;

  if (merge != NULL)
    return meet_duplicate (self, command, merge, outcome, error);

  if (!staff)
    guest = tempo_venue_ensure_guest (self->venue, command->actor, name != NULL ? name : command->actor->name);
  else if (name != NULL)
    guest = tempo_venue_add_named_guest (self->venue, name);

  add_request (self, command, guest, song, song_key, self->event->rules->messages || staff
               ? message : NULL, outcome);

  return TRUE;
}

/**
 * tempo_room_vote:
 * @self: a room
 * @command: request_id
 * @outcome: (inout): the request
 * @error: why not
 *
 * A vote that is there already is no error: phones repeat themselves.
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_vote (TempoRoom *self,
                 TempoCommand *command,
                 TempoOutcome *outcome,
                 GError **error)
{
  TempoGuest *guest = tempo_venue_find_digest (self->venue, command->actor->id);
  TempoRequest *request, *after;
  TempoPart *part;
  g_autofree char *name = NULL;

  if (tempo_room_need_event (self, error) == NULL || !check_door (self, guest, TRUE, error))
    return FALSE;
  request = tempo_room_need_request (self, command, error);
  if (request == NULL || !tempo_room_clean_text (command->name, TEMPO_REQUEST_MAX_NAME, "name", &name, error))
    return FALSE;
  if (!self->event->rules->votes)
    return refuse_until (error, TEMPO_REFUSAL_VOTES_OFF, 0, "votes are off");
  if (guest != NULL && g_strcmp0 (request->guest_id, guest->id) == 0)
    return refuse_until (error, TEMPO_REFUSAL_OWN_VOTE, 0, "nobody votes for the own song");
  if (request->status != TEMPO_REQUEST_PENDING && request->status != TEMPO_REQUEST_APPROVED)
    return refuse_until (error, TEMPO_REFUSAL_STATE, 0, "it no longer waits");

  guest = tempo_venue_ensure_guest (self->venue, command->actor, name);
  part = tempo_room_ensure_part (self, guest->id);
  g_set_object (&outcome->request, request);
  g_set_object (&outcome->guest, guest);
  if (!g_hash_table_add (part->votes, g_strdup (request->id)))
    return TRUE;

  after = tempo_request_copy (request);
  after->votes++;
  g_set_object (&outcome->request, after);
  tempo_batch_add (tempo_venue_write (self->venue), "vote-insert", "ssi", request->id, guest->id,
                   tempo_venue_now (self->venue));
  tempo_batch_add (tempo_venue_write (self->venue), "request-votes", "si", request->id, (gint64) after->votes);
  tempo_room_audit_votes (self, command->actor, "vote", request, after);
  tempo_room_touch_guest (self, guest->id);
  tempo_room_replace (self, after);

  return TRUE;
}
