/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lan/tempo-sentences.h"

#include <string.h>

#include "model/tempo-refusal.h"

/* What a guest reads when something happens or does not. The code is the key,
 * the engine knows no sentence. Fields in braces are filled here and not by
 * printf(): a translator's slip must not read the stack.
 *
 * The engine's reason has numbers only at times, so a row has up to two
 * forms: with the time it may be tried again, and without. */
#define N_(text) text
#define n_(one, many) one, many

typedef struct
{
  const char *code;
  const char *one;        /* without a time */
  const char *many;       /* (nullable) its plural by {n} */
  const char *timed;      /* (nullable) with {until}, and {since} where a song played */
  const char *timed_many; /* (nullable) its plural by {n} */
} Sentence;

static const Sentence sentences[] = {
  /* What came of asking. */
  { "asked", N_ ("Asked. The host will have a look.") },
  { "listed", N_ ("You're on the list.") },
  { "merged", N_ ("Already on the list. Your vote counts.") },
  { "withdrawn", N_ ("Taken back.") },
  { "voted", N_ ("Your vote counts.") },
  { "left", n_ ("{n} song left", "{n} songs left") },
  /* What the rules of the night say. */
  { "not_started", N_ ("No event is running here yet. Come back a little later."), NULL,
    /* Translators: {until} is a time such as 21:00. */
    N_ ("It starts at {until}. Come back then.") },
  { "closed", N_ ("Requests are closed for tonight. Thanks for the music.") },
  { "restricted", N_ ("Votes only right now.") },
  { "limit",
    n_ ("You have {n} song waiting. The next one opens when yours has played.",
        "You have {n} songs waiting. The next one opens when yours has played."),
    n_ (
      "You have {n} song waiting. The next one opens when yours has played, at about {until}.",
      "You have {n} songs waiting. The next one opens when yours has played, at about {until}.") },
  { "cooldown", N_ ("A short break between two songs. Try again in a few minutes."), NULL,
    N_ ("A short break between two songs. Try again at {until}.") },
  { "duplicate", N_ ("Already on the list.") },
  { "played_recently", N_ ("It played a little while ago. Choose another one."), NULL,
    N_ ("It played at {since}. Try again after {until}.") },
  { "explicit", N_ ("Explicit songs are off tonight. Choose another one.") },
  { "blocked", N_ ("This one is not for tonight. Choose another one.") },
  { "too_long", N_ ("This song is too long for tonight. Choose a shorter one.") },
  { "full", N_ ("The list is full. Vote for what you love.") },
  { "free_text", N_ ("Choose a song from what the search finds.") },
  { "no_song", N_ ("This song is not in the house. Choose another one.") },
  { "votes_off", N_ ("There are no votes tonight.") },
  { "own_vote", N_ ("This one is yours already. Vote for another one.") },
  { "not_yours", N_ ("Somebody else asked for this one. You can take back only your own.") },
  { "muted", N_ ("You can listen but not ask for a while."), NULL,
    N_ ("You can ask again at {until}.") },
  { "banned", N_ ("You can't ask for songs here tonight."), NULL,
    N_ ("You can ask for songs here again at {until}.") },
  { "state", N_ ("This song has moved on. Have a look at how it is now.") },
  { "rate", N_ ("That was quick. Wait a moment and try again.") },
  /* What the house cannot do right now. */
  { "source_unavailable", N_ ("The music can't be reached right now. Ask the host.") },
  { "storage", N_ ("This can't be saved right now. Nothing is lost, try again in a minute.") },
  { "unopened", N_ ("This place can't be opened right now. Try again in a minute, or ask the people here.") },
  { "shutting_down", N_ ("Starting again. Try it in a moment.") },
  { "full_house", N_ ("Too many phones at once. Try again in a moment.") },
  /* What staff meet too. */
  { "invalid", N_ ("Something is missing or too long. Check what you typed.") },
  { "not_found", N_ ("This is not here any more.") },
  { "unauthenticated", N_ ("Sign in first.") },
  { "wrong_password", N_ ("Name and password do not match. Try again.") },
  { "forbidden", N_ ("Your role does not allow this.") },
  { "conflict", N_ ("Somebody was quicker. Have a look at how it is now.") },
  { "event_active", N_ ("An event is running in this room. End it first.") },
  { "last_owner", N_ ("Somebody must be left who may do everything here. Make another owner first.") },
  { "managed_centrally", N_ ("People are looked after at your central instance. Change it there.") },
  { "second_factor_required", N_ ("Now the code from your authenticator.") },
  { "second_factor_missing", N_ ("This house asks for a second step when signing in. Set it up first.") },
  { "wrong_code", N_ ("This code does not fit. Try the next one.") },
  { "used_up", N_ ("This link was used or is too old. Ask for a new one.") },
  { "weak_password", N_ ("Choose a password of 8 to 72 characters.") },
  { "nothing_to_undo", N_ ("There is nothing to take back.") },
  { "licence_limit", N_ ("Your licence has no room for more of these.") },
  { "licence_key", N_ ("This licence key is not known here. Look at each character again.") },
  { "https_required",
    N_ ("Use the address for staff, which begins with https, or the computer that runs Tempo.") },
  { "bad_request", N_ ("This page is out of step. Load it again.") },
  { "too_large", N_ ("That is too long. Make it shorter.") },
  { "bad_path", N_ ("This page is out of step. Load it again.") },
  { "invalid_json", N_ ("This page is out of step. Load it again.") },
  { "too_many_streams", N_ ("Too many phones at once. Try again in a moment.") },
  { "wrong_type",
    N_ ("This page is out of step. Load it again.") },
  { "method_not_allowed",
    N_ ("This page is out of step. Load it again.") },
  { "cross_origin", N_ ("This came from another page. Open Tempo's own page and try again.") },
  { "internal", N_ ("Something went wrong here. Try again in a moment.") },
};

