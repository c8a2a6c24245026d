// Package push sends messages to browsers through the push services of their
// makers: encrypted so that the service cannot read them (RFC 8291, RFC 8188),
// and signed so that it knows who sends (RFC 8292).
package push
