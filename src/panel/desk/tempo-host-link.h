/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "panel/desk/tempo-link.h"
#include "venue/tempo-host.h"

G_BEGIN_DECLS

/* The real line: a started TempoHost in this process, and a TempoMonitor of the open room. Main thread only. */
#define TEMPO_TYPE_HOST_LINK (tempo_host_link_get_type ())
G_DECLARE_FINAL_TYPE (TempoHostLink, tempo_host_link, TEMPO, HOST_LINK, TempoLink)

TempoLink *tempo_host_link_new (TempoHost *host);

G_END_DECLS
