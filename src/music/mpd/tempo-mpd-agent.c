/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/mpd/tempo-mpd-agent-private.h"

#include <glib-unix.h>

#include "model/tempo-song.h"

/* The two links and the clockwork: one link waits for news of the daemon, the other asks. Every
 * loss is answered by closing both and opening them again, after a random time that grows. */

#define STOP_WAIT G_USEC_PER_SEC
#define RETRY_MIN_MS 1000
#define RETRY_MAX_MS 30000
#define NEXT_MS 15000   /* before the end, the next song is asked for */
#define STEADY_MS 20000 /* between looks when nothing happens: the daemon hangs up after a minute of silence */
#define START_STEP_MS 250
#define START_MAX_US (10 * G_USEC_PER_SEC)
#define SAMPLE 40
#define WATCHED (MPD_IDLE_QUEUE | MPD_IDLE_PLAYER | MPD_IDLE_MIXER | MPD_IDLE_OPTIONS | MPD_IDLE_DATABASE | \
                 MPD_IDLE_OUTPUT | MPD_IDLE_STORED_PLAYLIST)

static void open_links (TempoMpdAgent *self);
static void arm (TempoMpdAgent *self);

/* Orders */

TempoMpdOrder *
tempo_mpd_order_new (TempoMpdOrderKind kind)
{
  TempoMpdOrder *order = g_new0 (TempoMpdOrder, 1);

  order->kind = kind;
  return order;
}

void
tempo_mpd_order_free (TempoMpdOrder *order)
{
  if (order == NULL)
    return;
  g_clear_object (&order->song);
  g_clear_pointer (&order->text, g_free);
  g_clear_object (&order->task);
  g_clear_pointer (&order->songs, g_ptr_array_unref);
  g_clear_pointer (&order->picture, g_bytes_unref);
  g_clear_error (&order->error);
  g_free (order);
}

/* News */

typedef struct
{
  TempoMpdChannel *channel; /* (owned) */
  TempoMpdNews news;
} Letter;

static void
clear_channel (gpointer data)
{
  TempoMpdChannel *channel = data;

  g_main_context_unref (channel->engine);
}

static void
free_letter (gpointer data)
{
  Letter *letter = data;

  tempo_mpd_order_free (letter->news.order);
  g_clear_pointer (&letter->news.text, g_free);
  g_clear_object (&letter->news.song);
  g_clear_pointer (&letter->news.songs, g_ptr_array_unref);
  g_clear_error (&letter->news.error);
  g_atomic_rc_box_release_full (letter->channel, clear_channel);
  g_free (letter);
}

static void
deliver_func (gpointer data)
{
  Letter *letter = data;

  if (!letter->channel->closed)
    letter->channel->func (&letter->news, letter->channel->user_data);
}

void
tempo_mpd_agent_tell (TempoMpdAgent *self, TempoMpdNews news)
{
  Letter *letter = g_new (Letter, 1);

  letter->channel = g_atomic_rc_box_acquire (self->channel);
  letter->news = news;
  letter->news.generation = self->generation;
  letter->news.calls = self->calls;
  letter->news.failures = self->failures;
  tempo_post (self->channel->engine, deliver_func, letter, free_letter);
}

void
tempo_mpd_agent_tell_kind (TempoMpdAgent *self, TempoMpdNewsKind kind)
{
  tempo_mpd_agent_tell (self, (TempoMpdNews) { .kind = kind });
}

void
tempo_mpd_agent_tell_health (TempoMpdAgent *self, TempoSourceHealth health, const char *code, const char *text)
{
  self->health = health;
  tempo_mpd_agent_tell (self, (TempoMpdNews) { .kind = TEMPO_MPD_TOLD_HEALTH, .health = health, .code = code,
                                               .text = g_strdup (text) });
}

void
tempo_mpd_agent_tell_playing (TempoMpdAgent *self, TempoSong *song)
{
  tempo_mpd_agent_tell (self, (TempoMpdNews) { .kind = TEMPO_MPD_TOLD_PLAYING, .look = self->look,
                                               .song = song,
                                               .ours = self->look.song != 0
                                                       && (self->look.song == self->current.id || self->look.song == self->next.id) });
}

