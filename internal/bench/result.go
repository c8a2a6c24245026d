package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Result is what one benchmark measured. Times are in milliseconds; CPU is user
// and system time of the server process alone, without that of PostgreSQL.
type Result struct {
	Name       string             `json:"name"`
	Operations int                `json:"operations"`
	Seconds    float64            `json:"seconds"`
	Rate       float64            `json:"rate"` // operations a second
	P50        float64            `json:"p50_ms"`
	P99        float64            `json:"p99_ms"`
	CPU        float64            `json:"cpu_ms_per_operation"`
	Extra      map[string]float64 `json:"extra,omitempty"`
	Parts      []Result           `json:"parts,omitempty"` // what it is made of, each measured alone
	Meaning    string             `json:"meaning,omitempty"`
}

// Report is the answer of [Run].
type Report struct {
	Version       string   `json:"version"`
	Database      string   `json:"database"`
	Conversations int      `json:"conversations"`
	Cores         int      `json:"cores"`
	Results       []Result `json:"results"`
}

// sample collects the times of single operations.
type sample struct{ list []time.Duration }

func (s *sample) add(d time.Duration) { s.list = append(s.list, d) }

// at is the value that a share (0 to 1) of all operations did not exceed.
func (s *sample) at(share float64) float64 {
	if len(s.list) == 0 {
		return 0
	}
	slices.Sort(s.list)
	return ms(s.list[min(int(share*float64(len(s.list))), len(s.list)-1)])
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// finish computes the figures of a benchmark.
func (r *Result) finish(s *sample, took, cpu time.Duration) {
	r.Seconds = took.Seconds()
	if took > 0 {
		r.Rate = float64(r.Operations) / took.Seconds()
	}
	if r.Operations > 0 {
		r.CPU = ms(cpu) / float64(r.Operations)
	}
	r.P50, r.P99 = s.at(0.50), s.at(0.99)
}

func newReport(version string, o Options, conversations int) Report {
	name := "SQLite"
	if o.DatabaseURL != "" {
		name = "PostgreSQL"
	}
	return Report{Version: version, Database: name, Conversations: conversations, Cores: runtime.NumCPU(), Results: []Result{}}
}

func (r Report) write(out io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	fmt.Fprintf(out, "Deskbell %s on %s, %d conversations, %d cores\n\n", r.Version, r.Database, r.Conversations, r.Cores)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "name\tcount\tp50 ms\tp99 ms\trate/s\tCPU ms each\t")
	for _, x := range r.Results {
		for _, x := range append([]Result{x}, x.Parts...) {
			fmt.Fprintf(w, "%s\t%d\t%.2f\t%.2f\t%.0f\t%.2f\t\n", x.Name, x.Operations, x.P50, x.P99, x.Rate, x.CPU)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)
	for _, x := range r.Results {
		fmt.Fprintf(out, "%s: %s%s\n", x.Name, x.Meaning, extras(x.Extra))
	}
	return nil
}

func extras(m map[string]float64) string {
	var parts []string
	for k, v := range m {
		parts = append(parts, fmt.Sprintf("%s %.1f", strings.ReplaceAll(k, "_", " "), v))
	}
	slices.Sort(parts)
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
