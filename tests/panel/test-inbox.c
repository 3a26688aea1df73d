/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deciding and ordering by hand: keys, rows, what stays where it is. */
#include "panel/common/tempo-words.h"
#include "panel/history/tempo-history-row.h"
#include "panel/inbox/tempo-inbox.h"
#include "panel/inbox/tempo-inbox-row.h"
#include "panel/inbox/tempo-reason-popover.h"
#include "panel/queue/tempo-queue-row.h"
#include "panel/queue/tempo-queue.h"
#include "shared.h"
#include "twin.h"

typedef struct
{
  TestPanel panel;
  TempoInbox *inbox;
  TempoQueue *queue;
} Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  test_panel_begin (&fixture->panel);
  tempo_twin_fill (fixture->panel.twin, 5, 6, 0);
  fixture->inbox = TEMPO_INBOX (test_panel_show (&fixture->panel, NULL, "TempoInbox"));
  fixture->queue = TEMPO_QUEUE (test_find (GTK_WIDGET (fixture->panel.window), "TempoQueue"));
  test_wait_mapped (GTK_WIDGET (fixture->queue));
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  test_panel_end (&fixture->panel);
}

static TempoRequest *
get_request (TempoDeskList *list,
             guint index)
{
  g_autoptr (TempoDeskItem) item = g_list_model_get_item (G_LIST_MODEL (list), index);

  return item != NULL ? tempo_desk_item_get_value (item) : NULL;
}

static void
press (GtkWidget *widget,
       const char *action,
       guint number)
{
  if (number > 0)
    gtk_widget_activate_action (widget, action, "u", number);
  else
    gtk_widget_activate_action (widget, action, NULL);
  test_settle ();
}

static void
test_approve (Fixture *fixture,
              gconstpointer data)
{
  TempoDeskList *inbox = tempo_desk_get_inbox (fixture->panel.desk);
  g_autofree char *first = g_strdup (get_request (inbox, 0)->id);
  g_autofree char *second = g_strdup (get_request (inbox, 1)->id);

  press (GTK_WIDGET (fixture->inbox), "inbox.approve", 0);
  g_assert_cmpint (tempo_twin_get_last (fixture->panel.twin)->action, ==, TEMPO_ACTION_APPROVE);
  g_assert_cmpstr (tempo_twin_get_last (fixture->panel.twin)->request_id, ==, first);
  g_assert_cmpuint (tempo_desk_list_count (inbox), ==, 4);
  /* The next one is under the same key now. */
  press (GTK_WIDGET (fixture->inbox), "inbox.approve", 0);
  g_assert_cmpstr (tempo_twin_get_last (fixture->panel.twin)->request_id, ==, second);
  g_assert_cmpuint (tempo_desk_list_count (tempo_desk_get_queue (fixture->panel.desk)), ==, 8);
}

static void
test_decline (Fixture *fixture,
              gconstpointer data)
{
  static const char *const codes[] = { "not_tonight", "played_enough", "not_here", "later" };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      press (GTK_WIDGET (fixture->inbox), "inbox.decline", i + 1);
      g_assert_cmpint (tempo_twin_get_last (fixture->panel.twin)->action, ==, TEMPO_ACTION_DECLINE);
      g_assert_cmpstr (tempo_twin_get_last (fixture->panel.twin)->reason_code, ==, codes[i]);
    }
  g_assert_cmpuint (tempo_desk_list_count (tempo_desk_get_inbox (fixture->panel.desk)), ==, 1);
  /* There is no sixth. */
  press (GTK_WIDGET (fixture->inbox), "inbox.decline", 6);
  g_assert_cmpuint (tempo_twin_get_executed (fixture->panel.twin), ==, 4);
}

static void
test_own_words (Fixture *fixture,
                gconstpointer data)
{
  GtkWidget *popover;
  GtkWidget *entry;

  press (GTK_WIDGET (fixture->inbox), "inbox.decline", 5);
  popover = test_find (GTK_WIDGET (fixture->inbox), "TempoReasonPopover");
  g_assert_nonnull (popover);
  entry = test_find (popover, "GtkEntry");
  gtk_editable_set_text (GTK_EDITABLE (entry), "  the band plays it at ten ");
  g_signal_emit_by_name (entry, "activate");
  test_settle ();
  g_assert_cmpstr (tempo_twin_get_last (fixture->panel.twin)->reason_code, ==, "other");
  g_assert_cmpstr (tempo_twin_get_last (fixture->panel.twin)->reason_text, ==, "the band plays it at ten");
}

