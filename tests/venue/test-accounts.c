/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People of the house: who may be made by whom, who gets in, and what a new password does to old sessions. */
#include "fixture.h"
#include "venue/tempo-people.h"

#define RIGHT "correct horse"
#define WRONG "wrong horse"

/* Consumes @command. */
static TempoPeopleOutcome *
people (Fixture *f,
        TempoPeopleCommand *command,
        GError **error)
{
  g_autoptr (TempoPeopleCommand) owned = command;
  g_autoptr (GAsyncResult) result = NULL;

  tempo_people_execute_async (f->host, command, fixture_result_cb, &result);
  fixture_wait_result (&result);

  return tempo_people_execute_finish (f->host, result, error);
}

static TempoMember *
create_member (Fixture *f,
               TempoActor *actor,
               const char *username,
               const char *password,
               TempoRole role,
               GError **error)
{
  TempoPeopleCommand *command = tempo_people_command_new (TEMPO_PEOPLE_CREATE, actor, f->org);
  g_autoptr (TempoPeopleOutcome) outcome = NULL;

  command->username = g_strdup (username);
  command->password = g_strdup (password);
  command->role = role;
  outcome = people (f, command, error);

  return outcome != NULL ? g_object_ref (outcome->member) : NULL;
}

static TempoMember *
make_member (Fixture *f,
             const char *username,
             TempoRole role)
{
  g_autoptr (GError) error = NULL;
  TempoMember *member = create_member (f, f->desktop, username, RIGHT, role, &error);

  g_assert_no_error (error);

  return member;
}

static gboolean
set_password (Fixture *f,
              const char *username,
              const char *password,
              GError **error)
{
  TempoPeopleCommand *command = tempo_people_command_new (TEMPO_PEOPLE_CHANGE, f->desktop, f->org);
  g_autoptr (TempoPeopleOutcome) outcome = NULL;

  command->username = g_strdup (username);
  command->password = g_strdup (password);
  outcome = people (f, command, error);

  return outcome != NULL;
}

static TempoMember *
sign_in (Fixture *f,
         const char *username,
         const char *password,
         const char *organization,
         const char *address,
         GError **error)
{
  TempoSignIn who = { .username = username, .password = password, .organization = organization, .address = address };
  g_autoptr (GAsyncResult) result = NULL;

  tempo_people_sign_in_async (f->host, &who, fixture_result_cb, &result);
  fixture_wait_result (&result);

  return tempo_people_sign_in_finish (f->host, result, error);
}

static void
expect_in (Fixture *f,
           const char *username,
           const char *password,
           const char *organization)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoMember) member = sign_in (f, username, password, organization, "192.0.2.1", &error);

  g_assert_no_error (error);
  g_assert_nonnull (member);
}

static void
expect_out (Fixture *f,
            const char *username,
            const char *password,
            const char *organization,
            const char *address,
            TempoRefusal refusal)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sign_in (f, username, password, organization, address, &error));
  g_assert_error (error, TEMPO_REFUSAL, (int) refusal);
}

static char *
read_hash (Fixture *f)
{
  return fixture_sql (f, NULL, "SELECT password_hash FROM base_member WHERE username = 'mia'");
}

/* A hash of a cost of years ago is made anew when its owner comes, behind the answer, and not when a guess was wrong; what
 * it is the hash of stays. */
static void
test_rehash (void)
{
  /* "correct horse" at cost 4. */
  static const char weak[] = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
  Fixture f = { 0 };
  gint64 deadline;
  g_autofree char *sql = g_strdup_printf ("UPDATE base_member SET password_hash = '%s' WHERE username = 'mia'", weak);
  g_autofree char *hash = NULL;

  fixture_set_up (&f, NULL);
  g_object_unref (make_member (&f, "mia", TEMPO_ROLE_MEMBER));
  fixture_stop (&f);
  g_free (fixture_sql (&f, NULL, sql));
  fixture_start (&f);
  expect_out (&f, "mia", WRONG, NULL, "192.0.2.9", TEMPO_REFUSAL_UNAUTHENTICATED);
  hash = read_hash (&f);
  g_assert_cmpstr (hash, ==, weak);

  tempo_clock_advance (f.clock, G_TIME_SPAN_HOUR);
  expect_in (&f, "mia", RIGHT, NULL);
  deadline = g_get_monotonic_time () + FIXTURE_PATIENCE_US;
  while (g_str_equal (hash, weak) && g_get_monotonic_time () < deadline)
    {
      /* The engine answers meanwhile. */
      fixture_settle (&f);
      g_free (hash);
      hash = read_hash (&f);
    }
  g_assert_true (g_str_has_prefix (hash, "$2b$12$"));
  expect_in (&f, "mia", RIGHT, NULL);
  expect_out (&f, "mia", WRONG, NULL, "192.0.2.9", TEMPO_REFUSAL_UNAUTHENTICATED);
  fixture_check_sql (&f, "SELECT count(*) FROM base_audit WHERE after LIKE '%$2b$%' OR before LIKE '%$2b$%'", "0");
  fixture_tear_down (&f);
}

