package web

import (
	"context"
	"slices"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/words"
)

// Locale is the language of whoever reads the answer: that of the agent who is
// signed in, otherwise the best that the client asks for in Accept-Language,
// otherwise English.
func Locale(ctx context.Context) string {
	if w := Caller(ctx); w.Locale != "" {
		return w.Locale
	}
	return words.Match(requestOf(ctx).languages)
}

// Say is a sentence in the reader's language.
func Say(ctx context.Context, text errs.Text) string { return words.Say(Locale(ctx), text) }

// SayStored is a sentence that was stored in English, in the reader's language;
// what is not a sentence of ours stays as it is.
func SayStored(ctx context.Context, english string) string {
	return words.Read(Locale(ctx), english)
}

// sayFields leaves the fields of the error alone: they may be shared.
func sayFields(ctx context.Context, fields []errs.Field) []errs.Field {
	out := slices.Clone(fields)
	for i := range out {
		out[i].Message = Say(ctx, out[i].Text)
	}
	return out
}
