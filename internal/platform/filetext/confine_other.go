//go:build !linux && !darwin

package filetext

// confine does nothing here: only the time is bounded, by whoever started it.
func confine() error { return nil }
