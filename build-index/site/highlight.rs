//! Code in colours: what a piece of code is said by a class on a span, and the style sheet has the colours, light and
//! dark, so that the page's policy needs no inline style.
//!
//! ```text
//! <code class="language-rust">fn main() {}</code>
//!     ──►  <code class="language-rust"><span class="k">fn</span> <span class="f">main</span>() {}</code>
//! ```
//!
//! Eight classes and not one for each scope of a grammar: those would make the page three times as long. Only the page
//! changes, and of that only tags: its text, what is indexed and what is copied stay as they were.
//!
//! The grammars are Sublime Text's and bat's, which try patterns by backtracking: a word of 900 letters takes that of
//! JavaScript 1.7 s. So words, lines, blocks and documents beyond the limits stay as they are, which bounds the time that
//! somebody's document can take by its size, and never by a clock: the same input gives the same bytes.

use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};
use syntect::util::LinesWithEndings;

/// A block with a word longer than this, in bytes, is data and nothing that anybody reads for its syntax.
const WORD_BYTES: usize = 60;

/// The same of a line.
const LINE_BYTES: usize = 500;

/// A block longer than this, in bytes, is a file.
const BLOCK_BYTES: usize = 32 << 10;

/// Code of one document that is coloured, in bytes: some 15,000 lines.
const DOCUMENT_BYTES: usize = 512 << 10;

/// How the code of a language begins, as the sanitiser wrote it.
const OPEN: &str = "<code class=\"language-";

/// What grammars call things, and our class for it; none: as the text around. The longest name that fits decides, and
/// where none does, what stands around it.
const CLASSES: [(&str, &str); 25] = [
    ("comment", "c"),
    ("constant", "n"),
    ("constant.other", ""),
    ("constant.other.placeholder", "n"),
    ("entity.name", "f"),
    ("entity.name.class", "t"),
    ("entity.name.enum", "t"),
    ("entity.name.namespace", ""),
    ("entity.name.struct", "t"),
    ("entity.name.tag", "k"),
    ("entity.name.type", "t"),
    ("entity.other.attribute-name", "t"),
    ("invalid", ""),
    ("keyword", "k"),
    ("keyword.operator", ""),
    ("markup.deleted", "d"),
    ("markup.inserted", "i"),
    ("meta.diff.header", "c"),
    ("meta.diff.range", "c"),
    ("storage", "k"),
    ("string", "s"),
    ("string.unquoted", ""),
    ("support.function", "f"),
    ("support.type", "t"),
    ("variable.function", "f"),
];

/// Names that people give to languages and the grammars do not know.
const ALSO: [(&str, &str); 8] = [
    ("csharp", "cs"),
    ("golang", "go"),
    ("jsonc", "json"),
    ("json5", "js"),
    ("mjs", "js"),
    ("protobuf", "proto"),
    ("shell", "bash"),
    ("zsh", "bash"),
];

static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

static SCOPES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    // Only what is no name of a scope has none, and a test holds ours.
    CLASSES.iter().filter_map(|&(name, class)| Some((Scope::new(name).ok()?, class))).collect()
});

/// How many bytes of code may be coloured on each page of a document: all, until there were enough.
pub(super) fn shares<'a>(pages: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let code =
        |html: &str| html.split(OPEN).skip(1).filter_map(|code| code.split_once('>')?.1.find('<')).sum();
    let mut left = DOCUMENT_BYTES;
    let share = |html| {
        let share = left.min(code(html));
        left -= share;
        share
    };
    pages.map(share).collect()
}

/// `html` with its code in colours, as far as the language is known and `left` bytes reach.
///
/// The input is what the sanitiser wrote: lower-case tags, attributes quoted, `<` escaped everywhere else.
pub(super) fn highlight(html: &str, mut left: usize) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(OPEN) {
        let (before, tag) = rest.split_at(at + OPEN.len());
        out.push_str(before);
        let Some((name, code)) = tag.split_once("\">") else {
            rest = tag;
            break;
        };
        out.push_str(&tag[..name.len() + 2]);
        // What has tags inside was coloured by somebody else.
        let end = code.find('<').unwrap_or(code.len());
        let (code, after) = code.split_at(end);
        rest = after;
        let fits = code.len() <= left && is_read(code);
        match grammar(name).filter(|_| fits && after.starts_with("</code>")) {
            Some(grammar) => {
                left -= code.len();
                colour(&mut out, grammar, &html_escape::decode_html_entities(code));
            }
            None => out.push_str(code),
        }
    }
    out.push_str(rest);
    out
}

