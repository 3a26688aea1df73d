/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-display"

#include "display/tempo-stage-paint.h"

#include <math.h>

static const GdkRGBA NIGHT = { 0.071f, 0.063f, 0.102f, 1.f };
/* As on the page for a TV's browser. */
static const GdkRGBA TEXT = { 0.957f, 0.945f, 0.973f, 1.f };
static const GdkRGBA SOFT = { 0.851f, 0.831f, 0.89f, 1.f };
static const GdkRGBA QUIET = { 0.718f, 0.69f, 0.773f, 1.f };
static const GdkRGBA WHITE = { 1.f, 1.f, 1.f, 1.f };
static const GdkRGBA BLACK = { 0.f, 0.f, 0.f, 1.f };

/* What one edge of a picture is looked at through when its colour is taken. */
#define SAMPLES 24

static const GdkRGBA *
choose_ink (TempoInk ink, const GdkRGBA *accent)
{
  switch (ink)
    {
    case TEMPO_INK_SOFT:
      return &SOFT;
    case TEMPO_INK_QUIET:
      return &QUIET;
    case TEMPO_INK_ACCENT:
      return accent;
    case TEMPO_INK_TEXT:
    default:
      return &TEXT;
    }
}

static void
fill_rounded (GtkSnapshot *snapshot, const graphene_rect_t *area, float radius, const GdkRGBA *colour)
{
  GskRoundedRect shape;

  gsk_rounded_rect_init_from_rect (&shape, area, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, colour, area);
  gtk_snapshot_pop (snapshot);
}

static void
set_size (PangoLayout *layout, const PangoFontDescription *base, const TempoBrush *brush, double scale)
{
  g_autoptr (PangoFontDescription) font = pango_font_description_copy (base);

  pango_font_description_set_absolute_size (font, brush->size * scale * PANGO_SCALE);
  pango_font_description_set_weight (font, brush->weight);
  pango_layout_set_font_description (layout, font);
}

static PangoLayout *
make_layout (GtkWidget *widget, const char *text, const TempoBrush *brush)
{
  const PangoFontDescription *base = pango_context_get_font_description (gtk_widget_get_pango_context (widget));
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);

  set_size (layout, base, brush, 1);
  return layout;
}

/**
 * tempo_paint_measure_text:
 *
 * Returns: the width in pixels that @text takes in one line
 */
float
tempo_paint_measure_text (GtkWidget *widget, const char *text, const TempoBrush *brush)
{
  g_autoptr (PangoLayout) layout = make_layout (widget, text, brush);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

/**
 * tempo_paint_text:
 * @area: where it may stand; text that does not fit in @brush.lines is ellipsized
 * @accent: the readable accent, for TEMPO_INK_ACCENT
 *
 * Returns: the height in pixels that the text took
 */
float
tempo_paint_text (GtkSnapshot *snapshot, GtkWidget *widget, const graphene_rect_t *area, const char *text,
                  const TempoBrush *brush, const GdkRGBA *accent)
{
  const PangoFontDescription *base = pango_context_get_font_description (gtk_widget_get_pango_context (widget));
  g_autoptr (PangoLayout) layout = NULL;
  int height;

  if (text == NULL || *text == '\0' || area->size.width < 1)
    return 0;

  layout = make_layout (widget, text, brush);
  pango_layout_set_width (layout, (int) (area->size.width * PANGO_SCALE));
  pango_layout_set_height (layout, -(int) MAX (brush->lines, 1));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, brush->align);
  pango_layout_set_line_spacing (layout, 0.95f);
  for (double scale = 0.9; brush->fit && scale > 0.55 && pango_layout_is_ellipsized (layout); scale -= 0.1)
    set_size (layout, base, brush, scale);
  pango_layout_get_pixel_size (layout, NULL, &height);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &area->origin);
  gtk_snapshot_append_layout (snapshot, layout, choose_ink (brush->ink, accent));
  gtk_snapshot_restore (snapshot);
  return height;
}

/**
 * tempo_paint_code:
 * @area: the square, quiet zone included; nothing is drawn when it is empty
 * @code: (nullable)
 *
 * A run of dark modules in a row is one rectangle: a code is some 300 of them, not 900.
 */
void
tempo_paint_code (GtkSnapshot *snapshot, const graphene_rect_t *area, TempoQr *code)
{
  guint size = code != NULL ? tempo_qr_get_size (code) : 0;
  guint across = size + 2 * TEMPO_QR_QUIET;
  float module = (int) (area->size.width / across);
  float x0, y0;
  GskRoundedRect card;

  if (size == 0 || module < 1)
    return;

  gsk_rounded_rect_init_from_rect (&card, area, module * 2);
  gtk_snapshot_push_rounded_clip (snapshot, &card);
  gtk_snapshot_append_color (snapshot, &WHITE, area);
  gtk_snapshot_pop (snapshot);

  x0 = (int) (area->origin.x + (area->size.width - module * size) / 2);
  y0 = (int) (area->origin.y + (area->size.height - module * size) / 2);
  for (guint y = 0; y < size; y++)
    {
      for (guint x = 0; x < size;)
        {
          guint run = 0;

          while (tempo_qr_is_dark (code, x + run, y))
            run++;
          if (run > 0)
            gtk_snapshot_append_color (
              snapshot, &BLACK, &GRAPHENE_RECT_INIT (x0 + x * module, y0 + y * module, run * module, module));
          x += run + 1;
        }
    }
}

