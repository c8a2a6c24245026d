package app_test

import (
	"time"

	"github.com/deskbell/deskbell/internal/ledger"
)

func ledgerIn(inbox int64) ledger.In { return ledger.In{Inbox: inbox, At: time.Now()} }
