/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/setup/tempo-setup.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-code-view.h"
#include "panel/common/tempo-follow.h"
#include "panel/common/tempo-notice.h"
#include "panel/common/tempo-words.h"
#include "panel/house/tempo-letters-row.h"
#include "panel/setup/tempo-music-count.h"

struct _TempoSetup
{
  GtkBox parent_instance;

  TempoDesk *desk;                /* (owned) (nullable) */
  GCancellable *counting;         /* (owned) (nullable) */
  GtkFileChooserNative *chooser;  /* (owned) (nullable) */
  char *folder;                   /* (owned) (nullable) the music folder of this user */
  gboolean created;
  gboolean wants_player;
  gboolean busy;

  TempoNotice *notice;
  GtkWidget *back;
  GtkStack *stack;
  GtkWidget *name;
  TempoLettersRow *letters;
  AdwActionRow *folder_row;
  GtkWidget *demo_row;
  TempoCodeView *code;
  GtkLabel *address;
};

enum
{
  SIGNAL_FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TempoSetup, tempo_setup, GTK_TYPE_BOX)

static char *
find_demo_folder (void)
{
  static const char *const places[] = { TEMPO_PKGDATADIR "/demo", TEMPO_BUILD_DIR "/data/demo" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_file_test (places[i], G_FILE_TEST_IS_DIR))
      return g_strdup (places[i]);
  return NULL;
}

static void
show_page (TempoSetup *self,
           const char *page)
{
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_widget_set_visible (self->back, g_str_equal (page, "ready"));
  tempo_notice_hide (self->notice);
}

static void
set_busy (TempoSetup *self,
          gboolean busy)
{
  static const char *const actions[] = { "setup.use-folder", "setup.choose-folder", "setup.use-manual", "setup.connect-player",
                                        "setup.use-demo" };

  self->busy = busy;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], !busy);
}

static void
update (TempoSetup *self)
{
  TempoRoomView *view = tempo_desk_get_view (self->desk);

  if (view == NULL)
    return;
  tempo_code_view_set_text (self->code, view->join_url);
  gtk_label_set_text (self->address, view->join_text != NULL ? view->join_text : "");
}

static char *
dup_name (TempoSetup *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));
}

static void
update_create (TempoSetup *self)
{
  g_autofree char *name = dup_name (self);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "setup.create",
                                 *name != '\0' && tempo_letters_row_get_good (self->letters) && !self->busy);
}

static void
name_changed_cb (TempoSetup *self)
{
  g_autofree char *name = dup_name (self);

  tempo_letters_row_set_name (self->letters, name);
  update_create (self);
}

static void
entry_activated_cb (TempoSetup *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "setup.create", NULL);
}

static void
say_what_failed (TempoSetup *self,
                 const GError *error)
{
  g_autofree char *text = tempo_words_refusal (error);

  tempo_notice_show (self->notice, text, NULL, NULL);
}

static void
created_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (TempoSetup) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean created = tempo_link_create_venue_finish (TEMPO_LINK (object), result, &error);

  if (self->stack == NULL)
    return;
  set_busy (self, FALSE);
  update_create (self);
  if (!created)
    {
      tempo_letters_row_refuse (self->letters, error);
      return;
    }
  self->created = TRUE;
  show_page (self, "music");
}

static void
create (GtkWidget *widget,
        const char *action_name,
        GVariant *parameter)
{
  TempoSetup *self = TEMPO_SETUP (widget);
  g_autofree char *name = dup_name (self);
  g_autofree char *letters = tempo_letters_row_dup_letters (self->letters);

  if (self->desk == NULL || self->busy || *name == '\0')
    return;
  if (self->created)
    {
      show_page (self, "music");
      return;
    }
  set_busy (self, TRUE);
  tempo_link_create_venue_async (tempo_desk_get_link (self->desk), name, letters, NULL, created_cb, g_object_ref (self));
}

static void
music_set_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (TempoSetup) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = tempo_link_set_music_finish (TEMPO_LINK (object), result, &error);

  if (self->stack == NULL)
    return;
  set_busy (self, FALSE);
  if (done)
    show_page (self, "ready");
  else
    say_what_failed (self, error);
}

static void
set_music (TempoSetup *self,
           const char *source,
           const char *folder)
{
  if (self->desk == NULL || self->busy)
    return;
  self->wants_player = FALSE;
  set_busy (self, TRUE);
  tempo_link_set_music_async (tempo_desk_get_link (self->desk), source, folder, NULL, music_set_cb,
                              g_object_ref (self));
}

static void
use_folder (GtkWidget *widget,
            const char *action_name,
            GVariant *parameter)
{
  TempoSetup *self = TEMPO_SETUP (widget);

  if (self->folder != NULL)
    set_music (self, "library", self->folder);
}

static void
use_manual (GtkWidget *widget,
            const char *action_name,
            GVariant *parameter)
{
  set_music (TEMPO_SETUP (widget), "manual", NULL);
}

/* Which player is asked for at the end, on its own page, with all that each needs. */
static void
connect_player (GtkWidget *widget,
                const char *action_name,
                GVariant *parameter)
{
  set_music (TEMPO_SETUP (widget), "manual", NULL);
  TEMPO_SETUP (widget)->wants_player = TRUE;
}

static void
use_demo (GtkWidget *widget,
          const char *action_name,
          GVariant *parameter)
{
  g_autofree char *folder = find_demo_folder ();

  if (folder != NULL)
    set_music (TEMPO_SETUP (widget), "library", folder);
}

static void
folder_chosen_cb (TempoSetup *self,
                  int response)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL)
    set_music (self, "library", path);
}

