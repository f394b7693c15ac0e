//! A chunk's text → its passages.
//!
//! Blocks are taken in order until a passage has enough. A paragraph that would make it too long is cut at a sentence;
//! code and tables stay whole if the encoder can read them whole, else they are cut at blank lines and rows, and what
//! is read for each part of a table begins with the table's header. A heading goes with what follows it.

use std::collections::VecDeque;
use std::ops::Range;

use super::body::{Body, Kind};
use super::breadcrumb::breadcrumb;
use super::{Passage, Sizes, Tokens, split};

/// Longest table header that is repeated, in tokens. A longer one would leave its rows no room.
const LONGEST_HEADER: usize = 64;

/// A stretch of text that goes into a passage whole.
#[derive(Debug, Clone)]
struct Unit {
    range: Range<usize>,
    tokens: usize,
    kind: Kind,
    path: usize,
    /// Already a part of a block.
    part: bool,
    /// Header of the table it is a part of, if it does not hold it itself.
    header: Option<Range<usize>>,
}

/// The passages of a body.
pub fn passages(title: &str, body: &Body, sizes: &Sizes, tokens: &dyn Tokens) -> Vec<Passage> {
    let packer = Packer::new(title, body, sizes, tokens);
    let mut packed = packer.pack();
    packer.join_orphan(&mut packed);
    packed.iter().map(|units| packer.passage(units)).collect()
}

struct Packer<'a> {
    body: &'a Body,
    sizes: &'a Sizes,
    tokens: &'a dyn Tokens,
    /// Where the tokens of the text begin.
    starts: Vec<usize>,
    /// Breadcrumb of each path, and its tokens.
    crumbs: Vec<(String, usize)>,
}

impl<'a> Packer<'a> {
    fn new(title: &str, body: &'a Body, sizes: &'a Sizes, tokens: &'a dyn Tokens) -> Self {
        let crumbs = body.paths.iter().map(|path| {
            let crumb = breadcrumb(title, path, sizes.breadcrumb, tokens);
            let count = tokens.count(&crumb);
            (crumb, count)
        });
        let starts = tokens.offsets(&body.text).into_iter().map(|(start, _)| start).collect();
        Self { body, sizes, tokens, starts, crumbs: crumbs.collect() }
    }

    fn count(&self, range: &Range<usize>) -> usize {
        self.starts.partition_point(|start| *start < range.end)
            - self.starts.partition_point(|start| *start < range.start)
    }

    /// What the encoder can read of a passage that begins with `unit`.
    fn room(&self, unit: &Unit) -> usize {
        let crumb = self.crumbs.get(unit.path).map_or(0, |(_, count)| *count);
        let header = unit.header.as_ref().map_or(0, |header| self.count(header));
        self.sizes.limit.saturating_sub(self.sizes.specials + crumb + header).max(1)
    }

    fn pack(&self) -> Vec<Vec<Unit>> {
        let mut waiting: VecDeque<Unit> = self
            .body
            .pieces
            .iter()
            .map(|piece| Unit {
                range: piece.range.clone(),
                tokens: self.count(&piece.range),
                kind: piece.kind.clone(),
                path: piece.path,
                part: false,
                header: None,
            })
            .collect();
        let mut packed: Vec<Vec<Unit>> = Vec::new();
        let mut open: Vec<Unit> = Vec::new();
        while let Some(unit) = waiting.pop_front() {
            let room = self.room(open.first().unwrap_or(&unit));
            let most = self.sizes.most.min(room);
            let filled: usize = open.iter().map(|unit| unit.tokens).sum();
            if filled + unit.tokens <= most {
                open.push(unit);
            } else if filled >= self.sizes.least.min(most) {
                waiting.push_front(unit);
                self.close(&mut packed, &mut open, &mut waiting);
            } else if unit.tokens > self.room(&unit) || (unit.kind == Kind::Text && !unit.part) {
                let parts = self.parts(&unit);
                if parts.len() > 1 {
                    for part in parts.into_iter().rev() {
                        waiting.push_front(part);
                    }
                } else if unit.part {
                    // Nothing smaller is in it: one token longer than the room. It stands alone.
                    waiting.push_front(unit);
                    self.close(&mut packed, &mut open, &mut waiting);
                    packed.extend(waiting.pop_front().map(|unit| vec![unit]));
                } else {
                    waiting.push_front(Unit { part: true, ..unit });
                }
            } else if filled + unit.tokens <= room {
                open.push(unit);
            } else {
                waiting.push_front(unit);
                self.close(&mut packed, &mut open, &mut waiting);
            }
        }
        if !open.is_empty() {
            packed.push(open);
        }
        packed
    }

