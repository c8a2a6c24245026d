// Package app puts the program together: the only place that knows every
// domain. Tests start it as a whole.
//
// Read app.go for what there is, subscriptions.go for what reacts to what, and
// lifecycle.go for the order in which it starts and stops.
package app
