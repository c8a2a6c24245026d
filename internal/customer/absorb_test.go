package customer

import (
	"reflect"
	"testing"
)

func TestTheSurvivorKeepsWhatBothKnowAndTakesWhatItLacks(t *testing.T) {
	t.Parallel()
	c := Customer{ID: 1, Name: "Anna", Notes: "Likes blue", Attributes: map[string]any{"level": "gold", "city": ""}}
	o := Customer{ID: 2, Name: "Anna B.", Locale: "de", Notes: "Rings twice\n", Attributes: map[string]any{"level": "silver", "city": "Bonn", "size": float64(42)}}
	taken, left, err := c.absorb(&o)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "Anna" || c.Locale != "de" || c.Notes != "Likes blue\n\nRings twice" ||
		!reflect.DeepEqual(c.Attributes, map[string]any{"level": "gold", "city": "Bonn", "size": float64(42)}) {
		t.Errorf("the survivor became %+v", c)
	}
	if len(taken) != 3 || len(left) != 2 || left[0] != (Value{"name", 2, "Anna B.", "Anna"}) || left[1] != (Value{"attributes.level", 2, "silver", "gold"}) {
		t.Errorf("taken %v, left %v", taken, left)
	}
}

func TestTakingAMergeBackLeavesWhatSomebodyChangedSince(t *testing.T) {
	t.Parallel()
	c := Customer{ID: 1, Notes: "Likes blue", Attributes: map[string]any{"level": "gold"}}
	o := Customer{ID: 2, Name: "Anna", Notes: "Rings twice", Attributes: map[string]any{"city": "Bonn", "size": "M"}}
	was := c.parts()
	if _, _, err := c.absorb(&o); err != nil {
		t.Fatal(err)
	}
	became := c.parts()
	c.Notes += "\nPaid"
	c.Attributes["size"], c.Attributes["level"] = "L", "platinum"
	c.release(&o, was, became)
	if c.Name != "" || c.Notes != "Likes blue\n\n\nPaid" && c.Notes != "Likes blue\n\nPaid" ||
		!reflect.DeepEqual(c.Attributes, map[string]any{"size": "L", "level": "platinum"}) {
		t.Errorf("the survivor is %+v", c)
	}
}

func TestTheSameNumberIsFoundInOtherWritings(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{{"+4930123456", "030123456"}, {"030123456", "+4930123456"}, {"004930123456", "+4930123456"}, {"+905321234567", "05321234567"}} {
		c := Customer{Identities: []Identity{{Kind: Phone, Value: pair[0]}}}
		found := false
		for _, w := range c.otherWritings() {
			found = found || w == pair[1]
		}
		if !found {
			t.Errorf("%s is not asked for as %s", pair[0], pair[1])
		}
	}
}
