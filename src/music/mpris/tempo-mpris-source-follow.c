/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The players on a bus as the source follows them: who comes, speaks and goes, and which of them counts. */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpris/tempo-mpris-source-private.h"

#include "config.h"

#include "model/tempo-song.h"
#include "music/mpris/tempo-mpris-metadata.h"

#define SETTLE_MS 250 /* parts of a change arrive one by one */
#define JUMP_MS 1000  /* a difference below is the player's rounding */
#define OWN_NAME TEMPO_MPRIS_PREFIX "." TEMPO_APP_ID

/* Calls */

typedef struct
{
  TempoMprisSource *self; /* (unowned) not to be touched when the call was cancelled */
  char *name;             /* (owned) */
  char *owner;            /* (owned) */
} Ask;

static void
free_ask (Ask *ask)
{
  g_clear_pointer (&ask->name, g_free);
  g_clear_pointer (&ask->owner, g_free);
  g_free (ask);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ask, free_ask)

static void
call (TempoMprisSource *self, const char *name, const char *owner, const char *interface, const char *method,
      GVariant *arguments,
      GAsyncReadyCallback callback)
{
  gboolean of_bus = g_str_equal (interface, "org.freedesktop.DBus");
  Ask *ask = g_new (Ask, 1);

  *ask = (Ask) { self, g_strdup (name), g_strdup (owner) };
  self->calls++;
  g_dbus_connection_call (self->bus, of_bus ? interface : owner, of_bus ? "/org/freedesktop/DBus" : TEMPO_MPRIS_PATH,
                          interface, method, arguments, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, TEMPO_MPRIS_TIMEOUT_MS,
                          self->cancellable, callback, ask);
}

/* The answer, NULL when there is none; @gone when the source is not there any more either. */
static GVariant *
finish (Ask *ask, GObject *object, GAsyncResult *result, gboolean *gone)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  *gone = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (*gone || answer != NULL)
    return answer;
  ask->self->failures++;
  ask->self->last_error = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
                          || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ? "timeout" : "refused";
  return NULL;
}

/* What is told */

static gboolean
is_chosen (TempoMprisSource *self, const char *name)
{
  gsize length = self->chosen ? strlen (self->chosen) : 0;

  return self->chosen == NULL
         || (g_str_has_prefix (name, self->chosen) && (name[length] == '\0' || name[length] == '.'));
}

/* The one that plays, the newest of them; else the one followed until now; else the one that played last. */
static gboolean
is_better (TempoMprisSource *self, TempoMprisState *one, TempoMprisState *other)
{
  if (other == NULL || one->playing != other->playing)
    return other == NULL || one->playing;
  if (one == self->active || other == self->active)
    return one == self->active;
  if (one->stopped != other->stopped)
    return !one->stopped;
  return one->began_at > other->began_at;
}

static void
choose (TempoMprisSource *self)
{
  TempoMprisState *best = NULL;
  TempoMprisState *state;
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, self->players);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &state))
    {
      if (state->answered && is_chosen (self, state->name) && is_better (self, state, best))
        best = state;
    }
  self->active = best;
}

static void
set_health (TempoMprisSource *self, TempoSourceHealth health, const char *code, const char *text)
{
  if (self->health == health && g_str_equal (self->code, code) && g_str_equal (self->text, text))
    return;
  self->health = health;
  self->code = code;
  self->text = text;
  g_signal_emit_by_name (self, "health-changed");
}

/**
 * tempo_mpris_source_has_picture:
 * @self: a source with an active player
 *
 * Returns: %TRUE when the picture of what that plays was read
 */
gboolean
tempo_mpris_source_has_picture (TempoMprisSource *self)
{
  return tempo_mpris_pictures_get (self->pictures, self->active->artwork) != NULL;
}

static char *
describe (TempoMprisSource *self)
{
  TempoMprisState *state = self->active;

  if (state == NULL || state->stopped || state->song == NULL)
    return g_strdup ("");
  return g_strdup_printf ("%s %s %d %" G_GINT64_FORMAT " %s %s", state->name, state->song->id, state->playing,
                          state->song->duration_ms, tempo_mpris_source_has_picture (self) ? state->artwork : "",
                          state->song->album ? state->song->album : "");
}

static void
publish (TempoMprisSource *self)
{
  g_autofree char *now = NULL;

  choose (self);
  tempo_mpris_pictures_want (self->pictures, self->active ? self->active->artwork : NULL,
                             self->active ? self->active->picture : NULL);
  now = describe (self);
  if (self->active == NULL)
    set_health (self, TEMPO_SOURCE_GONE, "gone",
                self->chosen ? "the chosen player is not running" : "no player is running");
  else
    set_health (self, TEMPO_SOURCE_READY, *now ? "ready" : "idle", "");
  if (g_strcmp0 (now, self->shown) == 0)
    return;
  g_clear_pointer (&self->shown, g_free);
  self->shown = g_steal_pointer (&now);
  g_signal_emit_by_name (self, "playing-changed");
}

