// Package brand is the face of a shop: a fresh installation has one.
//
// Tables: brand
package brand
