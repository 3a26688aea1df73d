/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What staff do with requests: decide, remove, move, pin, mark. */
#include "venue/tempo-bulk-private.h"

#include "model/tempo-refusal.h"

static void
make_approved (TempoRoom *self,
               TempoRequest *request,
               gint64 at)
{
  request->status = TEMPO_REQUEST_APPROVED;
  request->decided_at = at;
  g_clear_pointer (&request->reason_code, g_free);
  g_clear_pointer (&request->reason_text, g_free);
  request->ended_at = 0;
}

static void
approve_one (TempoRoom *self,
             TempoRequest *request,
             TempoActor *actor)
{
  TempoRequest *after = tempo_request_copy (request);

  make_approved (self, after, tempo_venue_now (self->venue));
  tempo_room_audit_request (self, actor, "approve", request, after);
  tempo_room_change (self, after);
}

static int
compare_votes (gconstpointer a,
               gconstpointer b)
{
  const TempoRequest *one = *(TempoRequest *const *) a;
  const TempoRequest *other = *(TempoRequest *const *) b;

  if (one->votes != other->votes)
    return one->votes > other->votes ? -1 : 1;

  return g_strcmp0 (one->id, other->id);
}

/* Few have votes. When they go first, none goes ahead of one of the same guest that is in already. */
static void
put_voted_first (GPtrArray *requests)
{
  g_autoptr (GPtrArray) voted = g_ptr_array_new ();
  guint kept = requests->len;

  for (guint i = requests->len; i > 0; i--)
    {
      TempoRequest *request = g_ptr_array_index (requests, i - 1);

      if (request->votes > 0)
        g_ptr_array_add (voted, request);
      else
        requests->pdata[--kept] = request;
    }
  g_ptr_array_sort (voted, compare_votes);
  for (guint i = 0; i < kept; i++)
    requests->pdata[i] = voted->pdata[i];
}

static void
approve_all (TempoRoom *self,
             TempoActor *actor,
             TempoOutcome *outcome)
{
  gint64 now = tempo_venue_now (self->venue);

  if (self->inbox->len == 0)
    return;

  if (self->event->rules->order != TEMPO_ORDER_FIRST)
    put_voted_first (self->inbox);
  tempo_batch_add (tempo_venue_write (self->venue), "request-approve-all", "si", self->event->id, now);
  tempo_bulk_begin (self, &self->inbox, actor, "approve", make_approved, now, outcome, NULL);
}

static void
make_cleared (TempoRoom *self,
              TempoRequest *request,
              gint64 at)
{
  request->status = TEMPO_REQUEST_DECLINED;
  request->ended_at = at;
  if (request->decided_at == 0)
    request->decided_at = at;
  g_clear_pointer (&request->reason_code, g_free);
  g_clear_pointer (&request->reason_text, g_free);
}

/* Ready reasons are words, so that guests read them in their own language. */
static gboolean
check_reason (TempoCommand *command,
              char **text,
              GError **error)
{
  static const char *const codes[] = { "not_tonight", "played_enough", "not_here", "later", "other", NULL };

  if (command->reason_code != NULL && !g_strv_contains (codes, command->reason_code))
    {
      TempoRefusalDetail detail = { .subject = "reason" };

      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_INVALID, &detail, "no such reason"));
      return FALSE;
    }

  return tempo_room_clean_text (command->reason_text, TEMPO_REQUEST_MAX_MESSAGE, "reason", text, error);
}

/* Ranks of everything up to @place follow the order as it will be: what stands ahead of a pinned song
 * is pinned with it, otherwise the next vote would push it away. */
static void
pin_order (TempoRoom *self,
           GPtrArray *order,
           guint place,
           TempoActor *actor)
{
  for (guint i = 0; i < order->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (order, i);
      TempoRequest *after;

      if ((i > place && !request->pinned) || (request->pinned && request->rank == (gint64) i + 1))
        continue;
      after = tempo_request_copy (request);
      after->pinned = TRUE;
      after->rank = i + 1;
      tempo_room_change (self, after);
    }
}

static void
move_to (TempoRoom *self,
         TempoRequest *request,
         guint place,
         TempoActor *actor)
{
  g_autoptr (GPtrArray) order = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *id = g_strdup (request->id);

  for (guint i = 0; i < self->queue->len; i++)
    if (self->queue->pdata[i] != (gpointer) request)
      g_ptr_array_add (order, g_object_ref (self->queue->pdata[i]));
  place = MIN (place, order->len);
  g_ptr_array_insert (order, (int) place, g_object_ref (request));

  /* The host may take the lock away; nobody else. */
  if (g_strcmp0 (self->locked_id, id) == 0 || place == 0)
    tempo_room_lock (self, place == 0 && self->now != NULL ? id : NULL);
  pin_order (self, order, place, actor);
}

