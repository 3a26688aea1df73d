/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "twin.h"

#include "base/tempo-clock.h"
#include "base/tempo-json.h"
#include "model/tempo-refusal.h"
#include "model/tempo-source-state.h"

/* Friday, 20 November 2026, 22:47 UTC. */
#define NOW G_GINT64_CONSTANT (1795214820000000)
#define MINUTE (60 * (gint64) G_USEC_PER_SEC)

struct _TempoTwin
{
  TempoLink parent_instance;

  TempoClock *clock;
  TempoOrganization *organization;
  TempoRoomInfo *room;
  TempoEvent *event;
  GPtrArray *inbox;
  GPtrArray *queue;
  GPtrArray *history;
  GPtrArray *guests;
  GPtrArray *health;
  GPtrArray *sources;
  char *spotify_client;
  const char *spotify_state; /* static (nullable) NULL: as whoever signed in */
  TempoNowPlaying *now;
  JsonObject *settings;
  GError *refusal;
  TempoCommand *last;
  char *undo;
  TempoRequest *undo_request;
  char *folder;
  GPtrArray *unopened;
  TempoStoreError why;
  gboolean shut;
  char *pin;
  gint64 pin_free_at;
  guint pin_failures;
  gboolean unlicensed;
  guint executed;
  guint64 revision;
  gboolean filler;
  gboolean wifi_shown;
  gboolean created;
};

G_DEFINE_FINAL_TYPE (TempoTwin, tempo_twin, TEMPO_TYPE_LINK)

static const struct
{
  const char *title;
  const char *artist;
  int seconds;
} songs[] = {
  { "Zombie Walk", "The Cranes", 214 },
  { "One More Evening", "Paper Lanterns", 198 },
  { "Take On Me Tomorrow", "North Harbour", 231 },
  { "Über den Dächern", "Klara Sommer", 187 },
  { "Velvet Static", "Moth & Flame", 245 },
  { "Midnight Ferry", "Salt Choir", 276 },
  { "Polaroid Summer", "Dana Rivers", 172 },
  { "Ohne dich nach Haus", "Die Nachtlinie", 223 },
  { "Copper Wire", "Ada & the Looms", 209 },
  { "Dancing on the Tram", "Linea Sette", 193 },
  { "Slow Satellite", "Hexagon", 301 },
  { "Kein Regen in Sicht", "Marktplatz", 178 },
};

static const char *const names[] = { "Ann", "Max", "Amber Otter", "Jo", "Table 7", "Silver Heron", "Priya", "Theo" };
static const char *const messages[] = { NULL, NULL, "for the birthday table", NULL, NULL, "for Mia, who made it through the exam today", NULL };

static void
free_health (gpointer data)
{
  TempoHealth *health = data;

  g_free (health->text);
  g_free (health);
}

static GPtrArray *
copy_objects (GPtrArray *from)
{
  GPtrArray *to = g_ptr_array_new_full (from->len, g_object_unref);

  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add (to, g_object_ref (g_ptr_array_index (from, i)));
  return to;
}

static GPtrArray *
copy_sources (GPtrArray *from)
{
  GPtrArray *to = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_source_state_free);

  for (guint i = 0; i < from->len; i++)
    {
      TempoSourceState *state = g_ptr_array_index (from, i);
      TempoSourceState *copy = tempo_source_state_new (state->kind, state->state, state->text, state->until);

      copy->usable = state->usable;
      copy->active = state->active;
      copy->coming = state->coming;
      copy->fallback = state->fallback;
      g_ptr_array_add (to, copy);
    }
  return to;
}

static void
publish (TempoTwin *self)
{
  g_autoptr (TempoRoomView) view = tempo_room_view_new ();

  view->revision = ++self->revision;
  g_set_object (&view->organization, self->organization);
  g_set_object (&view->room, self->room);
  g_set_object (&view->event, self->event);
  g_set_object (&view->now_playing, self->now);
  g_clear_pointer (&view->queue, g_ptr_array_unref);
  g_clear_pointer (&view->inbox, g_ptr_array_unref);
  g_clear_pointer (&view->history, g_ptr_array_unref);
  g_clear_pointer (&view->guests, g_ptr_array_unref);
  g_clear_pointer (&view->health, g_ptr_array_unref);
  view->queue = copy_objects (self->queue);
  view->inbox = copy_objects (self->inbox);
  view->history = copy_objects (self->history);
  view->guests = copy_objects (self->guests);
  view->health = g_ptr_array_new_with_free_func (free_health);
  for (guint i = 0; i < self->health->len; i++)
    {
      TempoHealth *health = g_ptr_array_index (self->health, i);
      TempoHealth *copy = g_new0 (TempoHealth, 1);

      *copy = (TempoHealth) { health->code, health->level, g_strdup (health->text) };
      g_ptr_array_add (view->health, copy);
    }
  g_clear_pointer (&view->sources, g_ptr_array_unref);
  view->sources = copy_sources (self->sources);
  g_free (view->join_url);
  g_free (view->join_text);
  view->join_url = g_strdup_printf ("http://192.168.1.20:8080/j/%s", self->room->code);
  view->join_text = g_strdup_printf ("192.168.1.20:8080/j/%s", self->room->code);
  view->undo_label = g_strdup (self->undo);
  view->wifi_shown = self->wifi_shown;
  view->listeners = self->event != NULL ? 42 : 0;
  view->displays = 1;
  view->filler = self->filler;
  tempo_link_take_view (TEMPO_LINK (self), view);
}

static TempoRequest *
find (GPtrArray *list,
      const char *id,
      guint *index)
{
  for (guint i = 0; i < list->len; i++)
    {
      TempoRequest *request = g_ptr_array_index (list, i);

      if (g_strcmp0 (request->id, id) == 0)
        {
          *index = i;
          return request;
        }
    }
  return NULL;
}

static void
settle (TempoTwin *self,
        GPtrArray *from,
        guint index,
        TempoRequestStatus status)
{
  TempoRequest *after = tempo_request_copy (g_ptr_array_index (from, index));

  after->status = status;
  after->decided_at = after->ended_at = tempo_clock_now (self->clock);
  g_ptr_array_remove_index (from, index);
  if (status == TEMPO_REQUEST_APPROVED)
    g_ptr_array_add (self->queue, after);
  else
    g_ptr_array_insert (self->history, 0, after);
}

static void
remember_undo (TempoTwin *self,
               const char *code)
{
  g_free (self->undo);
  self->undo = g_strdup (code);
  g_set_object (&self->undo_request, g_ptr_array_index (self->history, 0));
}

static void
play_next (TempoTwin *self)
{
  g_clear_object (&self->now);
  if (self->queue->len > 0)
    {
      g_autoptr (TempoRequest) request = g_object_ref (g_ptr_array_index (self->queue, 0));

      g_ptr_array_remove_index (self->queue, 0);
      self->now = tempo_now_playing_new (request->song, request, 0, tempo_clock_now (self->clock), TRUE);
    }
}