    /// Ends the open passage. What leads over to the waiting unit (its heading, "… as follows:") goes with it, if the
    /// encoder can read both together.
    fn close(&self, packed: &mut Vec<Vec<Unit>>, open: &mut Vec<Unit>, waiting: &mut VecDeque<Unit>) {
        let mut moved = 0;
        while open.len() > 1
            && let (Some(last), Some(next)) = (open.last(), waiting.front())
            && self.leads_over(last)
            && (moved + last.tokens + next.tokens <= self.room(last)
                || (next.kind == Kind::Text && !next.part))
            && let Some(unit) = open.pop()
        {
            moved += unit.tokens;
            waiting.push_front(unit);
        }
        if !open.is_empty() {
            packed.push(std::mem::take(open));
        }
    }

    fn leads_over(&self, unit: &Unit) -> bool {
        let introduces = unit.kind == Kind::Text
            && unit.tokens < self.sizes.orphan
            && self.body.text[unit.range.clone()].trim_end().ends_with(':');
        unit.kind == Kind::Heading || introduces
    }

    /// The unit in smaller ones: sentences, code lines, rows; a part that is still too long, in words.
    fn parts(&self, unit: &Unit) -> Vec<Unit> {
        let text = &self.body.text[unit.range.clone()];
        let room = self.room(unit);
        let ranges: Vec<Range<usize>> = if unit.part {
            split::words(text, 0..text.len(), room.min(self.sizes.most), self.tokens)
        } else {
            match &unit.kind {
                Kind::Heading => split::words(text, 0..text.len(), room.min(self.sizes.most), self.tokens),
                Kind::Text => split::sentences(text),
                Kind::Code => split::code_parts(text, self.sizes.most, self.tokens),
                Kind::Table(_) => split::lines(text, 0..text.len()),
            }
        };
        let header = match &unit.kind {
            Kind::Table(Some(header)) if self.count(header) <= LONGEST_HEADER => Some(header.clone()),
            _ => unit.header.clone(),
        };
        let units = ranges.into_iter().map(|range| {
            let range = unit.range.start + range.start..unit.range.start + range.end;
            let holds_header =
                header.as_ref().is_some_and(|header| header.start >= range.start && header.start < range.end);
            Unit {
                tokens: self.count(&range),
                kind: unit.kind.clone(),
                path: unit.path,
                part: true,
                header: header.clone().filter(|_| !holds_header),
                range,
            }
        });
        // A header row alone says nothing: it goes with the first row.
        let mut parts: Vec<Unit> = Vec::new();
        for part in units {
            match parts.last_mut() {
                Some(last)
                    if matches!(part.kind, Kind::Table(_))
                        && last.header.is_none()
                        && parts_start_with_header(last, &header)
                        && last.tokens + part.tokens <= room =>
                {
                    last.range.end = part.range.end;
                    last.tokens += part.tokens;
                    // Holds a row now; it takes no further one here.
                    if let Some(header) = &header {
                        last.header = Some(header.start..header.start);
                    }
                }
                _ => parts.push(part),
            }
        }
        parts
    }

    /// Joins a last passage that says too little to the one before, or evens the two out.
    fn join_orphan(&self, packed: &mut Vec<Vec<Unit>>) {
        let size = |units: &[Unit]| units.iter().map(|unit| unit.tokens).sum::<usize>();
        let Some(mut last) = packed.pop() else { return };
        let Some(mut before) = packed.pop() else {
            packed.push(last);
            return;
        };
        if size(&last) < self.sizes.orphan {
            if size(&before) + size(&last) <= self.room(&before[0]) {
                before.append(&mut last);
                packed.push(before);
                return;
            }
            // Sentences move over as long as both stay readable.
            if before.last().is_some_and(|unit| unit.kind == Kind::Text && !unit.part)
                && let Some(unit) = before.pop()
            {
                before.extend(self.parts(&unit));
            }
            while size(&last) < self.sizes.orphan
                && before.len() > 1
                && before.last().is_some_and(|unit| {
                    size(&before) - unit.tokens >= self.sizes.orphan
                        && size(&last) + unit.tokens <= self.room(unit).min(self.sizes.most)
                })
                && let Some(unit) = before.pop()
            {
                last.insert(0, unit);
            }
        }
        packed.push(before);
        packed.push(last);
    }

    fn passage(&self, units: &[Unit]) -> Passage {
        let crumb = self.crumbs.get(units[0].path).map_or("", |(crumb, _)| crumb.as_str());
        let header =
            units[0].header.clone().filter(|header| !header.is_empty()).map(|header| &self.body.text[header]);
        let lines = [crumb].into_iter().chain(header).filter(|line| !line.is_empty());
        Passage {
            range: units[0].range.start..units[units.len() - 1].range.end,
            above: lines.flat_map(|line| [line, "\n"]).collect(),
        }
    }
}

fn parts_start_with_header(unit: &Unit, header: &Option<Range<usize>>) -> bool {
    header.as_ref().is_some_and(|header| unit.range.start <= header.start && unit.range.end >= header.end)
}
