//! The line in front of what the encoder reads: where the passage stands. `Guide › Security › Certificates`.

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
        if !heading.is_empty() && !steps.last().is_some_and(|last| last.eq_ignore_ascii_case(heading)) {
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
    // Still too long: the nearest heading alone, as many of its words as fit.
    let mut last = String::new();
    for word in steps.last().unwrap_or(&"").split_whitespace() {
        let longer = if last.is_empty() { word.to_owned() } else { format!("{last} {word}") };
        if tokens.count(&longer) > most {
            break;
        }
        last = longer;
    }
    last
}
