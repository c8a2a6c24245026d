package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// vitestReport reads the file that vitest's json reporter wrote. A test file
// that could not even be loaded has no tests and counts as one failure.
func vitestReport(file string) (counts, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return counts{}, err
	}
	var report struct {
		NumPassedTests  int  `json:"numPassedTests"`
		NumFailedTests  int  `json:"numFailedTests"`
		NumPendingTests int  `json:"numPendingTests"`
		NumTodoTests    int  `json:"numTodoTests"`
		Success         bool `json:"success"`
	}
	if err := json.Unmarshal(text, &report); err != nil {
		return counts{}, fmt.Errorf("%s is no report of vitest: %w", file, err)
	}
	c := counts{
		passed:  report.NumPassedTests,
		failed:  report.NumFailedTests,
		skipped: report.NumPendingTests + report.NumTodoTests,
	}
	if !report.Success && c.failed == 0 {
		c.failed = 1
	}
	return c, nil
}
