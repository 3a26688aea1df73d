/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one door to every use case: who may, was it answered before, who is it, then the handler. */
#include "venue/tempo-venue-private.h"

#include "access/tempo-permission.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-bulk-private.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-outcome-private.h"
#include "venue/tempo-room-private.h"
#include "venue/tempo-steps-private.h"

#define MAX_KEY 80
/* Random cookies must not fill the memory. */
#define MAX_ABSENT 50000
#define MAX_ANSWERS 200000

/* By action; NULL: of the organization, see tempo_venue_act(). */
static const TempoRoomHandler handlers[TEMPO_N_ACTIONS] = {
  [TEMPO_ACTION_SUBMIT] = tempo_room_submit,
  [TEMPO_ACTION_WITHDRAW] = tempo_room_withdraw,
  [TEMPO_ACTION_VOTE] = tempo_room_vote,
  [TEMPO_ACTION_UNVOTE] = tempo_room_unvote,
  [TEMPO_ACTION_RENAME_SELF] = tempo_room_rename_self,
  [TEMPO_ACTION_FORGET_SELF] = tempo_room_forget_self,
  [TEMPO_ACTION_APPROVE] = tempo_room_approve,
  [TEMPO_ACTION_DECLINE] = tempo_room_decline,
  [TEMPO_ACTION_REMOVE] = tempo_room_decline,
  [TEMPO_ACTION_CLEAR] = tempo_room_clear,
  [TEMPO_ACTION_MOVE] = tempo_room_move,
  [TEMPO_ACTION_PIN] = tempo_room_pin,
  [TEMPO_ACTION_SHOW_MESSAGE] = tempo_room_show_message,
  [TEMPO_ACTION_MARK_PLAYING] = tempo_room_mark_playing,
  [TEMPO_ACTION_MARK_PLAYED] = tempo_room_mark_played,
  [TEMPO_ACTION_UNDO] = tempo_room_undo,
  [TEMPO_ACTION_PLAY] = tempo_room_transport,
  [TEMPO_ACTION_PAUSE] = tempo_room_transport,
  [TEMPO_ACTION_SKIP] = tempo_room_transport,
  [TEMPO_ACTION_SEEK] = tempo_room_transport,
  [TEMPO_ACTION_VOLUME] = tempo_room_transport,
  [TEMPO_ACTION_FILLER] = tempo_room_transport,
  [TEMPO_ACTION_SWITCH] = tempo_room_switch,
  [TEMPO_ACTION_EVENT_CREATE] = tempo_room_event_create,
  [TEMPO_ACTION_EVENT_START] = tempo_room_event_start,
  [TEMPO_ACTION_EVENT_END] = tempo_room_event_end,
  [TEMPO_ACTION_EVENT_RULES] = tempo_room_event_rules,
  [TEMPO_ACTION_EVENT_RENAME] = tempo_room_event_rename,
  [TEMPO_ACTION_SOURCE] = tempo_room_choose_source,
  [TEMPO_ACTION_GUEST_HOLD] = tempo_room_guest_act,
  [TEMPO_ACTION_GUEST_MUTE] = tempo_room_guest_act,
  [TEMPO_ACTION_GUEST_BAN] = tempo_room_guest_act,
  [TEMPO_ACTION_GUEST_RENAME] = tempo_room_guest_act,
  [TEMPO_ACTION_GUEST_CLEAR] = tempo_room_guest_act,
  [TEMPO_ACTION_ROOM_EDIT] = tempo_room_edit,
  [TEMPO_ACTION_ROOM_CODE] = tempo_room_new_code,
  [TEMPO_ACTION_ROOM_ACTIVE] = tempo_room_set_active,
};

static gboolean
is_guest_action (TempoAction action)
{
  return action <= TEMPO_ACTION_FORGET_SELF;
}

/**
 * tempo_venue_may:
 * @self: an organization
 * @actor: who
 * @action: what
 *
 * Returns: whether @actor may do that here
 */
