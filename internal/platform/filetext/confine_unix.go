//go:build linux || darwin

package filetext

import "syscall"

// confine lets this process take so much memory and CPU and write no files.
func confine() error {
	for what, most := range map[int]uint64{syscall.RLIMIT_DATA: maxMemory, syscall.RLIMIT_CPU: maxSeconds, syscall.RLIMIT_FSIZE: MaxRead, syscall.RLIMIT_CORE: 0} {
		if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return nil
}
