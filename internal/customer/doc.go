// Package customer knows the people who write: one customer with several
// identities, shared by all brands.
//
// Tables: customer, customer_identity
//
// Events: customer.updated
package customer
