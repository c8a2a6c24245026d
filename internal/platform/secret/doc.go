// Package secret keeps what only this installation may read or sign: sealed
// columns, signed links and random tokens.
//
// One 256-bit root key stands behind everything; each use has a key of its own,
// made by HKDF-SHA256 (RFC 5869) with a label. While keys are rotated the one
// before is still read, and only the new one is written with. The database
// holds a fingerprint of the root, so that a program with another key refuses
// to start instead of failing on every secret.
//
// Settings: key_fingerprint
package secret
