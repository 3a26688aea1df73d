/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "config.h"

#include "panel/settings/tempo-staff-address.h"

#include <glib/gi18n.h>

#include "panel/common/tempo-code-view.h"
#include "panel/common/tempo-follow.h"

struct _TempoStaffAddress
{
  AdwPreferencesGroup parent_instance;

  TempoDesk *desk; /* (owned) (nullable) */
  char *url;       /* (owned) (nullable) */

  AdwActionRow *row;
  AdwActionRow *fingerprint;
  TempoCodeView *code;
};

G_DEFINE_FINAL_TYPE (TempoStaffAddress, tempo_staff_address, ADW_TYPE_PREFERENCES_GROUP)

/* The host is that of the guests' address, which follows the network; the port is the other door's. (transfer full). */
static char *
make_url (TempoRoomView *view,
          guint port)
{
  g_autoptr (GUri) join = view != NULL ? g_uri_parse (view->join_url, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autofree char *path = NULL;

  if (join == NULL || port == 0)
    return NULL;
  path = g_strdup_printf ("/%s/staff", view->organization->slug);
  return g_uri_join (G_URI_FLAGS_NONE, "https", NULL, g_uri_get_host (join), (int) port, path, NULL, NULL);
}

static void
update (TempoStaffAddress *self)
{
  const char *fingerprint = NULL;
  g_autofree char *url = make_url (tempo_desk_get_view (self->desk), tempo_desk_get_staff_door (self->desk, &fingerprint));

  if (g_strcmp0 (url, self->url) != 0)
    {
      g_clear_pointer (&self->url, g_free);
      self->url = g_steal_pointer (&url);
      adw_action_row_set_subtitle (self->row, self->url != NULL ? self->url : "");
      tempo_code_view_set_text (self->code, self->url);
    }
  adw_action_row_set_subtitle (self->fingerprint, fingerprint != NULL ? fingerprint : "");
  gtk_widget_set_visible (GTK_WIDGET (self), self->url != NULL);
}

static void
copy_cb (TempoStaffAddress *self)
{
  if (self->url != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->url);
}

static void
tempo_staff_address_dispose (GObject *object)
{
  TempoStaffAddress *self = TEMPO_STAFF_ADDRESS (object);

  tempo_staff_address_set_desk (self, NULL);
  g_clear_pointer (&self->url, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), TEMPO_TYPE_STAFF_ADDRESS);

  G_OBJECT_CLASS (tempo_staff_address_parent_class)->dispose (object);
}

static void
tempo_staff_address_class_init (TempoStaffAddressClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tempo_staff_address_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/tempo_venue/Tempo/panel/settings/tempo-staff-address.ui");
  gtk_widget_class_bind_template_child (widget_class, TempoStaffAddress, row);
  gtk_widget_class_bind_template_child (widget_class, TempoStaffAddress, fingerprint);
  gtk_widget_class_bind_template_child (widget_class, TempoStaffAddress, code);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
tempo_staff_address_init (TempoStaffAddress *self)
{
  g_type_ensure (TEMPO_TYPE_CODE_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Shows the address of the organization of @desk, and follows the network.
 */
void
tempo_staff_address_set_desk (TempoStaffAddress *self,
                              TempoDesk *desk)
{
  g_return_if_fail (TEMPO_IS_STAFF_ADDRESS (self));

  if (!tempo_follow (&self->desk, desk, "notify::view", G_CALLBACK (update), self) || desk == NULL)
    return;
  g_signal_connect_swapped (desk, "notify::staff-port", G_CALLBACK (update), self);
}

/* What the code holds.
 */
const char *
tempo_staff_address_get_url (TempoStaffAddress *self)
{
  g_return_val_if_fail (TEMPO_IS_STAFF_ADDRESS (self), NULL);

  return self->url;
}
