//! The ranking playground: a query, a slider for every weight of the ranking, and how each score came about.
//!
//! The sliders stand at what ships, as [`Weights::default`] has it, and the engine that answers is the one of the search
//! page: the weights go with the request. Untouched they are not sent at all.
//!
//! ```text
//! slider name="fields.0" ──playground.js──► request.weights.fields[0] ──► Engine ──► hits with their factors
//! ```

use maud::{Markup, html};
use mcdewey_search::Weights;

use super::Site;
use super::layout::{PLAYGROUND, Page};

/// A weight that can be moved.
struct Slider {
    /// Way to it within the weights as JSON.
    name: &'static str,
    label: &'static str,
    /// What moves if it grows.
    hint: &'static str,
    /// What ships.
    value: f32,
    most: f32,
}

/// What belongs together, as the manual's table has it.
fn groups() -> [(&'static str, Vec<Slider>); 3] {
    let ships = Weights::default();
    let slider = |name, label, value, most, hint| Slider { name, label, hint, value, most };
    let [title, heading, body, code] = ships.fields;
    let [by_words, by_terms, by_encoder] = ships.support_needed;
    [
        (
            "Words",
            vec![
                slider("fields.0", "Title", title, 8.0, "Chunks whose title says the word rise."),
                slider("fields.1", "Heading", heading, 8.0, "Chunks whose heading says the word rise."),
                slider("fields.2", "Text", body, 8.0, "The text counts for more beside title and headings."),
                slider("fields.3", "Code", code, 8.0, "Words in code count for more."),
                slider("saturation", "Saturation", ships.saturation, 3.0, "Many occurrences count for more."),
                slider("text_length", "Length of the text", ships.text_length, 1.0, "Long texts sink."),
                slider("head_length", "Length of headings", ships.head_length, 1.0, "Long headings sink."),
                slider("prefix", "Unfinished words", ships.prefix, 1.0, "Words being typed reach further."),
                slider("nearness", "Nearness", ships.nearness, 3.0, "Words that stand together rise."),
                slider("naming", "Naming", ships.naming, 4.0, "Sections named like the query rise."),
            ],
        ),
        (
            "Meaning",
            vec![
                slider("meaning", "With the encoder", ships.meaning, 8.0, "Results in other words rise."),
                slider(
                    "meaning_of_terms",
                    "Without it",
                    ships.meaning_of_terms,
                    8.0,
                    "The same, before the encoder is there.",
                ),
            ],
        ),
        (
            "No answer",
            vec![
                slider(
                    "support_of_meaning",
                    "Meaning as support",
                    ships.support_of_meaning,
                    5.0,
                    "Fewer queries are said to be unanswered.",
                ),
                slider(
                    "support_of_known",
                    "Known words as support",
                    ships.support_of_known,
                    5.0,
                    "Fewer queries of known words are said to be unanswered.",
                ),
                slider(
                    "support_needed.0",
                    "Needed by words",
                    by_words,
                    3.0,
                    "More queries are said to be unanswered.",
                ),
                slider(
                    "support_needed.1",
                    "Needed without the encoder",
                    by_terms,
                    3.0,
                    "The same, by the sum of the words.",
                ),
                slider("support_needed.2", "Needed with it", by_encoder, 3.0, "The same, with the encoder."),
            ],
        ),
    ]
}

/// The page.
pub(super) fn page(site: &Site<'_>) -> Markup {
    let page = Page {
        // For who maintains a library, and so in the language of the manual's table of weights.
        language: "en",
        extra: Some("playground"),
        description: "Move the weights of the ranking and see why each result stands where it stands.",
        ..Page::at(site, PLAYGROUND, "Ranking playground")
    };
    let main = html! {
        header.title {
            h1 { "Ranking playground" }
            p.count {
                "Move the weights and see how the results move, and open one to see what its score is made of. Nothing \
                 here changes the search itself."
            }
        }
        noscript { p.notice { "The playground runs in your browser and needs JavaScript, which is off here." } }
        form.playground hidden {
            div.asked {
                label for="asked" { "Query" }
                input id="asked" name="q" type="search" autocomplete="off" autocapitalize="none" spellcheck="false";
            }
            label.check { input type="checkbox" name="encoder"; " Read the query with the encoder" }
            @for (group, sliders) in groups() {
                fieldset {
                    legend { (group) }
                    @for slider in &sliders { (self::slider(slider)) }
                }
            }
            button type="reset" { "As they ship" }
        }
        section.found aria-label="Results" hidden {
            p role="status" {}
            ol {}
        }
    };
    page.wrap("playing", &main)
}

fn slider(slider: &Slider) -> Markup {
    let hint = format!("{}-hint", slider.name);
    html! {
        div.weight {
            label for=(slider.name) { (slider.label) }
            output for=(slider.name) { (slider.value) }
            input id=(slider.name) name=(slider.name) type="range" min="0" max=(slider.most) step="0.05"
                value=(slider.value) aria-describedby=(hint);
            p.hint id=(hint) { (slider.hint) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A slider that does not stand at what ships would move the ranking by being there.
    #[test]
    fn every_weight_has_a_slider_that_can_stand_at_what_ships() {
        let ships = serde_json::to_value(Weights::default()).unwrap();
        let mut named: Vec<String> = Vec::new();
        for slider in groups().into_iter().flat_map(|(_, sliders)| sliders) {
            let value = slider.name.split('.').fold(&ships, |value, step| match step.parse::<usize>() {
                Ok(n) => &value[n],
                Err(_) => &value[step],
            });
            assert_eq!(value.as_f64().map(|value| value as f32), Some(slider.value), "{}", slider.name);
            let steps = slider.value / 0.05;
            assert!((steps - steps.round()).abs() < 1e-3 && slider.value < slider.most, "{}", slider.name);
            named.push(slider.name.split('.').next().unwrap().to_owned());
        }
        named.sort();
        named.dedup();
        let mut all: Vec<String> = ships.as_object().unwrap().keys().cloned().collect();
        all.sort();
        assert_eq!(named, all);
    }
}
