/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "display/tempo-display-window.h"
#include "display/tempo-stage-words.h"
#include "display/tempo-stage.h"
#include "model/tempo-event.h"
#include "model/tempo-now-playing.h"
#include "model/tempo-organization.h"
#include "model/tempo-request.h"
#include "model/tempo-room-info.h"
#include "model/tempo-room-view.h"
#include "model/tempo-rules.h"
#include "model/tempo-song.h"

/* The projector window as the room sees it. With TEMPO_SHOTS set to a folder, each
 * picture is also written there, to be looked at. */

#define NOW G_GINT64_CONSTANT (1795289220000000) /* an evening */

#define LOGO_COLOUR 0x00ffff

typedef struct
{
  const char *name;
  int width;
  int height;
  guint queued;
  gboolean playing;
  gboolean wifi;
  TempoSwitch door;
  const char *announcement;
  gint64 last_call_in; /* seconds, 0 none */
  int logo_width;      /* of a height of 100, 0 none */
} Scene;

static const Scene scenes[] = {
  { "playing-1080p", 1920, 1080, 6, TRUE, FALSE, TEMPO_SWITCH_OPEN, NULL, 0 },
  { "playing-wifi-1080p", 1920, 1080, 6, TRUE, TRUE, TEMPO_SWITCH_OPEN, NULL, 0 },
  { "last-call-720p", 1280, 720, 3, TRUE, FALSE, TEMPO_SWITCH_OPEN, NULL, 754 },
  { "announcement-4-3", 1024, 768, 4, TRUE, FALSE, TEMPO_SWITCH_OPEN, "Quiz at ten in the back room", 0 },
  { "closed-1080p", 1920, 1080, 2, TRUE, FALSE, TEMPO_SWITCH_CLOSED, NULL, 0 },
  { "idle-1080p", 1920, 1080, 0, FALSE, FALSE, TEMPO_SWITCH_OPEN, NULL, 0 },
  { "idle-wifi-1080p", 1920, 1080, 0, FALSE, TRUE, TEMPO_SWITCH_OPEN, NULL, 0 },
  { "portrait", 1080, 1920, 6, TRUE, FALSE, TEMPO_SWITCH_OPEN, NULL, 0 },
  { "portrait-idle", 1080, 1920, 0, FALSE, TRUE, TEMPO_SWITCH_OPEN, NULL, 0 },
  { "ultrawide", 2560, 1080, 6, TRUE, TRUE, TEMPO_SWITCH_OPEN, NULL, 0 },
  { "logo-square-1080p", 1920, 1080, 6, TRUE, FALSE, TEMPO_SWITCH_OPEN, NULL, 0, 100 },
  { "logo-wide-portrait", 1080, 1920, 6, TRUE, FALSE, TEMPO_SWITCH_OPEN, NULL, 0, 900 },
};

static TempoRequest *
make_request (guint number)
{
  static const char *songs[][3] = {
    { "One More Lantern", "Copper Tide", "Ann" },   { "Take the Long Way Round", "Paper Kites Club", "Max" },
    { "Zombie Walk", "The Cranes", "Amber Otter" }, { "Über den Dächern", "Mondfähre", "" },
    { "Slow River", "Nell & the Lows", "Table 4" }, { "Wires", "North of Nine", "Kim" },
  };
  const char **row = songs[number % G_N_ELEMENTS (songs)];
  g_autofree char *id = g_strdup_printf ("00000000-0000-7000-8000-%012u", number);
  g_autoptr (TempoSong) song = tempo_song_new (id, row[0], row[1]);
  TempoRequest *request = tempo_request_new (id, song);

  song->duration_ms = 202000;
  g_free (request->name);
  request->name = g_strdup (row[2]);
  request->status = TEMPO_REQUEST_APPROVED;
  return request;
}