static void
set_playing (TempoTwin *self,
             gboolean playing)
{
  TempoNowPlaying *before = self->now;
  gint64 now = tempo_clock_now (self->clock);

  if (before == NULL)
    {
      play_next (self);
      return;
    }
  self->now = tempo_now_playing_new (before->song, before->request, tempo_now_playing_position (before, now), now, playing);
  g_object_unref (before);
}

static void
move (TempoTwin *self,
      TempoCommand *command)
{
  guint index = 0;
  TempoRequest *request = find (self->queue, command->request_id, &index);
  TempoRequest *after;

  if (request == NULL)
    return;
  after = tempo_request_copy (request);
  after->pinned = TRUE;
  g_ptr_array_remove_index (self->queue, index);
  g_ptr_array_insert (self->queue, (int) CLAMP (command->position, 1, self->queue->len + 1) - 1, after);
}

static void
decide (TempoTwin *self,
        TempoCommand *command,
        TempoOutcome *outcome)
{
  guint index = 0;

  if (command->action == TEMPO_ACTION_APPROVE && command->request_id == NULL)
    {
      outcome->count = self->inbox->len;
      while (self->inbox->len > 0)
        settle (self, self->inbox, 0, TEMPO_REQUEST_APPROVED);
      return;
    }
  if (find (self->inbox, command->request_id, &index) == NULL)
    return;
  outcome->request = g_object_ref (g_ptr_array_index (self->inbox, index));
  settle (self, self->inbox, index, command->action == TEMPO_ACTION_APPROVE ? TEMPO_REQUEST_APPROVED : TEMPO_REQUEST_DECLINED);
  if (command->action == TEMPO_ACTION_DECLINE)
    {
      TempoRequest *declined = g_ptr_array_index (self->history, 0);

      declined->reason_code = g_strdup (command->reason_code);
      declined->reason_text = g_strdup (command->reason_text);
      remember_undo (self, "decline");
      outcome->can_undo = TRUE;
    }
}

static void
take_off (TempoTwin *self,
          TempoCommand *command,
          TempoOutcome *outcome)
{
  guint index = 0;

  if (find (self->queue, command->request_id, &index) == NULL)
    return;
  outcome->request = g_object_ref (g_ptr_array_index (self->queue, index));
  settle (self, self->queue, index, TEMPO_REQUEST_DECLINED);
  remember_undo (self, "remove");
  outcome->can_undo = TRUE;
}

static void
undo (TempoTwin *self)
{
  gboolean decline = g_strcmp0 (self->undo, "decline") == 0;
  TempoRequest *back;
  guint index = 0;

  if (self->undo_request == NULL || find (self->history, self->undo_request->id, &index) == NULL)
    return;
  back = tempo_request_copy (self->undo_request);
  back->status = decline ? TEMPO_REQUEST_PENDING : TEMPO_REQUEST_APPROVED;
  g_ptr_array_remove_index (self->history, index);
  g_ptr_array_insert (decline ? self->inbox : self->queue, 0, back);
  g_clear_pointer (&self->undo, g_free);
  g_clear_object (&self->undo_request);
}

static void
change_request (TempoTwin *self,
                TempoCommand *command)
{
  GPtrArray *lists[] = { self->inbox, self->queue };

  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    {
      guint index = 0;
      TempoRequest *request = find (lists[l], command->request_id, &index);
      TempoRequest *after;

      if (request == NULL)
        continue;
      after = tempo_request_copy (request);
      if (command->action == TEMPO_ACTION_PIN)
        after->pinned = command->flag;
      else
        after->message_shown = command->flag;
      g_object_unref (lists[l]->pdata[index]);
      lists[l]->pdata[index] = after;
    }
}

static void
change_sources (TempoTwin *self,
                JsonArray *kinds)
{
  g_ptr_array_set_size (self->sources, 0);
  for (guint i = 0; i < json_array_get_length (kinds); i++)
    tempo_twin_add_source (self, json_array_get_string_element (kinds, i), "ready");
}

static void
change_announcements (TempoRoomInfo *room,
                      JsonArray *list)
{
  guint n = json_array_get_length (list);

  g_strfreev (room->announcements);
  room->announcements = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    room->announcements[i] = g_strdup (json_array_get_string_element (list, i));
}

static void
change_room (TempoTwin *self,
             TempoCommand *command)
{
  TempoRoomInfo *after = tempo_room_info_copy (self->room);

  if (command->action == TEMPO_ACTION_SWITCH && !command->flag)
    after->switch_state = command->switch_state;
  if (command->action == TEMPO_ACTION_VOLUME)
    after->volume = command->level;
  if (command->patch != NULL && json_object_has_member (command->patch, "announcement"))
    {
      g_free (after->announcement);
      after->announcement = g_strdup (json_object_get_string_member (command->patch, "announcement"));
    }
  if (command->patch != NULL && json_object_has_member (command->patch, "announcements"))
    change_announcements (after, json_object_get_array_member (command->patch, "announcements"));
  if (command->patch != NULL && json_object_has_member (command->patch, "wifiSsid"))
    {
      g_free (after->wifi_ssid);
      after->wifi_ssid = g_strdup (json_object_get_string_member (command->patch, "wifiSsid"));
    }
  if (command->patch != NULL && json_object_has_member (command->patch, "wifiShown"))
    self->wifi_shown = json_object_get_boolean_member (command->patch, "wifiShown");
  if (command->patch != NULL && json_object_has_member (command->patch, "sources"))
    change_sources (self, json_object_get_array_member (command->patch, "sources"));
  g_object_unref (self->room);
  self->room = after;
}

static void
change_event (TempoTwin *self,
              TempoCommand *command)
{
  TempoEvent *after = self->event != NULL ? tempo_event_copy (self->event) : NULL;

  if (command->action == TEMPO_ACTION_EVENT_CREATE)
    {
      g_autoptr (TempoRules) rules = tempo_rules_new_default ();

      g_clear_object (&after);
      after = tempo_event_new ("event-1", self->room->id, command->name, rules);
      after->state = TEMPO_EVENT_ACTIVE;
      after->started_at = tempo_clock_now (self->clock);
    }
  else if (after != NULL && command->action == TEMPO_ACTION_SWITCH)
    {
      after->last_call_at = command->number;
    }
  else if (after != NULL && command->action == TEMPO_ACTION_EVENT_RENAME)
    {
      g_free (after->name);
      after->name = g_strdup (command->name);
    }
  else if (after != NULL && command->patch != NULL)
    {
      TempoRules *rules = tempo_rules_patch (after->rules, command->patch, NULL);

      g_assert_nonnull (rules);
      tempo_rules_unref (after->rules);
      after->rules = rules;
    }
  else if (command->action == TEMPO_ACTION_EVENT_END)
    {
      g_clear_object (&after);
    }
  g_clear_object (&self->event);
  self->event = after;
}

