/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/settings/tempo-rules-window.h"

#include <glib/gi18n.h>

/* A dialled number is sent when the hand rests. */
#define SETTLE_MS 400

typedef enum
{
  RULE_SWITCH,
  RULE_NUMBER,
  RULE_CHOICE,
  RULE_WORDS,
} RuleKind;

typedef enum
{
  GROUP_WHO,
  GROUP_WHAT,
  GROUP_HOW,
} RuleGroup;

/* One table makes the window: a rule that is missing here is a rule the host cannot change. */
typedef struct
{
  const char *rule; /* as the API spells it */
  RuleKind kind;
  RuleGroup group;
  gsize offset;     /* of the field in TempoRules */
  guint max;
  guint step;
  guint scale;      /* shown units in one stored one */
  const char *title;
  const char *subtitle;
} Rule;

static const Rule rules[] = {
  { "approval", RULE_SWITCH, GROUP_WHO, G_STRUCT_OFFSET (TempoRules, approval), 0, 0, 1,
    N_("You approve each request"), N_("Off: requests go straight to the list") },
  { "perGuest", RULE_NUMBER, GROUP_WHO, G_STRUCT_OFFSET (TempoRules, per_guest), 50, 1, 1,
    N_("Songs for each guest"), N_("Waiting at once, or asked within the time below") },
  { "perGuestWindowMinutes", RULE_NUMBER, GROUP_WHO, G_STRUCT_OFFSET (TempoRules, per_guest_window_minutes),
   1440, 15, 1,
    N_("… within so many minutes"), N_("0 counts only songs that are waiting") },
  { "cooldownSeconds", RULE_NUMBER, GROUP_WHO, G_STRUCT_OFFSET (TempoRules, cooldown_seconds), 120, 1, 60,
    N_("Minutes between two requests"), N_("Of the same guest") },
  { "messages", RULE_SWITCH, GROUP_WHO, G_STRUCT_OFFSET (TempoRules, messages), 0, 0, 1,
    N_("Dedications"), N_("A line for whom the song is; you decide what the display shows") },
  { "freeText", RULE_SWITCH, GROUP_WHAT, G_STRUCT_OFFSET (TempoRules, free_text), 0, 0, 1,
    N_("Songs you do not have"), N_("Guests may ask by name for what is not in your music") },
  { "allowExplicit", RULE_SWITCH, GROUP_WHAT, G_STRUCT_OFFSET (TempoRules, allow_explicit), 0, 0, 1,
    N_("Explicit songs"), N_("Off: songs marked explicit are turned away") },
  { "maxDurationSeconds", RULE_NUMBER, GROUP_WHAT, G_STRUCT_OFFSET (TempoRules, max_duration_seconds), 60, 1, 60,
    N_("Longest song, in minutes"), NULL },
  { "noRepeatMinutes", RULE_NUMBER, GROUP_WHAT, G_STRUCT_OFFSET (TempoRules, no_repeat_minutes), 1440, 15, 1,
    N_("Minutes before a song may play again"), NULL },
  { "blocked", RULE_WORDS, GROUP_WHAT, G_STRUCT_OFFSET (TempoRules, blocked), 0, 0, 1,
    N_("Never: artists, titles, words (separated by commas)"), NULL },
  { "order", RULE_CHOICE, GROUP_HOW, G_STRUCT_OFFSET (TempoRules, order), 0, 0, 1,
    N_("Order"), N_("Fair: whoever had least comes first") },
  { "votes", RULE_SWITCH, GROUP_HOW, G_STRUCT_OFFSET (TempoRules, votes), 0, 0, 1,
    N_("Votes"), N_("Guests move songs up that others asked for") },
  { "duplicates", RULE_CHOICE, GROUP_HOW, G_STRUCT_OFFSET (TempoRules, duplicates), 0, 0, 1,
    N_("The same song again"), NULL },
  { "maxQueue", RULE_NUMBER, GROUP_HOW, G_STRUCT_OFFSET (TempoRules, max_queue), 1000, 10, 1,
    N_("Longest list"), N_("Waiting and approved songs together") },
};

static const char *const order_names[] = { NC_("order", "Fair"), NC_("order", "Votes"), NC_("order",
                                                                                            "First come"), NULL };
static const char *const order_values[] = { "fair", "votes", "first" };
static const char *const duplicates_names[] = { NC_("duplicates", "Becomes a vote"), NC_("duplicates",
                                                                                         "Is turned away"), NULL };
