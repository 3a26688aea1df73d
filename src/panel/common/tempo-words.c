/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/common/tempo-words.h"

#include <glib/gi18n.h>

#include "model/tempo-refusal.h"
#include "store/tempo-store.h"

typedef struct
{
  const char *code;
  const char *text;
} Word;

/* In the order of the keys; the last one opens the field for one's own words. */
static const Word reasons[] = {
  { "not_tonight", NC_("reason", "Not tonight") },
  { "played_enough", NC_("reason", "Played enough already") },
  { "not_here", NC_("reason", "Does not fit this place") },
  { "later", NC_("reason", "Maybe later") },
  { "other", NC_("reason", "In your own words") },
};

static const Word health_names[] = {
  { "address", NC_("health", "Address") },
  { "backup", NC_("health", "Backup") },
  { "disk", NC_("health", "Disk") },
  { "display", NC_("health", "Display") },
  { "fallback", NC_("health", "Music") },
  { "licence_clock", NC_("health", "Clock") },
  { "licence_grace", NC_("health", "Licence") },
  { "licence_over", NC_("health", "Licence") },
  { "licence_renew", NC_("health", "Licence") },
  { "quota_near", NC_("health", "Storage quota") },
  { "quota_over", NC_("health", "Storage quota") },
  { "secrets", NC_("health", "Keyring") },
  { "source", NC_("health", "Music") },
  { "store", NC_("health", "Saving") },
};

static const Word health_sentences[] = {
  { "address", NC_("health", "Phones cannot reach this computer. Check the network and the firewall.") },
  { "backup", NC_("health", "The last backup did not work.") },
  { "disk", NC_("health", "The disk is nearly full.") },
  { "display", NC_("health", "The display is gone.") },
  { "fallback", NC_("health", "The player went away, so the next one on your list plays. Go back when it is there again.") },
  { "licence_clock", NC_("health", "The clock of this computer is behind. Set it right.") },
  { "licence_grace", NC_("health", "The licence is over. All goes on for two weeks; renew it before.") },
  { "licence_over", NC_("health", "The licence is over. What you have goes on; more rooms and people need a new one.") },
  { "licence_renew", NC_("health", "The licence wants to be renewed soon.") },
  { "quota_near", NC_("health", "Most of the storage quota is used.") },
  { "quota_over", NC_("health", "The storage quota is used up. Everything goes on; make room soon.") },
  { "secrets", NC_("health", "No keyring: passwords of music services are forgotten at the next start.") },
  { "source", NC_("health", "The music cannot be played from its source now.") },
  { "store", NC_("health", "Saving does not work. New requests are turned away until it does.") },
};

static const struct
{
  const char *code;
  const char *label;
  const char *action;
} remedies[] = {
  { "address", NC_("remedy", "Test the Connection"), "win.self-test" },
  { "backup", NC_("remedy", "Back Up Now"), "win.backup" },
  { "disk", NC_("remedy", "Open the Folder"), "app.open-data-folder" },
  { "display", NC_("remedy", "Choose a Screen"), "win.show-display" },
  { "fallback", NC_("remedy", "Go Back After This Song"), "win.first-source" },
  { "licence_grace", NC_("remedy", "Enter a Key"), "win.show-licence" },
  { "licence_over", NC_("remedy", "Enter a Key"), "win.show-licence" },
  { "licence_renew", NC_("remedy", "Enter a Key"), "win.show-licence" },
  { "source", NC_("remedy", "Choose Music"), "win.show-music" },
  { "store", NC_("remedy", "Open the Folder"), "app.open-data-folder" },
};

static const Word roles[] = {
  { "viewer", NC_ ("role", "Viewer") },
  { "member", NC_ ("role", "Member") },
  { "admin", NC_ ("role", "Admin") },
  { "owner", NC_ ("role", "Owner") },
};

static const Word tiers[] = {
  { "community", NC_("tier", "Community") },
  { "small", NC_("tier", "Small") },
  { "medium", NC_("tier", "Medium") },
  { "institution", NC_("tier", "Institution") },
};

