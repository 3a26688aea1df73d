/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/settings/tempo-brand-preview.h"

#include <glib/gi18n.h>

#include "model/tempo-organization.h"

#define PHONE_WIDTH 172
#define PHONE_HEIGHT 300
#define MIN_WIDTH 128
#define GAP 16
#define MARGIN 12
#define MARK "io.github.tempo_venue.Tempo-symbolic"

struct _TempoBrandPreview
{
  GtkWidget parent_instance;

  char *name;        /* (owned) */
  char *welcome;     /* (owned) (nullable) */
  char *accent;      /* (owned) */
  char *accent_dark; /* (owned) */
  GdkTexture *logo;  /* (owned) (nullable) */
  gboolean white_label;
};

G_DEFINE_FINAL_TYPE (TempoBrandPreview, tempo_brand_preview, GTK_TYPE_WIDGET)

/* The colours of data/web/guest/guest.css. */
typedef struct
{
  const char *back, *field, *ink, *soft, *line;
} Theme;

static const Theme night = { TEMPO_NIGHT, "#241f30", "#f4f1f8", "#aca5bb", "rgba(255,255,255,0.14)" };
static const Theme day = { TEMPO_PAPER, "#ffffff", "#1b1823", "#625c70", "rgba(27,24,35,0.16)" };

/* A phone while it is drawn. */
typedef struct
{
  TempoBrandPreview *self;
  GtkSnapshot *snapshot;
  const Theme *theme;
  const char *accent;
  GdkRGBA strong; /* the readable one */
  float x, y, width;
} Phone;

static GdkRGBA
parse (const char *text)
{
  GdkRGBA colour = { 0, 0, 0, 1 };

  gdk_rgba_parse (&colour, text);
  return colour;
}

static void
fill (Phone *phone,
      float x,
      float y,
      float width,
      float height,
      float radius,
      const GdkRGBA *colour)
{
  GskRoundedRect rect;

  gsk_rounded_rect_init_from_rect (&rect, &GRAPHENE_RECT_INIT (x, y, width, height), radius);
  gtk_snapshot_push_rounded_clip (phone->snapshot, &rect);
  gtk_snapshot_append_color (phone->snapshot, colour, &rect.bounds);
  gtk_snapshot_pop (phone->snapshot);
}

static void
outline (Phone *phone,
         float x,
         float y,
         float width,
         float height,
         float radius)
{
  GdkRGBA line = parse (phone->theme->line);
  GskRoundedRect rect;

  gsk_rounded_rect_init_from_rect (&rect, &GRAPHENE_RECT_INIT (x, y, width, height), radius);
  gtk_snapshot_append_border (phone->snapshot, &rect, (float[4]) { 1, 1, 1, 1 }, (GdkRGBA[4]) { line, line, line, line });
}

/* One line, or two where @lines says so, cut with an ellipsis; how high it was. Guests' and hosts' words are text, never markup. */
static float
write_text (Phone *phone,
            const char *text,
            float x,
            float y,
            float width,
            int pixels,
            gboolean bold,
            int lines,
            const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (phone->self), text);
  g_autoptr (PangoFontDescription) font = pango_font_description_copy (pango_context_get_font_description (gtk_widget_get_pango_context (GTK_WIDGET (phone->self))));
  int height = 0;

  pango_font_description_set_absolute_size (font, pixels * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) width * PANGO_SCALE);
  pango_layout_set_height (layout, -lines);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, NULL, &height);
  gtk_snapshot_save (phone->snapshot);
  gtk_snapshot_translate (phone->snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (phone->snapshot, layout, colour);
  gtk_snapshot_restore (phone->snapshot);
  return (float) height;
}

/* The sign in the corner; how much room it took. */
static float
draw_sign (Phone *phone,
           float x,
           float y)
{
  TempoBrandPreview *self = phone->self;
  g_autoptr (GtkIconPaintable) mark = NULL;
  GtkIconTheme *icons;
  float size = 24, width = size;

  if (self->logo == NULL && self->white_label)
    return 0;
  if (self->logo != NULL)
    {
      width = CLAMP (size * (float) gdk_paintable_get_intrinsic_aspect_ratio (GDK_PAINTABLE (self->logo)), size / 2, size * 2.5f);
      gtk_snapshot_append_texture (phone->snapshot, self->logo, &GRAPHENE_RECT_INIT (x, y, width, size));
      return width + 8;
    }
  icons = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  mark = gtk_icon_theme_lookup_icon (icons, MARK, NULL, 16, gtk_widget_get_scale_factor (GTK_WIDGET (self)), GTK_TEXT_DIR_NONE, 0);
  gtk_snapshot_save (phone->snapshot);
  gtk_snapshot_translate (phone->snapshot, &GRAPHENE_POINT_INIT (x, y + 2));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (mark), phone->snapshot, 20, 20, &phone->strong, 1);
  gtk_snapshot_restore (phone->snapshot);
  return 28;
}

