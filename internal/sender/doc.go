// Package sender knows who wrote a mail and whether the shop wants to hear from
// them: the list of blocked and allowed senders, and the rules by which the
// customer is taken from mail that a shop, a marketplace or a contact form wrote
// for them.
//
// Both are read by whoever turns mail into messages, through [Service.Book]. A
// rule that comes with the program is an ordinary row, made once; an admin may
// change or delete it.
//
// Tables: listed_sender, customer_rule
//
// Events: none
package sender