gboolean
tempo_venue_may (TempoVenue *self,
                 TempoActor *actor,
                 TempoAction action)
{
  switch (actor->kind)
    {
    case TEMPO_ACTOR_GUEST:
      return is_guest_action (action);
    case TEMPO_ACTOR_MEMBER:
      /* Staff ask for somebody else; what only a guest can be is not theirs. */
      if (is_guest_action (action) && action != TEMPO_ACTION_SUBMIT)
        return FALSE;
      if (actor->super_admin)
        return TRUE;
      return g_strcmp0 (actor->organization_id, self->organization->id) == 0
             && tempo_permission_allows (actor->role, tempo_action_to_string (action));
    default:
      return !is_guest_action (action) || action == TEMPO_ACTION_SUBMIT;
    }
}

static void
answer_error (GTask *task,
              TempoRefusal refusal,
              const char *what)
{
  g_task_return_error (task, tempo_refusal_new (refusal, NULL, "%s", what));
}

static const char *
actor_key (TempoActor *actor)
{
  return actor->id != NULL ? actor->id : actor->name;
}

/* Where it happens: the room that is named, else the one that has what is named. */
static TempoRoom *
find_place (TempoVenue *self,
            TempoCommand *command)
{
  if (command->room_id != NULL)
    return tempo_venue_find_room (self, command->room_id);

  for (guint i = 0; i < self->rooms->len; i++)
    {
      TempoRoom *room = g_ptr_array_index (self->rooms, i);
      TempoEvent *planned = command->event_id != NULL
        ? g_hash_table_lookup (self->scheduled, command->event_id) : NULL;

      if (tempo_room_find_slot (room, command->request_id) != NULL
          || tempo_room_find_part (room, command->guest_id) != NULL)
        return room;
      if (command->event_id != NULL && room->event != NULL && g_str_equal (room->event->id, command->event_id))
        return room;
      if (planned != NULL && g_str_equal (planned->room_id, room->info->id))
        return room;
    }
  /* A guest who only looked on so far belongs to every room. */
  if (command->guest_id != NULL && self->rooms->len > 0)
    return g_ptr_array_index (self->rooms, 0);

  return NULL;
}

static gboolean
replay (TempoVenue *self,
        TempoRoom *room,
        TempoCommand *command,
        GTask *task)
{
  g_autofree char *id = NULL;
  TempoAnswered *answered;
  TempoOutcome *outcome;

  if (command->key == NULL || command->action != TEMPO_ACTION_SUBMIT)
    return FALSE;

  id = g_strconcat (actor_key (command->actor), "\n", command->key, NULL);
  answered = g_hash_table_lookup (self->answers, id);
  if (answered == NULL)
    return FALSE;

  outcome = tempo_outcome_new ();
  outcome->replayed = TRUE;
  outcome->merged = answered->merged;
  if (command->actor->kind == TEMPO_ACTOR_GUEST)
    g_set_object (&outcome->guest, tempo_venue_find_digest (self, command->actor->id));
  g_set_object (&outcome->request, tempo_room_find_request (room, answered->request_id));
  tempo_venue_answer_later (self, task, outcome, room, answered->request_id);

  return TRUE;
}

static void
remember_answer (TempoVenue *self,
                 TempoCommand *command,
                 TempoOutcome *outcome)
{
  TempoAnswered *answered;

  if (command->key == NULL || command->action != TEMPO_ACTION_SUBMIT || outcome->request == NULL)
    return;
  if (g_hash_table_size (self->answers) >= MAX_ANSWERS)
    {
      g_hash_table_remove_all (self->answers);
      g_hash_table_remove_all (self->keyed);
    }

  answered = g_new0 (TempoAnswered, 1);
  answered->request_id = g_strdup (outcome->request->id);
  answered->merged = outcome->merged;
  g_hash_table_insert (self->answers, g_strconcat (actor_key (command->actor), "\n", command->key,
                                                   NULL), answered);
  tempo_batch_add (tempo_venue_write (self), "idempotency-insert", "sssii",
                   actor_key (command->actor), command->key,
                   outcome->request->id, (gint64) outcome->merged, tempo_venue_now (self));
}

/* What no room has now may be of a night that is over: that is another answer than what never was here. */