/* Links */

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
keep_link (TempoMpdAgent *self, TempoMpdLink **place, TempoMpdLink *link)
{
  g_mutex_lock (&self->lock);
  *place = link;
  /* close() aborts what is here by then, and what comes later must not stay. */
  if (g_cancellable_is_cancelled (self->cancellable))
    tempo_mpd_link_abort (link);
  g_mutex_unlock (&self->lock);
}

static void
close_links (TempoMpdAgent *self)
{
  g_autoptr (TempoMpdLink) command = NULL;
  g_autoptr (TempoMpdLink) idle = NULL;

  clear_source (&self->watch);
  clear_source (&self->timer);
  g_mutex_lock (&self->lock);
  command = g_steal_pointer (&self->command);
  idle = g_steal_pointer (&self->idle);
  g_mutex_unlock (&self->lock);
}

static void
set_timer (TempoMpdAgent *self, guint ms, GSourceFunc func)
{
  clear_source (&self->timer);
  self->timer = g_timeout_source_new (ms);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, tempo_worker_get_context (self->worker));
}

static gboolean
retry_cb (gpointer data)
{
  TempoMpdAgent *self = data;

  clear_source (&self->timer);
  open_links (self);
  return G_SOURCE_REMOVE;
}

/* Full jitter: a house full of hosts does not knock in step after a power cut. */
static void
plan_retry (TempoMpdAgent *self)
{
  guint least = self->options.retry_ms ? self->options.retry_ms : RETRY_MIN_MS;
  guint most = MIN (MAX (RETRY_MAX_MS, least), least << MIN (self->attempts, 10));

  self->attempts++;
  set_timer (self, g_random_int_range (least, most + 1), retry_cb);
}

void
tempo_mpd_agent_fault (TempoMpdAgent *self, GError *error)
{
  g_autoptr (GError) trouble = error;
  gboolean was_open = self->command != NULL;

  self->failures++;
  if (!tempo_mpd_error_is_fatal (trouble))
    return;
  close_links (self);
  /* One that is lost again before all is settled was lost at the first time. */
  if (was_open && !self->lost)
    {
      self->lost = TRUE;
      self->before = self->look;
      self->lost_at = g_get_monotonic_time ();
    }
  if (trouble->code == TEMPO_MPD_ERROR_PASSWORD)
    tempo_mpd_agent_tell_health (self, TEMPO_SOURCE_NEEDS_SIGN_IN, "bad_password", trouble->message);
  else if (was_open)
    tempo_mpd_agent_tell_health (self, TEMPO_SOURCE_CONNECTING, "connecting", trouble->message);
  else
    tempo_mpd_agent_tell_health (self, TEMPO_SOURCE_GONE, "unreachable", trouble->message);
  plan_retry (self);
}

static void
tell_ready (TempoMpdAgent *self)
{
  if (self->has_output)
    tempo_mpd_agent_tell_health (self, TEMPO_SOURCE_READY, "ready", "");
  else
    tempo_mpd_agent_tell_health (self, TEMPO_SOURCE_NO_DEVICE, "no_output",
                                 "all outputs of the player are off or fail");
}

static void
check_outputs (TempoMpdAgent *self)
{
  gboolean before = self->has_output;
  GError *error = NULL;

  self->calls++;
  if (!tempo_mpd_link_has_output (self->command, &self->has_output, &error))
    tempo_mpd_agent_fault (self, error);
  else if (before != self->has_output)
    tell_ready (self);
}

static void
read_catalogue (TempoMpdAgent *self)
{
  GError *error = NULL;
  GPtrArray *songs = tempo_mpd_agent_sample (self, SAMPLE, &error);

  if (songs == NULL)
    tempo_mpd_agent_fault (self, error);
  else
    tempo_mpd_agent_tell (self, (TempoMpdNews) { .kind = TEMPO_MPD_TOLD_CATALOGUE, .songs = songs });
}

/* Watching */

