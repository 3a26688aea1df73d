/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-refusal.h"

/* In the order of the enumeration. */
static const struct
{
  const char *code;
  guint status;
} refusals[] = {
  { "invalid", 422 },
  { "not_found", 404 },
  { "unauthenticated", 401 },
  { "forbidden", 403 },
  { "conflict", 409 },
  { "not_started", 409 },
  { "closed", 409 },
  { "restricted", 409 },
  { "limit", 429 },
  { "cooldown", 429 },
  { "duplicate", 409 },
  { "played_recently", 409 },
  { "explicit", 409 },
  { "blocked", 409 },
  { "too_long", 409 },
  { "full", 409 },
  { "free_text", 409 },
  { "no_song", 404 },
  { "votes_off", 409 },
  { "own_vote", 409 },
  { "not_yours", 403 },
  { "muted", 403 },
  { "banned", 403 },
  { "state", 409 },
  { "rate", 429 },
  { "nothing_to_undo", 409 },
  { "source_unavailable", 503 },
  { "storage", 503 },
  { "shutting_down", 503 },
  { "licence_limit", 403 },
  { "event_active", 409 },
  { "last_owner", 409 },
  { "managed_centrally", 409 },
  { "second_factor_required", 401 },
  { "wrong_code", 422 },
  { "used_up", 410 },
  { "weak_password", 422 },
};

G_STATIC_ASSERT (G_N_ELEMENTS (refusals) == TEMPO_REFUSAL_WEAK_PASSWORD + 1);

/* GLib keeps these bytes in front of each error of the domain and copies and
 * frees them with it; its macro wants them by this name. */
typedef TempoRefusalDetail TempoRefusalPrivate;

static void
tempo_refusal_private_init (TempoRefusalPrivate *priv)
{
  *priv = (TempoRefusalPrivate) { 0 };
}

static void
tempo_refusal_private_copy (const TempoRefusalPrivate *source,
                            TempoRefusalPrivate *target)
{
  *target = *source;
}

static void
tempo_refusal_private_clear (TempoRefusalPrivate *priv)
{
}

G_DEFINE_EXTENDED_ERROR (TempoRefusal, tempo_refusal)

/**
 * tempo_refusal_code:
 * @refusal: why Tempo says no
 *
 * Returns: the stable word that clients and sentences go by; "invalid" for a
 *   number that is none of ours
 */
const char *
tempo_refusal_code (TempoRefusal refusal)
{
  return refusals[(guint) refusal < G_N_ELEMENTS (refusals) ? refusal : TEMPO_REFUSAL_INVALID].code;
}

/**
 * tempo_refusal_status:
 * @refusal: why Tempo says no
 *
 * Returns: the HTTP status that belongs to it
 */
guint
tempo_refusal_status (TempoRefusal refusal)
{
  return refusals[(guint) refusal < G_N_ELEMENTS (refusals) ? refusal : TEMPO_REFUSAL_INVALID].status;
}

/**
 * tempo_refusal_new:
 * @refusal: why Tempo says no
 * @detail: (nullable): what a sentence about it needs
 * @format: English, for logs
 * @...: what @format names
 *
 * Returns: (transfer full): an error that carries @detail
 */
GError *
tempo_refusal_new (TempoRefusal refusal,
                   const TempoRefusalDetail *detail,
                   const char *format,
                   ...)
{
  GError *error;
  va_list args;

  va_start (args, format);
  error = g_error_new_valist (TEMPO_REFUSAL, (int) refusal, format, args);
  va_end (args);
  if (detail != NULL)
    *tempo_refusal_get_private (error) = *detail;

  return error;
}

/**
 * tempo_refusal_about:
 * @refusal: why Tempo says no
 * @subject: (nullable): the member or word concerned
 * @what: English, for logs
 *
 * Returns: (transfer full): an error that says so
 */
GError *
tempo_refusal_about (TempoRefusal refusal,
                     const char *subject,
                     const char *what)
{
  TempoRefusalDetail detail = { 0 };

  if (subject != NULL)
    g_strlcpy (detail.subject, subject, sizeof detail.subject);

  return tempo_refusal_new (refusal, &detail, "%s", what);
}

/**
 * tempo_refuse:
 * @error: why not
 * @refusal: as in tempo_refusal_about(), and the others too
 * @subject: (nullable): the member or word concerned
 * @what: English, for logs
 *
 * Returns: %FALSE, for callers to return
 */
gboolean
tempo_refuse (GError **error,
              TempoRefusal refusal,
              const char *subject,
              const char *what)
{
  g_propagate_error (error, tempo_refusal_about (refusal, subject, what));

  return FALSE;
}

/**
 * tempo_refuse_task:
 * @task: that is not done
 * @refusal: as in tempo_refusal_about(), and the others too
 * @subject: (nullable): the member or word concerned
 * @what: English, for logs
 *
 * Ends the task with a refusal.
 */
void
tempo_refuse_task (GTask *task,
                   TempoRefusal refusal,
                   const char *subject,
                   const char *what)
{
  g_task_return_error (task, tempo_refusal_about (refusal, subject, what));
}

/**
 * tempo_refusal_detail:
 * @error: (nullable): any error
 *
 * Returns: (nullable): the details, valid as long as @error; NULL when it is not
 *   of this domain
 */
const TempoRefusalDetail *
tempo_refusal_detail (const GError *error)
{
  return error != NULL && error->domain == TEMPO_REFUSAL ? tempo_refusal_get_private (error) : NULL;
}
