/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-organization.h"

#include <math.h>
#include <string.h>

#include "base/tempo-json.h"
#include "model/tempo-record-private.h"
#include "model/tempo-song.h"

static const TempoField organization_fields[] = {
  TEMPO_FIELD (TempoOrganization, id, TEXT),
  TEMPO_FIELD (TempoOrganization, slug, TEXT),
  TEMPO_FIELD (TempoOrganization, code, TEXT),
  TEMPO_FIELD (TempoOrganization, name, TEXT),
  TEMPO_FIELD (TempoOrganization, active, FLAG),
  TEMPO_FIELD (TempoOrganization, created_at, INT64),
  TEMPO_FIELD (TempoOrganization, accent, TEXT),
  TEMPO_FIELD (TempoOrganization, logo, TEXT),
  TEMPO_FIELD (TempoOrganization, welcome, TEXT),
  TEMPO_FIELD (TempoOrganization, language, TEXT),
  TEMPO_FIELD (TempoOrganization, accent_dark, TEXT),
  TEMPO_FIELD (TempoOrganization, contact, TEXT),
  TEMPO_FIELD (TempoOrganization, white_label, FLAG),
};

TEMPO_DEFINE_RECORD (TempoOrganization, tempo_organization, organization_fields)

/* WCAG 2.2, success criterion 1.4.3. */
#define READABLE_CONTRAST 4.5
#define MIX_STEPS 255

typedef struct
{
  guint channel[3];
} Colour;

static gboolean
parse_colour (const char *text,
              Colour *colour)
{
  Colour found;

  if (text == NULL || *text != '#' || strlen (text) != 7)
    return FALSE;

  for (guint i = 0; i < 3; i++)
    {
      int high = g_ascii_xdigit_value (text[1 + 2 * i]);
      int low = g_ascii_xdigit_value (text[2 + 2 * i]);

      if (high < 0 || low < 0)
        return FALSE;
      found.channel[i] = (guint) (high * 16 + low);
    }
  *colour = found;

  return TRUE;
}

/* Relative luminance as WCAG defines it, from sRGB. */
static double
luminance (const Colour *colour)
{
  static const double weights[] = { 0.2126, 0.7152, 0.0722 };
  double sum = 0;

  for (guint i = 0; i < 3; i++)
    {
      double part = colour->channel[i] / 255.0;

      sum += weights[i] * (part <= 0.04045 ? part / 12.92 : pow ((part + 0.055) / 1.055, 2.4));
    }

  return sum;
}

static double
contrast (const Colour *a,
          const Colour *b)
{
  double one = luminance (a);
  double other = luminance (b);

  return (MAX (one, other) + 0.05) / (MIN (one, other) + 0.05);
}

/* @colour moved @step of MIX_STEPS towards black or white (@end). */
static Colour
mix (const Colour *colour,
     guint end,
     guint step)
{
  Colour mixed;

  for (guint i = 0; i < 3; i++)
    mixed.channel[i] = (colour->channel[i] * (MIX_STEPS - step) + end * step + MIX_STEPS / 2) / MIX_STEPS;

  return mixed;
}

/**
 * tempo_organization_new:
 * @id: the tenant's id
 * @slug: its name in addresses
 * @code: the letters that lead human numbers
 * @name: its name
 *
 * Returns: (transfer full): an unshared active organization in Tempo's colours
 */
TempoOrganization *
tempo_organization_new (const char *id,
                        const char *slug,
                        const char *code,
                        const char *name)
{
  TempoOrganization *self = g_object_new (TEMPO_TYPE_ORGANIZATION, NULL);

  self->id = g_strdup (id);
  self->slug = g_strdup (slug);
  self->code = g_strdup (code);
  self->name = g_strdup (name);
  self->active = TRUE;
  self->accent = g_strdup (TEMPO_DEFAULT_ACCENT);

  return self;
}

