/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "access/tempo-licence.h"

/* A signer of licence documents for tests: nobody but tests trusts it. */
#define LICENCE_FIXTURE_KEY_NAME "test"

/* (transfer full). A set that trusts the fixture's key beside those of the build. */
TempoLicenceKeys *licence_fixture_make_keys (void);
/* "test:…", as settings and options have keys. (transfer full). */
char *licence_fixture_make_key_text (void);
/* A medium licence for @organization_id from @start (seconds) on for a year, to be renewed after 30 days, with the
 * key's digest and last four. Change what the test is about, then sign. (transfer full). */
TempoLicence *licence_fixture_make (const char *organization_id, const char *key, gint64 start);
/* (transfer full). */
char *licence_fixture_sign (const TempoLicence *licence);
/* Any payload under a good signature: the way past the lock. (transfer full). */
char *licence_fixture_sign_payload (const char *payload);
