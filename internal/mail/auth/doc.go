// Package auth tells who really sent a mail: SPF (RFC 7208), DKIM (RFC 6376)
// and DMARC (RFC 7489), the header field that carries such results
// (RFC 8601), and DKIM signatures of our own.
//
// It touches the network through [Resolver] alone. What a stranger can make it
// do is bounded: lookups, signatures, bytes of header, time.
package auth
