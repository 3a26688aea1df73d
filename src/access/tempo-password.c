/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-password.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <string.h>

#define MAX_COST 16 /* of a stored hash: 3 s here, and a database may come from elsewhere */
#define POOL_THREADS 2
#define POOL_QUEUE 32

/* Nobody's: what a missing hash is checked against, so that an unknown name takes
 * as long as a wrong password. */
static const char dummy_hash[] = "$2b$12$TempoTempoTempoTempoTOaVvnGQ4cZhVQVXKC1UnX6DkZz3zJ7eu";

G_DEFINE_QUARK (tempo-access-error-quark, tempo_access_error)

/* crypt's work area holds what is left of the password. It is 32 KB: not for a
 * thread's stack either. */
typedef struct crypt_data CryptData;

static void
crypt_data_free (CryptData *data)
{
  OPENSSL_cleanse (data, sizeof *data);
  g_clear_pointer (&data, g_free);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CryptData, crypt_data_free)

/* (nullable): valid as long as @data. */
static const char *
run_crypt (const char *password,
           const char *setting,
           CryptData *data)
{
  return crypt_rn (password, setting, data, (int) sizeof *data);
}

/* The cost that "$2b$12$…" names, or 0 when it is no bcrypt hash. $2a$ and $2y$
 * are what other programs call the same thing; people who come from them keep
 * their passwords. */
static guint
cost_of (const char *hash)
{
  if (hash == NULL || strlen (hash) != 60 || strchr ("aby", hash[2]) == NULL ||
      strncmp (hash, "$2", 2) != 0 || hash[3] != '$' || hash[6] != '$' ||
      !g_ascii_isdigit (hash[4]) || !g_ascii_isdigit (hash[5]))
    return 0;

  return (guint) (g_ascii_digit_value (hash[4]) * 10 + g_ascii_digit_value (hash[5]));
}

static gboolean
check_length (const char *password,
              GError **error)
{
  if (strlen (password) > TEMPO_PASSWORD_MAX_BYTES)
    {
      g_set_error (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_TOO_LONG,
                   "Password is over %d bytes, where bcrypt would cut it", TEMPO_PASSWORD_MAX_BYTES);
      return FALSE;
    }
  if (g_utf8_strlen (password, -1) < TEMPO_PASSWORD_MIN_CHARACTERS)
    {
      g_set_error (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_TOO_SHORT,
                   "Password is under %d characters", TEMPO_PASSWORD_MIN_CHARACTERS);
      return FALSE;
    }

  return TRUE;
}

/* One password's way through the pool. */
typedef struct
{
  char *password; /* (owned) */
  char *hash;     /* (owned) (nullable) what to verify against */
  gboolean verify;
} Job;

