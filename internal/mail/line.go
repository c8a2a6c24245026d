package mail

import "strings"

// lineFlag is what the HTML around a line says about it.
type lineFlag uint16

const (
	flagAttribution lineFlag = 1 << iota // "On ... wrote:" by its container
	flagBox                              // inside a container for quotes
	flagTerminal                         // what begins here is not of this mail
	flagRule                             // a horizontal line stands before it
	flagSignature                        // inside a container for signatures
	flagPicture                          // holds an image
	flagIndent                           // blockquote that may be an indent only
)

// line is one visible line of a text or HTML body.
type line struct {
	text  string
	flags lineFlag
	quote int // nesting of blockquote elements
}

// splitLines makes lines of a plain text.
func splitLines(text string) []line {
	n := strings.Count(text, "\n") + 1
	out := make([]line, 0, n)
	for {
		i := strings.IndexByte(text, '\n')
		if i < 0 {
			return append(out, line{text: strings.TrimRight(text, " \t\r")})
		}
		out = append(out, line{text: strings.TrimRight(text[:i], " \t\r")})
		text = text[i+1:]
	}
}

func joinLines(lines []line) string {
	n := 0
	for i := range lines {
		n += len(lines[i].text) + 1
	}
	var b strings.Builder
	b.Grow(n)
	for i := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(lines[i].text)
	}
	return strings.Trim(b.String(), "\n")
}