static const Word licence_states[] = {
  { "none", NC_("licence", "no licence") },
  { "pending", NC_("licence", "has not begun") },
  { "valid", NC_("licence", "valid") },
  { "renew", NC_("licence", "to be renewed soon") },
  { "grace", NC_("licence", "over, all goes on for some days") },
  { "restricted", NC_("licence", "over") },
};

static const Word limits[] = {
  { "rooms", NC_("licence", "Rooms") },
  { "members", NC_("licence", "People") },
  { "displays", NC_("licence", "Displays") },
};

static const char *
find_word (const Word *words,
           gsize n_words,
           const char *context,
           const char *code)
{
  for (gsize i = 0; i < n_words; i++)
    if (g_strcmp0 (words[i].code, code) == 0)
      return g_dpgettext2 (NULL, context, words[i].text);
  return NULL;
}

/* A song's length as people say it: minutes and seconds, hours only when there are any.
 * An unknown length is no text at all rather than 0:00.
 */
char *
tempo_words_length (gint64 ms)
{
  int seconds = (int) (ms / 1000);

  if (ms <= 0)
    return g_strdup ("");
  if (seconds >= 3600)
    /* Translators: a length: hours, minutes, seconds. */
    return g_strdup_printf (C_ ("length", "%d:%02d:%02d"), seconds / 3600, seconds / 60 % 60, seconds % 60);
  /* Translators: a length: minutes, seconds. */
  return g_strdup_printf (C_ ("length", "%d:%02d"), seconds / 60, seconds % 60);
}

/* How long until a song starts. Nobody plans by seconds, so it is rounded
 * to minutes, and unknown is no text.
 */
char *
tempo_words_eta (gint seconds)
{
  int minutes = (seconds + 30) / 60;

  if (seconds < 0)
    return g_strdup ("");
  if (minutes < 1)
    return g_strdup (C_ ("eta", "in a moment"));
  if (minutes >= 120)
    /* Translators: %d is a number of hours. */
    return g_strdup_printf (ngettext ("in about %d hour", "in about %d hours", (gulong) (minutes + 30) / 60),
                            (minutes + 30) / 60);
  /* Translators: %d is a number of minutes. */
  return g_strdup_printf (ngettext ("in about %d minute", "in about %d minutes", (gulong) minutes), minutes);
}

/* The same where there is room for a word or two only:
 * a row of the queue.
 */
char *
tempo_words_eta_short (gint seconds)
{
  int minutes = (seconds + 30) / 60;

  if (seconds < 0)
    return g_strdup ("");
  if (minutes < 1)
    return g_strdup (C_ ("eta", "in a moment"));
  /* Translators: about %d minutes; keep it very short. */
  return g_strdup_printf (ngettext ("~%d min", "~%d min", (gulong) minutes), minutes);
}

/* The time of day in the local time zone, as a clock on the wall shows it.
 * 0 is no text.
 */
char *
tempo_words_clock (gint64 wall_us)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (wall_us <= 0)
    return g_strdup ("");
  utc = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  /* Translators: a time of day in the form of g_date_time_format(); %H:%M is 23:40, %l:%M %p is 11:40 PM. */
  return local != NULL ? g_date_time_format (local, C_ ("time of day", "%H:%M")) : g_strdup ("");
}

/* Reads a time of day as people write it: "23:30", "0.15" and "7" alike.
 */
gboolean
tempo_words_read_clock (const char *text,
                        int *hour,
                        int *minute)
{
  char *end = NULL;
  guint64 hours = g_ascii_strtoull (text, &end, 10);
  guint64 minutes = 0;

  if (end == text || hours > 23)
    return FALSE;
  if (*end == ':' || *end == '.')
    minutes = g_ascii_strtoull (end + 1, &end, 10);
  if (*end != '\0' || minutes > 59)
    return FALSE;
  *hour = (int) hours;
  *minute = (int) minutes;
  return TRUE;
}

/* How long ago something was; from an hour on the time of day,
 * because "73 min ago" makes people do sums.
 */
