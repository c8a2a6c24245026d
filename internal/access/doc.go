// Package access decides who may see and do what: one function, used everywhere.
//
// A [Permission] says what an agent may do at all; a [Scope] says in which
// inboxes they see all conversations, their teams' or only their own. What is
// not visible does not exist for the caller: 404, never 403.
//
// An [Actor] comes from a session (cookie) or an API key; both are 256 random
// bits of which only the SHA-256 is stored. Links for set-up, invitation and
// password reset work once and die with a newer one. The second step of sign-in
// is TOTP or a recovery code; a code counts once over all nodes. Tries are counted
// in the database, so that they are the same for all nodes, too.
//
// Tables: session, api_key, one_time_token, totp, totp_step, recovery_code, throttle
//
// Events: access.changed, for the nodes alone
package access
