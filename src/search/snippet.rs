//! Which sentence shows why?
//!
//! A snippet is a run of whole sentences (or lines of code) of the chunk: the run whose words of the query weigh most
//! together, each word counted once, up to [`LENGTH`] characters. A chunk found by meaning alone shows the [closest
//! sentence](crate::closest) of its closest passage, unmarked: marking words that did not match would be a lie.

use std::ops::Range;

use mcdewey_text::{folded, sentences, tokens};

use crate::closest::closest;

/// Characters that a snippet aims at.
const LENGTH: usize = 240;

/// A piece of a chunk's text with its matches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Snippet {
    /// The text, white space run together.
    pub text: String,
    /// Matches: half-open ranges in characters.
    pub marks: Vec<(usize, usize)>,
}

/// The best snippet of `text` for weighted terms; `passage` is the one whose meaning is closest, `query` the words as they
/// were typed, folded.
pub(crate) fn snippet(
    text: &str,
    terms: &[(&str, f32)],
    prefix: Option<&str>,
    passage: Option<Range<usize>>,
    query: &[String],
) -> Snippet {
    let matches: Vec<(Range<usize>, usize)> = tokens(text)
        .into_iter()
        .filter_map(|token| {
            let place = terms.iter().position(|&(term, _)| term == token.term)?;
            Some((token.range, place))
        })
        .collect();
    let sentences = sentences(text);
    let start = match matches.is_empty() {
        true => passage.map_or(0, |passage| closest(text, &sentences, &passage, query)),
        false => best_start(&sentences, text, &matches, terms),
    };
    let window = window(&sentences, text, start);
    let mut marks: Vec<Range<usize>> =
        matches.into_iter().map(|(range, _)| range).filter(|range| window.contains(&range.start)).collect();
    marks.sort_by_key(|range| (range.start, range.end));
    let marks = marks.into_iter().map(|range| narrowed(text, range, prefix)).collect();
    run_together(&text[window.clone()], window.start, marks)
}

/// The sentence from which a window covers the most weight, the earliest of equals.
fn best_start(
    sentences: &[Range<usize>],
    text: &str,
    matches: &[(Range<usize>, usize)],
    terms: &[(&str, f32)],
) -> usize {
    let mut best = (0, f32::MIN);
    for start in 0..sentences.len() {
        let window = window(sentences, text, start);
        // A match in the first sentence counts a little more: the snippet should open with the reason.
        let mut weights = vec![0f32; terms.len()];
        for (range, place) in matches.iter().filter(|(range, _)| window.contains(&range.start)) {
            let here = terms[*place].1 * if sentences[start].contains(&range.start) { 1.05 } else { 1.0 };
            weights[*place] = weights[*place].max(here);
        }
        let weight: f32 = weights.iter().sum();
        if weight > best.1 {
            best = (start, weight);
        }
    }
    best.0
}

/// Whole sentences from `start`, up to the length; a first sentence that is longer is cut at a space.
fn window(sentences: &[Range<usize>], text: &str, start: usize) -> Range<usize> {
    let Some(first) = sentences.get(start) else { return 0..0 };
    let length = |range: Range<usize>| text[range].chars().count();
    if length(first.clone()) > LENGTH {
        let cut =
            text[first.clone()].char_indices().nth(LENGTH).map_or(first.end, |(at, _)| first.start + at);
        let space = text[first.start..cut].rfind(char::is_whitespace).map_or(cut, |at| first.start + at);
        return first.start..space;
    }
    let more = sentences[start..].iter().take_while(|sentence| length(first.start..sentence.end) <= LENGTH);
    first.start..more.last().map_or(first.end, |sentence| sentence.end)
}

/// The part of a matched word that was typed, where the word is an expansion of what was typed.
fn narrowed(text: &str, range: Range<usize>, prefix: Option<&str>) -> Range<usize> {
    let whole = folded(&text[range.clone()]);
    match prefix
        .filter(|prefix| whole.starts_with(prefix) && whole.is_ascii() && text[range.clone()].is_ascii())
    {
        Some(prefix) if prefix.len() < range.len() => range.start..range.start + prefix.len(),
        _ => range,
    }
}

/// Runs white space together and counts marks in characters; overlapping marks become one.
fn run_together(piece: &str, offset: usize, marks: Vec<Range<usize>>) -> Snippet {
    let mut out = Snippet::default();
    let mut count = 0;
    let mut places = Vec::with_capacity(piece.len());
    for (at, letter) in piece.char_indices() {
        places.resize(at + 1, count);
        let letter = if letter.is_whitespace() || letter.is_control() { ' ' } else { letter };
        if letter == ' ' && (out.text.ends_with(' ') || out.text.is_empty()) {
            continue;
        }
        out.text.push(letter);
        count += 1;
    }
    out.text.truncate(out.text.trim_end().len());
    let total = out.text.chars().count();
    let place = |byte: usize| places.get(byte - offset).copied().unwrap_or(count).min(total);
    for mark in marks {
        let (from, to) = (place(mark.start), place(mark.end));
        match out.marks.last_mut().filter(|last| from <= last.1) {
            Some(last) => last.1 = last.1.max(to),
            None if from < to => out.marks.push((from, to)),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(snippet: &Snippet) -> Vec<String> {
        let letters: Vec<char> = snippet.text.chars().collect();
        snippet.marks.iter().map(|&(from, to)| letters[from..to].iter().collect()).collect()
    }

    const TEXT: &str = "Nothing to see here. Über the years,\n  restarting the server became easy. \
                        Set maxConnections to 5.\nThe end of a long text that goes on.";

    #[test]
    fn the_sentence_with_the_words_is_shown_and_marked() {
        let long = format!("{} {TEXT}", "Filler words come first. ".repeat(20));
        let found = snippet(&long, &[("restart", 2.0), ("server", 1.0)], None, None, &[]);
        assert!(found.text.starts_with("restarting the server"), "{}", found.text);
        assert_eq!(marked(&found), ["restarting", "server"]);
    }

    #[test]
    fn identifiers_are_marked_once() {
        let found =
            snippet(TEXT, &[("maxconnections", 3.0), ("max", 1.0), ("connect", 1.0)], None, None, &[]);
        assert_eq!(marked(&found), ["maxConnections"]);
    }

    #[test]
    fn a_word_being_typed_is_marked_as_far_as_it_is_typed() {
        let found = snippet(TEXT, &[("server", 3.0)], Some("serv"), None, &[]);
        assert_eq!(marked(&found), ["serv"]);
    }

    #[test]
    fn meaning_alone_shows_its_passage_unmarked() {
        let passage = TEXT.find("restarting").unwrap();
        let found = snippet(TEXT, &[], None, Some(passage..TEXT.len()), &["server".into()]);
        assert!(found.text.starts_with("restarting"), "{}", found.text);
        assert!(found.marks.is_empty());
    }

    #[test]
    fn odd_texts_are_harmless() {
        for text in ["", "   ", "\n\n", &"x".repeat(5000), &"é ".repeat(500)] {
            let found = snippet(text, &[("x", 1.0)], Some("x"), Some(0..text.len()), &["x".into()]);
            assert!(found.text.chars().count() <= LENGTH);
        }
    }
}
