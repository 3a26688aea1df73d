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
#define LINE 1.3f     /* of a font's size */
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

/* Draws @text at the top of @area. Returns the height it took. */
static float
put (TempoStage *self, GtkSnapshot *snapshot, const graphene_rect_t *area, const char *text, const TempoBrush *brush)
{
  return tempo_paint_text (snapshot, GTK_WIDGET (self), area, text, brush, &self->accent);
}

/* Moves the left of @area behind what was drawn, and a little air. */
static void
go_beside (graphene_rect_t *area, float width, float air)
{
  area->origin.x += width + air;
  area->size.width -= width + air;
}

/* The sign of the house; Tempo's own where there is none and Tempo may be seen. */
static void
draw_logo (TempoStage *self, GtkSnapshot *snapshot, graphene_rect_t *area)
{
  float height = area->size.height;
  float width = height;
  graphene_rect_t place;

  if (self->logo == NULL && (self->view == NULL || self->view->organization->white_label))
    return;
  if (self->logo != NULL)
    width = MIN (height * gdk_texture_get_width (self->logo) / gdk_texture_get_height (self->logo), height * LOGO_WIDEST);
  place = GRAPHENE_RECT_INIT (area->origin.x, area->origin.y, width, height);
  if (self->logo != NULL)
    tempo_paint_picture (snapshot, &place, self->logo);
  else
    tempo_paint_metronome (snapshot, &place, &self->accent);
  go_beside (area, width, height * 0.3f);
}

static void
draw_header (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (self->now / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *clock = local != NULL ? g_date_time_format (local, "%H:%M") : NULL;
  TempoBrush name = { layout->row_size, PANGO_WEIGHT_SEMIBOLD, TEMPO_INK_TEXT, PANGO_ALIGN_LEFT, 1 };
  TempoBrush quiet = { layout->row_size, PANGO_WEIGHT_NORMAL, TEMPO_INK_QUIET, PANGO_ALIGN_LEFT, 1 };
  graphene_rect_t area = layout->venue;

  draw_logo (self, snapshot, &area);
  if (self->view != NULL)
    {
      put (self, snapshot, &area, self->view->organization->name, &name);
      go_beside (&area, tempo_paint_measure_text (GTK_WIDGET (self), self->view->organization->name, &name), layout->row_size * 0.5f);
    }
  if (self->view != NULL && self->view->event != NULL)
    put (self, snapshot, &area, self->view->event->name, &quiet);
  quiet.align = PANGO_ALIGN_RIGHT;
  put (self, snapshot, &layout->clock, clock, &quiet);
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

/* Title, artist, who asked, and what they said, from the top of @area. Returns the height of it all. */
static float
draw_song (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout, graphene_rect_t area)
{
  TempoNowPlaying *now = self->view->now_playing;
  TempoRequest *request = now->request;
  float top = area.origin.y;
  TempoBrush title = { layout->title_size, PANGO_WEIGHT_BOLD, TEMPO_INK_TEXT, PANGO_ALIGN_LEFT, 2, TRUE };
  TempoBrush artist = { layout->artist_size, PANGO_WEIGHT_MEDIUM, TEMPO_INK_SOFT, PANGO_ALIGN_LEFT, 1, TRUE };
  TempoBrush small = { layout->small_size * 1.2f, PANGO_WEIGHT_MEDIUM, TEMPO_INK_ACCENT, PANGO_ALIGN_LEFT, 1 };
  g_autofree char *credit = tempo_song_dup_credit (now->song);

  go_below (&area, put (self, snapshot, &area, now->song->title, &title), layout->small_size * 0.2f);
  go_below (&area, put (self, snapshot, &area, credit, &artist), layout->small_size * 0.7f);
  if (request != NULL && *request->name != '\0')
    {
      /* Translators: %s is the name of the guest who asked for the song that plays */
      g_autofree char *asked = g_strdup_printf (say (self, NC_ ("display", "asked by %s"), TRUE), request->name);

      go_below (&area, put (self, snapshot, &area, asked, &small), layout->small_size * 0.2f);
    }
  if (request != NULL && request->message_shown && request->message != NULL && area.size.height >= small.size * LINE)
    {
      /* Translators: %s is a dedication in a guest's words; use your language's quotation marks */
      g_autofree char *message = g_strdup_printf (say (self, NC_ ("display", "“%s”"), TRUE), request->message);

      small.weight = PANGO_WEIGHT_NORMAL;
      small.ink = TEMPO_INK_SOFT;
      small.lines = area.size.height >= 2 * small.size * LINE ? 2 : 1;
      go_below (&area, put (self, snapshot, &area, message, &small), 0);
    }
  return area.origin.y - top;
}

/* Beside the picture the words stand in its middle, below it at the top of theirs. */
static void
draw_words_of_song (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout)
{
  const graphene_rect_t *area = &layout->words;
  gboolean beside = area->origin.y < layout->artwork.origin.y + layout->artwork.size.height;
  GtkSnapshot *words = gtk_snapshot_new ();
  float height = draw_song (self, words, layout, *area);
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (words);

  if (node == NULL)
    return;
  gtk_snapshot_save (snapshot);
  if (beside)
    gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, MAX (0, (area->size.height - height) / 2)));
  gtk_snapshot_append_node (snapshot, node);
  gtk_snapshot_restore (snapshot);
}

