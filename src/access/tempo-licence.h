/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "access/tempo-licence-key.h"
#include "access/tempo-tier.h"

G_BEGIN_DECLS

/* A licence document: what was agreed with an organization, signed by whoever runs the central instance and
 * verified here without asking anybody. A compact JWS with an algorithm fixed in code, EdDSA over
 * Ed25519 (RFC 8037), whose header is compared as bytes. Immutable after reading; any thread. */

#define TEMPO_LICENCE_MAX_LENGTH 4096
#define TEMPO_LICENCE_PUBLIC_BYTES 32
#define TEMPO_LICENCE_PRIVATE_BYTES 32
#define TEMPO_LICENCE_MAX_KEYS 8
#define TEMPO_LICENCE_GRACE_DAYS 14
/* A document wants to be renewed that long before its own end. */
#define TEMPO_LICENCE_RENEW_DAYS 20

typedef struct
{
  char *serial;            /* (owned) of this document */
  char *organization_id;   /* (owned) "" for any: then the key tells */
  char *organization_name; /* (owned) */
  char *host_id;           /* (owned) "" for any host */
  char *key_digest;        /* (owned) of the licence key it came for */
  char *last_four;         /* (owned) of that key */
  TempoTier tier;
  TempoLimits limits;
  gboolean trial;
  gint64 issued_at;   /* seconds, all of them */
  gint64 starts_at;
  gint64 ends_at;     /* of the licence; of a trial its end */
  gint64 renew_until; /* of the document: it must be renewed before, else the grace begins */
  guint grace_days;
} TempoLicence;
void tempo_licence_free (TempoLicence *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoLicence, tempo_licence_free)

/* A set of public keys documents may be signed with, each by a short name. One thread builds it, then any. */
typedef struct _TempoLicenceKeys TempoLicenceKeys;
/* Those this Tempo was built with (meson option licence_keys). (transfer full). */
TempoLicenceKeys *tempo_licence_keys_new (void);
void tempo_licence_keys_free (TempoLicenceKeys *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoLicenceKeys, tempo_licence_keys_free)
/* @name: 1 to 16 letters, digits and dashes; @bytes: TEMPO_LICENCE_PUBLIC_BYTES. FALSE when it is not, or there are too many. */
gboolean tempo_licence_keys_add (TempoLicenceKeys *self, const char *name, const guint8 *bytes);
/* "name:64 hexadecimal digits", separated by commas or spaces. FALSE, with what was good taken, when one is not. */
gboolean tempo_licence_keys_add_text (TempoLicenceKeys *self, const char *text);

/* Reads @document. @now: seconds. Whom it is for and whether it still holds is asked afterwards.
 * Errors: DOCUMENT, CLOCK of TEMPO_LICENCE_ERROR. (transfer full). */
TempoLicence *tempo_licence_read (const char *document, const TempoLicenceKeys *keys, gint64 now, GError **error);
/* For the central instance and tests. @private_key: TEMPO_LICENCE_PRIVATE_BYTES. (transfer full) (nullable). */
char *tempo_licence_sign (const TempoLicence *self, const char *key_name, const guint8 *private_key);

/* How a licence stands. */
typedef enum
{
  TEMPO_LICENCE_NONE,       /* there is none: community */
  TEMPO_LICENCE_PENDING,    /* it has not begun */
  TEMPO_LICENCE_VALID,
  TEMPO_LICENCE_RENEW,      /* holds, and should be renewed soon */
  TEMPO_LICENCE_GRACE,      /* over, and all goes on for some days */
  TEMPO_LICENCE_RESTRICTED, /* over: what is there goes on, new things only as the community tier has them */
} TempoLicenceState;
const char *tempo_licence_state_to_string (TempoLicenceState state);

typedef struct
{
  TempoLicenceState state;
  TempoTier tier;          /* in force */
  TempoLimits limits;      /* in force */
  gint64 until;            /* seconds: when the state changes by itself, 0 never */
  gboolean clock_is_wrong; /* time was seen that is more than a day ahead of now */
} TempoLicenceStanding;
/* @self: (nullable) no licence. @now, @seen: seconds; @seen is the latest time this installation ever knew of:
 * a clock set back does not lengthen anything. Pure. */
void tempo_licence_judge (const TempoLicence *self, gint64 now, gint64 seen, TempoLicenceStanding *standing);

G_END_DECLS