/* Names and passwords as people type them. */
typedef struct
{
  const char *name;
  const char *username;
  const char *password;
  TempoRole role;
  int refusal; /* -1: made */
  const char *kept_as;
} Maker;

static const Maker makers[] = {
  { "plain", "bert", RIGHT, TEMPO_ROLE_MEMBER, -1, "bert" },
  { "folded", "  BERT ", RIGHT, TEMPO_ROLE_ADMIN, -1, "bert" },
  { "mail", "bert.b+bar@example.org", RIGHT, TEMPO_ROLE_VIEWER, -1, "bert.b+bar@example.org" },
  { "umlaut", "Jörg", RIGHT, TEMPO_ROLE_MEMBER, -1, "jörg" },
  { "nameless", "", RIGHT, TEMPO_ROLE_MEMBER, TEMPO_REFUSAL_INVALID, NULL },
  { "spaces", "be rt", RIGHT, TEMPO_ROLE_MEMBER, TEMPO_REFUSAL_INVALID, NULL },
  { "markup", "<b>", RIGHT, TEMPO_ROLE_MEMBER, TEMPO_REFUSAL_INVALID, NULL },
  { "newline", "be\nrt", RIGHT, TEMPO_ROLE_MEMBER, TEMPO_REFUSAL_INVALID, NULL },
  { "short", "bert", "short", TEMPO_ROLE_MEMBER, TEMPO_REFUSAL_WEAK_PASSWORD, NULL },
  { "without-password", "bert", NULL, TEMPO_ROLE_MEMBER, TEMPO_REFUSAL_WEAK_PASSWORD, NULL },
  { "without-role", "bert", RIGHT, TEMPO_ROLE_NONE, TEMPO_REFUSAL_INVALID, NULL },
  { "taken", "olga", RIGHT, TEMPO_ROLE_MEMBER, TEMPO_REFUSAL_CONFLICT, NULL },
  { "taken-folded", "OLGA", RIGHT, TEMPO_ROLE_MEMBER, TEMPO_REFUSAL_CONFLICT, NULL },
};

static void
test_make (gconstpointer data)
{
  const Maker *m = data;
  Fixture f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoMember) member = NULL;

  fixture_set_up (&f, NULL);
  member = create_member (&f, f.desktop, m->username, m->password, m->role, &error);
  if (m->refusal >= 0)
    {
      g_assert_null (member);
      g_assert_error (error, TEMPO_REFUSAL, m->refusal);
      g_assert_cmpstr (tempo_refusal_detail (error)->subject, !=, "");
      fixture_check_sql (&f, "SELECT count(*) FROM base_member", "1");
      fixture_check_sql (&f, "SELECT count(*) FROM base_audit WHERE action = 'member_create'", "0");
      fixture_tear_down (&f);
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpstr (member->username, ==, m->kept_as);
  g_assert_cmpstr (member->organization_id, ==, f.org);
  g_assert_cmpint (member->role, ==, m->role);
  g_assert_false (member->super_admin);
  g_assert_null (strstr (member->password_hash, m->password));
  /* Durable, and known after a restart. */
  fixture_restart (&f);
  expect_in (&f, m->username, RIGHT, NULL);
  fixture_check_sql (&f, "SELECT count(*) FROM base_audit WHERE action = 'member_create'", "1");
  fixture_tear_down (&f);
}

