//! A limit to the attributes of one tag, before the tokenizer compares each with all those before it.

use std::borrow::Cow;

/// Most attributes of one tag that are read; real tags have fewer than 40.
const ATTRIBUTES: usize = 1000;

/// The text with no more than [`ATTRIBUTES`] in a tag. Reads tags as the tokenizer does, and once only.
pub fn with_few_attributes(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut kept = String::new();
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = memchr(bytes, at, b'<') {
        at = found + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let mut words = 0;
        let mut flood = None;
        let mut before = b'<';
        while at < bytes.len() && bytes[at] != b'>' {
            match bytes[at] {
                // A quote opens a value only after `=`.
                quote @ (b'"' | b'\'') if before == b'=' => {
                    at = memchr(bytes, at + 1, quote).unwrap_or(bytes.len());
                }
                byte if !byte.is_ascii_whitespace() && (before.is_ascii_whitespace() || before == b'/') => {
                    words += 1;
                    if words > ATTRIBUTES && flood.is_none() {
                        flood = Some(at);
                    }
                }
                _ => {}
            }
            let byte = bytes.get(at).copied().unwrap_or(b'>');
            // Blanks may stand between `=` and its value.
            if !(before == b'=' && byte.is_ascii_whitespace()) {
                before = byte;
            }
            at += 1;
        }
        at = at.min(bytes.len());
        if let Some(flood) = flood {
            // Both ends are ASCII: a word begins at `flood`, `>` or the end of the text is at `at`.
            if let (Some(good), true) = (text.get(done..flood), text.is_char_boundary(at)) {
                kept.push_str(good);
                done = at;
            }
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(&text[done..]);
    Cow::Owned(kept)
}

fn memchr(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    bytes.get(from..)?.iter().position(|byte| *byte == wanted).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_attributes_is_cut() {
        let flood: String = (0..20_000).map(|n| format!(" a{n}=\"x > y\"")).collect();
        let text = format!("<p{flood}>text</p><img alt = 'one two' src=x>");
        let cut = with_few_attributes(&text);
        assert!(cut.len() < 20_000 && cut.ends_with(">text</p><img alt = 'one two' src=x>"));
        assert!(matches!(with_few_attributes("<a b=\"<\" c='>'>x"), Cow::Borrowed(_)));
        for odd in ["<", "<a", "<a b=\"", "<é", "<a é", "<a b='é", "a<b é"] {
            assert_eq!(with_few_attributes(odd), odd);
        }
    }
}
