/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* An organization as the registry knows it. Never set after sharing; then any thread. */
struct _TempoOrganization
{
  GObject parent_instance;

  char *id;       /* (owned) UUIDv7 = tenant id */
  char *slug;     /* (owned) public name in addresses */
  char *code;     /* (owned) 3-4 letters leading human numbers, ACM */
  char *name;     /* (owned) */
  gboolean active;
  gint64 created_at;
  /* branding, from the organization's settings */
  char *accent;   /* (owned) "#rrggbb" */
  char *logo;     /* (owned) (nullable) artwork-like id of the uploaded logo */
  char *welcome;  /* (owned) (nullable) one line for guests */
  char *language; /* (owned) (nullable) of the displays, "de"; NULL as the host's */
  char *accent_dark; /* (owned) (nullable) "#rrggbb" in dark places; NULL: accent there too */
  char *contact;     /* (owned) (nullable) how guests reach the house, one line */
  gboolean white_label; /* Tempo's own name stays out of sight */
};

#define TEMPO_TYPE_ORGANIZATION (tempo_organization_get_type ())
GType tempo_organization_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoOrganization, g_object_unref)
#define TEMPO_ORGANIZATION(o) (G_TYPE_CHECK_INSTANCE_CAST ((o), TEMPO_TYPE_ORGANIZATION, TempoOrganization))

#define TEMPO_ORGANIZATION_MAX_NAME 80
#define TEMPO_DEFAULT_ACCENT "#f5a524"
/* What pages and displays are painted on. */
#define TEMPO_NIGHT "#12101a"
#define TEMPO_PAPER "#fbfaf7"

TempoOrganization *tempo_organization_new (const char *id, const char *slug, const char *code, const char *name);
TempoOrganization *tempo_organization_copy (TempoOrganization *self);
/* 3 or 4 upper-case letters from a name ("Acme Entertainment" gives ACM). (transfer full). */
char *tempo_organization_make_code (const char *name);
/* TRUE for 3 or 4 letters a-z, in any case. NULL is not. */
gboolean tempo_organization_code_is_valid (const char *code);
/* Readable text colour on or of the accent: darkens or lightens @accent until its
 * contrast to @background is at least 4.5:1 (WCAG 2.2, 1.4.3). Both "#rrggbb". (transfer full). */
char *tempo_colour_readable (const char *accent, const char *background);
void tempo_organization_to_json (TempoOrganization *self, TempoJson *json, const char *key);

G_END_DECLS