char *
tempo_words_ago (gint64 then,
                 gint64 now)
{
  gint64 minutes = (now - then) / (60 * G_USEC_PER_SEC);
  g_autofree char *clock = NULL;

  if (then <= 0)
    return g_strdup ("");
  if (minutes < 1)
    return g_strdup (C_ ("ago", "just now"));
  if (minutes < 60)
    /* Translators: %d is a number of minutes; keep it short, it stands in a row. */
    return g_strdup_printf (ngettext ("%d min ago", "%d min ago", (gulong) minutes), (int) minutes);
  clock = tempo_words_clock (then);
  /* Translators: %s is a time of day. */
  return g_strdup_printf (C_ ("ago", "at %s"), clock);
}

/* Which day it is in the local time zone, counted from the beginning of the calendar. */
static guint32
count_days (gint64 wall_us,
            GDateTime **local)
{
  g_autoptr (GDate) date = NULL;
  int year, month, day;

  *local = g_date_time_new_from_unix_local (wall_us / G_USEC_PER_SEC);
  if (*local == NULL)
    return 0;
  g_date_time_get_ymd (*local, &year, &month, &day);
  date = g_date_new_dmy ((GDateDay) day, month, (GDateYear) year);
  return g_date_get_julian (date);
}

/* The day of a time as people call it, for the headings of a list.
 * Both times are wall microseconds.
 */
char *
tempo_words_day (gint64 then,
                 gint64 now)
{
  g_autoptr (GDateTime) day = NULL;
  g_autoptr (GDateTime) today = NULL;
  guint32 then_days, now_days;

  if (then <= 0)
    return g_strdup ("");
  then_days = count_days (then, &day);
  now_days = count_days (now, &today);
  if (day == NULL || today == NULL)
    return g_strdup ("");
  if (then_days == now_days)
    return g_strdup (C_ ("day", "Today"));
  if (then_days + 1 == now_days)
    return g_strdup (C_ ("day", "Yesterday"));
  if (g_date_time_get_year (day) == g_date_time_get_year (today))
    /* Translators: a day of this year in the form of g_date_time_format(), such as Friday, 20 November. */
    return g_date_time_format (day, C_ ("day", "%A, %-d %B"));
  /* Translators: a day of another year in the form of g_date_time_format(). */
  return g_date_time_format (day, C_ ("day", "%A, %-d %B %Y"));
}

/* The state of a request in one word or two,
 * as the history shows it.
 */
const char *
tempo_words_status (TempoRequestStatus status)
{
  switch (status)
    {
    case TEMPO_REQUEST_PENDING:
      return C_ ("request", "Waiting");
    case TEMPO_REQUEST_APPROVED:
      return C_ ("request", "On the list");
    case TEMPO_REQUEST_PLAYING:
      return C_ ("request", "Playing");
    case TEMPO_REQUEST_PLAYED:
      return C_ ("request", "Played");
    case TEMPO_REQUEST_DECLINED:
      return C_ ("request", "Declined");
    case TEMPO_REQUEST_WITHDRAWN:
      return C_ ("request", "Withdrawn");
    case TEMPO_REQUEST_EXPIRED:
      return C_ ("request", "Not reached");
    case TEMPO_REQUEST_FAILED:
      return C_ ("request", "Could not play");
    default:
      return "";
    }
}

/* The stable code of the reason behind the keys 1 to 5,
 * counted from 0; NULL past the end.
 */
const char *
tempo_words_reason_code (guint index)
{
  return index < G_N_ELEMENTS (reasons) ? reasons[index].code : NULL;
}

/* The reason in the host's language. Guests read it in theirs,
 * which is why a code travels and not this text.
 */
const char *
tempo_words_reason (const char *code)
{
  return find_word (reasons, G_N_ELEMENTS (reasons), "reason", code);
}

/* The room's switch in a word,
 * for the button and the menu.
 */
const char *
tempo_words_switch (TempoSwitch value)
{
  switch (value)
    {
    case TEMPO_SWITCH_OPEN:
      return C_ ("switch", "Open");
    case TEMPO_SWITCH_RESTRICTED:
      return C_ ("switch", "Votes only");
    case TEMPO_SWITCH_CLOSED:
      return C_ ("switch", "Closed");
    default:
      return "";
    }
}

/* What the switch means for guests,
 * one short sentence under the word.
 */