static TempoRoomView *
make_view (const Scene *scene)
{
  TempoRoomView *view = tempo_room_view_new ();
  g_autoptr (TempoRules) rules = tempo_rules_new_default ();

  g_set_object (&view->organization, NULL);
  view->organization =
    tempo_organization_new ("00000000-0000-7000-8000-00000000000a", "tin-heron", "TIN", "The Tin Heron");
  view->room = tempo_room_info_new ("00000000-0000-7000-8000-00000000000b", "KX7PQ", "Main");
  view->room->switch_state = scene->door;
  view->room->announcement = g_strdup (scene->announcement);
  view->event = tempo_event_new ("00000000-0000-7000-8000-00000000000c", view->room->id, "Friday", rules);
  view->event->last_call_at = scene->last_call_in > 0 ? NOW + scene->last_call_in * G_USEC_PER_SEC : 0;
  g_free (view->join_url);
  view->join_url = g_strdup ("http://192.168.1.20:8080/j/KX7PQ");
  g_free (view->join_text);
  view->join_text = g_strdup ("192.168.1.20:8080");
  if (scene->wifi)
    {
      view->wifi_shown = TRUE;
      view->room->wifi_ssid = g_strdup ("TinHeron-Guests");
      view->room->wifi_password = g_strdup ("swing;time");
    }
  for (guint i = 0; i < scene->queued; i++)
    g_ptr_array_add (view->queue, make_request (i));
  if (scene->playing)
    {
      g_autoptr (TempoRequest) request = make_request (12);
      request->message = g_strdup ("for the birthday table");
      request->message_shown = TRUE;
      view->now_playing = tempo_now_playing_new (request->song, request, 134000, NOW, TRUE);
    }
  return view;
}

/* Shows @widget at @width × @height and waits until it was drawn. */
static void
show_at (GtkWidget *window, int width, int height)
{
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  while (gtk_widget_get_width (gtk_window_get_child (GTK_WINDOW (window))) != width &&
         g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (gtk_widget_get_width (gtk_window_get_child (GTK_WINDOW (window))), ==, width);
}

static GdkTexture *
take_picture (GtkWidget *widget)
{
  g_autoptr (GskRenderer) renderer = gsk_cairo_renderer_new ();
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  GdkTexture *texture;
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);

  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_true (gsk_renderer_realize (renderer, NULL, NULL));
  texture = gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gsk_renderer_unrealize (renderer);
  return texture;
}

static guint
count_colour (GdkTexture *picture, guint32 colour)
{
  int width = gdk_texture_get_width (picture), height = gdk_texture_get_height (picture);
  g_autofree guint32 *pixels = g_new (guint32, (gsize) width * height);
  guint n = 0;

  gdk_texture_download (picture, (guchar *) pixels, (gsize) width * 4);
  for (int i = 0; i < width * height; i++)
    n += (pixels[i] & 0xffffff) == colour;
  return n;
}

/* A disk in a colour that nothing else on the screen has, on nothing. */
static GdkTexture *
make_logo (int width)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, 100);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (GBytes) bytes = NULL;
  GdkTexture *logo;

  cairo_scale (cr, width / 100.0, 1);
  cairo_arc (cr, 50, 50, 46, 0, 2 * G_PI);
  cairo_set_source_rgb (cr, 0, 1, 1);
  cairo_fill (cr);
  cairo_surface_flush (surface);
  bytes = g_bytes_new (cairo_image_surface_get_data (surface), (gsize) cairo_image_surface_get_stride (surface) * 100);
  logo = gdk_memory_texture_new (width, 100, GDK_MEMORY_DEFAULT, bytes, (gsize) cairo_image_surface_get_stride (surface));
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return logo;
}

static void
keep_picture (GdkTexture *picture, const char *name)
{
  const char *folder = g_getenv ("TEMPO_SHOTS");
  g_autofree char *path = folder != NULL ? g_strdup_printf ("%s/display-%s.png", folder, name) : NULL;

  if (path != NULL)
    gdk_texture_save_to_png (picture, path);
}