static void
change_guest (TempoTwin *self,
              TempoCommand *command)
{
  for (guint i = 0; i < self->guests->len; i++)
    {
      TempoGuest *guest = g_ptr_array_index (self->guests, i);
      TempoGuest *after;

      if (g_strcmp0 (guest->id, command->guest_id) != 0)
        continue;
      after = tempo_guest_copy (guest);
      if (command->action == TEMPO_ACTION_GUEST_HOLD)
        after->held = command->flag;
      else if (command->action == TEMPO_ACTION_GUEST_MUTE)
        after->muted_until = command->number;
      else if (command->action == TEMPO_ACTION_GUEST_BAN)
        after->banned_until = command->number;
      else if (command->action == TEMPO_ACTION_GUEST_RENAME)
        {
          g_free (after->name);
          after->name = g_strdup (command->name);
        }
      g_object_unref (self->guests->pdata[i]);
      self->guests->pdata[i] = after;
    }
}

static void
change_setting (TempoTwin *self,
                TempoCommand *command)
{
  g_autoptr (GList) members = json_object_get_members (command->patch);
  TempoOrganization *after = tempo_organization_copy (self->organization);

  for (GList *l = members; l != NULL; l = l->next)
    json_object_set_member (self->settings, l->data, json_object_dup_member (command->patch, l->data));
  if (json_object_has_member (command->patch, "name"))
    {
      g_free (after->name);
      after->name = g_strdup (json_object_get_string_member (command->patch, "name"));
    }
  if (json_object_has_member (command->patch, "accentDark"))
    {
      g_free (after->accent_dark);
      after->accent_dark = json_object_get_null_member (command->patch, "accentDark")
                             ? NULL : g_strdup (json_object_get_string_member (command->patch, "accentDark"));
    }
  if (json_object_has_member (command->patch, "accent"))
    {
      g_free (after->accent);
      after->accent = g_strdup (json_object_get_string_member (command->patch, "accent"));
    }
  g_object_unref (self->organization);
  self->organization = after;
}

static void
submit (TempoTwin *self,
        TempoCommand *command,
        TempoOutcome *outcome)
{
  g_autofree char *id = g_strdup_printf ("added-%u", self->executed);
  guint index = command->song_id != NULL ? (guint) g_ascii_strtoull (command->song_id + strlen ("song-"), NULL, 10) : 0;
  g_autoptr (TempoSong) song = tempo_song_new (command->song_id, songs[index % G_N_ELEMENTS (songs)].title,
                                               songs[index % G_N_ELEMENTS (songs)].artist);
  TempoRequest *request = tempo_request_new (id, song);

  request->status = TEMPO_REQUEST_APPROVED;
  g_free (request->name);
  request->name = g_strdup (command->name != NULL ? command->name : "");
  request->created_at = tempo_clock_now (self->clock);
  g_ptr_array_add (self->queue, request);
  outcome->request = g_object_ref (request);
}

static void
mark_playing (TempoTwin *self,
              TempoCommand *command)
{
  guint index = 0;
  TempoRequest *request = find (self->queue, command->request_id, &index);

  g_clear_object (&self->now);
  if (request == NULL)
    return;
  self->now = tempo_now_playing_new (request->song, request, 0, tempo_clock_now (self->clock), TRUE);
  g_ptr_array_remove_index (self->queue, index);
}

static void
apply (TempoTwin *self,
       TempoCommand *command,
       TempoOutcome *outcome)
{
  switch (command->action)
    {
    case TEMPO_ACTION_APPROVE:
    case TEMPO_ACTION_DECLINE:
      decide (self, command, outcome);
      break;
    case TEMPO_ACTION_REMOVE:
      take_off (self, command, outcome);
      break;
    case TEMPO_ACTION_UNDO:
      undo (self);
      break;
    case TEMPO_ACTION_MOVE:
      move (self, command);
      break;
    case TEMPO_ACTION_PIN:
    case TEMPO_ACTION_SHOW_MESSAGE:
      change_request (self, command);
      break;
    case TEMPO_ACTION_PLAY:
    case TEMPO_ACTION_PAUSE:
      set_playing (self, command->action == TEMPO_ACTION_PLAY);
      break;
    case TEMPO_ACTION_SKIP:
      play_next (self);
      break;
    case TEMPO_ACTION_MARK_PLAYING:
      mark_playing (self, command);
      break;
    case TEMPO_ACTION_SWITCH:
      change_room (self, command);
      if (command->flag)
        change_event (self, command);
      break;
    case TEMPO_ACTION_VOLUME:
    case TEMPO_ACTION_ROOM_EDIT:
      change_room (self, command);
      break;
    case TEMPO_ACTION_FILLER:
      self->filler = command->flag;
      break;
    case TEMPO_ACTION_EVENT_CREATE:
    case TEMPO_ACTION_EVENT_END:
    case TEMPO_ACTION_EVENT_RULES:
    case TEMPO_ACTION_EVENT_RENAME:
      change_event (self, command);
      break;
    case TEMPO_ACTION_GUEST_HOLD:
    case TEMPO_ACTION_GUEST_MUTE:
    case TEMPO_ACTION_GUEST_BAN:
    case TEMPO_ACTION_GUEST_RENAME:
      change_guest (self, command);
      break;
    case TEMPO_ACTION_SETTING:
      change_setting (self, command);
      break;
    case TEMPO_ACTION_SUBMIT:
      submit (self, command, outcome);
      break;
    case TEMPO_ACTION_LICENCE:
      self->unlicensed = json_object_get_size (command->patch) == 0;
      break;
    case TEMPO_ACTION_DISPLAY_CREATE:
      outcome->token = g_strdup ("secret-token");
      break;
    default:
      break;
    }
}

static void
execute_async (TempoLink *link,
               TempoCommand *command,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  TempoTwin *self = TEMPO_TWIN (link);
  g_autoptr (GTask) task = g_task_new (link, cancellable, callback, user_data);
  TempoOutcome *outcome;

  g_clear_pointer (&self->last, tempo_command_unref);
  self->last = tempo_command_ref (command);
  self->executed++;
  if (self->refusal != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&self->refusal));
      return;
    }
  outcome = g_new0 (TempoOutcome, 1);
  g_atomic_ref_count_init (&outcome->ref_count);
  outcome->eta_seconds = -1;
  apply (self, command, outcome);
  publish (self);
  g_task_return_pointer (task, outcome, (GDestroyNotify) tempo_outcome_unref);
}

static TempoOutcome *
execute_finish (TempoLink *link,
                GAsyncResult *result,
                GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
search_async (TempoLink *link,
              const char *query,
              guint limit,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, cancellable, callback, user_data);
  g_autofree char *needle = tempo_text_fold (query);
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < G_N_ELEMENTS (songs) && found->len < limit; i++)
    {
      g_autofree char *text = g_strconcat (songs[i].title, " ", songs[i].artist, NULL);
      g_autofree char *folded = tempo_text_fold (text);
      g_autofree char *id = g_strdup_printf ("song-%u", i);
      TempoSong *song;

      if (strstr (folded, needle) == NULL)
        continue;
      song = tempo_song_new (id, songs[i].title, songs[i].artist);
      song->duration_ms = songs[i].seconds * 1000;
      g_ptr_array_add (found, song);
    }
  g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
}

