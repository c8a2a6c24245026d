// Package web holds the built console. It owns no table and publishes no
// event; serving the files is done where the routes are.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Nonce is the word in the console's page that stands for the nonce of its
// Content-Security-Policy. Whoever answers the page puts a fresh value in place
// of every occurrence.
const Nonce = "DESKBELL_NONCE"

// Worker is the name of the service worker, which makes the console open
// without a network.
const Worker = "sw.js"

// Files returns the built console. Everything under assets/ carries a hash of
// its content in its name and never changes; the page must not be cached.
func Files() fs.FS {
	files, _ := fs.Sub(dist, "dist") // fails for malformed names only
	return files
}

// Page returns the name of the page that every address of the console answers:
// console.html when the console was built, and otherwise index.html, which says
// that it was not.
func Page() string {
	if _, err := fs.Stat(dist, "dist/console.html"); err != nil {
		return "index.html"
	}
	return "console.html"
}
