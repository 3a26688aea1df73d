/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to everything that waits, at once: in the file by one statement, in the log and in memory piece by piece,
 * so that a hundred thousand songs keep nobody else's call waiting. The turn is not sent before the last piece, and
 * the organization's other commands come after it: nobody sees a half of it, and it is durable whole or not at all. */
#include "venue/tempo-bulk-private.h"

#include "venue/tempo-host-private.h"
#include "venue/tempo-outcome-private.h"
#include "venue/tempo-trash-private.h"

/* About a millisecond. */
#define PIECE 400

typedef struct _TempoBulk
{
  TempoRoom *room;       /* (unowned) */
  GPtrArray *requests;   /* (owned) (element TempoRequest) as they were, in no list any more */
  guint next;
  TempoActor *actor;     /* (owned) */
  const char *action;    /* of the log, static */
  TempoBulkFunc make;
  gint64 at;
  TempoOutcome *outcome; /* (owned) */
  TempoUndo *undo;       /* (owned) (nullable) */
  GSource *source;       /* (owned) (nullable) the next piece */
} TempoBulk;

static void
free_bulk (TempoBulk *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_pointer (&self->undo, tempo_undo_free);
  tempo_trash_array (self->requests);
  g_clear_pointer (&self->outcome, tempo_outcome_unref);
  g_clear_pointer (&self->actor, tempo_actor_unref);
  g_free (self);
}

/* The statement has changed the row. What somebody else changed meanwhile (a guest who was forgotten) is written again. */
static void
do_one (TempoBulk *self,
        TempoRequest *before)
{
  TempoSlot *slot = tempo_room_find_slot (self->room, before->id);
  gboolean same = slot != NULL && slot->request == before;
  TempoRequest *after;

  if (slot == NULL || slot->request->status != before->status)
    return;

  after = tempo_request_copy (slot->request);
  self->make (self->room, after, self->at);
  tempo_room_audit_request (self->room, self->actor, self->action, slot->request, after);
  if (before->status == TEMPO_REQUEST_APPROVED)
    tempo_room_note_left (self->room, slot->request, FALSE);
  if (same)
    tempo_room_replace (self->room, after);
  else
    tempo_room_change (self->room, after);
  self->outcome->count++;
}

/* TRUE: that was the last. */
static gboolean
do_piece (TempoBulk *self)
{
  guint end = MIN (self->next + PIECE, self->requests->len);

  for (; self->next < end; self->next++)
    do_one (self, g_ptr_array_index (self->requests, self->next));
  /* Guests whose earlier songs have to move are sorted once, with everything else. */
  if (g_hash_table_size (self->room->moved) == 0)
    tempo_room_arrange (self->room);
  else if (self->next > PIECE)
    tempo_room_resort (self->room);

  return end == self->requests->len;
}

static void
end_bulk (TempoBulk *self)
{
  TempoRoom *room = self->room;

  if (self->undo != NULL)
    {
      g_clear_pointer (&self->undo->requests, g_ptr_array_unref);
      self->undo->requests = g_steal_pointer (&self->requests);
      tempo_room_push_undo (room, g_steal_pointer (&self->undo));
    }
  free_bulk (self);
  tempo_player_wake (room->player);
}

static gboolean
piece_cb (gpointer user_data)
{
  TempoVenue *venue = user_data;
  TempoBulk *self = venue->bulk;

  if (!do_piece (self))
    return G_SOURCE_CONTINUE;

  venue->bulk = NULL;
  end_bulk (self);
  tempo_venue_handle_delayed (venue);
  tempo_venue_go_on (venue);

  return G_SOURCE_REMOVE;
}

/**
 * tempo_bulk_begin:
 * @room: a room whose organization does nothing of this kind
 * @list: the room's inbox or queue; it is empty afterwards
 * @actor, @action: whose doing each is, in the log
 * @make: what becomes of each; @at is for it
 * @outcome: counts them, until the turn is sent
 * @undo: (transfer full) (nullable): gets them as they were
 *
 * The turn has the statement that does the same to the file. Few are done when this returns.
 */
void
tempo_bulk_begin (TempoRoom *room,
                  GPtrArray **list,
                  TempoActor *actor,
                  const char *action,
                  TempoBulkFunc make,
                  gint64 at,
                  TempoOutcome *outcome,
                  TempoUndo *undo)
{
  TempoBulk *self = g_new0 (TempoBulk, 1);

  g_return_if_fail (room->venue->bulk == NULL);

  /* Taken out one by one from its head, each would move all that are left. */
  tempo_room_arrange (room);
  self->room = room;
  self->requests = g_steal_pointer (list);
  *list = g_ptr_array_new_with_free_func (g_object_unref);
  self->actor = tempo_actor_ref (actor);
  self->action = action;
  self->make = make;
  self->at = at;
  self->outcome = tempo_outcome_ref (outcome);
  self->undo = undo;
  if (do_piece (self))
    {
      end_bulk (self);
      return;
    }

  room->venue->bulk = self;
  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->source, piece_cb, room->venue, NULL);
  g_source_attach (self->source, room->venue->host->context);
}

/**
 * tempo_bulk_cancel:
 * @venue: an organization whose memory is thrown away
 *
 * The turn does not leave, and nothing of it is left.
 */
void
tempo_bulk_cancel (TempoVenue *venue)
{
  g_clear_pointer (&venue->bulk, free_bulk);
}
