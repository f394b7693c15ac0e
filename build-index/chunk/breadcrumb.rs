//! The line in front of what the encoder reads: where the passage stands. `Guide › Security › Certificates`.

use std::collections::BTreeSet;

use super::Tokens;

/// Between two steps.
const STEP: &str = " › ";

/// Stands for what was left out.
const LEFT_OUT: &str = "…";

/// The breadcrumb of a heading path, of at most `most` tokens: steps are left out from the middle first, for the
/// document and the nearest heading say most.
pub fn breadcrumb(title: &str, path: &[String], most: usize, tokens: &dyn Tokens) -> String {
    let mut steps: Vec<&str> = vec![title];
    for heading in path {
        if !heading.is_empty() && !(steps.len() == 1 && says_the_same(title, heading)) {
            steps.push(heading);
        }
    }
    let whole = steps.join(STEP);
    if tokens.count(&whole) <= most {
        return whole;
    }
    while steps.len() > 2 {
        let middle = steps.len() / 2;
        if steps[middle] == LEFT_OUT && steps.len() == 3 {
            break;
        }
        steps.retain(|step| *step != LEFT_OUT);
        if steps.len() > 2 {
            steps.remove(steps.len() / 2);
        }
        steps.insert(steps.len().div_ceil(2), LEFT_OUT);
        let crumb = steps.join(STEP);
        if tokens.count(&crumb) <= most {
            return crumb;
        }
    }
    // Still too long: the first words of the document's title, and as much of the nearest heading as fits.
    let nearest = steps.last().copied().unwrap_or(title);
    let first = first_words(title, most / 3, tokens);
    let start =
        if first.is_empty() || nearest == title { String::new() } else { format!("{first}{LEFT_OUT}{STEP}") };
    let left = most.saturating_sub(tokens.count(&start));
    format!("{start}{}", first_words(nearest, left, tokens))
}

/// Whether a top heading repeats the document's title in other words: `WSL guide`, `The guide to WSL`.
fn says_the_same(title: &str, heading: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (title, heading) = (words(title), words(heading));
    let shared = title.intersection(&heading).count();
    shared * 2 > title.len().min(heading.len())
}

/// As many words of `text` as have at most `most` tokens.
fn first_words<'t>(text: &'t str, most: usize, tokens: &dyn Tokens) -> &'t str {
    let ends = text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at).chain([text.len()]);
    let fitting = ends.take_while(|end| tokens.count(&text[..*end]) <= most).last();
    fitting.map_or("", |end| text[..end].trim_end())
}
