package mail

import (
	"fmt"
	"strings"
)

var extensions = map[string]string{
	"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
	"webp": "image/webp", "heic": "image/heic", "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff", "svg": "image/svg+xml",
	"txt": "text/plain", "csv": "text/csv", "html": "text/html", "htm": "text/html", "ics": "text/calendar", "vcf": "text/vcard",
	"xml": "application/xml", "json": "application/json", "zip": "application/zip", "rar": "application/vnd.rar", "7z": "application/x-7z-compressed",
	"gz": "application/gzip", "doc": "application/msword", "rtf": "application/rtf",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xls":  "application/vnd.ms-excel", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"ppt": "application/vnd.ms-powerpoint", "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
	"mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "ogg": "audio/ogg", "mp4": "video/mp4", "mov": "video/quicktime",
	"avi": "video/x-msvideo", "webm": "video/webm", "eml": "message/rfc822", "p7s": "application/pkcs7-signature", "asc": "application/pgp-signature",
}

var preferredExtension = map[string]string{
	"image/jpeg": "jpg", "text/html": "html", "image/tiff": "tif", "message/rfc822": "eml", "text/rfc822-headers": "txt",
	"message/delivery-status": "txt", "message/disposition-notification": "txt", "message/feedback-report": "txt",
	"application/pkcs7-mime": "p7m", "application/x-pkcs7-mime": "p7m", "application/ms-tnef": "dat",
	"application/pgp-encrypted": "asc", "application/pgp-keys": "asc", "text/calendar": "ics",
}

// typeByName returns the media type that the end of a file name promises.
func typeByName(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return ""
	}
	return extensions[strings.ToLower(name[i+1:])]
}

// madeUpName names a file that came without a name.
func madeUpName(a Attachment) string {
	stem := "attachment"
	switch {
	case strings.HasPrefix(a.ContentType, "image/"):
		stem = "image"
	case a.ContentType == "message/rfc822":
		stem = "message"
	}
	ext := preferredExtension[a.ContentType]
	if ext == "" {
		for e, t := range extensions {
			if t == a.ContentType && (ext == "" || e < ext) {
				ext = e
			}
		}
	}
	if ext == "" {
		ext = "bin"
	}
	return fmt.Sprintf("%s-%d.%s", stem, a.Index+1, ext)
}
