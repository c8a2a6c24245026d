package notice

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/deskbell/deskbell/internal/mail"
)

//go:embed words/*.json
var catalogFiles embed.FS

// catalogs are the words of the mails, by language and key.
var catalogs = sync.OnceValues(func() (map[string]map[string]string, error) {
	out := map[string]map[string]string{}
	for _, name := range []string{"en", "ja", "tr", "uk"} {
		text, err := catalogFiles.ReadFile("words/" + name + ".json")
		if err != nil {
			return nil, err
		}
		all := map[string]string{}
		if err := json.Unmarshal(text, &all); err != nil {
			return nil, fmt.Errorf("read the words of %s: %w", name, err)
		}
		out[name] = all
	}
	return out, nil
})

// letter is what both forms of a mail show.
type letter struct {
	Locale   string
	Subject  string
	Greeting string
	Lead     string
	Button   string
	Link     string
	Paste    string // above the link as text
	After    string
	Footer   string
}

var kinds = []string{"invitation", "reset", "password_changed", "second_step_removed", "inbox_quiet", kindTest}

// write finds the words in the reader's language.
func write(n row, link, publicURL string) (letter, error) {
	all, err := catalogs()
	if err != nil {
		return letter{}, err
	}
	if !slices.Contains(kinds, n.kind) {
		return letter{}, fmt.Errorf("there are no words for a mail %q", n.kind)
	}
	own, ok := all[n.locale]
	if !ok {
		n.locale, own = "en", all["en"]
	}
	host := publicURL
	if u, err := url.Parse(publicURL); err == nil && u.Host != "" {
		host = u.Host
	}
	fill := strings.NewReplacer("{name}", n.words.Name, "{by}", n.words.By, "{host}", host)
	say := func(part string) string { return fill.Replace(own[part]) }
	l := letter{Locale: n.locale, Subject: say(n.kind + "_subject"), Greeting: say("hello"), Lead: say(n.kind + "_lead"),
		After: say(n.kind + "_after"), Footer: say("footer")}
	if n.words.Name == "" {
		l.Greeting = say("hello_nobody")
	}
	if n.words.By == "" && n.kind == "invitation" {
		l.Lead = say("invitation_lead_nobody")
	}
	if link != "" {
		l.Link, l.Button, l.Paste = link, say(n.kind+"_button"), say("paste")
	}
	return l, nil
}

func (l letter) text() string {
	parts := []string{l.Greeting, l.Lead}
	if l.Link != "" {
		parts = append(parts, l.Button+":\n"+l.Link)
	}
	return strings.Join(append(parts, l.After, "-- \n"+l.Footer), "\n\n") + "\n"
}

// page is plain enough for every mail program, dark ones included: the colours
// of text and background are theirs.
var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="{{.Locale}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>{{.Subject}}</title></head>
<body style="margin:0;padding:0"><div style="max-width:560px;margin:0 auto;padding:32px 20px;font:16px/1.6 system-ui,-apple-system,'Segoe UI',Roboto,'Hiragino Sans','Noto Sans JP',sans-serif">
<p style="margin:0 0 16px">{{.Greeting}}</p>
<p style="margin:0 0 24px">{{.Lead}}</p>
{{- if .Link}}
<p style="margin:0 0 24px"><a href="{{.Link}}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#3a4fc4;color:#ffffff;font-weight:600;text-decoration:none">{{.Button}}</a></p>
<p style="margin:0 0 24px;font-size:14px">{{.Paste}}<br><a href="{{.Link}}" style="word-break:break-all">{{.Link}}</a></p>
{{- end}}
<p style="margin:0 0 24px">{{.After}}</p>
<p style="margin:0;padding-top:16px;border-top:1px solid #c9c6bf;font-size:13px">{{.Footer}}</p>
</div></body></html>
`))

// render writes the mail. Every attempt gives the same but for the signature.
func (s *Service) render(ctx context.Context, from account, n row, link string) ([]byte, error) {
	l, err := write(n, link, s.PublicURL)
	if err != nil {
		return nil, err
	}
	var html bytes.Buffer
	if err := page.Execute(&html, l); err != nil {
		return nil, err
	}
	raw, err := mail.Compose(mail.Outgoing{
		From: mail.Address{Name: from.name, Address: from.address}, To: []mail.Address{{Name: n.words.Name, Address: n.to}},
		Subject: l.Subject, Date: n.createdAt, MessageID: n.rfcID, Automatic: "auto-generated", Text: l.text(), HTML: html.String(),
	})
	if err != nil {
		return nil, err
	}
	return s.Signing.SignBytes(ctx, from.address, raw)
}
