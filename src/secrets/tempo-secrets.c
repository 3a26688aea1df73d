/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "secrets/tempo-secrets.h"

enum
{
  PROP_0,
  PROP_DURABLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE (TempoSecrets, tempo_secrets, G_TYPE_OBJECT)

static void
tempo_secrets_get_property (GObject *object,
                            guint id,
                            GValue *value,
                            GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_DURABLE:
      g_value_set_boolean (value, tempo_secrets_is_durable (TEMPO_SECRETS (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
tempo_secrets_class_init (TempoSecretsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = tempo_secrets_get_property;

  properties[PROP_DURABLE] = g_param_spec_boolean ("durable", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tempo_secrets_init (TempoSecrets *self)
{
}

/**
 * tempo_secrets_store_async:
 * @self: where secrets live
 * @organization: whose, "" for the installation
 * @name: which
 * @secret: (nullable): NULL clears
 * @cancellable: (nullable): a cancellable
 * @callback: called in the caller's context
 * @user_data: for @callback
 *
 * Keeps a secret in place of the one before.
 */
void
tempo_secrets_store_async (TempoSecrets *self,
                           const char *organization,
                           const char *name,
                           const char *secret,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_SECRETS (self));
  g_return_if_fail (organization != NULL && name != NULL);

  TEMPO_SECRETS_GET_CLASS (self)->store_async (self, organization, name, secret, cancellable, callback, user_data);
}

/**
 * tempo_secrets_store_finish:
 * @self: where secrets live
 * @result: what the callback was given
 * @error: only when it was cancelled; a keyring that fails is no error
 *
 * Returns: whether the secret is kept now
 */
gboolean
tempo_secrets_store_finish (TempoSecrets *self,
                            GAsyncResult *result,
                            GError **error)
{
  g_return_val_if_fail (TEMPO_IS_SECRETS (self), FALSE);

  return TEMPO_SECRETS_GET_CLASS (self)->store_finish (self, result, error);
}

/**
 * tempo_secrets_lookup_async:
 * @self: where secrets live
 * @organization: whose, "" for the installation
 * @name: which
 * @cancellable: (nullable): a cancellable
 * @callback: called in the caller's context
 * @user_data: for @callback
 *
 * Asks for a secret; that there is none is no error.
 */
void
tempo_secrets_lookup_async (TempoSecrets *self,
                            const char *organization,
                            const char *name,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_SECRETS (self));
  g_return_if_fail (organization != NULL && name != NULL);

  TEMPO_SECRETS_GET_CLASS (self)->lookup_async (self, organization, name, cancellable, callback, user_data);
}

/**
 * tempo_secrets_lookup_finish:
 * @self: where secrets live
 * @result: what the callback was given
 * @error: only when it was cancelled
 *
 * Returns: (transfer full) (nullable): the secret, NULL when there is none
 */
char *
tempo_secrets_lookup_finish (TempoSecrets *self,
                             GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (TEMPO_IS_SECRETS (self), NULL);

  return TEMPO_SECRETS_GET_CLASS (self)->lookup_finish (self, result, error);
}

/**
 * tempo_secrets_forget_async:
 * @self: where secrets live
 * @organization: whose
 * @look_only: they are counted and stay
 * @cancellable: (nullable): a cancellable
 * @callback: called in the caller's context
 * @user_data: for @callback
 *
 * Takes all secrets of an organization away, whatever their names.
 */
void
tempo_secrets_forget_async (TempoSecrets *self,
                            const char *organization,
                            gboolean look_only,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (TEMPO_IS_SECRETS (self));
  g_return_if_fail (organization != NULL && *organization != '\0');

  TEMPO_SECRETS_GET_CLASS (self)->forget_async (self, organization, look_only, cancellable, callback, user_data);
}

/**
 * tempo_secrets_forget_finish:
 * @self: where secrets live
 * @result: what the callback was given
 * @error: only when it was cancelled
 *
 * Returns: how many there were, -1 when the keyring could not be asked or an error is set
 */
gssize
tempo_secrets_forget_finish (TempoSecrets *self,
                             GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (TEMPO_IS_SECRETS (self), -1);

  return TEMPO_SECRETS_GET_CLASS (self)->forget_finish (self, result, error);
}

/**
 * tempo_secrets_is_durable:
 * @self: where secrets live
 *
 * Returns: whether what is stored now would survive the end of the program
 */
gboolean
tempo_secrets_is_durable (TempoSecrets *self)
{
  g_return_val_if_fail (TEMPO_IS_SECRETS (self), FALSE);

  return TEMPO_SECRETS_GET_CLASS (self)->is_durable (self);
}

/**
 * tempo_secrets_durable_changed:
 * @self: where secrets live
 *
 * For the kinds of #TempoSecrets: notifies "durable".
 */
void
tempo_secrets_durable_changed (TempoSecrets *self)
{
  g_return_if_fail (TEMPO_IS_SECRETS (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DURABLE]);
}
