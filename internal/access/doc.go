// Package access decides who may see and do what: one function, used everywhere.
//
// A [Permission] says what an agent may do at all; a [Scope] says in which
// inboxes they see all conversations, their teams' or only their own. What is
// not visible does not exist for the caller: 404, never 403.
//
// Tables: session, api_key, one_time_token
package access
