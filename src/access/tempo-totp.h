/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Time-based one-time codes (RFC 6238: SHA-1, six digits, 30 s, which is what every authenticator knows)
 * through liboath, and the recovery codes beside them. Any thread; nothing here waits. */
#define TEMPO_TOTP_STEP_SECONDS 30
#define TEMPO_TOTP_DIGITS 6
#define TEMPO_RECOVERY_CODES 10
/* What is typed: six digits, or a recovery code with its hyphens and a few blanks. */
#define TEMPO_TOTP_MAX_CODE 48

/* 160 random bits as base32 without padding. (transfer full). */
char *tempo_totp_new_secret (void);
/* otpauth://totp/… for a QR code. @issuer: the house; @account: the person. (transfer full). */
char *tempo_totp_make_uri (const char *secret, const char *issuer, const char *account);
/* Whether @code is the one of @now (seconds) or of a neighbouring step, and of none up to @last_step.
 * @step: (out) (optional) the one it is of, to be kept as the next @last_step. */
gboolean tempo_totp_verify (const char *secret, const char *code, gint64 now, gint64 last_step, gint64 *step);
/* The code of one step, as an authenticator shows it: for tests. (transfer full) (nullable). */
char *tempo_totp_generate (const char *secret, gint64 now);

/* 128 random bits as base32 in groups. (transfer full). */
char *tempo_recovery_code_new (void);
/* SHA-256 of what was typed, whatever the case, hyphens and blanks; NULL for what cannot be one. (transfer full) (nullable). */
char *tempo_recovery_code_digest (const char *code);

G_END_DECLS
