package realtime

import (
	"crypto/rand"
	"fmt"
	"strings"
	"unicode/utf8"
)

// partSize is how much of a hint goes into one NOTIFY, which carries just below
// 8,000 bytes.
const partSize = 7000

// maxParts is more than the largest hint needs: a part may end up to three bytes
// early, between two letters.
const maxParts = MaxHint/(partSize-utf8.UTFMax) + 1

// split writes a hint as texts of NOTIFY: the node, the subject and the data,
// each on its line. A large one becomes several, with "|", its id, the number of
// the part and how many there are behind the subject.
func split(node string, one hint) []string {
	if len(one.data) <= partSize {
		return []string{node + "\n" + one.subject + "\n" + one.data}
	}
	var pieces []string
	for rest := one.data; rest != ""; {
		n := min(len(rest), partSize)
		for n < len(rest) && n > partSize-utf8.UTFMax && !utf8.RuneStart(rest[n]) {
			n--
		}
		pieces, rest = append(pieces, rest[:n]), rest[n:]
	}
	id := rand.Text()
	for i, piece := range pieces {
		pieces[i] = fmt.Sprintf("%s\n%s|%s|%d|%d\n%s", node, one.subject, id, i, len(pieces), piece)
	}
	return pieces
}

// parts puts large hints together again. The parts of one are sent in one
// transaction, so that nothing comes between them.
type parts struct {
	of   string // node, subject, id and number of the hint that is under way
	have []string
}

// add takes one text and returns the hint that it completes.
func (p *parts) add(node, subject, data string) (one hint, whole bool) {
	name, rest, large := strings.Cut(subject, "|")
	if !large {
		return hint{subject, data}, true
	}
	var id string
	var i, n int
	if _, err := fmt.Sscanf(strings.ReplaceAll(rest, "|", " "), "%s %d %d", &id, &i, &n); err != nil || n > maxParts {
		return one, false
	}
	of := fmt.Sprint(node, "\n", name, "\n", id, "\n", n)
	if i == 0 {
		p.of, p.have = of, nil
	}
	if of != p.of || i != len(p.have) {
		return one, false
	}
	p.have = append(p.have, data)
	if len(p.have) < n {
		return one, false
	}
	one = hint{name, strings.Join(p.have, "")}
	p.of, p.have = "", nil
	return one, true
}
