package errs

import (
	"errors"
	"fmt"
)

// Kind says what the caller can do about an error.
type Kind string

// The kinds, from the caller's fault to ours.
const (
	Invalid      Kind = "invalid"      // change the input
	Unauthorized Kind = "unauthorized" // sign in
	Forbidden    Kind = "forbidden"    // ask somebody with the permission
	NotFound     Kind = "not_found"    // not there, or not visible to the caller
	Conflict     Kind = "conflict"     // somebody was faster: look again
	TooLarge     Kind = "too_large"    // send less
	TooMany      Kind = "too_many"     // wait, then repeat
	Unavailable  Kind = "unavailable"  // repeat later, nothing is wrong with the request
	Internal     Kind = "internal"     // ours to mend
)

// Error carries a sentence for a person beside the kind.
type Error struct {
	Kind Kind
	Text Text
	// Type is the problem type of RFC 9457 that a program can tell apart, or empty.
	Type string
	// Fields names the parts of the input that are wrong.
	Fields []Field
	// Extra are members added to the problem document, such as the newer messages of a stale reply.
	Extra map[string]any
	// RetryAfter is in seconds, 0 when unknown.
	RetryAfter int
	cause      error
}

// Field is one wrong part of the input.
type Field struct {
	Location string `json:"location"` // such as "body.address"
	Message  string `json:"message"`  // a sentence, in the reader's language once platform/web answers
	Text     Text   `json:"-"`        // the same
}

func (e *Error) Error() string {
	if e.cause == nil {
		return e.Text.String()
	}
	return e.Text.String() + ": " + e.cause.Error()
}

func (e *Error) Unwrap() error { return e.cause }

// InWords is the sentence, for [Told].
func (e *Error) InWords() Text { return e.Text }

// New makes an error whose sentence may be shown.
func New(kind Kind, sentence string) *Error { return Said(kind, Text{Format: sentence}) }

// Newf is [New] with a format.
func Newf(kind Kind, format string, args ...any) *Error { return Said(kind, Say(format, args...)) }

// Said is [New] for a sentence that was made elsewhere.
func Said(kind Kind, text Text) *Error { return &Error{Kind: kind, Text: text} }

// StaleVersion is the problem type by which programs know that somebody else saved first.
const StaleVersion = "urn:deskbell:problem:stale-version"

// Stale is the conflict of a change that was made on an older version.
func Stale(sentence string) *Error {
	e := New(Conflict, sentence)
	e.Type = StaleVersion
	return e
}

// InvalidField names one wrong part of the input.
func InvalidField(location, sentence string) *Error {
	return invalid(location, Text{Format: sentence})
}

// InvalidFieldf is [InvalidField] with a format.
func InvalidFieldf(location, format string, args ...any) *Error {
	return invalid(location, Say(format, args...))
}

func invalid(location string, text Text) *Error {
	return &Error{Kind: Invalid, Text: text, Fields: []Field{FieldOf(location, text)}}
}

// FieldOf is a field with its sentence, for an error that names several.
func FieldOf(location string, text Text) Field {
	return Field{Location: location, Message: text.String(), Text: text}
}

// Because adds a cause that is logged and never shown.
func (e *Error) Because(cause error) *Error {
	e.cause = cause
	return e
}

// Wrap puts in front of *err what the program was doing. Use it deferred:
//
//	defer errs.Wrap(&err, "close conversation %d", id)
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}

// KindOf is the kind of the first [Error] in the chain, [Internal] without one.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is tells whether err is of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// unknown is said of everything that nobody put into words.
var unknown = Say("Something went wrong on our side. It has been logged.")

// TextOf is the text for a person: that of the first [Error] in the chain,
// otherwise a sentence that gives nothing away.
func TextOf(err error) Text {
	if text, ok := Told(err); ok {
		return text
	}
	return unknown
}

// Told is the first sentence in the chain, if somebody has put the error into
// words: an [Error], or an error with a method InWords() [Text].
func Told(err error) (text Text, ok bool) {
	var e interface {
		error
		InWords() Text
	}
	if errors.As(err, &e) {
		return e.InWords(), true
	}
	return Text{}, false
}

// Sentence is [TextOf] in English.
func Sentence(err error) string { return TextOf(err).String() }
