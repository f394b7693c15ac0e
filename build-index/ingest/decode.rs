//! Bytes → text. UTF-8 is expected; UTF-16 with a byte order mark is understood; anything else is read as UTF-8 with
//! replacement characters and a note that says where the first bad byte is.

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use crate::document::{Note, Weight};

/// The text without byte order mark, with `\n` line ends, and what was doubtful about it.
pub fn text(bytes: &[u8]) -> (String, Option<Note>) {
    let (text, note) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) if encoding == UTF_16LE || encoding == UTF_16BE => {
            let (text, damaged) = encoding.decode_without_bom_handling(&bytes[mark..]);
            let damage = if damaged { ", and some of it is damaged" } else { "" };
            let note = doubtful(None, format!("is written in {}{damage}; save it as UTF-8", encoding.name()));
            (text.into_owned(), Some(note))
        }
        found => utf8(&bytes[found.map_or(0, |(_, mark)| mark)..]),
    };
    (if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }, note)
}

fn utf8(bytes: &[u8]) -> (String, Option<Note>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(error) => {
            let good = error.valid_up_to();
            let line = 1 + bytes[..good].iter().filter(|byte| **byte == b'\n').count();
            let (text, _) = UTF_8.decode_without_bom_handling(bytes);
            let note = doubtful(
                u32::try_from(line).ok(),
                format!(
                    "is not UTF-8: byte {:#04x} is the first that is not; such bytes are shown as \u{fffd}. Save it as UTF-8",
                    bytes[good]
                ),
            );
            (text.into_owned(), Some(note))
        }
    }
}

fn doubtful(line: Option<u32>, text: String) -> Note {
    Note { weight: Weight::Doubtful, line, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_understood() {
        assert_eq!(text(b"\xef\xbb\xbfa\r\nb"), ("a\nb".to_owned(), None));
        let (read, note) = text(b"\xff\xfea\0\xe4\0");
        assert_eq!(read, "aä");
        assert!(note.unwrap().text.contains("UTF-16LE"));
        let (read, note) = text(b"\xfe\xff\0a\0b");
        assert_eq!(read, "ab");
        assert!(note.unwrap().text.contains("UTF-16BE"));
    }

    #[test]
    fn bad_bytes_are_located() {
        let (read, note) = text(b"one\ntwo \xe4\xf6 three");
        assert_eq!(read, "one\ntwo \u{fffd}\u{fffd} three");
        let note = note.unwrap();
        assert_eq!(note.line, Some(2));
        assert!(note.text.contains("byte 0xe4"), "{}", note.text);
    }
}
