// Package bulk changes many conversations at once: everything that was chosen,
// or a whole list. Each conversation has a result of its own, one that fails
// stops no other, and what was done can be taken back.
//
// Tables: bulk_run, bulk_item
package bulk
