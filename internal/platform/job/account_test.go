package job

import (
	"errors"
	"fmt"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/words"
)

func TestAFailureIsToldAsASentenceAndInDetail(t *testing.T) {
	t.Parallel()
	full := errs.New(errs.Unavailable, "The disk is full. Nothing was changed; make room and try again.").Because(errors.New("SQLITE_FULL"))
	const unknown = "This failed in a way that Deskbell has no words for. The details help whoever looks after it."
	for name, c := range map[string]struct{ stored, sentence, detail string }{
		"put into words": {account(fmt.Errorf("read mail 7: %w", full)), full.Text.String(), "read mail 7: " + full.Error()},
		"by nobody":      {account(errors.New("x\ny")), unknown, "x\ny"},
		"waiting":        {Later{Why: errs.Say("Other messages of this inbox go first.")}.Error(), "Other messages of this inbox go first.", ""},
		"an older row":   {"deliver message 5: refused", unknown, "deliver message 5: refused"},
		"not failed":     {"", "", ""},
	} {
		sentence, detail := readAccount(c.stored)
		if sentence.String() != c.sentence || detail != c.detail {
			t.Errorf("%s: %q and %q", name, sentence, detail)
		}
		if c.sentence != "" && words.Say("ja", sentence) == c.sentence {
			t.Errorf("%s: not in Japanese", name)
		}
	}
}