static void
test_reason_popover (Fixture *fixture,
                     gconstpointer data)
{
  GtkWidget *row = test_find (GTK_WIDGET (fixture->inbox), "TempoInboxRow");
  GtkWidget *popover;

  tempo_inbox_row_ask_reason (TEMPO_INBOX_ROW (row), FALSE);
  test_settle ();
  popover = test_find (row, "TempoReasonPopover");
  g_assert_cmpuint (test_count (popover, "GtkButton"), >=, 4);
  press (popover, "reason.choose", 3);
  g_assert_cmpstr (tempo_twin_get_last (fixture->panel.twin)->reason_code, ==, "not_here");
}

static void
test_approve_all (Fixture *fixture,
                  gconstpointer data)
{
  press (GTK_WIDGET (fixture->inbox), "inbox.approve-all", 0);
  g_assert_null (tempo_twin_get_last (fixture->panel.twin)->request_id);
  g_assert_cmpuint (tempo_desk_list_count (tempo_desk_get_inbox (fixture->panel.desk)), ==, 0);
  g_assert_true (test_has_text (GTK_WIDGET (fixture->inbox), "All Decided"));
}

/* With the pointer on the list nothing moves, whoever decides; when it leaves, order comes back. */
static void
test_nothing_moves (Fixture *fixture,
                    gconstpointer data)
{
  TempoDeskList *inbox = tempo_desk_get_inbox (fixture->panel.desk);
  g_autofree char *third = g_strdup (get_request (inbox, 2)->id);
  GtkWidget *row;

  tempo_desk_list_set_held (inbox, TRUE);
  tempo_twin_decide_elsewhere (fixture->panel.twin, 0);
  tempo_twin_ask (fixture->panel.twin, "New Song", "Nele");
  test_settle ();
  g_assert_cmpstr (get_request (inbox, 2)->id, ==, third);
  g_assert_cmpstr (get_request (inbox, 5)->song->title, ==, "New Song");
  row = test_find (GTK_WIDGET (fixture->inbox), "TempoInboxRow");
  g_assert_true (gtk_widget_has_css_class (row, "gone"));
  g_assert_true (test_has_text (row, "On the list"));
  tempo_desk_list_set_held (inbox, FALSE);
  test_settle ();
  g_assert_cmpstr (get_request (inbox, 1)->id, ==, third);
}

/* A key lets go at once: the hand is on the keyboard then. */
static void
test_keys_release (Fixture *fixture,
                   gconstpointer data)
{
  TempoDeskList *inbox = tempo_desk_get_inbox (fixture->panel.desk);

  tempo_desk_list_set_held (inbox, TRUE);
  press (GTK_WIDGET (fixture->inbox), "inbox.approve", 0);
  g_assert_false (tempo_desk_list_get_held (inbox));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (inbox)), ==, 4);
}

static void
test_reveal (Fixture *fixture,
             gconstpointer data)
{
  g_autofree char *id = g_strdup (get_request (tempo_desk_get_inbox (fixture->panel.desk), 3)->id);

  g_assert_true (tempo_inbox_reveal (fixture->inbox, id));
  g_assert_false (tempo_inbox_reveal (fixture->inbox, "nobody"));
  test_settle ();
  press (GTK_WIDGET (fixture->inbox), "inbox.approve", 0);
  g_assert_cmpstr (tempo_twin_get_last (fixture->panel.twin)->request_id, ==, id);
}

static void
test_dedication (Fixture *fixture,
                 gconstpointer data)
{
  GtkWidget *row = test_find_nth (GTK_WIDGET (fixture->inbox), "TempoInboxRow", 1);
  GtkWidget *toggle = test_find (row, "GtkToggleButton");

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), TRUE);
  test_settle ();
  g_assert_cmpint (tempo_twin_get_last (fixture->panel.twin)->action, ==, TEMPO_ACTION_SHOW_MESSAGE);
  g_assert_true (tempo_twin_get_last (fixture->panel.twin)->flag);
  g_assert_cmpuint (tempo_twin_get_executed (fixture->panel.twin), ==, 1);
}

