/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "access/tempo-licence.h"

#include <openssl/evp.h>
#include <string.h>

#include "access/tempo-base64url-private.h"
#include "access/tempo-jws-private.h"
#include "base/tempo-json.h"

#define ISSUER "tempo-central"
#define SIGNATURE_BYTES 64
#define MAX_ID 64
#define MAX_NAME 120
#define MAX_GRACE_DAYS 60
/* Clocks of two machines may differ by this much. */
#define LEEWAY_SECONDS 600

typedef EVP_PKEY Pkey;
typedef EVP_MD_CTX Context;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pkey, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Context, EVP_MD_CTX_free)

typedef struct
{
  char name[17];
  guint8 bytes[TEMPO_LICENCE_PUBLIC_BYTES];
} Key;

struct _TempoLicenceKeys
{
  Key keys[TEMPO_LICENCE_MAX_KEYS];
  guint length;
};

/**
 * tempo_licence_free:
 * @self: (nullable): a licence
 */
void
tempo_licence_free (TempoLicence *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->serial, g_free);
  g_clear_pointer (&self->organization_id, g_free);
  g_clear_pointer (&self->organization_name, g_free);
  g_clear_pointer (&self->host_id, g_free);
  g_clear_pointer (&self->key_digest, g_free);
  g_clear_pointer (&self->last_four, g_free);
  g_clear_pointer (&self, g_free);
}

/* Keys */

/**
 * tempo_licence_keys_new:
 *
 * Returns: (transfer full): the keys this Tempo was built with
 */
TempoLicenceKeys *
tempo_licence_keys_new (void)
{
  TempoLicenceKeys *self = g_new0 (TempoLicenceKeys, 1);

  if (!tempo_licence_keys_add_text (self, TEMPO_LICENCE_KEYS))
    g_error ("The option licence_keys of this build is not a list of keys");

  return self;
}

/**
 * tempo_licence_keys_free:
 * @self: (nullable): a set of keys
 */
void
tempo_licence_keys_free (TempoLicenceKeys *self)
{
  g_free (self);
}

static const Key *
find_key (const TempoLicenceKeys *self,
          const char *name)
{
  for (guint i = 0; i < self->length; i++)
    if (strcmp (self->keys[i].name, name) == 0)
      return &self->keys[i];

  return NULL;
}

/**
 * tempo_licence_keys_add:
 * @self: a set of keys
 * @name: of the key, as documents say it
 * @bytes: TEMPO_LICENCE_PUBLIC_BYTES of Ed25519
 *
 * Returns: %FALSE when @name is no name, is there already, or there are too many
 */
gboolean
tempo_licence_keys_add (TempoLicenceKeys *self,
                        const char *name,
                        const guint8 *bytes)
{
  gsize length = strlen (name);
  Key *key;

  if (length == 0 || length >= sizeof self->keys[0].name || self->length == TEMPO_LICENCE_MAX_KEYS ||
      strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != length ||
      find_key (self, name) != NULL)
    return FALSE;

  key = &self->keys[self->length++];
  memcpy (key->name, name, length + 1);
  memcpy (key->bytes, bytes, sizeof key->bytes);

  return TRUE;
}

static gboolean
read_hex (const char *text,
          guint8 *bytes,
          gsize length)
{
  if (strlen (text) != 2 * length)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]), low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      bytes[i] = (guint8) (high << 4 | low);
    }

  return TRUE;
}

/**
 * tempo_licence_keys_add_text:
 * @self: a set of keys
 * @text: as the build option has them
 *
 * Returns: %FALSE when one of them is no key
 */
gboolean
tempo_licence_keys_add_text (TempoLicenceKeys *self,
                             const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, ", ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (words[i], ":", 2);
      guint8 bytes[TEMPO_LICENCE_PUBLIC_BYTES];

      if (*words[i] == '\0')
        continue;
      if (parts[1] == NULL || !read_hex (parts[1], bytes, sizeof bytes) ||
          !tempo_licence_keys_add (self, parts[0], bytes))
        return FALSE;
    }

  return TRUE;
}

/* Signing and checking */

/* (transfer full). The only header a document of @key_name may have. */
static char *
make_header (const char *key_name)
{
  return g_strdup_printf ("{\"alg\":\"EdDSA\",\"kid\":\"%s\",\"typ\":\"tempo-licence+jwt\"}", key_name);
}

