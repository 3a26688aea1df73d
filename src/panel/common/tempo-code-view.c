/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/common/tempo-code-view.h"

#include <glib/gi18n.h>

#include "base/tempo-qr.h"

struct _TempoCodeView
{
  GtkWidget parent_instance;

  char *text; /* (owned) (nullable) */
  int size;
};

enum
{
  PROP_TEXT = 1,
  PROP_SIZE,
  N_PROPS
};

static GParamSpec *pspecs[N_PROPS];

G_DEFINE_FINAL_TYPE (TempoCodeView, tempo_code_view, GTK_TYPE_WIDGET)

static void
tempo_code_view_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  *minimum = MIN (140, TEMPO_CODE_VIEW (widget)->size);
  *natural = TEMPO_CODE_VIEW (widget)->size;
}

static void
tempo_code_view_snapshot (GtkWidget *widget,
                          GtkSnapshot *snapshot)
{
  TempoCodeView *self = TEMPO_CODE_VIEW (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float side = MIN (width, height);
  graphene_rect_t square = GRAPHENE_RECT_INIT ((width - side) / 2, (height - side) / 2, side, side);
  const GdkRGBA white = { 1, 1, 1, 1 };
  GskRoundedRect shape;
  cairo_t *cr;

  gsk_rounded_rect_init_from_rect (&shape, &square, 12);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, &white, &square);
  gtk_snapshot_pop (snapshot);
  cr = gtk_snapshot_append_cairo (snapshot, &square);
  cairo_translate (cr, (double) square.origin.x, (double) square.origin.y);
  tempo_code_view_draw (cr, self->text, (double) side);
  cairo_destroy (cr);
}

static void
tempo_code_view_get_property (GObject *object,
                              guint property_id,
                              GValue *value,
                              GParamSpec *pspec)
{
  TempoCodeView *self = TEMPO_CODE_VIEW (object);

  switch (property_id)
    {
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_SIZE:
      g_value_set_int (value, self->size);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tempo_code_view_set_property (GObject *object,
                              guint property_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  TempoCodeView *self = TEMPO_CODE_VIEW (object);

  switch (property_id)
    {
    case PROP_TEXT:
      tempo_code_view_set_text (self, g_value_get_string (value));
      break;
    case PROP_SIZE:
      self->size = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tempo_code_view_finalize (GObject *object)
{
  g_clear_pointer (&TEMPO_CODE_VIEW (object)->text, g_free);

  G_OBJECT_CLASS (tempo_code_view_parent_class)->finalize (object);
}

static void
tempo_code_view_class_init (TempoCodeViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = tempo_code_view_get_property;
  object_class->set_property = tempo_code_view_set_property;
  object_class->finalize = tempo_code_view_finalize;
  widget_class->measure = tempo_code_view_measure;
  widget_class->snapshot = tempo_code_view_snapshot;

  pspecs[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL,
                                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  pspecs[PROP_SIZE] = g_param_spec_int ("size", NULL, NULL, 64, 2048, 240, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, pspecs);
  gtk_widget_class_set_css_name (widget_class, "codeview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
tempo_code_view_init (TempoCodeView *self)
{
  self->size = 240;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("QR code"), -1);
}

/* Shows another code. The text is read out as the description,
 * because a picture of dots says nothing to a screen reader.
 */
void
tempo_code_view_set_text (TempoCodeView *self,
                          const char *text)
{
  g_return_if_fail (TEMPO_IS_CODE_VIEW (self));

  if (g_strcmp0 (self->text, text) == 0)
    return;
  g_free (self->text);
  self->text = g_strdup (text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_TEXT]);
}

/* What the code holds now,
 * NULL when nothing was set.
 * (transfer none) (nullable).
 */
const char *
tempo_code_view_get_text (TempoCodeView *self)
{
  g_return_val_if_fail (TEMPO_IS_CODE_VIEW (self), NULL);
  return self->text;
}

/* Draws the modules a run at a time. Without anti-aliasing, so that neighbouring
 * runs have no hairline of light between them.
 */
gboolean
tempo_code_view_draw (cairo_t *cr,
                      const char *text,
                      double side)
{
  g_autoptr (TempoQr) code = text != NULL ? tempo_qr_new (text) : NULL;
  guint size;
  double module;

  if (code == NULL)
    return FALSE;
  size = tempo_qr_get_size (code);
  module = side / (size + 2 * TEMPO_QR_QUIET);
  cairo_save (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (guint y = 0; y < size; y++)
    for (guint x = 0; x < size;)
      {
        guint run = 0;

        while (x + run < size && tempo_qr_is_dark (code, x + run, y))
          run++;
        if (run > 0)
          cairo_rectangle (cr, (x + TEMPO_QR_QUIET) * module, (y + TEMPO_QR_QUIET) * module, run * module, module);
        x += MAX (run, 1);
      }
  cairo_fill (cr);
  cairo_restore (cr);
  return TRUE;
}
