/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns: what was decided in memory goes to the disk together, and nobody hears of it before it is
 * there. While one turn is being written the next one gathers; so the busier it is, the more requests
 * share one fsync. When a commit fails, memory is ahead of the file in a way nobody has seen: it is
 * thrown away and read anew, and everyone who waited is told to try later. */
#include "venue/tempo-turn-private.h"

#include <string.h>

#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "venue/tempo-bulk-private.h"
#include "venue/tempo-host-private.h"
#include "venue/tempo-outcome-private.h"
#include "venue/tempo-room-private.h"
#include "venue/tempo-steps-private.h"

static void send_turn (TempoVenue *self);

static void
free_reply (gpointer data)
{
  g_autofree TempoReply *reply = data;

  g_clear_object (&reply->task);
  g_clear_pointer (&reply->outcome, tempo_outcome_unref);
  g_clear_object (&reply->room);
  g_clear_pointer (&reply->request_id, g_free);
}

static TempoTurn *
make_turn (void)
{
  TempoTurn *self = g_new0 (TempoTurn, 1);

  self->batch = tempo_batch_new ();
  self->replies = g_ptr_array_new_with_free_func (free_reply);
  self->codes = g_ptr_array_new_with_free_func (g_free);

  return self;
}

/* The place of a request in what is shown now; most are asked for right after they were added, so from the end.
 * The answer holds the very object that the turn showed. */
static guint
find_position (TempoRoom *room,
               TempoRequest *request)
{
  GPtrArray *queue = room->shown_queue;

  for (guint i = queue->len; i > 0; i--)
    if (queue->pdata[i - 1] == (gpointer) request)
      return i;

  return 0;
}

static void
answer (TempoReply *reply)
{
  TempoOutcome *outcome = reply->outcome;

  if (reply->room != NULL)
    {
      outcome->can_undo = reply->room->undo.length > 0;
      if (outcome->request != NULL && outcome->request->status == TEMPO_REQUEST_APPROVED)
        outcome->position = find_position (reply->room, outcome->request);
      if (outcome->position > 0)
        outcome->eta_seconds = tempo_room_eta (reply->room, outcome->position - 1);
    }

  g_task_return_pointer (reply->task, g_steal_pointer (&reply->outcome), (GDestroyNotify) tempo_outcome_unref);
}

static void
answer_storage (GPtrArray *replies,
                const char *why)
{
  for (guint i = 0; i < replies->len; i++)
    {
      TempoReply *reply = g_ptr_array_index (replies, i);

      g_task_return_error (reply->task, tempo_refusal_new (TEMPO_REFUSAL_STORAGE, NULL,
                                                           "could not be saved: %s", why));
    }
}

static void
tell_trouble (TempoVenue *self,
              const char *why)
{
  if (g_strcmp0 (self->trouble, why) == 0)
    return;

  g_clear_pointer (&self->trouble, g_free);
  self->trouble = g_strdup (why);
  self->hidden_at = why != NULL ? tempo_venue_now (self) : 0;
  for (guint i = 0; i < self->rooms->len; i++)
    tempo_room_tell (g_ptr_array_index (self->rooms, i), TEMPO_DIRTY_HEALTH);
}

static void
publish_rooms (TempoVenue *self)
{
  for (guint i = 0; i < self->rooms->len; i++)
    {
      TempoRoom *room = g_ptr_array_index (self->rooms, i);

      if (room->pending != NULL)
        tempo_room_publish (room);
    }
}

static void
reloaded_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  TempoVenue *self = user_data;
  g_autoptr (GError) error = NULL;
  TempoLoaded *loaded = tempo_store_read_finish (TEMPO_STORE (object), result, &error);

  self->reloading = FALSE;
  if (loaded == NULL)
    {
      /* A full disk heals by itself: a file at rest cannot even be opened there, and is tried again. */
      tempo_host_log (self->host, self->organization,
                      g_error_matches (error, TEMPO_STORE_ERROR, TEMPO_STORE_ERROR_FULL) ? G_LOG_LEVEL_MESSAGE : G_LOG_LEVEL_WARNING,
                      "The data cannot be read: %s", error->message);
      self->broken = TRUE;
      tell_trouble (self, error->message);
    }
  else
    {
      self->broken = FALSE;
      tempo_venue_take (self, loaded);
      tempo_steps_reconcile (self);
      /* What was shown was durable, so mostly nothing differs; a commit whose failure was reported
       * although it reached the disk is told now. */
      for (guint i = 0; i < self->rooms->len; i++)
        {
          TempoRoom *room = g_ptr_array_index (self->rooms, i);

          tempo_room_mark (room, TEMPO_DIRTY_ALL);
          tempo_room_prepare (room);
        }
      publish_rooms (self);
    }

  if (self->closing && !tempo_venue_is_busy (self))
    tempo_host_venue_idle (self->host);
}