static gboolean
wait_for_news (TempoMpdAgent *self, GError **error)
{
  mpd_send_idle_mask (tempo_mpd_link_get (self->idle), WATCHED);
  return tempo_mpd_link_check (self->idle, error);
}

static void
handle_changes (TempoMpdAgent *self, enum mpd_idle changes)
{
  if (changes & MPD_IDLE_OUTPUT)
    check_outputs (self);
  if (self->command != NULL && changes & (MPD_IDLE_QUEUE | MPD_IDLE_PLAYER | MPD_IDLE_MIXER | MPD_IDLE_OPTIONS))
    tempo_mpd_agent_look (self, (changes & (MPD_IDLE_QUEUE | MPD_IDLE_PLAYER)) != 0);
  if (self->command != NULL && changes & (MPD_IDLE_DATABASE | MPD_IDLE_STORED_PLAYLIST))
    read_catalogue (self);
}

static gboolean
idle_cb (int fd, GIOCondition condition, gpointer data)
{
  TempoMpdAgent *self = data;
  GError *error = NULL;
  enum mpd_idle changes = mpd_recv_idle (tempo_mpd_link_get (self->idle), false);

  /* Asked again before anything is done about it: what happens meanwhile is told next. */
  if ((changes == 0 && !tempo_mpd_link_check (self->idle, &error)) || !wait_for_news (self, &error))
    {
      if (!tempo_mpd_error_is_fatal (error))
        error->code = TEMPO_MPD_ERROR_GARBLED;
      tempo_mpd_agent_fault (self, error);
      return G_SOURCE_REMOVE;
    }
  handle_changes (self, changes);
  return G_SOURCE_CONTINUE;
}

static void
watch_idle (TempoMpdAgent *self)
{
  self->watch = g_unix_fd_source_new (mpd_connection_get_fd (tempo_mpd_link_get (self->idle)),
                                      G_IO_IN | G_IO_HUP | G_IO_ERR);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (idle_cb), self, NULL);
  g_source_attach (self->watch, tempo_worker_get_context (self->worker));
}

static gboolean
open_both (TempoMpdAgent *self, GError **error)
{
  TempoMpdLink *command = tempo_mpd_link_open (&self->options, self->cancellable, error);
  TempoMpdLink *idle = command ? tempo_mpd_link_open (&self->options, self->cancellable, error) : NULL;

  self->calls++;
  if (idle == NULL)
    {
      tempo_mpd_link_free (command);
      return FALSE;
    }
  keep_link (self, &self->command, command);
  keep_link (self, &self->idle, idle);
  return wait_for_news (self, error) && tempo_mpd_link_has_output (command, &self->has_output, error);
}

static void
open_links (TempoMpdAgent *self)
{
  GError *error = NULL;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (!open_both (self, &error) || !tempo_mpd_link_look (self->command, &self->look, &error))
    {
      close_links (self);
      /* It speaks, but says nothing without a password. */
      if (!tempo_mpd_error_is_fatal (error))
        error->code = error->code == TEMPO_MPD_ERROR_PERMISSION ? TEMPO_MPD_ERROR_PASSWORD : TEMPO_MPD_ERROR_GARBLED;
      tempo_mpd_agent_fault (self, error);
      return;
    }
  watch_idle (self);
  tell_ready (self);
  if (self->lost && !tempo_mpd_agent_reconcile (self, &self->before))
    return;
  self->lost = FALSE;
  self->attempts = 0;
  tempo_mpd_agent_look (self, TRUE);
  if (self->command != NULL)
    read_catalogue (self);
}

/* Looking */

static gboolean
want_next_due (TempoMpdAgent *self, gint64 *remaining)
{
  *remaining = self->look.duration_ms - tempo_mpd_look_position (&self->look, g_get_monotonic_time ());
  return *remaining <= NEXT_MS;
}

static gboolean
timer_cb (gpointer data)
{
  TempoMpdAgent *self = data;

  clear_source (&self->timer);
  if (self->current.id != 0 && !self->begun && g_get_monotonic_time () - self->asked_at > START_MAX_US
      && self->look.state == TEMPO_MPD_PLAYING)
    tempo_mpd_agent_fail (self, TEMPO_SOURCE_ERROR_UNPLAYABLE, "the song does not begin");
  if (self->command != NULL && !self->has_output)
    check_outputs (self);
  if (self->command != NULL)
    tempo_mpd_agent_look (self, FALSE);
  return G_SOURCE_REMOVE;
}

