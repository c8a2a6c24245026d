// Package realtime brings the event feed to the console over WebSocket, with
// presence beside it.
//
// Each connection has a place in the feed and reads on from there: from a ring
// in memory when it is near the end, from the database when it comes back after
// a while. Nothing is queued for a client, so nothing can be dropped from a
// queue: one that is too slow is disconnected, and goes on at its last cursor
// when it returns. Only what is not in the feed (presence, private hints) may be
// missed; it is sent again or decays.
//
// Between nodes a [Bus] carries hints: the feed moved, who is where, a word to
// one agent. Without them everything still arrives, a second later.
//
// Tables: none (reads event)
package realtime
