// Package domaincheck says what the DNS tells the world about mail of a domain:
// whether SPF, DKIM and DMARC are right for what is sent from it, and which
// record to add or change. It asks a resolver that is handed in and changes
// nothing.
package domaincheck
