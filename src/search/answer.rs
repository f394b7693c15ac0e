//! What is asked and what is answered: the same values in the browser, the terminal, the server and the tests.

use serde::{Deserialize, Serialize};

use crate::weights::Weights;

/// Which evidence ranks the chunks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Words only.
    Keyword,
    /// Meaning only.
    Semantic,
    /// Both; words alone where the site has no vectors.
    #[default]
    Hybrid,
}

/// A question to a library.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// What was typed.
    pub query: String,
    /// The query's vector from the encoder, where it is there: unit length, in the encoder's own dimensions. Without it
    /// the vectors of the query's terms stand in.
    pub vector: Option<Vec<f32>>,
    /// Which evidence to use.
    pub mode: Mode,
    /// How many hits to return; 0 means 10.
    pub limit: usize,
    /// Only this vendor.
    pub vendor: Option<String>,
    /// Only this product (its folder name, or `vendor/product`).
    pub product: Option<String>,
    /// Only these versions: a name (`v12.5`), a series (`12.x`), conditions (`>= 12.5, < 14`), or `all`; otherwise the
    /// newest version of each product.
    pub version: Option<String>,
    /// Only this document: its source, its address, or what its chunk ids begin with.
    pub document: Option<String>,
    /// Only these scopes, by their place in the boot file; `vendor`, `product` and `version` are then not looked at.
    pub scopes: Option<Vec<u32>>,
    /// Whether each hit says how its score came about.
    pub explain: bool,
    /// Ranks by other weights than those of the engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weights>,
}

impl Request {
    /// Whether it asks about one product, so that versions are what its hits differ in.
    pub(crate) fn names_product(&self) -> bool {
        self.product.as_deref().is_some_and(|product| !product.trim().is_empty())
    }
}

/// The rung of the query ladder that ranked an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rung {
    /// Words only.
    Keyword,
    /// Words, and the sum of their vectors.
    Terms,
    /// Words and the transformer's vector of the query.
    Transformer,
}

/// The answer to a [`Request`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The query as it was asked.
    pub query: String,
    /// The query that is answered instead, where a word of the one that was asked is in no page and probably mistyped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected: Option<String>,
    /// Whether the library probably answers the query. Where it does not, the hits are the nearest there are.
    pub answered: bool,
    /// How much of the query the best hits have.
    pub support: Support,
    /// What ranked it.
    pub rung: Rung,
    /// How many chunks matched a word of the query within the scope.
    pub matched: usize,
    /// How many of these stand in each product, in library order; where the request names a product, in each of its versions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Matched>,
    /// Ranked hits, best first.
    pub hits: Vec<Hit>,
    /// What a person should know about the answer, in sentences: for instance that no version is the one asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
    /// Parts of the index that did not arrive; the answer is right about the rest.
    pub missing: Vec<Missing>,
}

/// How much of a query the first hits have, each part at its best.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Support {
    /// Share of the idf of the query's words that one hit has, 0 to 1; a word that nobody wrote counts as the rarest.
    pub words: f32,
    /// How near the closest passage is, measured by how near any passage is; 0 without vectors, 1 and more where little is
    /// left between them.
    pub meaning: f32,
    /// Share of the query's words that any page of the library has, 0 to 1.
    pub known: f32,
}

/// A query of which the library has fewer of the words is probably in a language that it is not: German questions know .38 of
/// the words of English text on the median, and English questions about something else .75.
const MOSTLY_KNOWN: f32 = 0.5;

impl Support {
    /// What is said where nothing seems to answer a query.
    pub(crate) fn unanswered(self) -> &'static str {
        if self.known < MOSTLY_KNOWN {
            "Most of these words are in no page: it may be another language than that of the manuals. These are the nearest pages."
        } else {
            "Nothing here seems to answer this; these are the nearest pages."
        }
    }
}

/// One ranked chunk, as it stands in the newest version that was asked for and has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// `finesse::v12.5::developer-guide::developer-guide::112`.
    pub chunk_id: String,
    /// Permalink relative to the site's root: `finesse/v12.5/developer-guide/#page-128`.
    pub url: String,
    /// The section's heading, else "Page 128", else the document's title.
    pub title: String,
    /// Vendor, product, version, document, headings: outermost first.
    pub breadcrumb: Vec<String>,
    /// The document's title.
    pub document: String,
    /// The source file below the library root.
    pub source: String,
    /// Product folder.
    pub product: String,
    /// Version folder, or empty.
    pub version: String,
    /// Physical page, for paged documents.
    pub page: Option<u32>,
    /// The printed page number, where the document has one.
    pub page_label: Option<String>,
    /// Other versions in which the very same text stands, newest first, whether asked for or not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_in: Vec<Edition>,
    /// Further versions that say nearly the same under the same headings, newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nearly_in: Vec<String>,
    /// Between 0 and 1 within this answer; only the order means something.
    pub score: f32,
    /// What the hit is worth beside those of other libraries that were asked the same, between 0 and 3; in the order of
    /// the scores.
    pub worth: f32,
    /// The part of the chunk that answers best.
    pub snippet: String,
    /// Matches in `snippet`: half-open ranges counted in characters (Unicode scalar values).
    pub marks: Vec<(usize, usize)>,
    /// What this hit was found by, strongest first: `exact symbol`, `title`, `heading`, `words`, `code`, `meaning`.
    pub matched_by: Vec<&'static str>,
    /// How the score came about, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explain>,
}

/// Where a hit's text stands in another version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edition {
    /// Version folder.
    pub version: String,
    /// The chunk's id in that version.
    pub chunk_id: String,
    /// Permalink relative to the site's root.
    pub url: String,
    /// Physical page, for paged documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// How a score came about: a named factor and the parts it was made from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explain {
    /// What this number is.
    pub name: String,
    /// Its value.
    pub value: f32,
    /// What it was made from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Explain>,
}

/// How many chunks of one place matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matched {
    /// Product or version, as hits name it.
    pub name: String,
    /// Chunks that have a word of the query; one that stands in several versions counts in each.
    pub matched: usize,
}

/// A part of the index that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The file's path below the site's root.
    pub file: String,
    /// Why, for people.
    pub reason: String,
}
