// Package blob stores large bytes (attachments, big mails) beside the database:
// in a folder, or in a bucket that speaks S3.
//
// A key is the day as a folder and 128 random bits; it is made here, written
// once and owned by exactly one row. The bytes are on the disk when
// [Writer.Commit] has returned, so the row is written after it. A marker ties
// the store to its database: a program that finds the marker of another one
// refuses to start, for its sweep would delete what it does not know.
//
// Settings: blob_store
package blob
