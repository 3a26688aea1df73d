/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/house/tempo-letters-row.h"

#include <glib/gi18n.h>

#include "model/tempo-refusal.h"
#include "panel/common/tempo-words.h"

struct _TempoLettersRow
{
  AdwEntryRow parent_instance;

  TempoLink *link;  /* (owned) (nullable) */
  char *proposal;   /* (owned) */
  char *verdict;    /* (owned) */
  gboolean good;
  gboolean chosen;  /* somebody typed letters; until then they follow the name */
  gboolean proposing;
};

enum
{
  PROP_0,
  PROP_VERDICT,
  PROP_GOOD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TempoLettersRow, tempo_letters_row, ADW_TYPE_ENTRY_ROW)

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
find_owner (TempoLettersRow *self,
            const char *letters)
{
  g_autoptr (GPtrArray) organizations = NULL;
  g_autoptr (GPtrArray) unopened = NULL;
  TempoOrganization *owner;

  if (self->link == NULL)
    return NULL;
  organizations = tempo_link_list_organizations (self->link);
  unopened = tempo_link_list_unopened (self->link);
  owner = find_in (organizations, letters);
  return owner != NULL ? owner : find_in (unopened, letters);
}

/* From the name, as the engine would; another last letter where somebody has them. */
static char *
propose (TempoLettersRow *self,
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
set_verdict (TempoLettersRow *self,
             const char *verdict,
             gboolean good)
{
  if (good)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_INVALID,
                               good ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
  if (g_strcmp0 (self->verdict, verdict) != 0)
    {
      g_free (self->verdict);
      self->verdict = g_strdup (verdict);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERDICT]);
    }
  if (self->good != good)
    {
      self->good = good;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GOOD]);
    }
}

/* What would come of what is typed, or why nothing. */
static void
judge (TempoLettersRow *self)
{
  g_autofree char *letters = tempo_letters_row_dup_letters (self);
  g_autoptr (TempoOrganization) owner = find_owner (self, letters);
  g_autofree char *verdict = NULL;
  gboolean valid = tempo_organization_code_is_valid (letters);

  if (!valid)
    verdict = g_strdup (_("3 or 4 letters from A to Z."));
  else if (owner != NULL)
    verdict = g_strdup_printf (_("“%s” has these letters. Choose others."), owner->name);
  else
    /* Translators: %s are letters somebody chose, such as THE; with what follows a request is numbered. */
    verdict = g_strdup_printf (_("Its requests get numbers such as %s-REQ-001. The letters stay."), letters);
  set_verdict (self, verdict, valid && owner == NULL);
}

static void
changed_cb (TempoLettersRow *self)
{
  if (!self->proposing)
    self->chosen = *gtk_editable_get_text (GTK_EDITABLE (self)) != '\0';
  judge (self);
}

static void
show (TempoLettersRow *self,
      const char *letters)
{
  self->proposing = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self), letters);
  self->proposing = FALSE;
}

static void
tempo_letters_row_get_property (GObject *object,
                                guint prop_id,
                                GValue *value,
                                GParamSpec *pspec)
{
  TempoLettersRow *self = TEMPO_LETTERS_ROW (object);

  switch (prop_id)
    {
    case PROP_VERDICT:
      g_value_set_string (value, self->verdict);
      break;
    case PROP_GOOD:
      g_value_set_boolean (value, self->good);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tempo_letters_row_finalize (GObject *object)
{
  TempoLettersRow *self = TEMPO_LETTERS_ROW (object);

  g_clear_object (&self->link);
  g_clear_pointer (&self->proposal, g_free);
  g_clear_pointer (&self->verdict, g_free);

  G_OBJECT_CLASS (tempo_letters_row_parent_class)->finalize (object);
}

static void
tempo_letters_row_class_init (TempoLettersRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = tempo_letters_row_get_property;
  object_class->finalize = tempo_letters_row_finalize;
  properties[PROP_VERDICT] = g_param_spec_string ("verdict", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_GOOD] = g_param_spec_boolean ("good", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tempo_letters_row_init (TempoLettersRow *self)
{
  self->proposal = g_strdup ("");
  self->verdict = g_strdup ("");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Letters before the numbers of its requests"));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect (self, "changed", G_CALLBACK (changed_cb), NULL);
}

/* Gives it the line to the engine,
 * or takes it away.
 */
void
tempo_letters_row_set_link (TempoLettersRow *self,
                            TempoLink *link)
{
  g_return_if_fail (TEMPO_IS_LETTERS_ROW (self));

  g_set_object (&self->link, link);
}

/* Proposes letters for the name,
 * unless somebody chose some.
 */
void
tempo_letters_row_set_name (TempoLettersRow *self,
                            const char *name)
{
  g_return_if_fail (TEMPO_IS_LETTERS_ROW (self));

  g_free (self->proposal);
  self->proposal = propose (self, name);
  self->chosen &= *name != '\0';
  if (!self->chosen)
    show (self, *name != '\0' ? self->proposal : "");
  gtk_widget_set_visible (GTK_WIDGET (self), *name != '\0');
}

/* (transfer full): the letters as they would be asked for.
 */
char *
tempo_letters_row_dup_letters (TempoLettersRow *self)
{
  g_autofree char *typed = NULL;

  g_return_val_if_fail (TEMPO_IS_LETTERS_ROW (self), NULL);

  typed = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self))));
  return *typed != '\0' ? g_ascii_strup (typed, -1) : g_strdup (self->proposal);
}

/* Says a refusal in place of the verdict. Only one that is about the letters
 * makes them bad: with another, trying again is the way on.
 */
void
tempo_letters_row_refuse (TempoLettersRow *self,
                          const GError *error)
{
  const TempoRefusalDetail *detail = tempo_refusal_detail (error);
  gboolean letters = detail != NULL && g_str_equal (detail->subject, "code");
  g_autofree char *verdict = letters && g_error_matches (error, TEMPO_REFUSAL, TEMPO_REFUSAL_CONFLICT)
                               ? g_strdup (_("Somebody has these letters. Choose others."))
                               : tempo_words_refusal (error);

  g_return_if_fail (TEMPO_IS_LETTERS_ROW (self));

  set_verdict (self, verdict, !letters);
}

/* Whether the letters will do,
 * as far as this computer knows.
 */
gboolean
tempo_letters_row_get_good (TempoLettersRow *self)
{
  g_return_val_if_fail (TEMPO_IS_LETTERS_ROW (self), FALSE);

  return self->good;
}