static void
test_scene (gconstpointer data)
{
  const Scene *scene = data;
  g_autoptr (TempoRoomView) view = make_view (scene);
  TempoDisplayWindow *window = tempo_display_window_new_for_view (view);
  GtkWidget *stage = gtk_window_get_child (GTK_WINDOW (window));
  g_autoptr (GdkTexture) picture = NULL;
  g_autoptr (GdkTexture) logo = scene->logo_width > 0 ? make_logo (scene->logo_width) : NULL;
  guint white;

  show_at (GTK_WIDGET (window), scene->width, scene->height);
  tempo_stage_set_now (TEMPO_STAGE (stage), NOW);
  tempo_stage_set_logo (TEMPO_STAGE (stage), logo);
  picture = take_picture (stage);
  keep_picture (picture, scene->name);

  /* The code's white square is there, or it is not when doors are closed. */
  white = count_colour (picture, 0xffffff);
  if (scene->door == TEMPO_SWITCH_CLOSED)
    g_assert_cmpuint (white, <, (guint) (scene->width * scene->height / 200));
  else
    g_assert_cmpuint (white, >,
                      (guint) (MIN (scene->width, scene->height) * MIN (scene->width, scene->height) / 40));

  /* The logo is drawn, whole but no larger than its place. */
  g_assert_cmpuint (count_colour (picture, LOGO_COLOUR), >=, logo != NULL ? 1000 : 0);
  g_assert_cmpuint (count_colour (picture, LOGO_COLOUR), <=, logo != NULL ? (guint) (scene->width * scene->height / 40) : 0);

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  while (window != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* Tempo's sign stands for that of a house without one, unless the house shows its own name only. The invitation has nothing
 * else in the accent's colour. */
static void
test_sign (void)
{
  const Scene invitation = { .name = "sign", .width = 960, .height = 540, .door = TEMPO_SWITCH_OPEN };

  for (guint white_label = 0; white_label < 2; white_label++)
    {
      g_autoptr (TempoRoomView) view = make_view (&invitation);
      TempoDisplayWindow *window = tempo_display_window_new_for_view (view);
      GtkWidget *stage = gtk_window_get_child (GTK_WINDOW (window));
      g_autoptr (GdkTexture) picture = NULL;

      view->organization->white_label = white_label == 1;
      show_at (GTK_WIDGET (window), invitation.width, invitation.height);
      picture = take_picture (stage);
      g_assert_true ((count_colour (picture, 0xf5a524) > 0) == (white_label == 0));
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

/* A monitor of that name is not there: a framed window, not a lost one. */
static void
test_unplugged (void)
{
  g_autoptr (TempoRoomView) view = make_view (&scenes[0]);
  TempoDisplayWindow *window = tempo_display_window_new_for_view (view);
  GListModel *monitors = gdk_display_get_monitors (gdk_display_get_default ());
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  tempo_display_window_show_on (window, "HDMI-9 Away");
  while (!gtk_widget_get_mapped (GTK_WIDGET (window)) && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (window)));
  g_assert_false (gtk_window_is_fullscreen (GTK_WINDOW (window)));
  g_assert_cmpstr (tempo_display_window_get_monitor_name (window), ==, "HDMI-9 Away");

  /* The list changes while the window stands: nothing falls over, the choice stays. */
  g_list_model_items_changed (monitors, 0, 0, 0);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (window)));
  g_assert_cmpstr (tempo_display_window_get_monitor_name (window), ==, "HDMI-9 Away");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The house's choice, not the desktop's: this desktop speaks English. */
static void
test_language (void)
{
  static const char *const text = "Thanks for the music.";

  g_assert_cmpstr (tempo_stage_words (NULL, NULL, text), ==, text);
  g_assert_cmpstr (tempo_stage_words ("", NULL, text), ==, text);
  g_assert_cmpstr (tempo_stage_words ("en", NULL, text), ==, text);
  g_assert_cmpstr (tempo_stage_words ("xx", NULL, text), ==, text);
  g_assert_cmpstr (tempo_stage_words ("de", NULL, text), !=, text);
  g_assert_cmpstr (tempo_stage_words ("es", NULL, text), !=, tempo_stage_words ("fr", NULL, text));
  g_assert_cmpstr (tempo_stage_words ("de", "display", "asked by %s"), !=, "asked by %s");
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (scenes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/display/window/%s", scenes[i].name);
      g_test_add_data_func (path, &scenes[i], test_scene);
    }
  g_test_add_func ("/display/window/sign", test_sign);
  g_test_add_func ("/display/window/unplugged", test_unplugged);
  g_test_add_func ("/display/window/language", test_language);
  return g_test_run ();
}
