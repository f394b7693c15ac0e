//! A manual's HTML on a page that is not the manual's own: relative links climb once more, fragments lead to where they
//! are.

/// `html` on a page one folder below the manual's own, each relative link and picture one folder further up. A fragment
/// that `html` has itself stays on its page; `place` says where the manual has any other.
///
/// The input is what the sanitiser wrote: lower-case tags, attributes quoted, `<` escaped everywhere else.
pub(super) fn rebase(html: &str, place: impl Fn(&str) -> String) -> String {
    relink(html, "../", |fragment| {
        (!html.contains(&format!(" id=\"{fragment}\""))).then(|| format!("../{}", place(fragment)))
    })
}

/// `html` with `up` before each relative address. A fragment is replaced by what `place` says, if it says something.
pub(super) fn relink(html: &str, up: &str, place: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        out.push_str(text);
        let end = tag_end(tag);
        climb(&mut out, &tag[..end], up, &place);
        rest = &tag[end..];
    }
    out.push_str(rest);
    out
}

/// The length of the tag that `text` begins with: up to the first `>` outside quotes.
pub(super) fn tag_end(text: &str) -> usize {
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
fn climb(out: &mut String, tag: &str, up: &str, place: &impl Fn(&str) -> Option<String>) {
    let mut rest = tag;
    while let Some((at, name)) =
        [" href=\"", " src=\""].into_iter().filter_map(|name| Some((rest.find(name)?, name))).min()
    {
        let (before, value) = rest.split_at(at + name.len());
        out.push_str(before);
        rest = value;
        if let Some(fragment) = value.strip_prefix('#') {
            let fragment = &fragment[..fragment.find('"').unwrap_or(fragment.len())];
            if let Some(to) = place(fragment) {
                out.push_str(&to);
                rest = &value[1 + fragment.len()..];
            }
        } else if is_relative(value) {
            out.push_str(up);
        }
    }
    out.push_str(rest);
}

/// Whether the address that `value` begins with is below the page's own.
fn is_relative(value: &str) -> bool {
    let end = value.find(['/', '?', '#', '"']).unwrap_or(value.len());
    !value.starts_with('/') && !value[..end].contains(':')
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
        assert_eq!(rebase(html, |fragment| format!("#{fragment}")), wanted);
    }
}
