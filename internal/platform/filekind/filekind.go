package filekind

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
)

// Reason is why a file is dangerous, "" = it is not known to be.
type Reason string

// The reasons.
const (
	Program       Reason = "program"        // runs when it is opened
	ProgramInside Reason = "program_inside" // a zip file holds one
)

// HeadSize is how many bytes of the beginning [Of] looks at.
const HeadSize = 512

// extensions that Windows, macOS or a Java runtime run at a double click, the
// list that mail programs refuse, without documents.
var extensions = func() map[string]bool {
	out := map[string]bool{}
	for _, e := range strings.Fields(`ade adp apk app appinstaller application appref-ms appx appxbundle bat cab chm cmd com command cpl diagcab dll dmg ex ex_ exe gadget
		hta img ins iso isp jar jnlp js jse lib lnk mde msc msh msh1 msh1xml msh2 msh2xml mshxml msi msix msixbundle msp mst nsh pif pkg ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psm1
		reg scf scr sct settingcontent-ms sh shb shs sys url vb vbe vbs vhd vhdx vxd website workflow ws wsc wsf wsh xll xlam`) {
		out[e] = true
	}
	return out
}()

// Of judges by the name and the first bytes.
func Of(name string, head []byte) Reason {
	if extensions[extension(name)] || runs(head) {
		return Program
	}
	return ""
}

// extension of a name as the system that opens it sees it: dots and spaces at
// the end count for nothing on Windows.
func extension(name string) string {
	name = strings.TrimRight(strings.ToLower(name), ". \t\u00a0")
	return strings.TrimPrefix(path.Ext(strings.ReplaceAll(name, "\\", "/")), ".")
}

// runs knows the first bytes of programs: PE and its DOS header, ELF, Mach-O
// (also fat), links of Windows and scripts with an interpreter.
func runs(head []byte) bool {
	if bytes.HasPrefix(head, []byte("MZ")) && len(head) >= 64 {
		return true
	}
	for _, magic := range []string{"\x7fELF", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe",
		"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00", "#!/"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

// IsZip tells a file whose inside [Inside] can look at.
func IsZip(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// Bounds of the look into a zip file, which a stranger made.
const (
	maxNames  = 10_000
	maxOpened = 100
)

// Inside looks at the names in a zip file and at the first bytes of the first
// hundred. What is no whole zip file is not judged.
func Inside(r io.ReaderAt, size int64) Reason {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return ""
	}
	for n, f := range z.File {
		if n >= maxNames {
			return ""
		}
		if extensions[extension(f.Name)] || n < maxOpened && runs(beginning(f)) {
			return ProgramInside
		}
	}
	return ""
}

// beginning reads the first bytes of a file in a zip, as far as they can be read.
func beginning(f *zip.File) []byte {
	if f.Flags&1 != 0 { // encrypted (APPNOTE.TXT, 4.4.4)
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return nil
	}
	defer r.Close()
	head := make([]byte, HeadSize)
	n, _ := io.ReadFull(r, head) // what could be read is judged
	return head[:n]
}
