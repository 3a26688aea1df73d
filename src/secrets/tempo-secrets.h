/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

/* Where secrets live: the desktop's keyring by libsecret, or memory when there is none
 * (said so by tempo_secrets_is_durable()). Never a file of ours. Keyed by organization ("" for the installation) and name. */
#define TEMPO_TYPE_SECRETS (tempo_secrets_get_type ())
G_DECLARE_DERIVABLE_TYPE (TempoSecrets, tempo_secrets, TEMPO, SECRETS, GObject)

struct _TempoSecretsClass
{
  GObjectClass parent_class;

  void (*store_async) (TempoSecrets *self, const char *organization, const char *name, const char *secret,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*store_finish) (TempoSecrets *self, GAsyncResult *result, GError **error);
  void (*lookup_async) (TempoSecrets *self, const char *organization, const char *name,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  char *(*lookup_finish) (TempoSecrets *self, GAsyncResult *result, GError **error);
  gboolean (*is_durable) (TempoSecrets *self);
  void (*forget_async) (TempoSecrets *self, const char *organization, gboolean look_only,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gssize (*forget_finish) (TempoSecrets *self, GAsyncResult *result, GError **error);
};

/* Used in the thread whose default context made it. Property "durable" (read-only) is notified when it changes. */
TempoSecrets *tempo_secrets_new_memory (void);
/* The same over read-only credentials of systemd, named "ORGANIZATION.NAME" with dots for slashes. @folder: (nullable). */
TempoSecrets *tempo_secrets_new_credentials (const char *folder);
/* The keyring; falls back to memory (not durable) when no Secret Service answers within 2 s, or it
 * does not take a secret (locked and nobody there to unlock it). Not durable until it has answered:
 * the first look begins here, calls wait for it. */
TempoSecrets *tempo_secrets_new_keyring (void);

/* @secret: (nullable) clears. */
void tempo_secrets_store_async (TempoSecrets *self, const char *organization, const char *name, const char *secret,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean tempo_secrets_store_finish (TempoSecrets *self, GAsyncResult *result, GError **error);
/* (transfer full) (nullable), NULL without error when there is none. */
void tempo_secrets_lookup_async (TempoSecrets *self, const char *organization, const char *name,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char *tempo_secrets_lookup_finish (TempoSecrets *self, GAsyncResult *result, GError **error);
/* All secrets of an organization go; @look_only: they are only counted. The number of them, -1 when where they live
 * could not be asked. */
void tempo_secrets_forget_async (TempoSecrets *self, const char *organization, gboolean look_only,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gssize tempo_secrets_forget_finish (TempoSecrets *self, GAsyncResult *result, GError **error);
gboolean tempo_secrets_is_durable (TempoSecrets *self);
/* For kinds of TempoSecrets: tells that the answer of is_durable() changed. */
void tempo_secrets_durable_changed (TempoSecrets *self);

G_END_DECLS
