package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func TestAProblemIsSaidInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	api := web.New(web.Config{
		Authenticate: func(r *http.Request) (context.Context, web.Who, error) {
			return r.Context(), web.Who{ID: "agent:1", Locale: r.Header.Get("X-Locale")}, nil
		},
		Need: func(context.Context, string) error { return nil },
	})
	web.Register(api, put, func(context.Context, *fruitIn) (*fruitOut, error) {
		return nil, errs.InvalidField("body.text", "The reply is empty.")
	})
	for _, c := range []struct{ agent, accept, want string }{
		{"", "", "The reply is empty."},
		{"", "de", "The reply is empty."},
		{"", "uk-UA, en;q=0.5", "Відповідь порожня."},
		{"ja", "uk", "返信が空です。"},
		{"en", "uk", "The reply is empty."},
	} {
		w := call(api.Handler(), "PUT", "/api/v1/fruits/1", `{"name":"pear"}`, "X-Locale", c.agent, "Accept-Language", c.accept)
		if p := problemIn(t, w); p.Detail != c.want || len(p.Errors) != 1 || p.Errors[0].Message != c.want {
			t.Errorf("%+v: %+v", c, p)
		}
	}
}

type inputIn struct {
	Limit int `query:"limit" minimum:"1" maximum:"100"`
	Body  struct {
		Name   string   `json:"name" minLength:"1" maxLength:"5"`
		Age    int      `json:"age,omitempty"`
		Kind   string   `json:"kind,omitempty" enum:"pear,plum"`
		Tags   []string `json:"tags,omitempty" maxItems:"2"`
		Server struct {
			Port int  `json:"port"`
			TLS  bool `json:"tls,omitempty"`
		} `json:"server,omitzero"`
	}
}

func TestWrongInputIsWordedWithTheNameOfTheField(t *testing.T) {
	t.Parallel()
	api := newAPI(web.Config{})
	web.Register(api, web.Op{Method: "POST", Path: "/input", Permission: "fruits:write", Summary: "Check", Tag: "Fruits"},
		func(context.Context, *inputIn) (*fruitOut, error) { return &fruitOut{}, nil })
	for _, c := range []struct{ query, body, location, en, uk string }{
		{"", `{}`, "body.name", "name is missing.", "Поле name обов’язкове."},
		{"", `{"name":7}`, "body.name", "name must be text.", "name має бути текстом."},
		{"", `{"name":""}`, "body.name", "name must not be empty.", "name не може бути порожнім."},
		{"", `{"name":"secret"}`, "body.name", "name may have at most 5 characters.", "name: щонайбільше 5 символів."},
		{"", `{"name":"a","age":"x"}`, "body.age", "age must be a whole number.", "age має бути цілим числом."},
		{"", `{"name":"a","kind":"x"}`, "body.kind", "kind must be one of: pear, plum.", "kind має бути одним із: pear, plum."},
		{"", `{"name":"a","tags":["a","b","c"]}`, "body.tags", "tags may have at most 2 entries.", "tags: щонайбільше 2 записи."},
		{"", `{"name":"a","tags":3}`, "body.tags", "tags must be a list.", "tags має бути списком."},
		{"", `{"name":"a","server":{}}`, "body.server.port", "server.port is missing.", "Поле server.port обов’язкове."},
		{"", `{"name":"a","server":{"port":1,"tls":"x"}}`, "body.server.tls", "server.tls must be true or false.", "server.tls має бути true або false."},
		{"", `{"name":"a","nmae":"b"}`, "body.nmae", "nmae is not known here. Leave it out.", "Поле nmae тут невідоме. Приберіть його."},
		{"?limit=0", `{"name":"a"}`, "query.limit", "limit must be at least 1.", "limit має бути не менше 1."},
		{"?limit=101", `{"name":"a"}`, "query.limit", "limit must be at most 100.", "limit має бути не більше 100."},
		{"?limit=x", `{"name":"a"}`, "query.limit", "limit must be a whole number.", "limit має бути цілим числом."},
		{"", `[]`, "body", "body must be a JSON object.", "body має бути об’єктом JSON."},
		{"", `{`, "body", "The body of the request is not valid JSON.", "Тіло запиту не є правильним JSON."},
		{"", ``, "", "The body of the request is empty.", "Тіло запиту порожнє."},
	} {
		for language, want := range map[string]string{"en": c.en, "uk": c.uk} {
			w := call(api.Handler(), "POST", "/api/v1/input"+c.query, c.body, "Authorization", "Bearer good", "Accept-Language", language)
			p := problemIn(t, w)
			if w.Code < 400 || w.Code > 499 || p.Detail != want {
				t.Errorf("%s%s: %d %q, want %q", c.query, c.body, w.Code, p.Detail, want)
			}
			if c.location != "" && (len(p.Errors) != 1 || p.Errors[0].Location != c.location || p.Errors[0].Message != want) {
				t.Errorf("%s%s: %+v", c.query, c.body, p.Errors)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%s: the value is repeated", w.Body)
			}
		}
	}
	w := call(api.Handler(), "POST", "/api/v1/input", `{"name":7,"age":"x"}`, "Authorization", "Bearer good")
	if p := problemIn(t, w); len(p.Errors) != 2 || !strings.Contains(p.Detail, "name") || !strings.Contains(p.Detail, "age") {
		t.Errorf("%+v", p)
	}
}
