/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* A person known by a random cookie, never by an address. The cookie itself is
 * not kept, only its digest. Fields are never set after sharing; then any thread. */
struct _TempoGuest
{
  GObject parent_instance;

  char *id;           /* (owned) UUIDv7 */
  char *token_digest; /* (owned) tempo_token_digest() of the cookie */
  char *name;         /* (owned) as the guest gave it, or the friendly automatic one */
  gboolean held;      /* keeps its songs' places but is passed over */
  gint64 muted_until;  /* wall us; may look, not ask; 0 not; G_MAXINT64 until lifted */
  gint64 banned_until; /* wall us; 0 not; G_MAXINT64 until lifted */
  gint64 first_seen_at;
  gint64 last_seen_at;
  guint asked;   /* in the current event */
  guint served;  /* songs played or playing in the current event */
};

#define TEMPO_TYPE_GUEST (tempo_guest_get_type ())
GType tempo_guest_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoGuest, g_object_unref)
#define TEMPO_GUEST(o) (G_TYPE_CHECK_INSTANCE_CAST ((o), TEMPO_TYPE_GUEST, TempoGuest))

TempoGuest *tempo_guest_new (const char *id, const char *token_digest, const char *name);
TempoGuest *tempo_guest_copy (TempoGuest *self);
/* A friendly name from @seed, e.g. "Amber Otter"; the same seed gives the same name. (transfer full). */
char *tempo_guest_make_name (const char *seed);
void tempo_guest_to_json (TempoGuest *self, TempoJson *json, const char *key);

G_END_DECLS
