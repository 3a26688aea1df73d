/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mpris-house.h"

#include "music/mpris/tempo-mpris-source.h"

static const char xml[] =
  "<node><interface name='org.mpris.MediaPlayer2'><property name='Identity' type='s' access='read'/></interface>"
  "<interface name='org.mpris.MediaPlayer2.Player'>"
  "<method name='Play'/><method name='Pause'/><method name='Stop'/>"
  "<method name='Seek'><arg type='x' direction='in'/></method>"
  "<method name='SetPosition'><arg type='o' direction='in'/><arg type='x' direction='in'/></method>"
  "<property name='PlaybackStatus' type='s' access='read'/><property name='Metadata' type='a{sv}' access='read'/>"
  "<property name='Position' type='x' access='read'/><property name='Volume' type='d' access='readwrite'/>"
  "<property name='CanControl' type='b' access='read'/><property name='CanPause' type='b' access='read'/>"
  "<property name='CanSeek' type='b' access='read'/></interface></node>";

static GDBusConnection *
connect_bus (MprisHouse *house)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (house->daemon),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);

  g_assert_no_error (error);
  return bus;
}

static void
changed_cb (TempoSource *source, MprisHouse *house)
{
  house->changes++;
}

MprisHouse *
mpris_house_new (void)
{
  MprisHouse *house = g_new0 (MprisHouse, 1);

  house->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (house->daemon);
  house->bus = connect_bus (house);
  return house;
}

void
mpris_house_open (MprisHouse *house, const char *player)
{
  house->source = tempo_mpris_source_new (house->bus, player, NULL);
  g_assert_cmpint (tempo_source_get_health (house->source, NULL), ==, TEMPO_SOURCE_CONNECTING);
  g_signal_connect (house->source, "playing-changed", G_CALLBACK (changed_cb), house);
}

void
mpris_house_free (MprisHouse *house)
{
  if (house->source != NULL)
    g_assert_finalize_object (house->source);
  g_dbus_connection_close_sync (house->bus, NULL, NULL);
  g_clear_object (&house->bus);
  g_test_dbus_stop (house->daemon);
  g_clear_object (&house->daemon);
  g_free (house);
}

static void
method_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
           GVariant *parameters, GDBusMethodInvocation *invocation, gpointer data)
{
  SloppyPlayer *player = data;

  g_string_append_printf (player->heard, "%s ", method);
  if (!player->obeys)
    g_dbus_method_invocation_return_dbus_error (invocation, "org.example.No", "no");
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static GVariant *
get_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *name,
        GError **error, gpointer data)
{
  SloppyPlayer *player = data;

  if (g_str_equal (name, "Identity"))
    return g_variant_new_string ("SloppyPlayer Player");
  if (g_str_equal (name, "PlaybackStatus"))
    return g_variant_new_string (player->status);
  if (g_str_equal (name, "Metadata"))
    return g_variant_ref (player->metadata);
  if (g_str_equal (name, "Position"))
    return g_variant_new_int64 (player->position);
  if (g_str_equal (name, "Volume"))
    return g_variant_new_double (player->volume);
  return g_variant_new_boolean (player->obeys);
}

static gboolean
set_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *name,
        GVariant *value,
        GError **error, gpointer data)
{
  ((SloppyPlayer *) data)->volume = g_variant_get_double (value);
  return TRUE;
}

void
sloppy_set_metadata (SloppyPlayer *player, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&player->metadata, g_variant_unref);
  player->metadata = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);
  g_assert_no_error (error);
}

void
sloppy_own (SloppyPlayer *player, const char *name)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
    player->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
    g_variant_new ("(su)", name, 4u), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);

  g_assert_nonnull (answer);
}

SloppyPlayer *
sloppy_new (MprisHouse *house, const char *name, const char *status, const char *metadata, gboolean hangs)
{
  static const GDBusInterfaceVTable table = { method_cb, get_cb, set_cb, { 0 } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, NULL);
  SloppyPlayer *player = g_new0 (SloppyPlayer, 1);

  player->bus = connect_bus (house);
  player->status = g_strdup (status);
  player->heard = g_string_new (NULL);
  player->obeys = TRUE;
  player->hangs = hangs;
  player->volume = 1;
  sloppy_set_metadata (player, metadata);
  for (guint i = 0; i < 2; i++)
    player->objects[i] = g_dbus_connection_register_object (player->bus, "/org/mpris/MediaPlayer2",
                                                            node->interfaces[i], &table, player, NULL, NULL);
  /* Nobody takes its calls from the wire any more: it hangs for whoever asks. */
  sloppy_own (player, name);
  player->name = g_strdup (name);
  return player;
}

void
sloppy_free (SloppyPlayer *player)
{
  for (guint i = 0; i < 2; i++)
    g_dbus_connection_unregister_object (player->bus, player->objects[i]);
  g_dbus_connection_close_sync (player->bus, NULL, NULL);
  g_clear_object (&player->bus);
  g_clear_pointer (&player->status, g_free);
  g_clear_pointer (&player->metadata, g_variant_unref);
  g_clear_pointer (&player->name, g_free);
  g_string_free (player->heard, TRUE);
  g_free (player);
}

void
sloppy_say (SloppyPlayer *player, const char *property, GVariant *value)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", property, value);
  g_dbus_connection_emit_signal (player->bus, NULL, "/org/mpris/MediaPlayer2", "org.freedesktop.DBus.Properties",
                                 "PropertiesChanged",
                                 g_variant_new ("(sa{sv}as)", "org.mpris.MediaPlayer2.Player", &builder, NULL), NULL);
}

void
sloppy_set (SloppyPlayer *player, const char *status, const char *metadata)
{
  g_clear_pointer (&player->status, g_free);
  player->status = g_strdup (status);
  sloppy_set_metadata (player, metadata);
  sloppy_say (player, "PlaybackStatus", g_variant_new_string (status));
  sloppy_say (player, "Metadata", player->metadata);
}
