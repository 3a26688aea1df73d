/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-music"
#include "music/library/tempo-library-private.h"

#include <string.h>

#include "base/tempo-clock.h"
#include "model/tempo-song.h"
#include "music/tempo-artwork.h"
#include "music/library/tempo-library-choice.h"
#include "music/library/tempo-library-index.h"
#include "music/library/tempo-library-player.h"
#include "music/library/tempo-library-scan.h"
#include "music/library/tempo-library-search.h"

/* The library source put together: the scanner keeps the index, the search asks it,
 * the player sounds. This object lives on the engine thread; each of the parts has a
 * worker for what may take time. Here nothing but point reads of the index is done. */

#define MAX_SEARCH_RESULTS 100
#define MAX_BROKEN_LISTED 200
#define MAX_REMEMBERED 512 /* songs kept for lookups */

struct _TempoLibrary
{
  GObject parent_instance;

  char *index_path; /* (owned) */
  char *artwork_dir; /* (owned) */
  TempoLibraryIndex *index; /* (owned) (nullable) NULL when the file cannot be made */
  TempoLibraryScan *scan; /* (owned) */
  TempoLibrarySearch *search; /* (owned) */
  TempoLibraryPlayer *player; /* (owned) */
  TempoLibraryChoice *choice; /* (owned) */
  TempoClock *clock; /* (owned) */
  char *folder; /* (owned) (nullable) absolute */
  char *playing_id; /* (owned) (nullable) */
  gint64 playing_ms; /* length of the song, 0: unknown */

  GHashTable *songs; /* (owned) id -> TempoSong, of the last lookups */
  GHashTable *broken_ids; /* (owned) marked, perhaps not yet in the index */

  TempoScanReport report; /* the last one */
  gboolean looked; /* the folder was looked at once */
  gboolean has_device;
  char *device_text; /* (owned) */
  TempoSourceHealth health;
  char *health_text; /* (owned) */
};

typedef struct
{
  GObjectClass parent_class;
} TempoLibraryClass;

enum
{
  PROP_0,
  PROP_FOLDER,
  PROP_SCANNING,
  PROP_SCANNED,
  PROP_TOTAL,
  PROP_SONGS,
  PROP_BROKEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void source_iface_init (TempoSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TempoLibrary, tempo_library, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEMPO_TYPE_SOURCE, source_iface_init))

/* Health */

static TempoSourceHealth
judge_health (TempoLibrary *self, const char **text)
{
  *text = "";
  if (self->index == NULL || self->report.trouble != NULL)
    {
      *text = self->report.trouble ? self->report.trouble : "the library's index cannot be opened";
      return TEMPO_SOURCE_GONE;
    }
  if (self->folder == NULL)
    {
      *text = "no music folder is chosen";
      return TEMPO_SOURCE_GONE;
    }
  if (self->report.missing)
    {
      *text = "the music folder is not there or empty";
      return TEMPO_SOURCE_GONE;
    }
  if (!self->has_device)
    {
      *text = self->device_text;
      return TEMPO_SOURCE_NO_DEVICE;
    }
  if (!self->looked && self->report.counts.songs == 0)
    {
      *text = "the music folder is read for the first time";
      return TEMPO_SOURCE_CONNECTING;
    }
  return TEMPO_SOURCE_READY;
}

static void
update_health (TempoLibrary *self)
{
  const char *text;
  TempoSourceHealth health = judge_health (self, &text);

  if (health == self->health && g_strcmp0 (text, self->health_text) == 0)
    return;
  self->health = health;
  g_clear_pointer (&self->health_text, g_free);
  self->health_text = g_strdup (text);
  g_signal_emit_by_name (self, "health-changed");
}

/* The scanner's and the player's news */

static void
catalogue_changed (TempoLibrary *self)
{
  g_hash_table_remove_all (self->songs);
  tempo_library_choice_forget (self->choice);
  g_signal_emit_by_name (self, "catalogue-changed");
}

static void
scan_cb (const TempoScanReport *report, gpointer user_data)
{
  g_autoptr (TempoLibrary) self = g_object_ref (user_data);
  TempoScanReport before = self->report;
  g_autofree char *trouble_before = before.trouble;

  self->report = *report;
  self->report.trouble = g_strdup (report->trouble);
  if (!report->scanning)
    {
      self->looked = TRUE;
      /* By now the index knows. */
      g_hash_table_remove_all (self->broken_ids);
    }
  g_object_freeze_notify (G_OBJECT (self));
  if (before.scanning != report->scanning)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCANNING]);
  if (before.scanned != report->scanned)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCANNED]);
  if (before.total != report->total)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOTAL]);
  if (before.counts.songs != report->counts.songs)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SONGS]);
  if (before.counts.broken != report->counts.broken)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BROKEN]);
  g_object_thaw_notify (G_OBJECT (self));
  update_health (self);
  if (report->changed)
    catalogue_changed (self);
}

