// Package arch holds the rules of the house as tests: which package may use
// which, where SQL and HTTP are written, who owns a table, what never enters
// the repository. docs/architecture.md tells why; this package keeps it so.
//
// A new package gets its place in layers_test.go. A rule that is wrong is
// changed here, with its reason in a record under docs/adr.
package arch
