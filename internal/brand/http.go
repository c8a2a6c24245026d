package brand

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/web"
)

// BrandBody is a brand in answers.
type BrandBody struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`
}

type (
	listOut  struct{ Body web.Page[BrandBody] }
	brandOut struct{ Body BrandBody }
	brandIn  struct {
		ID   int64 `path:"id"`
		Body struct {
			Name string `json:"name"`
		}
	}
)

// Register adds the operations.
func Register(api *web.API, svc *Service) {
	web.Register(api, web.Op{Method: "GET", Path: "/brands", Permission: "conversations:read", Tag: "Brands", Summary: "List the brands"},
		func(ctx context.Context, _ *struct{}) (*listOut, error) {
			list, err := svc.List(ctx)
			if err != nil {
				return nil, err
			}
			var items []BrandBody
			for _, b := range list {
				items = append(items, body(b))
			}
			return &listOut{web.PageOf(items, "")}, nil
		})
	web.Register(api, web.Op{Method: "PATCH", Path: "/brands/{id}", Permission: "settings:manage", Tag: "Brands", Summary: "Change a brand"},
		func(ctx context.Context, in *brandIn) (*brandOut, error) {
			b, err := svc.Rename(ctx, in.ID, in.Body.Name)
			if err != nil {
				return nil, err
			}
			return &brandOut{body(b)}, nil
		})
}

func body(b Brand) BrandBody {
	return BrandBody{ID: b.ID, Name: b.Name, CreatedAt: web.Time(b.CreatedAt)}
}