static void
select_song (Fixture *fixture,
             guint index)
{
  g_assert_true (tempo_queue_reveal (fixture->queue, get_request (tempo_desk_get_queue (fixture->panel.desk), index)->id));
  test_settle ();
}

static void
test_move (Fixture *fixture,
           gconstpointer data)
{
  static const struct
  {
    const char *action;
    guint from, to;
  } cases[] = {
    { "queue.up", 3, 2 },
    { "queue.down", 3, 4 },
    { "queue.top", 5, 1 },
  };
  TempoDeskList *queue = tempo_desk_get_queue (fixture->panel.desk);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *id = g_strdup (get_request (queue, cases[i].from)->id);

      select_song (fixture, cases[i].from);
      press (GTK_WIDGET (fixture->queue), cases[i].action, 0);
      g_assert_cmpint (tempo_twin_get_last (fixture->panel.twin)->action, ==, TEMPO_ACTION_MOVE);
      g_assert_cmpstr (get_request (queue, cases[i].to)->id, ==, id);
      /* The key again moves the same song on: the keyboard went with it. */
      g_assert_true (get_request (queue, cases[i].to)->pinned);
    }
}

/* The next song is locked: nothing goes before it and it goes nowhere. */
static void
test_locked (Fixture *fixture,
             gconstpointer data)
{
  select_song (fixture, 0);
  press (GTK_WIDGET (fixture->queue), "queue.down", 0);
  press (GTK_WIDGET (fixture->queue), "queue.pin", 0);
  select_song (fixture, 1);
  press (GTK_WIDGET (fixture->queue), "queue.up", 0);
  g_assert_cmpuint (tempo_twin_get_executed (fixture->panel.twin), ==, 0);
}

static void
test_pin_and_remove (Fixture *fixture,
                     gconstpointer data)
{
  TempoDeskList *queue = tempo_desk_get_queue (fixture->panel.desk);
  g_autofree char *id = g_strdup (get_request (queue, 4)->id);

  select_song (fixture, 4);
  press (GTK_WIDGET (fixture->queue), "queue.pin", 0);
  g_assert_true (get_request (queue, 4)->pinned);
  press (GTK_WIDGET (fixture->queue), "queue.pin", 0);
  g_assert_false (get_request (queue, 4)->pinned);
  press (GTK_WIDGET (fixture->queue), "queue.remove", 0);
  g_assert_cmpint (tempo_twin_get_last (fixture->panel.twin)->action, ==, TEMPO_ACTION_REMOVE);
  g_assert_null (tempo_desk_list_find (queue, id, NULL));
}

/* The first row that is drawn inside the list. */
static gboolean
shows_newcomer (gpointer data)
{
  GtkWidget *label = test_find_label (data, "Fresh Paint");
  GtkWidget *scroller = label != NULL ? gtk_widget_get_ancestor (label, GTK_TYPE_SCROLLED_WINDOW) : NULL;
  graphene_rect_t at;

  return scroller != NULL && gtk_widget_compute_bounds (label, scroller, &at) && at.size.height > 0 && at.origin.y >= 0
         && at.origin.y + at.size.height <= gtk_widget_get_height (scroller);
}

/* A song that comes in before all others is seen by who looks at the beginning. */
static void
test_newcomer (Fixture *fixture,
               gconstpointer data)
{
  for (guint i = 0; i < 12; i++)
    tempo_twin_put (fixture->panel.twin, TEMPO_REQUEST_APPROVED, NULL, "Copper Wire", "Ada", "Jo");
  test_settle ();
  tempo_twin_put (fixture->panel.twin, TEMPO_REQUEST_APPROVED, NULL, "Fresh Paint", "Moth", "Max");
  test_wait (shows_newcomer, fixture->queue);
}

