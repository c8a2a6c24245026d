package testbed

import (
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// ProxyHost is the name under which a proxy is reached.
const ProxyHost = "desk.example.com"

// Proxy is a reverse proxy with TLS for [ProxyHost].
type Proxy struct {
	Addr  string         // of https
	Roots *x509.CertPool // trusts it
}

var listens = regexp.MustCompile(`(?m)^\s*listen .*$`)

// StartNginx starts nginx with a site as it stands in the manual; only ports,
// paths and the addresses of the nodes, each named in the site as 10.0.0.11:8080
// and so on or as 127.0.0.1:8080, are those of the test.
func StartNginx(t testing.TB, site string, nodes ...string) *Proxy {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program, err = exec.LookPath("/usr/sbin/nginx") // where only root looks
	}
	if err != nil {
		lacks(t, "nginx is not installed (Debian: apt-get install nginx-light)")
	}
	return startProxy(t, "nginx", "QUIT", func(p *place, addr string) (*exec.Cmd, error) {
		ports := []string{"listen " + addr + " ssl http2;"}
		site = listens.ReplaceAllStringFunc(site, func(line string) string {
			if !strings.Contains(line, "443") || len(ports) == 0 {
				return ""
			}
			port := ports[0]
			ports = ports[1:]
			return port
		})
		// What only listened at port 80 leads to https, which is not tried here.
		if at := strings.LastIndex(site, "server {"); strings.Contains(site[at:], "return 301") {
			site = site[:at]
		}
		site = strings.NewReplacer("/etc/ssl/"+ProxyHost+".pem", p.path("cert.pem"), "/etc/ssl/"+ProxyHost+".key", p.path("key.pem")).Replace(site)
		user := ""
		if os.Getuid() == 0 {
			user = "user root;"
		}
		var temporary strings.Builder
		for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
			fmt.Fprintf(&temporary, "%s_temp_path %s;\n", kind, strconv.Quote(p.path(kind)))
		}
		text := fmt.Sprintf("daemon off;\n%s\nworker_processes 1;\npid %s;\nerror_log %s;\nevents {}\nhttp {\naccess_log off;\n%s%s}\n",
			user, strconv.Quote(p.path("nginx.pid")), strconv.Quote(p.path("log")), temporary.String(), withNodes(site, nodes))
		return exec.Command(program, "-p", p.dir, "-c", p.path("proxy.conf")), p.write("proxy.conf", text)
	})
}

// StartCaddy is [StartNginx] for Caddy.
func StartCaddy(t testing.TB, site string, nodes ...string) *Proxy {
	t.Helper()
	if _, err := exec.LookPath("caddy"); err != nil {
		lacks(t, "Caddy is not installed (Debian: apt-get install caddy)")
	}
	return startProxy(t, "caddy", "TERM", func(p *place, addr string) (*exec.Cmd, error) {
		_, port, _ := strings.Cut(addr, ":")
		site = strings.Replace(site, ProxyHost+" {", fmt.Sprintf("https://%s:%s {\n\tbind 127.0.0.1\n\ttls %s %s", ProxyHost, port, p.path("cert.pem"), p.path("key.pem")), 1)
		text := fmt.Sprintf("{\n\tadmin off\n\tauto_https disable_redirects\n\tstorage file_system %s\n\tlog {\n\t\toutput file %s\n\t}\n}\n%s",
			p.path("caddy"), p.path("log"), withNodes(site, nodes))
		cmd := exec.Command("caddy", "run", "--adapter", "caddyfile", "--config", p.path("proxy.conf"))
		cmd.Env = append(os.Environ(), "HOME="+p.dir, "XDG_CONFIG_HOME="+p.dir, "XDG_DATA_HOME="+p.dir)
		return cmd, p.write("proxy.conf", text)
	})
}

// withNodes puts the addresses of the nodes where the manual has examples.
func withNodes(site string, nodes []string) string {
	for n, node := range nodes {
		site = strings.ReplaceAll(site, fmt.Sprintf("10.0.0.%d:8080", 11+n), node)
	}
	return strings.ReplaceAll(site, "127.0.0.1:8080", nodes[0])
}

func startProxy(t testing.TB, name, stop string, command func(p *place, addr string) (*exec.Cmd, error)) *Proxy {
	t.Helper()
	p, err := newPlace(name)
	if err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	t.Cleanup(p.remove)
	out := &Proxy{}
	if out.Roots, err = writeCertificate(p); err != nil {
		t.Fatal(err)
	}
	port, err := FreePort()
	if err != nil {
		t.Fatal(err)
	}
	out.Addr = loopback(port)
	cmd, err := command(p, out.Addr)
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cmd.Stderr = &said
	s, err := p.run(name, stop, cmd)
	if err == nil {
		err = s.answers(out.Addr)
	}
	if err != nil {
		t.Fatalf("start %s: %v\n%s\n%s", name, err, said.String(), p.logTail("log"))
	}
	return out
}