const char *
tempo_words_switch_detail (TempoSwitch value)
{
  switch (value)
    {
    case TEMPO_SWITCH_OPEN:
      return _("Guests ask for songs and vote");
    case TEMPO_SWITCH_RESTRICTED:
      return _("Guests vote for what is on the list");
    case TEMPO_SWITCH_CLOSED:
      return _("Nobody asks any more; the list plays on");
    default:
      return "";
    }
}

/* Why a song stands where it stands, as a sentence one can
 * read out to the guest at the bar.
 */
char *
tempo_words_place (TempoPlace place,
                   guint turn,
                   guint votes)
{
  switch (place)
    {
    case TEMPO_PLACE_LOCKED:
      return g_strdup (_("It is next. The next song does not change any more."));
    case TEMPO_PLACE_PINNED:
      return g_strdup (_("You put it here. Unpin it to let the order decide."));
    case TEMPO_PLACE_TURN:
      if (turn == 0)
        return g_strdup (_("It is this guest’s first song, so it comes before songs of guests who have had theirs."));
      /* Translators: %u is how many songs of the guest were played or come first. */
      return g_strdup_printf (ngettext ("%u song of this guest comes first; the guests behind have had more.",
                                        "%u songs of this guest come first; the guests behind have had more.", turn),
                              turn);
    case TEMPO_PLACE_VOTES:
      /* Translators: %u is a number of votes. */
      return g_strdup_printf (ngettext ("It has %u vote, more than the one behind it.",
                                        "It has %u votes, more than the one behind it.", votes),
                              votes);
    case TEMPO_PLACE_TIME:
      return g_strdup (_("It was asked for earlier than the one behind it."));
    case TEMPO_PLACE_HELD:
      return g_strdup (_("Its guest is on hold, so others go first. It keeps its turn."));
    default:
      return g_strdup ("");
    }
}

/* Title and artist as one line; free text may have no artist,
 * and then the title stands alone.
 */
char *
tempo_words_song (TempoSong *song)
{
  if (song == NULL)
    return g_strdup ("");
  if (song->artist == NULL || *song->artist == '\0')
    return g_strdup (song->title);
  /* Translators: a song: first the title, then the artist. */
  return g_strdup_printf (C_ ("song", "%s · %s"), song->title, song->artist);
}

static char *
describe_many (TempoAction action,
               guint count)
{
  if (action == TEMPO_ACTION_APPROVE)
    /* Translators: %u is how many requests were approved at once. */
    return g_strdup_printf (ngettext ("%u request approved", "%u requests approved", count), count);
  /* Translators: %u is how many songs were taken off the list at once. */
  return g_strdup_printf (ngettext ("%u song taken off the list", "%u songs taken off the list", count), count);
}

static char *
describe_one (TempoAction action,
              const char *title)
{
  switch (action)
    {
    case TEMPO_ACTION_SUBMIT:
      /* Translators: %s is a song's title. */
      return g_strdup_printf (_("“%s” is on the list"), title);
    case TEMPO_ACTION_APPROVE:
      /* Translators: %s is a song's title. */
      return g_strdup_printf (_("“%s” approved"), title);
    case TEMPO_ACTION_DECLINE:
      /* Translators: %s is a song's title. */
      return g_strdup_printf (_("“%s” declined"), title);
    case TEMPO_ACTION_REMOVE:
      /* Translators: %s is a song's title. */
      return g_strdup_printf (_("“%s” taken off the list"), title);
    case TEMPO_ACTION_SKIP:
      /* Translators: %s is a song's title. */
      return g_strdup_printf (_("“%s” skipped"), title);
    default:
      return NULL;
    }
}

static const char *
describe_action (TempoAction action)
{
  switch (action)
    {
    case TEMPO_ACTION_SKIP:
      return _("Song skipped");
    case TEMPO_ACTION_UNDO:
      return _("Taken back");
    case TEMPO_ACTION_EVENT_END:
      return _("The night has ended. Thanks for the music.");
    case TEMPO_ACTION_EVENT_START:
    case TEMPO_ACTION_EVENT_CREATE:
      return _("The doors are open");
    case TEMPO_ACTION_GUEST_CLEAR:
      return _("All waiting songs of this guest are off the list");
    default:
      return NULL;
    }
}

/* What a toast says after a command. What the eye sees happen anyway (a song
 * moving, the switch turning) needs no toast and gives NULL.
 */