static void
paint_record (GtkSnapshot *snapshot, const graphene_rect_t *area, const GdkRGBA *accent)
{
  static const float rings[] = { 0.94f, 0.72f, 0.5f };
  static const GdkRGBA groove = { 0.145f, 0.129f, 0.2f, 1.f };
  graphene_point_t centre;

  graphene_rect_get_center (area, &centre);
  for (guint i = 0; i < G_N_ELEMENTS (rings); i++)
    {
      float radius = area->size.width / 2 * rings[i];
      GskRoundedRect disc;

      gsk_rounded_rect_init_from_rect (
        &disc, &GRAPHENE_RECT_INIT (centre.x - radius, centre.y - radius, radius * 2, radius * 2), radius);
      gtk_snapshot_append_border (snapshot, &disc,
                                  (float[]){ radius * 0.04f, radius * 0.04f, radius * 0.04f, radius * 0.04f },
                                  (GdkRGBA[]){ groove, groove, groove, groove });
    }
  {
    float radius = area->size.width * 0.13f;
    GskRoundedRect label;

    gsk_rounded_rect_init_from_rect (
      &label, &GRAPHENE_RECT_INIT (centre.x - radius, centre.y - radius, radius * 2, radius * 2), radius);
    gtk_snapshot_push_rounded_clip (snapshot, &label);
    gtk_snapshot_append_color (snapshot, accent, &label.bounds);
    gtk_snapshot_pop (snapshot);
  }
}

/* Where @picture lies in the middle of @area, whole and at its own shape. */
static graphene_rect_t
fit_picture (const graphene_rect_t *area, GdkTexture *picture)
{
  float scale = MIN (area->size.width / gdk_texture_get_width (picture),
                     area->size.height / gdk_texture_get_height (picture));
  float width = gdk_texture_get_width (picture) * scale;
  float height = gdk_texture_get_height (picture) * scale;

  return GRAPHENE_RECT_INIT (area->origin.x + (area->size.width - width) / 2,
                             area->origin.y + (area->size.height - height) / 2, width, height);
}

/**
 * tempo_paint_picture:
 * @picture: drawn whole, at its own shape, in the middle of @area, and as it is: it may be a letter on nothing
 */
void
tempo_paint_picture (GtkSnapshot *snapshot, const graphene_rect_t *area, GdkTexture *picture)
{
  graphene_rect_t place = fit_picture (area, picture);

  gtk_snapshot_append_texture (snapshot, picture, &place);
}

/**
 * tempo_paint_artwork:
 * @artwork: (nullable): drawn whole, at its own shape, in the middle of @area
 */
void
tempo_paint_artwork (GtkSnapshot *snapshot, const graphene_rect_t *area, GdkTexture *artwork,
                     const GdkRGBA *accent)
{
  GskRoundedRect frame;
  graphene_rect_t place;

  if (area->size.width < 1)
    return;
  if (artwork == NULL)
    {
      paint_record (snapshot, area, accent);
      return;
    }

  place = fit_picture (area, artwork);
  gsk_rounded_rect_init_from_rect (&frame, &place, area->size.width * 0.03f);
  gtk_snapshot_append_outset_shadow (snapshot, &frame, &(GdkRGBA){ 0, 0, 0, 0.45f }, 0, place.size.width * 0.02f, 0,
                                     place.size.width * 0.08f);
  gtk_snapshot_push_rounded_clip (snapshot, &frame);
  gtk_snapshot_append_texture (snapshot, artwork, &frame.bounds);
  gtk_snapshot_pop (snapshot);
}

/**
 * tempo_paint_number:
 * @number: 1 to 9
 *
 * Ties a line of the instructions to the code it speaks of.
 */
void
tempo_paint_number (GtkSnapshot *snapshot, GtkWidget *widget, const graphene_rect_t *area, guint number, gboolean ringed,
                    const GdkRGBA *accent)
{
  float side = MIN (area->size.width, area->size.height);
  float x = area->origin.x + (area->size.width - side) / 2, y = area->origin.y + (area->size.height - side) / 2;
  graphene_rect_t disk = GRAPHENE_RECT_INIT (x, y, side, side);
  graphene_rect_t ring = GRAPHENE_RECT_INIT (x - side * 0.12f, y - side * 0.12f, side * 1.24f, side * 1.24f);
  TempoBrush brush = { side * 0.62f, PANGO_WEIGHT_BOLD, TEMPO_INK_ACCENT, PANGO_ALIGN_CENTER, 1 };
  char digit[2] = { (char) ('0' + number % 10), '\0' };
  g_autoptr (PangoLayout) layout = make_layout (widget, digit, &brush);
  int width, height;

  if (ringed)
    fill_rounded (snapshot, &ring, ring.size.width / 2, &NIGHT);
  fill_rounded (snapshot, &disk, side / 2, accent);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x + (side - (float) width) / 2, y + (side - (float) height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &NIGHT);
  gtk_snapshot_restore (snapshot);
}

