// Package story tells what customers of an imagined online shop write and what
// its people answer: the demo shop, the benchmarks and fault tests are made of
// it. The same seed tells the same stories.
//
// Tables: none
//
// Events: none
package story