char *
tempo_words_done (TempoCommand *command,
                  TempoOutcome *outcome)
{
  char *text = NULL;

  if (outcome->count > 0 && command->request_id == NULL
      && (command->action == TEMPO_ACTION_APPROVE || command->action == TEMPO_ACTION_CLEAR))
    return describe_many (command->action, outcome->count);
  if (outcome->request != NULL)
    text = describe_one (command->action, outcome->request->song->title);
  return text != NULL ? text : g_strdup (describe_action (command->action));
}

static const char *
get_store_sentence (int code)
{
  switch (code)
    {
    case TEMPO_STORE_ERROR_FULL:
      return _("The disk is full. Free some space; nothing that was accepted is lost.");
    case TEMPO_STORE_ERROR_READ_ONLY:
      return _("Tempo may not write to its folder. Allow it, then try again.");
    case TEMPO_STORE_ERROR_BUSY:
      return _("Another Tempo already works with this folder. Close it, then try again.");
    case TEMPO_STORE_ERROR_NEWER:
      return _("This folder was written by a newer Tempo. Update this one.");
    case TEMPO_STORE_ERROR_CORRUPT:
      return _("The data file is damaged. Restore a backup.");
    case TEMPO_STORE_ERROR_DENIED:
      return _("The data file is another organization’s. Put the right one back.");
    case TEMPO_STORE_ERROR_NOT_FOUND:
      return _("The data file is gone. Put it back, or restore a backup.");
    default:
      return _("The disk did not take it. Try again.");
    }
}

static const char *
get_refusal_sentence (int code)
{
  switch (code)
    {
    case TEMPO_REFUSAL_NOT_FOUND:
      return _("It is not there any more.");
    case TEMPO_REFUSAL_CONFLICT:
      return _("That does not go together with what is already there.");
    case TEMPO_REFUSAL_EVENT_ACTIVE:
      return _("A night is running in this room. End it first.");
    case TEMPO_REFUSAL_NOT_STARTED:
      return _("No night is running. Open the doors first.");
    case TEMPO_REFUSAL_DUPLICATE:
      return _("It is on the list already.");
    case TEMPO_REFUSAL_PLAYED_RECENTLY:
      return _("It played a short while ago.");
    case TEMPO_REFUSAL_FULL:
      return _("The list is full.");
    case TEMPO_REFUSAL_NO_SONG:
      return _("This song is not in your music.");
    case TEMPO_REFUSAL_STATE:
      return _("Somebody was quicker: it has moved on already.");
    case TEMPO_REFUSAL_NOTHING_TO_UNDO:
      return _("There is nothing to take back.");
    case TEMPO_REFUSAL_SOURCE:
      return _("The music source cannot do that now.");
    case TEMPO_REFUSAL_STORAGE:
      return _("It could not be saved. Nothing that was accepted is lost; try again.");
    case TEMPO_REFUSAL_SHUTTING_DOWN:
      return _("Tempo is closing.");
    case TEMPO_REFUSAL_FORBIDDEN:
      return _("Your role does not allow this.");
    case TEMPO_REFUSAL_LAST_OWNER:
      return _("Somebody must be left who may do everything here. Make another owner first.");
    case TEMPO_REFUSAL_MANAGED:
      return _("People are looked after at your central instance. Change it there.");
    case TEMPO_REFUSAL_WRONG_CODE:
      return _("That is not it. Try again.");
    case TEMPO_REFUSAL_RATE:
      return _("Too many tries. Wait a moment.");
    case TEMPO_REFUSAL_WEAK_PASSWORD:
      return _("Choose a password of 8 to 72 characters.");
    default:
      return NULL;
    }
}

/* Why something did not happen, for people. Codes map to sentences; an unknown
 * one shows the engine's English text, which is better than silence.
 */
char *
tempo_words_refusal (const GError *error)
{
  const char *sentence = NULL;

  if (error == NULL)
    return g_strdup ("");
  if (error->domain == TEMPO_REFUSAL)
    sentence = get_refusal_sentence (error->code);
  else if (error->domain == TEMPO_STORE_ERROR)
    sentence = get_store_sentence (error->code);
  if (sentence != NULL)
    return g_strdup (sentence);
  /* Translators: %s is a technical message in English. */
  return g_strdup_printf (_("That did not work: %s"), error->message);
}