static GPtrArray *
search_finish (TempoLink *link,
               GAsyncResult *result,
               GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Plain colours of 8 × 8 pixels, as a bitmap: enough to see where covers go. */
static GBytes *
paint (const char *artwork)
{
  guint hash = g_str_hash (artwork);
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GBytes) pixels = NULL;
  guint8 data[8 * 8 * 3];

  for (guint i = 0; i < 64; i++)
    {
      data[i * 3] = (guint8) (60 + (hash & 0x7f) + (i % 8) * 6);
      data[i * 3 + 1] = (guint8) (50 + (hash >> 7 & 0x7f) + (i / 8) * 5);
      data[i * 3 + 2] = (guint8) (70 + (hash >> 14 & 0x7f));
    }
  pixels = g_bytes_new (data, sizeof data);
  texture = gdk_memory_texture_new (8, 8, GDK_MEMORY_R8G8B8, pixels, 24);
  return gdk_texture_save_to_png_bytes (texture);
}

static void
artwork_async (TempoLink *link,
               const char *artwork,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, cancellable, callback, user_data);

  g_task_return_pointer (task, paint (artwork), (GDestroyNotify) g_bytes_unref);
}

static GBytes *
artwork_finish (TempoLink *link,
                GAsyncResult *result,
                GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
set_logo (TempoTwin *self,
          const char *id)
{
  TempoOrganization *after = tempo_organization_copy (self->organization);

  g_free (after->logo);
  after->logo = g_strdup (id);
  g_object_unref (self->organization);
  self->organization = after;
  publish (self);
}

/* Any bytes are a sign here, but for "no picture". */
static void
set_logo_async (TempoLink *link,
                GBytes *image,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, NULL, callback, user_data);
  TempoTwin *self = TEMPO_TWIN (link);

  if (image != NULL && memcmp (g_bytes_get_data (image, NULL), "no picture", MIN (g_bytes_get_size (image), 10)) == 0)
    {
      g_task_return_error (task, tempo_refusal_new (TEMPO_REFUSAL_INVALID, NULL, "no picture"));
      return;
    }
  set_logo (self, image != NULL ? "a7" : NULL);
  g_task_return_boolean (task, TRUE);
}

static void
set_music_async (TempoLink *link,
                 const char *source,
                 const char *folder,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, cancellable, callback, user_data);

  tempo_twin_set_source (TEMPO_TWIN (link), source);
  g_task_return_boolean (task, TRUE);
}

