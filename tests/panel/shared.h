/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What the panel's tests share: a display, waiting without sleeping, looking into widgets. */

/* Starts GTK and libadwaita with the panel's resources and style; the test is skipped without a display. */
void test_init_gtk (void);
/* Runs the main loop until @func says TRUE, at most ten seconds. */
typedef gboolean (*TestCondition) (gpointer data);
void test_wait (TestCondition func, gpointer data);
/* Waits until nobody else has @object: pictures are decoded on workers that hold the desk. */
void test_wait_alone (gpointer object);
/* Runs what is ready now, until nothing is. */
void test_settle (void);
/* For pictures only: lets transitions come to their end. */
void test_wait_ms (guint ms);
/* The first widget below @widget of the type of that name; NULL when there is none. */
GtkWidget *test_find (GtkWidget *widget, const char *type_name);
/* The nth, counted from 0. */
GtkWidget *test_find_nth (GtkWidget *widget, const char *type_name, guint nth);
guint test_count (GtkWidget *widget, const char *type_name);
/* TRUE when a visible label below @widget has exactly this text. */
gboolean test_has_text (GtkWidget *widget, const char *text);
/* A picture of the window as it is drawn. */
void test_shoot (GtkWindow *window, const char *file);

G_END_DECLS
