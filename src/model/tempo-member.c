/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-member.h"

#include "base/tempo-json.h"
#include "model/tempo-record-private.h"

G_DEFINE_ENUM_TYPE (TempoRole, tempo_role,
                    G_DEFINE_ENUM_VALUE (TEMPO_ROLE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (TEMPO_ROLE_VIEWER, "viewer"),
                    G_DEFINE_ENUM_VALUE (TEMPO_ROLE_MEMBER, "member"),
                    G_DEFINE_ENUM_VALUE (TEMPO_ROLE_ADMIN, "admin"),
                    G_DEFINE_ENUM_VALUE (TEMPO_ROLE_OWNER, "owner"))

TEMPO_DEFINE_WORDS (TempoRole, tempo_role, TEMPO_TYPE_ROLE)

static const TempoField member_fields[] = {
  TEMPO_FIELD (TempoMember, id, TEXT),
  TEMPO_FIELD (TempoMember, organization_id, TEXT),
  TEMPO_FIELD (TempoMember, username, TEXT),
  TEMPO_FIELD (TempoMember, password_hash, TEXT),
  TEMPO_FIELD_OF (TempoMember, role, ENUM, tempo_role_get_type),
  TEMPO_FIELD (TempoMember, super_admin, FLAG),
  TEMPO_FIELD (TempoMember, token_version, COUNT),
  TEMPO_FIELD (TempoMember, created_at, INT64),
  TEMPO_FIELD (TempoMember, active, FLAG),
  TEMPO_FIELD (TempoMember, password_set_at, INT64),
};

TEMPO_DEFINE_RECORD (TempoMember, tempo_member, member_fields)

/**
 * tempo_member_new:
 * @id: its id
 * @username: what it signs in with; kept in lower case
 * @role: what it may do
 *
 * Returns: (transfer full): an unshared member who cannot sign in yet
 */
TempoMember *
tempo_member_new (const char *id,
                  const char *username,
                  TempoRole role)
{
  TempoMember *self = g_object_new (TEMPO_TYPE_MEMBER, NULL);

  self->id = g_strdup (id);
  self->organization_id = g_strdup ("");
  self->username = g_utf8_strdown (username, -1);
  self->role = role;
  self->active = TRUE;

  return self;
}

/**
 * tempo_member_copy:
 * @self: a member
 *
 * Returns: (transfer full): an unshared member with the same fields
 */
TempoMember *
tempo_member_copy (TempoMember *self)
{
  return tempo_record_copy (self, member_fields, G_N_ELEMENTS (member_fields));
}

/**
 * tempo_member_to_json:
 * @self: a member
 * @json: where to
 * @key: (nullable): the member of the JSON object
 *
 * Writes what others may know; the password's hash stays here.
 */
void
tempo_member_to_json (TempoMember *self,
                      TempoJson *json,
                      const char *key)
{
  tempo_json_begin_object (json, key);
  tempo_json_string (json, "id", self->id);
  tempo_json_string (json, "username", self->username);
  tempo_json_string (json, "role", tempo_role_to_string (self->role));
  tempo_json_bool (json, "active", self->active);
  if (self->super_admin)
    tempo_json_bool (json, "superAdmin", TRUE);
  tempo_json_end_object (json);
}
