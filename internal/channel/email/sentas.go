package email

import (
	"regexp"
	"strings"
)

var (
	sesHost   = regexp.MustCompile(`^email-smtp(?:-fips)?\.([a-z0-9-]{1,40})\.amazonaws\.com$`)
	sesAnswer = regexp.MustCompile(`^(?i:ok)\s+([0-9A-Za-z-]{20,100})\s*$`)
)

// sentAs are the Message-IDs under which a provider sends a mail on. Amazon SES
// puts one of its own in place of ours and tells it in its answer to DATA; the
// domain behind it is that of the region, or the one it had when there was only one.
func sentAs(host, answer string) []string {
	region := sesHost.FindStringSubmatch(strings.ToLower(host))
	id := sesAnswer.FindStringSubmatch(strings.TrimSpace(answer))
	if region == nil || id == nil {
		return nil
	}
	return []string{id[1] + "@" + region[1] + ".amazonses.com", id[1] + "@email.amazonses.com"}
}
