// Package bench fills a database with realistic conversations and measures the
// program: the real one, started as a child process and driven over HTTP, so
// that its CPU time is its own.
//
// Tables: none
//
// Events: none
package bench