static gboolean
finish_boolean (TempoLink *link,
                GAsyncResult *result,
                GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* A row by what it says; texts are JSON. */
#define LOG_ROW(seq, at, actor, action, object, before, after, reason) \
  "{\"seq\":" #seq ",\"at\":\"" at "\",\"actor\":{" actor "},\"action\":\"" action "\",\"object\":{" object "},\"before\":" before ",\"after\":" after \
  ",\"reason\":" reason ",\"address\":null,\"agent\":null,\"origin\":\"h\"}"
#define LOG_OLGA "\"kind\":\"member\",\"id\":\"m1\",\"name\":\"olga\""

/* Each way a value is written, and things that are gone. */
static const char log_of_settings[] =
  "{\"audit\":["
  LOG_ROW (69, "2026-11-20T20:00:00Z", LOG_OLGA, "event_rules", "\"kind\":\"event\",\"id\":\"e1\",\"name\":\"Friday\"",
           "\"{\\\"votes\\\":true,\\\"order\\\":\\\"fair\\\"}\"", "\"{\\\"votes\\\":false,\\\"order\\\":\\\"first\\\"}\"", "null") ","
  LOG_ROW (68, "2026-11-20T19:00:00Z", LOG_OLGA, "room_edit", "\"kind\":\"room\",\"id\":\"r1\",\"name\":\"Yard\"", "null", "\"(secret)\"", "\"wifiPassword\"") ","
  LOG_ROW (67, "2026-11-20T18:00:00Z", LOG_OLGA, "room_edit", "\"kind\":\"room\",\"id\":\"r9\",\"name\":null",
           "\"[\\\"library\\\"]\"", "\"[\\\"library\\\",\\\"manual\\\"]\"", "\"sources\"") ","
  LOG_ROW (66, "2026-11-19T18:00:00Z", LOG_OLGA, "setting", "\"kind\":\"setting\",\"id\":\"welcome\"", "\"\\\"on\\\"\"", "null", "null") ","
  LOG_ROW (65, "2026-11-19T17:00:00Z", LOG_OLGA, "setting", "\"kind\":\"setting\",\"id\":\"whiteLabel\"", "\"false\"", "\"true\"", "null") ","
  LOG_ROW (64, "2026-11-19T16:00:00Z", LOG_OLGA, "member_role", "\"kind\":\"member\",\"id\":\"m9\",\"name\":null", "\"member\"", "\"admin\"", "null") ","
  LOG_ROW (63, "2026-11-19T15:00:00Z", LOG_OLGA, "volume", "\"kind\":\"room\",\"id\":\"r1\",\"name\":\"Yard\"", "\"1.00\"", "\"0.40\"", "null") ","
  LOG_ROW (62, "2026-11-19T14:00:00Z", LOG_OLGA, "decline", "\"kind\":\"request\",\"id\":\"q9\",\"name\":null", "\"pending\"", "\"declined\"", "\"not_tonight\"") ","
  LOG_ROW (61, "2025-12-30T13:00:00Z", LOG_OLGA, "password_set", "\"kind\":\"member\",\"id\":\"m1\",\"name\":\"olga\"", "null", "\"2026-11-19T13:00:00Z\"", "null")
  "],\"next\":null}";

/* "audit?q=long": pages of 50 rows, 230 in all. (transfer full). */
static GBytes *
answer_long_log (const char *list)
{
  const char *cursor = strstr (list, "&cursor=");
  guint64 from = cursor != NULL ? g_ascii_strtoull (cursor + strlen ("&cursor="), NULL, 10) : 0;
  GString *text = g_string_new ("{\"audit\":[");

  for (guint64 i = from; i < MIN (from + 50, 230); i++)
    g_string_append_printf (text, "%s" LOG_ROW (1, "2026-11-19T13:00:00Z", LOG_OLGA, "vote", "\"kind\":\"request\",\"id\":\"q\",\"name\":\"Song %u\"", "null", "null", "null"),
                            i > from ? "," : "", (guint) i);
  g_string_append_printf (text, from + 50 < 230 ? "],\"next\":\"%u\"}" : "],\"next\":null}", (guint) from + 50);
  return g_string_free_to_bytes (text);
}

/* The log: two pages for everything, one row for a search that finds, none for any other. */
static const char *
answer_audit (const char *list)
{
  static const char first[] =
    "{\"audit\":[{\"seq\":9,\"at\":\"2026-11-20T21:58:00Z\",\"actor\":{\"kind\":\"guest\",\"id\":\"g0\",\"name\":\"Ann <i>\"},\"action\":\"submit\","
    "\"object\":{\"kind\":\"request\",\"id\":\"none\"},\"before\":null,\"after\":\"{\\\"title\\\":\\\"Zombie <b>Walk</b>\\\",\\\"status\\\":\\\"pending\\\"}\","
    "\"reason\":null,\"address\":\"192.168.1.44\",\"agent\":\"Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0\",\"origin\":\"h\"},"
    "{\"seq\":8,\"at\":\"2026-11-20T21:40:00Z\",\"actor\":{\"kind\":\"member\",\"id\":\"m2\",\"name\":\"<b>max</b>\"},\"action\":\"approve\","
    "\"object\":{\"kind\":\"request\",\"id\":\"none\",\"name\":\"Take On You · A-Who\"},\"before\":\"pending\",\"after\":\"approved\",\"reason\":null,\"address\":\"192.168.1.21\",\"agent\":null,\"origin\":\"h\"},"
    "{\"seq\":7,\"at\":\"2026-11-20T20:05:00Z\",\"actor\":{\"kind\":\"desktop\",\"id\":null,\"name\":\"desktop\"},\"action\":\"setting\","
    "\"object\":{\"kind\":\"setting\",\"id\":\"displayLanguage\"},\"before\":\"\\\"en\\\"\",\"after\":\"\\\"de\\\"\",\"reason\":null,\"address\":null,\"agent\":null,\"origin\":\"h\"},"
    "{\"seq\":6,\"at\":\"2026-11-19T22:15:00Z\",\"actor\":{\"kind\":\"member\",\"id\":\"m2\",\"name\":\"max\"},\"action\":\"refused\","
    "\"object\":{\"kind\":\"path\",\"id\":\"/api/tin-heron/members\"},\"before\":null,\"after\":null,\"reason\":\"manage_members\",\"address\":\"192.168.1.21\",\"agent\":\"Safari\",\"origin\":\"h\"}],"
    "\"next\":\"1.6.h\"}";
  static const char second[] =
    "{\"audit\":[{\"seq\":2,\"at\":\"2026-11-18T18:00:00Z\",\"actor\":{\"kind\":\"system\",\"id\":null,\"name\":\"system\"},\"action\":\"brand_new\","
    "\"object\":{\"kind\":null,\"id\":null},\"before\":null,\"after\":null,\"reason\":null,\"address\":null,\"agent\":null,\"origin\":\"h\"}],\"next\":null}";

  if (strstr (list, "&cursor=1.6.h") != NULL)
    return second;
  if (strstr (list, "event_rules") != NULL)
    return log_of_settings;
  return g_str_has_prefix (list, "audit?q=&action=") && list[strlen ("audit?q=&action=")] == '\0' ? first
         : strstr (list, "refused") != NULL || g_str_has_prefix (list, "audit?q=brand")          ? second
                                                                                                  : "{\"audit\":[],\"next\":null}";
}

static void
list_async (TempoLink *link,
            const char *list,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, cancellable, callback, user_data);
  static const char text[] = "{\"settings\":{\"forgetGuestsDays\":30,\"displayLanguage\":\"de\"}}";

  static const char displays[] = "{\"displays\":[{\"id\":\"d1\",\"name\":\"TV in the hall\"}],\"next\":null}";

  static const char stats[] =
    "{\"stats\":{\"totals\":{\"requests\":68,\"guests\":31,\"votes\":112,\"played\":52,\"declined\":9},"
    "\"byHour\":[{\"hour\":\"2026-11-20T20:00:00Z\",\"requests\":6,\"declined\":0},{\"hour\":\"2026-11-20T21:00:00Z\",\"requests\":19,\"declined\":3},"
    "{\"hour\":\"2026-11-20T22:00:00Z\",\"requests\":28,\"declined\":4},{\"hour\":\"2026-11-20T23:00:00Z\",\"requests\":15,\"declined\":2}],"
    "\"songs\":[{\"title\":\"Zombie Walk\",\"artist\":\"The Cranes\",\"requests\":1,\"votes\":14,\"played\":1},"
    "{\"title\":\"Über den Dächern <b>\",\"artist\":\"Klara Sommer\",\"requests\":1,\"votes\":9,\"played\":1}],"
    "\"artists\":[{\"artist\":\"The Cranes\",\"requests\":5,\"votes\":20,\"played\":4}],"
    "\"refused\":[{\"code\":\"not_here\",\"count\":6},{\"code\":\"played_enough\",\"count\":3}],"
    "\"turnedAway\":[{\"code\":\"limit\",\"count\":22}],"
    "\"searches\":[{\"words\":\"velvet sta\",\"count\":4},{\"words\":\"moonlight tram\",\"count\":2}]}}";
  static const char *const licences[] = {
    "{\"licence\":{\"tier\":\"community\",\"state\":\"none\",\"until\":null,\"lastFour\":null,\"hasDocument\":false,"
    "\"limits\":{\"rooms\":1,\"displays\":1,\"members\":5},\"used\":{\"rooms\":1,\"displays\":1,\"members\":3}}}",
    "{\"licence\":{\"tier\":\"medium\",\"state\":\"valid\",\"until\":\"2027-01-31T12:00:00.000Z\",\"lastFour\":\"7K2M\","
    "\"hasDocument\":true,\"limits\":{\"rooms\":5,\"displays\":null,\"members\":50},"
    "\"used\":{\"rooms\":1,\"displays\":2,\"members\":3}}}",
  };
  static const char usage[] =
    "{\"usage\":[{\"day\":\"2026-11-19\",\"requests\":41},{\"day\":\"2026-11-20\",\"requests\":68}],\"quotas\":[]}";

  if (g_str_has_prefix (list, "stats?") || g_str_has_prefix (list, "usage?"))
    {
      const char *answer = *list == 's' ? stats : usage;

      g_task_return_pointer (task, g_bytes_new_static (answer, strlen (answer)), (GDestroyNotify) g_bytes_unref);
      return;
    }
  static const char members[] =
    "{\"members\":[{\"id\":\"m1\",\"username\":\"olga\",\"role\":\"owner\",\"active\":true,\"secondFactor\":true,\"passwordSet\":true,"
    "\"lastSeenAt\":\"2026-11-20T21:04:00Z\"},{\"id\":\"m2\",\"username\":\"max\",\"role\":\"member\",\"active\":true,\"passwordSet\":true},"
    "{\"id\":\"m3\",\"username\":\"<b>ada</b>\",\"role\":\"viewer\",\"active\":false,\"passwordSet\":true}],\"next\":null}";
  static const char invitations[] =
    "{\"invitations\":[{\"id\":\"i1\",\"kind\":\"invitation\",\"role\":\"member\",\"note\":\"Ben at the door\"}],\"next\":null}";

  if (g_str_equal (list, "licence"))
    {
      const char *licence = licences[TEMPO_TWIN (link)->unlicensed ? 0 : 1];

      g_task_return_pointer (task, g_bytes_new_static (licence, strlen (licence)), (GDestroyNotify) g_bytes_unref);
      return;
    }
  if (g_str_has_prefix (list, "audit?"))
    {
      const char *answer = answer_audit (list);

      if (g_str_has_prefix (list, "audit?q=long&"))
        {
          g_task_return_pointer (task, answer_long_log (list), (GDestroyNotify) g_bytes_unref);
          return;
        }
      g_task_return_pointer (task, g_bytes_new_static (answer, strlen (answer)), (GDestroyNotify) g_bytes_unref);
      return;
    }
  if (g_str_equal (list, "members"))
    {
      g_task_return_pointer (task, g_bytes_new_static (members, strlen (members)), (GDestroyNotify) g_bytes_unref);
      return;
    }
  if (g_str_equal (list, "invitations"))
    {
      g_task_return_pointer (task, g_bytes_new_static (invitations, strlen (invitations)), (GDestroyNotify) g_bytes_unref);
      return;
    }
  if (g_str_equal (list, "displays"))
    {
      g_task_return_pointer (task, g_bytes_new_static (displays, strlen (displays)), (GDestroyNotify) g_bytes_unref);
      return;
    }
  g_task_return_pointer (task, g_bytes_new_static (text, strlen (text)), (GDestroyNotify) g_bytes_unref);
}

