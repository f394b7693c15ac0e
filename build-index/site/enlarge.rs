//! Pictures that open large: each stands in a link to its file, which a script opens in a dialog (`www/figure.js`) and any
//! browser opens by itself.

use maud::{Markup, PreEscaped, html};

use super::Site;
use super::rebase::tag_end;

/// A picture that is known to be narrower than this, in CSS pixels, is a sign in the text and no figure.
const NARROW: u32 = 160;

/// A picture in its link, unless it is too small to be worth one.
pub(super) fn large(site: &Site<'_>, url: &str, width: Option<u32>, picture: &Markup) -> Markup {
    html! {
        @if width.is_some_and(|width| width < NARROW) { (picture) }
        @else { a.large href=(url) title=(site.texts.pages.manual.open_large) { (picture) } }
    }
}

/// `html` with its pictures in links, but for those that are links to something else.
///
/// The input is what the sanitiser wrote: lower-case tags, attributes quoted, `<` escaped everywhere else.
pub(super) fn enlarge(site: &Site<'_>, html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut links = 0usize;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        out.push_str(text);
        let (tag, after) = tag.split_at(tag_end(tag));
        rest = after;
        if tag.starts_with("<a ") || tag.starts_with("<a>") || tag.starts_with("<summary") {
            links += 1;
        } else if tag.starts_with("</a>") || tag.starts_with("</summary>") {
            links = links.saturating_sub(1);
        }
        let url = attribute(tag, " src=\"").filter(|_| tag.starts_with("<img ") && links == 0);
        // Without words for it, a link would have no name.
        let named = attribute(tag, " alt=\"").is_some_and(|words| !words.trim().is_empty());
        match url {
            Some(url) if named => {
                let width = attribute(tag, " width=\"").and_then(|width| width.parse().ok());
                let url = html_escape::decode_html_entities(url);
                out.push_str(&large(site, &url, width, &PreEscaped(tag.to_owned())).0);
            }
            _ => out.push_str(tag),
        }
    }
    out.push_str(rest);
    out
}

/// The value of an attribute, as it is written.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let value = &tag[tag.find(name)? + name.len()..];
    Some(&value[..value.find('"')?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Texts;

    #[test]
    fn figures_become_links_and_links_signs_and_nameless_pictures_stay() {
        let texts = Texts::of("en").unwrap();
        let site = Site::bare(&texts);
        let figure = "<img src=\"m/a&amp;b.png\" alt=\"A > B\" width=\"640\">";
        assert_eq!(
            enlarge(&site, &format!("<p>{figure}</p>")),
            format!("<p><a class=\"large\" href=\"m/a&amp;b.png\" title=\"Open large\">{figure}</a></p>")
        );
        for same in [
            format!("<a href=\"x\">{figure}</a>"),
            "<img src=\"m/i.png\" alt=\"i\" width=\"16\">".to_owned(),
            "<img src=\"m/i.png\" alt=\"\">".to_owned(),
            "<img alt=\"elsewhere\">".to_owned(),
            "<details><summary><img src=\"m/i.png\" alt=\"i\"></summary></details>".to_owned(),
        ] {
            assert_eq!(enlarge(&site, &same), same);
        }
    }
}
