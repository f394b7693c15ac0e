//! `<pre>`: its lines without what highlighters put into them, and the language they name.

use super::content::Content;
use super::dom::{N, classes, each, name};

/// Words that stand where a language would and name none.
const NO_LANGUAGE: [&str; 7] =
    ["default", "none", "text", "plain", "plaintext", "nohighlight", "notranslate"];

/// The code, lines kept.
pub fn text(content: &Content<'_>, pre: N<'_>) -> String {
    let mut text = String::new();
    each(pre, |node| {
        if let Some(part) = node.value().as_text() {
            text.push_str(part);
        }
        match name(node) {
            "br" => text.push('\n'),
            // Some highlighters make every line a block.
            "div" | "li" | "tr" | "p" if !text.is_empty() && !text.ends_with('\n') => text.push('\n'),
            _ => {}
        }
        !content.is_skipped(node)
    });
    let text = text.replace(['\u{200b}', '\u{feff}'], "").replace('\u{a0}', " ");
    text.trim_matches('\n').trim_end().to_owned()
}

/// The language named by the element, the `<code>` inside, or one of the two elements around it; or empty.
pub fn language(pre: N<'_>) -> String {
    let code = pre.children().find(|child| name(*child) == "code");
    let around = [code, Some(pre), pre.parent(), pre.parent().and_then(|parent| parent.parent())];
    around.into_iter().flatten().find_map(named).unwrap_or_default()
}

fn named(node: N<'_>) -> Option<String> {
    let mut pandoc = false;
    for class in classes(node) {
        let prefixed = ["language-", "lang-", "highlight-", "highlight-source-", "brush:"];
        let language = prefixed.into_iter().rev().find_map(|prefix| class.strip_prefix(prefix));
        // Pandoc writes `sourceCode bash`.
        let language = language.or_else(|| Some(class).filter(|_| pandoc));
        pandoc |= class == "sourceCode";
        if let Some(language) = language
            && !language.is_empty()
            && language.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.'))
        {
            let language = language.to_lowercase();
            return Some(language).filter(|language| !NO_LANGUAGE.contains(&language.as_str()));
        }
    }
    None
}
