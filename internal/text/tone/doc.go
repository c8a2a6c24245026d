// Package tone checks a text that a person writes to a customer against the
// rules of a shop: words to avoid, the shop's own terms, the form of address, the
// length of sentences, and what must be said. Each finding names the words, says
// why in plain words, and offers what to write instead where that is certain.
//
// The rules of language are few and careful: a word that may also be right is
// left alone. Words are compared as the search does, so that inflected Turkish
// and Ukrainian words are found; what is offered in place of one is never
// inflected by guess.
//
// The package is pure and safe for concurrent use. [Guide.Check] accepts any
// bytes, reads at most [MaxText] of them and stops at [MaxFindings]; its time is
// bounded by the length of the text and a budget of comparisons.
package tone
