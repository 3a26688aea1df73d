/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/music/tempo-source-row.h"

#include <glib/gi18n.h>

#include "panel/music/tempo-music-words.h"

struct _TempoSourceRow
{
  AdwPreferencesRow parent_instance;

  char *kind;         /* (owned) */
  const char *remedy; /* (nullable) static */

  GtkImage *icon;
  GtkLabel *name;
  GtkLabel *sentence;
  GtkButton *help;
};

G_DEFINE_FINAL_TYPE (TempoSourceRow, tempo_source_row, ADW_TYPE_PREFERENCES_ROW)

static guint act_signal;

static void
help_cb (TempoSourceRow *self)
{
  g_signal_emit (self, act_signal, 0, self->kind, self->remedy);
}

/* "source.up" … */
static void
act (GtkWidget *widget,
     const char *action_name,
     GVariant *parameter)
{
  g_signal_emit (widget, act_signal, 0, TEMPO_SOURCE_ROW (widget)->kind, action_name + strlen ("source."));
}

static void
tempo_source_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TEMPO_TYPE_SOURCE_ROW);

  G_OBJECT_CLASS (tempo_source_row_parent_class)->dispose (object);
}

static void
tempo_source_row_finalize (GObject *object)
{
  g_free (TEMPO_SOURCE_ROW (object)->kind);

  G_OBJECT_CLASS (tempo_source_row_parent_class)->finalize (object);
}

static void
tempo_source_row_class_init (TempoSourceRowClass *klass)
{
  static const char *const actions[] = { "source.take", "source.up", "source.down", "source.remove" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_source_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = tempo_source_row_finalize;
  act_signal = g_signal_new ("act", TEMPO_TYPE_SOURCE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                             G_TYPE_STRING, G_TYPE_STRING);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, act);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tempo_venue/Tempo/panel/music/tempo-source-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoSourceRow, icon);
  gtk_widget_class_bind_template_child (widget_class, TempoSourceRow, name);
  gtk_widget_class_bind_template_child (widget_class, TempoSourceRow, sentence);
  gtk_widget_class_bind_template_child (widget_class, TempoSourceRow, help);
  gtk_widget_class_bind_template_callback (widget_class, help_cb);
}

static void
tempo_source_row_init (TempoSourceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* A row for @state, which stands at @index of @n sources. It does not change: a new state gets a new row.
 */
GtkWidget *
tempo_source_row_new (const TempoSourceState *state,
                      guint index,
                      guint n)
{
  TempoSourceRow *self = g_object_new (TEMPO_TYPE_SOURCE_ROW, NULL);
  g_autofree char *sentence = tempo_music_words_state (state);
  const char *label = tempo_music_words_remedy (state, &self->remedy);

  self->kind = g_strdup (state->kind);
  gtk_image_set_from_icon_name (self->icon, tempo_music_words_icon (state->kind));
  gtk_label_set_text (self->name, tempo_music_words_kind (state->kind));
  gtk_label_set_text (self->sentence, sentence);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), tempo_music_words_kind (state->kind));
  if (label != NULL)
    gtk_button_set_label (self->help, label);
  gtk_widget_set_visible (GTK_WIDGET (self->help), label != NULL);
  if (state->active)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), "accent");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "source.take", !state->active && state->usable);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "source.up", index > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "source.down", index + 1 < n);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "source.remove", n > 1);
  return GTK_WIDGET (self);
}