static void
choose_folder (GtkWidget *widget,
               const char *action_name,
               GVariant *parameter)
{
  TempoSetup *self = TEMPO_SETUP (widget);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Choose a Music Folder"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (folder_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* The doors open with the last click, because that is what the button says. */
static void
finish (GtkWidget *widget,
        const char *action_name,
        GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_FINISHED], 0);
  gtk_widget_activate_action (widget, "win.open-doors", NULL);
  if (TEMPO_SETUP (widget)->wants_player)
    gtk_widget_activate_action (widget, "win.show-music", NULL);
}

static void
go_back (GtkWidget *widget,
         const char *action_name,
         GVariant *parameter)
{
  show_page (TEMPO_SETUP (widget), "music");
}

static void
counted_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (TempoSetup) self = user_data;
  gssize songs = tempo_music_count_finish (result, NULL);
  g_autofree char *text = NULL;

  if (self->stack == NULL || g_cancellable_is_cancelled (self->counting))
    return;
  if (songs <= 0)
    text = g_strdup (_("No songs found there yet"));
  else
    /* Translators: %'d is how many audio files were found. */
    text = g_strdup_printf (ngettext ("%'d song found", "%'d songs found", (gulong) songs), (int) songs);
  adw_action_row_set_subtitle (self->folder_row, text);
}

static void
tempo_setup_dispose (GObject *object)
{
  TempoSetup *self = TEMPO_SETUP (object);

  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  g_clear_object (&self->chooser);
  tempo_setup_set_desk (self, NULL);
  g_clear_pointer (&self->folder, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_SETUP);

  G_OBJECT_CLASS (tempo_setup_parent_class)->dispose (object);
}

static void
tempo_setup_class_init (TempoSetupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_setup_dispose;

  signals[SIGNAL_FINISHED] = g_signal_new ("finished", TEMPO_TYPE_SETUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 0);

  g_type_ensure (TEMPO_TYPE_LETTERS_ROW);
  g_type_ensure (TEMPO_TYPE_NOTICE);
  g_type_ensure (TEMPO_TYPE_CODE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tempo_venue/Tempo/panel/setup/tempo-setup.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoSetup, notice);
  gtk_widget_class_bind_template_child (widget_class, TempoSetup, back);
  gtk_widget_class_bind_template_child (widget_class, TempoSetup, stack);
  gtk_widget_class_bind_template_child (widget_class, TempoSetup, name);
  gtk_widget_class_bind_template_child (widget_class, TempoSetup, letters);
  gtk_widget_class_bind_template_child (widget_class, TempoSetup, folder_row);
  gtk_widget_class_bind_template_child (widget_class, TempoSetup, demo_row);
  gtk_widget_class_bind_template_child (widget_class, TempoSetup, code);
  gtk_widget_class_bind_template_child (widget_class, TempoSetup, address);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_create);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_install_action (widget_class, "setup.create", NULL, create);
  gtk_widget_class_install_action (widget_class, "setup.use-folder", NULL, use_folder);
  gtk_widget_class_install_action (widget_class, "setup.choose-folder", NULL, choose_folder);
  gtk_widget_class_install_action (widget_class, "setup.use-manual", NULL, use_manual);
  gtk_widget_class_install_action (widget_class, "setup.connect-player", NULL, connect_player);
  gtk_widget_class_install_action (widget_class, "setup.use-demo", NULL, use_demo);
  gtk_widget_class_install_action (widget_class, "setup.finish", NULL, finish);
  gtk_widget_class_install_action (widget_class, "setup.back", NULL, go_back);
}

/* The desktop's music folder; where none is set, the one everybody has. */
static char *
find_music_folder (void)
{
  const char *special = g_get_user_special_dir (G_USER_DIRECTORY_MUSIC);
  g_autofree char *usual = NULL;

  if (special != NULL)
    return g_strdup (special);
  usual = g_build_filename (g_get_home_dir (), "Music", NULL);
  return g_file_test (usual, G_FILE_TEST_IS_DIR) ? g_steal_pointer (&usual) : NULL;
}

static void
tempo_setup_init (TempoSetup *self)
{
  g_autofree char *demo = find_demo_folder ();

  gtk_widget_init_template (GTK_WIDGET (self));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->folder_row), FALSE);
  self->folder = find_music_folder ();
  gtk_widget_set_visible (GTK_WIDGET (self->folder_row), self->folder != NULL);
  gtk_widget_set_visible (self->demo_row, demo != NULL);
  if (self->folder != NULL)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->folder_row), self->folder);
  name_changed_cb (self);
}

/* The desk whose venue is being made.
 * NULL lets go of it.
 */
void
tempo_setup_set_desk (TempoSetup *self,
                      TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_SETUP (self));

  if (self->letters != NULL)
    tempo_letters_row_set_link (self->letters, desk != NULL ? tempo_desk_get_link (desk) : NULL);
  tempo_follow (&self->desk, desk, "notify::view", G_CALLBACK (update), self);
}

/* Shows the first page with the keyboard in its field, and starts to count
 * the music so that the number is there when the second page is.
 */
void
tempo_setup_start (TempoSetup *self)
{
  g_return_if_fail (TEMPO_IS_SETUP (self));

  show_page (self, "name");
  gtk_widget_grab_focus (self->name);
  if (self->folder == NULL || self->counting != NULL)
    return;
  self->counting = g_cancellable_new ();
  tempo_music_count_async (self->folder, self->counting, counted_cb, g_object_ref (self));
}

/* The page that is shown now.
 * (transfer none).
 */
const char *
tempo_setup_get_page (TempoSetup *self)
{
  g_return_val_if_fail (TEMPO_IS_SETUP (self), NULL);
  return gtk_stack_get_visible_child_name (self->stack);
}
