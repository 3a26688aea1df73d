/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every page and dialog by itself: what it shows, what it sends, that it goes away. */
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "access/tempo-licence-key.h"
#include "model/tempo-refusal.h"
#include "panel/common/tempo-code-view.h"
#include "panel/common/tempo-notice.h"
#include "panel/display/tempo-cards.h"
#include "panel/finder/tempo-finder.h"
#include "panel/notify/tempo-notifier.h"
#include "panel/selftest/tempo-test-window.h"
#include "panel/settings/tempo-licence-group.h"
#include "panel/settings/tempo-rules-window.h"
#include "panel/settings/tempo-settings-page.h"
#include "panel/settings/tempo-staff-address.h"
#include "panel/window/tempo-window.h"
#include "shared.h"
#include "twin.h"

typedef TestPanel Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  test_panel_begin (fixture);
  tempo_twin_fill (fixture->twin, 3, 6, 10);
  test_panel_show (fixture, NULL, NULL);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  test_panel_end (fixture);
}

static void
apply_entry (GtkWidget *page,
             const char *title,
             const char *text)
{
  GtkWidget *row = test_find_row (page, title);

  g_assert_true (ADW_IS_ENTRY_ROW (row));
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  g_signal_emit_by_name (row, "apply");
  test_settle ();
}

static void
test_history (Fixture *fixture,
              gconstpointer data)
{
  GtkWidget *page = test_panel_show (fixture, "history", "TempoHistoryPage");
  GtkWidget *search = test_find (page, "GtkSearchEntry");

  g_assert_true (test_has_text (page, "8 played · 2 declined"));
  g_assert_cmpuint (test_count (page, "TempoHistoryRow"), >=, 8);
  gtk_editable_set_text (GTK_EDITABLE (search), "nothing like it");
  g_signal_emit_by_name (search, "search-changed");
  test_settle ();
  g_assert_true (test_has_text (page, "Not Found"));
  gtk_editable_set_text (GTK_EDITABLE (search), "DACHERN");
  g_signal_emit_by_name (search, "search-changed");
  test_settle ();
  g_assert_false (test_has_text (page, "Not Found"));
}

static void
test_again (Fixture *fixture,
            gconstpointer data)
{
  GtkWidget *page = test_panel_show (fixture, "history", "TempoHistoryPage");
  GtkWidget *row = test_find (page, "TempoHistoryRow");

  g_signal_emit_by_name (test_find (row, "GtkButton"), "clicked");
  g_assert_cmpint (test_panel_get_last (fixture)->action, ==, TEMPO_ACTION_SUBMIT);
  g_assert_nonnull (test_panel_get_last (fixture)->song_id);
}

/* Names are text; an invitation becomes a code and an address that a phone can open. */
static void
test_people (Fixture *fixture,
             gconstpointer data)
{
  GtkWidget *page = test_panel_show (fixture, "people", "TempoPeoplePage");
  const char *shoot = g_getenv ("TEMPO_TEST_SHOOT");

  g_assert_true (test_has_text (page, "olga"));
  g_assert_true (test_has_text (page, "<b>ada</b>"));
  g_assert_true (test_has_text (page, "Ben at the door"));
  apply_entry (page, "For whom, for example: Ada at the bar", "Ada");
  g_assert_true (test_has_text (page, "http://192.168.1.20:8080/invite/Zm9yZXN0LWdyZWVuLWFuZC1hbWJlci1vbi1uaWdodC0"));
  g_assert_true (test_has_text (page, "This link opens on this computer only: the encrypted address for staff is off. Start Tempo again."));
  tempo_desk_set_staff_plain (tempo_window_get_desk (fixture->window), TRUE);
  apply_entry (page, "For whom, for example: Ada at the bar", "Cleo");
  g_assert_null (tempo_notice_get_text (TEMPO_NOTICE (test_find (page, "TempoNotice"))));
  tempo_desk_set_staff_plain (tempo_window_get_desk (fixture->window), FALSE);
  tempo_desk_set_staff_door (tempo_window_get_desk (fixture->window), 8443, "A1:B2");
  apply_entry (page, "For whom, for example: Ada at the bar", "Ben");
  g_assert_null (tempo_notice_get_text (TEMPO_NOTICE (test_find (page, "TempoNotice"))));
  g_assert_true (test_has_text (page, "https://192.168.1.20:8443/invite/Zm9yZXN0LWdyZWVuLWFuZC1hbWJlci1vbi1uaWdodC0"));
  g_assert_true (gtk_widget_get_mapped (test_find (page, "TempoCodeView")));
  if (shoot != NULL)
    test_shoot (GTK_NATIVE (fixture->window), shoot);
}

