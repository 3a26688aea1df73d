/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People as lists: all of it is in memory. */
#include "venue/tempo-people-private.h"

#include "base/tempo-json.h"
#include "venue/tempo-host-private.h"

/* (element none). */
static GPtrArray *
list_values (GHashTable *table)
{
  GPtrArray *values = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (values, value);

  return values;
}

static int
compare_members (gconstpointer a,
                 gconstpointer b)
{
  const TempoMember *one = *(TempoMember *const *) a, *other = *(TempoMember *const *) b;

  if (one->role != other->role)
    return one->role > other->role ? -1 : 1;

  return g_utf8_collate (one->username, other->username);
}

static void
write_member (TempoVenue *venue,
              TempoMember *member,
              TempoJson *json,
              const char *key)
{
  tempo_json_begin_object (json, key);
  tempo_json_string (json, "id", member->id);
  tempo_json_string (json, "username", member->username);
  tempo_json_string (json, "role", tempo_role_to_string (member->role));
  tempo_json_bool (json, "active", member->active);
  if (member->super_admin)
    tempo_json_bool (json, "superAdmin", TRUE);
  tempo_json_bool (json, "secondFactor", tempo_people_has_factor (venue->host, member));
  tempo_json_bool (json, "passwordSet", member->password_hash != NULL && *member->password_hash != '\0');
  tempo_json_time (json, "lastSeenAt", tempo_sessions_last_seen (venue, member->id));
  tempo_json_time (json, "createdAt", member->created_at);
  tempo_json_end_object (json);
}

/**
 * tempo_people_write_member:
 * @host: a running engine
 * @member: somebody
 * @json: where to
 * @key: (nullable): the member of the JSON object
 *
 * Engine thread. What those may know who look after people.
 */
void
tempo_people_write_member (TempoHost *host,
                           TempoMember *member,
                           TempoJson *json,
                           const char *key)
{
  write_member (tempo_host_find_venue (host, member->organization_id), member, json, key);
}

GBytes *
tempo_people_list_members (TempoVenue *venue)
{
  g_autoptr (GPtrArray) members = list_values (venue->members);
  TempoJson *json = tempo_json_new ();

  g_ptr_array_sort (members, compare_members);
  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "members");
  for (guint i = 0; i < members->len; i++)
    write_member (venue, g_ptr_array_index (members, i), json, NULL);
  tempo_json_end_array (json);
  tempo_json_null (json, "next");
  tempo_json_end_object (json);

  return tempo_json_finish (json);
}

static int
compare_invitations (gconstpointer a,
                     gconstpointer b)
{
  const TempoInvitation *one = *(TempoInvitation *const *) a, *other = *(TempoInvitation *const *) b;

  return (one->created_at < other->created_at) - (one->created_at > other->created_at);
}

static void
write_invitation (TempoVenue *venue,
                  TempoInvitation *invitation,
                  TempoJson *json)
{
  TempoMember *by = g_hash_table_lookup (venue->members, invitation->created_by);
  TempoMember *of = invitation->member_id != NULL ? g_hash_table_lookup (venue->members, invitation->member_id) : NULL;

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "id", invitation->id);
  tempo_json_string (json, "kind", of != NULL ? "reset" : "invitation");
  tempo_json_string (json, "role", invitation->role != TEMPO_ROLE_NONE ? tempo_role_to_string (invitation->role) : NULL);
  tempo_json_string (json, "username", of != NULL ? of->username : NULL);
  tempo_json_string (json, "note", invitation->note);
  tempo_json_string (json, "createdBy", by != NULL ? by->username : invitation->created_by);
  tempo_json_time (json, "createdAt", invitation->created_at);
  tempo_json_time (json, "expiresAt", invitation->expires_at);
  tempo_json_end_object (json);
}

GBytes *
tempo_people_list_invitations (TempoVenue *venue)
{
  g_autoptr (GPtrArray) all = list_values (venue->people->invitations);
  gint64 now = tempo_venue_now (venue);
  TempoJson *json = tempo_json_new ();

  g_ptr_array_sort (all, compare_invitations);
  tempo_json_begin_object (json, NULL);
  tempo_json_begin_array (json, "invitations");
  for (guint i = 0; i < all->len; i++)
    if (((TempoInvitation *) g_ptr_array_index (all, i))->expires_at > now)
      write_invitation (venue, g_ptr_array_index (all, i), json);
  tempo_json_end_array (json);
  tempo_json_null (json, "next");
  tempo_json_end_object (json);

  return tempo_json_finish (json);
}
