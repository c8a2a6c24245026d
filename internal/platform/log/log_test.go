package log_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/log"
)

func TestEveryLineOfARequestCarriesItsID(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l, err := log.New(&out, log.Config{})
	if err != nil {
		t.Fatal(err)
	}
	l.With("inbox", 3).InfoContext(log.WithRequest(context.Background(), "r-1"), "mail kept")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%q: %v", out.String(), err)
	}
	if line["request_id"] != "r-1" || line["inbox"] != 3.0 || line["msg"] != "mail kept" {
		t.Errorf("%v", line)
	}
}

func TestTheLevelHoldsBackWhatIsBelow(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l, err := log.New(&out, log.Config{Level: "warn", Format: "text"})
	if err != nil {
		t.Fatal(err)
	}
	l.Info("quiet")
	l.Warn("loud")
	if s := out.String(); bytes.Contains(out.Bytes(), []byte("quiet")) || !bytes.Contains(out.Bytes(), []byte("msg=loud")) {
		t.Errorf("%q", s)
	}
	for _, cfg := range []log.Config{{Level: "chatty"}, {Format: "xml"}} {
		if _, err := log.New(&out, cfg); !errs.Is(err, errs.Invalid) {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}
