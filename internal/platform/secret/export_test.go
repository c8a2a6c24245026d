package secret

// StopAfter makes the rotation fail after a step, as a crash would.
func (r Rotation) StopAfter(step string, with error) Rotation {
	r.after = func(name string) error {
		if name == step {
			return with
		}
		return nil
	}
	return r
}