/**
 * tempo_organization_copy:
 * @self: an organization
 *
 * Returns: (transfer full): an unshared organization with the same fields
 */
TempoOrganization *
tempo_organization_copy (TempoOrganization *self)
{
  return tempo_record_copy (self, organization_fields, G_N_ELEMENTS (organization_fields));
}

/**
 * tempo_organization_make_code:
 * @name: (nullable): an organization's name
 *
 * The first three letters of the name without accents; a name with fewer is
 * filled up with X, one without any gives "VEN".
 *
 * Returns: (transfer full): three upper-case letters
 */
char *
tempo_organization_make_code (const char *name)
{
  g_autofree char *folded = tempo_text_fold (name);
  char code[4] = "XXX";
  guint n = 0;

  for (const char *at = folded; *at != '\0' && n < 3; at++)
    {
      if (g_ascii_isalpha (*at))
        code[n++] = g_ascii_toupper (*at);
    }

  return g_strdup (n > 0 ? code : "VEN");
}

/**
 * tempo_organization_code_is_valid:
 * @code: (nullable): what somebody wants to lead the numbers of requests
 *
 * Returns: whether it can be a code, in upper case
 */
gboolean
tempo_organization_code_is_valid (const char *code)
{
  gsize length = code != NULL ? strlen (code) : 0;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalpha (code[i]))
      return FALSE;

  return length == 3 || length == 4;
}

/**
 * tempo_colour_readable:
 * @accent: (nullable): "#rrggbb"; anything else counts as Tempo's own accent
 * @background: (nullable): "#rrggbb"; anything else counts as black
 *
 * Moves @accent no further than needed towards white or black, whichever stands
 * off @background more, until text in it is readable there.
 *
 * Returns: (transfer full): "#rrggbb", at least 4.5:1 against @background
 */
char *
tempo_colour_readable (const char *accent,
                       const char *background)
{
  Colour back = { { 0, 0, 0 } };
  Colour white = { { 255, 255, 255 } };
  Colour black = { { 0, 0, 0 } };
  Colour wanted, mixed;
  guint end, step;

  if (!parse_colour (accent, &wanted))
    parse_colour (TEMPO_DEFAULT_ACCENT, &wanted);
  parse_colour (background, &back);

  end = contrast (&white, &back) >= contrast (&black, &back) ? 255 : 0;
  mixed = wanted;
  for (step = 0; step <= MIX_STEPS && contrast (&mixed, &back) < READABLE_CONTRAST; step++)
    mixed = mix (&wanted, end, step);

  return g_strdup_printf ("#%02x%02x%02x", mixed.channel[0], mixed.channel[1], mixed.channel[2]);
}

/**
 * tempo_organization_to_json:
 * @self: an organization
 * @json: where to
 * @key: (nullable): the member
 *
 * Writes what guests may know, with the branding of their page: the accent, and what of it can be read as text
 * on dark and on light pages.
 */
void
tempo_organization_to_json (TempoOrganization *self,
                            TempoJson *json,
                            const char *key)
{
  g_autofree char *dark = tempo_colour_readable (self->accent_dark != NULL ? self->accent_dark : self->accent, TEMPO_NIGHT);
  g_autofree char *light = tempo_colour_readable (self->accent, TEMPO_PAPER);

  tempo_json_begin_object (json, key);
  tempo_json_string (json, "id", self->id);
  tempo_json_string (json, "slug", self->slug);
  tempo_json_string (json, "name", self->name);
  tempo_json_begin_object (json, "branding");
  tempo_json_string (json, "accent", self->accent);
  tempo_json_string (json, "accentDark", dark);
  tempo_json_string (json, "accentLight", light);
  tempo_json_string (json, "logo", self->logo);
  tempo_json_string (json, "welcome", self->welcome);
  tempo_json_bool (json, "whiteLabel", self->white_label);
  tempo_json_end_object (json);
  tempo_json_string (json, "contact", self->contact);
  tempo_json_end_object (json);
}
