package errs

import "fmt"

// Text is a sentence for a person. It is written in English where it is made;
// its format is the key under which the other languages have it, so format and
// arguments stay apart. Package platform/words says it in another language.
//
// In the format %v stands for another Text; what is not ours to translate, such
// as a name or the answer of a mail server, stands for %s, %q or %d.
type Text struct {
	Format  string
	Args    []any
	english string
}

// Say makes a sentence that is no error. The format is a constant: a test reads
// it in the source and asks for its translations.
func Say(format string, args ...any) Text {
	return Text{Format: format, Args: args, english: fmt.Sprintf(format, args...)}
}

// String is the sentence in English.
func (t Text) String() string {
	if t.english == "" && len(t.Args) > 0 {
		return fmt.Sprintf(t.Format, t.Args...)
	}
	if t.english == "" {
		return t.Format
	}
	return t.english
}

// IsZero tells that there is nothing to say.
func (t Text) IsZero() bool { return t.Format == "" }
