/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-guest.h"

#include "base/tempo-json.h"
#include "model/tempo-record-private.h"

static const TempoField guest_fields[] = {
  TEMPO_FIELD (TempoGuest, id, TEXT),
  TEMPO_FIELD (TempoGuest, token_digest, TEXT),
  TEMPO_FIELD (TempoGuest, name, TEXT),
  TEMPO_FIELD (TempoGuest, held, FLAG),
  TEMPO_FIELD (TempoGuest, muted_until, INT64),
  TEMPO_FIELD (TempoGuest, banned_until, INT64),
  TEMPO_FIELD (TempoGuest, first_seen_at, INT64),
  TEMPO_FIELD (TempoGuest, last_seen_at, INT64),
  TEMPO_FIELD (TempoGuest, asked, COUNT),
  TEMPO_FIELD (TempoGuest, served, COUNT),
};

TEMPO_DEFINE_RECORD (TempoGuest, tempo_guest, guest_fields)

/* Any of one list goes with any of the other, so nothing here may turn unkind in
 * company: no sizes, no ages, no bodies; no animals that are used as insults. */
static const char *const qualities[] = {
  "Amber", "Autumn", "Azure", "Breezy", "Bright", "Bronze", "Calm", "Cheerful", "Copper", "Coral", "Cosmic", "Crimson",
  "Dapper", "Dazzling", "Electric", "Emerald", "Festive", "Gentle", "Golden", "Groovy", "Happy", "Indigo", "Ivory", "Jade",
  "Jazzy", "Jolly", "Lively", "Lucky", "Lunar", "Mellow", "Merry", "Midnight", "Misty", "Neon", "Nimble", "Opal",
  "Polar", "Rosy", "Ruby", "Scarlet", "Silver", "Snappy", "Solar", "Starlit", "Sunny", "Velvet", "Violet", "Witty",
};
static const char *const animals[] = {
  "Badger", "Beaver", "Bison", "Bluebird", "Bobcat", "Butterfly", "Canary", "Cheetah", "Cricket", "Dolphin", "Dragonfly", "Eagle",
  "Falcon", "Firefly", "Flamingo", "Fox", "Gazelle", "Gecko", "Hare", "Hedgehog", "Heron", "Ibis", "Jaguar", "Kestrel",
  "Kingfisher", "Kiwi", "Koala", "Lark", "Lemur", "Leopard", "Lynx", "Magpie", "Marmot", "Meerkat", "Moose", "Nightingale",
  "Osprey", "Otter", "Owl", "Panda", "Pelican", "Penguin", "Puffin", "Robin", "Seal", "Swift", "Toucan", "Wren",
};

static const char *
pick (const char *const *words,
      guint n_words,
      const guint8 *bytes)
{
  return words[((guint) bytes[0] << 8 | bytes[1]) % n_words];
}

/**
 * tempo_guest_new:
 * @id: its id
 * @token_digest: tempo_token_digest() of its cookie
 * @name: (nullable): as it is shown
 *
 * Returns: (transfer full): an unshared guest
 */
TempoGuest *
tempo_guest_new (const char *id,
                 const char *token_digest,
                 const char *name)
{
  TempoGuest *self = g_object_new (TEMPO_TYPE_GUEST, NULL);

  self->id = g_strdup (id);
  self->token_digest = g_strdup (token_digest);
  self->name = g_strdup (name != NULL ? name : "");

  return self;
}

/**
 * tempo_guest_copy:
 * @self: a guest
 *
 * Returns: (transfer full): an unshared guest with the same fields
 */
TempoGuest *
tempo_guest_copy (TempoGuest *self)
{
  return tempo_record_copy (self, guest_fields, G_N_ELEMENTS (guest_fields));
}

/**
 * tempo_guest_make_name:
 * @seed: what the name hangs on, such as the guest's id
 *
 * A guest who gives no name is still called something at the bar. The seed is
 * digested first, because ids made one after another are alike.
 *
 * Returns: (transfer full): a name of two words
 */
char *
tempo_guest_make_name (const char *seed)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) seed, -1);
  g_checksum_get_digest (checksum, digest, &length);

  return g_strdup_printf ("%s %s",
                          pick (qualities, G_N_ELEMENTS (qualities), digest),
                          pick (animals, G_N_ELEMENTS (animals), digest + 2));
}

/**
 * tempo_guest_to_json:
 * @self: a guest
 * @json: where to
 * @key: (nullable): the member
 *
 * Writes what staff may know; the digest of the cookie stays here.
 */
void
tempo_guest_to_json (TempoGuest *self,
                     TempoJson *json,
                     const char *key)
{
  tempo_json_begin_object (json, key);
  tempo_json_string (json, "id", self->id);
  tempo_json_string (json, "name", self->name);
  tempo_json_bool (json, "held", self->held);
  tempo_json_time (json, "mutedUntil", self->muted_until);
  tempo_json_time (json, "bannedUntil", self->banned_until);
  tempo_json_time (json, "firstSeenAt", self->first_seen_at);
  tempo_json_time (json, "lastSeenAt", self->last_seen_at);
  tempo_json_int (json, "asked", self->asked);
  tempo_json_int (json, "served", self->served);
  tempo_json_end_object (json);
}
