// Package mail turns the bytes of an email into a Message and a reply into
// bytes, and knows no domain, no database and no network.
//
// Parse reads anything: whatever it cannot make sense of becomes a warning, not
// an error, so that a broken mail still becomes a conversation. Time, memory,
// depth, number of parts and size of headers are bounded by Limits; attachments
// are streamed to the caller and never held.
//
// Besides the decoded mail a Message tells what the sender newly wrote (quotes
// and signature trimmed), whether a machine wrote it, what bounced, and who
// wrote a forwarded mail first. HTML is sanitised on the way in; when the rules
// change SanitizerVersion grows and older mails are cleaned again from raw.
//
// Compose is the way back: a reply as a well-formed MIME message.
//
// The package owns no tables and publishes no events.
package mail
