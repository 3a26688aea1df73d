/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/tempo-types.h"

G_BEGIN_DECLS

typedef enum
{
  TEMPO_SWITCH_OPEN,
  TEMPO_SWITCH_RESTRICTED, /* votes only */
  TEMPO_SWITCH_CLOSED,
} TempoSwitch;
#define TEMPO_TYPE_SWITCH (tempo_switch_get_type ())
GType tempo_switch_get_type (void);
const char *tempo_switch_to_string (TempoSwitch value);
gboolean tempo_switch_from_string (const char *text, TempoSwitch *value);

/* A room as stored: what outlives its events. Never set after sharing; then any thread. */
struct _TempoRoomInfo
{
  GObject parent_instance;

  char *id;      /* (owned) */
  char *code;    /* (owned) permanent join code, unique on the host */
  char *name;    /* (owned) */
  char *source;  /* (owned) the first of sources */
  char **sources; /* (owned) kinds, in the order they are tried */
  guint fallback_seconds; /* so long the active one may be away before the next takes over */
  TempoSwitch switch_state;
  double volume; /* 0..1, cubic as sliders are */
  char *wifi_ssid;     /* (owned) (nullable) shown to join the Wi-Fi, when the host allows */
  char *wifi_password; /* (owned) (nullable) */
  gboolean wifi_hidden;
  char *announcement;  /* (owned) (nullable) on the display until it is taken back */
  char **announcements; /* (owned) (nullable) by the clock: tempo_schedule_is_line() */
  char *announced;     /* (owned) (nullable) of them, what holds now; it stands before the other */
  gint64 created_at;
  gboolean active; /* FALSE: closed for good, known to staff only */
};

#define TEMPO_TYPE_ROOM_INFO (tempo_room_info_get_type ())
GType tempo_room_info_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoRoomInfo, g_object_unref)
#define TEMPO_ROOM_INFO(o) (G_TYPE_CHECK_INSTANCE_CAST ((o), TEMPO_TYPE_ROOM_INFO, TempoRoomInfo))

TempoRoomInfo *tempo_room_info_new (const char *id, const char *code, const char *name);
TempoRoomInfo *tempo_room_info_copy (TempoRoomInfo *self);
#define TEMPO_ROOM_MAX_SOURCES 5
/* @sources: kinds, none twice, at least one. On an unshared room. */
void tempo_room_info_set_sources (TempoRoomInfo *self, const char *const *sources);
/* Whether @kind is one of "library", "manual", "mpd", "mpris", "spotify". */
gboolean tempo_source_kind_is_known (const char *kind);
/* {"id","code","name","switch"}. */
void tempo_room_info_to_json (TempoRoomInfo *self, TempoJson *json, const char *key);
/* WIFI:T:WPA;S:…;P:…;; with \ ; , " : escaped (ZXing's form). NULL without a network. (transfer full). */
char *tempo_wifi_code (const char *ssid, const char *password, gboolean hidden);

G_END_DECLS
