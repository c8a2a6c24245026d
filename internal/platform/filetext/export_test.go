package filetext

// Hog takes memory until the process is ended.
func Hog() {
	if confine() != nil {
		return
	}
	var all [][]byte
	for {
		b := make([]byte, 64<<20)
		for i := range b {
			b[i] = 1
		}
		all = append(all, b)
		if len(all) > 64 {
			return
		}
	}
}