/* Why an organization cannot be opened.
 * @code is the TempoStoreError,
 * or -1 when that is not known any more.
 */
char *
tempo_words_unopened (int code)
{
  return g_strdup (get_store_sentence (code));
}

/* Why a PIN did not do. The engine's wait doubles with every wrong one, so it is said.
 */
char *
tempo_words_pin_refusal (const GError *error,
                         gint64 now)
{
  const TempoRefusalDetail *detail = tempo_refusal_detail (error);
  gint64 wait = detail != NULL && detail->until > now ? (detail->until - now + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC : 0;

  if (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_WRONG_CODE))
    return g_strdup (_("That is not the PIN. Try again."));
  if (g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_INVALID))
    return g_strdup (_("A PIN is 4 to 12 digits."));
  if (wait > 0 && wait < 120)
    /* Translators: after too many wrong PINs. */
    return g_strdup_printf (ngettext ("Too many tries. Wait %u second, then try again.",
                                      "Too many tries. Wait %u seconds, then try again.", (guint) wait), (guint) wait);
  if (wait > 0)
    {
      guint minutes = (guint) ((wait + 59) / 60);

      /* Translators: after too many wrong PINs. */
      return g_strdup_printf (ngettext ("Too many tries. Wait %u minute, then try again.",
                                        "Too many tries. Wait %u minutes, then try again.", minutes), minutes);
    }
  return tempo_words_refusal (error);
}

/* What a line of the health strip is about, in a word.
 * An unknown code is shown as it is.
 */
const char *
tempo_words_health_name (const char *code)
{
  const char *name = find_word (health_names, G_N_ELEMENTS (health_names), "health", code);

  return name != NULL ? name : code;
}

/* What is the matter, or that nothing is. The engine's text is English
 * and stays for what has no sentence here.
 */
char *
tempo_words_health (const TempoHealth *health)
{
  const char *sentence;

  if (health->level == TEMPO_HEALTH_GOOD)
    return g_strdup (C_ ("health", "Good"));
  sentence = find_word (health_sentences, G_N_ELEMENTS (health_sentences), "health", health->code);
  return g_strdup (sentence != NULL ? sentence : health->text);
}

/* What the health strip's sign stands for.
 */
const TempoHealth *
tempo_words_worst_health (TempoRoomView *view)
{
  const TempoHealth *worst = NULL;

  for (guint i = 0; i < view->health->len; i++)
    {
      const TempoHealth *health = g_ptr_array_index (view->health, i);

      if (health->level != TEMPO_HEALTH_GOOD && (worst == NULL || health->level > worst->level))
        worst = health;
    }
  return worst;
}

/* The button beside a line of the health strip: where the remedy is.
 * @action is an action name without a parameter.
 */
const char *
tempo_words_health_remedy (const char *code,
                           const char **action)
{
  *action = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (remedies); i++)
    if (g_strcmp0 (remedies[i].code, code) == 0)
      {
        *action = remedies[i].action;
        return g_dpgettext2 (NULL, "remedy", remedies[i].label);
      }
  return NULL;
}

/* What a person is here, in a word; NULL for a role that is not known.
 */
const char *
tempo_words_role (const char *role)
{
  return find_word (roles, G_N_ELEMENTS (roles), "role", role);
}

/* How much a licence allows, in a word;
 * NULL for a tier that is not known.
 */
const char *
tempo_words_tier (const char *tier)
{
  return find_word (tiers, G_N_ELEMENTS (tiers), "tier", tier);
}

/* How a licence stands. A state of a later Tempo
 * is shown as it is.
 */
const char *
tempo_words_licence_state (const char *state)
{
  const char *words = find_word (licence_states, G_N_ELEMENTS (licence_states), "licence", state);

  return words != NULL ? words : state;
}

/* What a licence counts. A limit of a later Tempo
 * is shown as it is.
 */
const char *
tempo_words_limit (const char *limit)
{
  const char *words = find_word (limits, G_N_ELEMENTS (limits), "licence", limit);

  return words != NULL ? words : limit;
}
