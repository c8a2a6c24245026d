package app

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/deskbell/deskbell/internal/platform/job"
)

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("deskbell_"+name, help, labels, nil)
}

var (
	descBuild  = gauge("build_info", "Always 1; the version is the label.", "version")
	descLedger = gauge("ledger_messages_total", "Messages by stage of the ledger.", "stage")
	descOpen   = gauge("ledger_pending", "Messages on their way.", "direction")
	descOldest = gauge("ledger_oldest_pending_seconds", "For how long the message that waits longest has waited.", "direction")
	descDoubt  = gauge("ledger_in_doubt", "Replies of which nobody knows yet whether they were taken.")
	descGaps   = gauge("ledger_gaps", "Messages that did not get where they should.")
	descJobs   = gauge("jobs", "Jobs by state.", "state")
	descWait   = gauge("job_wait_seconds", "For how long the oldest due job of a kind has waited.", "kind")
	descLive   = gauge("realtime_connections", "Open consoles on this node.")
	descLeases = gauge("leases", "What this node looks after for all nodes: mailboxes and schedules.", "kind")
	descHints  = gauge("hints_up", "Whether hints reach the other nodes; 0 = the feed is read each second.", "via")

	descMailbox = gauge("inbox_receiving", "1 when the mailbox of an inbox is read, 0 when something is wrong.", "inbox")
	descSuccess = gauge("inbox_last_success_timestamp_seconds", "When the mailbox of an inbox was last read to its end.", "inbox")
	descBacklog = gauge("inbox_backlog", "Mails that still lie in the mailbox.", "inbox")
	descSending = gauge("inbox_sending", "1 when the last attempt to send of an inbox succeeded.", "inbox")

	descWrites    = gauge("db_write_transactions_total", "Writing transactions of this node.")
	descWriting   = gauge("db_write_seconds_total", "Time spent in writing transactions, waiting included.")
	descDBWait    = gauge("db_wait_seconds_total", "Time spent waiting for a connection.", "pool")
	descDatabase  = gauge("storage_bytes", "Size of the data, measured some times a day.", "part")
	descDiskFree  = gauge("disk_free_bytes", "Free space of the disk that the data is on.", "disk")
	descDiskTotal = gauge("disk_size_bytes", "Size of the disk that the data is on.", "disk")
	descDaysLeft  = gauge("disk_days_left", "Days until nothing is taken in, at the growth of the last 30 days. Missing when not known.", "disk")
	descScanner   = gauge("virus_scanner_up", "0 while the virus scanner does not answer, 1 also where there is none.")
	descUnchecked = gauge("files_unchecked", "Files that wait for the virus scanner.")
	descRoom      = gauge("taking_in", "1 while mail and files are taken in, 0 while the disk is full or read-only.")
)

// gauges reads its figures when it is asked, so that counting costs nothing in between.
type gauges struct{ a *App }

func (g gauges) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descBuild, descLedger, descOpen, descOldest, descDoubt, descGaps, descJobs, descWait, descLive, descLeases, descHints,
		descMailbox, descSuccess, descBacklog, descSending, descWrites, descWriting, descDBWait, descDatabase, descDiskFree, descDiskTotal, descDaysLeft, descScanner, descUnchecked, descRoom} {
		ch <- d
	}
}

// reading is one answer. What cannot be read is left out of it.
type reading struct {
	*App
	ch chan<- prometheus.Metric
}

func (r reading) gauge(d *prometheus.Desc, v float64, labels ...string) {
	r.ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func (r reading) counter(d *prometheus.Desc, v float64, labels ...string) {
	r.ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
}

func (g gauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	r := reading{g.a, ch}
	r.gauge(descBuild, 1, g.a.Version)
	r.gauge(descLive, float64(g.a.Hub.Count()))
	for kind, n := range g.a.Leases.Held() {
		r.gauge(descLeases, float64(n), kind)
	}
	hints := g.a.Bus.Status()
	r.gauge(descHints, truth(hints.Up), hints.Via)
	r.messages(ctx)
	r.scanner(ctx)
	r.work(ctx)
	r.inboxes(ctx)
	r.database()
	r.disk(ctx)
}

func (r reading) messages(ctx context.Context) {
	if b, err := r.Ledger.Balance(ctx, false); err == nil {
		for stage, n := range b.Counts {
			r.counter(descLedger, float64(n), stage)
		}
		r.gauge(descOpen, float64(b.PendingIn), "in")
		r.gauge(descOpen, float64(b.PendingOut), "out")
		r.gauge(descDoubt, float64(b.InDoubt))
		r.gauge(descGaps, float64(len(b.Gaps)))
	}
	if in, out, err := r.Ledger.Oldest(ctx); err == nil {
		r.gauge(descOldest, r.age(in), "in")
		r.gauge(descOldest, r.age(out), "out")
	}
}

func (r reading) age(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return r.Now().Sub(t).Seconds()
}

func (r reading) work(ctx context.Context) {
	if counts, err := r.Jobs.Counts(ctx); err == nil {
		for _, state := range []job.State{job.Waiting, job.Running, job.Dead} {
			r.gauge(descJobs, float64(counts[state]), string(state))
		}
	}
	if waits, err := r.Jobs.Waits(ctx); err == nil {
		for kind, d := range waits {
			r.gauge(descWait, d.Seconds(), kind)
		}
	}
}

func (r reading) inboxes(ctx context.Context) {
	all, err := r.Inboxes.List(ctx, false)
	if err != nil {
		return
	}
	for _, i := range all {
		h, err := r.Health(ctx, i)
		if err != nil {
			continue
		}
		id := strconv.FormatInt(int64(i.ID), 10)
		if h.State != "off" {
			r.gauge(descMailbox, truth(h.State != "error"), id)
			r.gauge(descBacklog, float64(h.Backlog), id)
		}
		if !h.LastSuccessAt.IsZero() {
			r.gauge(descSuccess, float64(h.LastSuccessAt.Unix()), id)
		}
		r.gauge(descSending, truth(h.Sending.LastError == ""), id)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (r reading) database() {
	s := r.DB.Stats()
	r.counter(descWrites, float64(s.Writes))
	r.counter(descWriting, s.Writing.Seconds())
	r.counter(descDBWait, s.WriteWait.Seconds(), "write")
	r.counter(descDBWait, s.ReadWait.Seconds(), "read")
}

func (r reading) disk(ctx context.Context) {
	r.gauge(descRoom, truth(r.room() == nil))
	s, err := r.Storage.Report(ctx)
	if err != nil {
		return
	}
	for part, n := range map[string]int64{"database": s.Database, "files": s.Files, "raw_mail": s.RawMail, "attachments": s.Attachments, "search": s.Search} {
		r.gauge(descDatabase, float64(n), part)
	}
	for _, d := range s.Disks {
		r.gauge(descDiskFree, float64(d.Free), d.Name)
		r.gauge(descDiskTotal, float64(d.Total), d.Name)
		if d.DaysLeft != nil {
			r.gauge(descDaysLeft, float64(*d.DaysLeft), d.Name)
		}
	}
}
