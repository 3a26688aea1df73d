/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tempo-batch-private.h"

#include <string.h>

/* Texts of a batch lie in one piece of memory: an ordinary batch has a few dozen of them. */
#define TEXT_BLOCK 1024

typedef struct
{
  char kind; /* a letter of tempo_batch_add() */
  int length;
  union
  {
    const char *text; /* in the batch's texts, or NULL */
    gint64 integer;
    double real;
    GBytes *bytes; /* (owned) (nullable) */
  } as;
} Value;

typedef struct
{
  const char *name; /* in the batch's texts */
  guint first_value;
  guint n_values;
} Statement;

struct _TempoBatch
{
  GStringChunk *texts; /* (owned) */
  GArray *values;      /* (owned) (element Value) */
  GArray *statements;  /* (owned) (element Statement) */
};

static void
clear_value (gpointer data)
{
  Value *value = data;

  if (value->kind == 'b')
    g_clear_pointer (&value->as.bytes, g_bytes_unref);
}

static void
clear_batch (gpointer data)
{
  TempoBatch *self = data;

  g_string_chunk_free (self->texts);
  g_array_unref (self->values);
  g_array_unref (self->statements);
}

static void
set_text (TempoBatch *self, Value *value, const char *text, gsize length)
{
  value->as.text = g_string_chunk_insert_len (self->texts, text, length);
  value->length = (int) length;
}

static int
bind_value (sqlite3_stmt *stmt, int at, const Value *value)
{
  gsize size = 0;
  const void *data = NULL;

  switch (value->kind)
    {
    case 's':
      return sqlite3_bind_text (stmt, at, value->as.text, value->length, SQLITE_STATIC);
    case 'i':
      return sqlite3_bind_int64 (stmt, at, value->as.integer);
    case 'd':
      return sqlite3_bind_double (stmt, at, value->as.real);
    case 'b':
      if (value->as.bytes == NULL)
        return sqlite3_bind_null (stmt, at);
      data = g_bytes_get_data (value->as.bytes, &size);
      return sqlite3_bind_blob64 (stmt, at, data != NULL ? data : "", size, SQLITE_STATIC);
    default:
      return sqlite3_bind_null (stmt, at);
    }
}

guint
tempo_batch_get_length (TempoBatch *self)
{
  return self->statements->len;
}

const char *
tempo_batch_get_name (TempoBatch *self, guint index)
{
  return g_array_index (self->statements, Statement, index).name;
}

/**
 * tempo_batch_bind: gives a statement the values at @index
 * @stmt: reset and without values
 *
 * The values are not copied: the batch must outlive the run of the statement.
 *
 * Returns: an SQLite result
 */
int
tempo_batch_bind (TempoBatch *self, guint index, sqlite3_stmt *stmt)
{
  const Statement *statement = &g_array_index (self->statements, Statement, index);
  int rc = SQLITE_OK;

  for (guint i = 0; rc == SQLITE_OK && i < statement->n_values; i++)
    rc = bind_value (stmt, (int) i + 1, &g_array_index (self->values, Value, statement->first_value + i));
  return rc;
}

/**
 * tempo_batch_add_valist: tempo_batch_add() for callers that have a list
 * @format: letters as in tempo_batch_add()
 *
 * Other letters are a programming error.
 */
void
tempo_batch_add_valist (TempoBatch *self, const char *name, const char *format, va_list values)
{
  Statement statement = { g_string_chunk_insert_const (self->texts, name), self->values->len, 0 };

  for (const char *letter = format; *letter != '\0'; letter++)
    {
      Value value = { *letter, 0, { NULL } };
      const char *text = NULL;

      switch (*letter)
        {
        case 's':
          text = va_arg (values, const char *);
          if (text != NULL)
            set_text (self, &value, text, strlen (text));
          break;
        case 'i':
          value.as.integer = va_arg (values, gint64);
          break;
        case 'd':
          value.as.real = va_arg (values, double);
          break;
        case 'b':
          value.as.bytes = va_arg (values, GBytes *);
          if (value.as.bytes != NULL)
            g_bytes_ref (value.as.bytes);
          break;
        default:
          g_assert (*letter == 'n');
          break;
        }
      g_array_append_val (self->values, value);
      statement.n_values++;
    }
  g_array_append_val (self->statements, statement);
}

/**
 * tempo_batch_new: an empty batch
 *
 * Used by one thread until it is given to a store, by the store's writer from then on.
 *
 * Returns: (transfer full): the batch
 */
TempoBatch *
tempo_batch_new (void)
{
  TempoBatch *self = g_atomic_rc_box_new0 (TempoBatch);

  self->texts = g_string_chunk_new (TEXT_BLOCK);
  self->values = g_array_sized_new (FALSE, FALSE, sizeof (Value), 64);
  g_array_set_clear_func (self->values, clear_value);
  self->statements = g_array_sized_new (FALSE, FALSE, sizeof (Statement), 4);
  return self;
}

TempoBatch *
tempo_batch_ref (TempoBatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

void
tempo_batch_unref (TempoBatch *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear_batch);
}

/**
 * tempo_batch_add: adds one statement to the end
 * @name: a file of data/sql/statements without ".sql"; an unknown one fails the batch when it runs
 * @format: a letter a value
 *
 * Integers must be passed as gint64: a plain 0 is too short on the way through "...".
 */
void
tempo_batch_add (TempoBatch *self, const char *name, const char *format, ...)
{
  va_list values;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (format != NULL);

  va_start (values, format);
  tempo_batch_add_valist (self, name, format, values);
  va_end (values);
}

gboolean
tempo_batch_is_empty (TempoBatch *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->statements->len == 0;
}

/**
 * tempo_batch_append: moves all of @other to the end of @self
 * @other: empty afterwards
 *
 * Texts are copied, as each batch has its own piece of memory for them.
 */
void
tempo_batch_append (TempoBatch *self, TempoBatch *other)
{
  guint first = 0;

  g_return_if_fail (self != NULL);
  g_return_if_fail (other != NULL && other != self);

  first = self->values->len;
  for (guint i = 0; i < other->values->len; i++)
    {
      Value *value = &g_array_index (other->values, Value, i);
      Value copy = *value;

      if (copy.kind == 's' && copy.as.text != NULL)
        set_text (self, &copy, copy.as.text, (gsize) copy.length);
      value->kind = 'n';
      g_array_append_val (self->values, copy);
    }
  for (guint i = 0; i < other->statements->len; i++)
    {
      Statement statement = g_array_index (other->statements, Statement, i);

      statement.name = g_string_chunk_insert_const (self->texts, statement.name);
      statement.first_value += first;
      g_array_append_val (self->statements, statement);
    }
  g_array_set_size (other->values, 0);
  g_array_set_size (other->statements, 0);
  g_string_chunk_clear (other->texts);
}
