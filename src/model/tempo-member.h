/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

typedef enum
{
  TEMPO_ROLE_NONE,   /* a guest, or nobody */
  TEMPO_ROLE_VIEWER, /* sees */
  TEMPO_ROLE_MEMBER, /* runs the night */
  TEMPO_ROLE_ADMIN,  /* also rooms, rules, people below */
  TEMPO_ROLE_OWNER,
} TempoRole;
#define TEMPO_TYPE_ROLE (tempo_role_get_type ())
GType tempo_role_get_type (void);
const char *tempo_role_to_string (TempoRole role);
gboolean tempo_role_from_string (const char *text, TempoRole *role);

/* A person with a role in one organization. Never set after sharing; then any thread. */
struct _TempoMember
{
  GObject parent_instance;

  char *id;            /* (owned) */
  char *organization_id; /* (owned) */
  char *username;      /* (owned) lower case */
  char *password_hash; /* (owned) crypt(3) text; never serialized */
  TempoRole role;
  gboolean super_admin; /* of the installation */
  guint token_version;  /* tokens of an older version are void */
  gint64 created_at;
  gboolean active;      /* FALSE: stays in the list and the log, and cannot sign in */
  gint64 password_set_at; /* 0: not since this is kept */
};

#define TEMPO_TYPE_MEMBER (tempo_member_get_type ())
GType tempo_member_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoMember, g_object_unref)
#define TEMPO_MEMBER(o) (G_TYPE_CHECK_INSTANCE_CAST ((o), TEMPO_TYPE_MEMBER, TempoMember))

#define TEMPO_MEMBER_MAX_USERNAME 64

TempoMember *tempo_member_new (const char *id, const char *username, TempoRole role);
TempoMember *tempo_member_copy (TempoMember *self);
/* {"id","username","role","active"}, "superAdmin" when it is one. */
void tempo_member_to_json (TempoMember *self, TempoJson *json, const char *key);

G_END_DECLS