/* Nobody makes somebody above themselves; nobody below "admin" makes anybody; nobody reaches into another house. */
static void
test_ranks (void)
{
  static const struct
  {
    TempoRole actor, wanted;
    gboolean may;
  } ranks[] = {
    { TEMPO_ROLE_VIEWER, TEMPO_ROLE_VIEWER, FALSE }, { TEMPO_ROLE_MEMBER, TEMPO_ROLE_MEMBER, FALSE },
    { TEMPO_ROLE_MEMBER, TEMPO_ROLE_OWNER, FALSE },  { TEMPO_ROLE_ADMIN, TEMPO_ROLE_MEMBER, TRUE },
    { TEMPO_ROLE_ADMIN, TEMPO_ROLE_ADMIN, TRUE },    { TEMPO_ROLE_ADMIN, TEMPO_ROLE_OWNER, FALSE },
    { TEMPO_ROLE_OWNER, TEMPO_ROLE_OWNER, TRUE },
  };
  Fixture f = { 0 };
  g_autoptr (TempoActor) guest = tempo_actor_new_guest ("ann", NULL, NULL, NULL);

  fixture_set_up (&f, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (ranks); i++)
    for (guint foreign = 0; foreign < 2; foreign++)
      {
        g_autoptr (TempoMember) somebody = tempo_member_new ("m", "somebody", ranks[i].actor);
        g_autofree char *username = g_strdup_printf ("new%u.%u", i, foreign);
        g_autoptr (TempoActor) actor = NULL;
        g_autoptr (TempoMember) made = NULL;
        g_autoptr (GError) error = NULL;

        g_clear_pointer (&somebody->organization_id, g_free);
        somebody->organization_id = g_strdup (foreign ? "another house" : f.org);
        actor = tempo_actor_new_member (somebody, NULL, NULL);
        made = create_member (&f, actor, username, RIGHT, ranks[i].wanted, &error);
        if (ranks[i].may && !foreign)
          g_assert_no_error (error);
        else
          g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_FORBIDDEN);
      }
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (create_member (&f, guest, "annie", RIGHT, TEMPO_ROLE_VIEWER, &error));
    g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_FORBIDDEN);
  }
  fixture_check_sql (&f, "SELECT count(*) FROM base_member", "4");
  fixture_tear_down (&f);
}

typedef struct
{
  const char *id;
  gint64 version;
  gboolean there;
} VersionOf;

static void
read_version (Fixture *f,
              TempoRoom *room,
              gpointer data)
{
  VersionOf *of = data;
  TempoMember *member = tempo_host_find_member (f->host, f->org, of->id);

  of->there = member != NULL;
  of->version = member != NULL ? (gint64) member->token_version : -1;
}

/* A new password ends every session: tokens carry the version they were made with. */
static void
test_new_password (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoMember) bert = NULL;
  g_autoptr (GError) error = NULL;
  VersionOf of = { 0 };
  gint64 before;

  fixture_set_up (&f, NULL);
  bert = make_member (&f, "bert", TEMPO_ROLE_MEMBER);
  of.id = bert->id;
  fixture_on_engine (&f, read_version, &of);
  g_assert_true (of.there);
  before = of.version;

  g_assert_false (set_password (&f, "bert", "short", &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_WEAK_PASSWORD);
  g_clear_error (&error);
  fixture_on_engine (&f, read_version, &of);
  g_assert_cmpint (of.version, ==, before);
  expect_in (&f, "bert", RIGHT, NULL);

  g_assert_true (set_password (&f, "Bert", "another horse", &error));
  g_assert_no_error (error);
  fixture_on_engine (&f, read_version, &of);
  g_assert_cmpint (of.version, ==, before + 1);
  expect_out (&f, "bert", RIGHT, NULL, NULL, TEMPO_REFUSAL_UNAUTHENTICATED);
  expect_in (&f, "bert", "another horse", NULL);

  fixture_restart (&f);
  fixture_on_engine (&f, read_version, &of);
  g_assert_cmpint (of.version, ==, before + 1);
  expect_in (&f, "bert", "another horse", NULL);
  fixture_check_sql (&f, "SELECT count(*) FROM base_audit WHERE action = 'password_set'", "1");
  fixture_check_sql (&f, "SELECT count(*) FROM base_audit WHERE after LIKE '%horse%' OR before LIKE '%horse%'"
                         " OR after LIKE '%$2b$%'", "0");
  fixture_tear_down (&f);
}

