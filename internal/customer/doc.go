// Package customer knows the people who write: one customer with several
// identities, shared by all brands. Customers who turn out to be one person are
// merged, which can be taken back.
//
// Tables: customer, customer_identity, customer_merge, customer_note, customer_consent
//
// Events: customer.updated
package customer
