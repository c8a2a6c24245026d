package story

// The desks that stories land on.
const (
	Orders    = "Orders"
	Returns   = "Returns"
	Wholesale = "Wholesale"
)

// Topic is what a customer writes about.
type Topic struct {
	Name     string
	Desk     string
	Tags     []string
	Weight   int  // how often it comes
	Pressing bool // somebody waits badly
	Photo    bool // customers send pictures
	Paper    bool // the answer carries a document
	// Products that fit, by their place in the list; none = all.
	Products []int
}

// Topics of the shop. The texts of each are in texts/.
var Topics = []Topic{
	{Name: "where", Desk: Orders, Tags: []string{"delivery"}, Weight: 22},
	{Name: "late", Desk: Orders, Tags: []string{"delivery", "late"}, Weight: 9, Pressing: true},
	{Name: "stuck", Desk: Orders, Tags: []string{"delivery", "late"}, Weight: 6},
	{Name: "delivered", Desk: Orders, Tags: []string{"delivery", "lost parcel"}, Weight: 5, Pressing: true},
	{Name: "address", Desk: Orders, Tags: []string{"address"}, Weight: 8, Pressing: true},
	{Name: "damaged", Desk: Orders, Tags: []string{"damaged"}, Weight: 11, Photo: true, Products: []int{0, 7}},
	{Name: "faulty", Desk: Orders, Tags: []string{"damaged"}, Weight: 4, Photo: true, Products: []int{1, 2, 5, 6}},
	{Name: "wrongitem", Desk: Orders, Tags: []string{"wrong item"}, Weight: 5, Photo: true},
	{Name: "missing", Desk: Orders, Tags: []string{"wrong item"}, Weight: 4},
	{Name: "cancel", Desk: Orders, Tags: []string{"cancel"}, Weight: 6, Pressing: true},
	{Name: "change", Desk: Orders, Tags: []string{"change"}, Weight: 3},
	{Name: "additem", Desk: Orders, Tags: []string{"change"}, Weight: 2},
	{Name: "invoice", Desk: Orders, Tags: []string{"invoice"}, Weight: 5, Paper: true},
	{Name: "company", Desk: Orders, Tags: []string{"invoice"}, Weight: 2, Paper: true},
	{Name: "code", Desk: Orders, Tags: []string{"discount"}, Weight: 6},
	{Name: "forgot", Desk: Orders, Tags: []string{"discount"}, Weight: 2},
	{Name: "payment", Desk: Orders, Tags: []string{"payment"}, Weight: 3},
	{Name: "twice", Desk: Orders, Tags: []string{"payment", "refund"}, Weight: 2, Pressing: true},
	{Name: "stock", Desk: Orders, Tags: []string{"stock"}, Weight: 8},
	{Name: "preorder", Desk: Orders, Tags: []string{"stock"}, Weight: 2},
	{Name: "care", Desk: Orders, Tags: []string{"product question"}, Weight: 4, Products: []int{1, 2, 5, 6}},
	{Name: "size", Desk: Orders, Tags: []string{"product question"}, Weight: 3, Products: []int{2}},
	{Name: "material", Desk: Orders, Tags: []string{"product question"}, Weight: 3, Products: []int{2}},
	{Name: "giftwrap", Desk: Orders, Tags: []string{"gift"}, Weight: 3},
	{Name: "voucher", Desk: Orders, Tags: []string{"gift"}, Weight: 2, Pressing: true},
	{Name: "abroad", Desk: Orders, Tags: []string{"delivery"}, Weight: 3},
	{Name: "customs", Desk: Orders, Tags: []string{"delivery"}, Weight: 1},
	{Name: "pickup", Desk: Orders, Tags: []string{"delivery", "address"}, Weight: 2},
	{Name: "christmas", Desk: Orders, Tags: []string{"gift", "delivery"}, Weight: 3},
	{Name: "account", Desk: Orders, Weight: 2},
	{Name: "newsletter", Desk: Orders, Weight: 2},
	{Name: "points", Desk: Orders, Tags: []string{"loyalty"}, Weight: 1},
	{Name: "thanks", Desk: Orders, Tags: []string{"praise"}, Weight: 3},
	{Name: "complaint", Desk: Orders, Tags: []string{"complaint"}, Weight: 3, Pressing: true},
	{Name: "price", Desk: Orders, Tags: []string{"discount", "refund"}, Weight: 2},
	{Name: "assembly", Desk: Orders, Tags: []string{"product question"}, Weight: 2, Paper: true, Products: []int{4}},
	{Name: "return", Desk: Returns, Tags: []string{"return"}, Weight: 12, Paper: true},
	{Name: "returncode", Desk: Returns, Tags: []string{"return"}, Weight: 3, Pressing: true},
	{Name: "refund", Desk: Returns, Tags: []string{"refund"}, Weight: 8},
	{Name: "exchange", Desk: Returns, Tags: []string{"return", "exchange"}, Weight: 5, Products: []int{2}},
	{Name: "colour", Desk: Returns, Tags: []string{"exchange"}, Weight: 3, Products: []int{1, 2, 3, 5, 6}},
	{Name: "window", Desk: Returns, Tags: []string{"return"}, Weight: 1},
	{Name: "warranty", Desk: Returns, Tags: []string{"damaged"}, Weight: 2, Photo: true, Products: []int{4}},
	{Name: "wholesale", Desk: Wholesale, Tags: []string{"price list"}, Weight: 5, Paper: true},
	{Name: "samples", Desk: Wholesale, Tags: []string{"samples"}, Weight: 2, Products: []int{1, 2, 3, 6}},
	{Name: "hotel", Desk: Wholesale, Tags: []string{"price list"}, Weight: 2, Paper: true, Products: []int{1, 2, 3}},
	{Name: "reseller", Desk: Wholesale, Weight: 1, Paper: true},
	{Name: "press", Desk: Wholesale, Weight: 1, Products: []int{0, 2, 3, 4, 6}},
}

// Tags of the shop with their colours.
var Tags = map[string]string{
	"delivery": "blue", "late": "amber", "lost parcel": "red", "address": "teal", "damaged": "red", "wrong item": "amber",
	"cancel": "grey", "change": "grey", "invoice": "violet", "discount": "green", "payment": "amber", "refund": "green",
	"stock": "teal", "product question": "blue", "gift": "pink", "loyalty": "pink", "praise": "green", "complaint": "red",
	"return": "violet", "exchange": "violet", "price list": "blue", "samples": "teal", "vip": "pink",
}

var topicWeight = func() (sum int) {
	for _, t := range Topics {
		sum += t.Weight
	}
	return sum
}()
