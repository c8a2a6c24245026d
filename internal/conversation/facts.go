package conversation

import (
	"reflect"
	"time"
)

// Facts are what was found out about a mail beyond its words. What is empty is left out.
type Facts struct {
	Signature  *Signature   `json:"signature,omitempty" doc:"What an S/MIME signature proves"`
	Encrypted  string       `json:"encrypted,omitempty" enum:"smime,pgp" doc:"The text is encrypted and stands in the attached file"`
	PGPSigned  bool         `json:"pgp_signed,omitempty" doc:"Signed with PGP, which is not verified here"`
	Trackers   int          `json:"trackers,omitempty" doc:"Invisible images that were taken out"`
	Invitation *Invitation  `json:"invitation,omitempty"`
	Forwarded  *Forwarded   `json:"forwarded,omitempty" doc:"Who wrote the mail that the sender passed on, as far as its text says"`
	ReplyTo    *Person      `json:"reply_to,omitempty" doc:"Where the sender wants answers to go, when that is somebody else; no answer goes there by itself"`
	Doubt      *SenderDoubt `json:"doubt,omitempty" doc:"Why the sender may not be who they claim to be"`
	Rule       *TakenByRule `json:"rule,omitempty" doc:"The rule by which the customer was taken from the mail"`
	Spam       *SpamReason  `json:"spam,omitempty" doc:"Why the mail went to spam"`
	Rescued    bool         `json:"rescued,omitempty" doc:"It was in the spam folder of the mailbox"`
	CardMasked bool         `json:"card_masked,omitempty" doc:"It held the number of a payment card, which was masked before anything was stored"`
	Cut        bool         `json:"cut,omitempty" doc:"The mail has more than is shown here; the whole of it is attached as mail.eml, unless it held a card number"`
	Complaints []Complaint  `json:"complaints,omitempty" doc:"Recipients who reported this message as spam"`
}

// Empty tells that nothing was found.
func (f *Facts) Empty() bool { return f == nil || reflect.ValueOf(*f).IsZero() }

// Signature is what an S/MIME signature proves.
type Signature struct {
	State      string     `json:"state" enum:"intact,broken,unreadable"`
	Signer     string     `json:"signer"`
	Issuer     string     `json:"issuer"`
	Addresses  []string   `json:"addresses"`
	FromSigner bool       `json:"from_signer" doc:"The certificate is for the sender's address"`
	Chain      string     `json:"chain" enum:"known,unknown,self_signed,expired," doc:"What the certificate is worth"`
	SignedAt   *time.Time `json:"signed_at"`
	ValidUntil *time.Time `json:"valid_until"`
}

// Invitation is an appointment that a mail asks for, changes or answers.
type Invitation struct {
	Method    string     `json:"method" doc:"As RFC 5546 names it, in lower case: request, reply, cancel"`
	Summary   string     `json:"summary"`
	Start     *time.Time `json:"start"`
	End       *time.Time `json:"end"`
	AllDay    bool       `json:"all_day" doc:"Only the dates of start and end count; end is the day after"`
	Floating  bool       `json:"floating" doc:"The times have no zone; they are written here as if they were UTC"`
	Location  string     `json:"location"`
	Note      string     `json:"note"`
	Repeats   string     `json:"repeats" enum:"daily,weekly,monthly,yearly,"`
	Cancelled bool       `json:"cancelled"`
	Organizer *Attendee  `json:"organizer"`
	Attendees []Attendee `json:"attendees"`
}

// Attendee is somebody of an invitation.
type Attendee struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	State   string `json:"state" enum:"accepted,declined,tentative,delegated,needs_action,"`
}

// Forwarded is the first author of a mail that was passed on.
type Forwarded struct {
	From    Person `json:"from"`
	Subject string `json:"subject"`
}

// SenderDoubt says why a sender may be somebody else.
type SenderDoubt struct {
	// Forged: the sender's domain says that this mail is not from it.
	Forged  bool     `json:"forged"`
	Reasons []string `json:"reasons" doc:"dmarc_failed, own_address, name_is_address"`
	// What was checked, as far as somebody that is trusted has.
	SPF    *AuthResult  `json:"spf,omitempty"`
	DKIM   []AuthResult `json:"dkim,omitempty"`
	DMARC  *AuthResult  `json:"dmarc,omitempty"`
	Policy string       `json:"policy,omitempty" doc:"What the domain asks for with such mail: none, quarantine, reject"`
	Named  string       `json:"named,omitempty" doc:"The address that stands in the sender's name"`
}

// AuthResult is what one method found (RFC 8601, section 2.7).
type AuthResult struct {
	Result string `json:"result"`
	Domain string `json:"domain,omitempty"`
}

// TakenByRule says by which rule the customer was taken from a mail.
type TakenByRule struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Source string `json:"source" enum:"sender,reply_to,original_from,form"`
	From   Person `json:"from" doc:"Who stands in From"`
}

// Why a mail is spam.
const (
	SpamBlocked = "blocked"          // the sender is blocked
	SpamServer  = "marked_by_server" // the mail server marked it
)

// SpamReason says why a mail went to spam.
type SpamReason struct {
	Reason  string `json:"reason" enum:"blocked,marked_by_server"`
	Pattern string `json:"pattern,omitempty" doc:"The blocked address or domain"`
}

// Complaint is a recipient's report that a message of ours is spam (RFC 5965).
type Complaint struct {
	OriginalRFCID string    `json:"-"`
	Recipient     string    `json:"recipient"`
	At            time.Time `json:"at"`
}