static void
test_guests (Fixture *fixture,
             gconstpointer data)
{
  static const struct
  {
    const char *action;
    int minutes;
    TempoAction sent;
  } cases[] = {
    { "guest.mute", 15, TEMPO_ACTION_GUEST_MUTE },
    { "guest.mute", 60, TEMPO_ACTION_GUEST_MUTE },
    { "guest.ban", 720, TEMPO_ACTION_GUEST_BAN },
  };
  GtkWidget *page = test_panel_show (fixture, "guests", "TempoGuestsPage");
  GtkWidget *row = test_find (page, "TempoGuestRow");

  g_assert_true (test_has_text (page, "8 guests tonight · 42 phones connected"));
  g_assert_true (test_has_text (page, "On hold"));
  g_assert_true (test_has_text (page, "Muted until 23:07"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gtk_widget_activate_action (row, cases[i].action, "i", cases[i].minutes);
      g_assert_cmpint (test_panel_get_last (fixture)->action, ==, cases[i].sent);
      g_assert_cmpint (test_panel_get_last (fixture)->number, ==, tempo_desk_get_now (fixture->desk) + cases[i].minutes * 60 * (gint64) G_USEC_PER_SEC);
    }
  gtk_widget_activate_action (row, "guest.lift", NULL);
  test_settle ();
  g_assert_cmpint (test_panel_get_last (fixture)->number, ==, 0);
  gtk_widget_activate_action (row, "guest.hold", NULL);
  g_assert_cmpint (test_panel_get_last (fixture)->action, ==, TEMPO_ACTION_GUEST_HOLD);
  g_assert_true (test_panel_get_last (fixture)->flag);
  gtk_widget_activate_action (row, "guest.clear", NULL);
  g_assert_cmpint (test_panel_get_last (fixture)->action, ==, TEMPO_ACTION_GUEST_CLEAR);
  g_assert_cmpstr (test_panel_get_last (fixture)->guest_id, ==, "guest-0");
}

static GtkWindow *
find_dialog (Fixture *fixture)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (gtk_window_get_transient_for (window) == GTK_WINDOW (fixture->window))
        return window;
    }
  return NULL;
}

static void
test_rename_guest (Fixture *fixture,
                   gconstpointer data)
{
  GtkWidget *page = test_panel_show (fixture, "guests", "TempoGuestsPage");
  GtkWindow *dialog;

  gtk_widget_activate_action (test_find (page, "TempoGuestRow"), "guest.rename", NULL);
  dialog = find_dialog (fixture);
  g_assert_true (ADW_IS_MESSAGE_DIALOG (dialog));
  gtk_editable_set_text (GTK_EDITABLE (adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (dialog))), " Anna ");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  g_assert_cmpint (test_panel_get_last (fixture)->action, ==, TEMPO_ACTION_GUEST_RENAME);
  g_assert_cmpstr (test_panel_get_last (fixture)->name, ==, "Anna");
  g_assert_true (test_has_text (page, "Anna"));
}

static void
test_room (Fixture *fixture,
           gconstpointer data)
{
  GtkWidget *page = test_panel_show (fixture, "room", "TempoRoomPage");
  GtkWidget *check = test_find (test_find_row (page, "Closed"), "GtkCheckButton");

  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 0);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  g_assert_cmpint (test_panel_get_last (fixture)->action, ==, TEMPO_ACTION_SWITCH);
  g_assert_cmpint (test_panel_get_last (fixture)->switch_state, ==, TEMPO_SWITCH_CLOSED);
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 1);
  apply_entry (page, "Name of the night", "Disco");
  g_assert_cmpint (test_panel_get_last (fixture)->action, ==, TEMPO_ACTION_EVENT_RENAME);
  g_assert_true (test_has_text (page, "Disco"));
  apply_entry (page, "Announcement on the display", "The kitchen closes at eleven");
  g_assert_cmpstr (json_object_get_string_member (test_panel_get_last (fixture)->patch, "announcement"), ==, "The kitchen closes at eleven");
  gtk_switch_set_active (GTK_SWITCH (test_find (test_find_row (page, "Music between requests"), "GtkSwitch")), TRUE);
  g_assert_cmpint (test_panel_get_last (fixture)->action, ==, TEMPO_ACTION_FILLER);
}

/* 22:47 now: 23:30 is in 43 minutes, 0:15 is tomorrow, and nonsense is not sent. */
static void
test_last_call (Fixture *fixture,
                gconstpointer data)
{
  static const struct
  {
    const char *text;
    int minutes;
  } cases[] = {
    { "23:30", 43 }, { "0.15", 88 }, { "22:47", 24 * 60 }, { "23", 13 }, { "24:00", 0 }, { "half past", 0 }, { "12:99", 0 },
  };
  GtkWidget *page = test_panel_show (fixture, "room", "TempoRoomPage");
  GtkWidget *row = test_find_row (page, "Last call");
  GtkWidget *entry = test_find (row, "GtkEntry");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint before = tempo_twin_get_executed (fixture->twin);

      gtk_editable_set_text (GTK_EDITABLE (entry), cases[i].text);
      g_signal_emit_by_name (entry, "activate");
      test_settle ();
      if (cases[i].minutes == 0)
        {
          g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, before);
          continue;
        }
      g_assert_cmpint (test_panel_get_last (fixture)->number / G_USEC_PER_SEC / 60, ==,
                       tempo_desk_get_now (fixture->desk) / G_USEC_PER_SEC / 60 + cases[i].minutes);
      g_assert_true (test_panel_get_last (fixture)->flag);
      /* "Take Back" */
      g_signal_emit_by_name (test_find (row, "GtkButton"), "clicked");
      g_assert_cmpint (test_panel_get_last (fixture)->number, ==, 0);
    }
}

