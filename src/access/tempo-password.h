/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* bcrypt $2b$ through libxcrypt. The cost is always passed: crypt_gensalt() with 0 gives 5.
 * bcrypt cuts at 72 bytes, so longer passwords are refused. */
#define TEMPO_PASSWORD_COST 12
#define TEMPO_PASSWORD_MIN_CHARACTERS 8
#define TEMPO_PASSWORD_MAX_BYTES 72

typedef enum
{
  TEMPO_ACCESS_ERROR_TOO_SHORT,
  TEMPO_ACCESS_ERROR_TOO_LONG,
  TEMPO_ACCESS_ERROR_BUSY,      /* the pool's queue is full: answer 503 */
  TEMPO_ACCESS_ERROR_TOKEN,     /* malformed, forged, wrong kind */
  TEMPO_ACCESS_ERROR_EXPIRED,
  TEMPO_ACCESS_ERROR_FAILED,
} TempoAccessError;
#define TEMPO_ACCESS_ERROR (tempo_access_error_quark ())
GQuark tempo_access_error_quark (void);

/* Blocks ~200 ms at cost 12: never on the engine thread. @cost: 0 for TEMPO_PASSWORD_COST; tests pass 4. (transfer full). */
char *tempo_password_hash (const char *password, guint cost, GError **error);
/* Constant-time over the hash. @hash NULL does the same work and answers FALSE. Blocks. */
gboolean tempo_password_verify (const char *password, const char *hash);
/* TRUE when @hash was made with a lower cost than TEMPO_PASSWORD_COST: hash again after a good sign-in. */
gboolean tempo_password_needs_rehash (const char *hash);

/* In a pool of two threads with a queue of 32, callback in the caller's context. */
void tempo_password_hash_async (const char *password, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char *tempo_password_hash_finish (GAsyncResult *result, GError **error);
void tempo_password_verify_async (const char *password, const char *hash, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_password_verify_finish (GAsyncResult *result, GError **error);

G_END_DECLS
