// Package fault proves with the real program that nothing is lost or doubled
// when it is killed at random moments. It has only tests.
package fault
