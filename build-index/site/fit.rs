//! A manual's HTML, fitted into the page around it.
//!
//! A manual's own heading levels start anywhere and skip steps; on a paged manual they stand below "Page 128". Readers
//! of screens jump from heading to heading, so each level is lowered by the page's own levels and never opens more
//! than one step below the heading before it. Code and tables scroll by themselves where they are too wide, so the
//! keyboard must be able to stop at them.

/// What a table is put into: the wrapper scrolls, and the table stays a table. `name`: what a screen reader calls it.
fn table_open(name: &str) -> String {
    let name = html_escape::encode_double_quoted_attribute(name);
    format!("<div class=\"scroll\" role=\"group\" aria-label=\"{name}\" tabindex=\"0\">")
}

/// `html` with `<h1>` … `<h6>` lowered by `by` and without skipped levels, and wide parts within the keyboard's reach.
///
/// `before` is the level of the last heading before `html`; the level of its last heading is returned. The input is
/// what the sanitiser wrote: lower-case tags, attributes quoted, `<` escaped everywhere else. `table` is what a table is
/// called.
pub(super) fn fit(html: &str, by: u8, before: u8, table: &str) -> (String, u8) {
    let table_open = table_open(table);
    let mut out = String::with_capacity(html.len() + 16);
    let mut last = before;
    let mut open = None;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        out.push_str(text);
        let closing = tag.starts_with("</");
        let name = &tag[1 + usize::from(closing)..];
        match heading_level(name) {
            Some(level) if !closing => {
                let fitted = (level + by).min(last + 1).min(6);
                (last, open) = (fitted, Some(fitted));
                out.push_str(&format!("<h{fitted}"));
                rest = &name[2..];
            }
            Some(_) if open.is_some() => {
                out.push_str(&format!("</h{}", open.take().unwrap_or(last)));
                rest = &name[2..];
            }
            _ => {
                let (start, end, taken) = scroller(closing, name, &table_open);
                out.push_str(start);
                out.push_str(&tag[..1 + usize::from(closing) + taken]);
                out.push_str(end);
                rest = &name[taken..];
            }
        }
    }
    out.push_str(rest);
    (out, last)
}

/// The level, where `name` starts with a heading's name.
fn heading_level(name: &str) -> Option<u8> {
    let [b'h', digit @ b'1'..=b'6', b'>' | b' ', ..] = name.as_bytes() else { return None };
    Some(digit - b'0')
}

/// What to write before and after the first `usize` bytes of a tag's name, so that wide parts scroll.
fn scroller<'a>(closing: bool, name: &str, table_open: &'a str) -> (&'a str, &'static str, usize) {
    let is = |tag: &str| name.strip_prefix(tag).is_some_and(|rest| rest.starts_with(['>', ' ']));
    match closing {
        false if is("pre") => ("", " tabindex=\"0\"", 3),
        false if is("table") => (table_open, "", 5),
        true if is("table") => ("", "></div", 5),
        _ => ("", "", 0),
    }
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn levels_are_lowered_and_steps_are_closed() {
        let (html, last) = fit("<h1 id=\"a\">A</h1><p>x</p><h4>B</h4><h2>C</h2>", 2, 2, "Table");
        assert_eq!(html, "<h3 id=\"a\">A</h3><p>x</p><h4>B</h4><h4>C</h4>");
        assert_eq!(last, 4);
    }

    #[test]
    fn wide_parts_can_be_reached() {
        let (html, _) = fit("<pre class=\"x\"><code>a</code></pre><table><tr></tr></table>.", 0, 1, "Table");
        let table = "<div class=\"scroll\" role=\"group\" aria-label=\"Table\" tabindex=\"0\"><table><tr></tr></table></div>.";
        assert_eq!(html, format!("<pre tabindex=\"0\" class=\"x\"><code>a</code></pre>{table}"));
    }

    #[test]
    fn nothing_else_is_touched() {
        let html = "<hr><header>h1</header><p>a &lt;h1&gt; <em>é</em></p></h2>";
        assert_eq!(fit(html, 1, 1, "Table"), (html.to_owned(), 1));
    }
}
