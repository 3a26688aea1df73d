/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/room/tempo-health-button.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-words.h"
#include "panel/music/tempo-music-words.h"

struct _TempoHealthButton
{
  AdwBin parent_instance;

  TempoDesk *desk; /* (owned) (nullable) */
  gboolean narrow;

  GtkWidget *button;
  GtkWidget *popover;
  GtkWidget *icon;
  GtkWidget *summary;
  GtkWidget *lines;
};

G_DEFINE_FINAL_TYPE (TempoHealthButton, tempo_health_button, ADW_TYPE_BIN)

/* The sign of a level. An unknown one is taken for good.
 */
const char *
tempo_health_icon_name (TempoHealthLevel level)
{
  switch (level)
    {
    case TEMPO_HEALTH_WARNING:
      return "dialog-warning-symbolic";
    case TEMPO_HEALTH_BAD:
      return "dialog-error-symbolic";
    case TEMPO_HEALTH_GOOD:
    default:
      return "emblem-ok-symbolic";
    }
}

/* The style class that colours it.
 */
const char *
tempo_health_style (TempoHealthLevel level)
{
  switch (level)
    {
    case TEMPO_HEALTH_WARNING:
      return "warning";
    case TEMPO_HEALTH_BAD:
      return "error";
    case TEMPO_HEALTH_GOOD:
    default:
      return "success";
    }
}

static GtkWidget *
make_line (TempoHealthLevel level,
           const char *name,
           const char *text)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = gtk_image_new_from_icon_name (tempo_health_icon_name (level));
  GtkWidget *title = gtk_label_new (name);
  GtkWidget *detail = gtk_label_new (text);

  gtk_widget_add_css_class (icon, tempo_health_style (level));
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_xalign (GTK_LABEL (detail), 0);
  gtk_label_set_wrap (GTK_LABEL (detail), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (detail), 28);
  gtk_widget_add_css_class (detail, "caption");
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_widget_add_css_class (detail, "numeric");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (words), title);
  gtk_box_append (GTK_BOX (words), detail);
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), words);
  gtk_widget_add_css_class (line, "health-line");
  return line;
}

/* Beside the words, or below them where a line has no room for both. */
static void
add_remedy (GtkWidget *line,
            gboolean below,
            const char *label,
            const char *action)
{
  GtkWidget *button;

  if (label == NULL)
    return;
  button = gtk_button_new_with_label (label);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_box_append (GTK_BOX (below ? gtk_widget_get_last_child (line) : line), button);
}

/* What is not good says why, and what helps. Music is chosen and connected at its own place. */
static GtkWidget *
make_health_line (TempoHealthButton *self,
                  TempoRoomView *view,
                  const TempoHealth *health)
{
  gboolean good = health->level == TEMPO_HEALTH_GOOD;
  const char *action = NULL;
  const char *label = good ? NULL : tempo_words_health_remedy (health->code, &action);
  const char *cure = NULL;
  g_autofree char *music = good ? NULL : tempo_music_words_trouble (view, health, &cure);
  g_autofree char *text = music != NULL ? g_strdup (music) : tempo_words_health (health);
  GtkWidget *line = make_line (health->level, tempo_words_health_name (health->code), text);

  /* There is no way back to a source that is still away. */
  if (cure != NULL)
    add_remedy (line, self->narrow, cure, "win.show-music");
  else if (music == NULL || !g_str_equal (health->code, "fallback"))
    add_remedy (line, self->narrow, label, action);
  return line;
}

static char *
count_phones (TempoRoomView *view)
{
  /* Translators: %u is how many phones have the page open now. */
  return g_strdup_printf (ngettext ("%u guest", "%u guests", view->listeners), view->listeners);
}

static void
fill_lines (TempoHealthButton *self,
            TempoRoomView *view)
{
  g_autofree char *phones = count_phones (view);
  /* Translators: %u is how many browser displays are connected. */
  g_autofree char *displays = g_strdup_printf (ngettext ("%u connected", "%u connected", view->displays),
                                               view->displays);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->lines)) != NULL)
    gtk_box_remove (GTK_BOX (self->lines), child);
  gtk_box_append (GTK_BOX (self->lines), make_line (TEMPO_HEALTH_GOOD, C_ ("health", "Phones"), phones));
  gtk_box_append (GTK_BOX (self->lines), make_line (TEMPO_HEALTH_GOOD, C_ ("health", "Displays in browsers"),
                                                    displays));
  for (guint i = 0; i < view->health->len; i++)
    gtk_box_append (GTK_BOX (self->lines), make_health_line (self, view, g_ptr_array_index (view->health, i)));
}

static void
update (TempoHealthButton *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
  const TempoHealth *worst = view != NULL ? tempo_words_worst_health (view) : NULL;
  TempoHealthLevel level = worst != NULL ? worst->level : TEMPO_HEALTH_GOOD;
  g_autofree char *summary = NULL;
  g_autofree char *label = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), view != NULL);
  if (view == NULL)
    return;
  summary = worst != NULL ? g_strdup (tempo_words_health_name (worst->code)) : count_phones (view);
  gtk_label_set_text (GTK_LABEL (self->summary), summary);
  gtk_widget_set_visible (self->summary, !self->narrow);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), tempo_health_icon_name (level));
  gtk_widget_remove_css_class (self->icon, "success");
  gtk_widget_remove_css_class (self->icon, "warning");
  gtk_widget_remove_css_class (self->icon, "error");
  gtk_widget_add_css_class (self->icon, tempo_health_style (level));
  /* Translators: %s is the number of guests, or what needs a look. */
  label = worst != NULL ? g_strdup_printf (_("Needs a look: %s"),
                                           summary) : g_strdup_printf (_("All is well: %s"), summary);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text (self->button, label);
  /* Only what can be seen is built again. */
  if (gtk_widget_get_visible (self->popover))
    fill_lines (self, view);
}

static void
tempo_health_button_dispose (GObject *object)
{
  tempo_health_button_set_desk (TEMPO_HEALTH_BUTTON (object), NULL);

  G_OBJECT_CLASS (tempo_health_button_parent_class)->dispose (object);
}

static void
tempo_health_button_class_init (TempoHealthButtonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tempo_health_button_dispose;
}

static void
tempo_health_button_init (TempoHealthButton *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->button = gtk_menu_button_new ();
  self->popover = gtk_popover_new ();
  self->icon = gtk_image_new ();
  self->summary = gtk_label_new (NULL);
  self->lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->summary, "numeric");
  gtk_widget_add_css_class (self->button, "flat");
  gtk_box_append (GTK_BOX (box), self->icon);
  gtk_box_append (GTK_BOX (box), self->summary);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->button), box);
  gtk_popover_set_child (GTK_POPOVER (self->popover), self->lines);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), self->popover);
  g_signal_connect_swapped (self->popover, "show", G_CALLBACK (update), self);
  adw_bin_set_child (ADW_BIN (self), self->button);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* Shows the health of the room of @desk and of the
 * computer it runs on.
 */
void
tempo_health_button_set_desk (TempoHealthButton *self,
                              TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_HEALTH_BUTTON (self));

  tempo_follow (&self->desk, desk, "notify::view", G_CALLBACK (update), self);
}

/* In a narrow window the sign stands alone;
 * its words are in the tooltip and for screen readers.
 */
void
tempo_health_button_set_narrow (TempoHealthButton *self,
                                gboolean narrow)
{
  g_return_if_fail (TEMPO_IS_HEALTH_BUTTON (self));

  self->narrow = narrow;
  update (self);
}