static void
test_switch_button (Fixture *fixture,
                    gconstpointer data)
{
  GtkWidget *button = test_find (GTK_WIDGET (fixture->window), "TempoSwitchButton");

  gtk_widget_activate_action (button, "switch.last-call", "i", 30);
  test_settle ();
  g_assert_true (test_has_text (button, "Open until 23:17"));
  gtk_widget_activate_action (button, "switch.last-call", "i", 0);
  test_settle ();
  g_assert_true (test_has_text (button, "Open"));
}

static void
test_display (Fixture *fixture,
              gconstpointer data)
{
  GtkWidget *page = test_panel_show (fixture, "display", "TempoDisplayPage");
  GtkWidget *code = test_find (page, "TempoCodeView");

  g_assert_cmpstr (tempo_code_view_get_text (TEMPO_CODE_VIEW (code)), ==, "http://192.168.1.20:8080/j/K7QX2");
  g_assert_true (test_has_text (page, "192.168.1.20:8080/j/K7QX2"));
  apply_entry (page, "Name, for example: TV at the bar", "TV");
  g_assert_cmpint (test_panel_get_last (fixture)->action, ==, TEMPO_ACTION_DISPLAY_CREATE);
  test_settle ();
  g_assert_true (test_has_text (page, "http://192.168.1.20:8080/d/secret-token"));
  g_signal_emit_by_name (test_find (test_find_row (page, "TV in the hall"), "GtkButton"), "clicked");
  g_assert_cmpint (test_panel_get_last (fixture)->action, ==, TEMPO_ACTION_DISPLAY_REVOKE);
  g_assert_cmpstr (test_panel_get_last (fixture)->target_id, ==, "d1");
  test_settle ();
  g_assert_false (test_has_text (page, "TV in the hall"));
  g_assert_true (test_has_text (page, "http://192.168.1.20:8080/d/secret-token"));
  apply_entry (page, "Name of the network", "TinHeron-Guests");
  g_assert_cmpstr (json_object_get_string_member (test_panel_get_last (fixture)->patch, "wifiSsid"), ==, "TinHeron-Guests");
  gtk_switch_set_active (GTK_SWITCH (test_find (test_find_row (page, "Show on the display"), "GtkSwitch")), TRUE);
  g_assert_true (json_object_get_boolean_member (test_panel_get_last (fixture)->patch, "wifiShown"));
}

static void
test_projector (Fixture *fixture,
                gconstpointer data)
{
  guint before = g_list_model_get_n_items (gtk_window_get_toplevels ());

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-projector", NULL);
  test_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (gtk_window_get_toplevels ()), ==, before + 1);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-projector", NULL);
  test_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (gtk_window_get_toplevels ()), ==, before + 1);
}

/* Cards are drawn on paper without a window; four codes leave much black on the sheet. */
static void
test_cards (Fixture *fixture,
            gconstpointer data)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 595, 842);
  cairo_t *cr = cairo_create (surface);
  static const guint8 black[3 * 4] = { 0 };
  g_autoptr (GBytes) dots = g_bytes_new_static (black, sizeof black);
  g_autoptr (GdkTexture) logo = gdk_memory_texture_new (4, 1, GDK_MEMORY_R8G8B8, dots, 12);
  const guint8 *pixels;
  guint dark[4] = { 0 };

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  tempo_cards_draw (cr, tempo_desk_get_view (fixture->desk), logo, 595, 842);
  cairo_surface_flush (surface);
  pixels = cairo_image_surface_get_data (surface);
  for (int y = 0; y < 842; y++)
    for (int x = 0; x < 595; x++)
      if (pixels[y * cairo_image_surface_get_stride (surface) + x * 4] < 64)
        dark[(y >= 421) * 2 + (x >= 297)]++;
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpuint (dark[i], >, 9000);
      g_assert_cmpuint (dark[i], <, 40000);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_code_view (Fixture *fixture,
                gconstpointer data)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 100, 100);
  cairo_t *cr = cairo_create (surface);

  g_assert_true (tempo_code_view_draw (cr, "http://192.168.1.20:8080/j/K7QX2", 100));
  g_assert_false (tempo_code_view_draw (cr, NULL, 100));
  g_assert_false (tempo_code_view_draw (cr, "", 100));
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_settings (Fixture *fixture,
               gconstpointer data)
{
  GtkWidget *page = test_panel_show (fixture, "settings", "TempoSettingsPage");

  test_settle ();
  /* What was read is shown and nothing is sent for it. */
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 0);
  g_assert_cmpint (gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (test_find (test_find_row (page, "Forget guests after so many days"), "GtkSpinButton"))), ==, 30);
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (test_find_row (page, "Language of the display"))), ==, 2);
  apply_entry (page, "Name", "The Red Note");
  g_assert_cmpstr (json_object_get_string_member (test_panel_get_last (fixture)->patch, "name"), ==, "The Red Note");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "The Red Note");
  apply_entry (page, "Name", "   ");
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 1);
  apply_entry (page, "A line for your guests", "Be kind");
  g_assert_cmpstr (json_object_get_string_member (test_panel_get_last (fixture)->patch, "welcome"), ==, "Be kind");
  adw_combo_row_set_selected (ADW_COMBO_ROW (test_find_row (page, "Language of the display")), 1);
  g_assert_cmpstr (json_object_get_string_member (test_panel_get_last (fixture)->patch, "displayLanguage"), ==, "en");
}