static void
started_cb (gpointer user_data)
{
  g_signal_emit_by_name (user_data, "started");
}

static void
ended_cb (gpointer user_data)
{
  TempoLibrary *self = user_data;

  g_clear_pointer (&self->playing_id, g_free);
  g_signal_emit_by_name (self, "ended");
}

static void
failed_cb (const GError *error, gpointer user_data)
{
  g_autoptr (TempoLibrary) self = g_object_ref (user_data);
  g_autofree char *id = g_steal_pointer (&self->playing_id);

  if (id != NULL && g_error_matches (error, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_UNPLAYABLE))
    tempo_library_mark_broken (self, id, error->message);
  g_signal_emit_by_name (self, "failed", error);
}

static void
jumped_cb (gint64 position_ms, gpointer user_data)
{
  g_signal_emit_by_name (user_data, "position", position_ms);
}

static void
device_cb (gboolean present, const char *text, gpointer user_data)
{
  TempoLibrary *self = user_data;

  self->has_device = present;
  g_clear_pointer (&self->device_text, g_free);
  self->device_text = g_strdup (text);
  update_health (self);
}

static const TempoPlayerEvents player_events = { started_cb, ended_cb, failed_cb, jumped_cb, device_cb };

/* TempoSource */

/* Until a folder is chosen the library has nothing to offer, and a room that waits for one works as one whose
 * host plays: guests ask by name, the host marks what sounds. */
static TempoSourceAbilities
library_get_abilities (TempoSource *source)
{
  if (TEMPO_LIBRARY (source)->folder == NULL)
    return 0;

  return TEMPO_SOURCE_SEARCH | TEMPO_SOURCE_PLAY | TEMPO_SOURCE_TRANSPORT | TEMPO_SOURCE_VOLUME
         | TEMPO_SOURCE_FILLER | TEMPO_SOURCE_ARTWORK;
}

static TempoSourceHealth
library_get_health (TempoSource *source, const char **text)
{
  TempoLibrary *self = TEMPO_LIBRARY (source);

  if (text)
    *text = self->health_text;
  return self->health;
}

static void
library_search_async (TempoSource *source, const char *query, guint limit, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  TempoLibrary *self = TEMPO_LIBRARY (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, library_search_async);
  if (self->health == TEMPO_SOURCE_GONE)
    g_task_return_new_error (task, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_GONE, "%s", self->health_text);
  else
    tempo_library_search_run (self->search, query, MIN (limit, MAX_SEARCH_RESULTS), g_steal_pointer (&task));
}

/* A song that was marked a moment ago may still be in the index. */
static void
drop_broken (TempoLibrary *self, GPtrArray *songs)
{
  for (guint i = songs->len; i > 0 && g_hash_table_size (self->broken_ids) > 0; i--)
    {
      const TempoSong *song = g_ptr_array_index (songs, i - 1);

      if (g_hash_table_contains (self->broken_ids, song->id))
        g_ptr_array_remove_index (songs, i - 1);
    }
}

static GPtrArray *
library_search_finish (TempoSource *source, GAsyncResult *result, GError **error)
{
  GPtrArray *songs;

  g_return_val_if_fail (g_task_is_valid (result, source), NULL);
  songs = g_task_propagate_pointer (G_TASK (result), error);
  if (songs != NULL)
    drop_broken (TEMPO_LIBRARY (source), songs);
  return songs;
}

static TempoSong *
library_lookup (TempoSource *source, const char *song_id)
{
  TempoLibrary *self = TEMPO_LIBRARY (source);
  TempoSong *song = g_hash_table_lookup (self->songs, song_id);

  if (self->index == NULL || g_hash_table_contains (self->broken_ids, song_id))
    return NULL;
  if (song != NULL)
    return g_object_ref (song);
  song = tempo_library_index_lookup (self->index, song_id);
  if (song == NULL)
    return NULL;
  /* The queue of a night fits many times; starting over is simpler than ageing. */
  if (g_hash_table_size (self->songs) >= MAX_REMEMBERED)
    g_hash_table_remove_all (self->songs);
  g_hash_table_insert (self->songs, song->id, g_object_ref (song));
  return song;
}

