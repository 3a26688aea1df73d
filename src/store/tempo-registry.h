/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/tempo-organization.h"

G_BEGIN_DECLS

/* registry.db of the data folder: what belongs to no organization. Which organizations
 * there are and where their files lie, the installation's super admins, its settings
 * (port last used, signing key id). Has the same durability as a store. Small and rarely
 * written; calls block for microseconds (reads come from memory), writes for one fsync: engine
 * start-up, workers and the command line use it, never the main thread. One process per data folder. */

#define TEMPO_TYPE_REGISTRY (tempo_registry_get_type ())
G_DECLARE_FINAL_TYPE (TempoRegistry, tempo_registry, TEMPO, REGISTRY, GObject)

/* Takes the data folder's lock. Errors: TEMPO_STORE_ERROR. (transfer full). */
TempoRegistry *tempo_registry_open (const char *data_dir, GError **error);
void tempo_registry_close (TempoRegistry *self);
const char *tempo_registry_get_data_dir (TempoRegistry *self);

/* Unique id, slug and code; TEMPO_STORE_ERROR_CONSTRAINT otherwise. */
gboolean tempo_registry_add_organization (TempoRegistry *self, TempoOrganization *organization, GError **error);
gboolean tempo_registry_update_organization (TempoRegistry *self, TempoOrganization *organization, GError **error);
/* (element TempoOrganization) (transfer full), by age. */
GPtrArray *tempo_registry_list_organizations (TempoRegistry *self);
/* By id, slug or code. (transfer full) (nullable). */
TempoOrganization *tempo_registry_find_organization (TempoRegistry *self, const char *id_or_slug);
/* By what it was called before: the last eight names of each are kept for it. (transfer full) (nullable). */
TempoOrganization *tempo_registry_find_old_slug (TempoRegistry *self, const char *slug);
/* organizations/<id>/tempo.db. (transfer full). */
char *tempo_registry_get_store_path (TempoRegistry *self, const char *organization_id);
/* organizations/<id>/<name>, made when missing, 0700. (transfer full). */
char *tempo_registry_get_folder (TempoRegistry *self, const char *organization_id, const char *name);

/* The licence of an organization as it came; what it says is not read here. */
typedef struct
{
  char *organization_id; /* (owned) */
  char *key_digest;      /* (owned) "" when no key is known */
  char *last_four;       /* (owned) of the key */
  char *document;        /* (owned) "" when only a key is known */
  gint64 installed_at;   /* wall us */
} TempoRegistryLicence;
void tempo_registry_licence_free (TempoRegistryLicence *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoRegistryLicence, tempo_registry_licence_free)
/* Adds or replaces; CONSTRAINT when another organization has the key, or the organization is unknown. */
gboolean tempo_registry_set_licence (TempoRegistry *self, const TempoRegistryLicence *licence, GError **error);
gboolean tempo_registry_remove_licence (TempoRegistry *self, const char *organization_id, GError **error);
/* (element TempoRegistryLicence) (transfer full). From the file: for start-up and workers. */
GPtrArray *tempo_registry_list_licences (TempoRegistry *self, GError **error);

gboolean tempo_registry_add_super_admin (TempoRegistry *self, const char *organization_id, const char *member_id, GError **error);
gboolean tempo_registry_has_super_admin (TempoRegistry *self);
gboolean tempo_registry_is_super_admin (TempoRegistry *self, const char *organization_id, const char *member_id);

/* Installation settings. @value: (nullable) removes. */
gboolean tempo_registry_set (TempoRegistry *self, const char *key, const char *value, GError **error);
/* (transfer full) (nullable). */
char *tempo_registry_get (TempoRegistry *self, const char *key);
/* Join codes are unique on the host: who has @code. (transfer full) (nullable) organization id. */
char *tempo_registry_find_room_code (TempoRegistry *self, const char *code);
gboolean tempo_registry_add_room_code (TempoRegistry *self, const char *code, const char *organization_id, const char *room_id, GError **error);
/* The same for a room that is still to be made: settled when its organization's file has it, or never will. */
gboolean tempo_registry_plan_room_code (TempoRegistry *self, const char *code, const char *organization_id, const char *room_id, GError **error);
gboolean tempo_registry_settle_room_code (TempoRegistry *self, const char *code, gboolean keep, GError **error);
/* (element utf8) (transfer full). */
GPtrArray *tempo_registry_list_planned_codes (TempoRegistry *self, const char *organization_id);

/* What proves that something was erased. */
typedef struct
{
  const char *id;
  const char *kind; /* "organization", "guest" */
  gint64 at;
  const char *text; /* JSON */
} TempoErasure;
/* Organizations that come and go whole, and rooms that change hands: see tempo-registry-care.c.
 * @rooms: (element utf8) join code, room id, … @receipt: (nullable). */
gboolean tempo_registry_take_organization (TempoRegistry *self, TempoOrganization *organization, GPtrArray *rooms, GError **error);
gboolean tempo_registry_remove_organization (TempoRegistry *self, const char *id, const TempoErasure *receipt, GError **error);
gboolean tempo_registry_finish_erasures (TempoRegistry *self, GError **error);
gboolean tempo_registry_add_erasure (TempoRegistry *self, const char *organization_id, const TempoErasure *receipt, GError **error);
/* (element utf8) (transfer full): organizations that were erased, as far as it can be proved; settings whose key begins so. */
GPtrArray *tempo_registry_list_erased (TempoRegistry *self, GError **error);
GPtrArray *tempo_registry_list_keys (TempoRegistry *self, const char *prefix);
gboolean tempo_registry_move_room (TempoRegistry *self, const char *code, const char *room_id, const char *to_id, GError **error);

/* Until when a music service may not be asked by a client of its. */
typedef struct
{
  char *client;      /* (owned) */
  gint64 not_before; /* wall us */
  char *reason;      /* (owned) */
} TempoRegistryGate;
void tempo_registry_gate_free (TempoRegistryGate *self);
gboolean tempo_registry_set_gate (TempoRegistry *self, const char *client, gint64 not_before, const char *reason, GError **error);
/* (element TempoRegistryGate) (transfer full); NULL with @error. */
GPtrArray *tempo_registry_list_gates (TempoRegistry *self, GError **error);

G_END_DECLS