/* Whether any pixel of @widget is of that colour. */
static gboolean
is_drawn (GtkWidget *widget,
          guint red,
          guint green,
          guint blue)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree guchar *pixels = NULL;
  gsize n;

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  node = gtk_snapshot_to_node (snapshot);
  /* Not laid out yet. */
  if (node == NULL)
    return FALSE;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node, NULL);
  n = (gsize) gdk_texture_get_width (texture) * (gsize) gdk_texture_get_height (texture);
  pixels = g_malloc (n * 4);
  gdk_texture_download (texture, pixels, (gsize) gdk_texture_get_width (texture) * 4);
  for (gsize i = 0; i < n; i++)
    if (pixels[i * 4] == blue && pixels[i * 4 + 1] == green && pixels[i * 4 + 2] == red)
      return TRUE;
  return FALSE;
}

typedef struct
{
  GtkWidget *widget;
  guint red, green, blue;
} Sought;

static gboolean
shows_colour (gpointer data)
{
  Sought *sought = data;

  return is_drawn (sought->widget, sought->red, sought->green, sought->blue);
}

/* While one chooses, two small phones show it, and nothing is sent; what was chosen counts when the choice is closed. A
 * colour whose text could not be read says what becomes of it. */
static void
test_brand (Fixture *fixture,
            gconstpointer data)
{
  static const struct { const char *colour, *sentence; } cases[] = {
    { "#ffee00", "Text of it is darker on light screens, so that it stays readable" },
    { "#203050", "Text of it is lighter on dark screens, so that it stays readable" },
    { "#808080", "Text of it is darker on light screens, so that it stays readable" },
  };
  GtkWidget *page = test_panel_show (fixture, "settings", "TempoSettingsPage");
  AdwActionRow *row = ADW_ACTION_ROW (test_find_row (page, "Colour"));
  GtkPopover *popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (test_find (GTK_WIDGET (row), "GtkMenuButton")));
  GtkColorChooser *chooser = GTK_COLOR_CHOOSER (gtk_popover_get_child (popover));
  GtkWidget *brand = test_find (page, "TempoBrandPreview");
  GdkRGBA colour;

  test_wait (shows_colour, &(Sought) { brand, 0xf5, 0xa5, 0x24 });
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gdk_rgba_parse (&colour, cases[i].colour);
      gtk_color_chooser_set_rgba (chooser, &colour);
      g_assert_cmpstr (adw_action_row_get_subtitle (row), ==, cases[i].sentence);
    }
  g_assert_false (is_drawn (brand, 0x12, 0xab, 0x34));
  gdk_rgba_parse (&colour, "#12ab34");
  gtk_color_chooser_set_rgba (chooser, &colour);
  test_wait (shows_colour, &(Sought) { brand, 0x12, 0xab, 0x34 });
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 0);
  g_signal_emit_by_name (popover, "closed");
  g_assert_cmpstr (json_object_get_string_member (test_panel_get_last (fixture)->patch, "accent"), ==, "#12ab34");
  g_signal_emit_by_name (popover, "closed");
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 1);
  /* Another one for dark screens, which is taken back by a button. */
  popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (test_find (test_find_row (page, "Colour for dark screens"), "GtkMenuButton")));
  gdk_rgba_parse (&colour, "#77ddee");
  gtk_color_chooser_set_rgba (GTK_COLOR_CHOOSER (gtk_popover_get_child (popover)), &colour);
  g_signal_emit_by_name (popover, "closed");
  g_assert_cmpstr (json_object_get_string_member (test_panel_get_last (fixture)->patch, "accentDark"), ==, "#77ddee");
  test_wait (shows_colour, &(Sought) { brand, 0x77, 0xdd, 0xee });
  g_signal_emit_by_name (test_find (test_find_row (page, "Colour for dark screens"), "GtkButton"), "clicked");
  g_assert_true (json_object_get_null_member (test_panel_get_last (fixture)->patch, "accentDark"));
  g_assert_false (is_drawn (brand, 0x77, 0xdd, 0xee));
}

