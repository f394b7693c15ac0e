//! What the commands print for people, and the one way they print JSON.
#![allow(clippy::print_stdout, reason = "results go to standard output, here and nowhere else")]

use std::path::Path;

use mcdewey::document::Weight;
use mcdewey::export::Exported;
use mcdewey::inspect::Inspection;
use mcdewey::relevance::{Row, SymbolRow};
use mcdewey::report::{FILE, reasons};
use mcdewey::stages::Built;
use mcdewey::tree::Report;
use mcdewey_search::{Answer, Explain, Hit, Mode, Rung};
use serde::Serialize;

/// Lines of the report shown; all of them are in the JSON.
const REPORTS_SHOWN: usize = 40;
/// Hits of one query shown with all their factors.
const HITS_EXPLAINED: usize = 10;
/// Missed symbols shown of each way of ranking; all of them are in the JSON.
const MISSES_SHOWN: usize = 20;

/// One line.
pub fn line(text: &str) {
    println!("{text}");
}

/// A value as JSON.
pub fn json<T: Serialize>(value: &T) -> Result<(), String> {
    line(&serde_json::to_string_pretty(value).map_err(|error| error.to_string())?);
    Ok(())
}

/// What was left out or doubtful; `all` says where all of it is told.
fn reports(reports: &[Report], all: &str) {
    let (on_purpose, odd): (Vec<&Report>, Vec<&Report>) =
        reports.iter().partition(|report| report.note.weight == Weight::LeftOut);
    for report in odd.iter().take(REPORTS_SHOWN) {
        let weight = match report.note.weight {
            Weight::Lost => "lost",
            Weight::Doubtful => "doubtful",
            Weight::LeftOut => "left out",
        };
        let place = report.note.line.map_or(String::new(), |line| format!(":{line}"));
        println!("{weight:9} {}{place}: {}", report.source, report.note.text);
    }
    if odd.len() > REPORTS_SHOWN {
        println!("… and {} further lines ({all})", odd.len() - REPORTS_SHOWN);
    }
    for (why, count) in reasons(on_purpose.iter().map(|report| &report.note)) {
        println!("left out  {count} × {why}");
    }
}

/// What a build made and what it left out.
pub fn built(built: &Built, site: &Path) {
    reports(&built.reports, &format!("all of them in {FILE}"));
    for sharing in &built.sharing {
        println!(
            "{}: {} versions, {} chunks stored as {}; {} stand in several versions, {} say much the same",
            sharing.product,
            sharing.versions.len(),
            sharing.chunks,
            sharing.stored,
            sharing.shared,
            sharing.nearly
        );
    }
    println!(
        "{} documents, {} pages, {} chunks ({} stored), {} passages ({} distinct), {} images",
        built.documents,
        built.pages,
        built.chunks,
        built.stored_chunks,
        built.passages,
        built.distinct_passages,
        built.images
    );
    if built.build.is_empty() {
        println!("{}: a part, for `mcdewey merge`", site.display());
        return;
    }
    println!(
        "{}: build {}, {} files, {:.1} MB",
        site.display(),
        built.build,
        built.files,
        built.bytes as f64 / 1e6
    );
}

/// What was exported and what was left out.
pub fn exported(exported: &Exported, folder: &Path) {
    reports(&exported.reports, "--json prints all of them");
    for table in &exported.manifest.tables {
        println!("{:18} {:>9} rows {:>9.1} MB", table.file, table.rows, table.bytes as f64 / 1e6);
    }
    let encoder = &exported.manifest.encoder;
    println!(
        "{}: vectors of {} components by {} ({})",
        folder.display(),
        encoder.dims,
        encoder.name,
        encoder.fingerprint
    );
}

/// Hits, best first.
pub fn answer(answer: &Answer) {
    answer.notices.iter().for_each(|notice| println!("{notice}"));
    for missing in &answer.missing {
        println!("missing: {}: {}", missing.file, missing.reason);
    }
    let rung = match answer.rung {
        Rung::Keyword => "words",
        Rung::Terms => "words and the meaning of each",
        Rung::Transformer => "words and meaning",
    };
    println!("{} hits by {rung}; {} chunks have a word of the query", answer.hits.len(), answer.matched);
    for (place, hit) in answer.hits.iter().enumerate() {
        let page = page(hit).map_or(String::new(), |page| format!(" · {page}"));
        println!(
            "\n{:2}. {}{page}  ({:.3}, {})",
            place + 1,
            hit.title,
            hit.score,
            hit.matched_by.join(" · ")
        );
        println!("    {}", hit.breadcrumb.join(" › "));
        println!("    {}", hit.snippet);
        println!("    {}  {}", hit.url, hit.chunk_id);
        let same = hit.also_in.iter().map(|edition| edition.version.clone());
        let also: Vec<String> =
            same.chain(hit.nearly_in.iter().map(|version| format!("{version} (much the same)"))).collect();
        if !also.is_empty() {
            println!("    also in {}", also.join(", "));
        }
        if let Some(tree) = &hit.explain {
            explain(tree, 1);
        }
    }
}

