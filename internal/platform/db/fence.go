package db

import "context"

// Fence is asked at the beginning of a writing transaction and ends it with its
// error: whoever writes may not do so any more.
type Fence struct {
	check func(ctx context.Context, tx *Tx) error
	outer *Fence
}

type fenceKey struct{}

// Fenced returns a context under which every [DB.Write] begins with check, after
// the checks of ctx. A lease puts its token there, so that no work under a lease
// can forget it.
func Fenced(ctx context.Context, check func(ctx context.Context, tx *Tx) error) context.Context {
	return context.WithValue(ctx, fenceKey{}, &Fence{check, FenceOf(ctx)})
}

// FenceOf is the fence of a context, nil when there is none: for work that is
// handed to a transaction shared with others.
func FenceOf(ctx context.Context) *Fence {
	f, _ := ctx.Value(fenceKey{}).(*Fence)
	return f
}

// CheckTx asks the fence; nil lets everybody through.
func (f *Fence) CheckTx(ctx context.Context, tx *Tx) error {
	if f == nil {
		return nil
	}
	if err := f.outer.CheckTx(ctx, tx); err != nil {
		return err
	}
	return f.check(ctx, tx)
}
