/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/tempo-qr.h"

#include <qrencode.h>
#include <string.h>

#include "base/tempo-json.h"

/* libqrencode keeps flags of its own algorithm in the upper bits of each byte;
 * only the lowest one says dark or light, so the modules are copied once into
 * text rows, which is what most readers want anyway. */
struct _TempoQr
{
  guint size;
  GPtrArray *rows; /* (owned) (element utf8) */
};

static char *
copy_row (const QRcode *code, guint y)
{
  char *row = g_malloc (code->width + 1);

  for (int x = 0; x < code->width; x++)
    row[x] = code->data[y * code->width + x] & 1 ? '1' : '0';
  row[code->width] = '\0';
  return row;
}

/* Level M repairs 15 % of the area: enough for a beer ring on a table card,
 * without the denser modules of Q and H that cost distance. Eight-bit mode keeps
 * addresses and Wi-Fi passwords byte for byte.
 */
TempoQr *
tempo_qr_new (const char *text)
{
  TempoQr *self;
  QRcode *code;

  if (text == NULL || *text == '\0' || strlen (text) > TEMPO_QR_MAX_TEXT)
    return NULL;

  code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  if (code == NULL)
    return NULL;

  self = g_new0 (TempoQr, 1);
  self->size = code->width;
  self->rows = g_ptr_array_new_full (code->width, g_free);
  for (guint y = 0; y < self->size; y++)
    g_ptr_array_add (self->rows, copy_row (code, y));
  QRcode_free (code);
  return self;
}

/* Frees what tempo_qr_new() made. NULL is allowed, as g_autoptr needs it. */
void
tempo_qr_free (TempoQr *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->rows);
  g_free (self);
}

/* Modules on a side: 21 for the smallest code, 4 more for each version. The
 * quiet zone is not counted.
 */
guint
tempo_qr_get_size (TempoQr *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->size;
}

/* Whether the module is dark. Outside of the code everything is light, so that
 * a drawing loop may run over the quiet zone too.
 */
gboolean
tempo_qr_is_dark (TempoQr *self, guint x, guint y)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (x >= self->size || y >= self->size)
    return FALSE;
  return ((const char *) g_ptr_array_index (self->rows, y))[x] == '1';
}

/* The form the pages draw from: rows of 0 and 1. A page that made its own path
 * needs no library, and an SVG string inside JSON would invite innerHTML.
 */
void
tempo_qr_to_json (TempoQr *self, TempoJson *json, const char *key)
{
  g_return_if_fail (self != NULL);

  tempo_json_begin_object (json, key);
  tempo_json_int (json, "size", self->size);
  tempo_json_begin_array (json, "rows");
  for (guint y = 0; y < self->size; y++)
    tempo_json_string (json, NULL, g_ptr_array_index (self->rows, y));
  tempo_json_end_array (json);
  tempo_json_end_object (json);
}

/* Runs of dark modules become one rectangle each: neighbouring squares drawn
 * one by one show hairlines between them in most renderers.
 */
char *
tempo_qr_to_svg (TempoQr *self)
{
  g_autoptr (GString) path = NULL;
  guint side;

  g_return_val_if_fail (self != NULL, NULL);

  path = g_string_new (NULL);
  side = self->size + 2 * TEMPO_QR_QUIET;
  for (guint y = 0; y < self->size; y++)
    {
      for (guint x = 0; x < self->size; x++)
        {
          guint start = x;

          while (tempo_qr_is_dark (self, x, y))
            x++;
          if (x > start)
            g_string_append_printf (path, "M%u %uh%uv1h-%uz", start + TEMPO_QR_QUIET, y + TEMPO_QR_QUIET, x - start, x - start);
        }
    }
  return g_strdup_printf ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\" shape-rendering=\"crispEdges\">"
                          "<path fill=\"#fff\" d=\"M0 0h%uv%uh-%uz\"/><path fill=\"#000\" d=\"%s\"/></svg>\n",
                          side, side, side, side, side, path->str);
}

/* Writes the code of @text, or null when there is nothing to encode: a display
 * without Wi-Fi to share has no second code.
 */
void
tempo_qr_text_to_json (const char *text, TempoJson *json, const char *key)
{
  g_autoptr (TempoQr) qr = tempo_qr_new (text);

  if (qr == NULL)
    tempo_json_null (json, key);
  else
    tempo_qr_to_json (qr, json, key);
}
