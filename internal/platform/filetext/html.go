package filetext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// apart are the elements that keep words apart; what stands in others, such as
// in bold, goes on without a gap.
var apart = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Br: true, atom.Tr: true, atom.Td: true, atom.Th: true, atom.Li: true, atom.Ul: true, atom.Ol: true, atom.Dt: true, atom.Dd: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Table: true, atom.Blockquote: true, atom.Pre: true, atom.Hr: true,
	atom.Section: true, atom.Article: true, atom.Header: true, atom.Footer: true, atom.Option: true, atom.Title: true, atom.Body: true,
}

// shown is what somebody reads of a page. Nothing is kept open, so that its
// nesting does not matter.
func shown(page string) string {
	var b strings.Builder
	b.Grow(len(page) / 2)
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(maxPlain)
	silent := false // inside a script or style
	for {
		switch z.Next() {
		case html.ErrorToken:
			return clip(b.String(), MaxRead)
		case html.TextToken:
			if !silent {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.DataAtom == atom.Script || t.DataAtom == atom.Style {
				silent = t.Type == html.StartTagToken
			}
			if apart[t.DataAtom] {
				b.WriteByte('\n')
			}
		}
	}
}
