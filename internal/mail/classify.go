package mail

// headerOf reads the header at the start of b.
func headerOf(b []byte) Header {
	src := newSource(bytesReader(b))
	defer src.release()
	w := newWalker(src, &Message{}, &Options{})
	return w.readHeader(true)
}
