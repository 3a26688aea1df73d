/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "venue/tempo-care.h"
#include "venue/tempo-host-private.h"

/* An order under way. */
typedef struct
{
  TempoHost *host; /* (unowned) lives longer: it waits for its jobs */
  TempoCareKind kind;
  TempoActor *actor;   /* (owned) */
  char *name;          /* (owned) (nullable) the organization as it was called */
  char *path, *slug, *target, *title; /* (owned) (nullable) */
  gboolean as_new, dry_run, credentials;
  gint64 now;

  TempoOrganization *organization; /* (owned) (nullable) */
  TempoOrganization *made;         /* (owned) (nullable) that came to be */
  TempoOrganization *other;        /* (owned) (nullable) where a room goes to */
  TempoStore *store;       /* (owned) (nullable) open; of a venue that was taken out: to be closed by the worker */
  TempoStore *other_store; /* (owned) (nullable) as above */
  char *folder;            /* (owned) (nullable) the organization's */
  GPtrArray *opened; /* (owned) (element TempoVenue) that come to life at the end, however it ended */
  gssize secrets;    /* the organization's; -1: their place could not be asked */
  gboolean in_keyring;
  char *text;        /* (owned) (nullable) what to tell */
  char *object;      /* (owned) (nullable) for the log */
} TempoCareJob;

/* Worker threads; may block. Errors: TEMPO_REFUSAL or the store's. */
typedef gboolean (*TempoCareWork) (TempoCareJob *job, GError **error);

gboolean tempo_care_verify_log (TempoCareJob *job, GError **error);
gboolean tempo_care_export (TempoCareJob *job, GError **error);
gboolean tempo_care_import (TempoCareJob *job, GError **error);
gboolean tempo_care_restore (TempoCareJob *job, GError **error);
gboolean tempo_care_erase_guest (TempoCareJob *job, GError **error);
gboolean tempo_care_erase_organization (TempoCareJob *job, GError **error);
gboolean tempo_care_take_single (TempoCareJob *job, GError **error);
gboolean tempo_care_drop_single (TempoCareJob *job, GError **error);
gboolean tempo_care_give_single (TempoCareJob *job, GError **error);
gboolean tempo_care_move_room (TempoCareJob *job, GError **error);

/* Opens an organization's file again, or a new one, for the end of the job. */
gboolean tempo_care_open (TempoCareJob *job, TempoOrganization *organization, GError **error);
/* After the registry forgot an organization: what is on the disk. What cannot be removed now is at the next start. */
gboolean tempo_care_finish_removal (TempoCareJob *job, GError **error);
/* A file made into an organization of this host: its folder put in place, its codes noted. @found: of
 * tempo_import_read(). */
gboolean tempo_care_settle (TempoCareJob *job, const char *from_folder, gpointer found, GError **error);
/* A file in the folder of an organization that the registry may not know yet. */
#define TEMPO_CARE_MARK "importing"
gboolean tempo_care_recover_moves (TempoRegistry *registry, GError **error);
/* tempo-care-secrets.c, engine thread: takes away what the keyring has of an organization that was erased. @done:
 * (nullable) afterwards, also when the keyring did not answer: then the next start does it. */
void tempo_care_forget_secrets (TempoHost *self, const char *organization_id, GSourceFunc done, gpointer user_data);
/* Those of organizations whose erasure came no further. */
void tempo_care_recover_secrets (TempoHost *self);
/* Before any file is opened: what a crash left half done is done or undone. */
gboolean tempo_care_recover (TempoRegistry *registry, GError **error);
/* The figures of the log where who changes the file does not reach; kept as they were when the log does not hold to
 * them. */
gboolean tempo_care_note_log (TempoRegistry *registry, TempoStore *store, GError **error);

/* tempo-host-accounts.c: three or four letters nobody here has. (transfer full). */
char *tempo_accounts_find_code (TempoRegistry *registry, const char *name);
char *tempo_accounts_find_slug (TempoRegistry *registry, const char *name, const char *slug, GError **error);
/* A join code nobody here has. (transfer full). */
char *tempo_accounts_find_room_code (TempoRegistry *registry);
/* tempo-room-guest-actions.c: takes a guest's waiting songs back and its name off everything, in memory and in the
 * turn. */
guint tempo_venue_forget_guest (TempoVenue *self, TempoGuest *guest, TempoActor *actor);