static TempoSong *
library_match (TempoSource *source, const char *artist, const char *title)
{
  TempoLibrary *self = TEMPO_LIBRARY (source);
  g_autoptr (TempoSong) song = self->index ? tempo_library_index_match (self->index, artist, title) : NULL;

  if (song != NULL && g_hash_table_contains (self->broken_ids, song->id))
    return NULL;
  return g_steal_pointer (&song);
}

static GPtrArray *
library_suggest (TempoSource *source, guint limit)
{
  TempoLibrary *self = TEMPO_LIBRARY (source);
  GPtrArray *songs;

  if (self->index == NULL || self->health == TEMPO_SOURCE_GONE)
    return g_ptr_array_new_with_free_func (g_object_unref);
  songs = tempo_library_choice_suggest (self->choice, self->index, tempo_clock_now (self->clock),
                                        MIN (limit, MAX_SEARCH_RESULTS));
  drop_broken (self, songs);
  return songs;
}

static TempoSong *
library_next_filler (TempoSource *source)
{
  TempoLibrary *self = TEMPO_LIBRARY (source);

  /* A marked song may be met before the index knows. */
  for (guint i = 0; i < 8 && self->index != NULL && self->health != TEMPO_SOURCE_GONE; i++)
    {
      g_autoptr (TempoSong) song = tempo_library_choice_next (self->choice, self->index);

      if (song == NULL)
        return NULL;
      if (!g_hash_table_contains (self->broken_ids, song->id))
        return g_steal_pointer (&song);
    }
  return NULL;
}

static void
library_play (TempoSource *source, TempoSong *song, gint64 position_ms)
{
  TempoLibrary *self = TEMPO_LIBRARY (source);
  g_autoptr (TempoSong) known = NULL;
  const char *uri = song->uri;

  /* A song that was stored with a request knows its id only. */
  if (uri == NULL && song->id != NULL)
    {
      known = library_lookup (source, song->id);
      uri = known ? known->uri : NULL;
    }
  g_clear_pointer (&self->playing_id, g_free);
  self->playing_id = g_strdup (song->id);
  self->playing_ms = known ? known->duration_ms : song->duration_ms;
  tempo_library_player_play (self->player, uri, self->folder, position_ms);
}

static void
library_pause (TempoSource *source)
{
  tempo_library_player_pause (TEMPO_LIBRARY (source)->player);
}

static void
library_resume (TempoSource *source)
{
  tempo_library_player_resume (TEMPO_LIBRARY (source)->player);
}

static void
library_stop (TempoSource *source)
{
  TempoLibrary *self = TEMPO_LIBRARY (source);

  g_clear_pointer (&self->playing_id, g_free);
  tempo_library_player_stop (self->player);
}

static void
library_seek (TempoSource *source, gint64 position_ms)
{
  tempo_library_player_seek (TEMPO_LIBRARY (source)->player, position_ms);
}

static gint64
library_get_position (TempoSource *source)
{
  TempoLibrary *self = TEMPO_LIBRARY (source);
  gint64 position = tempo_library_player_get_position (self->player);

  return self->playing_ms > 0 ? MIN (position, self->playing_ms) : position;
}

static void
library_set_volume (TempoSource *source, double volume)
{
  tempo_library_player_set_volume (TEMPO_LIBRARY (source)->player, volume);
}

static void
artwork_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_file_load_bytes_finish (G_FILE (object), result, NULL, &error);
  gsize length = 0;
  gconstpointer data = bytes ? g_bytes_get_data (bytes, &length) : NULL;

  /* Checked again: between being stored and being asked for, anything can happen to a file. */
  if (bytes != NULL && length <= TEMPO_ARTWORK_MAX_BYTES && tempo_artwork_probe (data, length, NULL, NULL) != NULL)
    g_task_return_pointer (task, g_steal_pointer (&bytes), (GDestroyNotify) g_bytes_unref);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND, "there is no such picture");
}

static void
library_artwork_async (TempoSource *source, const char *artwork, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  TempoLibrary *self = TEMPO_LIBRARY (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *path = tempo_artwork_path (self->artwork_dir, artwork);
  g_autoptr (GFile) file = NULL;

  g_task_set_source_tag (task, library_artwork_async);
  if (path == NULL)
    {
      g_task_return_new_error (task, TEMPO_SOURCE_ERROR, TEMPO_SOURCE_ERROR_NOT_FOUND, "that is no picture's id");
      return;
    }
  file = g_file_new_for_path (path);
  g_file_load_bytes_async (file, cancellable, artwork_loaded_cb, g_steal_pointer (&task));
}

static GBytes *
library_artwork_finish (TempoSource *source, GAsyncResult *result, char **content_type, GError **error)
{
  GBytes *bytes;
  gsize length;
  gconstpointer data;

  g_return_val_if_fail (g_task_is_valid (result, source), NULL);
  bytes = g_task_propagate_pointer (G_TASK (result), error);
  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &length);
  if (content_type)
    *content_type = g_strdup (tempo_artwork_probe (data, length, NULL, NULL));
  return bytes;
}

