// Package translate has texts translated by a server that the shop runs or rents
// and that speaks the HTTP contract of LibreTranslate: messages for the agent who
// reads them, and replies for the customer who will.
//
// The settings are one row of the table setting, the key in it sealed. Nothing of
// what is translated is stored or logged; translations of messages stay in memory
// for ten minutes.
//
// Tables: none
//
// Events: none
package translate
