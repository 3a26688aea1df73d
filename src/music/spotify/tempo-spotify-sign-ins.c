/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/spotify/tempo-spotify-sign-ins.h"

#include <libsoup/soup.h>
#include <string.h>

#include "base/tempo-clock.h"
#include "base/tempo-id.h"
#include "music/spotify/tempo-spotify-tokens.h"

#define STATE_BYTES 32
#define VERIFIER_BYTES 64 /* 86 characters; 43 to 128 are allowed */
#define MAX_STATE 128
/* Whoever presses the button again and again pushes out only their own. */
#define MAX_EACH 4
#define MAX_ALL 1024
#define SCOPES "user-read-playback-state user-read-currently-playing user-modify-playback-state " \
               "playlist-read-private playlist-read-collaborative"

struct _TempoSpotifySignIns
{
  TempoClock *clock;   /* (owned) */
  GHashTable *pending; /* (owned) digest of the state → TempoSpotifySignIn: looking up tells nothing by its time */
};

void
tempo_spotify_sign_in_free (TempoSpotifySignIn *self)
{
  g_clear_pointer (&self->organization, g_free);
  g_clear_pointer (&self->client_id, g_free);
  g_clear_pointer (&self->redirect, g_free);
  g_clear_pointer (&self->verifier, tempo_spotify_wipe);
  g_free (self);
}

TempoSpotifySignIns *
tempo_spotify_sign_ins_new (TempoClock *clock)
{
  TempoSpotifySignIns *self = g_new0 (TempoSpotifySignIns, 1);

  self->clock = g_object_ref (clock);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) tempo_spotify_sign_in_free);

  return self;
}

void
tempo_spotify_sign_ins_free (TempoSpotifySignIns *self)
{
  g_clear_object (&self->clock);
  g_clear_pointer (&self->pending, g_hash_table_unref);
  g_free (self);
}

/* Drops what is over, and the oldest of @organization beyond @most. */
static void
thin_out (TempoSpotifySignIns *self, const char *organization, guint most)
{
  gint64 now = tempo_clock_monotonic (self->clock);
  const char *oldest = NULL;
  gint64 first = G_MAXINT64;
  guint own = 0;
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->pending);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      TempoSpotifySignIn *pending = value;

      if (pending->until <= now)
        {
          g_hash_table_iter_remove (&iter);
          continue;
        }
      if (!g_str_equal (pending->organization, organization))
        continue;
      own++;
      if (pending->until < first)
        {
          first = pending->until;
          oldest = key;
        }
    }
  if (own > most && oldest != NULL)
    g_hash_table_remove (self->pending, oldest);
}

char *
tempo_spotify_make_challenge (const char *verifier)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  char *text;

  g_checksum_update (sum, (const guchar *) verifier, -1);
  g_checksum_get_digest (sum, digest, &length);
  text = g_base64_encode (digest, length);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

/**
 * tempo_spotify_sign_ins_begin:
 * @self: the table
 * @accounts_url: where Spotify's accounts are
 * @organization: whose sign-in it becomes
 * @client_id: the organization's own
 * @redirect: where Spotify sends the browser afterwards
 *
 * Returns: (transfer full): the address to open in a browser on this machine
 */
char *
tempo_spotify_sign_ins_begin (TempoSpotifySignIns *self, const char *accounts_url, const char *organization, const char *client_id,
                              const char *redirect)
{
  TempoSpotifySignIn *pending = g_new0 (TempoSpotifySignIn, 1);
  g_autofree char *state = tempo_token_random (STATE_BYTES);
  g_autofree char *challenge = NULL;
  g_autofree char *form = NULL;
  g_autoptr (GString) query = NULL;

  thin_out (self, organization, MAX_EACH - 1);
  if (g_hash_table_size (self->pending) >= MAX_ALL)
    g_hash_table_remove_all (self->pending);
  pending->organization = g_strdup (organization);
  pending->client_id = g_strdup (client_id);
  pending->redirect = g_strdup (redirect);
  pending->verifier = tempo_token_random (VERIFIER_BYTES);
  pending->until = tempo_clock_monotonic (self->clock) + TEMPO_SPOTIFY_SIGN_IN_US;
  challenge = tempo_spotify_make_challenge (pending->verifier);
  g_hash_table_insert (self->pending, tempo_token_digest (state), pending);

  form = soup_form_encode ("response_type", "code", "client_id", client_id, "scope", SCOPES, "redirect_uri", redirect,
                            "state", state, "code_challenge_method", "S256", "code_challenge", challenge, NULL);
  /* In an address a space is %20 for every reader, "+" only for those who take it for a form. */
  query = g_string_new (form);
  g_string_replace (query, "+", "%20", 0);

  return g_strconcat (accounts_url, "/authorize?", query->str, NULL);
}

/**
 * tempo_spotify_sign_ins_take:
 * @self: the table
 * @state: (nullable): what the browser brought
 * @organization: (nullable): whose address it came to
 *
 * A state at another organization's address is refused and stays: whose it is may still use it.
 *
 * Returns: (transfer full) (nullable): the sign-in
 */
TempoSpotifySignIn *
tempo_spotify_sign_ins_take (TempoSpotifySignIns *self, const char *state, const char *organization)
{
  g_autofree char *digest = NULL;
  TempoSpotifySignIn *found;
  gpointer key, value;

  if (state == NULL || strlen (state) > MAX_STATE)
    return NULL;
  digest = tempo_token_digest (state);
  found = g_hash_table_lookup (self->pending, digest);
  if (found == NULL || (organization != NULL && !g_str_equal (found->organization, organization)))
    return NULL;

  g_hash_table_steal_extended (self->pending, digest, &key, &value);
  g_free (key);
  found = value;
  if (found->until > tempo_clock_monotonic (self->clock))
    return found;
  tempo_spotify_sign_in_free (found);

  return NULL;
}

gboolean
tempo_spotify_sign_ins_has (TempoSpotifySignIns *self, const char *organization)
{
  GHashTableIter iter;
  gpointer value;

  thin_out (self, organization, MAX_EACH);
  g_hash_table_iter_init (&iter, self->pending);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (g_str_equal (((TempoSpotifySignIn *) value)->organization, organization))
      return TRUE;

  return FALSE;
}

void
tempo_spotify_sign_ins_forget (TempoSpotifySignIns *self, const char *organization)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->pending);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (g_str_equal (((TempoSpotifySignIn *) value)->organization, organization))
      g_hash_table_iter_remove (&iter);
}
