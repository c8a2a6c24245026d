package access

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

type (
	stepOut struct {
		Body struct {
			On            bool       `json:"on"`
			Since         *time.Time `json:"since"`
			RecoveryCodes int        `json:"recovery_codes" doc:"How many are left"`
			Required      bool       `json:"required" doc:"Of everybody"`
		}
	}
	stepPassword struct {
		Browser
		Body struct {
			CurrentPassword string `json:"current_password"`
		}
	}
	newSecretOut struct {
		Body struct {
			Secret string  `json:"secret" doc:"To type into an app, base32"`
			URL    string  `json:"url" doc:"What the picture holds"`
			QR     Picture `json:"qr"`
		}
	}
	stepCode struct {
		Body struct {
			Code string `json:"code" maxLength:"100"`
		}
	}
	codesOut struct {
		Body struct {
			RecoveryCodes []string `json:"recovery_codes" doc:"Each works once, in place of a code. Shown only here"`
		}
	}
)

// Picture is a QR code as the path of an SVG drawing.
type Picture struct {
	Size int    `json:"size" doc:"Edge of the square viewBox, margin included"`
	Path string `json:"path" doc:"What is dark"`
}

func (h handler) registerSecondStep(api *web.API) {
	web.Register(api, web.Op{Method: "GET", Path: "/me/second-step", Early: true, Tag: signIn, Summary: "How I stand with the second step", Errors: []int{403}}, h.step)
	web.Register(api, web.Op{Method: "POST", Path: "/me/second-step", Early: true, Tag: signIn, Summary: "Make a secret for an authenticator app", Errors: []int{409},
		Text: "It counts once it is confirmed with a code. Not for API keys."}, h.beginStep)
	web.Register(api, web.Op{Method: "POST", Path: "/me/second-step/confirm", Early: true, Tag: signIn, Summary: "Confirm the secret with a code", Errors: []int{401, 409},
		Text: "Ends my other sessions."}, h.confirmStep)
	web.Register(api, web.Op{Method: "POST", Path: "/me/second-step/recovery-codes", Tag: signIn, Summary: "Make new recovery codes", Errors: []int{409}}, h.newCodes)
	web.Register(api, web.Op{Method: "POST", Path: "/me/second-step/off", Tag: signIn, Summary: "Turn my second step off", Errors: []int{409}}, h.endStep)
}

func (h handler) step(ctx context.Context, _ *struct{}) (*stepOut, error) {
	a, err := inBrowser(ctx)
	if err != nil {
		return nil, err
	}
	s, err := h.s.SecondStep(ctx, a.AgentID)
	out := &stepOut{}
	b := &out.Body
	b.On, b.Since, b.RecoveryCodes, b.Required = s.On, web.MaybeTime(s.Since), s.Recovery, s.Required
	return out, err
}

func (h handler) beginStep(ctx context.Context, in *stepPassword) (*newSecretOut, error) {
	a, err := inBrowser(ctx)
	if err != nil {
		return nil, err
	}
	secret, err := h.s.BeginSecondStep(ctx, a, in.Body.CurrentPassword, in.client(ctx))
	if err != nil {
		return nil, err
	}
	out := &newSecretOut{}
	out.Body.Secret, out.Body.URL = secret.Text, secret.URL
	out.Body.QR, err = picture(secret.URL)
	return out, err
}

func (h handler) confirmStep(ctx context.Context, in *stepCode) (*codesOut, error) {
	a, err := inBrowser(ctx)
	if err != nil {
		return nil, err
	}
	out := &codesOut{}
	out.Body.RecoveryCodes, err = h.s.ConfirmSecondStep(ctx, a, in.Body.Code)
	if errs.Is(err, errs.Unauthorized) {
		// The session is fine, so this is a wrong field and no sign-out.
		text := errs.TextOf(err)
		e := errs.Said(errs.Invalid, text).Because(err)
		e.Fields = []errs.Field{errs.FieldOf("body.code", text)}
		return nil, e
	}
	return out, err
}

func (h handler) newCodes(ctx context.Context, in *stepPassword) (*codesOut, error) {
	a, err := inBrowser(ctx)
	if err != nil {
		return nil, err
	}
	out := &codesOut{}
	out.Body.RecoveryCodes, err = h.s.NewRecoveryCodes(ctx, a, in.Body.CurrentPassword, in.client(ctx))
	return out, err
}

func (h handler) endStep(ctx context.Context, in *stepPassword) (*struct{}, error) {
	a, err := inBrowser(ctx)
	if err != nil {
		return nil, err
	}
	return nil, h.s.EndSecondStep(ctx, a, in.Body.CurrentPassword, in.client(ctx))
}

// quiet is the margin that readers ask for (ISO/IEC 18004, section 6.3.8).
const quiet = 4

func picture(text string) (Picture, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return Picture{}, err
	}
	size := code.Bounds().Dx()
	var b strings.Builder
	for y := range size {
		for x := 0; x < size; x++ {
			from := x
			for x < size && dark(code.At(x, y)) {
				x++
			}
			if x > from {
				b.WriteString("M" + strconv.Itoa(from+quiet) + " " + strconv.Itoa(y+quiet) + "h" + strconv.Itoa(x-from) + "v1h-" + strconv.Itoa(x-from) + "z")
			}
		}
	}
	return Picture{Size: size + 2*quiet, Path: b.String()}, nil
}

func dark(c interface{ RGBA() (r, g, b, a uint32) }) bool {
	r, _, _, _ := c.RGBA()
	return r < 0x8000
}
