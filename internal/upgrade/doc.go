// Package upgrade proves that an installation of any age comes to the newest
// schema with everything it has. It has only tests.
//
// migrations/testdata/NNNN.jsonl is what a small shop looked like when NNNN was
// the newest migration: a line for each row, the same for both databases. The
// test loads each dump into the schema of its time, migrates, compares every
// old column, and reads it all through the program. Once a release has gone out,
// its dump is never written again. "make golden" writes the one that is missing
// after a migration was added.
package upgrade
