/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/music/tempo-library-settings.h"

#include <glib/gi18n.h>

struct _TempoLibrarySettings
{
  AdwPreferencesGroup parent_instance;

  TempoDesk *desk;               /* (owned) (nullable) */
  GtkFileChooserNative *chooser; /* (owned) (nullable) */

  AdwActionRow *folder;
};

G_DEFINE_FINAL_TYPE (TempoLibrarySettings, tempo_library_settings, ADW_TYPE_PREFERENCES_GROUP)

static void
chosen_cb (TempoLibrarySettings *self,
           int response)
{
  g_autoptr (GFile) file = NULL;
  JsonNode *node;

  if (response != GTK_RESPONSE_ACCEPT || self->desk == NULL)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  if (file == NULL || g_file_peek_path (file) == NULL)
    return;
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (node, g_file_peek_path (file));
  tempo_desk_set_setting (self->desk, TRUE, "musicFolder", node);
}

static void
tempo_library_settings_dispose (GObject *object)
{
  TempoLibrarySettings *self = TEMPO_LIBRARY_SETTINGS (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->chooser);
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
  gtk_widget_class_bind_template_callback (widget_class, tempo_library_settings_choose);
}

static void
tempo_library_settings_init (TempoLibrarySettings *self)
{
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
  TempoLinkScan scan;
  g_autofree char *text = NULL;

  if (self->desk == NULL)
    return;
  tempo_link_get_scan (tempo_desk_get_link (self->desk), &scan);
  if (scan.scanning)
    /* Translators: %1$u of %2$u files. */
    text = g_strdup_printf (C_("music", "Being read: %1$u of %2$u"), scan.scanned, scan.total);
  else
    text = g_strdup_printf (ngettext ("%u song", "%u songs", scan.songs), scan.songs);
  adw_action_row_set_subtitle (self->folder, text);
}

void
tempo_library_settings_choose (TempoLibrarySettings *self)
{
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Choose a Music Folder"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}
