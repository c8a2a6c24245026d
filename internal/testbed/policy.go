package testbed

import (
	"bufio"
	"net"
	"strings"
)

// servePolicy answers Postfix, which asks for each recipient what to do (the
// protocol of policy delegation, as greylisting servers speak it).
func servePolicy(on net.Listener, decide func(attributes map[string]string) string) {
	for {
		c, err := on.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			asked := map[string]string{}
			for lines := bufio.NewScanner(c); lines.Scan(); {
				name, value, more := strings.Cut(lines.Text(), "=")
				if more {
					asked[name] = value
					continue
				}
				if _, err := c.Write([]byte("action=" + decide(asked) + "\n\n")); err != nil {
					return
				}
				asked = map[string]string{}
			}
		}()
	}
}
