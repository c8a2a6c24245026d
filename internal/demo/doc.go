// Package demo fills a fresh installation with a believable shop, Linden & Loom:
// its people, inboxes, tags and a year of conversations in four languages.
//
// Everything is told by package story from a seed and written through the
// services of its owners.
//
// Tables: none
//
// Events: none
package demo
