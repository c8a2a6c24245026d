package arch

import (
	"go/ast"
	"strings"
	"testing"
)

// pitfalls are mails over which other help desks have stumbled, each with the
// tests that are named after it. Whoever takes a test away has to say here what
// watches in its place.
var pitfalls = map[string][]string{
	"One bad mail stops the queue":                              {"OneBadMailIsStillAMessage", "OneBadMailNeverStopsTheOthers"},
	"Raw 8-bit bytes in From, To and Subject":                   {"RawEightBitHeaders"},
	"Names of charsets that nobody knows":                       {"UnknownCharsetNames"},
	"Invalid UTF-8 that is declared as UTF-8":                   {"InvalidUTF8"},
	"Names of files as in RFC 2231, with raw bytes":             {"RFC2231Names"},
	"Encoded words inside Content-Type":                         {"EncodedWordsInContentType"},
	"Odd nesting and boundaries shown as text":                  {"OddBoundaries", "APartWithTwoTypesLosesNothing"},
	"Senders that cannot be read":                               {"UnreadableSenders"},
	"Reply-To and From differ":                                  {"ReplyToDiffersFromSender", "ReplyToCountsOnlyByARule", "AnotherReplyToIsShownAndNotFollowed"},
	"A forwarded mail whose customer is guessed":                {"ForwardedMailGetsItsCustomerFromTheAgent"},
	"Somebody in Cc takes the customer's place":                 {"SomebodyInCcNeverBecomesTheCustomer", "AStrangersAnswerNeverTakesTheCustomersPlace"},
	"Google Groups and DMARC rewrite From":                      {"AGoogleGroupInFrontOfTheInboxIsNoLoop"},
	"In-Reply-To alone, rewritten References":                   {"OneKnownIDOfManyIsEnough", "ThreadIDsBeginWithTheAnsweredMailThenTheNewestReference"},
	"Several ids in In-Reply-To":                                {"SeveralIDs"},
	"A changed subject in an old thread":                        {"AChangedSubjectStaysInItsThread"},
	"The same subject without ids":                              {"TheSameSubjectAloneJoinsNothing"},
	"A reply token in Cc":                                       {"ATokenIsFoundWhereverTheAddressStands"},
	"The provider puts another Message-ID":                      {"AmazonSESPutsAMessageIDOfItsOwn", "AnswersAndBouncesNameTheIDThatTheProviderMade"},
	"Loops with other machines":                                 {"TwoMachinesStopAnsweringEachOther"},
	"Out of office without Auto-Submitted":                      {"OutOfOfficeWithoutHeaders", "MachineMailIsTold"},
	"A bounce becomes a ticket, is acknowledged, bounces again": {"ABounceAndARobotGetNoAcknowledgement", "ABounceOfOurReplyFailsThatMessageAndOpensTheConversation"},
	"A vacation notice counts as the customer's answer":         {"AutomaticMailNeitherReopensNorCountsAsAnAnswer"},
	"Bounces that are no DSN":                                   {"BouncesThatAreNoDSN", "EmptyReturnPathAloneIsNoBounce", "DeliveryReportIsNoBounce"},
	"Complaints":                                                {"Complaint"},
	"Mail from our own addresses":                               {"OurOwnMailThatComesBackIsNoMessageOfACustomer", "OurAddressesStandInNoRecipientLine"},
	"winmail.dat":                                               {"WinmailDatIsOpened"},
	"Opaque S/MIME shown as empty":                              {"OpaqueSMIMEIsShownAndVerified"},
	"Inline PGP":                                                {"InlinePGPIsRecognised"},
	"Inline images without Content-Disposition":                 {"InlineImagesWithoutDisposition"},
	"Content-ID on ordinary attachments":                        {"ContentIDOnOrdinaryAttachmentsHidesNothing"},
	"Lost line breaks in plain text":                            {"NewlinesStayInPlainText"},
	"HTML cut by quote trimming":                                {"TheFullOriginalIsAlwaysKept"},
	"Tracking pixels and scripts":                               {"TrackingPixelsAndScriptsGo"},
	"Mail without Message-ID, bounces and marketplaces dropped": {"MailWithoutMessageIDOrDate", "MailWithoutMessageIDAndAutomaticMailAreKept", "MarketplaceMailIsTheCustomers", "MarketplaceMailStaysReadable"},
	"Mail that came while the desk was down":                    {"AfterADowntimeEverythingIsReadOnceWhateverItsDate"},
	"Threads that are read in one go fall apart":                {"ThreadsThatArriveAtOnceStayWhole"},
	"A short outage of the sending server":                      {"AnOutageDelaysAReplyAndLosesNothing"},
	"A parser that hangs or overflows the stack":                {"HostileInputEndsSoonAndIsKept", "AMailOverTheLimitsIsAttachedAsItCame"},
	"The same mail in another encoding":                         {"HashOutlivesReencoding"},
}

func TestEveryPitfallOfMailHasATestNamedAfterIt(t *testing.T) {
	t.Parallel()
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, s := range all {
		for _, d := range s.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && s.test {
				if name, ok := strings.CutPrefix(fn.Name.Name, "TestPitfall"); ok {
					there[name] = true
				}
			}
		}
	}
	for what, tests := range pitfalls {
		for _, name := range tests {
			if _, ok := there[name]; !ok {
				t.Errorf("%s: there is no TestPitfall%s any more", what, name)
			}
			there[name] = false
		}
	}
	for name, left := range there {
		if left {
			t.Errorf("TestPitfall%s stands for no pitfall of the list", name)
		}
	}
}
