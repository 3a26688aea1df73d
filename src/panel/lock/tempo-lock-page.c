/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/lock/tempo-lock-page.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-words.h"
#include "panel/desk/tempo-cover.h"
#include "panel/room/tempo-health-button.h"

struct _TempoLockPage
{
  AdwBin parent_instance;

  TempoDesk *desk;        /* (owned) (nullable) */
  gboolean checking;
  TempoHealthLevel level; /* whose style is worn */

  TempoCover *cover;
  GtkLabel *title;
  GtkLabel *artist;
  GtkImage *health_icon;
  GtkLabel *health;
  GtkEditable *entry;
  GtkWidget *button;
  GtkLabel *error;
};

enum
{
  UNLOCKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TempoLockPage, tempo_lock_page, ADW_TYPE_BIN)

static void
show_health (TempoLockPage *self,
             TempoRoomView *view)
{
  const TempoHealth *worst = view != NULL ? tempo_words_worst_health (view) : NULL;
  TempoHealthLevel level = worst != NULL ? worst->level : TEMPO_HEALTH_GOOD;
  g_autofree char *text = worst == NULL ? g_strdup (_("All is well"))
                                        : g_strdup_printf (_("Needs a look: %s"), tempo_words_health_name (worst->code));

  gtk_widget_remove_css_class (GTK_WIDGET (self->health_icon), tempo_health_style (self->level));
  self->level = level;
  gtk_widget_add_css_class (GTK_WIDGET (self->health_icon), tempo_health_style (level));
  gtk_image_set_from_icon_name (self->health_icon, tempo_health_icon_name (level));
  gtk_label_set_text (self->health, text);
}

static void
update (TempoLockPage *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  TempoNowPlaying *now = view != NULL ? view->now_playing : NULL;

  tempo_cover_set_song (self->cover, self->desk, now != NULL ? now->song : NULL);
  gtk_label_set_text (self->title, now != NULL ? now->song->title : _("Nothing is playing"));
  gtk_label_set_text (self->artist, now != NULL ? now->song->artist : "");
  gtk_widget_set_visible (GTK_WIDGET (self->artist), now != NULL);
  show_health (self, view);
}

/* The entry keeps the keyboard while the engine thinks: losing it would send the next digits nowhere. */
static void
set_checking (TempoLockPage *self,
              gboolean checking)
{
  self->checking = checking;
  gtk_widget_set_sensitive (self->button, !checking);
}

static void
checked_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (TempoLockPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean right = tempo_link_check_pin_finish (TEMPO_LINK (object), result, &error);

  if (self->entry == NULL || self->desk == NULL)
    return;
  set_checking (self, FALSE);
  gtk_editable_set_text (self->entry, "");
  if (right)
    {
      g_signal_emit (self, signals[UNLOCKED], 0);
      return;
    }
  text = tempo_words_pin_refusal (error, tempo_desk_get_now (self->desk));
  gtk_label_set_text (self->error, text);
  gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE, -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
unlock_cb (TempoLockPage *self)
{
  if (self->checking || self->desk == NULL)
    return;
  set_checking (self, TRUE);
  tempo_link_check_pin_async (tempo_desk_get_link (self->desk), gtk_editable_get_text (self->entry), checked_cb,
                              g_object_ref (self));
}

/* What was said about the last one is old news with the first digit of the next. */
static void
typed_cb (TempoLockPage *self)
{
  if (*gtk_editable_get_text (self->entry) == '\0')
    return;
  gtk_label_set_text (self->error, "");
  gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  gtk_accessible_reset_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID);
}

static void
tempo_lock_page_dispose (GObject *object)
{
  TempoLockPage *self = TEMPO_LOCK_PAGE (object);

  tempo_lock_page_set_desk (self, NULL);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_LOCK_PAGE);

  G_OBJECT_CLASS (tempo_lock_page_parent_class)->dispose (object);
}

static void
tempo_lock_page_class_init (TempoLockPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_lock_page_dispose;

  signals[UNLOCKED] = g_signal_new ("unlocked", TEMPO_TYPE_LOCK_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/lock/tempo-lock-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoLockPage, cover);
  gtk_widget_class_bind_template_child (widget_class, TempoLockPage, title);
  gtk_widget_class_bind_template_child (widget_class, TempoLockPage, artist);
  gtk_widget_class_bind_template_child (widget_class, TempoLockPage, health_icon);
  gtk_widget_class_bind_template_child (widget_class, TempoLockPage, health);
  gtk_widget_class_bind_template_child (widget_class, TempoLockPage, entry);
  gtk_widget_class_bind_template_child (widget_class, TempoLockPage, button);
  gtk_widget_class_bind_template_child (widget_class, TempoLockPage, error);
  gtk_widget_class_bind_template_callback (widget_class, unlock_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
}

static void
tempo_lock_page_init (TempoLockPage *self)
{
  g_type_ensure (TEMPO_TYPE_COVER);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Shows what the room of @desk plays. NULL lets go of it.
 */
void
tempo_lock_page_set_desk (TempoLockPage *self,
                          TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_LOCK_PAGE (self));

  tempo_follow (&self->desk, desk, "notify::view", G_CALLBACK (update), self);
}

/* Starts over: no digits, no reproach, the keyboard in the entry.
 */
void
tempo_lock_page_begin (TempoLockPage *self)
{
  g_return_if_fail (TEMPO_IS_LOCK_PAGE (self));

  gtk_editable_set_text (self->entry, "");
  gtk_label_set_text (self->error, "");
  gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
