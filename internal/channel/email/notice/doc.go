// Package notice is the installation's own mail account: what invitations,
// forgotten passwords and notices about somebody's account leave from. It uses
// a server of its own or that of an inbox.
//
// A mail is a row of notice and a job; the link in it is sealed until the mail
// was sent or given up, and every attempt sends the same Message-ID.
//
// Tables: mail_sender, notice
package notice