typedef struct
{
  char *event_id;   /* (owned) (nullable) */
  char *request_id; /* (owned) (nullable) */
} Past;

static void
free_past (gpointer data)
{
  g_autofree Past *past = data;

  g_clear_pointer (&past->event_id, g_free);
  g_clear_pointer (&past->request_id, g_free);
}

static gpointer
read_past (TempoScope *scope,
           gpointer user_data,
           GError **error)
{
  Past *past = user_data;
  g_autoptr (GError) failure = NULL;
  g_autoptr (TempoRows) rows = past->event_id != NULL
    ? tempo_scope_query (scope, &failure, "event-by-id", "s", past->event_id)
    : tempo_scope_query (scope, &failure, "request-by-id", "s", past->request_id);
  gboolean found = rows != NULL && tempo_rows_next (rows, &failure);

  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (found)
    g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_STATE, NULL, "its event is over"));
  else
    g_propagate_error (error, tempo_refusal_new (TEMPO_REFUSAL_NOT_FOUND, NULL, "not in this organization"));

  return NULL;
}

static void
past_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  tempo_store_read_finish (TEMPO_STORE (object), result, &error);
  if (error->domain == TEMPO_REFUSAL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    answer_error (task, TEMPO_REFUSAL_STORAGE, error->message);
}

static void
answer_absent (TempoVenue *self,
               TempoCommand *command,
               GTask *task)
{
  Past *past;

  if (command->room_id != NULL || (command->event_id == NULL && command->request_id == NULL))
    {
      answer_error (task, TEMPO_REFUSAL_NOT_FOUND, "not in this organization");
      return;
    }

  past = g_new0 (Past, 1);
  past->event_id = g_strdup (command->event_id);
  past->request_id = g_strdup (command->request_id);
  tempo_store_read_async (self->store, read_past, past, free_past, NULL, past_cb, g_object_ref (task));
}

/* "limit", "explicit": why guests were turned away is what a host learns most from. */
static void
count_refusal (TempoVenue *self,
               const GError *error)
{
  g_autofree char *metric = g_strconcat ("refused.", tempo_refusal_code ((TempoRefusal) error->code), NULL);

  tempo_tally_count (self->tally, metric);
}