static const char *const duplicates_values[] = { "vote", "refuse" };

struct _TempoRulesWindow
{
  AdwPreferencesWindow parent_instance;

  TempoDesk *desk; /* (owned) (nullable) */
  gboolean updating;
  GtkWidget *controls[G_N_ELEMENTS (rules)]; /* (unowned) */
  guint timeouts[G_N_ELEMENTS (rules)];

  AdwPreferencesGroup *who;
  AdwPreferencesGroup *what;
  AdwPreferencesGroup *how;
};

G_DEFINE_FINAL_TYPE (TempoRulesWindow, tempo_rules_window, ADW_TYPE_PREFERENCES_WINDOW)

typedef struct
{
  TempoRulesWindow *self; /* (unowned) */
  guint index;
} Pending;

static TempoRules *
get_rules (TempoRulesWindow *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;

  return view != NULL && view->event != NULL ? view->event->rules : NULL;
}

static void
show_rule (TempoRulesWindow *self,
           TempoRules *from,
           guint index)
{
  const Rule *rule = &rules[index];
  GtkWidget *control = self->controls[index];
  gconstpointer field = (const char *) from + rule->offset;

  switch (rule->kind)
    {
    case RULE_SWITCH:
      gtk_switch_set_active (GTK_SWITCH (control), *(const gboolean *) field);
      break;
    case RULE_NUMBER:
      if (self->timeouts[index] == 0)
        gtk_spin_button_set_value (GTK_SPIN_BUTTON (control), (*(const guint *) field + rule->scale - 1) / rule->scale);
      break;
    case RULE_CHOICE:
      adw_combo_row_set_selected (ADW_COMBO_ROW (control), *(const guint *) field);
      break;
    case RULE_WORDS:
      if (!(gtk_widget_get_state_flags (control) & GTK_STATE_FLAG_FOCUS_WITHIN))
        {
          char **words = *(char **const *) field;
          g_autofree char *text = words != NULL ? g_strjoinv (", ", words) : g_strdup ("");

          gtk_editable_set_text (GTK_EDITABLE (control), text);
        }
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
update (TempoRulesWindow *self)
{
  TempoRules *from = get_rules (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->who), from != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->what), from != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->how), from != NULL);
  if (from == NULL)
    return;
  self->updating = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    show_rule (self, from, i);
  self->updating = FALSE;
}

static JsonNode *
read_words (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, ",", TEMPO_RULES_MAX_BLOCKED);
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; words[i] != NULL; i++)
    if (*g_strstrip (words[i]) != '\0')
      json_array_add_string_element (array, words[i]);
  json_node_take_array (node, array);
  return node;
}

static JsonNode *
read_control (TempoRulesWindow *self,
              guint index)
{
  const Rule *rule = &rules[index];
  GtkWidget *control = self->controls[index];
  JsonNode *node;

  if (rule->kind == RULE_WORDS)
    return read_words (gtk_editable_get_text (GTK_EDITABLE (control)));
  node = json_node_new (JSON_NODE_VALUE);
  if (rule->kind == RULE_SWITCH)
    json_node_set_boolean (node, gtk_switch_get_active (GTK_SWITCH (control)));
  else if (rule->kind == RULE_NUMBER)
    json_node_set_int (node, (gint64) gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (control)) * rule->scale);
  else if (g_str_equal (rule->rule, "order"))
    json_node_set_string (node, order_values[adw_combo_row_get_selected (ADW_COMBO_ROW (control))]);
  else
    json_node_set_string (node, duplicates_values[adw_combo_row_get_selected (ADW_COMBO_ROW (control))]);
  return node;
}

static guint
find_control (TempoRulesWindow *self,
              GtkWidget *control)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (self->controls[i] == control)
      return i;
  g_assert_not_reached ();
}

static void
changed_cb (TempoRulesWindow *self,
            gpointer ignored,
            GtkWidget *control)
{
  guint index = find_control (self, control);

  if (!self->updating && get_rules (self) != NULL)
    tempo_desk_set_rule (self->desk, rules[index].rule, read_control (self, index));
}

static gboolean
settled_cb (gpointer data)
{
  Pending *pending = data;
  TempoRulesWindow *self = pending->self;

  self->timeouts[pending->index] = 0;
  if (get_rules (self) != NULL)
    tempo_desk_set_rule (self->desk, rules[pending->index].rule, read_control (self, pending->index));
  return G_SOURCE_REMOVE;
}

