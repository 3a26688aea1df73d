/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-display"

#include "config.h"

#include "display/tempo-stage.h"

#include "display/tempo-stage-layout.h"
#include "display/tempo-stage-paint.h"
#include "display/tempo-stage-words.h"
#include "model/tempo-event.h"
#include "model/tempo-now-playing.h"
#include "model/tempo-organization.h"
#include "model/tempo-request.h"
#include "model/tempo-room-info.h"
#include "model/tempo-room-view.h"

#include <glib/gi18n.h>

#define NIGHT_HEX "#12101a"
#define LOGO_WIDEST 3 /* times its height */
#define LAST_CALL_SHOWN_US (30 * 60 * G_USEC_PER_SEC)

struct _TempoStage
{
  GtkWidget parent_instance;

  TempoRoomView *view; /* (owned) (nullable) */
  GdkTexture *artwork; /* (owned) (nullable) */
  GdkTexture *logo;    /* (owned) (nullable) */
  char *greeting;      /* (owned) (nullable) */
  TempoQr *code;       /* (owned) (nullable) of the view's join_url */
  TempoQr *wifi;       /* (owned) (nullable) */
  GdkRGBA accent;      /* readable on night */
  GdkRGBA glow;
  gint64 now; /* wall us */
  gboolean swapped;
};

G_DEFINE_FINAL_TYPE (TempoStage, tempo_stage, GTK_TYPE_WIDGET)

static const char *say (TempoStage *self, const char *text, gboolean in_context) G_GNUC_FORMAT (2);

/* In the language the house chose for its displays. */
static const char *
say (TempoStage *self, const char *text, gboolean in_context)
{
  const char *language = self->view != NULL ? self->view->organization->language : NULL;

  return tempo_stage_words (language, in_context ? "display" : NULL, text);
}

static TempoStageMode
choose_mode (TempoStage *self)
{
  TempoRoomView *view = self->view;

  if (view == NULL)
    return TEMPO_STAGE_IDLE;
  if (view->event != NULL && view->room->switch_state == TEMPO_SWITCH_CLOSED)
    return TEMPO_STAGE_CLOSED;
  if (view->now_playing == NULL && view->queue->len == 0)
    return TEMPO_STAGE_IDLE;
  return TEMPO_STAGE_PLAYING;
}

/* Moves the left of @area behind what was drawn. */
static graphene_rect_t
draw_logo (TempoStage *self, GtkSnapshot *snapshot, const graphene_rect_t *area)
{
  graphene_rect_t rest = *area;
  float width;

  if (self->logo == NULL)
    return rest;
  width = MIN (area->size.height * gdk_texture_get_width (self->logo) / gdk_texture_get_height (self->logo),
               area->size.height * LOGO_WIDEST);
  tempo_paint_picture (snapshot, &GRAPHENE_RECT_INIT (area->origin.x, area->origin.y, width, area->size.height),
                       self->logo);
  rest.origin.x += width + area->size.height * 0.35f;
  rest.size.width -= width + area->size.height * 0.35f;
  return rest;
}

