// Package email is the channel that speaks IMAP, SMTP and LMTP.
//
// In: a [Watcher] per folder, the SMTP and LMTP [Door] and the raw-mail
// endpoint hand their bytes to [Receiver.Keep], which answers once they are
// durable; the job email.ingest parses them and gives them to conversation.
//
// Out: the job message.deliver renders a mail once, keeps its bytes and sends
// exactly those until the server took them; email.append files a copy in the
// mailbox's Sent folder. email.dkim looks whether a domain's signing key stands
// in the DNS.
//
// Agents: what they answer to mails about what concerns them is taken out of the
// way of customers' mail, and the job email.answer posts it ([Answers]).
//
// Old mail: an [Import] brings in a folder in batches, by the job email.import.
//
// Tables: inbound, outbound, mailbox, dkim_key, mail_import, send_bucket, automatic_mail, sealed_mail
//
// Events: none
package email
