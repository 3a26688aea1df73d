/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window says above everything, wherever the host is: nothing can be saved, an organization of this computer
 * cannot be opened, the licence is over. The worst of it; the health strip has the rest. */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-words.h"
#include "panel/window/tempo-window-private.h"

/* An organization that comes back by itself is no news to the view of another one. */
#define LOOK_SECONDS 5

static gboolean
is_told (const TempoHealth *health)
{
  if (g_str_equal (health->code, "store"))
    return health->level == TEMPO_HEALTH_BAD;

  return health->level != TEMPO_HEALTH_GOOD
         && (g_str_equal (health->code, "licence_grace") || g_str_equal (health->code, "licence_over"));
}

/* @stored: whether it is the file of this organization that is looked for, which comes first. */
static const TempoHealth *
find_trouble (TempoRoomView *view,
              gboolean stored)
{
  for (guint i = 0; view != NULL && i < view->health->len; i++)
    {
      const TempoHealth *health = g_ptr_array_index (view->health, i);

      if (is_told (health) && g_str_equal (health->code, "store") == stored)
        return health;
    }
  return NULL;
}

static char *
describe_unopened (TempoWindow *self,
                   GPtrArray *unopened)
{
  TempoOrganization *first = g_ptr_array_index (unopened, 0);
  g_autofree char *why = NULL;

  if (unopened->len > 1)
    return g_strdup_printf (ngettext ("%u organization cannot be opened.", "%u organizations cannot be opened.", unopened->len),
                            unopened->len);
  why = tempo_words_unopened (tempo_link_get_unopened (tempo_desk_get_link (self->desk), first->id));
  /* Translators: an organization's name, and a sentence that says why. */
  return g_strdup_printf (_("“%s” cannot be opened. %s"), first->name, why);
}

/* Once for each: who closes it has read it. @key: (nullable): nothing is the matter. */
static gboolean
is_new (TempoWindow *self,
        const char *key)
{
  if (g_strcmp0 (self->trouble, key) == 0)
    return FALSE;
  g_free (self->trouble);
  self->trouble = g_strdup (key);
  return TRUE;
}

static gboolean
look_cb (gpointer data)
{
  TempoWindow *self = data;
  TempoLink *link = tempo_desk_get_link (self->desk);
  g_autoptr (GPtrArray) unopened = tempo_link_list_unopened (link);

  if (unopened->len == self->n_unopened)
    return G_SOURCE_CONTINUE;
  self->unopened_id = 0;
  /* Nothing else could be shown, so this is the start that was waited for. */
  if (tempo_link_get_view (link) == NULL)
    tempo_window_show_ready (self);
  else
    tempo_window_update (self);
  tempo_window_tell_trouble (self);
  return G_SOURCE_REMOVE;
}

/**
 * tempo_window_tell_trouble:
 * @self: a window with a desk
 *
 * Says the worst there is, or takes back what is no longer true.
 */
void
tempo_window_tell_trouble (TempoWindow *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  g_autoptr (GPtrArray) unopened = tempo_link_list_unopened (tempo_desk_get_link (self->desk));
  const TempoHealth *health = find_trouble (view, TRUE);
  const char *action = NULL;
  const char *label = NULL;
  g_autofree char *text = NULL;

  self->n_unopened = unopened->len;
  if (unopened->len > 0 && self->unopened_id == 0)
    self->unopened_id = g_timeout_add_seconds (LOOK_SECONDS, look_cb, self);
  if (health == NULL && unopened->len > 0)
    {
      text = describe_unopened (self, unopened);
      if (is_new (self, text))
        tempo_notice_show (self->notice, text, C_ ("remedy", "Show"), "win.house");
      return;
    }
  if (health == NULL)
    health = find_trouble (view, FALSE);
  if (!is_new (self, health != NULL ? health->code : NULL))
    return;
  if (health == NULL)
    {
      tempo_notice_hide (self->notice);
      return;
    }
  label = tempo_words_health_remedy (health->code, &action);
  text = tempo_words_health (health);
  tempo_notice_show (self->notice, text, label, action);
}

/**
 * tempo_window_show_unopened:
 * @self: a window whose computer has no room that can be shown
 *
 * Returns: whether that is because an organization cannot be opened; then it is said, and no first run begins
 */
gboolean
tempo_window_show_unopened (TempoWindow *self)
{
  TempoLink *link = tempo_desk_get_link (self->desk);
  g_autoptr (GPtrArray) unopened = tempo_link_list_unopened (link);
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;

  if (unopened->len == 0)
    return FALSE;
  text = describe_unopened (self, unopened);
  escaped = g_markup_escape_text (text, -1);
  adw_status_page_set_description (self->failed, escaped);
  tempo_window_show_root (self, "failed");
  tempo_window_tell_trouble (self);
  return TRUE;
}
