// Package lease gives a piece of work to one node of many: watching a mailbox,
// a schedule, folding counters.
//
// A lease is a row with the node that holds it and a time on the database's
// clock. It is renewed every five seconds and lost fifteen seconds after the
// last renewal. Each new holder gets a higher token; what is written under a
// lease is checked with [CheckTx] in the same transaction, so that a node that
// stood still cannot write any more once another has taken over.
//
// Tables: lease
package lease