static void
test_password_of_nobody (void)
{
  Fixture f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *org = NULL;

  fixture_set_up (&f, NULL);
  g_assert_false (set_password (&f, "nobody", RIGHT, &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_NOT_FOUND);
  g_clear_error (&error);
  f.org = org = g_strdup ("no such house");
  g_assert_false (set_password (&f, "olga", RIGHT, &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (create_member (&f, f.desktop, "bert", RIGHT, TEMPO_ROLE_MEMBER, &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_NOT_FOUND);
  f.org = f.organization->id;
  fixture_tear_down (&f);
}

/* The owner of a desktop that never had a password cannot be guessed in, not even with nothing. */
static void
test_without_password (void)
{
  Fixture f = { 0 };
  g_autoptr (GError) error = NULL;

  fixture_set_up (&f, NULL);
  expect_out (&f, "olga", "", NULL, NULL, TEMPO_REFUSAL_UNAUTHENTICATED);
  expect_out (&f, "olga", NULL, f.org, NULL, TEMPO_REFUSAL_UNAUTHENTICATED);
  g_assert_true (set_password (&f, "olga", RIGHT, &error));
  g_assert_no_error (error);
  expect_in (&f, "olga", RIGHT, NULL);
  expect_in (&f, " OLGA ", RIGHT, "acme-bar");
  expect_in (&f, "olga", RIGHT, f.org);
  expect_out (&f, "olga", RIGHT, "nowhere", NULL, TEMPO_REFUSAL_UNAUTHENTICATED);
  fixture_tear_down (&f);
}

static void
guess (Fixture *f,
       const char *username,
       const char *organization,
       const char *address,
       guint n)
{
  for (guint i = 0; i < n; i++)
    expect_out (f, username, WRONG, organization, address, TEMPO_REFUSAL_UNAUTHENTICATED);
}

/* Five wrong ones are free, then a wait that grows; the right password waits too; time heals; success forgives. */
static void
test_throttle_account (void)
{
  Fixture f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoMember) bert = NULL, bea = NULL;

  fixture_set_up (&f, NULL);
  bert = make_member (&f, "bert", TEMPO_ROLE_MEMBER);
  bea = make_member (&f, "bea", TEMPO_ROLE_MEMBER);
  guess (&f, "bert", NULL, NULL, 6);
  g_assert_null (sign_in (&f, "bert", RIGHT, NULL, NULL, &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_RATE);
  g_assert_cmpint (tempo_refusal_detail (error)->until, >, FIXTURE_NOW);
  g_assert_cmpint (tempo_refusal_detail (error)->until, <=, FIXTURE_NOW + 15 * G_TIME_SPAN_MINUTE);
  /* The colleague is not punished. */
  expect_in (&f, "bea", RIGHT, NULL);
  tempo_clock_advance (f.clock, 15 * G_TIME_SPAN_MINUTE);
  expect_in (&f, "bert", RIGHT, NULL);
  guess (&f, "bert", NULL, NULL, 4);
  expect_in (&f, "bert", RIGHT, NULL);
  guess (&f, "bert", NULL, NULL, 4);
  fixture_tear_down (&f);
}

/* The house may be named by id, by slug or not at all: it is one account with one lot of guesses. */
static void
test_throttle_spellings (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoMember) bert = NULL;

  fixture_set_up (&f, NULL);
  bert = make_member (&f, "bert", TEMPO_ROLE_MEMBER);
  guess (&f, "bert", NULL, NULL, 2);
  guess (&f, "BERT", "acme-bar", NULL, 2);
  guess (&f, " bert ", f.org, NULL, 2);
  expect_out (&f, "bert", RIGHT, NULL, NULL, TEMPO_REFUSAL_RATE);
  expect_out (&f, "bert", RIGHT, "acme-bar", NULL, TEMPO_REFUSAL_RATE);
  expect_out (&f, "bert", RIGHT, f.org, NULL, TEMPO_REFUSAL_RATE);
  fixture_tear_down (&f);
}

/* One address trying one name after the other is slowed as well, also on names nobody has; others are not. */
static void
test_throttle_address (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoMember) bert = NULL;

  fixture_set_up (&f, NULL);
  bert = make_member (&f, "bert", TEMPO_ROLE_MEMBER);
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *name = g_strdup_printf ("name%u", i);

      guess (&f, name, NULL, "192.0.2.66", 1);
    }
  expect_out (&f, "bert", RIGHT, NULL, "192.0.2.66", TEMPO_REFUSAL_RATE);
  expect_in (&f, "bert", RIGHT, NULL);
  tempo_clock_advance (f.clock, 15 * G_TIME_SPAN_MINUTE);
  expect_out (&f, "bert", WRONG, NULL, "192.0.2.66", TEMPO_REFUSAL_UNAUTHENTICATED);
  fixture_tear_down (&f);
}

static gint64
time_sign_in (Fixture *f,
              const char *username)
{
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < 3; i++)
    {
      gint64 start = g_get_monotonic_time ();

      expect_out (f, username, WRONG, NULL, NULL, TEMPO_REFUSAL_UNAUTHENTICATED);
      best = MIN (best, g_get_monotonic_time () - start);
    }

  return best;
}