static void
reload (TempoVenue *self)
{
  gint64 *now = g_new (gint64, 1);

  *now = tempo_venue_now (self);
  self->reloading = TRUE;
  tempo_store_read_async (self->store, tempo_loaded_read, now, g_free, NULL, reloaded_cb, self);
}

/* @turn: (transfer full). */
static void
abandon_turn (TempoVenue *self,
              TempoTurn *turn,
              const char *reason)
{
  g_ptr_array_extend_and_steal (self->unsettled, g_steal_pointer (&turn->codes));
  answer_storage (turn->replies, reason);
  tempo_turn_free (turn);
}

static void
fail_turn (TempoVenue *self,
           const char *why)
{
  g_autofree char *reason = g_strdup (why);
  TempoTurn *sent = g_steal_pointer (&self->sent);
  TempoTurn *later = g_steal_pointer (&self->turn);

  if (g_strcmp0 (self->trouble, reason) != 0)
    tempo_host_log (self->host, self->organization, G_LOG_LEVEL_MESSAGE, "Nothing can be saved: %s", reason);
  if (self->flush != NULL)
    g_source_destroy (self->flush);
  g_clear_pointer (&self->flush, g_source_unref);

  tempo_bulk_cancel (self);
  for (guint i = 0; i < self->rooms->len; i++)
    tempo_room_drop_pending (g_ptr_array_index (self->rooms, i));

  tell_trouble (self, reason);
  reload (self);

  abandon_turn (self, sent, reason);
  if (later != NULL)
    abandon_turn (self, later, reason);
  tempo_venue_handle_delayed (self);
}

static void
finish_turn (TempoVenue *self)
{
  TempoTurn *sent = g_steal_pointer (&self->sent);

  publish_rooms (self);
  for (guint i = 0; i < sent->replies->len; i++)
    answer (g_ptr_array_index (sent->replies, i));
  for (guint i = 0; i < sent->codes->len; i++)
    tempo_steps_settle (self, g_ptr_array_index (sent->codes, i), TRUE);
  tempo_turn_free (sent);

  if (self->turn != NULL)
    tempo_venue_go_on (self);
  else if (self->closing)
    tempo_host_venue_idle (self->host);
}

static void
written_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  TempoVenue *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!tempo_store_write_finish (TEMPO_STORE (object), result, &error))
    {
      fail_turn (self, error->message);
      return;
    }

  if (self->trouble != NULL)
    tempo_host_log (self->host, self->organization, G_LOG_LEVEL_MESSAGE, "Saving works again");
  tell_trouble (self, NULL);
  finish_turn (self);
}

/* The numbers given out in this turn, and the requests as the order left them. */
static void
complete_turn (TempoVenue *self,
               TempoTurn *turn)
{
  if (turn->requests_numbered)
    tempo_batch_add (turn->batch, "counter-set", "si", "REQ", self->next_request);
  if (turn->events_numbered)
    tempo_batch_add (turn->batch, "counter-set", "si", "EVT", self->next_event);

  for (guint i = 0; i < self->rooms->len; i++)
    tempo_room_prepare (g_ptr_array_index (self->rooms, i));

  for (guint i = 0; i < turn->replies->len; i++)
    {
      TempoReply *reply = g_ptr_array_index (turn->replies, i);
      TempoSlot *slot = reply->request_id != NULL ? tempo_room_find_slot (reply->room,
                                                                          reply->request_id) : NULL;

      if (slot != NULL)
        g_set_object (&reply->outcome->request, slot->request);
    }
}

static void
send_turn (TempoVenue *self)
{
  g_assert (self->sent == NULL);

  /* Completing may still add statements: only then the turn leaves. */
  complete_turn (self, self->turn);
  self->sent = g_steal_pointer (&self->turn);

  /* A replayed answer or a vote that was there already writes nothing. */
  if (tempo_batch_is_empty (self->sent->batch))
    finish_turn (self);
  else
    tempo_store_write_async (self->store, self->sent->batch, NULL, written_cb, self);
}

static gboolean
flush_cb (gpointer user_data)
{
  TempoVenue *self = user_data;

  g_clear_pointer (&self->flush, g_source_unref);
  tempo_venue_go_on (self);

  return G_SOURCE_REMOVE;
}

/* The turn is sent one round of the main loop later, so that everything that came in with this round goes with it. */
static TempoTurn *
get_turn (TempoVenue *self)
{
  g_assert (!self->reloading && !self->broken);

  if (self->turn == NULL)
    self->turn = make_turn ();

  if (self->sent == NULL && self->flush == NULL)
    {
      self->flush = g_idle_source_new ();
      g_source_set_priority (self->flush, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->flush, flush_cb, self, NULL);
      g_source_attach (self->flush, self->host->context);
    }

  return self->turn;
}