static gboolean
has_subtitle (gpointer data)
{
  return g_str_has_prefix (adw_action_row_get_subtitle (data), "That picture cannot be used.");
}

static gboolean
has_usual_subtitle (gpointer data)
{
  return g_str_equal (adw_action_row_get_subtitle (data), "On phones, displays and table cards");
}

static gboolean
is_hidden (gpointer data)
{
  return !gtk_widget_get_visible (data);
}

/* A file becomes the sign of the house, another is refused where it was chosen, and it goes again. */
static void
test_logo (Fixture *fixture,
           gconstpointer data)
{
  GtkWidget *page = test_panel_show (fixture, "settings", "TempoSettingsPage");
  GtkWidget *row = test_find_row (page, "Logo");
  GtkWidget *cover = test_find (row, "TempoCover");
  g_autoptr (GFileIOStream) stream = NULL;
  g_autoptr (GFile) file = g_file_new_tmp ("tempo-logo-XXXXXX", &stream, NULL);

  g_assert_false (gtk_widget_get_visible (cover));
  g_assert_true (g_file_replace_contents (file, "no picture", 10, NULL, FALSE, 0, NULL, NULL, NULL));
  tempo_settings_page_set_logo (TEMPO_SETTINGS_PAGE (page), file);
  test_wait (has_subtitle, row);
  g_assert_false (gtk_widget_get_visible (cover));
  g_assert_true (g_file_replace_contents (file, "a picture", 9, NULL, FALSE, 0, NULL, NULL, NULL));
  tempo_settings_page_set_logo (TEMPO_SETTINGS_PAGE (page), file);
  test_wait (has_usual_subtitle, row);
  g_assert_true (gtk_widget_get_visible (cover));
  g_signal_emit_by_name (test_find (row, "GtkButton"), "clicked");
  test_wait (is_hidden, cover);
  g_assert_true (g_file_delete (file, NULL, NULL));
}

static gboolean
has_days (gpointer data)
{
  TempoCommand *command = tempo_twin_get_last (data);

  return command != NULL && command->patch != NULL && json_object_has_member (command->patch, "forgetGuestsDays");
}

static void
test_forget (Fixture *fixture,
             gconstpointer data)
{
  GtkWidget *page = test_panel_show (fixture, "settings", "TempoSettingsPage");

  test_settle ();
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (test_find (test_find_row (page, "Forget guests after so many days"), "GtkSpinButton")), 7);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (test_find (test_find_row (page, "Forget guests after so many days"), "GtkSpinButton")), 9);
  test_wait (has_days, fixture->twin);
  g_assert_cmpint (json_object_get_int_member (test_panel_get_last (fixture)->patch, "forgetGuestsDays"), ==, 9);
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 1);
}

static gboolean
shows_backup (gpointer data)
{
  return test_has_text (data, "4 bytes");
}

static void
test_backups (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("tempo-backups-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "one.db", NULL);
  GtkWidget *page;

  g_assert_true (g_file_set_contents (file, "data", 4, NULL));
  tempo_twin_set_folder (fixture->twin, folder);
  page = test_panel_show (fixture, "settings", "TempoSettingsPage");
  test_wait (shows_backup, page);
  remove (file);
  remove (folder);
}

/* Staff's address appears with the door, as text and as a code, and goes with it. */
static void
test_staff_address (Fixture *fixture,
                    gconstpointer data)
{
  TempoDesk *desk = tempo_window_get_desk (fixture->window);
  GtkWidget *page = test_panel_show (fixture, "settings", "TempoSettingsPage");
  GtkWidget *address = test_find (page, "TempoStaffAddress");

  g_assert_nonnull (address);
  g_assert_false (gtk_widget_get_visible (address));
  tempo_desk_set_staff_door (desk, 8443, "A1:B2");
  g_assert_true (gtk_widget_get_visible (address));
  g_assert_true (g_str_has_prefix (tempo_staff_address_get_url (TEMPO_STAFF_ADDRESS (address)), "https://192.168.1.20:8443/"));
  g_assert_true (g_str_has_suffix (tempo_staff_address_get_url (TEMPO_STAFF_ADDRESS (address)), "/staff"));
  g_assert_true (test_has_text (address, tempo_staff_address_get_url (TEMPO_STAFF_ADDRESS (address))));
  g_assert_true (test_has_text (address, "A1:B2"));
  tempo_desk_set_staff_door (desk, 0, NULL);
  g_assert_false (gtk_widget_get_visible (address));
}

/* Every rule is in the window, shows what holds, and sends its own name. */
static void
test_rules (Fixture *fixture,
            gconstpointer data)
{
  static const struct
  {
    const char *title;
    const char *rule;
  } switches[] = {
    { "You approve each request", "approval" },
    { "Dedications", "messages" },
    { "Songs you do not have", "freeText" },
    { "Explicit songs", "allowExplicit" },
    { "Votes", "votes" },
  };
  TempoRulesWindow *window = tempo_rules_window_new (GTK_WINDOW (fixture->window), fixture->desk);

  gtk_window_present (GTK_WINDOW (window));
  test_settle ();
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    {
      GtkSwitch *control = GTK_SWITCH (test_find (test_find_row (GTK_WIDGET (window), switches[i].title), "GtkSwitch"));
      gboolean before = gtk_switch_get_active (control);

      gtk_switch_set_active (control, !before);
      g_assert_cmpint (json_object_get_boolean_member (test_panel_get_last (fixture)->patch, switches[i].rule), ==, !before);
      g_assert_cmpint (gtk_switch_get_active (control), ==, !before);
    }
  adw_combo_row_set_selected (ADW_COMBO_ROW (test_find_row (GTK_WIDGET (window), "Order")), TEMPO_ORDER_FIRST);
  g_assert_cmpstr (json_object_get_string_member (test_panel_get_last (fixture)->patch, "order"), ==, "first");
  apply_entry (GTK_WIDGET (window), "Never: artists, titles, words (separated by commas)", "polka, , Happy Song ,");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (test_panel_get_last (fixture)->patch, "blocked")), ==, 2);
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_cooldown (gpointer data)
{
  return tempo_desk_get_view (data)->event->rules->cooldown_seconds == 180;
}