/// Whether this is code that a person may have written, and not data.
fn is_read(code: &str) -> bool {
    let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
    code.len() <= BLOCK_BYTES
        && code.lines().all(|line| line.len() <= LINE_BYTES)
        && words.all(|word| word.len() <= WORD_BYTES)
}

/// The grammar of a language as a document names it: `rust`, `rust,ignore`, `Shell`.
fn grammar(name: &str) -> Option<&'static SyntaxReference> {
    let name = name.split([',', ' ', '{', '"']).next()?.to_lowercase();
    let known = ALSO.iter().find(|(also, _)| *also == name).map_or(name.as_str(), |(_, own)| own);
    let grammar = GRAMMARS.find_syntax_by_token(known)?;
    (grammar.name != "Plain Text").then_some(grammar)
}

/// Writes code with spans around what has a class.
fn colour(out: &mut String, grammar: &SyntaxReference, code: &str) {
    let start = out.len();
    let mut state = ParseState::new(grammar);
    let mut stack = ScopeStack::new();
    let mut pen = Pen { out, class: "" };
    for line in LinesWithEndings::from(code) {
        let Ok(changes) = state.parse_line(line, &GRAMMARS) else { return plain(pen.out, start, code) };
        let mut at = 0;
        for (to, change) in changes {
            let Some(piece) = line.get(at..to) else { return plain(pen.out, start, code) };
            pen.write(piece, class(&stack));
            at = to;
            if stack.apply(&change).is_err() {
                return plain(pen.out, start, code);
            }
        }
        pen.write(&line[at..], class(&stack));
    }
    pen.write("", "");
    if !pen.class.is_empty() {
        pen.out.push_str("</span>");
    }
}

/// Writes code as it is, in place of what was written of it.
fn plain(out: &mut String, start: usize, code: &str) {
    out.truncate(start);
    html_escape::encode_text_to_string(code, out);
}

/// What the innermost scope that has a class, or is known to have none, says.
fn class(stack: &ScopeStack) -> &'static str {
    let of = |scope: &Scope| {
        let fitting = SCOPES.iter().filter(|(own, _)| own.is_prefix_of(*scope));
        fitting.max_by_key(|(own, _)| own.len()).map(|(_, class)| *class)
    };
    stack.as_slice().iter().rev().find_map(of).unwrap_or("")
}

/// Writes pieces of code, and a tag only where the class changes.
struct Pen<'a> {
    out: &'a mut String,
    class: &'static str,
}