/* How long it still plays; how long it has, where nobody knows its length. */
static void
draw_progress (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout)
{
  TempoNowPlaying *now = self->view->now_playing;
  gint64 position = tempo_now_playing_position (now, self->now);
  gint64 total = now->song->duration_ms;
  gint64 seconds = (total > 0 ? MAX (0, total - position) : position) / 1000;
  graphene_rect_t bar = layout->bar;
  graphene_rect_t time = bar;
  TempoBrush brush = { layout->small_size, PANGO_WEIGHT_MEDIUM, TEMPO_INK_QUIET, PANGO_ALIGN_RIGHT, 1 };
  g_autofree char *text = now->playing ? g_strdup_printf ("%d:%02d", (int) (seconds / 60), (int) (seconds % 60))
                                       : g_strdup (say (self, N_ ("Paused"), FALSE));
  float width = MAX (layout->small_size * 3, tempo_paint_measure_text (GTK_WIDGET (self), text, &brush) + layout->small_size);

  time.origin.y += bar.size.height / 2 - layout->small_size * LINE / 2;
  time.size.height = layout->small_size * 2;
  bar.size.width -= width;
  tempo_paint_bar (snapshot, &bar, total > 0 ? (double) position / total : 0, &self->accent);
  put (self, snapshot, &time, text, &brush);
}

