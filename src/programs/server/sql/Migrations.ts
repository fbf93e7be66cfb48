/**
 * The tables of a world. One list of statements per version; a version that was released is never changed.
 *
 * Free text stands there as JSON: SQLite cuts a text at a NUL, and has no place for half a surrogate pair. `place` keeps
 * an order. Profiles and letters are what `Profile` and `Letter` encode: where those can no longer read what they once
 * wrote, a new version has to rewrite it. Triggers do what belongs to an insert, so that every change of the world is one
 * statement.
 */

const first: ReadonlyArray<string> = [
  `CREATE TABLE accounts (
    number INTEGER PRIMARY KEY,
    nick TEXT NOT NULL,
    signature TEXT NOT NULL,
    profile TEXT NOT NULL,
    frozen INTEGER NOT NULL CHECK (frozen IN (0, 1)),
    password_md5 BLOB NOT NULL CHECK (length(password_md5) = 16)
  ) STRICT`,

  `CREATE TABLE friends (
    place INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL REFERENCES accounts,
    friend INTEGER NOT NULL REFERENCES accounts,
    category TEXT,
    remark TEXT,
    UNIQUE (owner, friend)
  ) STRICT`,

  `CREATE TABLE requests (
    place INTEGER PRIMARY KEY,
    sender INTEGER NOT NULL REFERENCES accounts,
    recipient INTEGER NOT NULL REFERENCES accounts,
    message TEXT NOT NULL,
    UNIQUE (recipient, sender)
  ) STRICT`,

  `CREATE TABLE groups (
    place INTEGER PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    owner INTEGER NOT NULL REFERENCES accounts
  ) STRICT`,
  `CREATE TABLE seats (
    place INTEGER PRIMARY KEY,
    group_number INTEGER NOT NULL REFERENCES groups (number),
    member INTEGER NOT NULL REFERENCES accounts,
    card TEXT,
    admin INTEGER NOT NULL CHECK (admin IN (0, 1)),
    UNIQUE (group_number, member)
  ) STRICT`,
  "CREATE INDEX seats_by_member ON seats (member)",
  `CREATE TRIGGER group_owner AFTER INSERT ON groups BEGIN
    INSERT INTO seats (group_number, member, admin) VALUES (NEW.number, NEW.owner, 0);
  END`,

  `CREATE TABLE discussions (
    place INTEGER PRIMARY KEY,
    did INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    owner INTEGER NOT NULL REFERENCES accounts
  ) STRICT`,
  `CREATE TABLE attendees (
    place INTEGER PRIMARY KEY,
    did INTEGER NOT NULL REFERENCES discussions (did),
    member INTEGER NOT NULL REFERENCES accounts,
    UNIQUE (did, member)
  ) STRICT`,
  "CREATE INDEX attendees_by_member ON attendees (member)",
  `CREATE TRIGGER discussion_owner AFTER INSERT ON discussions BEGIN
    INSERT INTO attendees (did, member) VALUES (NEW.did, NEW.owner);
  END`,

  // AUTOINCREMENT: the key of a letter that has arrived is never given to another one.
  `CREATE TABLE letters (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient INTEGER NOT NULL,
    letter TEXT NOT NULL
  ) STRICT`,
  "CREATE INDEX letters_by_recipient ON letters (recipient)"
]

/** `number` 0 stands for all groups, or all discussion groups. */
const masks: ReadonlyArray<string> = [
  `CREATE TABLE masks (
    place INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL REFERENCES accounts,
    kind TEXT NOT NULL CHECK (kind IN ('group', 'discussion')),
    number INTEGER NOT NULL,
    mask INTEGER NOT NULL CHECK (mask IN (0, 1, 2)),
    UNIQUE (owner, kind, number)
  ) STRICT`
]

/** What waits for a recipient is bounded in bytes. The index has all that has to be counted. */
const letterBytes: ReadonlyArray<string> = [
  "ALTER TABLE letters ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0",
  "UPDATE letters SET bytes = length(CAST(letter AS BLOB))",
  "DROP INDEX letters_by_recipient",
  "CREATE INDEX letters_by_recipient ON letters (recipient, key, bytes)"
]

/** The login with which an account went online last: hashes of its cookies, as 32 bytes. */
const logins: ReadonlyArray<string> = [
  `CREATE TABLE logins (
    account INTEGER PRIMARY KEY,
    ptwebqq BLOB NOT NULL UNIQUE CHECK (length(ptwebqq) = 32),
    skey BLOB NOT NULL UNIQUE CHECK (length(skey) = 32),
    seed INTEGER NOT NULL,
    used_at INTEGER NOT NULL
  ) STRICT`
]

/** What makes each version from the one before; the first one from nothing. */
export const migrations: ReadonlyArray<ReadonlyArray<string>> = [first, masks, letterBytes, logins]

/** Marks the file as a world of ours ("webq"), so that no other application's database is written to. */
export const applicationId = 0x77656271
