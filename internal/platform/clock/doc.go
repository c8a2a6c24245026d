// Package clock notices when somebody sets the clock of the machine.
//
// What counts seconds in this program runs on the time since the start, which
// nobody can set. What is dated, kept for some days or begins at a certain
// moment needs the wall clock, and has to go on when it jumps:
//
//   - sessions, links and tries of sign-in: package access
//   - jobs: package job; leases: package lease
//   - what is deleted by age: package app, which waits for a day after a jump
//
// Tables: none
package clock
