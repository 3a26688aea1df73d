/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the engine keeps in memory of people beside their own rows, as read from the file by a worker. */
#include "venue/tempo-people-private.h"

static void
free_factor (gpointer data)
{
  g_autofree TempoFactor *factor = data;

  tempo_people_clear_secret (&factor->secret);
  g_clear_pointer (&factor->recovery, g_hash_table_unref);
}

static void
free_invitation (gpointer data)
{
  g_autofree TempoInvitation *invitation = data;

  g_clear_pointer (&invitation->id, g_free);
  g_clear_pointer (&invitation->digest, g_free);
  g_clear_pointer (&invitation->member_id, g_free);
  g_clear_pointer (&invitation->created_by, g_free);
  g_clear_pointer (&invitation->note, g_free);
}

static void
free_session (gpointer data)
{
  g_autofree TempoSession *session = data;

  g_clear_pointer (&session->id, g_free);
  g_clear_pointer (&session->member_id, g_free);
  g_clear_pointer (&session->address, g_free);
  g_clear_pointer (&session->agent, g_free);
}

TempoPeople *
tempo_people_new (void)
{
  TempoPeople *self = g_new0 (TempoPeople, 1);

  self->factors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_factor);
  self->invitations = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_invitation);
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_session);

  return self;
}

void
tempo_people_free (TempoPeople *self)
{
  g_clear_pointer (&self->factors, g_hash_table_unref);
  g_clear_pointer (&self->invitations, g_hash_table_unref);
  g_clear_pointer (&self->sessions, g_hash_table_unref);
  g_free (self);
}

void
tempo_people_forget_factor (TempoPeople *self,
                            const char *member_id)
{
  g_hash_table_remove (self->factors, member_id);
}

static void
take_factor (TempoPeople *self,
             TempoRows *rows)
{
  TempoFactor *factor = g_new0 (TempoFactor, 1);

  factor->secret = g_strdup (tempo_rows_text (rows, 1));
  factor->confirmed_at = tempo_rows_int (rows, 2);
  factor->last_step = tempo_rows_int (rows, 3);
  factor->recovery = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (self->factors, g_strdup (tempo_rows_text (rows, 0)), factor);
}

static void
take_recovery_code (TempoPeople *self,
                    TempoRows *rows)
{
  TempoFactor *factor = g_hash_table_lookup (self->factors, tempo_rows_text (rows, 0));

  if (factor != NULL)
    g_hash_table_add (factor->recovery, g_strdup (tempo_rows_text (rows, 1)));
}

static void
take_invitation (TempoPeople *self,
                 TempoRows *rows)
{
  TempoInvitation *invitation = g_new0 (TempoInvitation, 1);

  invitation->id = g_strdup (tempo_rows_text (rows, 0));
  invitation->digest = g_strdup (tempo_rows_text (rows, 1));
  if (!tempo_rows_is_null (rows, 2))
    tempo_role_from_string (tempo_rows_text (rows, 2), &invitation->role);
  invitation->member_id = g_strdup (tempo_rows_text (rows, 3));
  invitation->note = g_strdup (tempo_rows_text (rows, 4));
  invitation->created_by = g_strdup (tempo_rows_text (rows, 5));
  invitation->created_at = tempo_rows_int (rows, 6);
  invitation->expires_at = tempo_rows_int (rows, 7);
  g_hash_table_insert (self->invitations, invitation->id, invitation);
}

static void
take_session (TempoPeople *self,
              TempoRows *rows)
{
  TempoSession *session = g_new0 (TempoSession, 1);

  session->id = g_strdup (tempo_rows_text (rows, 0));
  session->member_id = g_strdup (tempo_rows_text (rows, 1));
  session->created_at = tempo_rows_int (rows, 2);
  session->used_at = tempo_rows_int (rows, 3);
  session->expires_at = tempo_rows_int (rows, 4);
  session->ended_at = tempo_rows_int (rows, 5);
  session->address = g_strdup (tempo_rows_text (rows, 6));
  session->agent = g_strdup (tempo_rows_text (rows, 7));
  g_hash_table_insert (self->sessions, session->id, session);
}

gboolean
tempo_people_load (TempoPeople *self,
                   TempoScope *scope,
                   GError **error)
{
  /* Codes after the factors they belong to. */
  static const struct
  {
    const char *statement;
    void (*take) (TempoPeople *self, TempoRows *rows);
  } parts[] = {
    { "second-factor-load", take_factor },
    { "recovery-code-load", take_recovery_code },
    { "invitation-load", take_invitation },
    { "session-load", take_session },
  };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GError) failure = NULL;
      g_autoptr (TempoRows) rows = tempo_scope_query (scope, &failure, parts[i].statement, "");

      while (rows != NULL && tempo_rows_next (rows, &failure))
        parts[i].take (self, rows);
      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
    }

  return TRUE;
}
