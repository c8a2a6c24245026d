package app

import "testing"

func TestMemoryIsGivenBackOnceAfterABusyTime(t *testing.T) {
	t.Parallel()
	var r rest
	for i, step := range []struct {
		allocated uint64
		give      bool
	}{
		{100 << 20, false}, // the start
		{101 << 20, true}, {102 << 20, false}, {103 << 20, false},
		{400 << 20, false}, // busy
		{800 << 20, false},
		{801 << 20, true}, {802 << 20, false},
	} {
		if give := r.look(step.allocated); give != step.give {
			t.Errorf("step %d: %v", i, give)
		}
	}
}
