/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Our own addresses: what to print on a QR code and what a Host header may say. Any thread. */
typedef struct
{
  char *interface; /* (owned) "wlan0" */
  char *text;      /* (owned) "192.168.1.20", "fd00::1" */
  gboolean ipv6;
  gboolean loopback;
  gboolean site_local; /* RFC 1918, link-local or unique local: not of the internet */
  gboolean is_virtual; /* a bridge or tunnel of this machine: no phone can reach it */
} TempoAddress;
TempoAddress *tempo_address_new (const char *interface, const char *text);
void tempo_address_free (TempoAddress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TempoAddress, tempo_address_free)

/* Every address of every interface that is up, in the kernel's order. (transfer full) (element-type TempoAddress) */
GPtrArray *tempo_addresses_list (void);
/* The one most likely on the guests' Wi-Fi: a private IPv4 of a real interface, wireless before
 * wired; else any other IPv4 of a real interface; NULL when there is none. (transfer none), of @list. */
const TempoAddress *tempo_addresses_pick (GPtrArray *list);
/* tempo_addresses_pick() of now as text, NULL when the machine is on no network. (transfer full) */
char *tempo_addresses_best (void);
/* "<hostname>.local", lower case; extra text only, many phones do not resolve it. (transfer full) */
char *tempo_addresses_local_name (void);

G_END_DECLS