static GBytes *
list_finish (TempoLink *link,
             GAsyncResult *result,
             GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* People are a list that does not change here; a link is a link. */
static void
people_async (TempoLink *link,
              TempoPeopleCommand *command,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, NULL, callback, user_data);
  TempoPeopleOutcome *outcome = g_new0 (TempoPeopleOutcome, 1);

  outcome->token = g_strdup ("Zm9yZXN0LWdyZWVuLWFuZC1hbWJlci1vbi1uaWdodC0");
  g_task_return_pointer (task, outcome, (GDestroyNotify) tempo_people_outcome_free);
}

static TempoPeopleOutcome *
people_finish (TempoLink *link,
               GAsyncResult *result,
               GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
has_pin (TempoLink *link)
{
  return TEMPO_TWIN (link)->pin != NULL;
}

/* As the engine's: five wrong ones are free, then the wait doubles from a second. */
static GError *
judge_pin (TempoTwin *self,
           const char *pin)
{
  TempoRefusalDetail detail = { .until = self->pin_free_at, .subject = "pin" };

  if (self->pin == NULL)
    return NULL;
  if (tempo_clock_now (self->clock) < self->pin_free_at)
    return tempo_refusal_new (TEMPO_REFUSAL_RATE, &detail, "too many wrong PINs");
  if (g_strcmp0 (self->pin, pin) == 0)
    {
      self->pin_failures = 0;
      return NULL;
    }
  if (++self->pin_failures > 5)
    self->pin_free_at = tempo_clock_now (self->clock) + ((gint64) G_USEC_PER_SEC << (self->pin_failures - 6));
  return tempo_refusal_new (TEMPO_REFUSAL_WRONG_CODE, NULL, "not the PIN");
}

static void
check_pin_async (TempoLink *link,
                 const char *pin,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, NULL, callback, user_data);
  GError *error = judge_pin (TEMPO_TWIN (link), pin);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
set_pin_async (TempoLink *link,
               const char *old,
               const char *pin,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, NULL, callback, user_data);
  GError *error = judge_pin (TEMPO_TWIN (link), old);

  if (error == NULL && pin != NULL && !tempo_pin_is_valid (pin))
    error = tempo_refusal_new (TEMPO_REFUSAL_INVALID, NULL, "a PIN is 4 to 12 digits");
  if (error == NULL)
    tempo_twin_set_pin (TEMPO_TWIN (link), pin);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
backup_async (TempoLink *link,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, cancellable, callback, user_data);

  g_task_return_pointer (task, g_strdup ("/nowhere/backup.db"), g_free);
}

static char *
backup_finish (TempoLink *link,
               GAsyncResult *result,
               GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* (transfer full): what is told of an account in that state. */
static char *
make_spotify_report (const char *state)
{
  gboolean known = !g_strv_contains ((const char *const[]) { "disconnected", "connecting", NULL }, state);

  return g_strdup_printf ("{\"state\":\"%s\",\"account\":%s,\"notice\":\"%s\",\"clientId\":%s}", state,
                          known ? "{\"id\":\"ada\",\"name\":\"Ada\"}" : "null",
                          g_str_equal (state, "disconnected") ? "unconfirmed" : "confirmed",
                          g_str_equal (state, "disconnected") ? "null" : "\"c1\"");
}

/* Nobody is connected until somebody signs in. */
static void
spotify_async (TempoLink *link,
               const char *act,
               const char *client_id,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  static const char choices[] = "{\"devices\":[{\"id\":\"d1\",\"name\":\"Living room\"}],\"playlists\":[{\"id\":\"p1\",\"name\":\"Slow evening\"}]}";
  TempoTwin *self = TEMPO_TWIN (link);
  g_autoptr (GTask) task = g_task_new (link, NULL, callback, user_data);
  const char *state = self->spotify_state != NULL ? self->spotify_state : self->spotify_client != NULL ? "ready" : "disconnected";
  g_autofree char *text = NULL;

  if (g_str_equal (act, "sign-in") || g_str_equal (act, "disconnect"))
    {
      g_free (self->spotify_client);
      self->spotify_client = g_strdup (client_id);
      text = g_strdup ("{\"authorizeUrl\":\"nowhere:spotify\"}");
    }
  else if (g_str_equal (act, "report"))
    {
      text = make_spotify_report (state);
    }
  else
    {
      text = g_strdup (choices);
    }
  g_task_return_pointer (task, g_bytes_new (text, strlen (text)), (GDestroyNotify) g_bytes_unref);
}

static void
create_venue_async (TempoLink *link,
                    const char *name,
                    const char *code,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  TempoTwin *self = TEMPO_TWIN (link);
  g_autoptr (GTask) task = g_task_new (link, cancellable, callback, user_data);

  if (self->refusal != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&self->refusal));
      return;
    }
  g_free (self->organization->name);
  self->organization->name = g_strdup (name);
  if (code != NULL)
    {
      g_free (self->organization->code);
      self->organization->code = g_strdup (code);
    }
  tempo_twin_open_empty (self);
  g_task_return_boolean (task, TRUE);
}