/**
 * tempo_venue_go_on:
 * @self: an organization
 *
 * Sends the turn that gathers, unless there is none, one is on its way, or something in it is not done yet.
 */
void
tempo_venue_go_on (TempoVenue *self)
{
  if (self->turn != NULL && self->sent == NULL && self->bulk == NULL)
    send_turn (self);
}

/**
 * tempo_turn_free:
 * @self: (transfer full): a turn
 *
 * Frees it; its replies were answered before.
 */
void
tempo_turn_free (TempoTurn *self)
{
  g_clear_pointer (&self->batch, tempo_batch_unref);
  g_clear_pointer (&self->replies, g_ptr_array_unref);
  g_clear_pointer (&self->codes, g_ptr_array_unref);
  g_free (self);
}

/**
 * tempo_venue_write:
 * @self: an organization that can be written
 *
 * Returns: (transfer none): the statements of the turn that gathers now
 */
TempoBatch *
tempo_venue_write (TempoVenue *self)
{
  return get_turn (self)->batch;
}

/**
 * tempo_venue_answer_later:
 * @self: an organization
 * @task: who waits
 * @outcome: (transfer full): the answer, completed after the commit
 * @room: (nullable): where it happened
 * @request_id: (nullable): whose newest state and place belong to the answer
 *
 * Also for answers that write nothing: they may rest on changes that are not durable yet.
 */
void
tempo_venue_answer_later (TempoVenue *self,
                          GTask *task,
                          TempoOutcome *outcome,
                          TempoRoom *room,
                          const char *request_id)
{
  TempoReply *reply = g_new0 (TempoReply, 1);

  reply->task = g_object_ref (task);
  reply->outcome = outcome;
  reply->room = room != NULL ? g_object_ref (room) : NULL;
  reply->request_id = g_strdup (request_id);
  g_ptr_array_add (get_turn (self)->replies, reply);
}

/**
 * tempo_venue_audit:
 * @self: an organization
 * @audit: who did what
 *
 * Adds a row to the log, in the same commit as what it tells of.
 */
void
tempo_venue_audit (TempoVenue *self,
                   const TempoAudit *audit)
{
  TempoActor *actor = audit->actor;
  const char *actor_id = actor->id;

  /* A guest is named by the id of its row: the digest of its cookie is not for the log. */
  if (actor->kind == TEMPO_ACTOR_GUEST && actor->id != NULL)
    actor_id = g_hash_table_lookup (self->digests, actor->id);

  tempo_batch_add (tempo_venue_write (self), "audit-insert", "isssssssssss", tempo_venue_now (self),
                   tempo_actor_kind_to_string (actor->kind), actor_id, actor->kind == TEMPO_ACTOR_GUEST ? NULL : actor->name,
                   audit->action, audit->object_kind, audit->object_id, audit->before, audit->after,
                   audit->reason, actor->address, actor->agent);
}

/* The members of @object that @other has not, or has otherwise. (transfer full). */
static char *
dup_changed (JsonObject *object,
             JsonObject *other)
{
  g_autoptr (JsonObject) kept = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObjectIter iter;
  JsonNode *value;
  const char *name;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      JsonNode *there = json_object_get_member (other, name);

      if (there == NULL || !json_node_equal (value, there))
        json_object_set_member (kept, name, json_node_copy (value));
    }
  json_node_set_object (node, kept);

  return json_object_get_size (kept) > 0 ? json_to_string (node, FALSE) : NULL;
}

/**
 * tempo_audit_keep_changed:
 * @old: a JSON object
 * @new: a JSON object
 * @before: (out) (transfer full) (nullable): members of @old that are not so in @new
 * @after: (out) (transfer full) (nullable): and the other way round
 *
 * Returns: whether anything differs
 */
gboolean
tempo_audit_keep_changed (const char *old,
                          const char *new,
                          char **before,
                          char **after)
{
  g_autoptr (JsonObject) one = tempo_json_parse (old, strlen (old), NULL);
  g_autoptr (JsonObject) other = tempo_json_parse (new, strlen (new), NULL);

  g_return_val_if_fail (one != NULL && other != NULL, FALSE);
  *before = dup_changed (one, other);
  *after = dup_changed (other, one);

  return *before != NULL || *after != NULL;
}

/**
 * tempo_venue_is_busy:
 * @self: an organization
 *
 * Returns: %TRUE while something is on its way to the disk or wants to be
 */
gboolean
tempo_venue_is_busy (TempoVenue *self)
{
  return self->turn != NULL || self->sent != NULL || self->reloading || self->looking || self->steps > 0;
}

/**
 * tempo_venue_retry:
 * @self: an organization
 *
 * Reads the file again when that failed before.
 */
void
tempo_venue_retry (TempoVenue *self)
{
  if (self->broken && !self->reloading)
    reload (self);
}