static void
job_free (Job *job)
{
  OPENSSL_cleanse (job->password, strlen (job->password));
  g_clear_pointer (&job->password, g_free);
  g_clear_pointer (&job->hash, g_free);
  g_clear_pointer (&job, g_free);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static int waiting_jobs; /* (atomic) */

static void
run_job_thread (gpointer item,
                gpointer user_data)
{
  g_autoptr (GTask) task = item;
  Job *job = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = NULL;

  g_atomic_int_add (&waiting_jobs, -1);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (job->verify)
    {
      g_task_return_boolean (task, tempo_password_verify (job->password, job->hash));
      return;
    }

  hash = tempo_password_hash (job->password, 0, &error);
  if (hash != NULL)
    g_task_return_pointer (task, g_steal_pointer (&hash), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static GThreadPool *
get_pool (void)
{
  static gsize pool = 0;

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, (gsize) g_thread_pool_new (run_job_thread, NULL, POOL_THREADS, FALSE, NULL));

  return (GThreadPool *) pool;
}

/* Takes the place in the queue first and gives it back when there was none, so
 * that many callers at once cannot pass the bound together. */
static void
push_job (Job *job,
          gpointer source_tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);

  if (g_atomic_int_add (&waiting_jobs, 1) >= POOL_QUEUE)
    {
      g_atomic_int_add (&waiting_jobs, -1);
      g_task_return_new_error (task, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_BUSY,
                               "%d passwords are waiting to be checked already", POOL_QUEUE);
      return;
    }

  g_thread_pool_push (get_pool (), g_steal_pointer (&task), NULL);
}

/**
 * tempo_password_hash:
 * @password: what was chosen
 * @cost: 0 for TEMPO_PASSWORD_COST
 * @error: TEMPO_ACCESS_ERROR_TOO_SHORT, _TOO_LONG or _FAILED
 *
 * Blocks for 200 ms at the usual cost; tempo_password_hash_async() does not.
 *
 * Returns: (transfer full) (nullable): the hash with its salt
 */
char *
tempo_password_hash (const char *password,
                     guint cost,
                     GError **error)
{
  g_autoptr (CryptData) data = NULL;
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  const char *hash;

  g_return_val_if_fail (password != NULL, NULL);

  if (!check_length (password, error))
    return NULL;

  data = g_new0 (CryptData, 1);
  /* No random bytes given: libxcrypt asks the kernel itself. */
  if (crypt_gensalt_rn ("$2b$", cost != 0 ? cost : TEMPO_PASSWORD_COST, NULL, 0, setting, sizeof setting) == NULL ||
      (hash = run_crypt (password, setting, data)) == NULL || cost_of (hash) == 0)
    {
      g_set_error (error, TEMPO_ACCESS_ERROR, TEMPO_ACCESS_ERROR_FAILED, "Password could not be hashed");
      return NULL;
    }

  return g_strdup (hash);
}

/**
 * tempo_password_verify:
 * @password: what was typed
 * @hash: (nullable): what is stored; NULL for a name nobody has
 *
 * Takes as long for an unknown name as for a wrong password. Blocks.
 *
 * Returns: whether they belong together
 */
gboolean
tempo_password_verify (const char *password,
                       const char *hash)
{
  g_autoptr (CryptData) data = NULL;
  guint cost = cost_of (hash);
  gboolean usable = cost > 0 && cost <= MAX_COST;
  const char *found;

  g_return_val_if_fail (password != NULL, FALSE);

  /* No hash was ever made of such a password; the length tells nothing of the name. */
  if (strlen (password) > TEMPO_PASSWORD_MAX_BYTES)
    return FALSE;

  data = g_new0 (CryptData, 1);
  found = run_crypt (password, usable ? hash : dummy_hash, data);

  return usable && found != NULL && strlen (found) == strlen (hash) && CRYPTO_memcmp (found, hash, strlen (hash)) == 0;
}

/**
 * tempo_password_needs_rehash:
 * @hash: what is stored
 *
 * Asked after a sign-in that went well, the one moment the password is there.
 *
 * Returns: whether @hash was made with less work than is usual now
 */
gboolean
tempo_password_needs_rehash (const char *hash)
{
  return cost_of (hash) < TEMPO_PASSWORD_COST;
}

/**
 * tempo_password_hash_async:
 * @password: what was chosen
 * @cancellable: (nullable): given up before its turn came
 * @callback: called in the caller's context
 * @user_data: for @callback
 *
 * Fails with TEMPO_ACCESS_ERROR_BUSY when too many wait already: five checks a
 * second are all a core can do, so a queue without an end would be a lever.
 */
void
tempo_password_hash_async (const char *password,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  Job *job;

  g_return_if_fail (password != NULL);

  job = g_new0 (Job, 1);
  job->password = g_strdup (password);
  push_job (job, tempo_password_hash_async, cancellable, callback, user_data);
}

char *
tempo_password_hash_finish (GAsyncResult *result,
                            GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, tempo_password_hash_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tempo_password_verify_async:
 * @password: what was typed
 * @hash: (nullable): what is stored
 * @cancellable: (nullable): given up before its turn came
 * @callback: called in the caller's context
 * @user_data: for @callback
 *
 * As tempo_password_verify(), in the pool; TEMPO_ACCESS_ERROR_BUSY when it is full.
 */
void
tempo_password_verify_async (const char *password,
                             const char *hash,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Job *job;

  g_return_if_fail (password != NULL);

  job = g_new0 (Job, 1);
  job->password = g_strdup (password);
  job->hash = g_strdup (hash);
  job->verify = TRUE;
  push_job (job, tempo_password_verify_async, cancellable, callback, user_data);
}

gboolean
tempo_password_verify_finish (GAsyncResult *result,
                              GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, tempo_password_verify_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
