/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/finder/tempo-finder.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-words.h"
#include "panel/desk/tempo-cover.h"

#define MAX_SONGS 20
#define MAX_OTHERS 6

struct _TempoFinder
{
  AdwWindow parent_instance;

  TempoDesk *desk;           /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) the search that is on its way */
  gboolean songs_only;

  GtkEditable *search;
  GtkWidget *guest_box;
  GtkEditable *guest;
  GtkStack *stack;
  AdwStatusPage *hint;
  GtkListBox *list;
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TempoFinder, tempo_finder, ADW_TYPE_WINDOW)

static GtkWidget *
make_row (TempoFinder *self,
          const char *kind,
          const char *id,
          const char *title,
          const char *detail,
          const char *trailing)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *first = gtk_label_new (title);
  GtkWidget *second = gtk_label_new (detail);
  GtkWidget *last = gtk_label_new (trailing);

  gtk_label_set_xalign (GTK_LABEL (first), 0);
  gtk_label_set_xalign (GTK_LABEL (second), 0);
  gtk_label_set_ellipsize (GTK_LABEL (first), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (second), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (first, "request-title");
  gtk_widget_add_css_class (second, "caption");
  gtk_widget_add_css_class (second, "dim-label");
  gtk_widget_add_css_class (last, "dim-label");
  gtk_widget_add_css_class (last, "numeric");
  gtk_widget_set_visible (second, *detail != '\0');
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (words), first);
  gtk_box_append (GTK_BOX (words), second);
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), last);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data (G_OBJECT (row), "kind", (gpointer) kind);
  g_object_set_data_full (G_OBJECT (row), "id", g_strdup (id), g_free);
  return row;
}

static void
add_song (TempoFinder *self,
          TempoSong *song)
{
  g_autofree char *length = tempo_words_length (song->duration_ms);
  GtkWidget *row = make_row (self, "song", song->id, song->title, song->artist, length);
  GtkWidget *cover = g_object_new (TEMPO_TYPE_COVER, "size", 36, NULL);
  GtkWidget *add = gtk_image_new_from_icon_name ("list-add-symbolic");
  GtkWidget *box = gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row));

  tempo_cover_set_song (TEMPO_COVER (cover), self->desk, song);
  gtk_box_prepend (GTK_BOX (box), cover);
  gtk_box_append (GTK_BOX (box), add);
  gtk_widget_set_tooltip_text (row, _("Put on the list"));
  g_object_set_data_full (G_OBJECT (row), "song", g_object_ref (song), g_object_unref);
  gtk_list_box_append (self->list, row);
}

static gboolean
has_all_words (const char *text,
               char **words)
{
  g_autofree char *folded = tempo_text_fold (text);

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (folded, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

static void
add_requests (TempoFinder *self,
              GPtrArray *requests,
              char **words,
              guint *left)
{
  for (guint i = 0; i < requests->len && *left > 0; i++)
    {
      TempoRequest *request = g_ptr_array_index (requests, i);
      g_autofree char *text = g_strjoin (" ", request->song->title, request->song->artist, request->name, NULL);
      g_autofree char *detail = NULL;

      if (!has_all_words (text, words))
        continue;
      detail = g_strjoin (" · ", request->song->artist, request->name, NULL);
      gtk_list_box_append (self->list, make_row (self, "request", request->id, request->song->title, detail,
                                                 tempo_words_status (request->status)));
      (*left)--;
    }
}

static void
add_guests (TempoFinder *self,
            GPtrArray *guests,
            char **words)
{
  guint left = MAX_OTHERS;

  for (guint i = 0; i < guests->len && left > 0; i++)
    {
      TempoGuest *guest = g_ptr_array_index (guests, i);

      if (!has_all_words (guest->name, words))
        continue;
      gtk_list_box_append (self->list, make_row (self, "guest", guest->id, guest->name, "", C_ ("finder", "Guest")));
      left--;
    }
}

static void
show_found (TempoFinder *self)
{
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (self->list, 0);

  gtk_stack_set_visible_child_name (self->stack, first != NULL ? "list" : "nothing");
  if (first != NULL)
    gtk_list_box_select_row (self->list, first);
}

static void
searched_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (TempoFinder) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) songs = tempo_link_search_finish (TEMPO_LINK (object), result, &error);

  if (self->list == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  for (guint i = 0; songs != NULL && i < songs->len; i++)
    add_song (self, g_ptr_array_index (songs, i));
  show_found (self);
}

static void
clear_list (TempoFinder *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

/* What the panel knows itself is there at once; songs come from the source. */
static void
search_changed_cb (TempoFinder *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
  const char *text = gtk_editable_get_text (self->search);
  g_autofree char *folded = tempo_text_fold (text);
  g_auto (GStrv) words = g_strsplit (folded, " ", 8);
  guint left = MAX_OTHERS;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  clear_list (self);
  if (*folded == '\0' || view == NULL)
    {
      gtk_stack_set_visible_child_name (self->stack, "hint");
      return;
    }
  if (!self->songs_only)
    {
      add_requests (self, view->inbox, words, &left);
      add_requests (self, view->queue, words, &left);
      add_requests (self, view->history, words, &left);
      add_guests (self, view->guests, words);
    }
  self->cancellable = g_cancellable_new ();
  tempo_link_search_async (tempo_desk_get_link (self->desk), text, MAX_SONGS, self->cancellable, searched_cb,
                           g_object_ref (self));
}

static void
put_on_list (TempoFinder *self,
             TempoSong *song)
{
  TempoCommand *command = tempo_desk_command (self->desk, TEMPO_ACTION_SUBMIT);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->guest)));

  if (command == NULL)
    return;
  command->song_id = g_strdup (song->id);
  if (song->id == NULL)
    {
      command->title = g_strdup (song->title);
      command->artist = g_strdup (song->artist);
    }
  command->name = *name != '\0' ? g_steal_pointer (&name) : NULL;
  tempo_desk_send (self->desk, command);
}

