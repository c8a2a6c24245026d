// Package testbed starts real servers for tests: PostgreSQL, NATS, Dovecot (IMAP and
// LMTP) and Postfix (SMTP), each on a free port of the loopback address, with
// its data in a folder that is thrown away. A bucket of S3 is a small server of our own.
//
// A server ends with the test that started it, and also when the test process
// is killed: a small shell process waits for that and cleans up. A test whose
// server is not installed is skipped with a sentence that says what to install;
// with CI=true or DESKBELL_TEST_STRICT=1 it fails instead, so that a build
// server cannot be green because of what it lacks.
//
// Only tests import this package.
package testbed
