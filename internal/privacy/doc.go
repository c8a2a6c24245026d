// Package privacy answers what a customer may ask of the shop: everything that is
// known of them in one file, and to be forgotten (GDPR, articles 15, 17 and 20).
// Both are done by jobs and leave a row in the audit log.
//
// An export holds what the agent who asked for it may see. An erasure takes
// everything, whatever they see, and is refused while a legal hold is in force.
//
// Tables: customer_request
package privacy
