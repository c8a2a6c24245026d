// Package translatetest is a small translation server that keeps the HTTP contract
// of LibreTranslate, for tests. It knows few words: what it does not know comes
// back with the language before it.
//
// Tables: none
//
// Events: none
package translatetest
