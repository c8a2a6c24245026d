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
	Kind     Kind
	Sentence string
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
	Message  string `json:"message"`  // a sentence
}

func (e *Error) Error() string {
	if e.cause == nil {
		return e.Sentence
	}
	return e.Sentence + ": " + e.cause.Error()
}

func (e *Error) Unwrap() error { return e.cause }

// New makes an error whose sentence may be shown.
func New(kind Kind, sentence string) *Error { return &Error{Kind: kind, Sentence: sentence} }

// Newf is [New] with a format.
func Newf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Sentence: fmt.Sprintf(format, args...)}
}

// InvalidField names one wrong part of the input.
func InvalidField(location, sentence string) *Error {
	return &Error{Kind: Invalid, Sentence: sentence, Fields: []Field{{Location: location, Message: sentence}}}
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

// Sentence is the text for a person: that of the first [Error] in the chain,
// otherwise a sentence that gives nothing away.
func Sentence(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Sentence
	}
	return "Something went wrong on our side. It has been logged."
}