/* The time of an answer does not tell whether somebody has the name: both do the same hash. */
static void
test_same_work (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoMember) bert = NULL;
  gint64 known, unknown;

  fixture_set_up (&f, NULL);
  bert = make_member (&f, "bert", TEMPO_ROLE_MEMBER);
  known = time_sign_in (&f, "bert");
  unknown = time_sign_in (&f, "nobody");
  g_test_message ("known %" G_GINT64_FORMAT " us, unknown %" G_GINT64_FORMAT " us", known, unknown);
  /* A hash of cost 12 takes many milliseconds; a short cut takes none. */
  g_assert_cmpint (unknown, >, known / 4);
  fixture_tear_down (&f);
}

/* The same name in two houses: each has its own password, and each house its own throttle. */
static void
test_two_houses (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoOrganization) blue = NULL;
  g_autoptr (TempoMember) here = NULL, there = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&f, NULL);
  g_assert_true (set_password (&f, "olga", RIGHT, &error));
  blue = fixture_found (&f, "Blue", "blue", "olga", "blue horse", &error);
  g_assert_no_error (error);
  here = sign_in (&f, "olga", RIGHT, "acme-bar", NULL, &error);
  g_assert_no_error (error);
  there = sign_in (&f, "olga", "blue horse", "blue", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (here->organization_id, ==, f.org);
  g_assert_cmpstr (there->organization_id, ==, blue->id);
  g_assert_true (here->super_admin);
  g_assert_false (there->super_admin);
  expect_out (&f, "olga", RIGHT, "blue", NULL, TEMPO_REFUSAL_UNAUTHENTICATED);
  expect_out (&f, "olga", "blue horse", "acme-bar", NULL, TEMPO_REFUSAL_UNAUTHENTICATED);
  guess (&f, "olga", "blue", NULL, 5);
  expect_out (&f, "olga", "blue horse", "blue", NULL, TEMPO_REFUSAL_RATE);
  expect_in (&f, "olga", RIGHT, "acme-bar");
  fixture_tear_down (&f);
}

/* Houses that cannot be: nothing is left behind in the folder's registry. */
static void
test_found_refused (void)
{
  static const struct
  {
    const char *name, *slug, *username, *password;
    TempoRefusal refusal;
  } wrong[] = {
    { "", NULL, "olga", NULL, TEMPO_REFUSAL_INVALID },
    { " \t ", NULL, "olga", NULL, TEMPO_REFUSAL_INVALID },
    { "Blue", "Not A Slug", "olga", NULL, TEMPO_REFUSAL_INVALID },
    { "Blue", "../up", "olga", NULL, TEMPO_REFUSAL_INVALID },
    { "Blue", "acme-bar", "olga", NULL, TEMPO_REFUSAL_CONFLICT },
    { "Blue", "blue", "", NULL, TEMPO_REFUSAL_INVALID },
    { "Blue", "blue", "ol ga", NULL, TEMPO_REFUSAL_INVALID },
    { "Blue", "blue", "olga", "short", TEMPO_REFUSAL_WEAK_PASSWORD },
  };
  Fixture f = { 0 };
  g_autoptr (GPtrArray) there = NULL;

  fixture_set_up (&f, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (fixture_found (&f, wrong[i].name, wrong[i].slug, wrong[i].username,
                                    wrong[i].password, &error));
      g_assert_error (error, TEMPO_REFUSAL, (int) wrong[i].refusal);
    }
  fixture_restart (&f);
  there = tempo_host_list_organizations (f.host);
  g_assert_cmpuint (there->len, ==, 1);
  fixture_tear_down (&f);
}

