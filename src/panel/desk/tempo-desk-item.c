/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tempo-panel"

#include "panel/desk/tempo-desk-item.h"

struct _TempoDeskItem
{
  GObject parent_instance;

  char *id;       /* (owned) */
  GObject *value; /* (owned) */
  guint position;
  gboolean gone;
};

enum
{
  PROP_ID = 1,
  PROP_VALUE,
  PROP_POSITION,
  PROP_GONE,
  N_PROPS
};

static GParamSpec *pspecs[N_PROPS];

G_DEFINE_FINAL_TYPE (TempoDeskItem, tempo_desk_item, G_TYPE_OBJECT)

static void
tempo_desk_item_get_property (GObject *object,
                              guint property_id,
                              GValue *value,
                              GParamSpec *pspec)
{
  TempoDeskItem *self = TEMPO_DESK_ITEM (object);

  switch (property_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_VALUE:
      g_value_set_object (value, self->value);
      break;
    case PROP_POSITION:
      g_value_set_uint (value, self->position);
      break;
    case PROP_GONE:
      g_value_set_boolean (value, self->gone);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tempo_desk_item_finalize (GObject *object)
{
  TempoDeskItem *self = TEMPO_DESK_ITEM (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_object (&self->value);

  G_OBJECT_CLASS (tempo_desk_item_parent_class)->finalize (object);
}

static void
tempo_desk_item_class_init (TempoDeskItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = tempo_desk_item_get_property;
  object_class->finalize = tempo_desk_item_finalize;

  pspecs[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  pspecs[PROP_VALUE] = g_param_spec_object ("value", NULL, NULL, G_TYPE_OBJECT, flags);
  pspecs[PROP_POSITION] = g_param_spec_uint ("position", NULL, NULL, 0, G_MAXUINT, 0, flags);
  pspecs[PROP_GONE] = g_param_spec_boolean ("gone", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, pspecs);
}

static void
tempo_desk_item_init (TempoDeskItem *self)
{
}

/* A row for @value, known by @id from now on. The id never changes: a list
 * that meets another id makes another item.
 */
TempoDeskItem *
tempo_desk_item_new (const char *id,
                     gpointer value)
{
  TempoDeskItem *self = g_object_new (TEMPO_TYPE_DESK_ITEM, NULL);

  self->id = g_strdup (id);
  self->value = g_object_ref (G_OBJECT (value));
  return self;
}

/* The id of the row's value.
 * It stays the same for the item's whole life.
 * (transfer none). */
const char *
tempo_desk_item_get_id (TempoDeskItem *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK_ITEM (self), NULL);
  return self->id;
}

/* The newest value of the row. It is immutable itself; what changes
 * is which one the row shows.
 * (transfer none). */
gpointer
tempo_desk_item_get_value (TempoDeskItem *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK_ITEM (self), NULL);
  return self->value;
}

/* Shows a newer value. The views share unchanged values, so comparing the
 * pointers is enough to tell that nothing has to be drawn again.
 */
void
tempo_desk_item_set_value (TempoDeskItem *self,
                           gpointer value)
{
  g_return_if_fail (TEMPO_IS_DESK_ITEM (self));

  if (g_set_object (&self->value, value))
    g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_VALUE]);
}

/* The 1-based place in the list,
 * 0 before the item was put into one.
 */
guint
tempo_desk_item_get_position (TempoDeskItem *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK_ITEM (self), 0);
  return self->position;
}

/* For the list that holds the item; notifies only when the place
 * really is another one.
 */
void
tempo_desk_item_set_position (TempoDeskItem *self,
                              guint position)
{
  g_return_if_fail (TEMPO_IS_DESK_ITEM (self));

  if (self->position == position)
    return;
  self->position = position;
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_POSITION]);
}

/* TRUE for a row that is only shown any more because
 * taking it away would move others under the pointer.
 */
gboolean
tempo_desk_item_get_gone (TempoDeskItem *self)
{
  g_return_val_if_fail (TEMPO_IS_DESK_ITEM (self), FALSE);
  return self->gone;
}

/* For the list that holds the item; a row that came back
 * (undo) is not gone any more.
 */
void
tempo_desk_item_set_gone (TempoDeskItem *self,
                          gboolean gone)
{
  g_return_if_fail (TEMPO_IS_DESK_ITEM (self));

  if (self->gone == gone)
    return;
  self->gone = gone;
  g_object_notify_by_pspec (G_OBJECT (self), pspecs[PROP_GONE]);
}