fn page(hit: &Hit) -> Option<String> {
    let page = hit.page?;
    Some(match &hit.page_label {
        Some(label) if *label != page.to_string() => format!("p. {page} (printed {label})"),
        _ => format!("p. {page}"),
    })
}

fn explain(tree: &Explain, depth: usize) {
    println!("    {}{:.4}  {}", "  ".repeat(depth), tree.value, tree.name);
    tree.parts.iter().for_each(|part| explain(part, depth + 1));
}

/// Counts, ledger and budgets of a site.
pub fn inspection(inspection: &Inspection) {
    println!("build {}, {} chunks", inspection.build, inspection.chunks);
    for scope in &inspection.scopes {
        let name = [&scope.vendor, &scope.product, &scope.version];
        let name: Vec<&str> =
            name.into_iter().map(String::as_str).filter(|level| !level.is_empty()).collect();
        println!(
            "  {:40} {:6} documents {:6} pages {:6} chunks",
            name.join(" › "),
            scope.documents,
            scope.pages,
            scope.chunks
        );
    }
    println!("\n{:12} {:>8} {:>12} {:>12}", "kind", "files", "bytes", "gzipped");
    for row in &inspection.ledger {
        println!("{:12} {:>8} {:>12} {:>12}", row.kind, row.files, row.bytes, row.gzip);
    }
    println!("\n{:34} {:>10} {:>10}", "budget", "limit", "value");
    for budget in &inspection.budgets {
        let verdict = if budget.kept { "kept" } else { "BROKEN" };
        println!("{:34} {:>10.1} {:>10.1}  {verdict}", budget.what, budget.limit, budget.value);
    }
    inspection.damage.iter().for_each(|problem| println!("damaged: {problem}"));
}

/// An answer with all factors, the relevant documents marked.
pub fn shown(answer: &Answer, relevant: &[String]) {
    let support = answer.support;
    println!(
        "support: {:.3} of the words, {:.3} of meaning; {:.3} of the words are known",
        support.words, support.meaning, support.known
    );
    let found = answer.hits.iter().position(|hit| relevant.contains(&hit.source));
    match (found, relevant) {
        (_, []) => println!("no document is known to be relevant"),
        (Some(place), _) => {
            println!("relevant: {}; hit {} is the first of them", relevant.join(", "), place + 1);
        }
        (None, _) => println!("relevant: {}; none of the hits is one of them", relevant.join(", ")),
    }
    let mut first = answer.clone();
    first.hits.truncate(HITS_EXPLAINED);
    self::answer(&first);
}

/// Figures by set, mode and kind.
pub fn relevance(rows: &[Row]) {
    println!(
        "{:22} {:9} {:11} {:12} {:>7} {:>8} {:>8} {:>10} {:>11}",
        "set", "mode", "rung", "kind", "queries", "nDCG@10", "MRR@10", "recall@10", "unanswered"
    );
    for row in rows {
        let (mode, rung) = names(row.mode, row.rung);
        println!(
            "{:22} {mode:9} {rung:11} {:12} {:>7} {:>8.3} {:>8.3} {:>10.3} {:>11.3}",
            row.set, row.kind, row.queries, row.ndcg, row.mrr, row.recall, row.unanswered
        );
    }
}

/// Shares of symbols by set, mode and kind, and the symbols that were missed.
pub fn symbols(rows: &[SymbolRow]) {
    println!("{:22} {:9} {:11} {:12} {:>7} {:>9}", "set", "mode", "rung", "kind", "symbols", "at once");
    for row in rows {
        let (mode, rung) = names(row.mode, row.rung);
        println!(
            "{:22} {mode:9} {rung:11} {:12} {:>7} {:>8.1}%",
            row.set,
            row.kind,
            row.symbols,
            row.first * 100.0
        );
    }
    for row in rows.iter().filter(|row| row.kind == "all" && !row.missed.is_empty()) {
        let (mode, rung) = names(row.mode, row.rung);
        println!("\nmissed in {} by {mode}, {rung}:", row.set);
        for miss in row.missed.iter().take(MISSES_SHOWN) {
            let place = miss.place.map_or("not found".into(), |place| format!("hit {place}"));
            println!("    {:40} {place}, behind “{:.60}”", miss.symbol, miss.got);
        }
    }
}

fn names(mode: Mode, rung: Rung) -> (&'static str, &'static str) {
    let mode = match mode {
        Mode::Keyword => "keyword",
        Mode::Semantic => "semantic",
        Mode::Hybrid => "hybrid",
    };
    let rung = match rung {
        Rung::Keyword => "keyword",
        Rung::Terms => "terms",
        Rung::Transformer => "transformer",
    };
    (mode, rung)
}
