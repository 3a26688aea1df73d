/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/tempo-store.h"

G_BEGIN_DECLS

/* Taking a person out of an organization's file, its log and its backups. What was asked for and played stays for the
 * night's figures, as nobody's. All functions block: worker threads. */

typedef struct
{
  const char *guest_id;
  const char *receipt_id; /* a new UUID: the emptied rows of the log name it */
  gint64 now;
  /* who erases: all but the kind (nullable) */
  const char *actor_kind, *actor_id, *actor_name, *address, *agent;
} TempoGuestErasure;

/* What was done. */
typedef struct
{
  gint64 requests;  /* lost name and words */
  gint64 votes;     /* removed */
  gint64 answers;   /* stored answers to repeated requests, removed */
  gint64 log_rows;  /* emptied */
  gint64 backups;   /* rewritten */
  gint64 destroyed; /* copies that could not be, or that nobody needs */
  gint64 shared;    /* texts that are still there because somebody else says the same */
  char digest[65];  /* of what is left of the log's rows */
} TempoErased;

/* Looks up whom @what means: a guest's id, or the number of a request of theirs; NOT_FOUND otherwise. Notes beside the file
 * what is to be looked for in it, in digests: to be called before anything of the guest is changed. (transfer full). */
char *tempo_store_prepare_erasure (TempoStore *self, const char *what, GError **error);
/* Erases from the file, in which afterwards no page holds what was erased: looked for in its bytes. Others write meanwhile,
 * and who reads an older state is waited for: BUSY after half an hour of it. */
gboolean
tempo_store_erase_guest (TempoStore *self, const TempoGuestErasure *erasure, TempoErased *erased, GError **error);
/* The same for the copies in the organization's folder: backups with the guest are rewritten; what was kept from before a
 * restore, and exports, are removed. */
gboolean tempo_copies_erase_guest (
  const char *folder, const char *tenant_id, const TempoGuestErasure *erasure, TempoErased *erased, GError **error);

G_END_DECLS
