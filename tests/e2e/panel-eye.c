/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a screen reader is told of the programs on this session's accessibility bus:
 *   panel-eye         a line for each name
 *   panel-eye NAME    for each that has this name, where it is, as "x y" in its window */
#include <stdio.h>

#include <gio/gio.h>

#define ROOT "/org/a11y/atspi/accessible/root"
#define ACCESSIBLE "org.a11y.atspi.Accessible"
#define CALL_MS 5000
#define MAX_DEPTH 100
/* Of AtspiStateType and AtspiCoordType. */
#define VISIBLE (1u << 30)
#define COORDINATES_OF_WINDOW 1u

typedef struct
{
  GDBusConnection *bus; /* (owned) */
  const char *wanted;   /* (nullable) NULL: print all */
  gboolean found;
} Eye;

/* Where an object is. Valid as long as the answer that named it. */
typedef struct
{
  const char *program;
  const char *path;
} Place;

/* (transfer full) (nullable): NULL when it is gone meanwhile. */
static GVariant *
ask (Eye *eye, const Place *place, const char *interface, const char *method, GVariant *arguments)
{
  return g_dbus_connection_call_sync (eye->bus, place->program, place->path, interface, method, arguments, NULL,
                                      G_DBUS_CALL_FLAGS_NONE, CALL_MS, NULL, NULL);
}

/* (transfer full): "" when it has none. */
static char *
get_name (Eye *eye, const Place *place)
{
  g_autoptr (GVariant) answer = ask (eye, place, "org.freedesktop.DBus.Properties", "Get",
                                     g_variant_new ("(ss)", ACCESSIBLE, "Name"));
  g_autoptr (GVariant) value = NULL;

  if (answer == NULL)
    return g_strdup ("");
  g_variant_get (answer, "(v)", &value);

  return g_variant_dup_string (value, NULL);
}

/* FALSE for what GTK keeps but does not show. */
static gboolean
is_visible (Eye *eye, const Place *place)
{
  g_autoptr (GVariant) answer = ask (eye, place, ACCESSIBLE, "GetState", NULL);
  g_autoptr (GVariant) words = answer != NULL ? g_variant_get_child_value (answer, 0) : NULL;
  guint32 low = 0;

  if (words != NULL && g_variant_n_children (words) > 0)
    g_variant_get_child (words, 0, "u", &low);

  return (low & VISIBLE) != 0;
}

/* Prints the middle of it, in pixels from the window's corner. FALSE when it has no place in the window. */
static gboolean
print_place (Eye *eye, const Place *place)
{
  g_autoptr (GVariant) answer = ask (eye, place, "org.a11y.atspi.Component", "GetExtents",
                                     g_variant_new ("(u)", COORDINATES_OF_WINDOW));
  int x, y, width, height;

  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "((iiii))", &x, &y, &width, &height);
  if (width <= 0 || height <= 0)
    return FALSE;
  printf ("%d %d\n", x + width / 2, y + height / 2);

  return TRUE;
}

static void
look (Eye *eye, const Place *place, guint depth)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariantIter) children = NULL;
  Place child;

  if (depth > MAX_DEPTH || (depth > 1 && !is_visible (eye, place)))
    return;
  name = get_name (eye, place);
  if (eye->wanted == NULL && *name != '\0')
    puts (name);
  else if (eye->wanted != NULL && g_str_equal (name, eye->wanted))
    eye->found |= print_place (eye, place);
  answer = ask (eye, place, ACCESSIBLE, "GetChildren", NULL);
  if (answer == NULL)
    return;
  g_variant_get (answer, "(a(so))", &children);
  while (g_variant_iter_next (children, "(&s&o)", &child.program, &child.path))
    look (eye, &child, depth + 1);
}

/* The bus of the accessible programs, which this session's bus knows. (transfer full). */
static GDBusConnection *
find_bus (GError **error)
{
  g_autoptr (GDBusConnection) session = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, error);
  g_autoptr (GVariant) answer = NULL;
  const char *address;

  if (session == NULL)
    return NULL;
  answer = g_dbus_connection_call_sync (session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", NULL,
                                        G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, CALL_MS, NULL, error);
  if (answer == NULL)
    return NULL;
  g_variant_get (answer, "(&s)", &address);

  return g_dbus_connection_new_for_address_sync (
    address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL,
    error);
}

int
main (G_GNUC_UNUSED int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Eye eye = { .bus = find_bus (&error), .wanted = argv[1] };
  const Place root = { "org.a11y.atspi.Registry", ROOT };

  if (eye.bus == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  look (&eye, &root, 0);
  g_clear_object (&eye.bus);

  return eye.wanted == NULL || eye.found ? 0 : 1;
}