static void
test_rule_numbers (Fixture *fixture,
                   gconstpointer data)
{
  TempoRulesWindow *window = tempo_rules_window_new (GTK_WINDOW (fixture->window), fixture->desk);
  GtkWidget *row = test_find_row (GTK_WIDGET (window), "Minutes between two requests");

  /* Minutes are shown, seconds are kept; turning through 1 and 2 sends 3 alone. */
  for (int i = 1; i <= 3; i++)
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (test_find (row, "GtkSpinButton")), i);
  test_wait (has_cooldown, fixture->desk);
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 1);
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_songs (gpointer data)
{
  return test_count (data, "TempoCover") > 0;
}

static void
test_finder (Fixture *fixture,
             gconstpointer data)
{
  TempoFinder *finder;

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.find", NULL);
  finder = TEMPO_FINDER (find_dialog (fixture));
  tempo_finder_search (finder, "PRIYA");
  test_settle ();
  g_assert_cmpuint (tempo_finder_count (finder), >, 0);
  g_assert_true (test_has_text (GTK_WIDGET (finder), "Guest"));
  tempo_finder_search (finder, "no such thing anywhere");
  test_settle ();
  g_assert_cmpuint (tempo_finder_count (finder), ==, 0);
  g_assert_true (test_has_text (GTK_WIDGET (finder), "Not Found"));
  tempo_finder_search (finder, "");
  g_assert_cmpuint (tempo_finder_count (finder), ==, 0);
  gtk_window_destroy (GTK_WINDOW (finder));
}

static void
test_finder_goes (Fixture *fixture,
                  gconstpointer data)
{
  TempoFinder *finder;

  tempo_window_show_place (fixture->window, "settings");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.find", NULL);
  finder = TEMPO_FINDER (find_dialog (fixture));
  tempo_finder_search (finder, "zombie cranes");
  test_settle ();
  tempo_finder_activate (finder);
  test_settle ();
  g_assert_cmpstr (tempo_window_get_place (fixture->window), ==, "tonight");
  g_assert_null (find_dialog (fixture));
}

static void
test_add_song (Fixture *fixture,
               gconstpointer data)
{
  TempoFinder *finder;

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.add", NULL);
  finder = TEMPO_FINDER (find_dialog (fixture));
  gtk_editable_set_text (GTK_EDITABLE (test_find (GTK_WIDGET (finder), "GtkEntry")), "Aunt Ada");
  tempo_finder_search (finder, "copper");
  test_wait (has_songs, finder);
  g_assert_cmpuint (tempo_finder_count (finder), ==, 1);
  tempo_finder_activate (finder);
  g_assert_cmpint (test_panel_get_last (fixture)->action, ==, TEMPO_ACTION_SUBMIT);
  g_assert_cmpstr (test_panel_get_last (fixture)->song_id, ==, "song-8");
  g_assert_cmpstr (test_panel_get_last (fixture)->name, ==, "Aunt Ada");
  g_assert_true (test_has_text (GTK_WIDGET (fixture->window), "“Copper Wire” is on the list"));
}

static gboolean
has_checks (gpointer data)
{
  return tempo_test_window_count (data) > 0;
}