static const Sentence *
find_sentence (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      if (g_strcmp0 (sentences[i].code, code) == 0)
        return &sentences[i];
    }
  return NULL;
}

/* The venue's own clock: the phone may be a tourist's, the wall is not. */
static char *
format_clock_time (gint64 wall_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (wall_us / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%H:%M") : g_strdup ("");
}

static char *
fill_fields (const char *text, const TempoRefusalDetail *detail)
{
  g_autoptr (GString) filled = g_string_new (text);
  g_autofree char *count = g_strdup_printf ("%u", detail->count);
  g_autofree char *until = format_clock_time (detail->until);
  g_autofree char *since = format_clock_time (detail->since);

  g_string_replace (filled, "{n}", count, 0);
  g_string_replace (filled, "{until}", until, 0);
  g_string_replace (filled, "{since}", since, 0);
  return g_string_free (g_steal_pointer (&filled), FALSE);
}

/* A ban or mute until lifted has no time that means anything to its reader. */
static gboolean
has_usable_time (const Sentence *sentence, const TempoRefusalDetail *detail)
{
  if (sentence->timed == NULL || detail->until <= 0 || detail->until == G_MAXINT64)
    return FALSE;
  return strstr (sentence->timed, "{since}") == NULL || detail->since > 0;
}

/* Whether there is a sentence for the code, so that a `said` from an address
 * bar can say only what this table says.
 */
gboolean
tempo_sentence_exists (const char *code)
{
  return find_sentence (code) != NULL;
}

/* The sentence of a code in the reader's language. Unknown codes read as
 * "internal": a reader is never shown an identifier. @detail may be NULL.
 */
char *
tempo_sentence_new (const char *code,
                    const TempoRefusalDetail *detail,
                    TempoCatalog *catalog,
                    const char *language)
{
  static const TempoRefusalDetail nothing = { 0 };
  const Sentence *sentence = find_sentence (code);
  const char *one;
  const char *many;

  if (sentence == NULL)
    sentence = find_sentence ("internal");
  if (detail == NULL)
    detail = &nothing;

  one = has_usable_time (sentence, detail) ? sentence->timed : sentence->one;
  many = one == sentence->timed ? sentence->timed_many : sentence->many;
  if (many != NULL)
    return fill_fields (tempo_catalog_plural (catalog, language, NULL, one, many, detail->count),
                        detail);
  return fill_fields (tempo_catalog_lookup (catalog, language, NULL, one), detail);
}

/* The codes that have sentences, NULL-terminated, for the test that holds the
 * table against the engine's refusals.
 */
char **
tempo_sentence_list_codes (void)
{
  g_autoptr (GPtrArray) codes = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    g_ptr_array_add (codes, g_strdup (sentences[i].code));
  g_ptr_array_add (codes, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&codes), FALSE);
}
