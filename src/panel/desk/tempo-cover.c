/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/desk/tempo-cover.h"

struct _TempoCover
{
  GtkWidget parent_instance;

  GCancellable *cancellable; /* (owned) (nullable) */
  GdkTexture *texture;       /* (owned) (nullable) */
  GtkIconPaintable *note;    /* (owned) (nullable) */
  char *artwork;             /* (owned) (nullable) */
  int size;
};

enum
{
  PROP_SIZE = 1,
  N_PROPS
};

static GParamSpec *pspecs[N_PROPS];

G_DEFINE_FINAL_TYPE (TempoCover, tempo_cover, GTK_TYPE_WIDGET)

static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (TempoCover) self = user_data;
  g_autoptr (GdkTexture) texture = tempo_desk_load_cover_finish (TEMPO_DESK (object), result, NULL);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  if (g_set_object (&self->texture, texture))
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
tempo_cover_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  *minimum = *natural = TEMPO_COVER (widget)->size;
}

static void
draw_note (TempoCover *self,
           GtkSnapshot *snapshot,
           float width,
           float height)
{
  GtkWidget *widget = GTK_WIDGET (self);
  float side = MAX (16, width * 0.36f);
  GdkRGBA colors[4];

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colors[0]);
  colors[0].alpha *= 0.09f;
  gtk_snapshot_append_color (snapshot, &colors[0], &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (self->note == NULL)
    self->note = gtk_icon_theme_lookup_icon (gtk_icon_theme_get_for_display (gtk_widget_get_display (widget)),
                                             "audio-x-generic-symbolic", NULL, (int) side,
                                             gtk_widget_get_scale_factor (widget),
                                             gtk_widget_get_direction (widget), 0);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colors[0]);
  colors[0].alpha *= 0.4f;
  colors[1] = colors[2] = colors[3] = colors[0];
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((width - side) / 2, (height - side) / 2));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (self->note), snapshot, (double) side, (double) side,
                                            colors, G_N_ELEMENTS (colors));
}

/* Covers are square, but a wide one is shown whole rather than cut. */
static void
draw_texture (TempoCover *self,
              GtkSnapshot *snapshot,
              float width,
              float height)
{
  float ratio = (float) gdk_paintable_get_intrinsic_aspect_ratio (GDK_PAINTABLE (self->texture));
  float w = ratio >= 1 ? width : width * ratio;
  float h = ratio >= 1 ? height / ratio : height;

  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((width - w) / 2, (height - h) / 2));
  gdk_paintable_snapshot (GDK_PAINTABLE (self->texture), snapshot, (double) w, (double) h);
}

static void
tempo_cover_snapshot (GtkWidget *widget,
                      GtkSnapshot *snapshot)
{
  TempoCover *self = TEMPO_COVER (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  float radius = MIN (12, MAX (6, width / 8));
  GskRoundedRect shape;

  gsk_rounded_rect_init_from_rect (&shape, &GRAPHENE_RECT_INIT (0, 0, width, height), radius);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_save (snapshot);
  if (self->texture != NULL)
    draw_texture (self, snapshot, width, height);
  else
    draw_note (self, snapshot, width, height);
  gtk_snapshot_restore (snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
tempo_cover_get_property (GObject *object,
                          guint property_id,
                          GValue *value,
                          GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_SIZE:
      g_value_set_int (value, TEMPO_COVER (object)->size);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tempo_cover_set_property (GObject *object,
                          guint property_id,
                          const GValue *value,
                          GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_SIZE:
      TEMPO_COVER (object)->size = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (object));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tempo_cover_dispose (GObject *object)
{
  TempoCover *self = TEMPO_COVER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->texture);
  g_clear_object (&self->note);
  g_clear_pointer (&self->artwork, g_free);

  G_OBJECT_CLASS (tempo_cover_parent_class)->dispose (object);
}

static void
tempo_cover_class_init (TempoCoverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = tempo_cover_get_property;
  object_class->set_property = tempo_cover_set_property;
  object_class->dispose = tempo_cover_dispose;
  widget_class->measure = tempo_cover_measure;
  widget_class->snapshot = tempo_cover_snapshot;

  pspecs[PROP_SIZE] = g_param_spec_int ("size", NULL, NULL, 16, 512, 44, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, pspecs);
  gtk_widget_class_set_css_name (widget_class, "cover");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
tempo_cover_init (TempoCover *self)
{
  self->size = 44;
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/* Shows the picture of @song. */
void
tempo_cover_set_song (TempoCover *self,
                      TempoDesk *desk,
                      TempoSong *song)
{
  tempo_cover_set_picture (self, desk, song != NULL ? song->artwork : NULL);
}

/* Shows the picture of that id. One that is still being fetched for an earlier
 * call is given up, so a row that is used again never shows the wrong one.
 */
void
tempo_cover_set_picture (TempoCover *self,
                         TempoDesk *desk,
                         const char *artwork)
{
  g_return_if_fail (TEMPO_IS_COVER (self));

  if (g_strcmp0 (self->artwork, artwork) == 0)
    return;
  g_free (self->artwork);
  self->artwork = g_strdup (artwork);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (artwork == NULL || desk == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  tempo_desk_load_cover_async (desk, artwork, self->cancellable, loaded_cb, g_object_ref (self));
}