static gboolean settle_cb (gpointer data);

/**
 * tempo_mpris_source_settle:
 * @self: a source
 *
 * The first change starts the wait; a player that never rests is shown all the same.
 */
void
tempo_mpris_source_settle (TempoMprisSource *self)
{
  if (self->settle != NULL)
    return;
  self->settle = g_timeout_source_new (SETTLE_MS);
  g_source_set_callback (self->settle, settle_cb, self, NULL);
  g_source_attach (self->settle, g_main_context_get_thread_default ());
}

/* Players come, speak and go */

static TempoMprisState *
find_asked (Ask *ask)
{
  TempoMprisState *state = g_hash_table_lookup (ask->self->players, ask->name);

  return state != NULL && g_str_equal (state->owner, ask->owner) ? state : NULL;
}

static void
take_position (TempoMprisSource *self, TempoMprisState *state, gint64 position_us)
{
  gint64 now = g_get_monotonic_time ();
  gint64 before = tempo_mpris_state_position_ms (state, now);

  tempo_mpris_state_set_position (state, position_us, now);
  state->jumped = state->jumped || ABS (tempo_mpris_state_position_ms (state, now) - before) > JUMP_MS;
  tempo_mpris_source_settle (self);
}

static void
position_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Ask) ask = user_data;
  gboolean gone;
  g_autoptr (GVariant) answer = finish (ask, object, result, &gone);
  TempoMprisState *state = gone ? NULL : find_asked (ask);
  g_autoptr (GVariant) position = NULL;

  if (answer == NULL || state == NULL || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(v)")))
    return;
  g_variant_get (answer, "(v)", &position);
  take_position (ask->self, state, tempo_mpris_read_int (position, 0));
}

static void
properties_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Ask) ask = user_data;
  gboolean gone;
  g_autoptr (GVariant) answer = finish (ask, object, result, &gone);
  TempoMprisState *state = gone ? NULL : find_asked (ask);
  g_autoptr (GVariant) properties = NULL;

  if (gone)
    return;
  if (state != NULL)
    state->asking = FALSE;
  if (answer != NULL && state != NULL && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{sv})")))
    {
      g_variant_get (answer, "(@a{sv})", &properties);
      state->answered = TRUE;
      tempo_mpris_state_update (state, properties, g_get_monotonic_time ());
    }
  tempo_mpris_source_settle (ask->self);
}

static void
ask_properties (TempoMprisSource *self, TempoMprisState *state)
{
  state->stale = FALSE;
  state->asking = TRUE;
  call (self, state->name, state->owner, "org.freedesktop.DBus.Properties", "GetAll",
        g_variant_new ("(s)", TEMPO_MPRIS_PLAYER), properties_cb);
}

/* However often a player says that something changed, it is asked four times a second at most, one question at a time. */
static void
ask_due (TempoMprisSource *self)
{
  TempoMprisState *state;
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, self->players);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &state))
    {
      if (state->stale && !state->asking)
        ask_properties (self, state);
      else if (state->drifted)
        call (self, state->name, state->owner, "org.freedesktop.DBus.Properties", "Get",
              g_variant_new ("(ss)", TEMPO_MPRIS_PLAYER, "Position"), position_cb);
      state->drifted = FALSE;
    }
}

static void
tell_jump (TempoMprisSource *self)
{
  if (self->active == NULL || !self->active->jumped)
    return;
  self->active->jumped = FALSE;
  g_signal_emit_by_name (self, "position", tempo_mpris_state_position_ms (self->active, g_get_monotonic_time ()));
  g_signal_emit_by_name (self, "playing-changed");
}

static gboolean
settle_cb (gpointer data)
{
  g_autoptr (TempoMprisSource) self = g_object_ref (data);

  g_clear_pointer (&self->settle, g_source_unref);
  ask_due (self);
  publish (self);
  tell_jump (self);
  return G_SOURCE_REMOVE;
}

static void
add_player (TempoMprisSource *self, const char *name, const char *owner)
{
  TempoMprisState *state;

  if (g_str_equal (owner, g_dbus_connection_get_unique_name (self->bus)) || g_str_has_prefix (name, OWN_NAME)
      || g_hash_table_size (self->players) >= TEMPO_MPRIS_MAX_PLAYERS)
    return;
  state = tempo_mpris_state_new (name, owner);
  g_hash_table_replace (self->players, state->name, state);
  ask_properties (self, state);
}

static void
remove_player (TempoMprisSource *self, const char *name)
{
  TempoMprisState *state = g_hash_table_lookup (self->players, name);

  if (state == NULL)
    return;
  if (state == self->active)
    self->active = NULL;
  g_hash_table_remove (self->players, name);
  tempo_mpris_source_settle (self);
}

static void
owner_changed_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
                  GVariant *parameters, gpointer user_data)
{
  TempoMprisSource *self = user_data;
  const char *name;
  const char *owner;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sss)")))
    return;
  g_variant_get (parameters, "(&s&s&s)", &name, NULL, &owner);
  remove_player (self, name);
  if (*owner != '\0')
    add_player (self, name, owner);
}

