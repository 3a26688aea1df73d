/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/display/tempo-cards.h"

#include <glib/gi18n.h>

#include "model/tempo-organization.h"
#include "panel/common/tempo-code-view.h"

#define CARDS_ACROSS 2
#define CARDS_DOWN 2

typedef struct
{
  GtkWindow *parent;   /* (owned) */
  TempoRoomView *view; /* (owned) */
  GdkTexture *logo;    /* (owned) (nullable) */
} Sheet;

static void
free_sheet (gpointer data)
{
  g_autofree Sheet *sheet = data;

  g_clear_object (&sheet->parent);
  g_clear_object (&sheet->view);
  g_clear_object (&sheet->logo);
}

/* Draws @text centred in @width at @y and returns its height. It gets smaller
 * rather than broken when it is too long for a line. */
static double
draw_line (cairo_t *cr,
           const char *text,
           double size,
           gboolean bold,
           double width,
           double y)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();
  int text_width = 0;
  int text_height = 0;

  pango_font_description_set_family (font, "Sans");
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_text (layout, text, -1);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  for (int step = 0; step < 12; step++, size *= 0.9)
    {
      pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
      pango_layout_set_font_description (layout, font);
      pango_layout_get_size (layout, &text_width, &text_height);
      if (text_width <= width * PANGO_SCALE)
        break;
    }
  cairo_move_to (cr, (width - (double) text_width / PANGO_SCALE) / 2, y);
  pango_cairo_show_layout (cr, layout);
  return (double) text_height / PANGO_SCALE;
}

/* Draws @logo whole in the middle of @width at @y. */
static void
draw_logo (cairo_t *cr,
           GdkTexture *logo,
           double width,
           double height,
           double y)
{
  int columns = gdk_texture_get_width (logo);
  int rows = gdk_texture_get_height (logo);
  double scale = MIN (width / columns, height / rows);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, columns, rows);

  gdk_texture_download (logo, cairo_image_surface_get_data (surface), (gsize) cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);
  cairo_save (cr);
  cairo_translate (cr, (width - columns * scale) / 2, y + (height - rows * scale) / 2);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (surface);
}

static void
draw_card (cairo_t *cr,
           TempoRoomView *view,
           GdkTexture *logo,
           double width,
           double height)
{
  double margin = width * 0.09;
  double inner = width - 2 * margin;
  double sign = logo != NULL ? height * 0.08 : 0;
  double side = MIN (inner, height * 0.52 - sign);
  double y = margin;

  cairo_save (cr);
  cairo_translate (cr, margin, 0);
  if (logo != NULL)
    draw_logo (cr, logo, inner, sign, margin * 0.7);
  y += sign;
  cairo_set_source_rgb (cr, 0.09, 0.08, 0.12);
  y += draw_line (cr, view->organization->name, height * 0.062, TRUE, inner, y) + height * 0.012;
  y += draw_line (cr, _("What do you want to hear?"), height * 0.043, FALSE, inner, y) + height * 0.02;
  cairo_save (cr);
  cairo_translate (cr, (inner - side) / 2, y);
  tempo_code_view_draw (cr, view->join_url, side);
  cairo_restore (cr);
  y += side + height * 0.02;
  y += draw_line (cr, _("Join the Wi-Fi, scan, ask for your song."), height * 0.034, FALSE, inner, y) + height * 0.012;
  if (view->join_text != NULL)
    draw_line (cr, view->join_text, height * 0.038, TRUE, inner, y);
  cairo_restore (cr);
}

static void
draw_page_cb (GtkPrintOperation *operation,
              GtkPrintContext *context,
              int page,
              Sheet *sheet)
{
  tempo_cards_draw (gtk_print_context_get_cairo_context (context), sheet->view, sheet->logo,
                    gtk_print_context_get_width (context), gtk_print_context_get_height (context));
}

/* Draws a sheet: as many cards as fit are the same card, and a hairline
 * between them shows where to cut.
 */
void
tempo_cards_draw (cairo_t *cr,
                  TempoRoomView *view,
                  GdkTexture *logo,
                  double width,
                  double height)
{
  double card_width = width / CARDS_ACROSS;
  double card_height = height / CARDS_DOWN;

  for (int row = 0; row < CARDS_DOWN; row++)
    for (int column = 0; column < CARDS_ACROSS; column++)
      {
        cairo_save (cr);
        cairo_translate (cr, column * card_width, row * card_height);
        draw_card (cr, view, logo, card_width, card_height);
        cairo_restore (cr);
      }
  cairo_set_source_rgb (cr, 0.75, 0.75, 0.75);
  cairo_set_line_width (cr, 0.4);
  cairo_move_to (cr, card_width, 0);
  cairo_line_to (cr, card_width, height);
  cairo_move_to (cr, 0, card_height);
  cairo_line_to (cr, width, card_height);
  cairo_stroke (cr);
}

static void
print_sheet (Sheet *sheet)
{
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr (GtkPaperSize) paper = gtk_paper_size_new (GTK_PAPER_NAME_A4);

  gtk_page_setup_set_paper_size_and_default_margins (setup, paper);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_n_pages (operation, 1);
  gtk_print_operation_set_job_name (operation, _("Table cards"));
  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (draw_page_cb), sheet,
                         (GClosureNotify) (void (*) (void)) free_sheet, 0);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, sheet->parent, NULL);
}

static void
logo_loaded_cb (GObject *object,
                GAsyncResult *result,
                gpointer user_data)
{
  Sheet *sheet = user_data;

  sheet->logo = tempo_desk_load_cover_finish (TEMPO_DESK (object), result, NULL);
  print_sheet (sheet);
}

/* Asks where to print, once the sign of the house is there. The dialog belongs to the desktop and offers
 * a PDF file as well, so there is no second button for that.
 */
void
tempo_cards_print (GtkWindow *parent,
                   TempoDesk *desk)
{
  TempoRoomView *view = tempo_desk_get_view (desk);
  Sheet *sheet = g_new0 (Sheet, 1);

  sheet->parent = g_object_ref (parent);
  sheet->view = g_object_ref (view);
  if (view->organization->logo != NULL)
    tempo_desk_load_cover_async (desk, view->organization->logo, NULL, logo_loaded_cb, sheet);
  else
    print_sheet (sheet);
}
