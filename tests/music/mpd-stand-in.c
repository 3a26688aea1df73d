/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mpd-stand-in.h"

#include <string.h>

#include "music-fixture.h"

#define LOOK_MS 10 /* between looks whether there is news */
#define MAX_LINKS 20

static void
add_song (MpdStandIn *self, GString *answer, guint id)
{
  if (id != 0 && id <= self->theirs)
    g_string_append_printf (answer, "file: theirs/%u.flac\nTitle: Theirs\nArtist: They\nId: %u\n", id, id);
  else
    g_string_append_printf (answer, "file: a/one.flac\nTitle: One Halo\nArtist: Somebody\nTime: %d\nId: %u\n", MPD_STAND_IN_SECONDS, id);
}

static void
add_status (MpdStandIn *self, GString *answer)
{
  g_string_append_printf (answer, "volume: 50\nplaylistlength: %u\nstate: %s\n", self->last_id, self->playing ? "play" : "stop");
  if (self->song != 0)
    g_string_append_printf (answer, "song: 0\nsongid: %u\n", self->song);
  if (self->next != 0)
    g_string_append_printf (answer, "nextsong: 1\nnextsongid: %u\n", self->next);
  if (self->playing)
    g_string_append_printf (answer, "time: %d:%d\nelapsed: %.3f\naudio: 44100:16:2\n", (int) self->elapsed, MPD_STAND_IN_SECONDS,
                            self->elapsed);
  if (self->updating)
    g_string_append (answer, "updating_db: 1\n");
}

static void
put_on (MpdStandIn *self, guint id, double seconds)
{
  if (self->silent)
    return;
  self->playing = TRUE;
  self->song = id;
  self->elapsed = seconds;
  self->news++;
}

/* Each argument stands in quotes. */
static double
argument (const char *line, guint n)
{
  g_auto (GStrv) parts = g_strsplit (line, "\"", -1);

  return g_strv_length (parts) > 2 * n + 1 ? g_ascii_strtod (parts[2 * n + 1], NULL) : 0;
}

/* FALSE hangs up. */
static gboolean
answer_line (MpdStandIn *self, const char *line, GString *answer)
{
  g_string_append_printf (self->said, "%s\n", line);
  if (self->cut != NULL && g_str_has_prefix (line, self->cut))
    {
      self->cut = NULL;
      return FALSE;
    }
  if (self->refused != NULL && g_str_has_prefix (line, self->refused))
    {
      g_string_append_printf (answer, "ACK [50@0] {%s} No such directory\n", self->refused);
      return TRUE;
    }
  if (g_str_has_prefix (line, "outputs"))
    g_string_append (answer, "outputid: 0\noutputname: x\noutputenabled: 1\n");
  else if (g_str_has_prefix (line, "status"))
    add_status (self, answer);
  else if (g_str_has_prefix (line, "stats"))
    g_string_append (answer, "songs: 1\n");
  else if (g_str_has_prefix (line, "search") || (g_str_has_prefix (line, "currentsong") && self->song != 0)
           || (g_str_has_prefix (line, "playlistid") && argument (line, 0) <= self->last_id))
    add_song (self, answer, *line == 's' ? 0 : *line == 'c' ? self->song : (guint) argument (line, 0));
  else if (g_str_has_prefix (line, "addid"))
    {
      g_string_append_printf (answer, "Id: %u\n", ++self->last_id);
      self->next = strstr (line, "+0") != NULL ? self->last_id : self->next;
    }
  else if (g_str_has_prefix (line, "deleteid") && argument (line, 0) == self->next)
    self->next = 0;
  else if (g_str_has_prefix (line, "playid") || g_str_has_prefix (line, "seekid"))
    put_on (self, (guint) argument (line, 0), argument (line, 1));
  g_string_append (answer, "OK\n");
  return TRUE;
}

/* Until there is news, or something is said. */
static void
wait_for_news (MpdStandIn *self, GSocket *socket, guint *seen, GString *answer)
{
  gboolean told = FALSE;

  while (!told && !g_socket_condition_timed_wait (socket, G_IO_IN | G_IO_HUP, LOOK_MS * 1000, NULL, NULL))
    {
      g_mutex_lock (&self->lock);
      told = self->news != *seen;
      *seen = self->news;
      g_mutex_unlock (&self->lock);
    }
  g_string_assign (answer, told ? "changed: player\nOK\n" : "OK\n");
}

