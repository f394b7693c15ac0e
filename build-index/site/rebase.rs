//! A manual's HTML on a page one folder below the manual's own: relative links climb once more.

/// `html` with each relative link and picture one folder further up. A fragment that `html` has itself stays on its page.
///
/// The input is what the sanitiser wrote: lower-case tags, attributes quoted, `<` escaped everywhere else.
pub(super) fn rebase(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        out.push_str(text);
        let end = tag_end(tag);
        climb(&mut out, &tag[..end], html);
        rest = &tag[end..];
    }
    out.push_str(rest);
    out
}

/// The length of the tag that `text` begins with: up to the first `>` outside quotes.
fn tag_end(text: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Writes a tag, with its addresses changed.
fn climb(out: &mut String, tag: &str, html: &str) {
    let mut rest = tag;
    while let Some((at, name)) =
        [" href=\"", " src=\""].into_iter().filter_map(|name| Some((rest.find(name)?, name))).min()
    {
        let (before, value) = rest.split_at(at + name.len());
        out.push_str(before);
        if is_relative(value) && !stands_in(value, html) {
            out.push_str("../");
        }
        rest = value;
    }
    out.push_str(rest);
}

/// Whether the address that `value` begins with is below the page's own.
fn is_relative(value: &str) -> bool {
    let end = value.find(['/', '?', '#', '"']).unwrap_or(value.len());
    !value.starts_with('/') && !value[..end].contains(':')
}

/// Whether `value` begins with a fragment that `html` has.
fn stands_in(value: &str, html: &str) -> bool {
    let Some(fragment) = value.strip_prefix('#') else { return false };
    let end = fragment.find('"').unwrap_or(fragment.len());
    html.contains(&format!(" id=\"{}\"", &fragment[..end]))
}

#[cfg(test)]
mod tests {
    use super::rebase;

    #[test]
    fn relative_addresses_climb_and_others_stay() {
        let html = "<p id=\"a\">href=\"x\"</p><a href=\"../b/#c\">b</a><a href=\"#a\">a</a><a href=\"#page-9\">9</a>\
                    <a href=\"https://x.org/\">x</a><a href=\"mailto:x@y\">y</a><img alt=\"a > b\" src=\"../media/0.png\">";
        let wanted = "<p id=\"a\">href=\"x\"</p><a href=\"../../b/#c\">b</a><a href=\"#a\">a</a><a href=\"../#page-9\">9</a>\
                      <a href=\"https://x.org/\">x</a><a href=\"mailto:x@y\">y</a><img alt=\"a > b\" src=\"../../media/0.png\">";
        assert_eq!(rebase(html), wanted);
    }
}
