/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "music/tempo-source.h"

/* A private bus with players of ours on it, as sloppy as real ones, and the source that follows them. */
typedef struct
{
  GDBusConnection *bus; /* (owned) */
  char *name;           /* (owned) */
  guint id;
  guint objects[2];
  char *status;         /* (owned) */
  GVariant *metadata;   /* (owned) */
  gint64 position;
  double volume;
  gboolean hangs;
  gboolean obeys;
  GString *heard;       /* (owned) */
} SloppyPlayer;

typedef struct
{
  GTestDBus *daemon;   /* (owned) */
  GDBusConnection *bus; /* (owned) the source's */
  TempoSource *source; /* (owned) (nullable) */
  guint changes;
} MprisHouse;

MprisHouse *mpris_house_new (void);
/* @player: (nullable) the one to follow. */
void mpris_house_open (MprisHouse *house, const char *player);
void mpris_house_free (MprisHouse *house);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MprisHouse, mpris_house_free)

/* @metadata: a text of a GVariant. @hangs: nobody answers for it. */
SloppyPlayer *sloppy_new (MprisHouse *house, const char *name, const char *status, const char *metadata, gboolean hangs);
void sloppy_free (SloppyPlayer *player);
/* One name more for the same player. */
void sloppy_own (SloppyPlayer *player, const char *name);
void sloppy_set_metadata (SloppyPlayer *player, const char *text);
/* Tells that @property changed. */
void sloppy_say (SloppyPlayer *player, const char *property, GVariant *value);
/* Another song or state, told as players tell it. */
void sloppy_set (SloppyPlayer *player, const char *status, const char *metadata);