/* Only what is not usual is said at the song, in a word. */
static void
test_history_words (Fixture *fixture,
                    gconstpointer data)
{
  static const struct
  {
    TempoRequestStatus status;
    const char *word; /* NULL: none */
  } cases[] = {
    { TEMPO_REQUEST_PLAYED, NULL },
    { TEMPO_REQUEST_DECLINED, "Declined" },
    { TEMPO_REQUEST_WITHDRAWN, "Withdrawn" },
    { TEMPO_REQUEST_FAILED, "Could not play" },
  };
  g_autoptr (TempoSong) song = tempo_song_new (NULL, "Velvet <b>Static</b>", "Moth");
  g_autoptr (TempoHistoryRow) row = g_object_ref_sink (tempo_history_row_new ());

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TempoRequest) request = tempo_request_new ("r", song);
      g_autoptr (TempoDeskItem) item = tempo_desk_item_new ("r", G_OBJECT (request));

      request->status = cases[i].status;
      tempo_history_row_bind (row, fixture->panel.desk, item);
      g_assert_true (test_has_text (GTK_WIDGET (row), "Velvet <b>Static</b>"));
      g_assert_cmpint (test_has_text (GTK_WIDGET (row), tempo_words_status (cases[i].status)), ==, cases[i].word != NULL);
      if (cases[i].word != NULL)
        g_assert_cmpstr (tempo_words_status (cases[i].status), ==, cases[i].word);
      tempo_history_row_bind (row, NULL, NULL);
    }
}

static void
test_explain (Fixture *fixture,
              gconstpointer data)
{
  GtkWidget *row = test_find (GTK_WIDGET (fixture->queue), "TempoQueueRow");

  gtk_widget_grab_focus (test_find (row, "GtkMenuButton"));
  tempo_queue_row_explain (TEMPO_QUEUE_ROW (row));
  test_settle ();
  g_assert_true (test_has_text (row, "It is next. The next song does not change any more."));
  gtk_popover_popdown (GTK_POPOVER (test_find (row, "GtkPopover")));
  test_settle ();
}

static void
test_order (Fixture *fixture,
            gconstpointer data)
{
  GtkWidget *chooser = test_find (GTK_WIDGET (fixture->queue), "GtkDropDown");

  gtk_drop_down_set_selected (GTK_DROP_DOWN (chooser), TEMPO_ORDER_VOTES);
  test_settle ();
  g_assert_cmpint (tempo_twin_get_last (fixture->panel.twin)->action, ==, TEMPO_ACTION_EVENT_RULES);
  g_assert_cmpint (tempo_desk_get_view (fixture->panel.desk)->event->rules->order, ==, TEMPO_ORDER_VOTES);
  g_assert_cmpuint (tempo_twin_get_executed (fixture->panel.twin), ==, 1);
}

static void
test_undo (Fixture *fixture,
           gconstpointer data)
{
  TempoDeskList *inbox = tempo_desk_get_inbox (fixture->panel.desk);
  g_autofree char *id = g_strdup (get_request (inbox, 0)->id);

  press (GTK_WIDGET (fixture->inbox), "inbox.decline", 1);
  g_assert_null (tempo_desk_list_find (inbox, id, NULL));
  tempo_desk_act (fixture->panel.desk, TEMPO_ACTION_UNDO);
  test_settle ();
  g_assert_nonnull (tempo_desk_list_find (inbox, id, NULL));
}

#define ADD(path, func) g_test_add ("/panel/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  ADD ("inbox/approve", test_approve);
  ADD ("inbox/decline", test_decline);
  ADD ("inbox/own-words", test_own_words);
  ADD ("inbox/reason-popover", test_reason_popover);
  ADD ("inbox/approve-all", test_approve_all);
  ADD ("inbox/nothing-moves", test_nothing_moves);
  ADD ("inbox/keys-release", test_keys_release);
  ADD ("inbox/reveal", test_reveal);
  ADD ("inbox/dedication", test_dedication);
  ADD ("inbox/undo", test_undo);
  ADD ("queue/move", test_move);
  ADD ("queue/locked", test_locked);
  ADD ("queue/pin-and-remove", test_pin_and_remove);
  ADD ("queue/explain", test_explain);
  ADD ("queue/order", test_order);
  ADD ("queue/newcomer", test_newcomer);
  ADD ("history/words", test_history_words);
  return g_test_run ();
}
