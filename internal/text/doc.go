// Package text turns what customers and agents write into search terms and
// back: one analyzer serves the documents that are stored, the queries that
// look for them and the marks shown on the result, so that the three can never
// disagree. It also recognises the language of a short message, makes one-line
// previews and compares subjects and addresses.
//
// The package is pure: it knows no domain and no database, keeps no state but a
// bounded cache of stems, and is safe for concurrent use. Every function
// accepts any bytes (invalid UTF-8 included), is linear in its input and is
// bounded in what it returns.
//
// # Terms
//
// A document becomes a list of terms of letters and digits, in two parts. The
// words come first, in the order of the text, so that phrases can be found by
// position: words folded (NFKC, lower case, Latin marks removed) and, for
// scripts written without spaces, the overlapping pairs of characters of each
// run and its last character alone. The extras follow, each once, without
// meaning in their position: stems, order numbers and hyphenated words written
// together, whole mail addresses, telephone numbers as digits, scope words.
//
// Three letters that NFKC replaces, and that therefore no text can contain
// after normalisation, mark what is not a plain word: a stem ends in U+00BA,
// U+00AA joins the parts of an address and begins a scope word, and U+0140
// introduces the five hexadecimal digits of a character which the unicode61
// tokenizer of SQLite would not take for a letter.
//
// # Where the terms go
//
// SQLite: the document is Terms.FTS5, in a table made with
// tokenize="unicode61 remove_diacritics 0"; the query is Expr.FTS5.
// PostgreSQL: the document is Terms.TSVector cast with ::tsvector, the query is
// Expr.TSQuery cast with ::tsquery (to_tsquery('simple', ...) also reads it,
// but takes every term apart once more).
//
// Terms depend on AnalyzerVersion: whoever stores them stores it beside them
// and indexes again when it has changed.
package text
