/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/stats/tempo-bar-chart.h"

#include <glib/gi18n.h>
#include <math.h>

#define HEIGHT 132
#define LABEL_HEIGHT 20
#define GAP 3
#define MAX_BAR 44
#define RADIUS 3

typedef struct
{
  char *label; /* (owned) */
  guint value, part;
} Bar;

struct _TempoBarChart
{
  GtkWidget parent_instance;

  GPtrArray *bars; /* (owned) (element Bar) */
};

G_DEFINE_FINAL_TYPE (TempoBarChart, tempo_bar_chart, GTK_TYPE_WIDGET)

static void
free_bar (gpointer data)
{
  Bar *bar = data;

  g_clear_pointer (&bar->label, g_free);
  g_free (bar);
}

static guint
find_highest (TempoBarChart *self)
{
  guint highest = 1;

  for (guint i = 0; i < self->bars->len; i++)
    highest = MAX (highest, ((Bar *) g_ptr_array_index (self->bars, i))->value);

  return highest;
}

static void
fill (GtkSnapshot *snapshot,
      const GdkRGBA *color,
      double x,
      double y,
      double width,
      double height)
{
  GskRoundedRect shape;

  if (height <= 0)
    return;
  gsk_rounded_rect_init_from_rect (&shape, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height),
                                   (float) MIN (RADIUS, height / 2));
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, color, &shape.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
draw_text (TempoBarChart *self,
           GtkSnapshot *snapshot,
           const char *text,
           const GdkRGBA *color,
           double center,
           double y)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int width = 0;
  double left;

  pango_layout_get_pixel_size (layout, &width, NULL);
  left = CLAMP (center - width / 2.0, 0, MAX (0, gtk_widget_get_width (GTK_WIDGET (self)) - width));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) left, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

/* How many bars share one name, so that names never touch. */
static guint
find_step (TempoBarChart *self,
           double slot)
{
  int widest = 1;

  for (guint i = 0; i < self->bars->len; i++)
    {
      Bar *bar = g_ptr_array_index (self->bars, i);
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), bar->label);
      int width = 0;

      pango_layout_get_pixel_size (layout, &width, NULL);
      widest = MAX (widest, width);
    }

  return MAX (1, (guint) ceil ((widest + 8) / slot));
}

static void
tempo_bar_chart_snapshot (GtkWidget *widget,
                          GtkSnapshot *snapshot)
{
  TempoBarChart *self = TEMPO_BAR_CHART (widget);
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget) - LABEL_HEIGHT;
  double slot = self->bars->len > 0 ? width / self->bars->len : width;
  double thick = MIN (MAX_BAR, MAX (1, slot - GAP));
  guint highest = find_highest (self);
  guint step = find_step (self, slot);
  GdkRGBA text, bar_color, part_color, line;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &text);
  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "accent_bg_color", &bar_color))
    bar_color = text;
  part_color = line = text;
  part_color.alpha = 0.35f;
  line.alpha = 0.15f;
  gtk_snapshot_append_color (snapshot, &line, &GRAPHENE_RECT_INIT (0, (float) height, (float) width, 1));
  for (guint i = 0; i < self->bars->len; i++)
    {
      Bar *bar = g_ptr_array_index (self->bars, i);
      double x = i * slot + (slot - thick) / 2;
      double tall = height * bar->value / highest;
      double part = height * MIN (bar->part, bar->value) / highest;

      fill (snapshot, &bar_color, x, height - tall, thick, tall - part);
      fill (snapshot, &part_color, x, height - part, thick, part);
      if (i % step == 0)
        draw_text (self, snapshot, bar->label, &text, x + thick / 2, height + 4);
    }
}

static void
tempo_bar_chart_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 0;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 400;
}

static void
tempo_bar_chart_finalize (GObject *object)
{
  g_clear_pointer (&TEMPO_BAR_CHART (object)->bars, g_ptr_array_unref);

  G_OBJECT_CLASS (tempo_bar_chart_parent_class)->finalize (object);
}

static void
tempo_bar_chart_class_init (TempoBarChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tempo_bar_chart_finalize;
  widget_class->snapshot = tempo_bar_chart_snapshot;
  widget_class->measure = tempo_bar_chart_measure;
  gtk_widget_class_set_css_name (widget_class, "barchart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
tempo_bar_chart_init (TempoBarChart *self)
{
  self->bars = g_ptr_array_new_with_free_func (free_bar);
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
}

GtkWidget *
tempo_bar_chart_new (void)
{
  return g_object_new (TEMPO_TYPE_BAR_CHART, NULL);
}

static void
describe (TempoBarChart *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->bars->len; i++)
    {
      Bar *bar = g_ptr_array_index (self->bars, i);

      if (bar->value > 0)
        g_string_append_printf (text, "%s%s: %u", text->len > 0 ? ", " : "", bar->label, bar->value);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Takes all bars away.
 */
void
tempo_bar_chart_clear (TempoBarChart *self)
{
  g_return_if_fail (TEMPO_IS_BAR_CHART (self));

  g_ptr_array_set_size (self->bars, 0);
  describe (self);
}

/* One more bar at the end.
 */
void
tempo_bar_chart_add (TempoBarChart *self,
                     const char *label,
                     guint value,
                     guint part)
{
  Bar *bar;

  g_return_if_fail (TEMPO_IS_BAR_CHART (self));

  if (self->bars->len == TEMPO_BAR_CHART_MAX)
    return;
  bar = g_new0 (Bar, 1);
  bar->label = g_strdup (label);
  bar->value = value;
  bar->part = part;
  g_ptr_array_add (self->bars, bar);
  describe (self);
}

guint
tempo_bar_chart_get_n (TempoBarChart *self)
{
  g_return_val_if_fail (TEMPO_IS_BAR_CHART (self), 0);

  return self->bars->len;
}