static gboolean
is_signed_by (const TempoJws *jws,
              const Key *key)
{
  g_autofree char *header = make_header (key->name);
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (Pkey) public = NULL;
  g_autoptr (Context) context = NULL;

  if (!tempo_jws_has_header (jws, header))
    return FALSE;

  signature = tempo_base64url_decode (jws->signature, strlen (jws->signature));
  public = EVP_PKEY_new_raw_public_key (EVP_PKEY_ED25519, NULL, key->bytes, sizeof key->bytes);
  context = EVP_MD_CTX_new ();

  return signature != NULL && g_bytes_get_size (signature) == SIGNATURE_BYTES && public != NULL && context != NULL &&
         EVP_DigestVerifyInit (context, NULL, NULL, NULL, public) == 1 &&
         EVP_DigestVerify (context, g_bytes_get_data (signature, NULL), SIGNATURE_BYTES,
                           (const guint8 *) jws->text, jws->signed_length) == 1;
}

static gboolean
is_signed (const TempoJws *jws,
           const TempoLicenceKeys *keys)
{
  for (guint i = 0; i < keys->length; i++)
    if (is_signed_by (jws, &keys->keys[i]))
      return TRUE;

  return FALSE;
}

static void
write_limits (TempoJson *json,
              const TempoLimits *limits)
{
  tempo_json_begin_object (json, "limits");
  for (guint i = 0; i < TEMPO_N_LIMITS; i++)
    if (limits->of[i] != TEMPO_UNLIMITED)
      tempo_json_int (json, tempo_limit_to_string (i), limits->of[i]);
    else
      tempo_json_null (json, tempo_limit_to_string (i));
  tempo_json_end_object (json);
}

static char *
make_payload (const TempoLicence *self)
{
  g_autoptr (TempoJson) json = tempo_json_new ();
  gsize length;

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "iss", ISSUER);
  tempo_json_string (json, "aud", self->host_id);
  tempo_json_string (json, "sub", self->organization_id);
  tempo_json_string (json, "name", self->organization_name);
  tempo_json_string (json, "jti", self->serial);
  tempo_json_string (json, "key", self->key_digest);
  tempo_json_string (json, "last4", self->last_four);
  tempo_json_string (json, "tier", tempo_tier_to_string (self->tier));
  write_limits (json, &self->limits);
  tempo_json_bool (json, "trial", self->trial);
  tempo_json_int (json, "iat", self->issued_at);
  tempo_json_int (json, "nbf", self->starts_at);
  tempo_json_int (json, "exp", self->ends_at);
  tempo_json_int (json, "renew", self->renew_until);
  tempo_json_int (json, "grace", self->grace_days);
  tempo_json_end_object (json);

  return g_strdup (tempo_json_peek (json, &length));
}

/**
 * tempo_licence_sign:
 * @self: what was agreed
 * @key_name: of the key it is signed with
 * @private_key: TEMPO_LICENCE_PRIVATE_BYTES of Ed25519
 *
 * Returns: (transfer full) (nullable): the document; %NULL when the library fails
 */
char *
tempo_licence_sign (const TempoLicence *self,
                    const char *key_name,
                    const guint8 *private_key)
{
  g_autofree char *header = make_header (key_name);
  g_autofree char *payload = make_payload (self);
  g_autofree char *text = tempo_jws_compose (header, payload);
  g_autofree char *tail = NULL;
  g_autoptr (Pkey) key = EVP_PKEY_new_raw_private_key (EVP_PKEY_ED25519, NULL, private_key, TEMPO_LICENCE_PRIVATE_BYTES);
  g_autoptr (Context) context = EVP_MD_CTX_new ();
  guint8 signature[SIGNATURE_BYTES];
  gsize length = sizeof signature;

  if (key == NULL || context == NULL || EVP_DigestSignInit (context, NULL, NULL, NULL, key) != 1 ||
      EVP_DigestSign (context, signature, &length, (const guint8 *) text, strlen (text)) != 1)
    return NULL;
  tail = tempo_base64url_encode (signature, length);

  return g_strconcat (text, ".", tail, NULL);
}

/* Reading */

static void
read_limits (TempoLicence *self,
             JsonObject *object,
             GError **error)
{
  JsonNode *node = json_object_get_member (object, "limits");
  JsonObject *limits = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  self->limits = *tempo_tier_get_limits (self->tier);
  for (guint i = 0; limits != NULL && i < TEMPO_N_LIMITS; i++)
    {
      const char *name = tempo_limit_to_string (i);

      /* Absent: as the tier has it. null: without limit. */
      if (json_object_has_member (limits, name))
        self->limits.of[i] = (guint32) tempo_json_get_int (limits, name, 0, TEMPO_UNLIMITED, TEMPO_UNLIMITED, error);
    }
}

