// Package job runs work that is slow or may fail, from a table in the same
// database as the data: what a transaction enqueues exists exactly when the
// transaction committed.
//
// A job is claimed under a lease with a fencing token, so that work whose node
// died is taken up by another and the late finish of the first is refused. A
// failed job runs again with back-off and jitter; after its last attempt it is
// dead: kept, shown to admins, and retried by hand.
//
// Tables: job
package job
