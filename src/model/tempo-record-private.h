/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A record is an object with plain public fields which never change after it was
 * shared. One table of its fields gives it read-only properties for templates,
 * its copy and its end, so no type spells those out.
 *
 * Properties are never notified: a changed record is another object. */

typedef enum
{
  TEMPO_FIELD_TEXT,   /* char *, owned */
  TEMPO_FIELD_FLAG,   /* gboolean */
  TEMPO_FIELD_INT64,  /* gint64 */
  TEMPO_FIELD_UINT64, /* guint64 */
  TEMPO_FIELD_COUNT,  /* guint */
  TEMPO_FIELD_REAL,   /* double */
  TEMPO_FIELD_ENUM,   /* an enumeration, with its type */
  TEMPO_FIELD_OBJECT, /* GObject *, owned, with its type */
  TEMPO_FIELD_BOXED,  /* boxed, owned, with its type */
} TempoFieldKind;

typedef struct
{
  const char *name; /* static; '_' is '-' in the property's name */
  TempoFieldKind kind;
  gsize offset;
  GType (*get_type) (void);
} TempoField;

#define TEMPO_FIELD(Type, field, KIND) { #field, TEMPO_FIELD_##KIND, G_STRUCT_OFFSET (Type, field), NULL }
#define TEMPO_FIELD_OF(Type, field, KIND, get_type) { #field, TEMPO_FIELD_##KIND, G_STRUCT_OFFSET (Type, field), get_type }

void tempo_record_install (GObjectClass *object_class, const TempoField *fields, guint n_fields);
void tempo_record_get (gpointer record, const TempoField *field, GValue *value);
void tempo_record_clear (gpointer record, const TempoField *fields, guint n_fields);
/* (transfer full). */
gpointer tempo_record_copy (gpointer record, const TempoField *fields, guint n_fields);

/* Defines the final type of a record from its table. */
#define TEMPO_DEFINE_RECORD(Type, type, fields) \
  typedef struct \
  { \
    GObjectClass parent_class; \
  } Type##Class; \
  G_DEFINE_FINAL_TYPE (Type, type, G_TYPE_OBJECT) \
  static void type##_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) \
  { \
    tempo_record_get (object, &fields[id - 1], value); \
  } \
  static void type##_finalize (GObject *object) \
  { \
    tempo_record_clear (object, fields, G_N_ELEMENTS (fields)); \
    G_OBJECT_CLASS (type##_parent_class)->finalize (object); \
  } \
  static void type##_class_init (Type##Class *klass) \
  { \
    G_OBJECT_CLASS (klass)->get_property = type##_get_property; \
    G_OBJECT_CLASS (klass)->finalize = type##_finalize; \
    tempo_record_install (G_OBJECT_CLASS (klass), fields, G_N_ELEMENTS (fields)); \
  } \
  static void type##_init (Type *self) \
  { \
  }

/* The words of an enumeration are the nicks of its type: API, database and
 * templates say the same. */
const char *tempo_enum_to_word (GType type, int value);
gboolean tempo_enum_from_word (GType type, const char *word, int *value);

#define TEMPO_DEFINE_WORDS(Enum, prefix, type) \
  const char *prefix##_to_string (Enum value) \
  { \
    return tempo_enum_to_word (type, (int) value); \
  } \
  gboolean prefix##_from_string (const char *text, Enum *value) \
  { \
    int found; \
    if (!tempo_enum_from_word (type, text, &found)) \
      return FALSE; \
    *value = (Enum) found; \
    return TRUE; \
  }

G_END_DECLS
