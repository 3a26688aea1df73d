/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "web/tempo-problem.h"

#include "base/tempo-json.h"

/** Starts a document whose own members come first, in a fixed order. */
TempoJson *
tempo_problem_begin (guint status,
                     const char *code,
                     const char *title,
                     const char *detail)
{
  TempoJson *json = tempo_json_new ();

  tempo_json_begin_object (json, NULL);
  tempo_json_string (json, "type", "about:blank");
  tempo_json_string (json, "title", title);
  tempo_json_int (json, "status", status);
  tempo_json_string (json, "code", code);
  if (detail != NULL)
    tempo_json_string (json, "detail", detail);
  return json;
}

/** Ends the document and takes the writer. */
GBytes *
tempo_problem_end (TempoJson *problem)
{
  tempo_json_end_object (problem);
  return tempo_json_finish (problem);
}

/** Makes a document without members of its own. */
GBytes *
tempo_problem_new (guint status,
                   const char *code,
                   const char *title,
                   const char *detail)
{
  return tempo_problem_end (tempo_problem_begin (status, code, title, detail));
}
