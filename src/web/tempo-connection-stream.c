/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-connection.h"

/* What libsoup sees of a connection: a GIOStream whose two ends hand everything to the connection. Three
 * types that only forward, hence in one file. */

#define TEMPO_TYPE_CONNECTION_STREAM (tempo_connection_stream_get_type ())
G_DECLARE_FINAL_TYPE (TempoConnectionStream, tempo_connection_stream, TEMPO, CONNECTION_STREAM, GIOStream)
#define TEMPO_TYPE_CONNECTION_INPUT (tempo_connection_input_get_type ())
G_DECLARE_FINAL_TYPE (TempoConnectionInput, tempo_connection_input, TEMPO, CONNECTION_INPUT, GInputStream)
#define TEMPO_TYPE_CONNECTION_OUTPUT (tempo_connection_output_get_type ())
G_DECLARE_FINAL_TYPE (TempoConnectionOutput, tempo_connection_output, TEMPO, CONNECTION_OUTPUT, GOutputStream)

struct _TempoConnectionInput
{
  GInputStream parent_instance;
  TempoConnection *connection; /* (owned) */
};

struct _TempoConnectionOutput
{
  GOutputStream parent_instance;
  TempoConnection *connection; /* (owned) */
};

struct _TempoConnectionStream
{
  GIOStream parent_instance;
  TempoConnection *connection;   /* (owned) */
  TempoConnectionInput *input;   /* (owned) */
  TempoConnectionOutput *output; /* (owned) */
};

static void input_pollable_init (GPollableInputStreamInterface *interface);
static void output_pollable_init (GPollableOutputStreamInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TempoConnectionInput,
                               tempo_connection_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, input_pollable_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (TempoConnectionOutput,
                               tempo_connection_output,
                               G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM, output_pollable_init))
G_DEFINE_FINAL_TYPE (TempoConnectionStream, tempo_connection_stream, G_TYPE_IO_STREAM)

/* --- input --- */

static gssize
input_read (GInputStream *stream,
            void *buffer,
            gsize count,
            GCancellable *cancellable,
            GError **error)
{
  return tempo_connection_read (TEMPO_CONNECTION_INPUT (stream)->connection, buffer, count, error);
}

static gssize
input_read_nonblocking (GPollableInputStream *stream,
                        void *buffer,
                        gsize count,
                        GError **error)
{
  return tempo_connection_read (TEMPO_CONNECTION_INPUT (stream)->connection, buffer, count, error);
}

static gboolean
input_is_readable (GPollableInputStream *stream)
{
  return tempo_connection_is_readable (TEMPO_CONNECTION_INPUT (stream)->connection);
}

static GSource *
wrap_source (gpointer stream,
             GSource *ready)
{
  GSource *source = g_pollable_source_new_full (stream, ready, NULL);

  g_source_unref (ready);
  return source;
}

static GSource *
input_create_source (GPollableInputStream *stream,
                     GCancellable *cancellable)
{
  return wrap_source (stream, tempo_connection_create_read_source (TEMPO_CONNECTION_INPUT (stream)->connection));
}

static void
input_finalize (GObject *object)
{
  g_clear_pointer (&TEMPO_CONNECTION_INPUT (object)->connection, tempo_connection_unref);
  G_OBJECT_CLASS (tempo_connection_input_parent_class)->finalize (object);
}

static void
tempo_connection_input_class_init (TempoConnectionInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = input_read;
}

static void
tempo_connection_input_init (TempoConnectionInput *self)
{
}

static void
input_pollable_init (GPollableInputStreamInterface *interface)
{
  interface->is_readable = input_is_readable;
  interface->create_source = input_create_source;
  interface->read_nonblocking = input_read_nonblocking;
}

/* --- output --- */

static gssize
output_write (GOutputStream *stream,
              const void *buffer,
              gsize count,
              GCancellable *cancellable,
              GError **error)
{
  return tempo_connection_write (TEMPO_CONNECTION_OUTPUT (stream)->connection, buffer, count, error);
}

static gssize
output_write_nonblocking (GPollableOutputStream *stream,
                          const void *buffer,
                          gsize count,
                          GError **error)
{
  return tempo_connection_write (TEMPO_CONNECTION_OUTPUT (stream)->connection, buffer, count, error);
}

/* Asked only by the default of write_nonblocking, which is not used. */
static gboolean
output_is_writable (GPollableOutputStream *stream)
{
  return TRUE;
}

static GSource *
output_create_source (GPollableOutputStream *stream,
                      GCancellable *cancellable)
{
  return wrap_source (stream, tempo_connection_create_write_source (TEMPO_CONNECTION_OUTPUT (stream)->connection));
}

static void
output_finalize (GObject *object)
{
  g_clear_pointer (&TEMPO_CONNECTION_OUTPUT (object)->connection, tempo_connection_unref);
  G_OBJECT_CLASS (tempo_connection_output_parent_class)->finalize (object);
}

static void
tempo_connection_output_class_init (TempoConnectionOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = output_write;
}

static void
tempo_connection_output_init (TempoConnectionOutput *self)
{
}

static void
output_pollable_init (GPollableOutputStreamInterface *interface)
{
  interface->is_writable = output_is_writable;
  interface->create_source = output_create_source;
  interface->write_nonblocking = output_write_nonblocking;
}

/* --- both --- */

static GInputStream *
stream_get_input (GIOStream *stream)
{
  return G_INPUT_STREAM (TEMPO_CONNECTION_STREAM (stream)->input);
}

static GOutputStream *
stream_get_output (GIOStream *stream)
{
  return G_OUTPUT_STREAM (TEMPO_CONNECTION_STREAM (stream)->output);
}

static gboolean
stream_close (GIOStream *stream,
              GCancellable *cancellable,
              GError **error)
{
  tempo_connection_release (TEMPO_CONNECTION_STREAM (stream)->connection);
  return TRUE;
}

static void
stream_finalize (GObject *object)
{
  TempoConnectionStream *self = TEMPO_CONNECTION_STREAM (object);

  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_pointer (&self->connection, tempo_connection_unref);
  G_OBJECT_CLASS (tempo_connection_stream_parent_class)->finalize (object);
}

static void
tempo_connection_stream_class_init (TempoConnectionStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stream_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = stream_get_input;
  G_IO_STREAM_CLASS (klass)->get_output_stream = stream_get_output;
  G_IO_STREAM_CLASS (klass)->close_fn = stream_close;
}

static void
tempo_connection_stream_init (TempoConnectionStream *self)
{
  self->input = g_object_new (TEMPO_TYPE_CONNECTION_INPUT, NULL);
  self->output = g_object_new (TEMPO_TYPE_CONNECTION_OUTPUT, NULL);
}

/** Wraps @connection for libsoup. Closing or losing the stream releases the connection. */
GIOStream *
tempo_connection_stream_new (TempoConnection *connection)
{
  TempoConnectionStream *self = g_object_new (TEMPO_TYPE_CONNECTION_STREAM, NULL);

  self->connection = tempo_connection_ref (connection);
  self->input->connection = tempo_connection_ref (connection);
  self->output->connection = tempo_connection_ref (connection);
  return G_IO_STREAM (self);
}
