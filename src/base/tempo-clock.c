/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-clock.h"

#include <string.h>

#define USEC_PER_DAY (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
/* 0000-01-01 and the last millisecond of 9999, the years RFC 3339 can write. */
#define FIRST_US (G_GINT64_CONSTANT (-62167219200) * G_USEC_PER_SEC)
#define LAST_US (G_GINT64_CONSTANT (253402300800) * G_USEC_PER_SEC - 1000)

G_DEFINE_ABSTRACT_TYPE (TempoClock, tempo_clock, G_TYPE_OBJECT)

#define TEMPO_TYPE_SYSTEM_CLOCK (tempo_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (TempoSystemClock, tempo_system_clock, TEMPO, SYSTEM_CLOCK, TempoClock)

struct _TempoSystemClock
{
  TempoClock parent_instance;
};

G_DEFINE_FINAL_TYPE (TempoSystemClock, tempo_system_clock, TEMPO_TYPE_CLOCK)

#define TEMPO_TYPE_FIXED_CLOCK (tempo_fixed_clock_get_type ())
G_DECLARE_FINAL_TYPE (TempoFixedClock, tempo_fixed_clock, TEMPO, FIXED_CLOCK, TempoClock)

struct _TempoFixedClock
{
  TempoClock parent_instance;

  GMutex lock;
  gint64 now;
  gint64 monotonic;
};

G_DEFINE_FINAL_TYPE (TempoFixedClock, tempo_fixed_clock, TEMPO_TYPE_CLOCK)

static void
tempo_clock_class_init (TempoClockClass *klass)
{
}

static void
tempo_clock_init (TempoClock *self)
{
}

static gint64
tempo_system_clock_now (TempoClock *clock)
{
  return g_get_real_time ();
}

static gint64
tempo_system_clock_monotonic (TempoClock *clock)
{
  return g_get_monotonic_time ();
}

static void
tempo_system_clock_class_init (TempoSystemClockClass *klass)
{
  TempoClockClass *clock_class = TEMPO_CLOCK_CLASS (klass);

  clock_class->now = tempo_system_clock_now;
  clock_class->monotonic = tempo_system_clock_monotonic;
}

static void
tempo_system_clock_init (TempoSystemClock *self)
{
}

static gint64
tempo_fixed_clock_now (TempoClock *clock)
{
  TempoFixedClock *self = TEMPO_FIXED_CLOCK (clock);
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->now;
}

static gint64
tempo_fixed_clock_monotonic (TempoClock *clock)
{
  TempoFixedClock *self = TEMPO_FIXED_CLOCK (clock);
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->monotonic;
}

static void
tempo_fixed_clock_finalize (GObject *object)
{
  TempoFixedClock *self = TEMPO_FIXED_CLOCK (object);

  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tempo_fixed_clock_parent_class)->finalize (object);
}

static void
tempo_fixed_clock_class_init (TempoFixedClockClass *klass)
{
  TempoClockClass *clock_class = TEMPO_CLOCK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tempo_fixed_clock_finalize;
  clock_class->now = tempo_fixed_clock_now;
  clock_class->monotonic = tempo_fixed_clock_monotonic;
}

static void
tempo_fixed_clock_init (TempoFixedClock *self)
{
  g_mutex_init (&self->lock);
  self->monotonic = G_USEC_PER_SEC;
}

/* Days since 1970 of a date. Years are counted from March, so that the leap
 * day is the last of its year and the months before it need no table. */
