// Package storage tells how much room an installation takes, how fast it grows
// and for how many days the disk will do.
//
// A schedule measures some times a day and keeps one row for each day. Nothing is
// counted in a request: only the free space, which the system knows, is asked for.
//
// Tables: storage_day
package storage
