// Package search finds messages by their words, newest first, in any language.
//
// The words of a message are made by package text and stored in the transaction
// that brings the message, so that it can be found as soon as it can be read. A
// document's key is the time of its message: newest first is the order of keys
// and nothing is ranked or sorted. Who searches finds only what they may see:
// the words that name inbox and conversation lead the query of a restricted
// agent, and every hit is tested against the rule of seeing.
//
// SQLite's index gives documents in the order of their keys. PostgreSQL's gives
// them in none, so that a search there goes back through time in steps (see sweep).
//
// The words of attached files are read by a job and stored, so that a message
// can be indexed again without its files.
//
// Tables: search_document, search_index (SQLite only), attachment_text
package search
