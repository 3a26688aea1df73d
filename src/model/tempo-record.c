/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/tempo-record-private.h"

static GParamSpec *
make_property (const TempoField *field)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_NICK | G_PARAM_STATIC_BLURB;

  switch (field->kind)
    {
    case TEMPO_FIELD_TEXT:
      return g_param_spec_string (field->name, NULL, NULL, NULL, flags);
    case TEMPO_FIELD_FLAG:
      return g_param_spec_boolean (field->name, NULL, NULL, FALSE, flags);
    case TEMPO_FIELD_INT64:
      return g_param_spec_int64 (field->name, NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
    case TEMPO_FIELD_UINT64:
      return g_param_spec_uint64 (field->name, NULL, NULL, 0, G_MAXUINT64, 0, flags);
    case TEMPO_FIELD_COUNT:
      return g_param_spec_uint (field->name, NULL, NULL, 0, G_MAXUINT, 0, flags);
    case TEMPO_FIELD_REAL:
      return g_param_spec_double (field->name, NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
    case TEMPO_FIELD_ENUM:
      return g_param_spec_enum (field->name, NULL, NULL, field->get_type (), 0, flags);
    case TEMPO_FIELD_OBJECT:
      return g_param_spec_object (field->name, NULL, NULL, field->get_type (), flags);
    case TEMPO_FIELD_BOXED:
      return g_param_spec_boxed (field->name, NULL, NULL, field->get_type (), flags);
    default:
      g_assert_not_reached ();
    }
}

/* Copies one field of @from into the fresh record @to. */
static void
copy_field (const TempoField *field,
            gconstpointer from,
            gpointer to)
{
  gconstpointer source = G_STRUCT_MEMBER_P (from, field->offset);
  gpointer target = G_STRUCT_MEMBER_P (to, field->offset);

  switch (field->kind)
    {
    case TEMPO_FIELD_TEXT:
      *(char **) target = g_strdup (*(char *const *) source);
      break;
    case TEMPO_FIELD_FLAG:
    case TEMPO_FIELD_ENUM:
      *(int *) target = *(const int *) source;
      break;
    case TEMPO_FIELD_INT64:
    case TEMPO_FIELD_UINT64:
      *(gint64 *) target = *(const gint64 *) source;
      break;
    case TEMPO_FIELD_COUNT:
      *(guint *) target = *(const guint *) source;
      break;
    case TEMPO_FIELD_REAL:
      *(double *) target = *(const double *) source;
      break;
    case TEMPO_FIELD_OBJECT:
      g_set_object ((GObject **) target, *(GObject *const *) source);
      break;
    case TEMPO_FIELD_BOXED:
      if (*(const gpointer *) source != NULL)
        *(gpointer *) target = g_boxed_copy (field->get_type (), *(const gpointer *) source);
      break;
    default:
      g_assert_not_reached ();
    }
}

/**
 * tempo_record_install:
 * @object_class: of a record
 * @fields: its table
 * @n_fields: entries
 *
 * Gives the class a read-only property per field, numbered as in the table.
 */
void
tempo_record_install (GObjectClass *object_class,
                      const TempoField *fields,
                      guint n_fields)
{
  for (guint i = 0; i < n_fields; i++)
    g_object_class_install_property (object_class, i + 1, make_property (&fields[i]));
}

/**
 * tempo_record_get:
 * @record: a record
 * @field: one of its fields
 * @value: initialized to the field's property type
 *
 * Reads a field as its property.
 */
void
tempo_record_get (gpointer record,
                  const TempoField *field,
                  GValue *value)
{
  gconstpointer at = G_STRUCT_MEMBER_P (record, field->offset);

  switch (field->kind)
    {
    case TEMPO_FIELD_TEXT:
      g_value_set_string (value, *(char *const *) at);
      break;
    case TEMPO_FIELD_FLAG:
      g_value_set_boolean (value, *(const gboolean *) at);
      break;
    case TEMPO_FIELD_INT64:
      g_value_set_int64 (value, *(const gint64 *) at);
      break;
    case TEMPO_FIELD_UINT64:
      g_value_set_uint64 (value, *(const guint64 *) at);
      break;
    case TEMPO_FIELD_COUNT:
      g_value_set_uint (value, *(const guint *) at);
      break;
    case TEMPO_FIELD_REAL:
      g_value_set_double (value, *(const double *) at);
      break;
    case TEMPO_FIELD_ENUM:
      g_value_set_enum (value, *(const int *) at);
      break;
    case TEMPO_FIELD_OBJECT:
      g_value_set_object (value, *(const gpointer *) at);
      break;
    case TEMPO_FIELD_BOXED:
      g_value_set_boxed (value, *(const gpointer *) at);
      break;
    default:
      g_assert_not_reached ();
    }
}

/**
 * tempo_record_clear:
 * @record: a record
 * @fields: its table
 * @n_fields: entries
 *
 * Gives up everything the record owns; copes with one that is half filled.
 */
void
tempo_record_clear (gpointer record,
                    const TempoField *fields,
                    guint n_fields)
{
  for (guint i = 0; i < n_fields; i++)
    {
      gpointer at = G_STRUCT_MEMBER_P (record, fields[i].offset);

      if (fields[i].kind == TEMPO_FIELD_TEXT)
        g_clear_pointer ((char **) at, g_free);
      else if (fields[i].kind == TEMPO_FIELD_OBJECT)
        g_clear_object ((GObject **) at);
      else if (fields[i].kind == TEMPO_FIELD_BOXED && *(gpointer *) at != NULL)
        g_boxed_free (fields[i].get_type (), g_steal_pointer ((gpointer *) at));
    }
}

/**
 * tempo_record_copy:
 * @record: a record
 * @fields: its table
 * @n_fields: entries
 *
 * Texts are copied, objects shared: they do not change either.
 *
 * Returns: (transfer full): an unshared record with the same fields
 */
gpointer
tempo_record_copy (gpointer record,
                   const TempoField *fields,
                   guint n_fields)
{
  GObject *copy = g_object_new (G_OBJECT_TYPE (record), NULL);

  for (guint i = 0; i < n_fields; i++)
    copy_field (&fields[i], record, copy);

  return copy;
}

/* Classes of enumerations stay once they are there; only the first look makes one. */
static GEnumClass *
peek_enum (GType type)
{
  gpointer klass = g_type_class_peek (type);

  return klass != NULL ? klass : g_type_class_ref (type);
}

/**
 * tempo_enum_to_word:
 * @type: an enumeration
 * @value: one of its values
 *
 * Returns: its nick, static; "" for a value the type does not have
 */
const char *
tempo_enum_to_word (GType type,
                    int value)
{
  GEnumValue *found = g_enum_get_value (peek_enum (type), value);

  return found != NULL ? found->value_nick : "";
}

/**
 * tempo_enum_from_word:
 * @type: an enumeration
 * @word: (nullable): what came from outside
 * @value: (out): the value
 *
 * Returns: %FALSE, with @value untouched, when the type has no such word
 */
gboolean
tempo_enum_from_word (GType type,
                      const char *word,
                      int *value)
{
  GEnumValue *found = word != NULL ? g_enum_get_value_by_nick (peek_enum (type), word) : NULL;

  if (found == NULL)
    return FALSE;

  *value = found->value;

  return TRUE;
}