/**
 * tempo_paint_metronome:
 *
 * The same lines as on the pages, in a square of 32.
 */
void
tempo_paint_metronome (GtkSnapshot *snapshot, const graphene_rect_t *area, const GdkRGBA *accent)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, area);

  cairo_translate (cr, area->origin.x, area->origin.y);
  cairo_scale (cr, area->size.width / 32, area->size.height / 32);
  gdk_cairo_set_source_rgba (cr, accent);
  cairo_set_line_width (cr, 2.4);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, 11.5, 4);
  cairo_line_to (cr, 20.5, 4);
  cairo_line_to (cr, 25.5, 28);
  cairo_line_to (cr, 6.5, 28);
  cairo_close_path (cr);
  cairo_move_to (cr, 9, 20.5);
  cairo_line_to (cr, 23, 20.5);
  cairo_move_to (cr, 16, 20.5);
  cairo_rel_curve_to (cr, 3, -2.5, 1, -4.5, 4, -7);
  cairo_rel_curve_to (cr, 3, -2.5, 1, -4.5, 4, -7);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

void
tempo_paint_hairline (GtkSnapshot *snapshot, const graphene_rect_t *area)
{
  gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, 0.12f }, &GRAPHENE_RECT_INIT (area->origin.x, floorf (area->origin.y), area->size.width, 1));
}

/**
 * tempo_paint_bar:
 * @part: how much is done, 0 to 1; clamped
 *
 * The track stays visible where nothing is done yet, so that the length can be judged.
 */
void
tempo_paint_bar (GtkSnapshot *snapshot, const graphene_rect_t *area, double part, const GdkRGBA *accent)
{
  graphene_rect_t done = *area;
  float radius = area->size.height / 2;

  if (area->size.width < 1)
    return;
  fill_rounded (snapshot, area, radius, &(GdkRGBA){ 1, 1, 1, 0.14f });
  done.size.width = MAX (area->size.height, (float) (area->size.width * CLAMP (part, 0, 1)));
  fill_rounded (snapshot, &done, radius, accent);
}

/**
 * tempo_paint_night:
 * @centre: where the glow comes from
 * @colour: of the glow; it is kept weak, text must stay readable over it
 *
 * A gradient, never the picture itself: blurred covers are forbidden by some
 * sources and tire the eye.
 */
void
tempo_paint_night (GtkSnapshot *snapshot, float width, float height, const graphene_point_t *centre,
                   const GdkRGBA *colour)
{
  graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, width, height);
  GdkRGBA inner = *colour, outer = *colour;

  inner.alpha = 0.30f;
  outer.alpha = 0;
  gtk_snapshot_append_color (snapshot, &NIGHT, &all);
  gtk_snapshot_append_radial_gradient (snapshot, &all, centre, MAX (width, height) * 0.6f,
                                       MAX (width, height) * 0.6f, 0, 1,
                                       (GskColorStop[]){ { 0, inner }, { 1, outer } }, 2);
}

/**
 * tempo_paint_panel:
 * @area: what the words of a ribbon stand on
 * @colour: its tone, used thinly
 */
void
tempo_paint_panel (GtkSnapshot *snapshot, const graphene_rect_t *area, const GdkRGBA *colour)
{
  GdkRGBA tone = *colour;

  tone.alpha = 0.22f;
  fill_rounded (snapshot, area, area->size.height * 0.25f, &tone);
}

/**
 * tempo_paint_main_colour:
 * @texture: a picture of any size
 * @colour: (out caller-allocates)
 *
 * Looks at a grid of pixels only; a cover of 3000 × 3000 costs what a small one costs.
 */
void
tempo_paint_main_colour (GdkTexture *texture, GdkRGBA *colour)
{
  int width = gdk_texture_get_width (texture);
  int height = gdk_texture_get_height (texture);
  g_autofree guchar *pixels = g_malloc ((gsize) width * height * 4);
  double red = 0, green = 0, blue = 0, sum = 0;

  gdk_texture_download (texture, pixels, (gsize) width * 4);
  for (int i = 0; i < SAMPLES * SAMPLES; i++)
    {
      gsize x = (gsize) (i % SAMPLES) * width / SAMPLES, y = (gsize) (i / SAMPLES) * height / SAMPLES;
      guint32 pixel;
      double r, g, b, weight;

      memcpy (&pixel, pixels + (y * width + x) * 4, 4);
      r = ((pixel >> 16) & 0xff) / 255.0;
      g = ((pixel >> 8) & 0xff) / 255.0;
      b = (pixel & 0xff) / 255.0;
      weight = 0.02 + MAX (r, MAX (g, b)) - MIN (r, MIN (g, b));
      red += r * weight;
      green += g * weight;
      blue += b * weight;
      sum += weight;
    }
  *colour = (GdkRGBA){ (float) (red / sum), (float) (green / sum), (float) (blue / sum), 1.f };
}