static void
draw_next (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout)
{
  graphene_rect_t area = layout->next;
  TempoBrush heading = { layout->small_size, PANGO_WEIGHT_SEMIBOLD, TEMPO_INK_QUIET, PANGO_ALIGN_LEFT, 1 };
  TempoBrush song = { layout->row_size, PANGO_WEIGHT_SEMIBOLD, TEMPO_INK_TEXT, PANGO_ALIGN_LEFT, 1 };
  TempoBrush name = { layout->small_size * 0.93f, PANGO_WEIGHT_NORMAL, TEMPO_INK_QUIET, PANGO_ALIGN_LEFT, 1 };
  guint shown = MIN (self->view->queue->len, layout->rows);

  if (shown == 0)
    return;
  go_below (&area, put (self, snapshot, &area, say (self, N_ ("Up next"), FALSE), &heading), layout->small_size * 0.5f);
  for (guint i = 0; i < shown; i++)
    {
      TempoRequest *request = g_ptr_array_index (self->view->queue, i);
      g_autofree char *who = *request->name == '\0' || request->song->artist == NULL || *request->song->artist == '\0'
                               ? g_strdup (*request->name != '\0' ? request->name : request->song->artist)
                               : g_strdup_printf ("%s · %s", request->song->artist, request->name);

      tempo_paint_hairline (snapshot, &area);
      area.origin.y += layout->small_size * 0.3f;
      area.size.height -= layout->small_size * 0.3f;
      go_below (&area, put (self, snapshot, &area, request->song->title, &song), 0);
      go_below (&area, put (self, snapshot, &area, who, &name), layout->small_size * 0.3f);
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
  TempoBrush small = { layout->artist_size * 0.9f, PANGO_WEIGHT_NORMAL, TEMPO_INK_SOFT, align, 2 };
  graphene_rect_t area = layout->words;

  go_below (&area, put (self, snapshot, &area, first, &big), layout->small_size * 0.5f);
  put (self, snapshot, &area, second, &small);
}

static void
draw_words (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout, TempoStageMode mode)
{
  if (mode != TEMPO_STAGE_IDLE && self->view->now_playing != NULL)
    {
      tempo_paint_artwork (snapshot, &layout->artwork, self->artwork, &self->accent);
      draw_words_of_song (self, snapshot, layout);
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

/* One line of the instructions, with the number of the code it speaks of, 0 for none. Returns its height. */
static float
draw_step (TempoStage *self, GtkSnapshot *snapshot, const graphene_rect_t *area, const char *text, guint number, const TempoBrush *brush)
{
  graphene_rect_t place = *area;
  float disk = brush->size * 1.1f;
  float air = number > 0 ? disk * 0.5f : 0;
  TempoBrush left = *brush;

  if (brush->align == PANGO_ALIGN_CENTER)
    place.origin.x += MAX (0, (area->size.width - tempo_paint_measure_text (GTK_WIDGET (self), text, brush) - (number > 0 ? disk + air : 0)) / 2);
  place.size.width -= place.origin.x - area->origin.x;
  if (number > 0)
    {
      graphene_rect_t at = GRAPHENE_RECT_INIT (place.origin.x, place.origin.y, disk, brush->size * LINE);

      tempo_paint_number (snapshot, GTK_WIDGET (self), &at, number, FALSE, &self->accent);
      go_beside (&place, disk, air);
    }
  left.align = PANGO_ALIGN_LEFT;
  return put (self, snapshot, &place, text, &left);
}

/* The code with its number at its corner, where there are two. */
static void
draw_code (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout, const graphene_rect_t *area, TempoQr *code, guint number)
{
  float disk = layout->small_size * 1.6f;
  graphene_rect_t at = GRAPHENE_RECT_INIT (area->origin.x - disk / 2, area->origin.y - disk / 2, disk, disk);

  tempo_paint_code (snapshot, area, code);
  if (number > 0)
    tempo_paint_number (snapshot, GTK_WIDGET (self), &at, number, TRUE, &self->accent);
}

static void
draw_thanks (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout)
{
  TempoBrush big = { layout->title_size * 0.75f, PANGO_WEIGHT_BOLD, TEMPO_INK_TEXT, PANGO_ALIGN_LEFT, 1, TRUE };
  TempoBrush small = { layout->artist_size * 0.8f, PANGO_WEIGHT_NORMAL, TEMPO_INK_SOFT, PANGO_ALIGN_LEFT, 1 };
  graphene_rect_t area = layout->join;

  go_below (&area, put (self, snapshot, &area, say (self, N_ ("Thanks for the music."), FALSE), &big), layout->small_size * 0.2f);
  put (self, snapshot, &area, say (self, N_ ("Requests are closed for tonight."), FALSE), &small);
}

/* The height of the lines of draw_join(), to stand them on the foot of their place. */
static float
measure_join (const TempoStageLayout *layout, guint lines)
{
  return (layout->artist_size * 0.85f * LINE + layout->small_size * 0.3f) * (float) lines + layout->row_size * LINE;
}

static void
draw_join (TempoStage *self, GtkSnapshot *snapshot, const TempoStageLayout *layout, TempoStageMode mode)
{
  gboolean centred =
    mode == TEMPO_STAGE_IDLE && layout->join.origin.y > layout->code.origin.y + layout->code.size.height - 1;
  TempoBrush brush = { layout->artist_size * 0.85f, PANGO_WEIGHT_MEDIUM, TEMPO_INK_TEXT,
                       centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT, 1 };
  TempoBrush address = { layout->row_size * 0.85f, PANGO_WEIGHT_NORMAL, TEMPO_INK_QUIET, brush.align, 1 };
  graphene_rect_t area = layout->join;
  gboolean wifi = self->wifi != NULL;

  if (self->view == NULL)
    return;
  if (mode == TEMPO_STAGE_CLOSED)
    {
      if (self->view->now_playing != NULL)
        draw_thanks (self, snapshot, layout);
      return;
    }

  if (mode == TEMPO_STAGE_PLAYING)
    area.origin.y += MAX (0, area.size.height - measure_join (layout, wifi ? 2 : 1));
  if (wifi)
    {
      /* Translators: %s is the name of the Wi-Fi; the code beside this joins it */
      g_autofree char *join = g_strdup_printf (say (self, NC_ ("display", "Join the Wi-Fi “%s”"), TRUE), self->view->room->wifi_ssid);

      go_below (&area, draw_step (self, snapshot, &area, join, 1, &brush), layout->small_size * 0.3f);
    }
  if (wifi || mode == TEMPO_STAGE_PLAYING) /* idle, the invitation says it already */
    {
      const char *scan = self->view->room->switch_state == TEMPO_SWITCH_RESTRICTED ? N_ ("Scan and vote") : N_ ("Scan and ask for a song");

      go_below (&area, draw_step (self, snapshot, &area, say (self, scan, FALSE), wifi ? 2 : 0, &brush), layout->small_size * 0.3f);
    }
  put (self, snapshot, &area, self->view->join_text, &address);
  draw_code (self, snapshot, layout, &layout->wifi, self->wifi, wifi ? 1 : 0);
  draw_code (self, snapshot, layout, &layout->code, self->code, wifi ? 2 : 0);
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
  TempoBrush brush = { layout->row_size * 0.95f, PANGO_WEIGHT_MEDIUM, TEMPO_INK_TEXT, PANGO_ALIGN_LEFT, 1 };
  graphene_rect_t area = layout->ribbon;

  if (text == NULL)
    return;
  tempo_paint_panel (snapshot, &area, &self->accent);
  area.origin.x += layout->row_size * 0.6f;
  area.size.width -= layout->row_size * 1.2f;
  area.origin.y += (area.size.height - brush.size * 1.3f) / 2;
  put (self, snapshot, &area, text, &brush);
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