/**
 * tempo_room_need_event:
 * @self: a room
 * @error: TEMPO_REFUSAL_NOT_STARTED, with the time of the next one
 *
 * Returns: (transfer none) (nullable): the active event
 */
TempoEvent *
tempo_room_need_event (TempoRoom *self,
                       GError **error)
{
  TempoRefusalDetail detail = { 0 };
  GHashTableIter iter;
  gpointer event;

  if (self->event != NULL)
    return self->event;

  g_hash_table_iter_init (&iter, self->venue->scheduled);
  while (g_hash_table_iter_next (&iter, NULL, &event))
    {
      gint64 starts_at = ((TempoEvent *) event)->starts_at;

      if (g_strcmp0 (((TempoEvent *) event)->room_id, self->info->id) == 0 && starts_at > 0
          && (detail.until == 0 || starts_at < detail.until))
        detail.until = starts_at;
    }
  g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_NOT_STARTED, &detail, "no event is on"));

  return NULL;
}

/**
 * tempo_room_need_request:
 * @self: a room
 * @command: request_id
 * @error: TEMPO_REFUSAL_NOT_FOUND
 *
 * Returns: (transfer none) (nullable): the request, of the active event
 */
TempoRequest *
tempo_room_need_request (TempoRoom *self,
                         TempoCommand *command,
                         GError **error)
{
  TempoSlot *slot = tempo_room_find_slot (self, command->request_id);

  if (slot == NULL)
    tempo_refuse (error, TEMPO_REFUSAL_NOT_FOUND, NULL, "no such request tonight");

  return slot != NULL ? slot->request : NULL;
}

/**
 * tempo_room_audit_request:
 * @self: a room
 * @actor: who
 * @action: did what
 * @before: the request
 * @after: what became of it
 *
 * Adds the row of a change of state.
 */
void
tempo_room_audit_request (TempoRoom *self,
                          TempoActor *actor,
                          const char *action,
                          TempoRequest *before,
                          TempoRequest *after)
{
  TempoAudit audit = { .actor = actor, .action = action, .object_kind = "request", .object_id = after->id };

  audit.before = tempo_request_status_to_string (before->status);
  audit.after = tempo_request_status_to_string (after->status);
  audit.reason = after->reason_text != NULL ? after->reason_text : after->reason_code;
  tempo_venue_audit (self->venue, &audit);
}

void
tempo_room_audit_votes (TempoRoom *self,
                        TempoActor *actor,
                        const char *action,
                        TempoRequest *before,
                        TempoRequest *after)
{
  char from[12], to[12];

  g_snprintf (from, sizeof from, "%u", before->votes);
  g_snprintf (to, sizeof to, "%u", after->votes);
  tempo_venue_audit (self->venue, &(TempoAudit) { actor, action, "request", after->id, from, to, NULL });
}

/**
 * tempo_room_finish:
 * @self: a room
 * @request: a request that waits or plays
 * @status: its last state
 * @actor: who ends it
 * @action: word of the log
 * @reason_code: (nullable): why
 * @reason_text: (nullable): why, in the host's words
 *
 * Ends a request.
 */
void
tempo_room_finish (TempoRoom *self,
                   TempoRequest *request,
                   TempoRequestStatus status,
                   TempoActor *actor,
                   const char *action,
                   const char *reason_code,
                   const char *reason_text)
{
  TempoRequest *after = tempo_request_copy (request);

  after->status = status;
  after->ended_at = tempo_venue_now (self->venue);
  if (after->decided_at == 0 && status == TEMPO_REQUEST_DECLINED)
    after->decided_at = after->ended_at;
  g_clear_pointer (&after->reason_code, g_free);
  g_clear_pointer (&after->reason_text, g_free);
  after->reason_code = g_strdup (reason_code);
  after->reason_text = g_strdup (reason_text);
  tempo_room_audit_request (self, actor, action, request, after);
  tempo_room_change (self, after);
}