static void
test_self_test (Fixture *fixture,
                gconstpointer data)
{
  TempoTestWindow *window = tempo_test_window_new (GTK_WINDOW (fixture->window), fixture->desk);

  gtk_window_present (GTK_WINDOW (window));
  test_wait (has_checks, window);
  g_assert_true (test_has_text (GTK_WIDGET (window), "A phone has come through. Guests will too."));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
enter_key (GtkWidget *group,
           const char *key)
{
  GtkWidget *row = test_find (group, "AdwEntryRow");

  gtk_editable_set_text (GTK_EDITABLE (row), key);
  g_signal_emit_by_name (row, "apply");
  test_settle ();
}

static gboolean
has_refused_file (gpointer data)
{
  return test_has_text (data, "That is not a licence document. Choose another file.");
}

static gboolean
has_sent_document (gpointer data)
{
  TempoCommand *command = tempo_twin_get_last (data);

  return command != NULL && command->action == TEMPO_ACTION_LICENCE && json_object_has_member (command->patch, "document");
}

/* Returns the file, which is to be removed when it was read. (transfer full). */
static char *
import (TempoLicenceGroup *group,
        const char *text,
        gssize length)
{
  char *path = g_build_filename (g_get_tmp_dir (), "tempo-licence-XXXXXX", NULL);
  g_autoptr (GFile) file = NULL;

  close (g_mkstemp (path));
  g_assert_true (g_file_set_contents (path, text, length, NULL));
  file = g_file_new_for_path (path);
  tempo_licence_group_import (group, file);
  return path;
}

static void
test_licence (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *key = tempo_licence_key_new ("ACME", 2026);
  g_autofree char *lower = g_ascii_strdown (key, -1);
  g_autofree char *film = g_malloc0 (5000);
  g_autofree char *film_path = NULL;
  g_autofree char *document_path = NULL;
  GtkWidget *group;

  /* The notice leads to the row. */
  tempo_twin_set_health (fixture->twin, "licence_over", TEMPO_HEALTH_WARNING);
  test_settle ();
  g_assert_true (test_has_text (GTK_WIDGET (fixture->window), "Enter a Key"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-licence", NULL);
  test_settle ();
  g_assert_cmpstr (tempo_window_get_place (fixture->window), ==, "settings");
  group = test_find (GTK_WIDGET (fixture->window), "TempoLicenceGroup");
  g_assert_true (test_has_text (group, "Medium · key ending in 7K2M"));
  g_assert_true (test_has_text (group, "valid · until 31 January 2027"));
  g_assert_true (test_has_text (group, "Rooms 1 of 5 · People 3 of 50 · Displays 2"));

  /* What is no key is not sent. */
  enter_key (group, "hello");
  g_assert_true (test_has_text (group, "A key looks like TEMPO-ACME-2026-… Look again."));
  lower[strlen (lower) - 1] = lower[strlen (lower) - 1] == '0' ? '1' : '0';
  enter_key (group, lower);
  g_assert_true (test_has_text (group, "A character of the key is wrong. Look again."));
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 0);
  enter_key (group, key);
  g_assert_cmpint (tempo_twin_get_last (fixture->twin)->action, ==, TEMPO_ACTION_LICENCE);
  g_assert_cmpstr (json_object_get_string_member (tempo_twin_get_last (fixture->twin)->patch, "key"), ==, key);

  tempo_twin_refuse_next (fixture->twin, tempo_refusal_new (TEMPO_REFUSAL_INVALID, NULL, "of somebody else"));
  enter_key (group, key);
  g_assert_true (test_has_text (group, "This licence does not fit this place. Ask who sold it to you."));

  memset (film, 'x', 5000);
  film_path = import (TEMPO_LICENCE_GROUP (group), film, 5000);
  test_wait (has_refused_file, group);
  document_path = import (TEMPO_LICENCE_GROUP (group), "head.body.sign\n", -1);
  test_wait (has_sent_document, fixture->twin);
  g_assert_cmpstr (json_object_get_string_member (tempo_twin_get_last (fixture->twin)->patch, "document"), ==, "head.body.sign");
  test_settle ();
  g_unlink (film_path);
  g_unlink (document_path);

  /* Removing asks once more, in the row. */
  test_press (group, "Remove…");
  g_assert_cmpuint (tempo_twin_get_executed (fixture->twin), ==, 3);
  test_press (group, "Remove");
  g_assert_cmpuint (json_object_get_size (tempo_twin_get_last (fixture->twin)->patch), ==, 0);
  g_assert_true (test_has_text (group, "Community"));
  g_assert_true (test_has_text (group, "no licence"));
}

/* The desktop's side of notifications, on the test's own bus: remembers what was said. */
typedef struct
{
  GPtrArray *titles;  /* (owned) (element utf8) */
  guint actions;      /* of the last one, as name and label pairs */
  gboolean owned;
} Desktop;

static const char interface[] =
  "<node><interface name='org.freedesktop.Notifications'>"
  "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/><arg type='a{sv}' direction='in'/>"
  "<arg type='i' direction='in'/><arg type='u' direction='out'/></method>"
  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
  "</interface></node>";

static void
called_cb (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *name,
           const char *method,
           GVariant *parameters,
           GDBusMethodInvocation *invocation,
           gpointer user_data)
{
  Desktop *desktop = user_data;

  if (g_str_equal (method, "Notify"))
    {
      const char *title = NULL;
      g_autoptr (GVariant) actions = g_variant_get_child_value (parameters, 5);

      g_variant_get_child (parameters, 3, "&s", &title);
      g_ptr_array_add (desktop->titles, g_strdup (title));
      desktop->actions = (guint) g_variant_n_children (actions);
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", desktop->titles->len));
      return;
    }
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static const GDBusInterfaceVTable vtable = { .method_call = called_cb };

static void
name_acquired_cb (GDBusConnection *connection,
                  const char *name,
                  gpointer user_data)
{
  ((Desktop *) user_data)->owned = TRUE;
}

static gboolean
is_owned (gpointer data)
{
  return ((Desktop *) data)->owned;
}

static gboolean
said_one (gpointer data)
{
  return ((Desktop *) data)->titles->len == 1;
}

static gboolean
said_two (gpointer data)
{
  return ((Desktop *) data)->titles->len == 2;
}

static gboolean
said_three (gpointer data)
{
  return ((Desktop *) data)->titles->len == 3;
}

/* What waited before is not news; what comes is, unless silenced; many at once are one. */
static void
test_notifier (Fixture *fixture,
               gconstpointer data)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (interface, NULL);
  g_autoptr (GtkApplication) application = gtk_application_new ("io.github.tempo_venue.Test", G_APPLICATION_NON_UNIQUE);
  g_autoptr (TempoNotifier) notifier = NULL;
  g_autoptr (GSettings) settings = g_settings_new ("io.github.tempo_venue.Tempo");
  Desktop desktop = { .titles = g_ptr_array_new_with_free_func (g_free) };
  guint object = g_dbus_connection_register_object (bus, "/org/freedesktop/Notifications", info->interfaces[0], &vtable, &desktop, NULL, NULL);
  guint name = g_bus_own_name_on_connection (bus, "org.freedesktop.Notifications", G_BUS_NAME_OWNER_FLAGS_NONE,
                                             name_acquired_cb, NULL, &desktop, NULL);

  test_wait (is_owned, &desktop);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  notifier = tempo_notifier_new (application, fixture->desk);
  g_assert_cmpuint (tempo_notifier_get_sent (notifier), ==, 0);
  tempo_twin_ask (fixture->twin, "Late Song", "Nele");
  test_wait (said_one, &desktop);
  g_assert_cmpstr (g_ptr_array_index (desktop.titles, 0), ==, "Late Song · Somebody");
  /* Open, Approve, Decline: each a name and a label. */
  g_assert_cmpuint (desktop.actions, ==, 6);
  g_settings_set_boolean (settings, "notifications", FALSE);
  tempo_twin_ask (fixture->twin, "Later Song", "Nele");
  g_settings_reset (settings, "notifications");
  tempo_twin_ask (fixture->twin, "Last Song", "Nele");
  test_wait (said_two, &desktop);
  g_assert_cmpstr (g_ptr_array_index (desktop.titles, 1), ==, "Last Song · Somebody");
  g_assert_cmpuint (tempo_notifier_get_sent (notifier), ==, 2);
  /* From a locked desktop only Open is left, which shows the lock. */
  tempo_link_set_locked (fixture->link, TRUE);
  tempo_twin_ask (fixture->twin, "Locked Song", "Nele");
  test_wait (said_three, &desktop);
  g_assert_cmpuint (desktop.actions, ==, 2);
  g_clear_object (&notifier);
  g_bus_unown_name (name);
  g_dbus_connection_unregister_object (bus, object);
  g_clear_pointer (&desktop.titles, g_ptr_array_unref);
}

#define ADD(path, func) g_test_add ("/panel/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  test_init_gtk ();
  ADD ("history/shows", test_history);
  ADD ("history/again", test_again);
  ADD ("people/invite", test_people);
  ADD ("settings/staff-address", test_staff_address);
  ADD ("guests/acts", test_guests);
  ADD ("guests/rename", test_rename_guest);
  ADD ("room/page", test_room);
  ADD ("room/last-call", test_last_call);
  ADD ("room/switch-button", test_switch_button);
  ADD ("display/page", test_display);
  ADD ("display/projector", test_projector);
  ADD ("display/cards", test_cards);
  ADD ("display/code", test_code_view);
  ADD ("settings/page", test_settings);
  ADD ("settings/brand", test_brand);
  ADD ("settings/logo", test_logo);
  ADD ("settings/forget", test_forget);
  ADD ("settings/backups", test_backups);
  ADD ("rules/switches", test_rules);
  ADD ("rules/numbers", test_rule_numbers);
  ADD ("finder/finds", test_finder);
  ADD ("finder/goes", test_finder_goes);
  ADD ("finder/adds", test_add_song);
  ADD ("self-test", test_self_test);
  ADD ("licence", test_licence);
  ADD ("notifier", test_notifier);
  return g_test_run ();
}