static void
source_iface_init (TempoSourceInterface *iface)
{
  iface->get_abilities = library_get_abilities;
  iface->get_health = library_get_health;
  iface->search_async = library_search_async;
  iface->search_finish = library_search_finish;
  iface->lookup = library_lookup;
  iface->match = library_match;
  iface->suggest = library_suggest;
  iface->play = library_play;
  iface->pause = library_pause;
  iface->resume = library_resume;
  iface->stop = library_stop;
  iface->seek = library_seek;
  iface->get_position = library_get_position;
  iface->set_volume = library_set_volume;
  iface->next_filler = library_next_filler;
  iface->artwork_async = library_artwork_async;
  iface->artwork_finish = library_artwork_finish;
}

/* GObject */

static void
tempo_library_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TempoLibrary *self = TEMPO_LIBRARY (object);

  switch (id)
    {
    case PROP_FOLDER:
      g_value_set_string (value, self->folder);
      break;
    case PROP_SCANNING:
      g_value_set_boolean (value, self->report.scanning);
      break;
    case PROP_SCANNED:
      g_value_set_uint (value, self->report.scanned);
      break;
    case PROP_TOTAL:
      g_value_set_uint (value, self->report.total);
      break;
    case PROP_SONGS:
      g_value_set_uint (value, self->report.counts.songs);
      break;
    case PROP_BROKEN:
      g_value_set_uint (value, self->report.counts.broken);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
tempo_library_dispose (GObject *object)
{
  TempoLibrary *self = TEMPO_LIBRARY (object);

  g_clear_pointer (&self->player, tempo_library_player_free);
  g_clear_pointer (&self->scan, tempo_library_scan_free);
  g_clear_pointer (&self->search, tempo_library_search_free);
  g_clear_pointer (&self->index, tempo_library_index_close);
  G_OBJECT_CLASS (tempo_library_parent_class)->dispose (object);
}

static void
tempo_library_finalize (GObject *object)
{
  TempoLibrary *self = TEMPO_LIBRARY (object);

  g_clear_pointer (&self->choice, tempo_library_choice_free);
  g_clear_object (&self->clock);
  g_hash_table_unref (self->songs);
  g_hash_table_unref (self->broken_ids);
  g_clear_pointer (&self->report.trouble, g_free);
  g_clear_pointer (&self->index_path, g_free);
  g_clear_pointer (&self->artwork_dir, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->playing_id, g_free);
  g_clear_pointer (&self->device_text, g_free);
  g_clear_pointer (&self->health_text, g_free);
  G_OBJECT_CLASS (tempo_library_parent_class)->finalize (object);
}

static void
tempo_library_class_init (TempoLibraryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = tempo_library_get_property;
  object_class->dispose = tempo_library_dispose;
  object_class->finalize = tempo_library_finalize;
  properties[PROP_FOLDER] = g_param_spec_string ("folder", NULL, NULL, NULL, flags);
  properties[PROP_SCANNING] = g_param_spec_boolean ("scanning", NULL, NULL, FALSE, flags);
  properties[PROP_SCANNED] = g_param_spec_uint ("scanned", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SONGS] = g_param_spec_uint ("songs", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_BROKEN] = g_param_spec_uint ("broken", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tempo_library_init (TempoLibrary *self)
{
  self->songs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->broken_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->clock = tempo_clock_new_system ();
  self->choice = tempo_library_choice_new ();
  self->has_device = TRUE;
  self->device_text = g_strdup ("");
}

/**
 * tempo_library_new:
 *
 * Opens the index, which is quick, and starts the workers. Until a folder is set
 * the source is GONE: songs of an earlier run may be looked up, but not searched.
 * Returns: (transfer full)
 */
TempoSource *
tempo_library_new (const char *index_path, const char *artwork_dir, const char *sink)
{
  TempoLibrary *self;
  g_autoptr (TempoLibraryIndex) writer = NULL;
  g_autoptr (GError) error = NULL;
  const char *text;

  g_return_val_if_fail (index_path != NULL && artwork_dir != NULL, NULL);
  gst_init (NULL, NULL);
  self = g_object_new (tempo_library_get_type (), NULL);
  self->index_path = g_strdup (index_path);
  self->artwork_dir = g_strdup (artwork_dir);
  writer = tempo_library_index_open (index_path, TRUE, &error);
  if (writer != NULL)
    self->index = tempo_library_index_open (index_path, FALSE, &error);
  if (self->index != NULL)
    self->report.counts = tempo_library_index_count (self->index);
  else
    self->report.trouble = g_strdup (error->message);
  self->scan = tempo_library_scan_new (index_path, artwork_dir, scan_cb, self);
  self->search = tempo_library_search_new (index_path);
  self->player = tempo_library_player_new (sink, &player_events, self);
  self->health = judge_health (self, &text);
  self->health_text = g_strdup (text);
  return TEMPO_SOURCE (self);
}

/**
 * tempo_library_set_folder:
 *
 * The same folder again is a rescan: that is what a host's "look again" means, and
 * unchanged files cost nothing.
 */
void
tempo_library_set_folder (TempoLibrary *self, const char *folder)
{
  g_autofree char *absolute = folder && *folder ? g_canonicalize_filename (folder, NULL) : NULL;
  g_autofree char *before = NULL;
  gboolean same = g_strcmp0 (absolute, self->folder) == 0;

  if (self->index == NULL)
    return;
  before = tempo_library_index_get_folder (self->index);
  if (g_strcmp0 (absolute, before) != 0)
    {
      /* They go from the index with the worker's first transaction. */
      g_clear_pointer (&self->report.trouble, g_free);
      self->report = (TempoScanReport) { 0 };
      self->looked = FALSE;
    }
  self->report.missing = self->report.missing && same;
  g_clear_pointer (&self->folder, g_free);
  self->folder = g_strdup (absolute);
  tempo_library_choice_set_folder (self->choice, self->folder, NULL);
  tempo_library_scan_set_folder (self->scan, self->folder);
  if (!same && self->folder != NULL)
    tempo_library_player_probe (self->player);
  if (!same)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDER]);
  update_health (self);
}

/**
 * tempo_library_get_folder:
 *
 * The folder set last, absolute, or NULL;
 * whether it is there is a question for the source's health.
 */
const char *
tempo_library_get_folder (TempoLibrary *self)
{
  return self->folder;
}

/**
 * tempo_library_set_filler_folder:
 *
 * A folder inside the library, absolute or relative to it. One that is outside or
 * holds nothing gives no filler, rather than music the host did not choose.
 */
void
tempo_library_set_filler_folder (TempoLibrary *self, const char *folder)
{
  tempo_library_choice_set_folder (self->choice, self->folder, folder && *folder ? folder : "");
}

/**
 * tempo_library_list_broken:
 *
 * Which files are left out and why, for the host's eyes.
 * Returns: (transfer full) (element-type utf8)
 */
GPtrArray *
tempo_library_list_broken (TempoLibrary *self)
{
  if (self->index == NULL)
    return g_ptr_array_new_with_free_func (g_free);
  return tempo_library_index_list_broken (self->index, MAX_BROKEN_LISTED);
}

/**
 * tempo_library_mark_broken:
 *
 * Takes effect at once for everything this object answers; the index follows when
 * the scanner comes to it.
 */
void
tempo_library_mark_broken (TempoLibrary *self, const char *song_id, const char *reason)
{
  g_return_if_fail (song_id != NULL);
  g_hash_table_add (self->broken_ids, g_strdup (song_id));
  g_hash_table_remove (self->songs, song_id);
  tempo_library_scan_mark_broken (self->scan, song_id, reason);
}

/**
 * tempo_library_get_last_gap:
 *
 * How long it was silent between the last two songs, -1 before the first pair.
 * Only songs handed over at the end of another count.
 */
gint64
tempo_library_get_last_gap (TempoLibrary *self)
{
  return tempo_library_player_get_last_gap (self->player);
}

/**
 * tempo_library_set_reader:
 *
 * Tests and benches: @func reads files in GStreamer's place.
 * Before the first folder is set.
 */
void
tempo_library_set_reader (TempoLibrary *self, TempoLibraryReadFunc func, gpointer user_data)
{
  tempo_library_scan_set_reader (self->scan, func, user_data);
}

/**
 * tempo_library_set_quiet_ms:
 *
 * Tests: changes in the folder are looked at sooner.
 * Before the first folder is set.
 */
void
tempo_library_set_quiet_ms (TempoLibrary *self, guint quiet_ms)
{
  tempo_library_scan_set_quiet_ms (self->scan, quiet_ms);
}

/**
 * tempo_library_set_clock:
 *
 * Tests: which night it is for suggestions.
 * Nothing else here goes by the wall clock.
 */
void
tempo_library_set_clock (TempoLibrary *self, TempoClock *clock)
{
  g_set_object (&self->clock, clock);
}
