//! The text of HTML that stands inside Markdown, as blocks for the index.

use super::tags::{self, Piece};
use crate::document::Block;

/// Tags whose content nobody reads.
const UNREAD: [&str; 8] = ["script", "style", "template", "svg", "iframe", "object", "noscript", "head"];

/// Tags within a line; all others end the text before them.
const INLINE: [&str; 28] = [
    "a", "abbr", "b", "bdi", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark",
    "nobr", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "tt", "u", "var", "wbr",
];

/// The blocks of a piece of HTML. Headings are returned as text: a heading written in HTML opens no section.
pub fn blocks(html: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for piece in tags::pieces(html) {
        reader.take(&piece);
    }
    reader.end_text();
    reader.end_table();
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    text: String,
    /// Inside this unread tag.
    unread: Option<String>,
    /// Inside `<pre>`: lines are kept.
    code: bool,
    table: Option<Table>,
}

#[derive(Default)]
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    row: Vec<String>,
    heads: bool,
    in_cell: bool,
    /// Tables inside a cell of this one, whose cells are read as its text.
    depth: usize,
}

impl Reader {
    fn take(&mut self, piece: &Piece<'_>) {
        if let Some(tag) = &self.unread {
            if matches!(piece, Piece::Close(name, _) if name == tag) {
                self.unread = None;
            }
            return;
        }
        match piece {
            Piece::Text(text) => self.text.push_str(&html_escape::decode_html_entities(text)),
            Piece::Open(tag) if UNREAD.contains(&tag.name.as_str()) => {
                if !tag.raw.ends_with("/>") {
                    self.unread = Some(tag.name.clone());
                }
            }
            Piece::Open(tag) => self.open(&tag.name, tag),
            Piece::Close(name, _) => self.close(name),
            Piece::Other(_) => {}
        }
    }

    fn open(&mut self, name: &str, tag: &tags::Tag<'_>) {
        match name {
            "br" => self.text.push('\n'),
            "img" => {
                if let Some(alt) = tag.attribute("alt") {
                    self.text.push_str(alt);
                }
            }
            "pre" if self.table.is_none() => {
                self.end_text();
                self.code = true;
            }
            "table" => match &mut self.table {
                Some(table) => table.depth += 1,
                None => {
                    self.end_text();
                    self.table = Some(Table::default());
                }
            },
            "tr" => self.end_row(),
            "td" | "th" => self.start_cell(name == "th"),
            _ => self.between(name),
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "pre" if self.code => {
                let text = self.text.trim_matches('\n').trim_end().to_owned();
                self.text.clear();
                self.code = false;
                if !text.is_empty() {
                    self.blocks.push(Block::Code { language: String::new(), text });
                }
            }
            "td" | "th" => self.end_cell(),
            "tr" => self.end_row(),
            "table" => match &mut self.table {
                Some(table) if table.depth > 0 => table.depth -= 1,
                _ => self.end_table(),
            },
            _ => self.between(name),
        }
    }

    /// A tag that is no table, code or line break: block-level ones end the text.
    fn between(&mut self, name: &str) {
        if INLINE.contains(&name) {
            return;
        }
        if self.code || self.table.is_some() {
            if !self.text.ends_with(['\n', ' ']) {
                self.text.push(if self.code { '\n' } else { ' ' });
            }
        } else {
            self.end_text();
        }
    }

    fn end_text(&mut self) {
        let text = squeezed(&self.text);
        self.text.clear();
        if !text.is_empty() {
            self.blocks.push(Block::Text(text));
        }
    }

    fn outer_table(&mut self) -> Option<&mut Table> {
        self.table.as_mut().filter(|table| table.depth == 0)
    }

    fn start_cell(&mut self, head: bool) {
        self.end_cell();
        if self.outer_table().is_some() {
            let text = squeezed(&self.text);
            let Some(table) = self.outer_table() else { return };
            table.in_cell = true;
            table.heads = if table.row.is_empty() { head } else { table.heads && head };
            self.text.clear();
            // A caption, or text lost between rows.
            if !text.is_empty() {
                self.blocks.push(Block::Text(text));
            }
        } else {
            self.text.push(' ');
        }
    }

    fn end_cell(&mut self) {
        if self.outer_table().is_some_and(|table| table.in_cell) {
            let text = squeezed(&self.text);
            self.text.clear();
            if let Some(table) = self.outer_table() {
                table.in_cell = false;
                table.row.push(text);
            }
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if let Some(table) = self.outer_table()
            && !table.row.is_empty()
        {
            let row = std::mem::take(&mut table.row);
            if table.heads && table.header.is_empty() && table.rows.is_empty() {
                table.header = row;
            } else {
                table.rows.push(row);
            }
        }
    }

    fn end_table(&mut self) {
        if let Some(table) = &mut self.table {
            table.depth = 0;
        }
        self.end_row();
        self.end_text();
        if let Some(table) = self.table.take()
            && !(table.rows.is_empty() && table.header.is_empty())
        {
            self.blocks.push(Block::Table { header: table.header, rows: table.rows });
        }
    }
}

/// Text with every run of white space as one blank.
pub fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_code_and_tables_come_out() {
        let html = "<div>One <b>bold</b> &amp; more<br>line<script>no()</script></div><!-- c -->\
            <table><caption>Cap</caption><tr><th>A</th><th>B</th></tr><tr><td>1<table><tr><td>in</td></tr></table></td><td><p>2</p></td></tr></table>\
            <pre>x\n  y</pre>tail";
        assert_eq!(
            blocks(html),
            [
                Block::Text("One bold & more line".to_owned()),
                Block::Text("Cap".to_owned()),
                Block::Table {
                    header: vec!["A".to_owned(), "B".to_owned()],
                    rows: vec![vec!["1 in".to_owned(), "2".to_owned()]]
                },
                Block::Code { language: String::new(), text: "x\n  y".to_owned() },
                Block::Text("tail".to_owned()),
            ]
        );
    }

    #[test]
    fn broken_html_still_gives_its_text() {
        for (html, wanted) in
            [("<table><td>a", "a"), ("</td></table>b", "b"), ("<pre>c", "c"), ("<p>d<td>e", "d")]
        {
            let text: String = blocks(html)
                .into_iter()
                .map(|block| match block {
                    Block::Text(text) | Block::Code { text, .. } => text,
                    Block::Table { rows, .. } => rows.concat().concat(),
                })
                .collect();
            assert!(text.contains(wanted), "{html}: {text}");
        }
    }
}
