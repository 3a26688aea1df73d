/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/house/tempo-new-organization.h"

#include <glib/gi18n.h>

#include "model/tempo-refusal.h"
#include "panel/common/tempo-words.h"

struct _TempoNewOrganization
{
  AdwPreferencesGroup parent_instance;

  TempoLink *link;    /* (owned) (nullable) */
  gboolean chosen;    /* somebody typed letters; until then they follow the name */
  gboolean suggesting;
  gboolean waiting;   /* for the engine */

  GtkEditable *name;
  GtkEditable *letters;
  AdwPreferencesRow *end;
  GtkWidget *button;
};

G_DEFINE_FINAL_TYPE (TempoNewOrganization, tempo_new_organization, ADW_TYPE_PREFERENCES_GROUP)

static guint made_signal;

static char *
take_text (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

static TempoOrganization *
find_in (GPtrArray *organizations,
         const char *letters)
{
  for (guint i = 0; i < organizations->len; i++)
    if (g_strcmp0 (((TempoOrganization *) g_ptr_array_index (organizations, i))->code, letters) == 0)
      return g_object_ref (g_ptr_array_index (organizations, i));
  return NULL;
}

/* (transfer full) (nullable): who has the letters on this computer, opened or not. */
static TempoOrganization *
find_owner (TempoNewOrganization *self,
            const char *letters)
{
  g_autoptr (GPtrArray) organizations = tempo_link_list_organizations (self->link);
  g_autoptr (GPtrArray) unopened = tempo_link_list_unopened (self->link);
  TempoOrganization *owner = find_in (organizations, letters);

  return owner != NULL ? owner : find_in (unopened, letters);
}

/* From the name, as the engine would; another last letter where somebody has them. */
static char *
suggest (TempoNewOrganization *self,
         const char *name)
{
  char *letters = tempo_organization_make_code (name);
  TempoOrganization *owner = find_owner (self, letters);

  for (char last = 'A'; owner != NULL && last <= 'Z'; last++)
    {
      letters[2] = last;
      g_object_unref (owner);
      owner = find_owner (self, letters);
    }
  g_clear_object (&owner);
  return letters;
}

static void
mark (TempoNewOrganization *self,
      gboolean wrong)
{
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->letters), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->letters), "error");
  gtk_widget_set_sensitive (self->button, !wrong && !self->waiting);
}

/* What would come of what is typed, or why nothing. */
static void
judge (TempoNewOrganization *self)
{
  g_autofree char *typed = take_text (self->letters);
  g_autofree char *letters = g_ascii_strup (typed, -1);
  g_autoptr (TempoOrganization) owner = self->link != NULL ? find_owner (self, letters) : NULL;
  g_autofree char *text = NULL;
  gboolean valid = tempo_organization_code_is_valid (letters);

  if (!valid)
    text = g_strdup (_("3 or 4 letters from A to Z."));
  else if (owner != NULL)
    text = g_strdup_printf (_("“%s” has these letters. Choose others."), owner->name);
  else
    /* Translators: %s are letters somebody chose, such as THE; with what follows a request is numbered. */
    text = g_strdup_printf (_("Its requests get numbers such as %s-REQ-001. The letters stay."), letters);
  adw_preferences_row_set_title (self->end, text);
  mark (self, !valid || owner != NULL);
}

static void
letters_changed_cb (TempoNewOrganization *self)
{
  if (!self->suggesting)
    self->chosen = *gtk_editable_get_text (self->letters) != '\0';
  judge (self);
}

static void
name_changed_cb (TempoNewOrganization *self)
{
  g_autofree char *name = take_text (self->name);
  gboolean named = *name != '\0';

  if (named && !self->chosen && self->link != NULL)
    {
      g_autofree char *letters = suggest (self, name);

      self->suggesting = TRUE;
      gtk_editable_set_text (self->letters, letters);
      self->suggesting = FALSE;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->letters), named);
  gtk_widget_set_visible (GTK_WIDGET (self->end), named);
}

static void
clear (TempoNewOrganization *self)
{
  self->chosen = FALSE;
  self->suggesting = TRUE;
  gtk_editable_set_text (self->letters, "");
  self->suggesting = FALSE;
  gtk_editable_set_text (self->name, "");
}

static void
say_refusal (TempoNewOrganization *self,
             const GError *error)
{
  const TempoRefusalDetail *detail = tempo_refusal_detail (error);
  gboolean letters = detail != NULL && g_str_equal (detail->subject, "code");
  g_autofree char *text = letters && g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_CONFLICT)
                            ? g_strdup (_("Somebody has these letters. Choose others."))
                            : tempo_words_refusal (error);

  adw_preferences_row_set_title (self->end, text);
  mark (self, letters);
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
    clear (self);
  else
    say_refusal (self, error);
  g_signal_emit (self, made_signal, 0);
}

static void
add (TempoNewOrganization *self)
{
  g_autofree char *name = take_text (self->name);
  g_autofree char *typed = take_text (self->letters);
  g_autofree char *letters = g_ascii_strup (typed, -1);

  if (self->link == NULL || *name == '\0' || !gtk_widget_get_sensitive (self->button))
    return;
  self->waiting = TRUE;
  mark (self, FALSE);
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
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/house/tempo-new-organization.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoNewOrganization, name);
  gtk_widget_class_bind_template_child (widget_class, TempoNewOrganization, letters);
  gtk_widget_class_bind_template_child (widget_class, TempoNewOrganization, end);
  gtk_widget_class_bind_template_child (widget_class, TempoNewOrganization, button);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, letters_changed_cb);
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
}
