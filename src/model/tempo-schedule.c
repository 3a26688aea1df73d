/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-schedule.h"

#include <string.h>

#define MINUTES_A_DAY (24 * 60)

static const char names[] = "MonTueWedThuFriSatSun";

/* "Fri,Sat " before the times. */
static const char *
take_days (const char *text,
           guint *days)
{
  *days = 0;
  while (g_ascii_isalpha (*text))
    {
      g_autofree char *name = g_strndup (text, 3);
      const char *found = strlen (name) == 3 ? strstr (names, name) : NULL;

      if (found == NULL || (found - names) % 3 != 0)
        return NULL;
      *days |= 1u << ((found - names) / 3);
      text += 3;
      if (*text == ',' && g_ascii_isalpha (text[1]))
        text++;
      else if (*text++ == ' ')
        return text;
      else
        return NULL;
    }
  *days = TEMPO_SCHEDULE_EVERY_DAY;

  return text;
}

/* "23:00". */
static const char *
take_time (const char *text,
           int *minute)
{
  for (int i = 0; i < 5; i++)
    if (i == 2 ? text[i] != ':' : !g_ascii_isdigit (text[i]))
      return NULL;
  *minute = ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0';

  return *minute < MINUTES_A_DAY && text[3] < '6' ? text + 5 : NULL;
}

/**
 * tempo_schedule_parse:
 * @text: a text
 * @line: (out): what it says; its words are in @text
 *
 * Returns: %TRUE when it says when and what
 */
gboolean
tempo_schedule_parse (const char *text,
                      TempoScheduleLine *line)
{
  text = take_days (text, &line->days);
  if (text != NULL)
    text = take_time (text, &line->from);
  if (text == NULL || *text != '-')
    return FALSE;
  text = take_time (text + 1, &line->until);
  if (text == NULL || *text != ' ' || line->from == line->until)
    return FALSE;
  line->text = text + strspn (text, " ");

  return *line->text != '\0';
}

/* Past midnight a line belongs to the day it began on. */
static gboolean
holds (const TempoScheduleLine *line,
       int day,
       int minute)
{
  guint today = 1u << day;
  guint yesterday = 1u << (day + 6) % 7;

  if (line->from < line->until)
    return (line->days & today) != 0 && minute >= line->from && minute < line->until;

  return ((line->days & today) != 0 && minute >= line->from) || ((line->days & yesterday) != 0 && minute < line->until);
}

/**
 * tempo_schedule_is_line:
 * @line: a text
 *
 * Returns: %TRUE when it says when and what
 */
gboolean
tempo_schedule_is_line (const char *line)
{
  TempoScheduleLine parsed;

  return tempo_schedule_parse (line, &parsed);
}

/**
 * tempo_schedule_format:
 * @line: when and what
 *
 * Returns: (transfer full): what tempo_schedule_parse() takes
 */
char *
tempo_schedule_format (const TempoScheduleLine *line)
{
  GString *text = g_string_new (NULL);

  for (int day = 0; day < 7 && line->days != TEMPO_SCHEDULE_EVERY_DAY; day++)
    if ((line->days & 1u << day) != 0)
      g_string_append_printf (text, "%s%.3s", text->len > 0 ? "," : "", names + day * 3);
  g_string_append_printf (text, "%s%02d:%02d-%02d:%02d %s", text->len > 0 ? " " : "", line->from / 60, line->from % 60,
                          line->until / 60, line->until % 60, line->text);

  return g_string_free (text, FALSE);
}

/**
 * tempo_schedule_find:
 * @lines: (nullable): the schedule
 * @local: now, in the house's zone
 *
 * Returns: (transfer none) (nullable): what is to be said now
 */
const char *
tempo_schedule_find (const char *const *lines,
                     GDateTime *local)
{
  int day = g_date_time_get_day_of_week (local) - 1;
  int minute = g_date_time_get_hour (local) * 60 + g_date_time_get_minute (local);
  TempoScheduleLine line;

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    if (tempo_schedule_parse (lines[i], &line) && holds (&line, day, minute))
      return line.text;

  return NULL;
}
