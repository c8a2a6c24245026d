// Package lease gives a piece of work to one node of many: watching a mailbox,
// a schedule, folding counters.
//
// A lease is a row with the node that holds it and a time on the database's
// clock. It is renewed every five seconds and lost fifteen seconds after the
// last renewal. Each new holder gets a higher token; every transaction under the
// context of a lease begins with [CheckTx] (see db.Fenced), so that a node that
// stood still cannot write any more once another has taken over.
//
// Tables: lease
package lease
