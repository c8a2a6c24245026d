// Package db opens the one database, SQLite or PostgreSQL, and runs one SQL
// text on both.
//
// Rules of the text: "?" placeholders (rewritten to $1.. for PostgreSQL),
// instants as integer milliseconds, booleans as Go bools compared with TRUE and
// FALSE, JSON as text, no arrays, RETURNING and ON CONFLICT as both know them.
// What truly differs is a method of [Dialect].
//
// SQLite has one writing connection and a small pool that can only read.
// Statements are prepared once and kept.
//
// Tables: goose_db_version, migration_mark, setting
package db
