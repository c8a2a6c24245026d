// Package ledger proves that no message was lost: one row for each message
// from its arrival to the answer, and for each answer until it was delivered.
//
// For what comes in, received = threaded + dropped + pending + dead; each side
// of that sum is counted on its own, so that a mistake shows as a gap.
//
// Tables: ledger
//
// Events: none; it reacts to those of conversation.
package ledger
