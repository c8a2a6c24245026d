// Package inbox is the place where the messages of one channel arrive: its
// addresses, its mail servers, who works in it and how its answers look.
//
// Passwords of mail servers are sealed on the way in and only ever opened for
// the channel ([Service.Connection]); no answer of the API holds one.
//
// An archived inbox receives and sends nothing; its conversations stay and its
// addresses are free again.
//
// Tables: inbox, inbox_address, inbox_member
//
// Events: inbox.updated
package inbox