/* One process may own several names. */
static void
each_of_sender (TempoMprisSource *self, const char *sender, void (*func) (TempoMprisSource *, TempoMprisState *,
                                                                          GVariant *), GVariant *parameters)
{
  TempoMprisState *state;
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, self->players);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &state))
    {
      if (g_strcmp0 (state->owner, sender) == 0)
        func (self, state, parameters);
    }
}

static void
take_changes (TempoMprisSource *self, TempoMprisState *state, GVariant *parameters)
{
  g_autoptr (GVariant) changed = g_variant_get_child_value (parameters, 1);
  g_autoptr (GVariant) invalidated = g_variant_get_child_value (parameters, 2);
  g_autofree char *song = g_strdup (state->song ? state->song->id : NULL);
  gboolean playing = state->playing;

  /* One that was silent at first, or says only that something changed, is asked for everything. */
  if (!state->answered || g_variant_n_children (invalidated) > 0)
    {
      state->stale = TRUE;
      tempo_mpris_source_settle (self);
      return;
    }
  tempo_mpris_state_update (state, changed, g_get_monotonic_time ());
  state->drifted = state->drifted || playing != state->playing || g_strcmp0 (song,
                                                                             state->song ? state->song->id : NULL) != 0;
  tempo_mpris_source_settle (self);
}

static void
changed_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
            GVariant *parameters, gpointer user_data)
{
  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    each_of_sender (user_data, sender, take_changes, parameters);
}

static void
take_seek (TempoMprisSource *self, TempoMprisState *state, GVariant *parameters)
{
  gint64 position;

  g_variant_get (parameters, "(x)", &position);
  take_position (self, state, position);
}

static void
seeked_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
           GVariant *parameters, gpointer user_data)
{
  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(x)")))
    each_of_sender (user_data, sender, take_seek, parameters);
}

static void
owner_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Ask) ask = user_data;
  gboolean gone;
  g_autoptr (GVariant) answer = finish (ask, object, result, &gone);
  const char *owner;

  if (gone || answer == NULL || g_hash_table_contains (ask->self->players, ask->name))
    return;
  g_variant_get (answer, "(&s)", &owner);
  add_player (ask->self, ask->name, owner);
}

static gboolean
is_player (const char *name)
{
  return g_str_has_prefix (name, TEMPO_MPRIS_PREFIX ".");
}

static void
names_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Ask) ask = user_data;
  gboolean gone;
  g_autoptr (GVariant) answer = finish (ask, object, result, &gone);
  g_autofree const char **names = NULL;
  guint asked = 0;

  if (gone)
    return;
  if (answer != NULL)
    g_variant_get (answer, "(^a&s)", &names);
  for (guint i = 0; names != NULL && names[i] != NULL && asked < TEMPO_MPRIS_MAX_PLAYERS; i++)
    {
      if (!is_player (names[i]))
        continue;
      asked++;
      call (ask->self, names[i], "", "org.freedesktop.DBus", "GetNameOwner", g_variant_new ("(s)", names[i]), owner_cb);
    }
  tempo_mpris_source_settle (ask->self);
}

static void
watch_bus (TempoMprisSource *self)
{
  self->subscriptions[0] = g_dbus_connection_signal_subscribe (
    self->bus, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", "/org/freedesktop/DBus",
    TEMPO_MPRIS_PREFIX, G_DBUS_SIGNAL_FLAGS_MATCH_ARG0_NAMESPACE, owner_changed_cb, self, NULL);
  self->subscriptions[1] = g_dbus_connection_signal_subscribe (
    self->bus, NULL, "org.freedesktop.DBus.Properties", "PropertiesChanged", TEMPO_MPRIS_PATH, TEMPO_MPRIS_PLAYER,
    G_DBUS_SIGNAL_FLAGS_NONE, changed_cb, self, NULL);
  self->subscriptions[2] = g_dbus_connection_signal_subscribe (self->bus, NULL, TEMPO_MPRIS_PLAYER, "Seeked",
                                                               TEMPO_MPRIS_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                               seeked_cb, self, NULL);
  call (self, "", "", "org.freedesktop.DBus", "ListNames", NULL, names_cb);
}

static void
bus_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);
  TempoMprisSource *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bus == NULL)
    {
      set_health (self, TEMPO_SOURCE_GONE, "gone", "this session has no message bus");
      return;
    }
  self->bus = bus;
  watch_bus (self);
}

/**
 * tempo_mpris_source_follow:
 * @self: a new source
 *
 * Engine thread. Where there is no bus, the health says so.
 */
void
tempo_mpris_source_follow (TempoMprisSource *self)
{
  if (self->bus != NULL)
    watch_bus (self);
  else
    g_bus_get (G_BUS_TYPE_SESSION, self->cancellable, bus_cb, self);
}