static void
handle (TempoVenue *self,
        GTask *task)
{
  TempoCommand *command = g_task_get_task_data (task);
  TempoRoomHandler handler = handlers[command->action];
  TempoRoom *room = find_place (self, command);
  g_autoptr (TempoOutcome) outcome = tempo_outcome_new ();
  g_autoptr (GError) error = NULL;
  const char *request_id;
  gboolean done;

  if (room == NULL && (handler != NULL || command->room_id != NULL))
    {
      answer_absent (self, command, task);
      return;
    }
  if (room != NULL && !room->info->active && command->action != TEMPO_ACTION_ROOM_ACTIVE
      && command->action != TEMPO_ACTION_ROOM_EDIT)
    {
      /* A guest does not learn that there was a room. */
      answer_error (task, command->actor->kind == TEMPO_ACTOR_GUEST ? TEMPO_REFUSAL_NOT_FOUND : TEMPO_REFUSAL_STATE,
                    "the room is closed");
      return;
    }
  if (room != NULL && replay (self, room, command, task))
    return;
  if (tempo_steps_begin (self, room, task))
    return;

  self->step = tempo_steps_get (task);
  done = handler != NULL ? handler (room, command, outcome, &error) : tempo_venue_act (self, room,
                                                                                       command,
                                                                                       outcome,
                                                                                       &error);
  self->step = NULL;
  if (!done)
    {
      if (command->action == TEMPO_ACTION_SUBMIT && error->domain == TEMPO_REFUSAL)
        count_refusal (self, error);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  remember_answer (self, command, outcome);
  request_id = outcome->request != NULL ? outcome->request->id : command->request_id;
  tempo_venue_answer_later (self, task, tempo_outcome_ref (outcome), room, handler != NULL ? request_id : NULL);
}

/**
 * tempo_venue_handle:
 * @self: an organization
 * @task: whose data is the command
 *
 * Engine thread. Does it, now that its actor is known, or after what is being done to a whole list.
 */
void
tempo_venue_handle (TempoVenue *self,
                    GTask *task)
{
  TempoStep *step = tempo_steps_get (task);

  if (self->bulk != NULL)
    {
      g_queue_push_tail (&self->delayed, g_object_ref (task));
      return;
    }
  if (self->reloading || self->broken)
    answer_error (task, TEMPO_REFUSAL_STORAGE, self->trouble != NULL ? self->trouble : "the file is being read");
  else
    handle (self, task);
  tempo_steps_end (self, step);
}

/**
 * tempo_venue_handle_delayed:
 * @self: an organization
 *
 * Engine thread. Does what waited for the end of a bulk, as far as the next one.
 */
void
tempo_venue_handle_delayed (TempoVenue *self)
{
  GTask *task;

  while (self->bulk == NULL && (task = g_queue_pop_head (&self->delayed)) != NULL)
    {
      tempo_venue_handle (self, task);
      g_object_unref (task);
    }
}

/* Looking up actors: who asks for the first time since the start may be known to the file. */

typedef struct
{
  char *actor_id;    /* (owned) */
  gboolean is_guest;
  TempoGuest *guest; /* (owned) (nullable) */
  GPtrArray *keys;   /* (owned) key, request id, "1" or "0", … */
} Lookup;

static void
free_lookup (gpointer data)
{
  g_autofree Lookup *lookup = data;

  g_clear_pointer (&lookup->actor_id, g_free);
  g_clear_object (&lookup->guest);
  g_clear_pointer (&lookup->keys, g_ptr_array_unref);
}

static gboolean
needs_lookup (TempoVenue *self,
              TempoCommand *command)
{
  TempoActor *actor = command->actor;

  if (actor->kind == TEMPO_ACTOR_GUEST && !g_hash_table_contains (self->digests, actor->id)
      && !g_hash_table_contains (self->absent, actor->id))
    return TRUE;

  /* A guest who was never here has no stored answers either. */
  return command->key != NULL && !g_hash_table_contains (self->keyed, actor_key (actor))
         && !g_hash_table_contains (self->absent, actor_key (actor));
}

static gboolean
read_lookup (TempoScope *scope,
             Lookup *lookup,
             GError **error)
{
  g_autoptr (TempoRows) guests = NULL;
  g_autoptr (TempoRows) keys = NULL;
  g_autoptr (GError) failure = NULL;

  if (lookup->is_guest)
    {
      guests = tempo_scope_query (scope, error, "guest-by-digest", "s", lookup->actor_id);
      if (guests == NULL)
        return FALSE;
      if (tempo_rows_next (guests, &failure))
        lookup->guest = tempo_rows_to_guest (guests);
    }

  if (failure == NULL)
    keys = tempo_scope_query (scope, &failure, "idempotency-by-actor", "si", lookup->actor_id, (gint64) 0);
  while (keys != NULL && tempo_rows_next (keys, &failure))
    {
      g_ptr_array_add (lookup->keys, g_strdup (tempo_rows_text (keys, 0)));
      g_ptr_array_add (lookup->keys, g_strdup (tempo_rows_text (keys, 1)));
      g_ptr_array_add (lookup->keys, g_strdup (tempo_rows_int (keys, 2) != 0 ? "1" : "0"));
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static gpointer
read_lookups (TempoScope *scope,
              gpointer user_data,
              GError **error)
{
  GPtrArray *lookups = user_data;

  for (guint i = 0; i < lookups->len; i++)
    if (!read_lookup (scope, g_ptr_array_index (lookups, i), error))
      return NULL;

  return g_ptr_array_ref (lookups);
}

static void
adopt_lookup (TempoVenue *self,
              Lookup *lookup)
{
  if (lookup->guest != NULL && !g_hash_table_contains (self->guests, lookup->guest->id))
    {
      g_hash_table_insert (self->digests, g_strdup (lookup->actor_id), g_strdup (lookup->guest->id));
      g_hash_table_insert (self->guests, lookup->guest->id, g_object_ref (lookup->guest));
    }
  else if (lookup->guest == NULL && lookup->is_guest)
    {
      if (g_hash_table_size (self->absent) >= MAX_ABSENT)
        g_hash_table_remove_all (self->absent);
      g_hash_table_add (self->absent, g_strdup (lookup->actor_id));
    }

  for (guint i = 0; i + 2 < lookup->keys->len; i += 3)
    {
      TempoAnswered *answered = g_new0 (TempoAnswered, 1);

      answered->request_id = g_strdup (g_ptr_array_index (lookup->keys, i + 1));
      answered->merged = *(const char *) g_ptr_array_index (lookup->keys, i + 2) == '1';
      g_hash_table_insert (self->answers, g_strconcat (lookup->actor_id, "\n",
                                                       g_ptr_array_index (lookup->keys, i), NULL),
                                                       answered);
    }
  g_hash_table_add (self->keyed, g_strdup (lookup->actor_id));
}

static void start_lookup (TempoVenue *self);

static void
looked_up_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  TempoVenue *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lookups = tempo_store_read_finish (TEMPO_STORE (object), result, &error);
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->lookups);

  self->looking = FALSE;
  self->lookups = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; lookups != NULL && i < lookups->len; i++)
    adopt_lookup (self, g_ptr_array_index (lookups, i));

  for (guint i = 0; i < waiting->len; i++)
    {
      GTask *task = g_ptr_array_index (waiting, i);

      if (lookups == NULL || self->reloading || self->broken)
        answer_error (task, TEMPO_REFUSAL_STORAGE, error != NULL ? error->message : "the file is being read");
      else if (needs_lookup (self, g_task_get_task_data (task)))
        g_ptr_array_add (self->lookups, g_object_ref (task));
      else
        tempo_venue_handle (self, task);
    }

  if (self->lookups->len > 0)
    start_lookup (self);
  if (self->closing && !tempo_venue_is_busy (self))
    tempo_host_venue_idle (self->host);
}

