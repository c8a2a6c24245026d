package job

import (
	"strings"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/words"
)

// account is what is stored of an error: when somebody has put it into words,
// the sentence in the first line, and always the whole chain for the log's reader.
func account(cause error) string {
	if text, ok := errs.Told(cause); ok {
		return text.String() + "\n" + cause.Error()
	}
	return cause.Error()
}

// readAccount takes the sentence out of what [account] wrote, and of what older
// versions and [Later] wrote: a single line, which may be a sentence.
func readAccount(stored string) (sentence errs.Text, detail string) {
	if stored == "" {
		return errs.Text{}, ""
	}
	first, rest, _ := strings.Cut(stored, "\n")
	if text, ok := words.Find(first); ok {
		return text, rest
	}
	return errs.Say("This failed in a way that Deskbell has no words for. The details help whoever looks after it."), stored
}
