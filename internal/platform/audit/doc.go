// Package audit keeps what administrators did: who, when, from where, what, and
// how it was before and after. A service calls [RecordTx] in the transaction of
// the change, so that there is never a change without its row or a row without
// its change. Secrets do not go in.
//
// Tables: audit
package audit