/* What a document must say is looked at once, at the end. */
static TempoLicence *
read_claims (JsonObject *object,
             GError **error)
{
  g_autoptr (TempoLicence) self = g_new0 (TempoLicence, 1);
  g_autoptr (GError) local_error = NULL;
  gboolean ours = g_str_equal (tempo_json_get_string (object, "iss", MAX_ID, "", &local_error), ISSUER);

  self->serial = g_strdup (tempo_json_get_string (object, "jti", MAX_ID, "", &local_error));
  self->organization_id = g_strdup (tempo_json_get_string (object, "sub", MAX_ID, "", &local_error));
  self->organization_name = g_strdup (tempo_json_get_string (object, "name", MAX_NAME, "", &local_error));
  self->host_id = g_strdup (tempo_json_get_string (object, "aud", MAX_ID, "", &local_error));
  self->key_digest = g_strdup (tempo_json_get_string (object, "key", MAX_ID, "", &local_error));
  self->last_four = g_strdup (tempo_json_get_string (object, "last4", 4, "", &local_error));
  self->trial = tempo_json_get_bool (object, "trial", FALSE, &local_error);
  self->issued_at = tempo_json_get_int (object, "iat", 0, G_MAXINT32 * G_GINT64_CONSTANT (1000), -1, &local_error);
  self->starts_at = tempo_json_get_int (object, "nbf", 0, G_MAXINT32 * G_GINT64_CONSTANT (1000), -1, &local_error);
  self->ends_at = tempo_json_get_int (object, "exp", 0, G_MAXINT32 * G_GINT64_CONSTANT (1000), -1, &local_error);
  self->renew_until = tempo_json_get_int (object, "renew", 0, G_MAXINT32 * G_GINT64_CONSTANT (1000), self->ends_at, &local_error);
  self->grace_days = (guint) tempo_json_get_int (object, "grace", 0, MAX_GRACE_DAYS, TEMPO_LICENCE_GRACE_DAYS, &local_error);
  if (!tempo_tier_from_string (tempo_json_get_string (object, "tier", MAX_ID, "", &local_error), &self->tier))
    ours = FALSE;
  else
    read_limits (self, object, &local_error);

  if (local_error == NULL && ours && *self->serial != '\0' && strlen (self->key_digest) == 64 &&
      self->issued_at >= 0 && self->starts_at >= 0 && self->ends_at > self->starts_at)
    return g_steal_pointer (&self);

  g_set_error (error, TEMPO_LICENCE_ERROR, TEMPO_LICENCE_ERROR_DOCUMENT, "The licence document %s",
               local_error != NULL ? local_error->message : "lacks what it must say");
  return NULL;
}

/**
 * tempo_licence_read:
 * @document: (nullable): what came from outside; blanks around it do not matter
 * @keys: those it may be signed with
 * @now: wall time in seconds
 * @error: DOCUMENT or CLOCK of TEMPO_LICENCE_ERROR
 *
 * Nothing a document says is looked at before its signature was found good.
 *
 * Returns: (transfer full) (nullable): what it says, whether or not its time is over
 */
TempoLicence *
tempo_licence_read (const char *document,
                    const TempoLicenceKeys *keys,
                    gint64 now,
                    GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (TempoLicence) self = NULL;
  TempoJws jws;

  if (document != NULL && strnlen (document, TEMPO_LICENCE_MAX_LENGTH + 1) <= TEMPO_LICENCE_MAX_LENGTH)
    text = g_strstrip (g_strdup (document));
  if (!tempo_jws_split (text, TEMPO_LICENCE_MAX_LENGTH, &jws))
    {
      g_set_error (error, TEMPO_LICENCE_ERROR, TEMPO_LICENCE_ERROR_DOCUMENT, "This is not a licence document");
      return NULL;
    }
  if (!is_signed (&jws, keys) || (object = tempo_jws_read_payload (&jws)) == NULL)
    {
      g_set_error (error, TEMPO_LICENCE_ERROR, TEMPO_LICENCE_ERROR_DOCUMENT,
                   "The licence document was changed, or signed by nobody this Tempo knows");
      return NULL;
    }

  self = read_claims (object, error);
  if (self != NULL && self->issued_at > now + LEEWAY_SECONDS)
    {
      g_set_error (error, TEMPO_LICENCE_ERROR, TEMPO_LICENCE_ERROR_CLOCK,
                   "The licence document was issued after what this computer's clock says");
      return NULL;
    }

  return g_steal_pointer (&self);
}
