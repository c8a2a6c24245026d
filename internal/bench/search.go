package bench

import (
	"context"
	"net/url"
	"time"
)

// queries are what is looked for, in groups that cost differently.
var queries = []struct {
	name   string
	absent bool
	list   []string
}{
	{"search: Latin words", false, []string{"parcel", "cracked mug", "refund", "LL-10482", "invoice company", "wash", "track", "hannah", "kargo", "iade", "fatura ünvanı", "kırık"}},
	{"search: Ukrainian words", false, []string{"посилка", "рахунок", "повернути", "льон"}},
	{"search: two Japanese letters", false, []string{"返品", "住所", "割れ", "領収", "変更", "商品", "注文", "発送"}},
	{"search: absent words", true, []string{"zyzzyva", "qwertzuiop", "yokböylesözcük", "немаєтакогослова", "鰐梟", "麒麟", "parcel zyzzyva", "посилка щщщ"}},
	{"search: operators", false, []string{"is:open", "is:unassigned", "assignee:me", "has:attachment", "parcel is:open after:30d", "is:open before:30d", "refund from:anna", "order:LL-10482", "is:closed has:note"}},
}

// search measures each group alone; the whole is all of them.
func search(ctx context.Context, d *drive, r *Result) error {
	found, asked := 0, 0
	whole := &sample{}
	var took, cpu time.Duration
	for _, q := range queries {
		part := Result{Name: q.name}
		err := d.repeat(&part, d.times(300), func(i int) (time.Duration, error) {
			var p page
			took, err := d.api.get(ctx, "/search?q="+url.QueryEscape(q.list[i%len(q.list)]), &p)
			if whole.add(took); q.absent {
				return took, err
			}
			if asked++; len(p.Items) > 0 {
				found++
			}
			return took, err
		})
		if err != nil {
			return err
		}
		r.Operations += part.Operations
		took += time.Duration(part.Seconds * float64(time.Second))
		cpu += time.Duration(part.CPU * float64(part.Operations) * float64(time.Millisecond))
		r.Parts = append(r.Parts, part)
	}
	r.finish(whole, took, cpu)
	r.Extra = map[string]float64{"queries_with_results_percent": 100 * float64(found) / float64(max(asked, 1))}
	return nil
}
