// Package clamd asks a ClamAV daemon whether a file holds malware, over its
// socket, with the commands zPING, zVERSION and zINSTREAM (clamd(8), "Commands").
// Files are streamed; nothing of them is kept in memory or on disk here.
package clamd
