// Package web is the HTTP face of the program: it registers operations, asks
// who calls, checks permission and limits, turns every error into a problem
// document (RFC 9457) and writes the OpenAPI description.
//
// A domain's http.go calls [Register] for JSON and [Handle] for streams. Only
// this package knows status codes. The package knows no domain: who calls and
// what they may do comes in through [Config].
//
// Tables: idempotency
package web