static void
row_activated_cb (TempoFinder *self,
                  GtkListBoxRow *row)
{
  TempoSong *song = g_object_get_data (G_OBJECT (row), "song");
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (row), "id"));
  const char *kind = g_object_get_data (G_OBJECT (row), "kind");

  if (song != NULL)
    put_on_list (self, song);
  else
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, kind, id);
  gtk_window_close (GTK_WINDOW (self));
}

static void
search_activated_cb (TempoFinder *self)
{
  tempo_finder_activate (self);
}

static void
stopped_cb (TempoFinder *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

/* Down goes from the field into the list. */
static gboolean
key_pressed_cb (TempoFinder *self,
                guint keyval)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (keyval != GDK_KEY_Down || row == NULL)
    return FALSE;
  gtk_widget_grab_focus (GTK_WIDGET (row));
  return TRUE;
}

static void
tempo_finder_dispose (GObject *object)
{
  TempoFinder *self = TEMPO_FINDER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->desk);
  adw_window_set_content (ADW_WINDOW (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_FINDER);

  G_OBJECT_CLASS (tempo_finder_parent_class)->dispose (object);
}

static void
tempo_finder_class_init (TempoFinderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_finder_dispose;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", TEMPO_TYPE_FINDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/finder/tempo-finder.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoFinder, search);
  gtk_widget_class_bind_template_child (widget_class, TempoFinder, guest_box);
  gtk_widget_class_bind_template_child (widget_class, TempoFinder, guest);
  gtk_widget_class_bind_template_child (widget_class, TempoFinder, stack);
  gtk_widget_class_bind_template_child (widget_class, TempoFinder, hint);
  gtk_widget_class_bind_template_child (widget_class, TempoFinder, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
tempo_finder_init (TempoFinder *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->search), keys);
}

/* A window with the keyboard in its field. @songs_only leaves out what is
 * already asked for, and asks for whom the song is.
 */
TempoFinder *
tempo_finder_new (GtkWindow *parent,
                  TempoDesk *desk,
                  gboolean songs_only)
{
  TempoFinder *self = g_object_new (TEMPO_TYPE_FINDER, "transient-for", parent, NULL);

  self->desk = g_object_ref (desk);
  self->songs_only = songs_only;
  gtk_widget_set_visible (self->guest_box, songs_only);
  gtk_window_set_title (GTK_WINDOW (self), songs_only ? _("Add a Song") : _("Find Anything"));
  if (songs_only)
    {
      adw_status_page_set_title (self->hint, _("Add a Song"));
      adw_status_page_set_description (self->hint, _("For a guest without a phone, or for yourself."));
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
  return self;
}

/* Types @text for the person at the panel.
 * The songs come a moment later.
 */
void
tempo_finder_search (TempoFinder *self,
                     const char *text)
{
  g_return_if_fail (TEMPO_IS_FINDER (self));

  gtk_editable_set_text (self->search, text);
  search_changed_cb (self);
}

/* How many rows are shown now,
 * of all kinds together.
 */
guint
tempo_finder_count (TempoFinder *self)
{
  guint count = 0;

  g_return_val_if_fail (TEMPO_IS_FINDER (self), 0);

  while (gtk_list_box_get_row_at_index (self->list, (int) count) != NULL)
    count++;
  return count;
}

/* Does what Enter does: takes the marked row,
 * which is the first one until somebody moves.
 */
void
tempo_finder_activate (TempoFinder *self)
{
  GtkListBoxRow *row;

  g_return_if_fail (TEMPO_IS_FINDER (self));

  row = gtk_list_box_get_selected_row (self->list);
  if (row != NULL)
    row_activated_cb (self, row);
}
