// Package field keeps the fields that a shop defines for its conversations and
// customers: what they are called, which values they take, when they are shown
// and which must be filled before a conversation is closed.
//
// The values are with those that they belong to.
//
// Tables: custom_field
package field