/**
 * tempo_room_approve:
 * @self: a room
 * @command: request_id, or none for all that wait
 * @outcome: (inout): the request, how many
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_approve (TempoRoom *self,
                    TempoCommand *command,
                    TempoOutcome *outcome,
                    GError **error)
{
  TempoRequest *request;

  if (command->request_id == NULL)
    {
      if (tempo_room_need_event (self, error) == NULL)
        return FALSE;
      approve_all (self, command->actor, outcome);
      return TRUE;
    }

  request = tempo_room_need_request (self, command, error);
  if (request == NULL)
    return FALSE;
  if (request->status != TEMPO_REQUEST_APPROVED)
    {
      if (request->status != TEMPO_REQUEST_PENDING && request->status != TEMPO_REQUEST_DECLINED)
        return tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "it is past that step");
      approve_one (self, request, command->actor);
      outcome->count = 1;
      tempo_player_wake (self->player);
    }
  g_set_object (&outcome->request, tempo_room_find_request (self, command->request_id));

  return TRUE;
}

/**
 * tempo_room_decline:
 * @self: a room
 * @command: request_id, reason; also for "remove"
 * @outcome: (inout): the request
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_decline (TempoRoom *self,
                    TempoCommand *command,
                    TempoOutcome *outcome,
                    GError **error)
{
  TempoRequest *request = tempo_room_need_request (self, command, error);
  const char *action = tempo_action_to_string (command->action);
  g_autofree char *text = NULL;
  TempoUndo *undo;

  if (request == NULL || !check_reason (command, &text, error))
    return FALSE;
  if (request->status != TEMPO_REQUEST_PENDING && request->status != TEMPO_REQUEST_APPROVED)
    return tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "it no longer waits");

  undo = tempo_undo_new (self, action);
  tempo_undo_add (undo, request);
  tempo_room_finish (self, request, TEMPO_REQUEST_DECLINED, command->actor, action, command->reason_code, text);
  tempo_room_push_undo (self, undo);
  outcome->count = 1;

  return TRUE;
}

/**
 * tempo_room_clear:
 * @self: a room
 * @command: nothing more
 * @outcome: (inout): how many
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_clear (TempoRoom *self,
                  TempoCommand *command,
                  TempoOutcome *outcome,
                  GError **error)
{
  gint64 now = tempo_venue_now (self->venue);
  TempoUndo *undo;

  if (tempo_room_need_event (self, error) == NULL)
    return FALSE;
  if (self->queue->len == 0)
    return TRUE;

  undo = tempo_undo_new (self, "clear");
  tempo_batch_add (tempo_venue_write (self->venue), "request-clear", "si", self->event->id, now);
  g_clear_pointer (&self->locked_id, g_free);
  tempo_room_arrange (self);
  /* The history is newest first: what stood first there stands first here. */
  for (guint i = 0, j = self->queue->len - 1; i < j; i++, j--)
    {
      gpointer item = self->queue->pdata[i];

      self->queue->pdata[i] = self->queue->pdata[j];
      self->queue->pdata[j] = item;
    }
  tempo_bulk_begin (self, &self->queue, command->actor, "clear", make_cleared, now, outcome, undo);

  return TRUE;
}

