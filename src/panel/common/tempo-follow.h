/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* How a widget of the panel holds what it shows. @place is the field that has it, the address of a pointer to a GObject.
 * What was there is let go of, with every handler that has @widget for its data; @object (nullable) takes its place, and
 * @update is called with @widget now and whenever the signal comes. FALSE when @object was there already: nothing is done
 * then. Main thread only. */
gboolean tempo_follow (gpointer place, gpointer object, const char *detailed_signal, GCallback update, gpointer widget);

G_END_DECLS