/* One read for everyone who waits now. */
static void
start_lookup (TempoVenue *self)
{
  GPtrArray *lookups = g_ptr_array_new_with_free_func (free_lookup);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->lookups->len; i++)
    {
      TempoCommand *command = g_task_get_task_data (g_ptr_array_index (self->lookups, i));
      Lookup *lookup;

      if (!g_hash_table_add (seen, (gpointer) actor_key (command->actor)))
        continue;
      lookup = g_new0 (Lookup, 1);
      lookup->actor_id = g_strdup (actor_key (command->actor));
      lookup->is_guest = command->actor->kind == TEMPO_ACTOR_GUEST;
      lookup->keys = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (lookups, lookup);
    }

  self->looking = TRUE;
  tempo_store_read_async (self->store, read_lookups, lookups, (GDestroyNotify) g_ptr_array_unref,
                          NULL, looked_up_cb, self);
}

/**
 * tempo_venue_execute:
 * @self: an organization
 * @task: whose data is the command
 *
 * Engine thread. Answers after the commit, or at once with a refusal.
 */
void
tempo_venue_execute (TempoVenue *self,
                     GTask *task)
{
  TempoCommand *command = g_task_get_task_data (task);

  if (self->closing)
    {
      answer_error (task, TEMPO_REFUSAL_SHUTTING_DOWN, "Tempo is being stopped");
    }
  else if (!tempo_venue_may (self, command->actor, command->action))
    {
      answer_error (task, TEMPO_REFUSAL_FORBIDDEN, "not allowed");
    }
  else if (command->key != NULL && (strlen (command->key) > MAX_KEY || *command->key == '\0'))
    {
      answer_error (task, TEMPO_REFUSAL_INVALID, "the Idempotency-Key is empty or too long");
    }
  else if (self->reloading || self->broken)
    {
      answer_error (task, TEMPO_REFUSAL_STORAGE, self->trouble != NULL
                    ? self->trouble : "the file is being read");
    }
  else if (needs_lookup (self, command))
    {
      g_ptr_array_add (self->lookups, g_object_ref (task));
      if (!self->looking)
        start_lookup (self);
    }
  else
    {
      tempo_venue_handle (self, task);
    }
}
