/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "web/tempo-gate.h"
#include "web/tempo-head.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What is accepted is one whole head, and what libsoup is given in its place is one too, framed alike. */
static void
check_accepted (const TempoHead *head)
{
  g_autoptr (GString) plain = tempo_head_to_plain (head);
  g_autoptr (TempoHead) again = NULL;
  gsize scanned = 0;
  guint status = 0;

  g_assert_nonnull (tempo_head_get_host (head));
  g_assert_true (*tempo_head_get_target (head) == '/' || strcmp (tempo_head_get_target (head), "*") == 0);
  g_assert_null (strpbrk (tempo_head_get_target (head), " \r\n#"));
  g_assert_null (tempo_head_get_field (head, "transfer-encoding"));
  g_assert_cmpuint (tempo_head_find_end (plain->str, plain->len, &scanned), ==, plain->len);
  again = tempo_head_parse (plain->str, plain->len, &status);
  g_assert_nonnull (again);
  g_assert_cmpint (tempo_head_get_content_length (again), ==, tempo_head_get_content_length (head));
  g_assert_cmpstr (tempo_head_get_method (again), ==, tempo_head_get_method (head));
  g_assert_cmpint (tempo_head_keeps_alive (again), ==, tempo_head_keeps_alive (head));
  tempo_gate_is_same_origin (head);
  tempo_gate_takes_type (head, TEMPO_ROUTE_FORM);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize size)
{
  const char *text = (const char *) data;
  g_autoptr (TempoHead) head = NULL;
  gsize scanned = 0;
  gsize dripped = 0;
  gsize end;
  guint status = 0;

  end = tempo_head_find_end (text, size, &scanned);
  scanned = 0;
  for (gsize n = 1; n <= size && dripped == 0; n++)
    dripped = tempo_head_find_end (text, n, &scanned);
  g_assert_cmpuint (dripped, ==, end);
  head = tempo_head_parse (text, end > 0 ? end : size, &status);
  if (head != NULL)
    check_accepted (head);
  else
    g_assert_cmpuint (status, >=, 400);
  return 0;
}
