package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// vitestReport reads the file that vitest's json reporter wrote. A test file
// that could not even be loaded has no tests and counts as one failure.
func vitestReport(file string) (counts, failures, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return counts{}, failures{}, err
	}
	var report struct {
		NumPassedTests  int  `json:"numPassedTests"`
		NumFailedTests  int  `json:"numFailedTests"`
		NumPendingTests int  `json:"numPendingTests"`
		NumTodoTests    int  `json:"numTodoTests"`
		Success         bool `json:"success"`
		TestResults     []struct {
			Name   string `json:"name"`
			Status string `json:"status"`
		} `json:"testResults"`
	}
	if err := json.Unmarshal(text, &report); err != nil {
		return counts{}, failures{}, fmt.Errorf("%s is no report of vitest: %w", file, err)
	}
	c := counts{
		passed:  report.NumPassedTests,
		failed:  report.NumFailedTests,
		skipped: report.NumPendingTests + report.NumTodoTests,
	}
	if !report.Success && c.failed == 0 {
		c.failed = 1
	}
	var named failures
	for _, one := range report.TestResults {
		if one.Status == "failed" {
			named.add(filepath.Base(one.Name))
		}
	}
	return c, named, nil
}
