/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpris/tempo-mpris-source.h"

#include "config.h"

#include "music/mpris/tempo-mpris-metadata.h"
#include "music/mpris/tempo-mpris-player.h"

/* Who is there, for a list to choose from. */

typedef struct
{
  GPtrArray *players; /* (owned) element TempoMprisPlayer */
  guint waiting;      /* for so many names */
} Listing;

typedef struct
{
  GTask *task; /* (owned) */
  TempoMprisPlayer *player; /* (unowned) in the listing */
} Question;

static void
free_listing (gpointer data)
{
  Listing *listing = data;

  g_clear_pointer (&listing->players, g_ptr_array_unref);
  g_free (listing);
}

/**
 * tempo_mpris_player_free:
 *
 * NULL is allowed.
 */
void
tempo_mpris_player_free (TempoMprisPlayer *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->identity, g_free);
  g_free (self);
}

static void
end_if_done (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);

  if (listing->waiting == 0)
    g_task_return_pointer (task, g_steal_pointer (&listing->players), (GDestroyNotify) g_ptr_array_unref);
}

static void
identity_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (GTask) task = question->task;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, NULL);
  g_autoptr (GVariant) value = NULL;
  char *identity = NULL;

  if (answer != NULL && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(v)")))
    {
      g_variant_get (answer, "(v)", &value);
      identity = tempo_mpris_read_text (value);
    }
  if (identity != NULL)
    {
      g_clear_pointer (&question->player->identity, g_free);
      question->player->identity = identity;
    }
  listing->waiting--;
  end_if_done (task);
}

static void
ask_identity (GDBusConnection *bus, GTask *task, const char *name)
{
  Listing *listing = g_task_get_task_data (task);
  TempoMprisPlayer *player = g_new0 (TempoMprisPlayer, 1);
  Question *question = g_new (Question, 1);

  player->name = g_strdup (name);
  player->identity = g_strdup (name + strlen (TEMPO_MPRIS_PREFIX) + 1);
  g_ptr_array_add (listing->players, player);
  *question = (Question) { g_object_ref (task), player };
  listing->waiting++;
  g_dbus_connection_call (bus, name, TEMPO_MPRIS_PATH, "org.freedesktop.DBus.Properties", "Get",
                          g_variant_new ("(ss)", TEMPO_MPRIS_PREFIX, "Identity"), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          TEMPO_MPRIS_TIMEOUT_MS, g_task_get_cancellable (task), identity_cb, question);
}

static void
names_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GDBusConnection *bus = G_DBUS_CONNECTION (object);
  Listing *listing = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (bus, result, &error);
  g_autofree const char **names = NULL;

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_variant_get (answer, "(^a&s)", &names);
  for (guint i = 0; names[i] != NULL && listing->players->len < TEMPO_MPRIS_MAX_PLAYERS; i++)
    {
      if (g_str_has_prefix (names[i], TEMPO_MPRIS_PREFIX ".") && !g_str_has_prefix (names[i],
                                                                                    TEMPO_MPRIS_PREFIX "." TEMPO_APP_ID))
        ask_identity (bus, task, names[i]);
    }
  end_if_done (task);
}

static void
list_names (GDBusConnection *bus, GTask *task)
{
  g_dbus_connection_call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ListNames",
                          NULL,
                          G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE, TEMPO_MPRIS_TIMEOUT_MS, g_task_get_cancellable (task),
                          names_cb, g_object_ref (task));
}

static void
bus_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL)
    g_task_return_error (task, error);
  else
    list_names (bus, task);
}

/**
 * tempo_mpris_list_players_async:
 * @bus: (nullable): NULL for the session's
 *
 * Asks all of them at once, so the answer takes as long as the slowest.
 */
void
tempo_mpris_list_players_async (GDBusConnection *bus, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Listing *listing = g_new0 (Listing, 1);

  listing->players = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_mpris_player_free);
  g_task_set_source_tag (task, tempo_mpris_list_players_async);
  g_task_set_task_data (task, listing, free_listing);
  if (bus != NULL)
    list_names (bus, task);
  else
    g_bus_get (G_BUS_TYPE_SESSION, cancellable, bus_cb, g_object_ref (task));
}

/**
 * tempo_mpris_list_players_finish:
 *
 * Ends tempo_mpris_list_players_async().
 * Returns: (transfer full) (element-type TempoMprisPlayer) or NULL with @error set.
 */
GPtrArray *
tempo_mpris_list_players_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, tempo_mpris_list_players_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
