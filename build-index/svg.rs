//! SVG pictures: how large they are drawn, and whether they are more than pictures.
//!
//! A page that shows an SVG runs nothing of it. Opened by itself it is a document of the site, and a host that sends no
//! headers holds nothing back; so one that holds code is not published. Rather too strict than too clever: a drawing that
//! is refused is named in the build report, and can be saved without what it does not need.

/// Elements that run something, or bring a page that could. A `foreignObject` does neither by itself, and many tools write
/// their labels into one.
const ARMED: [&str; 9] =
    ["script", "handler", "listener", "iframe", "object", "embed", "meta", "base", "form"];

/// What of a picture is code, in words; none for a plain drawing.
pub fn code(data: &[u8]) -> Option<&'static str> {
    let Ok(text) = std::str::from_utf8(data) else { return Some("text that is not UTF-8") };
    let text = html_escape::decode_html_entities(text).to_lowercase();
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let mut elements = text.split('<').skip(1).map(|tag| {
        let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next().unwrap_or(tag);
        name.rsplit(':').next().unwrap_or(name)
    });
    if elements.any(|name| ARMED.contains(&name)) {
        Some("a script or a foreign page")
    } else if squeezed.contains("javascript:") || squeezed.contains("data:text/") {
        Some("a link that is a script")
    } else if text.contains("<!entity") {
        Some("entities of its own")
    } else if has_handler(&text) {
        Some("an event handler")
    } else {
        None
    }
}

/// Whether an attribute's name begins with `on`: `onload=`.
fn has_handler(text: &str) -> bool {
    text.match_indices("on").any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let rest = text[at + 2..].trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
        before.is_some_and(|c| c.is_whitespace() || matches!(c, '/' | '"' | '\''))
            && rest.trim_start().starts_with('=')
    })
}

/// The size at which it is drawn, in CSS pixels: its own `width` and `height`, else those of its `viewBox`.
pub fn size(data: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(data).ok()?;
    let start = text.find("<svg")?;
    let tag = &text[start..start + text[start..].find('>')?];
    let own = |name: &str| attribute(tag, name).and_then(pixels);
    if let (Some(width), Some(height)) = (own("width"), own("height")) {
        return Some((width, height));
    }
    let mut sides = attribute(tag, "viewBox")?.split([' ', ',']).filter(|side| !side.is_empty()).skip(2);
    Some((pixels(sides.next()?)?, pixels(sides.next()?)?))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.match_indices(name).find_map(|(at, _)| {
        let after = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let alone = tag[..at].ends_with(char::is_whitespace);
        after[1..].split_once(quote).map(|(value, _)| value).filter(|_| alone)
    })
}

/// A length in pixels; other units depend on the page.
fn pixels(length: &str) -> Option<u32> {
    let number: f64 = length.trim().trim_end_matches("px").parse().ok()?;
    (1.0..=f64::from(u16::MAX)).contains(&number).then_some(number.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::{code, size};

    #[test]
    fn a_drawing_is_a_picture_and_a_program_is_not() {
        for good in [
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><style>.on{fill:red}</style><text>on and off</text></svg>",
            "<svg><foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\">a</p></foreignObject></svg>",
            "<svg><a href=\"https://x.org\"><rect/></a><image href=\"data:image/png;base64,AA\"/></svg>",
        ] {
            assert_eq!(code(good.as_bytes()), None, "{good}");
        }
        for bad in [
            "<svg onload=\"x\"/>",
            "<svg><rect/onclick = 'x'/></svg>",
            "<svg><SCRIPT>x</SCRIPT></svg>",
            "<x:svg><x:script/></x:svg>",
            "<svg><a href=\"java&#115;cript:x\"/></svg>",
            "<svg><a href=\"java\nscript:x\"/></svg>",
            "<!DOCTYPE svg [<!ENTITY a \"x\">]><svg/>",
            "<svg><foreignObject><iframe src='x'/></foreignObject></svg>",
        ] {
            assert!(code(bad.as_bytes()).is_some(), "{bad}");
        }
        assert!(code(&[0xff, 0xfe, b'<', 0]).is_some(), "UTF-16 could say anything");
    }

    #[test]
    fn a_drawing_tells_its_size() {
        for (tag, wanted) in [
            (
                "<?xml version=\"1.0\"?><svg stroke-width='3' width=\"720\" height=\"330px\" viewBox=\"0 0 1 1\">",
                Some((720, 330)),
            ),
            ("<svg viewBox=\"0 0 64.4,32\">", Some((64, 32))),
            ("<svg width=\"100%\" height=\"5em\" viewBox='0 0 9 8'>", Some((9, 8))),
            ("<svg width=\"1e99\" height=\"-1\">", None),
            ("<svg", None),
        ] {
            assert_eq!(size(tag.as_bytes()), wanted, "{tag}");
        }
    }
}
