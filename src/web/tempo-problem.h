/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* RFC 9457 problem documents: {"type":"about:blank","title":…,"status":…,"code":…,"detail":…, extra…}.
 * @code is stable and for programs; @title and @detail are sentences for people, already in their language.
 * Any thread. */
#define TEMPO_PROBLEM_TYPE "application/problem+json"

/* Left open, so that the caller can add members of its own ("until", "count"). (transfer full). */
TempoJson *tempo_problem_begin (guint status, const char *code, const char *title, const char *detail);
/* Closes what tempo_problem_begin() opened and takes it. (transfer full). */
GBytes *tempo_problem_end (TempoJson *problem);
/* Both at once. (transfer full). */
GBytes *tempo_problem_new (guint status, const char *code, const char *title, const char *detail);

G_END_DECLS
