/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "panel/common/tempo-notice.h"
#include "panel/display/tempo-display-page.h"
#include "panel/guests/tempo-guests-page.h"
#include "panel/history/tempo-history-page.h"
#include "panel/music/tempo-music-page.h"
#include "panel/stats/tempo-stats-page.h"
#include "panel/people/tempo-people-page.h"
#include "panel/inbox/tempo-inbox.h"
#include "panel/log/tempo-log-page.h"
#include "panel/lock/tempo-lock-page.h"
#include "panel/player/tempo-player-bar.h"
#include "panel/queue/tempo-queue.h"
#include "panel/room/tempo-health-button.h"
#include "panel/room/tempo-room-page.h"
#include "panel/room/tempo-switch-button.h"
#include "panel/settings/tempo-settings-page.h"
#include "panel/setup/tempo-setup.h"
#include "panel/window/tempo-window.h"

G_BEGIN_DECLS

/* Shared by the files of the window only. */
struct _TempoWindow
{
  AdwApplicationWindow parent_instance;

  TempoDesk *desk;     /* (owned) (nullable) */
  GSettings *settings; /* (owned) */
  char *place;         /* (owned) */
  char *shown_rooms; /* (owned) (nullable) what the list of rooms was made of */
  char *css;           /* (owned) (nullable) the colours that are loaded */
  AdwToast *toast;     /* (nullable) (weak) the one shown now */
  AdwToast *ending;    /* (nullable) (weak) "the night ends": the night goes on until it is gone */
  GtkWindow *dialog;   /* (nullable) (weak) the one dialog of the window */
  gboolean narrow;
  gboolean end_cancelled;
  gboolean following;  /* the tabs are being set from the place */
  char *trouble;       /* (owned) (nullable) what was told above everything last */
  guint n_unopened;    /* organizations that could not be opened when it was looked last */
  guint unopened_id;
  gboolean locked;
  const char *behind;  /* (unowned) the part of the window that the lock covers */
  gint64 input_at;     /* wall us of the engine's clock */
  guint look_id;
  guint adapt_id;

  AdwToastOverlay *toasts;
  GtkStack *root;
  GtkSpinner *spinner;
  AdwStatusPage *failed;
  TempoSetup *setup;
  TempoLockPage *lock_page;
  AdwSqueezer *width_probe;
  GtkWidget *wide_probe;
  AdwLeaflet *outer;
  GtkWidget *sidebar;
  GtkWidget *content;
  AdwWindowTitle *venue_title;
  AdwWindowTitle *room_title;
  GtkListBox *rooms;
  GtkListBox *places;
  GtkLabel *address;
  AdwHeaderBar *header;
  GtkWidget *back_button;
  GtkWidget *open_button;
  TempoSwitchButton *switch_button;
  GtkWidget *find_button;
  GtkWidget *switch_box;
  TempoHealthButton *health_button;
  TempoNotice *notice;
  GtkStack *pages;
  AdwLeaflet *tonight;
  TempoInbox *inbox;
  TempoQueue *queue;
  TempoRoomPage *room_page;
  TempoHistoryPage *history_page;
  TempoMusicPage *music_page;
  TempoStatsPage *stats_page;
  TempoLogPage *log_page;
  TempoPeoplePage *people_page;
  TempoGuestsPage *guests_page;
  TempoDisplayPage *display_page;
  TempoSettingsPage *settings_page;
  TempoPlayerBar *player;
  AdwViewStack *tabs;
  AdwViewStackPage *inbox_tab;
  AdwViewSwitcherBar *tab_bar;
};

/* Installs the "win." actions. */
void tempo_window_install_actions (GtkWidgetClass *widget_class);
/* Which of them can be done now. */
void tempo_window_update_actions (TempoWindow *self);
/* All of them at once, for the lock. */
void tempo_window_enable_actions (TempoWindow *self, gboolean enabled);
/* Shows one sentence at the bottom, in place of the last one. @label, @action: (nullable). */
void tempo_window_say (TempoWindow *self, const char *text, const char *label, const char *action);
/* The lock, of tempo-window-lock.c. */
void tempo_window_init_lock (TempoWindow *self);
void tempo_window_lock (TempoWindow *self);
void tempo_window_restore_lock (TempoWindow *self);
void tempo_window_note_input (TempoWindow *self);
void tempo_window_watch (TempoWindow *self, GtkWidget *toplevel);
/* Shows the newest view. */
void tempo_window_update (TempoWindow *self);
/* What is said above everything, of tempo-window-trouble.c. */
void tempo_window_tell_trouble (TempoWindow *self);
gboolean tempo_window_show_unopened (TempoWindow *self);
/* @name: of the stack "root", static. */
void tempo_window_show_root (TempoWindow *self, const char *name);

G_END_DECLS