static gint64
days_from_date (gint64 year,
                guint month,
                guint day)
{
  gint64 shifted = month <= 2 ? year - 1 : year;
  gint64 era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  gint64 year_of_era = shifted - era * 400;
  gint64 day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

/* The reverse of days_from_date(). */
static void
date_from_days (gint64 days,
                guint *year,
                guint *month,
                guint *day)
{
  gint64 shifted = days + 719468;
  gint64 era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  gint64 day_of_era = shifted - era * 146097;
  gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  gint64 march_month = (5 * day_of_year + 2) / 153;

  *day = day_of_year - (153 * march_month + 2) / 5 + 1;
  *month = march_month < 10 ? march_month + 3 : march_month - 9;
  *year = era * 400 + year_of_era + (*month <= 2 ? 1 : 0);
}

static void
write_digits (char *at,
              guint value,
              guint digits)
{
  while (digits > 0)
    {
      at[--digits] = '0' + value % 10;
      value /= 10;
    }
}

/* Reads exactly @digits digits at *@text and moves past them. */
static gboolean
read_digits (const char **text,
             guint digits,
             guint *value)
{
  guint sum = 0;

  for (guint i = 0; i < digits; i++)
    {
      if (!g_ascii_isdigit ((*text)[i]))
        return FALSE;
      sum = sum * 10 + (guint) g_ascii_digit_value ((*text)[i]);
    }

  *text += digits;
  *value = sum;

  return TRUE;
}

static gboolean
read_char (const char **text,
           const char *set)
{
  if (**text == '\0' || strchr (set, **text) == NULL)
    return FALSE;

  *text += 1;

  return TRUE;
}

/* ".5", ".123456789": what is below a microsecond is dropped. */
static gboolean
read_fraction (const char **text,
               gint64 *fraction_us)
{
  gint64 unit = G_USEC_PER_SEC / 10;

  if (!read_char (text, "."))
    return TRUE;
  if (!g_ascii_isdigit (**text))
    return FALSE;

  for (; g_ascii_isdigit (**text); (*text)++)
    {
      *fraction_us += g_ascii_digit_value (**text) * unit;
      unit /= 10;
    }

  return TRUE;
}

static gboolean
read_offset (const char **text,
             gint64 *offset_minutes)
{
  gboolean west = **text == '-';
  guint hours, minutes;

  if (read_char (text, "Zz"))
    return TRUE;
  if (!read_char (text, "+-") ||
      !read_digits (text, 2, &hours) || !read_char (text, ":") || !read_digits (text, 2, &minutes) ||
      hours > 23 || minutes > 59)
    return FALSE;

  *offset_minutes = (gint64) (hours * 60 + minutes) * (west ? -1 : 1);

  return TRUE;
}

static gboolean
read_clock (const char **text,
            gint64 *seconds_of_day)
{
  guint hours, minutes, seconds;

  if (!read_digits (text, 2, &hours) || !read_char (text, ":") ||
      !read_digits (text, 2, &minutes) || !read_char (text, ":") ||
      !read_digits (text, 2, &seconds) ||
      hours > 23 || minutes > 59 || seconds > 60)
    return FALSE;

  *seconds_of_day = hours * 3600 + minutes * 60 + seconds;

  return TRUE;
}

static gboolean
read_date (const char **text,
           gint64 *days)
{
  guint year, month, day;

  if (!read_digits (text, 4, &year) || !read_char (text, "-") ||
      !read_digits (text, 2, &month) || !read_char (text, "-") ||
      !read_digits (text, 2, &day) ||
      month < 1 || month > 12 || day < 1 ||
      day > g_date_get_days_in_month (month, year > 0 ? year : 2000))
    return FALSE;

  *days = days_from_date (year, month, day);

  return TRUE;
}

/**
 * tempo_clock_new_system:
 *
 * Returns: (transfer full): the machine's clock
 */
TempoClock *
tempo_clock_new_system (void)
{
  return g_object_new (TEMPO_TYPE_SYSTEM_CLOCK, NULL);
}

/**
 * tempo_clock_new_fixed:
 * @now_us: its wall time
 *
 * A clock for tests and for replaying: it stands still until
 * tempo_clock_advance() moves it.
 *
 * Returns: (transfer full): a new clock
 */
TempoClock *
tempo_clock_new_fixed (gint64 now_us)
{
  TempoFixedClock *self = g_object_new (TEMPO_TYPE_FIXED_CLOCK, NULL);

  self->now = now_us;

  return TEMPO_CLOCK (self);
}

/**
 * tempo_clock_advance:
 * @self: a clock
 * @by_us: microseconds, may be negative
 *
 * Moves a fixed clock, wall and monotonic time alike. Time of the machine
 * cannot be moved: on its clock this does nothing.
 */
void
tempo_clock_advance (TempoClock *self,
                     gint64 by_us)
{
  g_return_if_fail (TEMPO_IS_CLOCK (self));

  if (TEMPO_IS_FIXED_CLOCK (self))
    {
      TempoFixedClock *fixed = TEMPO_FIXED_CLOCK (self);
      G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&fixed->lock);

      fixed->now += by_us;
      fixed->monotonic += by_us;
    }
}

