// Package backup writes the embedded database and the blobs that it names into
// one file, beside a server that goes on working, and restores such a file into
// a fresh folder.
//
// The file is a tar inside zstd: manifest.json, deskbell.db, secret.key if asked
// for, blobs/KEY for each blob, and at the end summary.json, without which the
// file is not whole. A blob is written before its row and deleted after it, so
// the database is copied first and the blobs that the copy names follow: each is
// there, unless its row was deleted in between.
//
// Each column blob_key of the schema owns blobs; a new table with such a column
// is part of the backup without being told.
package backup