/* When to look again if nothing is told until then. */
static void
arm (TempoMpdAgent *self)
{
  gint64 due = STEADY_MS;
  gint64 remaining;

  if (self->current.id != 0 && !self->begun)
    due = START_STEP_MS;
  else if (self->current.id != 0 && self->look.state == TEMPO_MPD_PLAYING && self->look.duration_ms > 0)
    {
      gboolean late = want_next_due (self, &remaining);

      if (late && !self->wanted)
        {
          self->wanted = TRUE;
          tempo_mpd_agent_tell_kind (self, TEMPO_MPD_TOLD_WANTS_NEXT);
        }
      due = late ? remaining + START_STEP_MS : remaining - NEXT_MS;
    }
  set_timer (self, (guint) CLAMP (due, START_STEP_MS, STEADY_MS), timer_cb);
}

/* Looks and tells, and does nothing about it. */
gboolean
tempo_mpd_agent_refresh (TempoMpdAgent *self)
{
  TempoSong *song = NULL;
  GError *error = NULL;

  self->calls++;
  if (tempo_mpd_link_look (self->command, &self->look, &error) && self->look.song != 0)
    song = tempo_mpd_link_queued (self->command, 0, &error);
  if (error != NULL)
    {
      g_clear_object (&song);
      tempo_mpd_agent_fault (self, error);
      return FALSE;
    }
  tempo_mpd_agent_tell_playing (self, song);
  return TRUE;
}

void
tempo_mpd_agent_look (TempoMpdAgent *self, gboolean fresh)
{
  TempoMpdLook before = self->look;

  if (!tempo_mpd_agent_refresh (self))
    return;
  /* What is told of the hand comes after what sounds, so that whoever hears of it sees it. */
  tempo_mpd_agent_act (self, tempo_mpd_judge (&before, &self->look, self->current.id, self->next.id, self->begun));
  if (self->command != NULL && fresh)
    tempo_mpd_agent_keep_next (self);
  if (self->command != NULL)
    arm (self);
}

/* Orders, on the worker */

typedef struct
{
  TempoMpdAgent *agent;
  TempoMpdOrder *order; /* (owned) (nullable) */
} Errand;

static void
free_errand (gpointer data)
{
  Errand *errand = data;

  tempo_mpd_order_free (errand->order);
  g_free (errand);
}

static gboolean
obey (TempoMpdAgent *self, TempoMpdOrder *order, GError **error)
{
  struct mpd_connection *connection = tempo_mpd_link_get (self->command);

  self->calls++;
  switch (order->kind)
    {
    case TEMPO_MPD_PLAY: tempo_mpd_agent_play (self, order); return TRUE;
    case TEMPO_MPD_HAND_OVER: return tempo_mpd_agent_hand_over (self, order->song, error);
    case TEMPO_MPD_TAKE_BACK: tempo_mpd_agent_take_back (self); return TRUE;
    case TEMPO_MPD_STOP: tempo_mpd_agent_stop (self); return TRUE;
    case TEMPO_MPD_PAUSE: mpd_run_pause (connection, true); break;
    case TEMPO_MPD_RESUME: mpd_run_pause (connection, false); break;
    case TEMPO_MPD_VOLUME: mpd_run_set_volume (connection, (unsigned) order->value); break;
    case TEMPO_MPD_SEEK: return tempo_mpd_agent_seek (self, order, error);
    default: tempo_mpd_agent_answer (self, order, error); return TRUE;
    }
  return tempo_mpd_link_check (self->command, error);
}

