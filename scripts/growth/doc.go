// Command growth draws how cost grows with the data: it reads reports that
// `deskbell bench run --json` wrote, one for each size and database, and writes
// one SVG of small charts, a benchmark in each.
//
//	go run ./scripts/growth docs/bench/*.json > docs/images/growth.svg
package main
