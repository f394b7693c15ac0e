use super::super::lines::split;
use super::*;

/// Pages as `number[/label]: text`, joined.
fn paged(text: &str) -> String {
    paged_with(text, &Forms::default())
}

fn paged_with(text: &str, forms: &Forms) -> String {
    let (lines, markers) = mark(split(text, 1), forms);
    let mut stretches = vec![String::new()];
    for line in lines {
        if line.marker.is_some() {
            stretches.push(String::new());
        } else if !line.text.is_empty() {
            let stretch = stretches.last_mut().unwrap();
            stretch.push_str(&line.text);
            stretch.push(' ');
        }
    }
    let has_text: Vec<bool> = stretches.iter().map(|stretch| !stretch.trim().is_empty()).collect();
    let (leaves, of_stretch) = pages(&markers, &has_text);
    let shown: Vec<String> = leaves
        .iter()
        .enumerate()
        .map(|(at, leaf)| {
            let text: String = stretches
                .iter()
                .zip(&of_stretch)
                .filter(|(_, page)| **page == at)
                .map(|(text, _)| text.as_str())
                .collect();
            let label = leaf.label.as_ref().map_or(String::new(), |label| format!("/{label}"));
            format!("{}{label}: {}", leaf.number, text.trim())
        })
        .collect();
    if shown.is_empty() { "unpaged".to_owned() } else { shown.join(" | ") }
}

#[test]
fn converters_forms() {
    for (text, wanted) in [
        ("<!-- page 1 -->\na\n<!-- page 2 -->\nb", "1: a | 2: b"),
        ("t\n<!-- page 1 -->\na\n<!-- Page: 2 label=ii -->\nb", "1: t a | 2/ii: b"),
        ("t\n<!-- page 128 -->\na", "127: t | 128: a"),
        ("<!-- page 5 of 9 -->\na\n<!-- page 6 of 9 -->\nb", "5: a | 6: b"),
        (
            "<!-- PageNumber=\"iv\" -->\na\n<!-- PageBreak -->\nb\n<!-- PageNumber=\"Page 2\" -->\n",
            "1/iv: a | 2/Page 2: b",
        ),
        ("a\n<!-- page break -->\nb\n<!-- page break -->\n", "1: a | 2: b"),
        (
            "\n{0}------------------------------------------------\na\n{1}------------------------------------------------\nb",
            "1: a | 2: b",
        ),
        ("a\n--- end of page=0 ---\nb\n--- end of page=1 ---\n", "1: a | 2: b"),
        ("a\n--- end of page.page_number=1 ---\nb", "2: a | 3: b"),
        ("a\n\u{c}b\nc\u{c}", "1: a | 2: b c"),
        ("```\na\n\u{c}b\n```", "1: ``` a | 2: b ```"),
        ("[page 7]\na\n[page 8]\nb\n[page 9]\nc", "7: a | 8: b | 9: c"),
        ("## Page 1\na\n## Page 2\nb\n## Page 3\nc", "1: a | 2: b | 3: c"),
        (
            "<a id=\"page-1\"></a>\na\n<a id=\"page-2\"></a>\nb\n<a id=\"page-3\"></a>\nc",
            "1: a | 2: b | 3: c",
        ),
        ("<!-- Slide number: 1 -->\na\n<!-- Slide number: 2 -->\nb", "1: a | 2: b"),
        ("<!-- page 3 -->\na\n<!-- page 2 -->\nb", "3: a | 4/2: b"),
        ("<!-- page 1 -->\na\n<!-- page 1 -->\nb", "1: a b"),
        ("<!-- page 1 -->\n<!-- page 2 -->\nb", "1:  | 2: b"),
    ] {
        assert_eq!(paged(text), wanted, "{text}");
    }
}

#[test]
fn prose_is_no_marker() {
    for text in [
        "a\n\n---\n\nb\n\n-----\n\nc",
        "Page 12\n\nSee there.",
        "[page 3]\nx\n[page 90]\ny\n[page 200]\nz",
        "<!-- pages are good -->\n<!-- page layout 2 -->",
        "```\n<!-- page 1 -->\n```",
        "<!-- PageNumber=\"3\" -->\nonly a label",
        "{12}---",
        "# Page 1\na\n# Page 2\nb",
    ] {
        assert_eq!(paged(text), "unpaged", "{text}");
    }
}

#[test]
fn forms_from_the_configuration() {
    let forms = Forms::new(&["[[p. {page} = {label}]]".to_owned(), "-----".to_owned()]);
    assert_eq!(paged_with("[[p. 3 = ix]]\na\n[[p. 4 = x]]\nb", &forms), "3/ix: a | 4/x: b");
    assert_eq!(paged_with("a\n-----\nb", &forms), "1: a | 2: b");
    assert_eq!(paged_with("[[p. x = ix]]\na", &forms), "unpaged");
}