static void
dialled_cb (TempoRulesWindow *self,
            GtkWidget *control)
{
  guint index = find_control (self, control);
  Pending *pending;

  if (self->updating)
    return;
  g_clear_handle_id (&self->timeouts[index], g_source_remove);
  pending = g_new (Pending, 1);
  *pending = (Pending) { self, index };
  self->timeouts[index] = g_timeout_add_full (G_PRIORITY_DEFAULT, SETTLE_MS, settled_cb, pending, g_free);
}

static void
toggled_cb (TempoRulesWindow *self,
            GParamSpec *pspec,
            GtkWidget *control)
{
  changed_cb (self, NULL, control);
}

static void
applied_cb (TempoRulesWindow *self,
            GtkWidget *control)
{
  changed_cb (self, NULL, control);
}

static GtkWidget *
make_choice_row (TempoRulesWindow *self,
                 guint index)
{
  gboolean order = g_str_equal (rules[index].rule, "order");
  const char *const *names = order ? order_names : duplicates_names;
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  GtkWidget *row = adw_combo_row_new ();

  for (guint i = 0; names[i] != NULL; i++)
    gtk_string_list_append (list, g_dpgettext2 (NULL, order ? "order" : "duplicates", names[i]));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  self->controls[index] = row;
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  return row;
}

static GtkWidget *
make_switch_row (TempoRulesWindow *self,
                 guint index)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *control = gtk_switch_new ();

  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  self->controls[index] = control;
  g_signal_connect_object (control, "notify::active", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  return row;
}

static GtkWidget *
make_number_row (TempoRulesWindow *self,
                 guint index)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *control = gtk_spin_button_new_with_range (0, rules[index].max, rules[index].step);

  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (control, "numeric");
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, _(rules[index].title), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  self->controls[index] = control;
  g_signal_connect_object (control, "value-changed", G_CALLBACK (dialled_cb), self, G_CONNECT_SWAPPED);
  return row;
}

static GtkWidget *
make_words_row (TempoRulesWindow *self,
                guint index)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), TRUE);
  self->controls[index] = row;
  g_signal_connect_object (row, "apply", G_CALLBACK (applied_cb), self, G_CONNECT_SWAPPED);
  return row;
}

static GtkWidget *
make_row (TempoRulesWindow *self,
          guint index)
{
  GtkWidget *row;

  switch (rules[index].kind)
    {
    case RULE_SWITCH:
      row = make_switch_row (self, index);
      break;
    case RULE_NUMBER:
      row = make_number_row (self, index);
      break;
    case RULE_CHOICE:
      row = make_choice_row (self, index);
      break;
    case RULE_WORDS:
    default:
      row = make_words_row (self, index);
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(rules[index].title));
  if (rules[index].subtitle != NULL && ADW_IS_ACTION_ROW (row))
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(rules[index].subtitle));
  return row;
}

static void
tempo_rules_window_dispose (GObject *object)
{
  TempoRulesWindow *self = TEMPO_RULES_WINDOW (object);

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    g_clear_handle_id (&self->timeouts[i], g_source_remove);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_clear_object (&self->desk);

  G_OBJECT_CLASS (tempo_rules_window_parent_class)->dispose (object);
}

static void
tempo_rules_window_class_init (TempoRulesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_rules_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/settings/tempo-rules-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoRulesWindow, who);
  gtk_widget_class_bind_template_child (widget_class, TempoRulesWindow, what);
  gtk_widget_class_bind_template_child (widget_class, TempoRulesWindow, how);
}

static void
tempo_rules_window_init (TempoRulesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      AdwPreferencesGroup *const groups[] = { self->who, self->what, self->how };

      adw_preferences_group_add (groups[rules[i].group], make_row (self, i));
    }
  self->updating = FALSE;
}

/* A window on the rules of the night that runs. When the night ends
 * while it is open, it goes grey rather than away.
 */
TempoRulesWindow *
tempo_rules_window_new (GtkWindow *parent,
                        TempoDesk *desk)
{
  TempoRulesWindow *self = g_object_new (TEMPO_TYPE_RULES_WINDOW, "transient-for", parent, "modal",
                                         parent != NULL, NULL);

  self->desk = g_object_ref (desk);
  g_signal_connect_swapped (desk, "notify::view", G_CALLBACK (update), self);
  update (self);
  return self;
}
