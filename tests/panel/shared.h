/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "panel/window/tempo-window.h"
#include "twin.h"

G_BEGIN_DECLS

/* What the panel's tests share: a display, waiting without sleeping, looking into widgets. */

/* Starts GTK and libadwaita with the panel's resources and style; the test is skipped without a display. */
void test_init_gtk (void);
/* Runs the main loop until @func says TRUE, at most ten seconds. */
typedef gboolean (*TestCondition) (gpointer data);
void test_wait (TestCondition func, gpointer data);
/* Waits until nobody else has @object: pictures are decoded on workers that hold the desk. */
void test_wait_alone (gpointer object);
/* Waits until @widget is on the screen: a window finds its form when it is drawn first. */
void test_wait_mapped (GtkWidget *widget);
/* Runs what is ready now, until nothing is. */
void test_settle (void);
/* For pictures only: lets transitions come to their end. */
void test_wait_ms (guint ms);
/* The first widget below @widget of the type of that name; NULL when there is none. */
GtkWidget *test_find (GtkWidget *widget, const char *type_name);
/* The nth, counted from 0. */
GtkWidget *test_find_nth (GtkWidget *widget, const char *type_name, guint nth);
guint test_count (GtkWidget *widget, const char *type_name);
/* The visible label below @widget that has exactly this text; NULL or FALSE when there is none. */
GtkWidget *test_find_label (GtkWidget *widget, const char *text);
gboolean test_has_text (GtkWidget *widget, const char *text);
/* The button with that label; NULL when there is none. */
GtkWidget *test_find_button (GtkWidget *widget, const char *label);
/* Presses it, and runs what is ready then. */
void test_press (GtkWidget *widget, const char *label);
/* The row of a list whose title is @title; NULL when there is none. */
GtkWidget *test_find_row (GtkWidget *widget, const char *title);

/* The panel on the twin: what every test of pages needs, and nothing of it is left at the end. */
typedef struct
{
  TempoLink *link;
  TempoTwin *twin;
  TempoDesk *desk;
  TempoWindow *window; /* (nullable) */
} TestPanel;

/* The twin before its first run, and a window that is starting. */
void test_panel_begin (TestPanel *panel);
/* One more, when the first was closed. */
void test_panel_open_window (TestPanel *panel);
/* Shows what the twin has by now, on that page (NULL: the one it is on), and gives its widget of that type (nullable). */
GtkWidget *test_panel_show (TestPanel *panel, const char *place, const char *type_name);
/* What was sent last, when all that was asked is answered. */
TempoCommand *test_panel_get_last (TestPanel *panel);
/* Closes the window, and proves that it and the desk are finalized. */
void test_panel_close_window (TestPanel *panel);
void test_panel_end (TestPanel *panel);

/* A browser for the links of this program, in the folders of its own that run-with-display.sh gives it, and where it was sent
 * next. (transfer full). */
char *test_take_browser (void);
char *test_wait_visit (const char *browser);

/* A picture of a window or a popover as it is drawn. */
void test_shoot (GtkNative *native, const char *file);

G_END_DECLS