/* Whoever stands at the machine is let in whatever others tried, and the right password counts all the same. */
static void
test_local (void)
{
  Fixture f = { 0 };
  TempoSignIn who = { .username = "bert", .password = RIGHT, .address = "127.0.0.1", .local = TRUE };
  g_autoptr (TempoMember) bert = NULL, in = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&f, NULL);
  bert = make_member (&f, "bert", TEMPO_ROLE_OWNER);
  guess (&f, "bert", NULL, "192.0.2.66", 6);
  expect_out (&f, "bert", RIGHT, NULL, "192.0.2.1", TEMPO_REFUSAL_RATE);
  tempo_people_sign_in_async (f.host, &who, fixture_result_cb, &result);
  fixture_wait_result (&result);
  in = tempo_people_sign_in_finish (f.host, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  fixture_tear_down (&f);
}

static void
open_session (Fixture *f,
              TempoRoom *room,
              gpointer data)
{
  const char **id = data;
  TempoMember *member = tempo_host_find_member (f->host, f->org, id[0]);

  if (id[1] == NULL)
    id[1] = g_strdup (tempo_sessions_open (f->host, member, "192.0.2.1", "Phone", G_MAXINT64 / 2));
  id[2] = tempo_sessions_check (f->host, member, id[1]) ? "good" : "ended";
}

/* A session is there after a restart; its uses are written now and then, not with each call. */
static void
test_session (void)
{
  Fixture f = { 0 };
  g_autoptr (TempoMember) bert = NULL;
  const char *id[3] = { NULL };
  guint64 before, after;

  fixture_set_up (&f, NULL);
  bert = make_member (&f, "bert", TEMPO_ROLE_MEMBER);
  id[0] = bert->id;
  fixture_on_engine (&f, open_session, id);
  g_assert_cmpstr (id[2], ==, "good");
  fixture_settle (&f);
  fixture_counts (&f, &before, NULL);
  for (guint i = 0; i < 100; i++)
    fixture_on_engine (&f, open_session, id);
  fixture_settle (&f);
  fixture_counts (&f, &after, NULL);
  g_assert_cmpuint (after, ==, before);
  fixture_restart (&f);
  fixture_on_engine (&f, open_session, id);
  g_assert_cmpstr (id[2], ==, "good");
  g_free ((char *) id[1]);
  id[1] = "another";
  fixture_on_engine (&f, open_session, id);
  g_assert_cmpstr (id[2], ==, "ended");
  fixture_tear_down (&f);
}

static gboolean
try_pin (Fixture *f,
         const char *pin,
         gboolean set,
         GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (set)
    tempo_pin_set_async (f->host, f->desktop, pin, fixture_result_cb, &result);
  else
    tempo_pin_check_async (f->host, pin, fixture_result_cb, &result);
  fixture_wait_result (&result);

  return set ? tempo_pin_set_finish (f->host, result, error) : tempo_pin_check_finish (f->host, result, error);
}