/**
 * tempo_clock_now:
 * @self: a clock
 *
 * Returns: wall time, microseconds since 1970 UTC; it may jump
 */
gint64
tempo_clock_now (TempoClock *self)
{
  g_return_val_if_fail (TEMPO_IS_CLOCK (self), 0);

  return TEMPO_CLOCK_GET_CLASS (self)->now (self);
}

/**
 * tempo_clock_monotonic:
 * @self: a clock
 *
 * Returns: microseconds since an unspecified moment; never goes backwards
 */
gint64
tempo_clock_monotonic (TempoClock *self)
{
  g_return_val_if_fail (TEMPO_IS_CLOCK (self), 0);

  return TEMPO_CLOCK_GET_CLASS (self)->monotonic (self);
}

/**
 * tempo_time_write:
 * @wall_us: wall time
 * @buffer: room for TEMPO_TIME_LENGTH characters and the end
 *
 * Writes RFC 3339 in UTC with milliseconds. Times outside the years 0000 to
 * 9999 ("until lifted" is one) are written as the nearest that has a form.
 */
void
tempo_time_write (gint64 wall_us,
                  char buffer[TEMPO_TIME_LENGTH + 1])
{
  gint64 clamped = CLAMP (wall_us, FIRST_US, LAST_US);
  gint64 days = clamped / USEC_PER_DAY - (clamped % USEC_PER_DAY < 0 ? 1 : 0);
  guint milliseconds = (clamped - days * USEC_PER_DAY) / 1000;
  guint year, month, day;

  date_from_days (days, &year, &month, &day);

  memcpy (buffer, "0000-00-00T00:00:00.000Z", TEMPO_TIME_LENGTH + 1);
  write_digits (buffer, year, 4);
  write_digits (buffer + 5, month, 2);
  write_digits (buffer + 8, day, 2);
  write_digits (buffer + 11, milliseconds / 3600000, 2);
  write_digits (buffer + 14, milliseconds / 60000 % 60, 2);
  write_digits (buffer + 17, milliseconds / 1000 % 60, 2);
  write_digits (buffer + 20, milliseconds % 1000, 3);
}

/**
 * tempo_time_format:
 * @wall_us: wall time
 *
 * Returns: (transfer full): what tempo_time_write() writes
 */
char *
tempo_time_format (gint64 wall_us)
{
  char buffer[TEMPO_TIME_LENGTH + 1];

  tempo_time_write (wall_us, buffer);

  return g_strdup (buffer);
}

/**
 * tempo_time_parse:
 * @text: (nullable): RFC 3339 with any offset
 * @wall_us: (out): wall time
 *
 * A leap second is taken for the second after it, as POSIX does.
 *
 * Returns: %FALSE, with @wall_us untouched, when @text is nothing of the kind
 *   or lies, in UTC, before the year 0 or after 9999
 */
gboolean
tempo_time_parse (const char *text,
                  gint64 *wall_us)
{
  gint64 days, seconds, fraction_us = 0, offset_minutes = 0;
  gint64 parsed_us;

  g_return_val_if_fail (wall_us != NULL, FALSE);

  if (text == NULL ||
      !read_date (&text, &days) || !read_char (&text, "Tt ") || !read_clock (&text, &seconds) ||
      !read_fraction (&text, &fraction_us) || !read_offset (&text, &offset_minutes) || *text != '\0')
    return FALSE;

  /* An offset may lead out of the years that have a form: such a time could never be written as itself. */
  parsed_us = days * USEC_PER_DAY + (seconds - offset_minutes * 60) * G_USEC_PER_SEC + fraction_us;
  if (parsed_us < FIRST_US || parsed_us / 1000 > LAST_US / 1000)
    return FALSE;

  *wall_us = parsed_us;

  return TRUE;
}