/* Words that are nobody's. */
static void
draw_words (Phone *phone,
            float x,
            float y,
            float width,
            float height,
            float strength)
{
  GdkRGBA bar = parse (phone->theme->ink);

  bar.alpha = strength;
  fill (phone, x, y, width, height, height / 2, &bar);
}

/* What plays: its picture, title and artist, how far it is. */
static float
draw_now (Phone *phone,
          float y)
{
  GdkRGBA art = parse (phone->accent);
  float x = phone->x + MARGIN, inner = phone->width - 2 * MARGIN;

  art.alpha = 0.45f;
  fill (phone, x, y, 28, 28, 6, &art);
  draw_words (phone, x + 36, y + 3, (inner - 36) * 0.62f, 7, 0.34f);
  draw_words (phone, x + 36, y + 14, (inner - 36) * 0.8f, 5, 0.18f);
  draw_words (phone, x + 36, y + 25, inner - 36, 2, 0.18f);
  fill (phone, x + 36, y + 25, (inner - 36) * 0.4f, 2, 1, &phone->strong);
  return 40;
}

/* A line of the list: its place, which stands out for the next one, and votes, which do where they are the guest's. */
static float
draw_row (Phone *phone,
          const char *place,
          const char *votes,
          float part,
          float y)
{
  GdkRGBA soft = parse (phone->theme->soft);
  float x = phone->x + MARGIN, inner = phone->width - 2 * MARGIN;

  write_text (phone, place, x, y, 12, 10, FALSE, 1, *place == '1' ? &phone->strong : &soft);
  draw_words (phone, x + 14, y + 3, (inner - 50) * part, 7, 0.22f);
  write_text (phone, votes, x + inner - 26, y - 1, 28, 11, TRUE, 1, g_str_has_prefix (votes, "♥") ? &phone->strong : &soft);
  return 22;
}

static void
draw_content (Phone *phone)
{
  TempoBrandPreview *self = phone->self;
  GdkRGBA ink = parse (phone->theme->ink);
  GdkRGBA soft = parse (phone->theme->soft);
  GdkRGBA field = parse (phone->theme->field);
  GdkRGBA accent = parse (phone->accent);
  GdkRGBA on = 0.2126f * accent.red + 0.7152f * accent.green + 0.0722f * accent.blue > 0.46f ? parse (TEMPO_NIGHT) : parse ("#ffffff");
  float x = phone->x + MARGIN, y = phone->y + 14, inner = phone->width - 2 * MARGIN, sign = draw_sign (phone, x, y);

  write_text (phone, self->name, x + sign, y + 4, inner - sign, 13, TRUE, 1, &ink);
  y += 34;
  if (self->welcome != NULL && *self->welcome != '\0')
    y += write_text (phone, self->welcome, x, y, inner, 10, FALSE, 2, &soft) + 6;
  y += draw_now (phone, y);
  fill (phone, x, y, inner, 30, 9, &field);
  outline (phone, x, y, inner, 30, 9);
  write_text (phone, _("What do you want to hear?"), x + 9, y + 9, inner - 14, 10, FALSE, 1, &soft);
  y += 42;
  y += write_text (phone, _("Up next"), x, y, inner, 11, TRUE, 1, &ink) + 7;
  y += draw_row (phone, "1", "♡ 4", 0.9f, y);
  y += draw_row (phone, "2", "♥ 2", 0.6f, y);
  y += draw_row (phone, "3", "♡ 1", 0.75f, y);
  fill (phone, x, phone->y + PHONE_HEIGHT - 46, inner, 32, 9, &accent);
  write_text (phone, _("Ask for it"), x + 10, phone->y + PHONE_HEIGHT - 38, inner - 20, 11, TRUE, 1, &on);
}