static void
test_pin (void)
{
  static const char *const wrong[] = { "", "123", "1234567890123", "12a4", "-123" };
  Fixture f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL;

  fixture_set_up (&f, NULL);
  g_assert_false (tempo_pin_is_set (f.host));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_false (try_pin (&f, wrong[i], TRUE, &error));
      g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_INVALID);
      g_clear_error (&error);
    }
  g_assert_true (try_pin (&f, "2468", TRUE, &error));
  kept = tempo_host_get_setting (f.host, "desktop_pin");
  g_assert_true (g_str_has_prefix (kept, "$2b$12$"));
  fixture_restart (&f);
  g_assert_true (tempo_pin_is_set (f.host));
  g_assert_true (try_pin (&f, "2468", FALSE, &error));
  for (guint i = 0; i < 6; i++)
    {
      g_assert_false (try_pin (&f, "2469", FALSE, &error));
      g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_WRONG_CODE);
      g_clear_error (&error);
    }
  g_assert_false (try_pin (&f, "2468", FALSE, &error));
  g_assert_error (error, TEMPO_REFUSAL, TEMPO_REFUSAL_RATE);
  g_clear_error (&error);
  tempo_clock_advance (f.clock, 15 * G_TIME_SPAN_MINUTE);
  g_assert_true (try_pin (&f, "2468", FALSE, &error));
  g_assert_true (try_pin (&f, "1357", TRUE, &error));
  g_assert_true (try_pin (&f, NULL, TRUE, &error));
  g_assert_false (tempo_pin_is_set (f.host));
  g_assert_true (try_pin (&f, NULL, TRUE, &error));
  /* Set, changed, taken away; that there is none to take away is no news. */
  fixture_settle (&f);
  fixture_check_sql (&f, "SELECT group_concat (actor_kind || ' ' || object_id || ' ' || ifnull (before, '-') || ' ' || ifnull (after, '-'), ', ')"
                         " FROM base_audit WHERE action = 'installation'",
                     "desktop desktop_pin - (secret), desktop desktop_pin (secret) (secret), desktop desktop_pin (secret) -");
  fixture_check_sql (&f, "SELECT count(*) FROM base_audit WHERE ifnull (before, '') || ifnull (after, '') LIKE '%2468%'"
                         " OR ifnull (before, '') || ifnull (after, '') LIKE '%$2b$%'", "0");
  fixture_tear_down (&f);
}

/* All who live under one roof read what was changed about it, and none of them who else lives there. */
static void
test_installation (void)
{
  Fixture f = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TempoActor) console = tempo_actor_new_local (TEMPO_ACTOR_CONSOLE);
  g_autoptr (TempoOrganization) other = NULL;
  g_autofree char *there = NULL, *founded = NULL;
  static const char sql[] = "SELECT group_concat (actor_kind || ' ' || object_kind || ' ' || object_id || ' ' || ifnull (before, '-') || ' ' || ifnull (after, '-'), ', ')"
                            " FROM base_audit WHERE action = 'installation'";
  static const char rows[] = "console setting staff_over_http - true, console setting staff_over_http true false";

  fixture_set_up (&f, NULL);
  other = fixture_found (&f, "Cellar", "cellar", "bob", "correct horse", &error);
  g_assert_no_error (error);
  g_assert_true (tempo_host_change_setting (f.host, console, "staff_over_http", "true", &error));
  g_assert_true (tempo_host_change_setting (f.host, console, "staff_over_http", "true", &error));
  g_assert_true (tempo_host_change_setting (f.host, console, "staff_over_http", "false", &error));
  fixture_settle (&f);
  fixture_check_sql (&f, sql, rows);
  there = fixture_sql (&f, other->id, sql);
  g_assert_cmpstr (there, ==, rows);
  founded = fixture_sql (&f, other->id, "SELECT actor_kind || ' ' || after FROM base_audit WHERE action = 'organization_create'");
  g_assert_cmpstr (founded, ==, "desktop Cellar");
  fixture_tear_down (&f);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (makers); i++)
    {
      g_autofree char *path = g_strconcat ("/venue/accounts/make/", makers[i].name, NULL);

      g_test_add_data_func (path, &makers[i], test_make);
    }
  g_test_add_func ("/venue/accounts/ranks", test_ranks);
  g_test_add_func ("/venue/accounts/new-password", test_new_password);
  g_test_add_func ("/venue/accounts/password-of-nobody", test_password_of_nobody);
  g_test_add_func ("/venue/accounts/without-password", test_without_password);
  g_test_add_func ("/venue/accounts/throttle-account", test_throttle_account);
  g_test_add_func ("/venue/accounts/throttle-spellings", test_throttle_spellings);
  g_test_add_func ("/venue/accounts/throttle-address", test_throttle_address);
  g_test_add_func ("/venue/accounts/same-work", test_same_work);
  g_test_add_func ("/venue/accounts/local", test_local);
  g_test_add_func ("/venue/accounts/session", test_session);
  g_test_add_func ("/venue/accounts/pin", test_pin);
  g_test_add_func ("/venue/accounts/installation", test_installation);
  g_test_add_func ("/venue/accounts/rehash", test_rehash);
  g_test_add_func ("/venue/accounts/two-houses", test_two_houses);
  g_test_add_func ("/venue/accounts/found-refused", test_found_refused);

  return g_test_run ();
}
