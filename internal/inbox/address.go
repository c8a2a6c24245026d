package inbox

import "strings"

// withoutPlus takes "+anything" out of the local part (RFC 5233 subaddressing).
func withoutPlus(address string) string {
	at := strings.LastIndexByte(address, '@')
	plus := strings.IndexByte(address, '+')
	if at < 0 || plus <= 0 || plus > at {
		return address
	}
	return address[:plus] + address[at:]
}
