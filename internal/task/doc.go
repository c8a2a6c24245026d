// Package task keeps what has to be done about conversations: a text, whose it
// is, by when, and whether it is done. Several that are made together are a
// checklist. Whoever sees a conversation sees its tasks; those of merged
// conversations are shown with the survivor's.
//
// Tables: task
//
// Events: task.changed
package task