static GPtrArray *
list_rooms (TempoLink *link)
{
  GPtrArray *rooms = g_ptr_array_new_with_free_func (g_object_unref);

  if (TEMPO_TWIN (link)->created)
    g_ptr_array_add (rooms, g_object_ref (TEMPO_TWIN (link)->room));
  return rooms;
}

static GPtrArray *
list_rooms_of (TempoLink *link,
               const char *organization_id)
{
  return list_rooms (link);
}

static GPtrArray *
list_organizations (TempoLink *link)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  if (TEMPO_TWIN (link)->created)
    g_ptr_array_add (list, g_object_ref (TEMPO_TWIN (link)->organization));
  return list;
}

static GPtrArray *
list_unopened (TempoLink *link)
{
  return copy_objects (TEMPO_TWIN (link)->unopened);
}

static int
get_unopened (TempoLink *link,
              const char *organization_id)
{
  return TEMPO_TWIN (link)->unopened->len > 0 ? (int) TEMPO_TWIN (link)->why : -1;
}

static void
update_organization_async (TempoLink *link,
                           const char *organization_id,
                           const char *slug,
                           int active,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (link, cancellable, callback, user_data);

  g_task_return_boolean (task, TRUE);
}

static gboolean
open_room (TempoLink *link,
           const char *room_id)
{
  return TEMPO_TWIN (link)->created && !TEMPO_TWIN (link)->shut;
}

static void
get_scan (TempoLink *link,
          TempoLinkScan *scan)
{
  *scan = (TempoLinkScan) { FALSE, 1204, 1204, 1201, 3 };
}

static gint64
get_now (TempoLink *link)
{
  return tempo_clock_now (TEMPO_TWIN (link)->clock);
}

static char *
get_folder (TempoLink *link,
            const char *which)
{
  return g_strdup (TEMPO_TWIN (link)->folder);
}

static gpointer
get_monitor (TempoLink *link)
{
  return NULL;
}

static void
tempo_twin_finalize (GObject *object)
{
  TempoTwin *self = TEMPO_TWIN (object);

  g_clear_object (&self->clock);
  g_clear_object (&self->organization);
  g_clear_object (&self->room);
  g_clear_object (&self->event);
  g_clear_object (&self->now);
  g_clear_object (&self->undo_request);
  g_clear_pointer (&self->inbox, g_ptr_array_unref);
  g_clear_pointer (&self->queue, g_ptr_array_unref);
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_clear_pointer (&self->guests, g_ptr_array_unref);
  g_clear_pointer (&self->health, g_ptr_array_unref);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->unopened, g_ptr_array_unref);
  g_clear_pointer (&self->spotify_client, g_free);
  g_clear_pointer (&self->settings, json_object_unref);
  g_clear_pointer (&self->last, tempo_command_unref);
  g_clear_pointer (&self->undo, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->pin, g_free);
  g_clear_error (&self->refusal);

  G_OBJECT_CLASS (tempo_twin_parent_class)->finalize (object);
}

static void
tempo_twin_class_init (TempoTwinClass *klass)
{
  TempoLinkClass *link_class = TEMPO_LINK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tempo_twin_finalize;
  link_class->execute_async = execute_async;
  link_class->execute_finish = execute_finish;
  link_class->search_async = search_async;
  link_class->search_finish = search_finish;
  link_class->set_logo_async = set_logo_async;
  link_class->set_logo_finish = finish_boolean;
  link_class->artwork_async = artwork_async;
  link_class->artwork_finish = artwork_finish;
  link_class->set_music_async = set_music_async;
  link_class->set_music_finish = finish_boolean;
  link_class->people_async = people_async;
  link_class->people_finish = people_finish;
  link_class->list_async = list_async;
  link_class->list_finish = list_finish;
  link_class->has_pin = has_pin;
  link_class->check_pin_async = check_pin_async;
  link_class->check_pin_finish = finish_boolean;
  link_class->set_pin_async = set_pin_async;
  link_class->set_pin_finish = finish_boolean;
  link_class->backup_async = backup_async;
  link_class->backup_finish = backup_finish;
  link_class->spotify_async = spotify_async;
  link_class->spotify_finish = list_finish;
  link_class->create_venue_async = create_venue_async;
  link_class->create_venue_finish = finish_boolean;
  link_class->update_organization_async = update_organization_async;
  link_class->update_organization_finish = finish_boolean;
  link_class->list_organizations = list_organizations;
  link_class->list_unopened = list_unopened;
  link_class->get_unopened = get_unopened;
  link_class->list_rooms_of = list_rooms_of;
  link_class->list_rooms = list_rooms;
  link_class->open_room = open_room;
  link_class->get_scan = get_scan;
  link_class->get_now = get_now;
  link_class->get_folder = get_folder;
  link_class->get_monitor = get_monitor;
}

static void
tempo_twin_init (TempoTwin *self)
{
  self->clock = tempo_clock_new_fixed (NOW);
  self->organization = tempo_organization_new ("org-1", "tin-heron", "TIN", "The Tin Heron");
  self->room = tempo_room_info_new ("room-1", "K7QX2", "Main room");
  g_free (self->room->source);
  self->room->source = g_strdup ("library");
  self->room->volume = 0.7;
  self->inbox = g_ptr_array_new_with_free_func (g_object_unref);
  self->queue = g_ptr_array_new_with_free_func (g_object_unref);
  self->history = g_ptr_array_new_with_free_func (g_object_unref);
  self->guests = g_ptr_array_new_with_free_func (g_object_unref);
  self->health = g_ptr_array_new_with_free_func (free_health);
  self->unopened = g_ptr_array_new_with_free_func (g_object_unref);
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) tempo_source_state_free);
  self->settings = json_object_new ();
}

static TempoRequest *
make_request (TempoTwin *self,
              guint number,
              TempoRequestStatus status)
{
  guint s = number % G_N_ELEMENTS (songs);
  g_autofree char *id = g_strdup_printf ("request-%u", number);
  g_autofree char *song_id = g_strdup_printf ("song-%u", s);
  g_autofree char *guest_id = g_strdup_printf ("guest-%u", number % (guint) G_N_ELEMENTS (names));
  g_autoptr (TempoSong) song = tempo_song_new (song_id, songs[s].title, songs[s].artist);
  TempoRequest *request;

  song->duration_ms = songs[s].seconds * 1000;
  if (number % 4 != 3)
    song->artwork = g_strdup_printf ("a%u", s);
  request = tempo_request_new (id, song);
  request->status = status;
  request->guest_id = g_steal_pointer (&guest_id);
  g_free (request->name);
  request->name = g_strdup (names[number % G_N_ELEMENTS (names)]);
  request->message = g_strdup (messages[number % G_N_ELEMENTS (messages)]);
  request->votes = number * 7 % 5;
  request->created_at = NOW - (number % 9 + 1) * MINUTE;
  return request;
}

TempoLink *
tempo_twin_new (void)
{
  return g_object_new (TEMPO_TYPE_TWIN, NULL);
}

