/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/log/tempo-log-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/tempo-clock.h"
#include "panel/common/tempo-words.h"
#include "panel/log/tempo-log-words.h"

/* Longer texts are in the log, not on the screen. */
#define MAX_SHOWN 400

struct _TempoLogRow
{
  GtkBox parent_instance;

  GtkLabel *day;
  GtkLabel *when;
  GtkLabel *what;
  GtkLabel *detail;
  GtkLabel *address;
};

G_DEFINE_FINAL_TYPE (TempoLogRow, tempo_log_row, GTK_TYPE_BOX)

/* (nullable): NULL for "" too. */
static const char *
get_text (JsonObject *object,
          const char *member)
{
  const char *text = object != NULL ? tempo_json_get_string (object, member, G_MAXSSIZE, NULL, NULL) : NULL;

  return text != NULL && *text != '\0' ? text : NULL;
}

static JsonObject *
get_object (JsonObject *object,
            const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
describe_actor (JsonObject *actor)
{
  const char *kind = get_text (actor, "kind");
  const char *name = get_text (actor, "name");

  /* Those at the machine are written with their kind for a name. */
  if (name != NULL && g_strcmp0 (name, kind) != 0)
    return name;
  return kind != NULL ? tempo_log_words_actor (kind) : "";
}

/* What the row is about, as people call it; ids tell nobody anything. (transfer full) (nullable). */
static char *
describe_object (JsonObject *entry)
{
  JsonObject *object = get_object (entry, "object");
  const char *kind = get_text (object, "kind");
  const char *id = get_text (object, "id");
  const char *name = get_text (object, "name");
  const char *setting = g_strcmp0 (kind, "setting") == 0 ? id : g_strcmp0 (get_text (entry, "action"), "room_edit") == 0 ? get_text (entry, "reason") : NULL;
  const char *known = tempo_log_setting_name (setting);
  g_autofree char *song = NULL;

  /* What somebody did to themselves needs their name once. */
  if (kind == NULL || (id != NULL && g_strcmp0 (id, get_text (get_object (entry, "actor"), "id")) == 0))
    return NULL;
  if (setting != NULL && name != NULL)
    return g_strdup_printf ("%s · %s", name, known != NULL ? known : setting);
  if (setting != NULL)
    return g_strdup (known != NULL ? known : setting);
  if (name != NULL || strcmp (kind, "path") == 0)
    return g_strdup (name != NULL ? name : id);
  /* A new request is logged with its song, which may be gone since. */
  if (strcmp (kind, "request") == 0 && get_text (entry, "after") != NULL)
    song = tempo_log_describe_change (TEMPO_LOG_SONG, kind, NULL, NULL, get_text (entry, "after"));
  return song != NULL ? g_steal_pointer (&song) : g_strdup (tempo_log_words_nameless (kind));
}

static char *
describe_change (JsonObject *entry)
{
  JsonObject *object = get_object (entry, "object");
  const char *action = get_text (entry, "action");
  const char *kind = get_text (object, "kind");
  const char *key = g_strcmp0 (kind, "setting") == 0 ? get_text (object, "id") : get_text (entry, "reason");

  return tempo_log_describe_change (action != NULL ? tempo_log_words_value (action) : TEMPO_LOG_TEXT, kind, key,
                                    get_text (entry, "before"), get_text (entry, "after"));
}

/* (nullable). */
static const char *
describe_reason (JsonObject *entry)
{
  const char *reason = get_text (entry, "reason");

  /* There it names what was changed. */
  if (reason == NULL || g_strcmp0 (get_text (entry, "action"), "room_edit") == 0
      || g_strcmp0 (get_text (entry, "action"), "organization_edit") == 0)
    return NULL;
  return tempo_log_words_reason (reason);
}

static char *
join (const char *separator,
      const char *const *parts,
      gsize n_parts)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n_parts; i++)
    if (parts[i] != NULL && *parts[i] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? separator : "", parts[i]);
  return g_string_free (text, FALSE);
}

static void
set_text (GtkLabel *label,
          const char *text)
{
  g_autofree char *shown = g_utf8_strlen (text, -1) > MAX_SHOWN ? g_utf8_substring (text, 0, MAX_SHOWN) : g_strdup (text);

  gtk_label_set_text (label, shown);
  gtk_widget_set_visible (GTK_WIDGET (label), *shown != '\0');
}

static void
tempo_log_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TEMPO_TYPE_LOG_ROW);

  G_OBJECT_CLASS (tempo_log_row_parent_class)->dispose (object);
}

static void
tempo_log_row_class_init (TempoLogRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_log_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tempo_venue/Tempo/panel/log/tempo-log-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoLogRow, day);
  gtk_widget_class_bind_template_child (widget_class, TempoLogRow, when);
  gtk_widget_class_bind_template_child (widget_class, TempoLogRow, what);
  gtk_widget_class_bind_template_child (widget_class, TempoLogRow, detail);
  gtk_widget_class_bind_template_child (widget_class, TempoLogRow, address);
}

static void
tempo_log_row_init (TempoLogRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

TempoLogRow *
tempo_log_row_new (void)
{
  return g_object_new (TEMPO_TYPE_LOG_ROW, NULL);
}

gint64
tempo_log_row_read_time (JsonObject *entry)
{
  const char *text = get_text (entry, "at");
  gint64 at = 0;

  return text != NULL && tempo_time_parse (text, &at) ? at : 0;
}

void
tempo_log_row_bind (TempoLogRow *self,
                    JsonObject *entry,
                    const char *day)
{
  const char *action = get_text (entry, "action");
  g_autofree char *object = describe_object (entry);
  g_autofree char *change = describe_change (entry);
  const char *const what[] = { action != NULL ? tempo_log_words_action (action) : "", object };
  const char *const detail[] = { describe_actor (get_object (entry, "actor")), change, describe_reason (entry) };
  g_autofree char *agent = tempo_log_describe_agent (get_text (entry, "agent"));
  const char *const address[] = { get_text (entry, "address"), agent };
  g_autofree char *when = tempo_words_clock (tempo_log_row_read_time (entry));
  g_autofree char *what_text = join (": ", what, G_N_ELEMENTS (what));
  g_autofree char *detail_text = join (" · ", detail, G_N_ELEMENTS (detail));
  g_autofree char *address_text = join (" · ", address, G_N_ELEMENTS (address));

  set_text (self->day, day != NULL ? day : "");
  gtk_label_set_text (self->when, when);
  set_text (self->what, what_text);
  set_text (self->detail, detail_text);
  set_text (self->address, address_text);
}
