package mail

func (w *walker) openTNEF(b []byte) bool                    { return false }
func (w *walker) openSMIME(p part, at where, b []byte) bool { return false }
func (w *walker) encodedMultipart(h Header, p part, at where) {
	p.mediaType = "application/octet-stream"
	w.leaf(p, at)
}
