package sender

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func registerRules(api *web.API, h handler) {
	manage := string(access.SettingsManage)
	op := func(method, path, summary string) web.Op {
		return web.Op{Method: method, Path: path, Permission: manage, Tag: ruleHeading, Summary: summary}
	}
	all := op("GET", "/customer-rules", "How the customer is taken from mail of shops and marketplaces")
	all.Text = "In the order in which they are tried. The first that finds somebody decides."
	web.Register(api, all, h.rules)
	create := op("POST", "/customer-rules", "Make a rule")
	create.Status, create.Idempotent = 201, true
	web.Register(api, create, h.createRule)
	change := op("PATCH", "/customer-rules/{id}", "Change a rule")
	change.Errors = []int{409}
	web.Register(api, change, h.changeRule)
	web.Register(api, op("DELETE", "/customer-rules/{id}", "Delete a rule"), h.deleteRule)
	web.Register(api, op("POST", "/customer-rules/order", "Set the order of the rules"), h.orderRules)
	try := op("POST", "/customer-rules/try", "Try the rules on a mail")
	try.Text, try.MaxBody, try.Status = "Nothing is stored. `rule`, if given, is tried first, as if it were saved.", 2<<20, 200
	web.Register(api, try, h.try)
}

type ruleBody struct {
	ID         int64    `json:"id"`
	Name       string   `json:"name"`
	Ready      string   `json:"ready" doc:"Of a rule that came with the program"`
	Enabled    bool     `json:"enabled"`
	Senders    []string `json:"senders" doc:"Addresses in From; * stands for anything but @, own for your own addresses"`
	Subject    string   `json:"subject" doc:"Words that stand in the subject; empty = any"`
	Sources    []Source `json:"sources" doc:"sender, reply_to, original_from, form: tried in this order"`
	MailLabels []string `json:"mail_labels" doc:"What stands before the address in a form"`
	NameLabels []string `json:"name_labels"`
	Version    int64    `json:"version"`
}

func ruleOf(r Rule) ruleBody {
	return ruleBody{r.ID, r.Name, r.Ready, r.Enabled, some(r.Senders), r.Subject, some(r.Sources), some(r.MailLabels), some(r.NameLabels), r.Version}
}

func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (h handler) rules(ctx context.Context, _ *struct{}) (*struct{ Body web.Page[ruleBody] }, error) {
	found, err := h.s.AllRules(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]ruleBody, len(found))
	for i, r := range found {
		out[i] = ruleOf(r)
	}
	return &struct{ Body web.Page[ruleBody] }{web.PageOf(out, "")}, nil
}

// RuleInput is a rule in a request; what is left out stays or takes its default.
type RuleInput struct {
	Name       *string   `json:"name,omitempty"`
	Enabled    *bool     `json:"enabled,omitempty"`
	Senders    *[]string `json:"senders,omitempty" nullable:"false"`
	Subject    *string   `json:"subject,omitempty"`
	Sources    *[]Source `json:"sources,omitempty" nullable:"false"`
	MailLabels *[]string `json:"mail_labels,omitempty" nullable:"false"`
	NameLabels *[]string `json:"name_labels,omitempty" nullable:"false"`
}

func (in RuleInput) apply(r *Rule) {
	set(&r.Name, in.Name)
	set(&r.Enabled, in.Enabled)
	set(&r.Senders, in.Senders)
	set(&r.Subject, in.Subject)
	set(&r.Sources, in.Sources)
	set(&r.MailLabels, in.MailLabels)
	set(&r.NameLabels, in.NameLabels)
}

func set[T any](into *T, given *T) {
	if given != nil {
		*into = *given
	}
}

type ruleOutput struct{ Body ruleBody }

func (h handler) createRule(ctx context.Context, in *struct{ Body RuleInput }) (*ruleOutput, error) {
	r := Rule{Enabled: true}
	in.Body.apply(&r)
	r, err := h.s.CreateRule(ctx, r)
	return &ruleOutput{ruleOf(r)}, err
}

type changeRuleInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		RuleInput
		Version int64 `json:"version,omitempty" doc:"Refuse with 409 when the rule has another"`
	}
}

func (h handler) changeRule(ctx context.Context, in *changeRuleInput) (*ruleOutput, error) {
	r, err := h.s.ChangeRule(ctx, in.ID, in.Body.Version, in.Body.apply)
	return &ruleOutput{ruleOf(r)}, err
}

func (h handler) deleteRule(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, h.s.DeleteRule(ctx, in.ID)
}

type orderInput struct {
	Body struct {
		IDs []int64 `json:"ids" maxItems:"200"`
	}
}

func (h handler) orderRules(ctx context.Context, in *orderInput) (*struct{}, error) {
	return nil, h.s.OrderRules(ctx, in.Body.IDs)
}

type tryInput struct {
	Body struct {
		Raw  string     `json:"raw" minLength:"1" maxLength:"1048576" doc:"The mail as it came, with its header"`
		Rule *RuleInput `json:"rule,omitempty"`
	}
}

type personBody struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

type tryOutput struct {
	Body struct {
		From      personBody `json:"from"`
		Subject   string     `json:"subject"`
		Customer  personBody `json:"customer" doc:"Who would be the customer"`
		RuleID    *int64     `json:"rule_id" doc:"Of the rule that decided; 0 = the one that was handed in; null = none, From stays"`
		RuleName  string     `json:"rule_name"`
		Source    Source     `json:"source" doc:"Where the rule found them"`
		Automatic bool       `json:"automatic" doc:"It would count as written by a machine: shown, never answered automatically"`
		Listed    Kind       `json:"listed" doc:"block or allow when the customer's address is on a list"`
		Text      string     `json:"text" doc:"The beginning of what would be shown"`
	}
}

func (h handler) try(ctx context.Context, in *tryInput) (*tryOutput, error) {
	var extra *Rule
	if in.Body.Rule != nil {
		extra = &Rule{}
		in.Body.Rule.apply(extra)
	}
	found, err := h.s.Try(ctx, []byte(in.Body.Raw), extra)
	if err != nil {
		return nil, err
	}
	out := &tryOutput{}
	b := &out.Body
	b.From, b.Subject, b.Text = personOf(found.Message.From), found.Message.Subject, clip(found.Message.ReplyText, 500)
	b.Customer, b.Automatic, b.Listed = b.From, found.Automatic, found.Verdict.Kind
	if t := found.Taken; t != nil {
		id := t.Rule.ID
		b.Customer, b.RuleID, b.RuleName, b.Source = personOf(t.Customer), &id, t.Rule.Name, t.Source
	}
	return out, nil
}

func personOf(a mail.Address) personBody { return personBody{a.Name, a.Address} }