static void
draw_header (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (self->now / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *clock = local != NULL ? g_date_time_format (local, "%H:%M") : NULL;
  TempoBrush brush = { layout->row_size, PANGO_WEIGHT_SEMIBOLD, TEMPO_INK_ACCENT, PANGO_ALIGN_LEFT, 1 };
  graphene_rect_t name = draw_logo (self, snapshot, &layout->venue);

  if (self->view != NULL)
    tempo_paint_text (snapshot, GTK_WIDGET (self), &name, self->view->organization->name, &brush,
                      &self->accent);
  brush.ink = TEMPO_INK_QUIET;
  brush.align = PANGO_ALIGN_RIGHT;
  tempo_paint_text (snapshot, GTK_WIDGET (self), &layout->clock, clock, &brush, &self->accent);
}

/* Moves the top of @area down by what was drawn, and a little air. */
static void
go_below (graphene_rect_t *area, float height, float air)
{
  if (height <= 0)
    return;
  area->origin.y += height + air;
  area->size.height -= height + air;
}

static void
draw_song (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout)
{
  TempoNowPlaying *now = self->view->now_playing;
  TempoRequest *request = now->request;
  graphene_rect_t area = layout->words;
  TempoBrush title = { layout->title_size, PANGO_WEIGHT_BOLD, TEMPO_INK_TEXT, PANGO_ALIGN_LEFT, 2, TRUE };
  TempoBrush artist = { layout->artist_size, PANGO_WEIGHT_NORMAL, TEMPO_INK_QUIET, PANGO_ALIGN_LEFT, 1 };
  TempoBrush small = { layout->small_size * 1.15f, PANGO_WEIGHT_NORMAL, TEMPO_INK_ACCENT, PANGO_ALIGN_LEFT,
                       1 };
  g_autofree char *credit = tempo_song_dup_credit (now->song);

  go_below (&area,
            tempo_paint_text (snapshot, GTK_WIDGET (self), &area, now->song->title, &title, &self->accent),
            layout->small_size * 0.3f);
  go_below (&area,
            tempo_paint_text (snapshot, GTK_WIDGET (self), &area, credit, &artist, &self->accent),
            layout->small_size * 0.8f);

  if (request != NULL && *request->name != '\0')
    {
      /* Translators: %s is the name of the guest who asked for the song that plays */
      g_autofree char *asked = g_strdup_printf (say (self, NC_ ("display", "asked by %s"), TRUE), request->name);
      go_below (&area, tempo_paint_text (snapshot, GTK_WIDGET (self), &area, asked, &small, &self->accent),
                layout->small_size * 0.3f);
    }
  if (request != NULL && request->message_shown && request->message != NULL)
    {
      /* Translators: %s is a dedication in a guest's words; use your language's quotation marks */
      g_autofree char *message = g_strdup_printf (say (self, NC_ ("display", "“%s”"), TRUE), request->message);
      small.ink = TEMPO_INK_TEXT;
      small.lines = 2;
      tempo_paint_text (snapshot, GTK_WIDGET (self), &area, message, &small, &self->accent);
    }
}

static void
draw_progress (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout)
{
  TempoNowPlaying *now = self->view->now_playing;
  gint64 position = tempo_now_playing_position (now, self->now);
  graphene_rect_t bar = layout->bar;
  graphene_rect_t time = bar;
  TempoBrush brush = { layout->small_size, PANGO_WEIGHT_NORMAL, TEMPO_INK_QUIET, PANGO_ALIGN_RIGHT, 1 };
  g_autofree char *text = g_strdup_printf ("%d:%02d", (int) (position / 60000), (int) (position / 1000 % 60));

  time.origin.y -= layout->small_size * 0.6f;
  time.size.height = layout->small_size * 2;
  bar.size.width -= layout->small_size * 3;
  tempo_paint_bar (snapshot, &bar,
                   now->song->duration_ms > 0 ? (double) position / now->song->duration_ms : 0,
                   &self->accent);
  tempo_paint_text (snapshot, GTK_WIDGET (self), &time, text, &brush, &self->accent);
}

static void
draw_next (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout)
{
  graphene_rect_t area = layout->next;
  TempoBrush heading = { layout->small_size, PANGO_WEIGHT_BOLD, TEMPO_INK_ACCENT, PANGO_ALIGN_LEFT, 1 };
  TempoBrush song = { layout->row_size, PANGO_WEIGHT_SEMIBOLD, TEMPO_INK_TEXT, PANGO_ALIGN_LEFT, 1 };
  TempoBrush name = { layout->small_size, PANGO_WEIGHT_NORMAL, TEMPO_INK_QUIET, PANGO_ALIGN_LEFT, 1 };
  guint shown = MIN (self->view->queue->len, layout->rows);

  if (shown == 0)
    return;
  /* Translators: heading of the list of coming songs, in capitals where the language has them */
  go_below (
    &area,
    tempo_paint_text (snapshot, GTK_WIDGET (self), &area, say (self, NC_ ("display", "UP NEXT"), TRUE), &heading, &self->accent),
    layout->small_size * 0.7f);
  for (guint i = 0; i < shown; i++)
    {
      TempoRequest *request = g_ptr_array_index (self->view->queue, i);

      go_below (
        &area,
        tempo_paint_text (snapshot, GTK_WIDGET (self), &area, request->song->title, &song, &self->accent), 0);
      go_below (&area,
                tempo_paint_text (snapshot, GTK_WIDGET (self), &area,
                                  *request->name != '\0' ? request->name : request->song->artist, &name,
                                  &self->accent),
                layout->small_size * 0.55f);
    }
}

static void
draw_invitation (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout, const char *first,
                 const char *second)
{
  gboolean centred = layout->words.size.width > layout->words.size.height * 3 &&
                     layout->code.origin.y > layout->words.origin.y + 1;
  PangoAlignment align = centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT;
  TempoBrush big = { layout->title_size, PANGO_WEIGHT_BOLD, TEMPO_INK_TEXT, align, 3, TRUE };
  TempoBrush small = { layout->artist_size * 0.8f, PANGO_WEIGHT_NORMAL, TEMPO_INK_QUIET, align, 2 };
  graphene_rect_t area = layout->words;

  go_below (&area, tempo_paint_text (snapshot, GTK_WIDGET (self), &area, first, &big, &self->accent),
            layout->small_size * 0.5f);
  tempo_paint_text (snapshot, GTK_WIDGET (self), &area, second, &small, &self->accent);
}

static void
draw_words (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout, TempoStageMode mode)
{
  if (mode != TEMPO_STAGE_IDLE && self->view->now_playing != NULL)
    {
      tempo_paint_artwork (snapshot, &layout->artwork, self->artwork, &self->accent);
      draw_song (self, snapshot, layout);
      draw_progress (self, snapshot, layout);
    }
  else if (mode == TEMPO_STAGE_CLOSED)
    draw_invitation (self, snapshot, layout, say (self, N_ ("Thanks for the music."), FALSE),
                     say (self, N_ ("Requests are closed for tonight."), FALSE));
  else if (self->view != NULL && self->view->event == NULL)
    draw_invitation (self, snapshot, layout, self->view->organization->name,
                     say (self, N_ ("Requests open soon. Scan to be the first."), FALSE));
  else
    draw_invitation (self, snapshot, layout, say (self, N_ ("What do you want to hear?"), FALSE),
                     say (self, N_ ("Scan the code and ask for a song."), FALSE));
}

static void
draw_join (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout, TempoStageMode mode)
{
  gboolean centred =
    mode == TEMPO_STAGE_IDLE && layout->join.origin.y > layout->code.origin.y + layout->code.size.height - 1;
  TempoBrush brush = { layout->artist_size * 0.8f, PANGO_WEIGHT_SEMIBOLD, TEMPO_INK_TEXT,
                       centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT, 2 };
  TempoBrush address = { layout->row_size, PANGO_WEIGHT_NORMAL, TEMPO_INK_ACCENT, brush.align, 1 };
  graphene_rect_t area = layout->join;
  g_autofree char *text = NULL;

  if (self->view == NULL)
    return;
  if (mode == TEMPO_STAGE_CLOSED)
    {
      if (self->view->now_playing != NULL)
        tempo_paint_text (snapshot, GTK_WIDGET (self), &area,
                          say (self, N_ ("Requests are closed for tonight. Thanks for the music."), FALSE), &brush,
                          &self->accent);
      return;
    }

  if (self->wifi != NULL)
    /* Translators: two codes stand beside this, the left one joins the Wi-Fi %s, the right one opens the page
     */
    text = g_strdup_printf (say (self, NC_ ("display", "1  Join the Wi-Fi “%s”\n2  Scan and ask for a song"), TRUE),
                            self->view->room->wifi_ssid);
  else if (mode == TEMPO_STAGE_PLAYING) /* idle, the invitation says it already */
    text = g_strdup (say (self, NC_ ("display", "Scan and ask for a song"), TRUE));
  if (mode == TEMPO_STAGE_PLAYING)
    area.origin.y += MAX (0, area.size.height - layout->artist_size * (self->wifi != NULL ? 3.6f : 2.4f));
  brush.lines = self->wifi != NULL ? 4 : 2;
  go_below (&area, tempo_paint_text (snapshot, GTK_WIDGET (self), &area, text, &brush, &self->accent),
            layout->small_size * 0.4f);
  tempo_paint_text (snapshot, GTK_WIDGET (self), &area, self->view->join_text, &address, &self->accent);
  tempo_paint_code (snapshot, &layout->wifi, self->wifi);
  tempo_paint_code (snapshot, &layout->code, self->code);
}

/* What the ribbon says, by weight: a greeting, then the host's words, then the last call. */
static char *
choose_ribbon (TempoStage *self)
{
  TempoRoomView *view = self->view;
  gint64 left;

  if (self->greeting != NULL)
    return g_strdup (self->greeting);
  if (view == NULL)
    return NULL;
  if (view->room->announced != NULL)
    return g_strdup (view->room->announced);
  if (view->room->announcement != NULL && *view->room->announcement != '\0')
    return g_strdup (view->room->announcement);
  if (view->event == NULL || view->event->last_call_at == 0)
    return NULL;
  left = view->event->last_call_at - self->now;
  if (left <= 0 || left > LAST_CALL_SHOWN_US)
    return NULL;
  left = (left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  /* Translators: a countdown, minutes and seconds, until requests close */
  return g_strdup_printf (say (self, NC_ ("display", "Last call: requests close in %d:%02d"), TRUE), (int) (left / 60),
                          (int) (left % 60));
}

static void
draw_ribbon (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout)
{
  g_autofree char *text = choose_ribbon (self);
  TempoBrush brush = { layout->row_size * 0.95f, PANGO_WEIGHT_SEMIBOLD, TEMPO_INK_TEXT, PANGO_ALIGN_LEFT, 1 };
  graphene_rect_t area = layout->ribbon;

  if (text == NULL)
    return;
  tempo_paint_panel (snapshot, &area, &self->accent);
  area.origin.x += layout->row_size * 0.6f;
  area.size.width -= layout->row_size * 1.2f;
  area.origin.y += (area.size.height - brush.size * 1.3f) / 2;
  tempo_paint_text (snapshot, GTK_WIDGET (self), &area, text, &brush, &self->accent);
}

static void
tempo_stage_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TempoStage *self = TEMPO_STAGE (widget);
  TempoStageState state = { choose_mode (self), self->wifi != NULL, self->swapped };
  float width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  graphene_point_t centre = GRAPHENE_POINT_INIT (width / 2, height / 2);
  TempoStageLayout layout;

  tempo_stage_layout (width, height, &state, &layout);
  if (layout.artwork.size.width > 0)
    graphene_rect_get_center (&layout.artwork, &centre);
  tempo_paint_night (snapshot, width, height, &centre, self->artwork != NULL ? &self->glow : &self->accent);
  draw_header (self, snapshot, &layout);
  draw_words (self, snapshot, &layout, state.mode);
  if (state.mode != TEMPO_STAGE_IDLE)
    draw_next (self, snapshot, &layout);
  draw_join (self, snapshot, &layout, state.mode);
  draw_ribbon (self, snapshot, &layout);
}

static void
describe (TempoStage *self)
{
  TempoNowPlaying *now = self->view != NULL ? self->view->now_playing : NULL;
  g_autofree char *text = NULL;

  if (now != NULL)
    /* Translators: for screen readers; title, then artist */
    text = g_strdup_printf (say (self, NC_ ("display", "Now playing: %s, %s"), TRUE), now->song->title,
                            now->song->artist);
  else
    text = g_strdup (say (self, N_ ("What do you want to hear?"), FALSE));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
tempo_stage_dispose (GObject *object)
{
  TempoStage *self = TEMPO_STAGE (object);

  g_clear_object (&self->view);
  g_clear_object (&self->artwork);
  g_clear_object (&self->logo);
  g_clear_pointer (&self->greeting, g_free);
  g_clear_pointer (&self->code, tempo_qr_free);
  g_clear_pointer (&self->wifi, tempo_qr_free);
  G_OBJECT_CLASS (tempo_stage_parent_class)->dispose (object);
}

static void
tempo_stage_class_init (TempoStageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tempo_stage_dispose;
  GTK_WIDGET_CLASS (klass)->snapshot = tempo_stage_snapshot;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "stage");
}

static void
tempo_stage_init (TempoStage *self)
{
  gdk_rgba_parse (&self->accent, TEMPO_DEFAULT_ACCENT);
  self->glow = self->accent;
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/**
 * tempo_stage_new:
 *
 * Returns: (transfer floating): an empty stage; it draws the invitation
 * until tempo_stage_set_view()
 */
TempoStage *
tempo_stage_new (void)
{
  return g_object_new (TEMPO_TYPE_STAGE, NULL);
}

static void
take_codes (TempoStage *self)
{
  TempoRoomView *view = self->view;
  g_autofree char *wifi = NULL;

  g_clear_pointer (&self->code, tempo_qr_free);
  g_clear_pointer (&self->wifi, tempo_qr_free);
  if (view == NULL)
    return;
  self->code = tempo_qr_new (view->join_url);
  if (view->wifi_shown)
    wifi = tempo_wifi_code (view->room->wifi_ssid, view->room->wifi_password, view->room->wifi_hidden);
  if (wifi != NULL)
    self->wifi = tempo_qr_new (wifi);
}

static gboolean
codes_differ (TempoRoomView *a, TempoRoomView *b)
{
  return a == NULL || b == NULL || a->room != b->room || a->wifi_shown != b->wifi_shown ||
         g_strcmp0 (a->join_url, b->join_url) != 0;
}

/**
 * tempo_stage_set_view:
 * @view: (nullable): what to show from now on
 *
 * The codes are made again only when what they hold changed.
 */
void
tempo_stage_set_view (TempoStage *self, TempoRoomView *view)
{
  gboolean renew;

  g_return_if_fail (TEMPO_IS_STAGE (self));

  renew = codes_differ (self->view, view);
  g_set_object (&self->view, view);
  if (renew)
    take_codes (self);
  if (view != NULL)
    {
      g_autofree char *readable = tempo_colour_readable (
        view->organization->accent != NULL ? view->organization->accent : TEMPO_DEFAULT_ACCENT, NIGHT_HEX);
      gdk_rgba_parse (&self->accent, readable);
    }
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tempo_stage_set_now:
 * @now: wall microseconds
 *
 * Draws again; call it once a second while somebody looks.
 */
void
tempo_stage_set_now (TempoStage *self, gint64 now)
{
  g_return_if_fail (TEMPO_IS_STAGE (self));

  self->now = now;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tempo_stage_set_artwork:
 * @artwork: (nullable): the cover of what plays
 *
 * Without one a quiet record is drawn and the accent glows.
 */
void
tempo_stage_set_artwork (TempoStage *self, GdkTexture *artwork)
{
  g_return_if_fail (TEMPO_IS_STAGE (self));

  if (g_set_object (&self->artwork, artwork) && artwork != NULL)
    tempo_paint_main_colour (artwork, &self->glow);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tempo_stage_set_logo:
 * @logo: (nullable): the sign of the house
 *
 * Shows it beside the name.
 */
void
tempo_stage_set_logo (TempoStage *self, GdkTexture *logo)
{
  g_return_if_fail (TEMPO_IS_STAGE (self));

  if (g_set_object (&self->logo, logo))
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tempo_stage_set_greeting:
 * @greeting: (nullable): plain text
 *
 * Stands until it is taken away; the window decides for how long.
 */
void
tempo_stage_set_greeting (TempoStage *self, const char *greeting)
{
  g_return_if_fail (TEMPO_IS_STAGE (self));

  g_free (self->greeting);
  self->greeting = g_strdup (greeting);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tempo_stage_set_swapped:
 * @swapped: whether the halves stand on each other's side
 *
 * A projector that shows one code for six hours keeps it for ever; so the
 * blocks change sides now and then.
 */
void
tempo_stage_set_swapped (TempoStage *self, gboolean swapped)
{
  g_return_if_fail (TEMPO_IS_STAGE (self));

  self->swapped = swapped;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
