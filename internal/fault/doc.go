// Package fault proves with the real program, and with several nodes of it, that
// nothing is lost or doubled when it is killed, cut off or replaced at random
// moments. It has only tests.
package fault
