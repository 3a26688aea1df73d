/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The headers that every answer carries, whatever it is: a page, JSON, a refusal, a stream. */
typedef struct
{
  const char *name;
  const char *value;
} TempoSecurityHeader;

/* Ends with a NULL name. */
const TempoSecurityHeader *tempo_security_headers (void);
/* As lines of a head. */
void tempo_security_append (GString *head);

G_END_DECLS
