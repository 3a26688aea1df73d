/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "venue/tempo-days-private.h"

#include <stdio.h>
#include <string.h>

/**
 * tempo_day_of:
 * @zone: of the organization
 * @wall_us: a moment
 *
 * Returns: (transfer full): its day
 */
char *
tempo_day_of (GTimeZone *zone,
              gint64 wall_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);

  return g_date_time_format (local, "%F");
}

static gboolean
parse (const char *day,
       GDate *date)
{
  guint year, month, number;
  char rest;

  if (day == NULL || strlen (day) != TEMPO_DAY_LENGTH || day[4] != '-' || day[7] != '-'
      || strspn (day, "0123456789-") != TEMPO_DAY_LENGTH
      || sscanf (day, "%4u-%2u-%2u%c", &year, &month, &number, &rest) != 3
      || !g_date_valid_dmy ((GDateDay) number, (GDateMonth) month, (GDateYear) year))
    return FALSE;
  g_date_clear (date, 1);
  g_date_set_dmy (date, (GDateDay) number, (GDateMonth) month, (GDateYear) year);

  return TRUE;
}

/**
 * tempo_day_is_valid:
 * @day: (nullable): any text
 */
gboolean
tempo_day_is_valid (const char *day)
{
  GDate date;

  return parse (day, &date);
}

/**
 * tempo_day_add:
 * @day: a valid day
 * @n: how many days later
 *
 * Returns: (transfer full): that day
 */
char *
tempo_day_add (const char *day,
               int n)
{
  GDate date;
  char text[TEMPO_DAY_LENGTH + 1];

  if (!parse (day, &date))
    g_return_val_if_reached (g_strdup (day));
  if (n >= 0)
    g_date_add_days (&date, (guint) n);
  else
    g_date_subtract_days (&date, (guint) -n);
  g_date_strftime (text, sizeof text, "%Y-%m-%d", &date);

  return g_strdup (text);
}

static gint64
find_start (GTimeZone *zone,
            const char *day)
{
  GDate date;
  g_autoptr (GDateTime) start = NULL;

  if (!parse (day, &date))
    g_return_val_if_reached (0);
  start = g_date_time_new (zone, g_date_get_year (&date), (int) g_date_get_month (&date), g_date_get_day (&date), 0, 0, 0);

  return start != NULL ? g_date_time_to_unix (start) * G_USEC_PER_SEC : 0;
}

/**
 * tempo_day_bounds:
 * @zone: of the organization
 * @day: a valid day
 * @from: (out): its first moment
 * @to: (out): the next day's
 */
void
tempo_day_bounds (GTimeZone *zone,
                  const char *day,
                  gint64 *from,
                  gint64 *to)
{
  g_autofree char *next = tempo_day_add (day, 1);

  *from = find_start (zone, day);
  *to = find_start (zone, next);
}