static gboolean
run_cb (GThreadedSocketService *service, GSocketConnection *link, GObject *source, MpdStandIn *self)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (link));
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (link)));
  g_autoptr (GString) answer = g_string_new ("OK MPD 0.23.5\n");
  gboolean stays = TRUE;
  guint seen = 0;

  g_mutex_lock (&self->lock);
  stays = !self->away;
  seen = self->news;
  g_ptr_array_add (self->links, g_object_ref (link));
  g_mutex_unlock (&self->lock);
  while (stays && g_output_stream_write_all (output, answer->str, answer->len, NULL, NULL, NULL))
    {
      g_autofree char *line = g_data_input_stream_read_line (input, NULL, NULL, NULL);

      if (line == NULL)
        break;
      g_string_truncate (answer, 0);
      g_mutex_lock (&self->lock);
      stays = answer_line (self, line, answer);
      g_mutex_unlock (&self->lock);
      if (g_str_has_prefix (line, "idle"))
        wait_for_news (self, g_socket_connection_get_socket (link), &seen, answer);
    }
  g_io_stream_close (G_IO_STREAM (link), NULL, NULL);
  g_mutex_lock (&self->lock);
  self->running--;
  g_cond_signal (&self->ended);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* Before its thread begins. */
static gboolean
incoming_cb (GSocketService *service, GSocketConnection *link, GObject *source, MpdStandIn *self)
{
  g_mutex_lock (&self->lock);
  self->running++;
  g_mutex_unlock (&self->lock);
  return FALSE;
}

static void
explain (gpointer data, GString *text)
{
  MpdStandIn *self = data;

  g_mutex_lock (&self->lock);
  g_string_append_printf (text, "the stand-in was told:\n%s", self->said->str);
  g_mutex_unlock (&self->lock);
}

MpdStandIn *
mpd_stand_in_new (void)
{
  MpdStandIn *self = g_new0 (MpdStandIn, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->ended);
  self->links = g_ptr_array_new_with_free_func (g_object_unref);
  self->said = g_string_new (NULL);
  self->service = g_threaded_socket_service_new (MAX_LINKS);
  self->port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, NULL);
  g_assert_cmpuint (self->port, !=, 0);
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);
  music_fixture_offer (explain, self);
  return self;
}

void
mpd_stand_in_hang_up (MpdStandIn *self)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->links->len; i++)
    g_socket_shutdown (g_socket_connection_get_socket (self->links->pdata[i]), TRUE, TRUE, NULL);
  g_ptr_array_set_size (self->links, 0);
  g_mutex_unlock (&self->lock);
}

/* The source is let go of already. */
void
mpd_stand_in_free (MpdStandIn *self)
{
  music_fixture_take_back (self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  mpd_stand_in_hang_up (self);
  g_mutex_lock (&self->lock);
  self->away = TRUE;
  while (self->running > 0)
    g_cond_wait (&self->ended, &self->lock);
  g_mutex_unlock (&self->lock);
  g_object_unref (self->service);
  g_ptr_array_unref (self->links);
  g_string_free (self->said, TRUE);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ended);
  g_free (self);
}

void
mpd_stand_in_stop (MpdStandIn *self)
{
  g_mutex_lock (&self->lock);
  self->playing = FALSE;
  self->song = 0;
  self->news++;
  g_mutex_unlock (&self->lock);
}

guint
mpd_stand_in_count (MpdStandIn *self, const char *prefix)
{
  g_auto (GStrv) lines = NULL;
  guint count = 0;

  g_mutex_lock (&self->lock);
  lines = g_strsplit (self->said->str, "\n", -1);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; lines[i] != NULL; i++)
    count += g_str_has_prefix (lines[i], prefix);
  return count;
}

typedef struct
{
  MpdStandIn *self;
  const char *prefix;
  guint count;
} Wanted;

static gboolean
was_said (gpointer data)
{
  Wanted *wanted = data;

  return mpd_stand_in_count (wanted->self, wanted->prefix) >= wanted->count;
}

void
mpd_stand_in_wait (MpdStandIn *self, const char *prefix, guint count)
{
  Wanted wanted = { self, prefix, count };
  g_autofree char *what = g_strdup_printf ("\"%s\", said %u times", prefix, count);

  music_fixture_wait_for (G_STRLOC, what, was_said, &wanted);
}