void
tempo_twin_open_empty (TempoTwin *self)
{
  self->created = TRUE;
  publish (self);
}

void
tempo_twin_set_unopened (TempoTwin *self,
                         const char *name,
                         TempoStoreError why)
{
  self->why = why;
  if (name == NULL)
    g_ptr_array_set_size (self->unopened, 0);
  else
    g_ptr_array_add (self->unopened, tempo_organization_new (name, "closed-off", "OFF", name));
}

void
tempo_twin_close_rooms (TempoTwin *self,
                        gboolean closed)
{
  self->shut = closed;
}

void
tempo_twin_fill (TempoTwin *self,
                 guint inbox,
                 guint queue,
                 guint history)
{
  g_autoptr (TempoRules) rules = tempo_rules_new_default ();
  g_autoptr (TempoRequest) playing = make_request (self, 10, TEMPO_REQUEST_PLAYING);
  guint number = 11;

  self->created = TRUE;
  g_set_object (&self->event, NULL);
  self->event = tempo_event_new ("event-1", self->room->id, "Friday, 20 November", rules);
  self->event->state = TEMPO_EVENT_ACTIVE;
  self->event->started_at = NOW - 107 * MINUTE;
  self->now = tempo_now_playing_new (playing->song, playing, 134000, NOW, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *id = g_strdup_printf ("guest-%u", i);
      TempoGuest *guest = tempo_guest_new (id, id, names[i]);

      guest->asked = i % 4 + 1;
      guest->served = i % 3;
      guest->last_seen_at = NOW - i * 3 * MINUTE;
      guest->held = i == 4;
      guest->muted_until = i == 5 ? NOW + 20 * MINUTE : 0;
      g_ptr_array_add (self->guests, guest);
    }
  for (guint i = 0; i < inbox; i++)
    g_ptr_array_add (self->inbox, make_request (self, number++, TEMPO_REQUEST_PENDING));
  for (guint i = 0; i < queue; i++)
    g_ptr_array_add (self->queue, make_request (self, number++, TEMPO_REQUEST_APPROVED));
  if (queue > 3)
    ((TempoRequest *) self->queue->pdata[2])->pinned = TRUE;
  for (guint i = 0; i < history; i++)
    {
      TempoRequest *request = make_request (self, number++, i % 5 == 3 ? TEMPO_REQUEST_DECLINED : TEMPO_REQUEST_PLAYED);

      request->ended_at = NOW - (i + 1) * 4 * MINUTE;
      if (request->status == TEMPO_REQUEST_DECLINED)
        request->reason_code = g_strdup ("played_enough");
      g_ptr_array_add (self->history, request);
    }
  tempo_twin_set_health (self, "source", TEMPO_HEALTH_GOOD);
  tempo_twin_set_health (self, "disk", TEMPO_HEALTH_GOOD);
  publish (self);
}

TempoCommand *
tempo_twin_get_last (TempoTwin *self)
{
  return self->last;
}

guint
tempo_twin_get_executed (TempoTwin *self)
{
  return self->executed;
}

void
tempo_twin_refuse_next (TempoTwin *self,
                        GError *error)
{
  g_clear_error (&self->refusal);
  self->refusal = error;
}

TempoRequest *
tempo_twin_put (TempoTwin *self,
                TempoRequestStatus status,
                const char *song_id,
                const char *title,
                const char *artist,
                const char *name)
{
  g_autofree char *id = g_strdup_printf ("asked-%" G_GUINT64_FORMAT, self->revision);
  g_autoptr (TempoSong) song = tempo_song_new (song_id, title, artist);
  g_autoptr (TempoRequest) request = tempo_request_new (id, song);

  song->duration_ms = 252000;
  g_free (request->name);
  request->name = g_strdup (name);
  request->status = status;
  request->created_at = tempo_clock_now (self->clock);
  if (status == TEMPO_REQUEST_PENDING)
    g_ptr_array_add (self->inbox, g_object_ref (request));
  else if (status == TEMPO_REQUEST_APPROVED)
    g_ptr_array_insert (self->queue, 0, g_object_ref (request));
  else
    {
      g_clear_object (&self->now);
      self->now = tempo_now_playing_new (song, name != NULL ? request : NULL, 134000, NOW, TRUE);
    }
  publish (self);
  return status != TEMPO_REQUEST_PLAYING ? request : NULL;
}

const char *
tempo_twin_ask (TempoTwin *self,
                const char *title,
                const char *name)
{
  return tempo_twin_put (self, TEMPO_REQUEST_PENDING, NULL, title, "Somebody", name)->id;
}

void
tempo_twin_decide_elsewhere (TempoTwin *self,
                             guint index)
{
  settle (self, self->inbox, index, TEMPO_REQUEST_APPROVED);
  publish (self);
}

void
tempo_twin_set_source (TempoTwin *self,
                       const char *source)
{
  TempoRoomInfo *after = tempo_room_info_copy (self->room);

  g_free (after->source);
  after->source = g_strdup (source);
  g_object_unref (self->room);
  self->room = after;
  publish (self);
}

void
tempo_twin_set_health (TempoTwin *self,
                       const char *code,
                       TempoHealthLevel level)
{
  TempoHealth *health = g_new0 (TempoHealth, 1);

  for (guint i = self->health->len; i > 0; i--)
    if (g_strcmp0 (((TempoHealth *) g_ptr_array_index (self->health, i - 1))->code, code) == 0)
      g_ptr_array_remove_index (self->health, i - 1);
  *health = (TempoHealth) { code, level, g_strdup (level == TEMPO_HEALTH_GOOD ? "" : "something") };
  g_ptr_array_add (self->health, health);
  publish (self);
}

TempoClock *
tempo_twin_get_clock (TempoTwin *self)
{
  return self->clock;
}

void
tempo_twin_set_folder (TempoTwin *self,
                       const char *folder)
{
  g_free (self->folder);
  self->folder = g_strdup (folder);
}

void
tempo_twin_set_pin (TempoTwin *self,
                    const char *pin)
{
  g_free (self->pin);
  self->pin = g_strdup (pin);
}

const char *
tempo_twin_get_pin (TempoTwin *self)
{
  return self->pin;
}

void
tempo_twin_add_source (TempoTwin *self,
                       const char *kind,
                       const char *state)
{
  TempoSourceState *source = tempo_source_state_new (kind, state, "", 0);

  source->usable = g_str_equal (state, "ready") || g_str_equal (state, "idle");
  source->active = source->usable && tempo_source_states_find_active (self->sources) == NULL;
  source->fallback = source->active && self->sources->len > 0;
  g_ptr_array_add (self->sources, source);
  publish (self);
}

void
tempo_twin_set_spotify (TempoTwin *self,
                        const char *state)
{
  self->spotify_state = g_intern_string (state);
}

const char *
tempo_twin_get_spotify_client (TempoTwin *self)
{
  return self->spotify_client;
}
