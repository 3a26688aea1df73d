/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/house/tempo-new-organization.h"

#include "panel/house/tempo-letters-row.h"

struct _TempoNewOrganization
{
  AdwPreferencesGroup parent_instance;

  TempoLink *link;    /* (owned) (nullable) */
  gboolean waiting;   /* for the engine */

  GtkEditable *name;
  TempoLettersRow *letters;
  GtkWidget *button;
};

G_DEFINE_FINAL_TYPE (TempoNewOrganization, tempo_new_organization, ADW_TYPE_PREFERENCES_GROUP)

static guint made_signal;

static char *
take_text (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

static void
update (TempoNewOrganization *self)
{
  gtk_widget_set_sensitive (self->button, tempo_letters_row_get_good (self->letters) && !self->waiting);
}

static void
name_changed_cb (TempoNewOrganization *self)
{
  g_autofree char *name = take_text (self->name);

  tempo_letters_row_set_name (self->letters, name);
}

static void
made_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (TempoNewOrganization) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean made = tempo_link_create_venue_finish (TEMPO_LINK (object), result, &error);

  self->waiting = FALSE;
  if (self->link == NULL)
    return;
  /* What was typed stays, to be put right. */
  if (made)
    gtk_editable_set_text (self->name, "");
  else
    tempo_letters_row_refuse (self->letters, error);
  update (self);
  g_signal_emit (self, made_signal, 0);
}

static void
add (TempoNewOrganization *self)
{
  g_autofree char *name = take_text (self->name);
  g_autofree char *letters = tempo_letters_row_dup_letters (self->letters);

  if (self->link == NULL || *name == '\0' || !gtk_widget_get_sensitive (self->button))
    return;
  self->waiting = TRUE;
  update (self);
  tempo_link_create_venue_async (self->link, name, letters, NULL, made_cb, g_object_ref (self));
}

static void
tempo_new_organization_dispose (GObject *object)
{
  g_clear_object (&TEMPO_NEW_ORGANIZATION (object)->link);
  gtk_widget_dispose_template (GTK_WIDGET (object), TEMPO_TYPE_NEW_ORGANIZATION);

  G_OBJECT_CLASS (tempo_new_organization_parent_class)->dispose (object);
}

static void
tempo_new_organization_class_init (TempoNewOrganizationClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_new_organization_dispose;
  made_signal = g_signal_new ("made", TEMPO_TYPE_NEW_ORGANIZATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (TEMPO_TYPE_LETTERS_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/house/tempo-new-organization.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoNewOrganization, name);
  gtk_widget_class_bind_template_child (widget_class, TempoNewOrganization, letters);
  gtk_widget_class_bind_template_child (widget_class, TempoNewOrganization, button);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, add);
}

static void
tempo_new_organization_init (TempoNewOrganization *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Gives it the line to the engine,
 * or takes it away.
 */
void
tempo_new_organization_set_link (TempoNewOrganization *self,
                                 TempoLink *link)
{
  g_return_if_fail (TEMPO_IS_NEW_ORGANIZATION (self));

  g_set_object (&self->link, link);
  tempo_letters_row_set_link (self->letters, link);
}
