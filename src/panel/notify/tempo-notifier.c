/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/notify/tempo-notifier.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-words.h"

/* More at once than this are one notification with a number. */
#define MAX_SINGLE 3

struct _TempoNotifier
{
  GObject parent_instance;

  GtkApplication *application; /* (nullable) (weak): it owns us */
  TempoDesk *desk;             /* (owned) */
  GSettings *settings;         /* (owned) */
  GHashTable *known;           /* (owned) ids of the inbox as seen last */
  gboolean primed;             /* the first view is not news */
  guint sent;
};

G_DEFINE_FINAL_TYPE (TempoNotifier, tempo_notifier, G_TYPE_OBJECT)

static gboolean
is_in_front (TempoNotifier *self)
{
  for (GList *l = gtk_application_get_windows (self->application); l != NULL; l = l->next)
    if (gtk_window_is_active (l->data))
      return TRUE;
  return FALSE;
}

static gboolean
is_locked (TempoNotifier *self)
{
  return tempo_link_get_locked (tempo_desk_get_link (self->desk));
}

static void
send_one (TempoNotifier *self,
          TempoRequest *request)
{
  g_autoptr (GNotification) notification = tempo_notifier_compose (request, is_locked (self));

  g_application_send_notification (G_APPLICATION (self->application), request->id, notification);
  self->sent++;
}

static void
send_many (TempoNotifier *self,
           guint count)
{
  /* Translators: %u is how many requests came in. */
  g_autofree char *title = g_strdup_printf (ngettext ("%u new request", "%u new requests", count), count);
  g_autoptr (GNotification) notification = g_notification_new (title);

  g_notification_set_default_action (notification, "app.activate");
  g_application_send_notification (G_APPLICATION (self->application), "inbox", notification);
  self->sent++;
}

/* A decided request needs no more attention, wherever it was decided. */
static void
withdraw_decided (TempoNotifier *self,
                  GHashTable *now)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_hash_table_contains (now, id))
      g_application_withdraw_notification (G_APPLICATION (self->application), id);
}

static void
view_changed_cb (TempoNotifier *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);
  g_autoptr (GHashTable) now = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) fresh = g_ptr_array_new ();
  gboolean wanted;

  for (guint i = 0; view != NULL && i < view->inbox->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (view->inbox, i);

      g_hash_table_add (now, g_strdup (request->id));
      if (self->primed && !g_hash_table_contains (self->known, request->id))
        g_ptr_array_add (fresh, request);
    }
  self->primed = view != NULL;
  if (self->application == NULL)
    return;
  withdraw_decided (self, now);
  g_hash_table_unref (self->known);
  self->known = g_steal_pointer (&now);
  wanted = fresh->len > 0 && g_settings_get_boolean (self->settings, "notifications") && !is_in_front (self);
  if (wanted && fresh->len > MAX_SINGLE)
    send_many (self, fresh->len);
  else if (wanted)
    for (guint i = 0; i < fresh->len; i++)
      send_one (self, g_ptr_array_index (fresh, i));
}

/* What was said before has buttons; the song is in the inbox, where it will be found. */
static void
locked_cb (TempoNotifier *self)
{
  GHashTableIter iter;
  gpointer id;

  if (self->application == NULL || !is_locked (self))
    return;
  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_application_withdraw_notification (G_APPLICATION (self->application), id);
}

static void
tempo_notifier_dispose (GObject *object)
{
  TempoNotifier *self = TEMPO_NOTIFIER (object);

  g_clear_weak_pointer (&self->application);
  g_clear_object (&self->desk);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->known, g_hash_table_unref);

  G_OBJECT_CLASS (tempo_notifier_parent_class)->dispose (object);
}

static void
tempo_notifier_class_init (TempoNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tempo_notifier_dispose;
}

static void
tempo_notifier_init (TempoNotifier *self)
{
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->settings = g_settings_new (TEMPO_APP_ID);
}

/* Watches the inbox of @desk for as long as it lives.
 * The setting "notifications" silences it.
 */
TempoNotifier *
tempo_notifier_new (GtkApplication *application,
                    TempoDesk *desk)
{
  TempoNotifier *self = g_object_new (TEMPO_TYPE_NOTIFIER, NULL);

  g_set_weak_pointer (&self->application, application);
  self->desk = g_object_ref (desk);
  g_signal_connect_object (desk, "notify::view", G_CALLBACK (view_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tempo_desk_get_link (desk), "notify::locked", G_CALLBACK (locked_cb), self, G_CONNECT_SWAPPED);
  view_changed_cb (self);
  return self;
}

/* The song, who asked and the dedication, with two buttons that
 * decide without the window; from a locked desktop without them.
 */
GNotification *
tempo_notifier_compose (TempoRequest *request,
                        gboolean locked)
{
  g_autofree char *title = tempo_words_song (request->song);
  g_autoptr (GNotification) notification = g_notification_new (title);
  g_autofree char *body = NULL;

  if (request->message != NULL && *request->message != '\0')
    /* Translators: a guest's name and what the guest wrote. */
    body = g_strdup_printf (C_ ("notification", "%s: “%s”"), request->name, request->message);
  else
    body = g_strdup (request->name);
  g_notification_set_body (notification, body);
  if (locked)
    {
      g_notification_set_default_action (notification, "app.activate");
      return g_steal_pointer (&notification);
    }
  g_notification_set_default_action_and_target (notification, "app.reveal", "s", request->id);
  g_notification_add_button_with_target (notification, _("Approve"), "app.approve", "s", request->id);
  g_notification_add_button_with_target (notification, _("Decline"), "app.decline", "s", request->id);
  return g_steal_pointer (&notification);
}

/* For tests: how many notifications
 * went to the desktop.
 */
guint
tempo_notifier_get_sent (TempoNotifier *self)
{
  g_return_val_if_fail (TEMPO_IS_NOTIFIER (self), 0);
  return self->sent;
}
