/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DEMO_COVER_SIDE 512

/* An abstract picture in its own colours: DEMO_COVER_SIDE² RGB bytes. (transfer full). */
guint8 *demo_cover_draw (guint index, guint32 seed);

G_END_DECLS
