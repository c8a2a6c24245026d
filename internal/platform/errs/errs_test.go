package errs_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestAnErrorKeepsFormatAndArgumentsApart(t *testing.T) {
	t.Parallel()
	err := errs.Newf(errs.Invalid, "There is no agent %d.", 7)
	if err.Text.Format != "There is no agent %d." || len(err.Text.Args) != 1 || err.Text.String() != "There is no agent 7." {
		t.Errorf("%+v", err.Text)
	}
}

func TestASentenceWithoutArgumentsIsNoFormat(t *testing.T) {
	t.Parallel()
	if got := errs.New(errs.Invalid, "At most 100% are taken.").Text.String(); got != "At most 100% are taken." {
		t.Error(got)
	}
}

func TestTheSentenceOfAChainIsThatOfItsFirstError(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("close conversation 5: %w", errs.New(errs.Conflict, "It is closed.").Because(errors.New("secret")))
	if got := errs.Sentence(err); got != "It is closed." {
		t.Error(got)
	}
	if text, ok := errs.Told(errors.New("secret")); ok || errs.Sentence(errors.New("secret")) == "secret" {
		t.Errorf("%v: what nobody put into words is shown", text)
	}
}

func TestAFieldCarriesItsSentence(t *testing.T) {
	t.Parallel()
	f := errs.InvalidFieldf("body.to[1]", "%q is not an e-mail address.", "x").Fields[0]
	if f.Location != "body.to[1]" || f.Message != `"x" is not an e-mail address.` || f.Text.Format != "%q is not an e-mail address." {
		t.Errorf("%+v", f)
	}
}
