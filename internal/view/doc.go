// Package view reads what agents look at: lists of conversations, one
// conversation as a list shows it, counts, and the event feed as far as the
// caller may see it. It writes nothing but the views that agents save
// and how they look at them.
//
// A list is a [plan] of arms. An arm walks one index in the order of the list,
// so that what the console shows by itself reads only the rows it returns; the
// arms of several statuses, inboxes or teams are merged by the database. Filters
// that no index answers are tested on the rows of the arms, at most 20,000 of
// them in one call.
//
// Tables: saved_view, saved_view_place, view_layout
package view