/* What the source may be told of ours. */
static GError *
translate (const GError *error)
{
  TempoSourceError code = TEMPO_SOURCE_ERROR_GONE;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || error->domain == TEMPO_SOURCE_ERROR)
    return g_error_copy (error);
  if (error->code == TEMPO_MPD_ERROR_NOT_THERE)
    code = TEMPO_SOURCE_ERROR_NOT_FOUND;
  else if (error->code == TEMPO_MPD_ERROR_REFUSED || error->code == TEMPO_MPD_ERROR_PERMISSION)
    code = TEMPO_SOURCE_ERROR_NOT_ABLE;
  return g_error_new_literal (TEMPO_SOURCE_ERROR, code, error->message);
}

static void
order_func (gpointer data)
{
  Errand *errand = data;
  TempoMpdAgent *self = errand->agent;
  TempoMpdOrder *order = errand->order;
  gboolean wants_answer = order->task != NULL || order->kind == TEMPO_MPD_FILLER;
  GError *error = NULL;

  if (order->kind == TEMPO_MPD_PLAY || order->kind == TEMPO_MPD_STOP)
    self->generation = order->generation;
  if (order->task != NULL && g_cancellable_set_error_if_cancelled (g_task_get_cancellable (order->task), &error))
    {
      order->error = error;
    }
  else if (self->command == NULL)
    {
      order->error = g_error_new_literal (TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_GONE, "the player is away");
      if (order->kind == TEMPO_MPD_PLAY)
        tempo_mpd_agent_fail (self, TEMPO_SOURCE_ERROR_GONE, "the player is away");
      if (order->kind == TEMPO_MPD_STOP)
        tempo_mpd_agent_forget (self);
      if (order->kind == TEMPO_MPD_TAKE_BACK && self->next.song != NULL)
        self->taken_back = TRUE;
    }
  else
    {
      obey (self, order, &error);
      if (error != NULL)
        {
          order->error = translate (error);
          tempo_mpd_agent_fault (self, error);
        }
    }
  if (wants_answer)
    tempo_mpd_agent_tell (self, (TempoMpdNews) { .kind = TEMPO_MPD_TOLD_ANSWER,
                                                .order = g_steal_pointer (&errand->order) });
}

static void
open_func (gpointer data)
{
  open_links (data);
}

static void
close_func (gpointer data)
{
}

static void
free_agent (gpointer data)
{
  TempoMpdAgent *self = data;

  close_links (self);
  tempo_mpd_agent_forget (self);
  g_clear_pointer ((char **) &self->options.host, g_free);
  g_clear_pointer ((char **) &self->options.socket, g_free);
  g_clear_pointer ((char **) &self->options.password, g_free);
  g_atomic_rc_box_release_full (self->channel, clear_channel);
  g_clear_object (&self->cancellable);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Engine thread */

TempoMpdAgent *
tempo_mpd_agent_new (const TempoMpdOptions *options, TempoMpdNewsFunc func, gpointer user_data)
{
  TempoMpdAgent *self = g_new0 (TempoMpdAgent, 1);

  self->options = *options;
  self->options.clock = NULL;
  self->options.host = g_strdup (options->host);
  self->options.socket = g_strdup (options->socket);
  self->options.password = g_strdup (options->password);
  self->channel = g_atomic_rc_box_new0 (TempoMpdChannel);
  self->channel->engine = g_main_context_ref_thread_default ();
  self->channel->func = func;
  self->channel->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->lock);
  self->has_output = TRUE;
  self->worker = tempo_worker_new ("tempo-mpd");
  tempo_worker_post (self->worker, open_func, self, NULL);
  return self;
}

void
tempo_mpd_agent_order (TempoMpdAgent *self, TempoMpdOrder *order)
{
  Errand *errand = g_new (Errand, 1);

  errand->agent = self;
  errand->order = order;
  tempo_worker_post (self->worker, order_func, errand, free_errand);
}

void
tempo_mpd_agent_close (TempoMpdAgent *self)
{
  TempoWorker *worker = self->worker;

  self->channel->closed = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->lock);
  if (self->command != NULL)
    tempo_mpd_link_abort (self->command);
  if (self->idle != NULL)
    tempo_mpd_link_abort (self->idle);
  g_mutex_unlock (&self->lock);
  tempo_worker_post (worker, close_func, self, free_agent);
  tempo_worker_stop (worker, STOP_WAIT);
  tempo_worker_unref (worker);
}
