package email

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	xhtml "golang.org/x/net/html"

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
	text, page := body(i, o, linked)
	along := slices.DeleteFunc(slices.Clone(o.Attachments), func(a conversation.Attachment) bool { return linked.has(a.ID) })
	page, files := inlineImages(ctx, blobs, page, along)
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
func body(i *inbox.Inbox, o *conversation.Outgoing, linked linkedFiles) (text, page string) {
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
	if o.Quote != nil {
		quoteText, quotePage := quote(i, o.Quote)
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
	inner := withoutImages(q.HTML)
	if inner == "" || len(inner) > maxQuoteHTML {
		inner = mail.TextToHTML(quoted)
	}
	page = `<br><div>` + html.EscapeString(line) + `</div><blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">` + inner + `</blockquote>`
	return text, page
}

// withoutImages leaves pictures out of a quote: their files do not go along.
func withoutImages(page string) string {
	return rewriteImages(page, func(xhtml.Token) string { return "" })
}

func rewriteImages(page string, change func(xhtml.Token) string) string {
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return b.String()
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			raw := string(z.Raw())
			if tok := z.Token(); tok.Data == "img" {
				b.WriteString(change(tok))
			} else {
				b.WriteString(raw)
			}
		default:
			b.Write(z.Raw())
		}
	}
}

const attachmentPath = "/api/v1/attachments/"

// inlineImages turns pictures that the console shows from our API into parts of the mail.
func inlineImages(ctx context.Context, blobs *blob.Store, page string, list []conversation.Attachment) (string, []mail.OutgoingFile) {
	cids := map[int64]string{}
	var files []mail.OutgoingFile
	for _, a := range list {
		f := mail.OutgoingFile{Name: a.Name, ContentType: a.ContentType, ContentID: a.ContentID, Open: func() (io.ReadCloser, error) {
			r, _, err := blobs.Open(ctx, a.BlobKey)
			if err != nil {
				return nil, storeError{err}
			}
			return r, nil
		}}
		if f.ContentID == "" {
			f.ContentID = fmt.Sprintf("file%d@deskbell", a.ID)
		}
		cids[a.ID] = f.ContentID
		files = append(files, f)
	}
	page = rewriteImages(page, func(tok xhtml.Token) string {
		for n, a := range tok.Attr {
			_, id, ours := strings.Cut(a.Val, attachmentPath)
			if a.Key != "src" || !ours {
				continue
			}
			number, err := strconv.ParseInt(strings.TrimRight(id, "/"), 10, 64)
			if err != nil || cids[number] == "" {
				return "" // a picture of another message would be broken for its reader
			}
			tok.Attr[n] = xhtml.Attribute{Key: "data-cid", Val: cids[number]}
		}
		return tok.String()
	})
	return page, files
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
