/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The desktop's own lock. A few digits keep a bystander's hand off the panel, not a thief off the disk; so that the
 * digits cannot be read off the disk either, they are kept as passwords are. */
#include "venue/tempo-people-private.h"

#include <string.h>

#include "access/tempo-password.h"
#include "venue/tempo-host-private.h"

#define SETTING "desktop_pin"
/* Makes four digits long enough for the pool of passwords, and no member's hash a PIN. */
#define SALT "tempo-pin/"

typedef struct
{
  char *pin;         /* (owned) (nullable) */
  TempoActor *actor; /* (owned) (nullable) who sets it */
  gboolean was_set;
} Pin;

static void
free_pin (gpointer data)
{
  g_autofree Pin *pin = data;

  tempo_people_clear_secret (&pin->pin);
  g_clear_pointer (&pin->actor, tempo_actor_unref);
}

/**
 * tempo_pin_is_valid:
 * @pin: (nullable): what was typed
 *
 * Returns: whether it is four to twelve digits
 */
gboolean
tempo_pin_is_valid (const char *pin)
{
  gsize length = pin != NULL ? strnlen (pin, TEMPO_PIN_MAX + 1) : 0;

  return length >= TEMPO_PIN_MIN && length <= TEMPO_PIN_MAX && strspn (pin, "0123456789") == length;
}

/**
 * tempo_pin_is_set:
 * @host: a running engine
 *
 * Any thread.
 *
 * Returns: whether the desktop can be locked
 */
gboolean
tempo_pin_is_set (TempoHost *host)
{
  g_autofree char *hash = tempo_host_get_setting (host, SETTING);

  return hash != NULL;
}

static void
set_cb (GObject *object,
        GAsyncResult *result,
        gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoHost *host = TEMPO_HOST (object);
  Pin *pin = g_task_get_task_data (task);
  gboolean is_set = tempo_pin_is_set (host);
  GError *error = NULL;

  if (!tempo_host_set_setting_finish (host, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (pin->was_set || is_set)
    tempo_host_log_setting (host, pin->actor, SETTING, pin->was_set ? "(secret)" : NULL, is_set ? "(secret)" : NULL);
  g_task_return_boolean (task, TRUE);
}

static void
set_hash (GTask *task,
          const char *hash)
{
  TempoHost *host = g_task_get_source_object (task);
  Pin *pin = g_task_get_task_data (task);

  if (!host->running || host->stopping)
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_SHUTTING_DOWN, "pin", "the engine does not run");
      return;
    }
  pin->was_set = tempo_pin_is_set (host);
  tempo_host_set_setting_async (host, SETTING, hash, set_cb, g_object_ref (task));
}

static void
hashed_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = tempo_password_hash_finish (result, &error);

  if (hash == NULL)
    tempo_people_refuse_password (task, error);
  else
    set_hash (task, hash);
}

static void
set_on_engine (TempoHost *host,
               GTask *task)
{
  const char *pin = ((Pin *) g_task_get_task_data (task))->pin;

  if (pin == NULL)
    set_hash (task, NULL);
  else if (!tempo_pin_is_valid (pin + strlen (SALT)))
    tempo_refuse_task (task, TEMPO_REFUSAL_INVALID, "pin", "a PIN is 4 to 12 digits");
  else
    tempo_password_hash_async (pin, NULL, hashed_cb, g_object_ref (task));
}

static void
verified_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TempoHost *host = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  gboolean right = tempo_password_verify_finish (result, &error);

  if (error != NULL)
    {
      tempo_people_refuse_password (task, error);
    }
  else if (!host->running)
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_SHUTTING_DOWN, "pin", "the engine does not run");
    }
  else if (!right)
    {
      tempo_throttle_failed (host->by_account, SALT);
      tempo_refuse_task (task, TEMPO_REFUSAL_WRONG_CODE, "pin", "not the PIN");
    }
  else
    {
      tempo_throttle_succeeded (host->by_account, SALT);
      g_task_return_boolean (task, TRUE);
    }
}

/* Who forgot it takes it away with "tempod member pin --reset": whoever may do that owns the folder. */
static void
check_on_engine (TempoHost *host,
                 GTask *task)
{
  g_autofree char *hash = host->running ? tempo_host_get_setting (host, SETTING) : NULL;
  TempoRefusalDetail detail = { .subject = "pin" };
  guint seconds;

  if (!host->running)
    {
      tempo_refuse_task (task, TEMPO_REFUSAL_SHUTTING_DOWN, "pin", "the engine does not run");
    }
  else if (hash == NULL)
    {
      g_task_return_boolean (task, TRUE);
    }
  else if (!tempo_throttle_may_try (host->by_account, SALT, &seconds))
    {
      detail.until = tempo_clock_now (host->clock) + seconds * G_TIME_SPAN_SECOND;
      g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_RATE, &detail, "too many wrong PINs"));
    }
  else
    {
      tempo_password_verify_async (((Pin *) g_task_get_task_data (task))->pin, hash, NULL, verified_cb, g_object_ref (task));
    }
}

static GTask *
make_task (TempoHost *host,
           TempoActor *actor,
           const char *pin,
           gpointer tag,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  GTask *task = g_task_new (host, NULL, callback, user_data);
  Pin *data = g_new0 (Pin, 1);

  data->pin = pin != NULL ? g_strconcat (SALT, pin, NULL) : NULL;
  data->actor = actor != NULL ? tempo_actor_ref (actor) : NULL;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, data, free_pin);

  return task;
}

/**
 * tempo_pin_set_async:
 * @host: a running engine
 * @actor: who; the log has a row, without the digits
 * @pin: (nullable): takes it away
 * @callback: when it is kept
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_pin_set_async (TempoHost *host,
                     TempoActor *actor,
                     const char *pin,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = make_task (host, actor, pin, tempo_pin_set_async, callback, user_data);

  tempo_host_invoke (host, task, set_on_engine);
}

/**
 * tempo_pin_set_finish:
 * @host: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL or the store's
 *
 * Returns: whether it is kept
 */
gboolean
tempo_pin_set_finish (TempoHost *host,
                      GAsyncResult *result,
                      GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tempo_pin_check_async:
 * @host: a running engine
 * @pin: what was typed
 * @callback: when it is known
 * @user_data: for @callback
 *
 * Any thread.
 */
void
tempo_pin_check_async (TempoHost *host,
                       const char *pin,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = make_task (host, NULL, pin != NULL ? pin : "", tempo_pin_check_async, callback, user_data);

  tempo_host_invoke (host, task, check_on_engine);
}

/**
 * tempo_pin_check_finish:
 * @host: the engine
 * @result: of the call
 * @error: TEMPO_REFUSAL
 *
 * Returns: whether it was right, or none is set
 */
gboolean
tempo_pin_check_finish (TempoHost *host,
                        GAsyncResult *result,
                        GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