impl Pen<'_> {
    fn write(&mut self, piece: &str, class: &'static str) {
        if piece.is_empty() {
            return;
        }
        // Blanks have no colour; a span that ends before them would only begin anew after them.
        let class = if piece.trim().is_empty() { self.class } else { class };
        if class != self.class {
            if !self.class.is_empty() {
                self.out.push_str("</span>");
            }
            if !class.is_empty() {
                self.out.push_str("<span class=\"");
                self.out.push_str(class);
                self.out.push_str("\">");
            }
            self.class = class;
        }
        html_escape::encode_text_to_string(piece, self.out);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn block(language: &str, code: &str) -> String {
        format!("<pre><code class=\"language-{language}\">{}</code></pre>", html_escape::encode_text(code))
    }

    fn coloured(html: &str) -> String {
        highlight(html, usize::MAX)
    }

    /// `UPDATE_GOLDEN=1` writes the file.
    #[test]
    fn the_licences_of_the_grammars_are_told() {
        let mut told = String::from("# Licences of the grammars that code is coloured by\n");
        for licence in two_face::acknowledgement::listing().for_syntaxes() {
            told.push('\n');
            licence.write_md(&mut told);
        }
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/grammars/LICENSES.md");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(file, &told).unwrap();
        }
        assert!(
            told.contains("MIT") && std::fs::read_to_string(file).unwrap() == told,
            "{file} is out of date"
        );
    }

    #[test]
    fn every_class_has_a_scope() {
        assert_eq!(SCOPES.len(), CLASSES.len());
    }

    #[test]
    fn a_document_gets_so_much_colour_and_the_rest_of_it_none() {
        let page = block("rust", &"let a = 1;\n".repeat(2000));
        let pages = vec![page.as_str(); 30];
        let shares = shares(pages.iter().copied());
        assert_eq!(shares.iter().sum::<usize>(), DOCUMENT_BYTES);
        assert!(highlight(&page, shares[0]).contains("<span"));
        assert_eq!(highlight(&page, shares[29]), page);
    }

    /// The text without its tags.
    fn text(html: &str) -> String {
        let mut text = String::new();
        let mut rest = html;
        while let Some((before, tag)) = rest.split_once('<') {
            text.push_str(before);
            rest = tag.split_once('>').map_or("", |(_, after)| after);
        }
        text.push_str(rest);
        html_escape::decode_html_entities(&text).into_owned()
    }

    #[test]
    fn keywords_strings_and_comments_get_their_classes() {
        let html = coloured(&block("rust", "fn main() { let a = \"<b>\"; } // end\n"));
        for wanted in [
            "<span class=\"k\">fn </span>",
            "<span class=\"f\">main</span>",
            "<span class=\"s\">\"&lt;b&gt;\"</span>",
            "<span class=\"c\">// end",
        ] {
            assert!(html.contains(wanted), "{wanted} is not in {html}");
        }
        let html = coloured(&block("diff", "-a\n+b\n"));
        assert!(html.contains("<span class=\"d\">-a") && html.contains("<span class=\"i\">+b"), "{html}");
    }

    #[test]
    fn the_text_stays_as_it_was() {
        let code = "# \"quoted\" & <tags> 'x' `y` {{ z }}\n\tif (a && b) { return \"\\u{1F600}\" + 0x1f; } /* é\n日本 */\n</code>";
        for grammar in GRAMMARS.syntaxes() {
            let Some(name) = grammar.file_extensions.first() else { continue };
            let html = block(name, code);
            let coloured = coloured(&html);
            assert_eq!(text(&coloured), text(&html), "{name}");
            assert_eq!(coloured.matches("<span").count(), coloured.matches("</span>").count(), "{name}");
        }
    }

    #[test]
    fn what_is_not_known_long_or_coloured_already_is_left_alone() {
        let long_line = "let a = 1; ".repeat(LINE_BYTES / 11 + 1);
        let long_word = format!("let {} = 1;", "a".repeat(WORD_BYTES + 1));
        let long = "let a = 1;\n".repeat(BLOCK_BYTES / 11 + 1);
        for html in [
            block("nonsense", "let a = 1;"),
            block("text", "if"),
            block("rust", &long_line),
            block("rust", &long_word),
            block("rust", &long),
            "<pre><code>fn a() {}</code></pre>".to_owned(),
            "<pre><code class=\"language-rust\"><b>fn</b> a</code></pre>".to_owned(),
            "<code class=\"language-rust".to_owned(),
        ] {
            assert_eq!(coloured(&html), html);
        }
    }

    #[test]
    fn a_page_written_to_be_slow_takes_seconds_at_most() {
        let long = |text: &str| text.repeat(LINE_BYTES / text.len());
        let word = format!("{} ", "a".repeat(WORD_BYTES));
        let lines = ["(", "\"\\", "a b ", "$((", "{[", &word].map(long);
        for language in ["rust", "bash", "js", "html", "php", "yaml", "md", "cpp", "cs", "perl", "ruby"] {
            for line in &lines {
                let page = block(language, &format!("{line}\n").repeat(BLOCK_BYTES / 8 / (line.len() + 1)));
                let start = Instant::now();
                assert_eq!(text(&coloured(&page)), text(&page), "{language}");
                let took = start.elapsed().as_millis();
                println!("{language}, {line:.8}…: {took} ms for {} bytes", page.len());
                assert!(took < 20_000, "{language} took {took} ms for {line:.9}…");
            }
        }
    }
}