/**
 * tempo_room_move:
 * @self: a room
 * @command: request_id, position from 1
 * @outcome: (inout): the request
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_move (TempoRoom *self,
                 TempoCommand *command,
                 TempoOutcome *outcome,
                 GError **error)
{
  TempoRequest *request = tempo_room_need_request (self, command, error);
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  guint before = 0, place;

  if (request == NULL)
    return FALSE;
  if (command->position == 0)
    {
      TempoRefusalDetail detail = { .subject = "position" };

      g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_INVALID, &detail, "places begin at 1"));
      return FALSE;
    }
  if (request->status == TEMPO_REQUEST_PENDING)
    {
      approve_one (self, request, command->actor);
      request = tempo_room_find_request (self, command->request_id);
    }
  if (request->status != TEMPO_REQUEST_APPROVED)
    return tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "it is not in the queue");

  tempo_room_sort (self);
  request = tempo_room_find_request (self, command->request_id);
  g_ptr_array_find (self->queue, request, &before);
  place = MIN (command->position, self->queue->len) - 1;
  from = g_strdup_printf ("%u", before + 1);
  to = g_strdup_printf ("%u", place + 1);
  tempo_venue_audit (self->venue, &(TempoAudit) { command->actor, "move", "request", request->id, from, to, NULL });
  move_to (self, request, place, command->actor);
  tempo_player_wake (self->player);

  return TRUE;
}

/**
 * tempo_room_pin:
 * @self: a room
 * @command: request_id, flag
 * @outcome: (inout): the request
 * @error: why not
 *
 * Pinned where it stands; unpinned it goes where the order puts it.
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_pin (TempoRoom *self,
                TempoCommand *command,
                TempoOutcome *outcome,
                GError **error)
{
  TempoRequest *request = tempo_room_need_request (self, command, error);
  TempoRequest *after;
  guint place = 0;

  if (request == NULL)
    return FALSE;
  if (request->status != TEMPO_REQUEST_APPROVED)
    return tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "it is not in the queue");

  tempo_room_sort (self);
  request = tempo_room_find_request (self, command->request_id);
  if (request->pinned == command->flag)
    return TRUE;

  tempo_venue_audit (self->venue, &(TempoAudit) { command->actor, "pin", "request", request->id,
                                                  command->flag ? "free" : "pinned",
                                                  command->flag ? "pinned" : "free", NULL });
  if (command->flag)
    {
      g_ptr_array_find (self->queue, request, &place);
      move_to (self, request, place, command->actor);
      return TRUE;
    }

  after = tempo_request_copy (request);
  after->pinned = FALSE;
  after->rank = 0;
  tempo_room_change (self, after);

  return TRUE;
}

/**
 * tempo_room_show_message:
 * @self: a room
 * @command: request_id, flag
 * @outcome: (inout): the request
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_show_message (TempoRoom *self,
                         TempoCommand *command,
                         TempoOutcome *outcome,
                         GError **error)
{
  TempoRequest *request = tempo_room_need_request (self, command, error);
  TempoRequest *after;

  if (request == NULL)
    return FALSE;
  if (request->message == NULL)
    return tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "there is no dedication");
  if (request->message_shown == command->flag)
    return TRUE;

  after = tempo_request_copy (request);
  after->message_shown = command->flag;
  tempo_venue_audit (self->venue, &(TempoAudit) { command->actor, "show_message", "request", request->id,
                                                  command->flag ? "hidden" : "shown",
                                                  command->flag ? "shown" : "hidden", NULL });
  tempo_room_change (self, after);

  return TRUE;
}

/**
 * tempo_room_mark_playing:
 * @self: a room
 * @command: request_id
 * @outcome: (inout): the request
 * @error: why not
 *
 * The DJ says what sounds; what sounded before is played. With a source that plays by itself the song starts.
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_mark_playing (TempoRoom *self,
                         TempoCommand *command,
                         TempoOutcome *outcome,
                         GError **error)
{
  TempoRequest *request = tempo_room_need_request (self, command, error);

  if (request == NULL)
    return FALSE;
  if (request->status == TEMPO_REQUEST_PLAYING)
    return TRUE;
  if (request->status != TEMPO_REQUEST_APPROVED && request->status != TEMPO_REQUEST_PENDING)
    return tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "it no longer waits");
  if (!tempo_player_can_start (self->player, request))
    return tempo_refuse (error, TEMPO_REFUSAL_SOURCE, NULL, "the source does not have this song");

  tempo_player_finish (self->player, command->actor, "mark_played", NULL, FALSE);
  request = tempo_room_find_request (self, command->request_id);
  tempo_player_start (self->player, request, 0, command->actor, "mark_playing");

  return TRUE;
}

/**
 * tempo_room_mark_played:
 * @self: a room
 * @command: request_id, or none for what plays
 * @outcome: (inout): the request
 * @error: why not
 *
 * Returns: %FALSE when it was refused
 */
gboolean
tempo_room_mark_played (TempoRoom *self,
                        TempoCommand *command,
                        TempoOutcome *outcome,
                        GError **error)
{
  TempoRequest *request;

  if (command->request_id == NULL)
    {
      if (self->now == NULL)
        return tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "nothing plays");
      tempo_player_finish (self->player, command->actor, "mark_played", NULL, TRUE);
      return TRUE;
    }

  request = tempo_room_need_request (self, command, error);
  if (request == NULL)
    return FALSE;
  if (request->status == TEMPO_REQUEST_PLAYING)
    tempo_player_finish (self->player, command->actor, "mark_played", NULL, TRUE);
  else if (request->status == TEMPO_REQUEST_APPROVED || request->status == TEMPO_REQUEST_PENDING)
    tempo_room_finish (self, request, TEMPO_REQUEST_PLAYED, command->actor, "mark_played", NULL, NULL);
  else if (request->status != TEMPO_REQUEST_PLAYED)
    return tempo_refuse (error, TEMPO_REFUSAL_STATE, NULL, "it no longer waits");

  return TRUE;
}
