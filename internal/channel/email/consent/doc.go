// Package consent keeps mailbox consents: with what the owner of a mailbox allowed
// at their provider we sign in at mail servers, instead of with a password: OAuth
// 2.0 (RFC 6749) with PKCE (RFC 7636), for Google Workspace, Microsoft 365 and any
// other service.
//
// The shop brings a client of its own (client id and secret). [Service.Begin]
// leads to the provider, [Service.Finish] comes back from there, and
// [Service.Token] gives an access token that is valid. Tokens are renewed before
// they end, by one node at a time, because some providers change the refresh
// token with each use. A mailbox consent that was taken back is noted at once, with the
// reason in words, until somebody connects the mailbox again.
//
// Tables: mail_provider, consent, consent_visit
//
// Events: none; a change of a mailbox consent is told as inbox.updated
package consent
