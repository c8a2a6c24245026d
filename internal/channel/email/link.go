package email

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// LinkKeys signs what a customer may hold and checks it.
type LinkKeys interface {
	Sign(purpose, subject string, expires time.Time) string
	Verify(purpose, signed string, now time.Time) (subject string, err error)
}

// Links are files that do not travel in the mail: too large, they wait at a
// signed address for thirty days. Each belongs to one file of one message.
type Links struct {
	Keys          LinkKeys
	URL           string
	Conversations interface {
		SentFile(ctx context.Context, message, attachment int64) (conversation.Attachment, error)
	}
	Blobs *blob.Store
	Now   func() time.Time
	Log   *slog.Logger

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

const (
	linkPurpose = "sent file"
	// LinkLife is how long a link works.
	LinkLife = 30 * 24 * time.Hour
)

// linkedFiles are those of a message that go as links.
type linkedFiles struct {
	lang  string
	until time.Time
	list  []linkedFile
}

type linkedFile struct {
	conversation.Attachment
	url string
}

func (l linkedFiles) has(id int64) bool {
	return slices.ContainsFunc(l.list, func(f linkedFile) bool { return f.ID == id })
}

// split finds the files that are too large: each by itself, then the largest
// until the rest together is not. Pictures inside the text always go along.
func (l *Links) split(i *inbox.Inbox, o *conversation.Outgoing, now time.Time) linkedFiles {
	limit := i.Sending.LinkOver()
	out := linkedFiles{lang: language(i, o), until: now.Add(LinkLife)}
	if l == nil || limit == 0 {
		return out
	}
	var files []conversation.Attachment
	var total int64
	for _, f := range o.Attachments {
		if total += f.Size; !f.Shows(o.HTML) {
			files = append(files, f)
		}
	}
	slices.SortStableFunc(files, func(a, b conversation.Attachment) int { return cmp.Compare(b.Size, a.Size) })
	for _, f := range files {
		if total <= limit {
			break
		}
		total -= f.Size
		out.list = append(out.list, linkedFile{f, l.address(o.Message, f.ID, out.lang, out.until)})
	}
	return out
}

func (l *Links) address(message, file int64, lang string, until time.Time) string {
	return strings.TrimSuffix(l.URL, "/") + "/files/" + l.Keys.Sign(linkPurpose, fmt.Sprintf("%d:%d:%s", message, file, lang), until)
}

// subject is what a link stands for.
type subject struct {
	message, file int64
	lang          string
	until         time.Time
}

var errNoFile = errs.New(errs.NotFound, "This link is not valid any more.")

// open checks a link.
func (l *Links) open(token string) (s subject, err error) {
	text, err := l.Keys.Verify(linkPurpose, token, l.Now())
	if err != nil {
		return s, err
	}
	if _, err := fmt.Sscanf(text, "%d:%d:%s", &s.message, &s.file, &s.lang); err != nil {
		return s, errNoFile
	}
	parts := strings.Split(token, ".")
	seconds, err := strconv.ParseInt(parts[1], 36, 64)
	s.until = time.Unix(seconds, 0).UTC()
	return s, err
}

// allow bounds what one network and one link may ask for.
func (l *Links) allow(who string, at time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.buckets == nil || len(l.buckets) > 10_000 {
		l.buckets = map[string]*rate.Limiter{}
	}
	if l.buckets[who] == nil {
		l.buckets[who] = rate.NewLimiter(rate.Every(2*time.Second), 30)
	}
	return l.buckets[who].AllowN(at, 1)
}

// language is the customer's, as far as their last words tell, else the inbox's first.
func language(i *inbox.Inbox, o *conversation.Outgoing) string {
	if o.Quote != nil {
		if lang, sure := text.Detect(o.Quote.Text); sure > 0.5 && linkWords[lang].intro != "" {
			return lang
		}
	}
	if len(i.Languages) > 0 && linkWords[i.Languages[0]].intro != "" {
		return i.Languages[0]
	}
	return "en"
}

// words stand under the reply, as text and as HTML.
func (l linkedFiles) words() (plain, page string) {
	if len(l.list) == 0 {
		return "", ""
	}
	w := linkWords[l.lang]
	intro := fmt.Sprintf(w.intro, l.until.Format(w.date))
	plain, page = "\n\n"+intro+"\n", "<div><br>"+html.EscapeString(intro)+"<ul>"
	for _, f := range l.list {
		line := f.Name + " (" + size(f.Size) + ")"
		plain += "- " + line + "\n  " + f.url + "\n"
		page += `<li><a href="` + html.EscapeString(f.url) + `">` + html.EscapeString(line) + "</a></li>"
	}
	return strings.TrimRight(plain, "\n"), page + "</ul></div>"
}

// size in MB, as mail programs show it.
func size(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KB", max(bytes>>10, 1))
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}
