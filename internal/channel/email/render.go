package email

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/blob"
)

// Limits of what is quoted; a longer quote is left out in that form.
const (
	maxQuoteText = 64 << 10
	maxQuoteHTML = 256 << 10
)

// render makes the mail of a message. The same message gives the same bytes.
func render(ctx context.Context, blobs *blob.Store, i *inbox.Inbox, o *conversation.Outgoing, at time.Time, linked linkedFiles) mail.Outgoing {
	from := fromAddress(i, o)
	along := slices.DeleteFunc(slices.Clone(o.Attachments), func(a conversation.Attachment) bool { return linked.has(a.ID) })
	quote, pictures := withPictures(o.Quote)
	text, page := body(i, o, quote, linked)
	if o.Plain {
		page, pictures = "", nil
	}
	page, files := parts(ctx, blobs, page, along, pictures)
	m := mail.Outgoing{
		From: mail.Address{Name: fromName(i, o), Address: from}, To: people(o.To), Cc: people(o.Cc), Bcc: people(o.Bcc),
		Subject: oneLine(o.Subject), Date: at, MessageID: o.RFCID, InReplyTo: o.InReplyTo, References: withLast(o.References, o.InReplyTo),
		Text: text, HTML: page, Files: files,
	}
	if i.ReplyToken {
		m.ReplyTo = []mail.Address{{Name: m.From.Name, Address: withTag(from, conversation.Token(o.RFCID))}}
	}
	if o.AgentID == 0 {
		m.Automatic = "auto-generated"
		if o.InReplyTo != "" {
			m.Automatic = "auto-replied"
		}
	}
	return m
}

// fromAddress is the alias that the customer wrote to, while it is ours.
func fromAddress(i *inbox.Inbox, o *conversation.Outgoing) string {
	for _, a := range i.Addresses() {
		if inbox.Fold(a) == inbox.Fold(o.FromAddress) {
			return a
		}
	}
	if _, domain, _ := strings.Cut(inbox.Fold(i.Address), "@"); i.CatchAll && strings.HasSuffix(inbox.Fold(o.FromAddress), "@"+domain) {
		return o.FromAddress
	}
	return i.Address
}

func fromName(i *inbox.Inbox, o *conversation.Outgoing) string {
	shop := oneLine(i.ShopName())
	if i.FromStyle == inbox.ShopOnly || o.AgentName == "" || o.AgentID == 0 {
		return shop
	}
	return oneLine(o.AgentName) + " from " + shop
}

func withTag(address, tag string) string {
	local, domain, ok := strings.Cut(address, "@")
	if !ok || tag == "" {
		return address
	}
	return local + "+" + tag + "@" + domain
}

func people(list []conversation.Person) []mail.Address {
	out := make([]mail.Address, 0, len(list))
	for _, p := range list {
		out = append(out, mail.Address{Name: oneLine(p.Name), Address: p.Address})
	}
	return out
}

// withLast ends the list with the answered mail (RFC 5322, section 3.6.4).
func withLast(references []string, last string) []string {
	var out []string
	for _, id := range references {
		if id != last {
			out = append(out, id)
		}
	}
	if last != "" {
		out = append(out, last)
	}
	return out
}

// body puts reply, signature, footer and quote together, as text and as HTML.
func body(i *inbox.Inbox, o *conversation.Outgoing, q *conversation.Quote, linked linkedFiles) (text, page string) {
	text, page = strings.TrimRight(o.Text, "\n"), o.HTML
	if text == "" {
		text = strings.TrimRight(mail.HTMLToText(page), "\n")
	}
	if page == "" {
		page = mail.TextToHTML(text)
	}
	linkText, linkPage := linked.words()
	text, page = text+linkText, page+linkPage
	if s := signature(i, o); s != "" {
		text += "\n\n-- \n" + s
		page += "<div><br>-- <br>" + lines(s) + "</div>"
	}
	if f := strings.TrimSpace(i.Footer); f != "" {
		text += "\n\n" + f
		page += "<div><br><small>" + lines(f) + "</small></div>"
	}
	if q != nil {
		quoteText, quotePage := quote(i, q)
		text += quoteText
		page += quotePage
	}
	return text + "\n", page
}

// signature is the author's above the inbox's, without what is empty.
func signature(i *inbox.Inbox, o *conversation.Outgoing) string {
	return strings.TrimSpace(strings.TrimSpace(o.AgentSignature) + "\n" + strings.TrimSpace(i.Signature))
}

func lines(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>") }

// wrote introduces a quote. The words are those by which mail programs fold quotes.
var wrote = map[string]func(at time.Time, who string) string{
	"en": func(at time.Time, who string) string {
		return fmt.Sprintf("On %s, %s wrote:", at.Format("Mon, 2 Jan 2006 at 15:04 MST"), who)
	},
	"ja": func(at time.Time, who string) string {
		return fmt.Sprintf("%s %s:", at.Format("2006年1月2日 15:04"), who)
	},
	"tr": func(at time.Time, who string) string {
		return fmt.Sprintf("%s tarihinde %s şunu yazdı:", at.Format("02.01.2006 15:04"), who)
	},
	"uk": func(at time.Time, who string) string {
		return fmt.Sprintf("%s %s пише:", at.Format("02.01.2006 15:04"), who)
	},
}

func quote(i *inbox.Inbox, q *conversation.Quote) (text, page string) {
	words := wrote["en"]
	if len(i.Languages) > 0 && wrote[i.Languages[0]] != nil {
		words = wrote[i.Languages[0]]
	}
	who := oneLine(q.From.Name)
	if who == "" {
		who = q.From.Address
	}
	line := words(q.At.UTC(), who)
	quoted := q.Text
	if len(quoted) > maxQuoteText {
		return "", ""
	}
	text = "\n\n" + line + "\n> " + strings.ReplaceAll(strings.TrimRight(quoted, "\n"), "\n", "\n> ")
	inner := q.HTML
	if inner == "" || len(inner) > maxQuoteHTML {
		inner = mail.TextToHTML(quoted)
	}
	page = `<br><div>` + html.EscapeString(line) + `</div><blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">` + inner + `</blockquote>`
	return text, page
}

// compose renders into staged bytes, streaming the files.
func compose(ctx context.Context, blobs *blob.Store, m mail.Outgoing) (staged, error) {
	r, w := io.Pipe()
	go func() { w.CloseWithError(mail.ComposeTo(w, m)) }()
	defer r.Close()
	s, err := stage(ctx, blobs, r, MaxMail)
	var storing storeError
	if err != nil && !errors.As(err, &storing) && ctx.Err() == nil {
		return s, &unsendable{err}
	}
	return s, err
}

// unsendable is a message that no repetition makes a mail.
type unsendable struct{ error }

func (e *unsendable) Unwrap() error { return e.error }
