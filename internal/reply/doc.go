// Package reply keeps saved replies and macros: texts with variables that are
// filled in from the conversation in which they are used, in several languages,
// with files, and actions that go along with them.
//
// The texts are Liquid, as shop owners know it: a handful of tags and filters,
// bounded in time, output and loops. A variable without a value is never
// printed as nothing; it stays visible, and a reply that still holds one is not
// sent.
//
// Tables: saved_reply, saved_reply_use, saved_reply_file
package reply