static void
draw_phone (Phone *phone)
{
  GdkRGBA back = parse (phone->theme->back);
  GdkRGBA glow = parse (phone->accent);
  GdkRGBA none = glow;
  GskRoundedRect rect;

  glow.alpha = 0.18f;
  none.alpha = 0;
  gsk_rounded_rect_init_from_rect (&rect, &GRAPHENE_RECT_INIT (phone->x, phone->y, phone->width, PHONE_HEIGHT), 18);
  gtk_snapshot_push_rounded_clip (phone->snapshot, &rect);
  gtk_snapshot_append_color (phone->snapshot, &back, &rect.bounds);
  gtk_snapshot_append_linear_gradient (phone->snapshot, &GRAPHENE_RECT_INIT (phone->x, phone->y, phone->width, 84), &GRAPHENE_POINT_INIT (0, phone->y),
                                       &GRAPHENE_POINT_INIT (0, phone->y + 84), (GskColorStop[2]) { { 0, glow }, { 1, none } }, 2);
  draw_content (phone);
  gtk_snapshot_pop (phone->snapshot);
  outline (phone, phone->x, phone->y, phone->width, PHONE_HEIGHT, 18);
}

static void
tempo_brand_preview_snapshot (GtkWidget *widget,
                              GtkSnapshot *snapshot)
{
  TempoBrandPreview *self = TEMPO_BRAND_PREVIEW (widget);
  float width = (float) gtk_widget_get_width (widget);
  float each = MIN (PHONE_WIDTH, (width - GAP) / 2);
  float x = (width - 2 * each - GAP) / 2;
  const char *accents[] = { self->accent_dark, self->accent };
  const Theme *themes[] = { &night, &day };

  for (guint i = 0; i < G_N_ELEMENTS (themes); i++)
    {
      g_autofree char *strong = tempo_colour_readable (accents[i], themes[i]->back);
      Phone phone = { self, snapshot, themes[i], accents[i], parse (strong), x + (float) i * (each + GAP), 0, each };

      draw_phone (&phone);
    }
}

static void
tempo_brand_preview_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * MIN_WIDTH + GAP : PHONE_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * PHONE_WIDTH + GAP : PHONE_HEIGHT;
}

static void
tempo_brand_preview_finalize (GObject *object)
{
  TempoBrandPreview *self = TEMPO_BRAND_PREVIEW (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->welcome, g_free);
  g_clear_pointer (&self->accent, g_free);
  g_clear_pointer (&self->accent_dark, g_free);
  g_clear_object (&self->logo);

  G_OBJECT_CLASS (tempo_brand_preview_parent_class)->finalize (object);
}

static void
tempo_brand_preview_class_init (TempoBrandPreviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tempo_brand_preview_finalize;
  widget_class->snapshot = tempo_brand_preview_snapshot;
  widget_class->measure = tempo_brand_preview_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
tempo_brand_preview_init (TempoBrandPreview *self)
{
  self->name = g_strdup ("");
  self->accent = g_strdup (TEMPO_DEFAULT_ACCENT);
  self->accent_dark = g_strdup (TEMPO_DEFAULT_ACCENT);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  C_ ("preview", "How your guests’ phones look, by night and by day"), -1);
}

static void
keep (TempoBrandPreview *self,
      char **place,
      const char *text)
{
  if (g_strcmp0 (*place, text) == 0)
    return;
  g_free (*place);
  *place = g_strdup (text);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
tempo_brand_preview_set_name (TempoBrandPreview *self,
                              const char *name)
{
  keep (self, &self->name, name);
}

void
tempo_brand_preview_set_welcome (TempoBrandPreview *self,
                                 const char *welcome)
{
  keep (self, &self->welcome, welcome);
}

void
tempo_brand_preview_set_accent (TempoBrandPreview *self,
                                const char *accent,
                                const char *accent_dark)
{
  keep (self, &self->accent, accent);
  keep (self, &self->accent_dark, accent_dark != NULL ? accent_dark : accent);
}

void
tempo_brand_preview_set_logo (TempoBrandPreview *self,
                              GdkTexture *logo,
                              gboolean white_label)
{
  if (!g_set_object (&self->logo, logo) && self->white_label == white_label)
    return;
  self->white_label = white_label;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const char *
tempo_brand_preview_describe (const char *accent,
                              const char *accent_dark)
{
  g_autofree char *light = tempo_colour_readable (accent, TEMPO_PAPER);
  g_autofree char *dark = tempo_colour_readable (accent_dark != NULL ? accent_dark : accent, TEMPO_NIGHT);
  gboolean darker = g_ascii_strcasecmp (light, accent) != 0;
  gboolean lighter = g_ascii_strcasecmp (dark, accent_dark != NULL ? accent_dark : accent) != 0;

  if (darker && lighter)
    return _("Text of it is darker on light screens and lighter on dark ones, so that it stays readable");
  if (darker)
    return _("Text of it is darker on light screens, so that it stays readable");
  return lighter ? _("Text of it is lighter on dark screens, so that it stays readable")
                 : _("Readable on light and on dark screens as it is");
}
