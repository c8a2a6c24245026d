// Package errs keeps the three texts of an error apart: the sentence a person
// reads, what the program was doing (for the log), and the cause.
//
// Only package platform/web turns a [Kind] into a status code.
package errs
