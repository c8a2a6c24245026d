package bench

import (
	"bytes"
	"encoding/json"
	"net/smtp"
	"strings"
	"testing"
	"time"
)

func TestCPUTimeIsReadWhateverTheProcessIsCalled(t *testing.T) {
	t.Parallel()
	got, err := parseCPU([]byte("77 (a b) c) S 1 77 77 0 -1 4194560 900 0 0 0 150 50 0 0 20 0 9 0 100 1000 200"))
	if err != nil || got != 2*time.Second {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := parseCPU([]byte("77 (x) S 1")); err == nil {
		t.Error("half a line was read")
	}
}

func TestSharesOfASample(t *testing.T) {
	t.Parallel()
	s := &sample{}
	for i := 100; i > 0; i-- {
		s.add(time.Duration(i) * time.Millisecond)
	}
	if s.at(0.5) != 51 || s.at(0.99) != 100 || (&sample{}).at(0.5) != 0 {
		t.Errorf("p50 %v, p99 %v", s.at(0.5), s.at(0.99))
	}
}

func TestReportIsATableOrJSON(t *testing.T) {
	t.Parallel()
	r := Result{Name: "list", Operations: 10, Meaning: "first page", Extra: map[string]float64{"rss_mb": 40}}
	r.finish(&sample{list: []time.Duration{time.Millisecond, 3 * time.Millisecond}}, time.Second, 50*time.Millisecond)
	if r.Rate != 10 || r.CPU != 5 || r.P99 != 3 {
		t.Errorf("%+v", r)
	}
	report := newReport("1.0", Options{}, 7)
	report.Results = append(report.Results, r)
	var table, doc bytes.Buffer
	if err := report.write(&table, false); err != nil || !strings.Contains(table.String(), "list: first page (rss mb 40.0)") {
		t.Errorf("%v\n%s", err, table.String())
	}
	var back Report
	if err := report.write(&doc, true); err != nil || json.Unmarshal(doc.Bytes(), &back) != nil || back.Results[0].CPU != 5 {
		t.Errorf("%v\n%s", err, doc.String())
	}
}

func TestUnknownBenchmarksAreNamed(t *testing.T) {
	t.Parallel()
	if _, err := choose([]string{"list", "flight"}); err == nil || !strings.Contains(err.Error(), "flight") {
		t.Error(err)
	}
	got, err := choose([]string{"reply", "list"})
	if err != nil || len(got) != 2 || got[0].name != "list" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestSinkRemembersTheFirstMailOfEachAddress(t *testing.T) {
	t.Parallel()
	s, err := NewSink()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var raw []byte
	s.Got = func(_ []string, b []byte) { raw = b }
	at, moved := s.Accepted("a@x.example")
	if !at.IsZero() {
		t.Error("nothing was sent yet")
	}
	if err := smtp.SendMail(s.Address(), nil, "b@x.example", []string{"A@x.example"}, []byte("Subject: hi\r\n\r\nhi\r\n")); err != nil {
		t.Fatal(err)
	}
	<-moved
	if at, _ = s.Accepted("a@X.example"); at.IsZero() || !bytes.Contains(raw, []byte("Subject: hi")) {
		t.Errorf("the mail was not noticed: %v %q", at, raw)
	}
}

func TestConsoleFilesAreFound(t *testing.T) {
	t.Parallel()
	found := linked.FindAllStringSubmatch(`<script type="module" crossorigin src="/assets/a.js"></script>
		<link rel="modulepreload" crossorigin href="/assets/b.js"><link rel="stylesheet" href="/assets/c.css"><link rel="icon" href="/i.svg">`, -1)
	var got []string
	for _, m := range found {
		got = append(got, m[1])
	}
	if strings.Join(got, " ") != "/assets/a.js /assets/b.js /assets/c.css" {
		t.Errorf("found %v", got)
	}
}
