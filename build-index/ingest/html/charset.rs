//! Bytes of a page → text: what the page says about its encoding is believed as far as the bytes bear it out.
//!
//! ```text
//! byte order mark ─► <meta charset>, <?xml encoding> ─► UTF-8, if it is valid ─► windows-1252
//! ```
//!
//! Browsers do the same, except that they never look whether the bytes fit. Pages that name a wrong encoding are common
//! (a server used to overrule them), and a wrong guess spoils every letter outside of ASCII, so here UTF-8 that is valid
//! wins over what the page says.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::document::{Note, Weight};

/// How far into a page its encoding is looked for. The standard asks for 1,024 bytes; comments of generators stand in
/// the way.
const DECLARED_WITHIN: usize = 4096;

/// The text without byte order mark, and what was doubtful about it.
pub fn text(bytes: &[u8]) -> (String, Option<Note>) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decoded(encoding, &bytes[mark..], None);
    }
    let declared = declared(&bytes[..bytes.len().min(DECLARED_WITHIN)]);
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    match declared {
        // Seven-bit encodings (ISO-2022-JP) are valid UTF-8 and mean something else.
        Some(other) if other != UTF_8 && is_utf8 && !bytes.is_ascii() => {
            let note = format!("says that it is {}, but is UTF-8, and is read as that", other.name());
            decoded(UTF_8, bytes, Some(note))
        }
        Some(encoding) if encoding != UTF_8 => decoded(encoding, bytes, None),
        _ if is_utf8 => decoded(UTF_8, bytes, None),
        Some(_) => {
            let note = "says that it is UTF-8, but is not; it is read as windows-1252. Save it as UTF-8";
            decoded(WINDOWS_1252, bytes, Some(note.to_owned()))
        }
        None => {
            let note = "names no encoding and is not UTF-8; it is read as windows-1252. Add <meta charset>";
            decoded(WINDOWS_1252, bytes, Some(note.to_owned()))
        }
    }
}

fn decoded(encoding: &'static Encoding, bytes: &[u8], note: Option<String>) -> (String, Option<Note>) {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let damage = || {
        damaged.then(|| {
            format!(
                "has bytes that are not {}; they are shown as \u{fffd}. Save it as UTF-8",
                encoding.name()
            )
        })
    };
    let note = note.or_else(damage).map(|text| Note { weight: Weight::Doubtful, line: None, text });
    (text.into_owned(), note)
}

/// The encoding that the start of a page names in a `<meta>` or an XML declaration.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head: String = head.iter().map(|&byte| char::from(byte).to_ascii_lowercase()).collect();
    let in_xml = head.trim_start().strip_prefix("<?xml").and_then(|rest| {
        let declaration = &rest[..rest.find("?>")?];
        label(&declaration[declaration.find("encoding")? + "encoding".len()..])
    });
    let in_meta = || {
        head.match_indices("<meta").find_map(|(at, _)| {
            let tag = &head[at..];
            let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
            label(&tag[tag.find("charset")? + "charset".len()..])
        })
    };
    let named = in_xml.or_else(in_meta)?;
    // A declaration that can be read byte by byte cannot be in UTF-16 (the standard says UTF-8 then).
    Some(if named == UTF_16LE || named == UTF_16BE { UTF_8 } else { named })
}

/// The encoding of `="utf-8"`, `=latin1;` and the like.
fn label(text: &str) -> Option<&'static Encoding> {
    let value = text.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| matches!(c, '"' | '\'' | ';' | '/') || c.is_whitespace());
    Encoding::for_label(&value.as_bytes()[..end.unwrap_or(value.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, String) {
        let (text, note) = text(bytes);
        let letters =
            text.chars().rev().take_while(|c| *c != '>').collect::<Vec<_>>().into_iter().rev().collect();
        (letters, note.map_or_else(String::new, |note| note.text))
    }

    #[test]
    fn what_the_page_says_holds_where_the_bytes_bear_it_out() {
        for (bytes, letters, said) in [
            (&b"<meta charset=utf-8>\xc3\xa4"[..], "ä", ""),
            (b"<meta charset='ISO-8859-1'>\xe4", "ä", ""),
            (b"<meta http-equiv=Content-Type content=\"text/html; charset=koi8-r\">\xc1", "а", ""),
            (b"<?xml version=\"1.0\" encoding='shift_jis'?><html>\x83\x65", "テ", ""),
            (b"<meta charset=utf-16>\xc3\xa4", "ä", ""),
            (b"<p>\xc3\xa4", "ä", ""),
            (b"<p>\xe4", "ä", "names no encoding"),
            (b"<meta charset=utf-8>\xe4", "ä", "says that it is UTF-8, but is not"),
            (b"<meta charset=latin1>\xc3\xa4", "ä", "says that it is windows-1252, but is UTF-8"),
            (b"<meta charset=iso-2022-jp>\x1b$B$\"\x1b(B", "あ", ""),
            (b"<meta charset=nonsense>\xc3\xa4", "ä", ""),
            (b"\xff\xfe<\0p\0>\0\xe4\0", "ä", ""),
            (b"\xef\xbb\xbf<meta charset=latin1>\xc3\xa4", "ä", ""),
            (b"<meta charset=euc-kr>\xc7\xd1\xff", "한\u{fffd}", "has bytes that are not EUC-KR"),
        ] {
            let (got, note) = read(bytes);
            assert_eq!(got, letters, "{bytes:?}");
            assert!(note.starts_with(said) && note.is_empty() == said.is_empty(), "{bytes:?}: {note}");
        }
    }
}
