// Command tally counts what the three test runners did, so that `make test`
// can close with one line that is true for all of them.
//
//	go test -json ./... | tally go  COUNT-FILE
//	tally vitest REPORT.json COUNT-FILE
//	tally failed COUNT-FILE
//	tally unsteady COUNT-FILE
//	tally sum COUNT-FILE...
//
// The first prints the run in short as it goes on: a line for each package,
// the whole output of what failed, the reason of what was skipped. The second
// reads the JSON report of vitest. The third names what failed, one a line, when
// that is little enough to be tried once more; the fourth notes that it passed
// then. The last prints the closing line. Each exits with 1 when something
// failed.
package main
