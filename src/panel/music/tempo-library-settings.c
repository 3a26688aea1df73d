/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/music/tempo-library-settings.h"

#include <glib/gi18n.h>

#include "base/tempo-json.h"

struct _TempoLibrarySettings
{
  AdwPreferencesGroup parent_instance;

  TempoDesk *desk;               /* (owned) (nullable) */
  GtkFileChooserNative *chooser; /* (owned) (nullable) */

  char *path; /* (owned) what was chosen; "" the usual one */
  gboolean for_filler; /* what the chooser is open for */

  AdwActionRow *folder;
  GtkWidget *usual;
  AdwActionRow *filler;
  GtkWidget *any;
};

G_DEFINE_FINAL_TYPE (TempoLibrarySettings, tempo_library_settings, ADW_TYPE_PREFERENCES_GROUP)

static void
send_folder (TempoLibrarySettings *self,
             const char *key,
             const char *path)
{
  JsonNode *node;

  if (self->desk == NULL)
    return;
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (node, path);
  tempo_desk_set_setting (self->desk, TRUE, key, node);
}

static void
chosen_cb (TempoLibrarySettings *self,
           int response)
{
  g_autoptr (GFile) file = NULL;
  const char *path;

  if (response != GTK_RESPONSE_ACCEPT || self->desk == NULL)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  path = file != NULL ? g_file_peek_path (file) : NULL;
  if (path == NULL)
    return;
  send_folder (self, self->for_filler ? "fillerFolder" : "musicFolder", path);
  if (!self->for_filler)
    {
      g_free (self->path);
      self->path = g_strdup (path);
      tempo_library_settings_refresh (self);
    }
}

static void
open_chooser (TempoLibrarySettings *self,
              const char *title,
              gboolean for_filler)
{
  self->for_filler = for_filler;
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
usual_cb (TempoLibrarySettings *self)
{
  send_folder (self, "musicFolder", "");
  g_free (self->path);
  self->path = g_strdup ("");
  tempo_library_settings_refresh (self);
}

static void
any_cb (TempoLibrarySettings *self)
{
  send_folder (self, "fillerFolder", "");
}

static void
choose_filler_cb (TempoLibrarySettings *self)
{
  open_chooser (self, _("Choose a Folder Inside the Music Folder"), TRUE);
}

static void
tempo_library_settings_dispose (GObject *object)
{
  TempoLibrarySettings *self = TEMPO_LIBRARY_SETTINGS (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->path, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_LIBRARY_SETTINGS);

  G_OBJECT_CLASS (tempo_library_settings_parent_class)->dispose (object);
}

static void
tempo_library_settings_class_init (TempoLibrarySettingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_library_settings_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/tempo_venue/Tempo/panel/music/tempo-library-settings.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoLibrarySettings, folder);
  gtk_widget_class_bind_template_child (widget_class, TempoLibrarySettings, usual);
  gtk_widget_class_bind_template_child (widget_class, TempoLibrarySettings, filler);
  gtk_widget_class_bind_template_child (widget_class, TempoLibrarySettings, any);
  gtk_widget_class_bind_template_callback (widget_class, usual_cb);
  gtk_widget_class_bind_template_callback (widget_class, any_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_filler_cb);
  gtk_widget_class_bind_template_callback (widget_class, tempo_library_settings_choose);
}

static void
tempo_library_settings_init (TempoLibrarySettings *self)
{
  self->path = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tempo_library_settings_set_desk (TempoLibrarySettings *self,
                                 TempoDesk *desk)
{
  g_set_object (&self->desk, desk);
}

void
tempo_library_settings_refresh (TempoLibrarySettings *self)
{
  TempoRoomView *view = self->desk != NULL ? tempo_desk_get_view (self->desk) : NULL;
  TempoLinkScan scan;
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;

  if (view == NULL)
    return;
  adw_action_row_set_subtitle (self->filler, view->filler_folder != NULL ? view->filler_folder : _("Anything at random"));
  gtk_widget_set_visible (self->any, view->filler_folder != NULL);
  gtk_widget_set_visible (self->usual, *self->path != '\0');
  tempo_link_get_scan (tempo_desk_get_link (self->desk), &scan);
  if (scan.scanning)
    /* Translators: %1$u of %2$u files. */
    text = g_strdup_printf (C_("music", "Being read: %1$u of %2$u"), scan.scanned, scan.total);
  else if (scan.broken > 0)
    {
      /* Translators: %'u is how many songs there are. */
      g_autofree char *songs = g_strdup_printf (ngettext ("%'u song", "%'u songs", scan.songs), scan.songs);
      /* Translators: %'u is how many files cannot be played. */
      g_autofree char *broken = g_strdup_printf (ngettext ("%'u unreadable file", "%'u unreadable files", scan.broken), scan.broken);

      text = g_strjoin (" · ", songs, broken, NULL);
    }
  else
    /* Translators: %'u is how many songs there are. */
    text = g_strdup_printf (ngettext ("%'u song", "%'u songs", scan.songs), scan.songs);
  whole = *self->path != '\0' ? g_strjoin (" · ", self->path, text, NULL) : g_steal_pointer (&text);
  adw_action_row_set_subtitle (self->folder, whole);
}

void
tempo_library_settings_take (TempoLibrarySettings *self,
                             JsonObject *settings)
{
  const char *path = tempo_json_get_string (settings, "musicFolder", 4096, "", NULL);

  g_free (self->path);
  self->path = g_strdup (path != NULL ? path : "");
  tempo_library_settings_refresh (self);
}

void
tempo_library_settings_choose (TempoLibrarySettings *self)
{
  open_chooser (self, _("Choose a Music Folder"), FALSE);
}
